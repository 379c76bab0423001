"""Rows with a number above or below that of a sentence: "more than 24 months"."""

from __future__ import annotations

import operator
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Words before a number -> what a row's number has to be.
_HOW: dict[str, Callable[[float, float], bool]] = {
    **dict.fromkeys(("more than", "longer than", "later than", "over"), operator.gt),
    **dict.fromkeys(("less than", "fewer than", "shorter than", "earlier than", "under"), operator.lt),
    "at least": operator.ge,
    **dict.fromkeys(("at most", "up to", "within"), operator.le),
}
_COMPARED = re.compile(
    rf"(?i)\b(?P<how>{'|'.join(_HOW)}) (?P<number>\d+(?:\.\d+)?) (?P<unit>days?|weeks?|months?|years?)\b"
)


def compared(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], text: str
) -> tuple[Sequence[tuple[object, ...]], str, str]:
    """The rows that a sentence's comparison of a duration keeps, its number, and its words.

    A column has to have the name of the unit; without one no row is kept. All rows where nothing is compared.

    >>> compared([(30,), (24,), (None,)], ["months"], "results more than 24 months after completion")
    ([(30,)], '24', 'more than 24 months')
    >>> compared([(30,)], ["n"], "followed for at least 2 years")
    ([], '2', 'at least 2 years')
    """
    found = _COMPARED.search(text)
    if not found:
        return rows, "", ""
    holds, unit = _HOW[found["how"].lower()], found["unit"].lower().removesuffix("s") + "s"
    at = columns.index(unit) if unit in columns else None
    values = [None if at is None else getattr(row[at], "value", row[at]) for row in rows]
    kept = [
        row
        for row, value in zip(rows, values, strict=True)
        if value is not None and holds(float(str(value)), float(found["number"]))
    ]
    return kept, found["number"], found[0]
