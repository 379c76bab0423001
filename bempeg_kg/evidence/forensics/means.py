"""Rules about means of whole numbers: GRIM, GRIMMER and DEBIT.

GRIM: a mean of N whole numbers is a whole number over N (Brown and Heathers, Social Psychological and
Personality Science 2017;8:363-369). GRIMMER: so is the sum of squares behind the SD, and it is even or odd
as the sum is (Anaya, PeerJ Preprints 2016;4:e2400v1; Allard 2018). DEBIT: the SD of zeros and ones follows
from their mean (Heathers and Brown 2019).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, sqrt

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.verdicts import CONSISTENT, IMPOSSIBLE, Verdict
from bempeg_kg.evidence.model import Evidence, Result
from bempeg_kg.evidence.printed import Printed, read, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


_MANY = 1000


def examine_means(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on means whose data are stated to be whole numbers, or zeros and ones."""
    for result in evidence.wanted_results():
        mean, spread = read(result.printed), read(result.spread)
        if result.statistic != "mean" or not result.data or not result.total or mean is None or mean.bound:
            continue
        whole = result.data in ("whole", "integer", "integers", "whole numbers")
        binary = result.data in ("binary", "0/1", "0 and 1")
        if whole or binary:
            yield _grim(result, mean, result.total)
        if spread is None or result.total < 2:
            continue
        if binary:
            yield _debit(result, mean, spread, result.total)
        elif whole and sums_for(mean, result.total, result.items):
            yield _grimmer(result, mean, spread, result.total)


def sums_for(mean: Printed, total: int, items: int = 1) -> range:
    """Whole sums of `total` patients, each the mean of `items` whole numbers, that print as this mean.

    >>> list(sums_for(read("4.74"), 25)), list(sums_for(read("2.68"), 28))
    ([], [75])
    """
    size = total * items
    return range(ceil(mean.low * size), floor(mean.high * size) + 1)


def _grim(result: Result, mean: Printed, total: int) -> Verdict:
    rule, inputs = "mean-of-whole-numbers", f"mean {mean.text}, N = {total}"
    if result.items > 1:
        inputs += f", {result.items} items"
    size, sums = total * result.items, sums_for(mean, total, result.items)
    if sums:
        return verdict_on(rule, CONSISTENT, result, inputs, f"{sums[0]}/{size} gives {mean.text}")
    below = floor(mean.value * size)
    near = " and ".join(
        f"{one}/{size} = {show(Fraction(one, size), mean.decimals)}" for one in (below, below + 1)
    )
    return verdict_on(rule, IMPOSSIBLE, result, inputs, f"{near}; no whole number between")


def squares_for(mean: Printed, spread: Printed, total: int, items: int = 1) -> tuple[int, int] | None:
    """A (sum, sum of squares) of whole numbers that prints as this mean and SD; None if there is none.

    The SD divides by N - 1.

    >>> squares_for(read("3.44"), read("2.47"), 18), squares_for(read("3.44"), read("2.48"), 18)
    (None, (62, 318))
    """
    low, high = max(spread.low, Fraction(0)) * items, spread.high * items
    for item_sum in sums_for(mean, total, items)[:_MANY]:
        centre = Fraction(item_sum * item_sum, total)
        first = max(ceil((total - 1) * low**2 + centre), ceil(centre))
        # A sum of squares is even or odd as the sum is.
        first += (first - item_sum) % 2
        if first <= (total - 1) * high**2 + centre:
            return item_sum, first
    return None


def _grimmer(result: Result, mean: Printed, spread: Printed, total: int) -> Verdict:
    rule, inputs = "sd-of-whole-numbers", f"mean {mean.text}, SD {spread.text}, N = {total}"
    sums = squares_for(mean, spread, total, result.items)
    if sums:
        working = f"a sum of {sums[0]} and a sum of squares of {sums[1]} give both"
        return verdict_on(rule, CONSISTENT, result, inputs, working)
    listed = sums_for(mean, total, result.items)
    working = (
        f"no sum of squares goes with a sum of {', '.join(map(str, list(listed)[:3]))} and gives this SD"
    )
    return verdict_on(rule, IMPOSSIBLE, result, inputs, working)


def _debit(result: Result, mean: Printed, spread: Printed, total: int) -> Verdict:
    rule, inputs = "sd-of-zeros-and-ones", f"mean {mean.text}, SD {spread.text}, N = {total}"
    sums = sums_for(mean, total)
    # The SD rises up to a half and falls from there, so of many counts the ends and the half are enough.
    some = sums if len(sums) <= _MANY else (sums[0], sums[-1], *(one for one in (total // 2,) if one in sums))
    possible = [one for one in some if 0 <= one <= total]
    spreads = [sqrt(one * (total - one) / (total * (total - 1))) for one in possible]
    if not spreads:
        return verdict_on(rule, IMPOSSIBLE, result, inputs, "no count of ones gives the mean itself")
    working = f"zeros and ones of this mean have an SD of {min(spreads):.4f} to {max(spreads):.4f}"
    fits = float(spread.low) <= max(spreads) + 1e-9 and min(spreads) - 1e-9 <= float(spread.high)
    return verdict_on(rule, CONSISTENT if fits else IMPOSSIBLE, result, inputs, working)
