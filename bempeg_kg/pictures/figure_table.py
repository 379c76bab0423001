"""How a declared figure reads its table: text with labels for terms, numbers where there are some."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from bempeg_kg.rdf.table import Table, Term

#: Rows that a figure of rows can show.
MOST = 100
_YES_NO = {"true": "yes", "false": "no"}
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


@dataclass(slots=True)
class Held:
    """A row of the answer as terms by column, and the places in the answer of all rows drawn alike."""

    terms: Mapping[str, Term]
    places: list[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with the columns of each role, the words of the declaration, and the shape to draw.

    Rows are kept where the columns of `only` hold one of its texts, and come in the `order` of their places.
    `most` rows are drawn.
    """

    table: Table
    roles: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    only: Mapping[str, Sequence[str]]
    title: str
    caveat: str
    shape: str
    order: Sequence[int] = ()
    most: int = MOST

    def rows(self) -> list[Held]:
        """The kept rows, those alike in the drawn columns only once."""
        seen: dict[tuple[str, ...], Held] = {}
        for row in self.kept():
            held = tuple(
                self._one(row.terms[column]) for columns in self.roles.values() for column in columns
            )
            seen.setdefault(held, Held(row.terms, [])).places.extend(row.places)
        return list(seen.values())

    def kept(self) -> Iterator[Held]:
        """Every row that `only` keeps."""
        for place in self.order or range(len(self.table.rows)):
            terms = dict(zip(self.table.columns, self.table.rows[place], strict=True))
            if all(self._one(terms[column]) in texts for column, texts in self.only.items()):
                yield Held(terms, [place])

    def text(self, row: Held, role: str) -> str:
        """What a role's columns hold, as text: labels of terms, joined by a comma; empty for nothing."""
        return ", ".join(filter(None, self.texts(row, role)))

    def texts(self, row: Held, role: str) -> list[str]:
        """What each column of a role holds, as text."""
        return [_worded(column, self._one(row.terms[column])) for column in self.roles.get(role, ())]

    def number(self, row: Held, role: str) -> float | None:
        """A role's number; None for nothing, and for what is no number.

        That of `<0.0001` is 0.0001, that of `36 %` is 36.
        """
        text = next(iter(self.texts(row, role)), "")
        try:
            value = float(text.lstrip("<>≤≥ ").rstrip("% "))
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def axis(self, role: str = "value") -> str:
        """What stands under the axis of a role: the unit, else the names of its columns."""
        unit = self.words.get("unit", "")
        return {"%": "percent"}.get(unit, unit) or ", ".join(map(column_words, self.roles[role]))

    def value_head(self) -> str:
        """What heads the values: the unit, else the name of their column."""
        return self.words.get("unit") or {"printed": "value"}.get(
            self.roles["value"][0], column_words(self.roles["value"][0])
        )

    def _one(self, term: Term) -> str:
        if term is None:
            return ""
        text = str(getattr(term, "value", term))
        if isinstance(term, NamedNode):
            label = self.table.label_of(text) if self.table.label_of else ""
            return label or text.rstrip("/").rpartition("/")[2].replace("-", " ")
        is_boolean = getattr(getattr(term, "datatype", None), "value", "") == _BOOLEAN
        return _YES_NO.get(text, text) if is_boolean else text


def _worded(column: str, text: str) -> str:
    """What a column holds, with what its number means where a label would not say it."""
    return f"{text} months of follow-up" if column == "followUp" and text else text


def column_words(name: str) -> str:
    """The name of a column as words.

    >>> column_words("hazardRatio"), column_words("public_by_then"), column_words("N")
    ('hazard ratio', 'public by then', 'N')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)
    return spaced.lower() if " " in spaced else spaced


def year_of(text: str) -> float | None:
    """A date as a number on an axis of years; of a month or a year alone its middle. None for no date.

    >>> year_of("2018-01-01"), year_of("2018"), round(year_of("2018-11"), 2), year_of("soon")
    (2018.0, 2018.5, 2018.87, None)
    """
    parts = text[:10].split("-")
    if len(parts[0]) != 4 or len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year = int(parts[0])
    if len(parts) == 1:
        return year + 0.5
    try:
        day = date(year, int(parts[1]), int(parts[2]) if len(parts) == 3 else 15)
    except ValueError:
        return None
    return year + (day - date(year, 1, 1)).days / 366


def left_out(
    reading: Reading, drawable: int, reason: str = "without a number to draw", *, bounded: bool = True
) -> list[str]:
    """Notes on rows that are not drawn: those that hold nothing to draw, and those beyond the most."""
    missing = len(reading.rows()) - drawable
    notes = [f"{_rows(missing)} not drawn ({reason}); in the table."] if missing > 0 else []
    if bounded and drawable > reading.most:
        notes.append(f"The first {reading.most} of {drawable} rows are drawn; the others are in the table.")
    return notes


def _rows(count: int) -> str:
    return f"{count} {'row is' if count == 1 else 'rows are'}"
