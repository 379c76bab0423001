"""How a declared figure reads its table: text with labels for terms, numbers where there are some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
        for row in self.table:
            if any(self._one(row[column]) != text for column, text in self.only.items()):
                continue
            held = tuple(str(row[column]) for columns in self.roles.values() for column in columns)
            if held not in seen:
                seen.add(held)
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
        return {"%": "percent"}.get(unit, unit) or ", ".join(self.roles[role])

    def _one(self, value: object) -> str:
        text = "" if value is None else str(value)
        if not text.startswith(("http://", "https://")):
            return text
        label = self.table.label_of(text) if self.table.label_of else ""
        return label or text.rstrip("/").rpartition("/")[2].replace("-", " ")


def left_out(count: int, reason: str = "without a number to draw") -> list[str]:
    """A note on rows that are not drawn."""
    if not count:
        return []
    return [f"{count} {'row is' if count == 1 else 'rows are'} not drawn ({reason}); in the table."]
