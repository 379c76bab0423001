"""What a table on a page is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bempeg_kg.rdf.units import without_p

NUMBER = re.compile(r"[<>≤≥]?\s?[+-]?\d[\d.,]*(?:\s?%)?")
FACETS = frozenset(("trial", "endpoint", "basis", "source and basis", "verdict", "branch", "kind", "type"))
"""Columns that a reader picks rows by."""
DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, where it leads, and how it is set; ``parts`` are the cells that it lists."""

    text: str
    href: str = ""
    title: str = ""
    outside: bool = False
    numeric: bool = False
    basis: str = ""
    parts: tuple[Cell, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether it is a date, which must not break over lines."""
        return DATE.fullmatch(self.text) is not None


@dataclass(slots=True)
class Grid:
    """A table ready for a template; ``numeric`` says which columns hold numbers, ``pinned`` which one stays
    in sight while the others scroll, ``more`` which ones are hidden behind a control.
    """

    columns: list[str]
    rows: list[list[Cell]]
    numeric: list[bool] = field(default_factory=list)
    caption: str = ""
    reason: str = ""
    total: int = 0
    pinned: int = -1
    more: list[bool] = field(default_factory=list)
    #: the column whose cell heads the card of a row on a narrow screen; -1 for none
    value: int = -1
    #: where all rows stand, if the table lists the first of them alone
    rest: list[Cell] = field(default_factory=list)
    #: for each row the address of the statement that it shows, and what forensics says of its numbers
    statements: list[str] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """How many columns the control hides."""
        return sum(self.more)

    @property
    def facets(self) -> list[int]:
        """Columns by which a reader narrows the rows: trial, endpoint, group, basis and the like."""
        return [at for at, name in enumerate(self.columns) if name in FACETS]


def is_number(text: str) -> bool:
    """Whether a text is a number alone, with a sign or a percent sign at most."""
    return NUMBER.fullmatch(text) is not None


def p_value(printed: str) -> str:
    """A p-value as its source prints it, with the one sign that belongs to it, and never broken over lines.

    >>> [p_value(one).replace("\\N{NO-BREAK SPACE}", " ") for one in ("0.3988", "P<0.001", "")]
    ['p = 0.3988', 'p < 0.001', '']
    """
    printed = without_p(printed.strip())
    signed = re.fullmatch(r"([<>≤≥])\s*(.+)", printed)
    if signed:
        return f"p\N{NO-BREAK SPACE}{signed[1]}\N{NO-BREAK SPACE}{signed[2]}"
    return f"p\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{printed}" if printed else ""
