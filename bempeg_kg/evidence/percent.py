"""Which whole numbers of patients give a printed percentage. Exact arithmetic, no floating point.

The rule: a percentage is rounded to the nearest last place, and a tie may go either way. Nothing that some
rounding of this kind gives is ever called impossible. Truncation is a separate verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from bempeg_kg.evidence.printed import Printed, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest count below or above a printed percentage, with what it would be printed as."""

    n: int
    total: int
    printed: str

    def __str__(self) -> str:
        return f"{self.n}/{self.total} = {self.printed}"


def counts_for(printed: Printed, total: int) -> range:
    """Whole numbers n for which 100 n / total is printed like this; empty if there is none.

    >>> from bempeg_kg.evidence.printed import read
    >>> list(counts_for(read("27.7"), 391)), list(counts_for(read("36.0"), 392))
    ([], [141])
    """
    first, last = bounds(printed, total)
    return range(first, last + 1)


def bounds(printed: Printed, total: Any) -> tuple[Any, Any]:
    """First and last n of `counts_for`, for one total or a whole array of them; no n where first > last."""
    scale = 200 * 10**printed.decimals
    first = -(-(2 * printed.units - 1) * total // scale)
    last = (2 * printed.units + 1) * total // scale
    if isinstance(total, int):
        return max(first, 0), min(last, total)
    return first.clip(0), last.clip(None, total)


def cut_off_counts_for(printed: Printed, total: int) -> range:
    """Whole numbers n for which the percentage is printed like this if decimals are cut off, not rounded."""
    scale = 100 * 10**printed.decimals
    first, beyond = -(-printed.units * total // scale), -(-(printed.units + 1) * total // scale)
    return range(max(first, 0), min(beyond, total + 1))


def twice_rounded_counts_for(printed: Printed, total: int) -> list[int]:
    """Counts that print like this if one more decimal is rounded first, then this one, ties upwards.

    >>> from bempeg_kg.evidence.printed import read
    >>> twice_rounded_counts_for(read("3.9"), 26)
    [1]
    """
    unit = Fraction(1, 10**printed.decimals)
    near = (floor(printed.value * total / 100) + step for step in (0, 1))
    return [
        n
        for n in near
        if 0 <= n <= total and _half_up(_half_up(Fraction(100 * n, total), unit / 10), unit) == printed.value
    ]


def _half_up(value: Fraction, unit: Fraction) -> Fraction:
    return floor(value / unit + Fraction(1, 2)) * unit


def neighbours(printed: Printed, total: int) -> list[Neighbour]:
    """The counts just below and just above a percentage, at its own decimals.

    >>> from bempeg_kg.evidence.printed import read
    >>> [str(one) for one in neighbours(read("27.7"), 391)]
    ['108/391 = 27.6', '109/391 = 27.9']
    """
    exact = printed.value * total / 100
    counts = sorted({min(max(floor(exact), 0), total), min(max(ceil(exact), 0), total)})
    return [Neighbour(n, total, show(Fraction(100 * n, total), printed.decimals)) for n in counts]


def always_possible(printed: Printed, total: int) -> bool:
    """Whether the group is so large that every percentage of these decimals is possible."""
    return Fraction(100, total) <= 2 * printed.half_unit


def totals_for(printed: Printed, totals: Iterable[int]) -> list[int]:
    """Those group sizes of which some whole number gives the printed percentage."""
    return [total for total in totals if counts_for(printed, total)]
