"""How a declared figure reads its table: text with labels for terms, numbers where there are some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bempeg_kg.rdf.table import Table

#: Rows that a figure of rows can show.
MOST = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with the columns of each role, the words of the declaration, and the shape to draw.

    Rows are kept where the columns of `only` hold its texts.
    """

    table: Table
    roles: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    only: Mapping[str, str]
    title: str
    caveat: str
    shape: str

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows as dictionaries of Python values, those alike in the drawn columns only once."""
        seen = set()
        for row in self.kept():
            held = tuple(str(row[column]) for columns in self.roles.values() for column in columns)
            if held not in seen:
                seen.add(held)
                yield row

    def kept(self) -> Iterator[dict[str, Any]]:
        """Every row that `only` keeps."""
        for row in self.table:
            if all(self._one(row[column]) == text for column, text in self.only.items()):
                yield row

    def text(self, row: Mapping[str, Any], role: str) -> str:
        """What a role's columns hold, as text: labels of terms, joined by a comma; empty for nothing."""
        texts = [self._one(row[column]) for column in self.roles.get(role, ()) if row[column] is not None]
        return ", ".join(text for text in texts if text)

    def number(self, row: Mapping[str, Any], role: str) -> float | None:
        """A role's number; None for nothing, and for what is no number."""
        columns = self.roles.get(role, ())
        try:
            return float(row[columns[0]]) if columns else None
        except (TypeError, ValueError):
            return None

    def axis(self, role: str = "value") -> str:
        """What stands under the axis of a role: the unit, else the names of its columns."""
        unit = self.words.get("unit", "")
        return {"%": "percent"}.get(unit, unit) or ", ".join(map(column_words, self.roles[role]))

    def _one(self, value: object) -> str:
        text = "" if value is None else str(value)
        if not text.startswith(("http://", "https://")):
            return text
        label = self.table.label_of(text) if self.table.label_of else ""
        return label or text.rstrip("/").rpartition("/")[2].replace("-", " ")


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


def left_out(count: int, reason: str = "without a number to draw") -> list[str]:
    """A note on rows that are not drawn."""
    if not count:
        return []
    return [f"{count} {'row is' if count == 1 else 'rows are'} not drawn ({reason}); in the table."]
