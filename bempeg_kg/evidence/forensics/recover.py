"""n and N worked back from what is printed: all solutions are listed, none is picked.

Two inversions: a percentage with its interval (exact or Wilson), and several percentages of two arms with the
p-value of one comparison. What comes out is derived and at best probable; it is never a reported fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from bempeg_kg.evidence.percent import bounds, counts_for
from bempeg_kg.evidence.printed import Printed
from bempeg_kg.evidence.stats.intervals import proportion_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

#: Interval methods that an inversion tries unless the source names its own.
INVERTED = ("Clopper-Pearson", "Wilson")
#: Tests of two proportions that `arm_sizes` tries; a source may have used another, such as a stratified one.
TESTS = ("Pearson chi-squared", "continuity-corrected chi-squared")
#: Distance of normal quantiles within which a stratified test may differ from an unstratified one.
TEST_SLACK = 0.05
#: Arms up to this size are given to Fisher's test.
_EXACT = 5000
#: Arms whose shares of the randomised differ by no more than this count as balanced.
BALANCED = 0.05


@dataclass(frozen=True, slots=True)
class Solution:
    """n of total whose percentage and interval, by the named method, print as given."""

    n: int
    total: int
    method: str

    def __str__(self) -> str:
        return f"{self.n}/{self.total} ({self.method})"


def from_interval(
    percentage: Printed,
    lower: Printed | None,
    upper: Printed | None,
    level: float,
    totals: Iterable[int],
    methods: Sequence[str] = INVERTED,
) -> list[Solution]:
    """Every n of N, for N among `totals`, whose percentage and limits print as given.

    >>> from bempeg_kg.evidence.printed import read
    >>> found = from_interval(read("23.0"), read("18.0"), read("28.7"), 95, range(1, 515))
    >>> [str(one) for one in found if one.total == 256]
    ['59/256 (Clopper-Pearson)']

    A limit that is not printed (None) does not narrow anything.
    """
    import numpy as np

    sizes = np.fromiter(totals, dtype=np.int64)
    first, last = bounds(percentage, sizes)
    many = (last - first + 1).clip(0)
    size = np.repeat(sizes, many)
    count = np.arange(len(size)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    solutions = []
    for method in methods:
        low, high = proportion_limits(count, size, level, method)
        fits = _fits(lower, 100 * low) & _fits(upper, 100 * high)
        solutions += [Solution(int(count[i]), int(size[i]), method) for i in np.flatnonzero(fits)]
    return solutions


def _fits(printed: Printed | None, values: Any) -> Any:
    import numpy as np

    if printed is None:
        return np.ones(len(values), dtype=bool)
    slack = 1e-9
    return (values >= float(printed.low) - slack) & (values <= float(printed.high) + slack)


def with_sum(
    first: Sequence[Solution], second: Sequence[Solution], total: int
) -> list[tuple[Solution, Solution]]:
    """Pairs of solutions by one method whose group sizes add up to a known total."""
    return [
        (one, other)
        for one, other in product(first, second)
        if one.total + other.total == total and one.method == other.method
    ]


@dataclass(frozen=True, slots=True)
class ArmSizes:
    """Counts and sizes of two arms that fit all their percentages, with the p-value of the compared pair.

    `distance` is that of the normal quantiles of the computed and the printed p, 0 if they print alike;
    `shares` are the sizes as fractions of the randomised.
    """

    first: tuple[int, int]
    second: tuple[int, int]
    test: str
    p: float
    distance: float
    shares: tuple[float, float]

    @property
    def imbalance(self) -> float:
        """How far the shares of the randomised differ between the arms."""
        return abs(self.shares[0] - self.shares[1])


def arm_sizes(
    first: Sequence[Printed],
    second: Sequence[Printed],
    p: Printed,
    largest: tuple[int, int],
    *,
    smallest: int = 10,
    slack: float = TEST_SLACK,
) -> list[ArmSizes]:
    """Arm sizes up to `largest` that give all percentages of both arms and a p-value near the printed one.

    The p-value is that of the first percentage of each arm. Sorted by balance of the arms (within 5 points of
    the randomised first), then by distance from the printed p-value.
    """
    import numpy as np

    arms = [_possible_arms(arm, top, smallest) for arm, top in zip((first, second), largest, strict=True)]
    if not all(arms):
        return []
    n1, size1 = (np.array(column)[:, None] for column in zip(*arms[0], strict=True))
    n2, size2 = (np.array(column)[None, :] for column in zip(*arms[1], strict=True))
    fitting = []
    for test, values in zip(TESTS, chi_squared(n1, size1, n2, size2), strict=True):
        distances = p_distance(values, p)
        for i, j in zip(*np.nonzero(distances <= slack), strict=True):
            shares = (arms[0][i][1] / largest[0], arms[1][j][1] / largest[1])
            fitting.append(
                ArmSizes(arms[0][i], arms[1][j], test, float(values[i, j]), float(distances[i, j]), shares)
            )
    return sorted(
        fitting, key=lambda sizes: (sizes.imbalance > BALANCED, sizes.distance, sizes.first, sizes.second)
    )


def _possible_arms(percentages: Sequence[Printed], largest: int, smallest: int) -> list[tuple[int, int]]:
    """(n, N) of the first percentage for sizes of which every percentage is possible."""
    return [
        (n, size)
        for size in range(smallest, largest + 1)
        if all(counts_for(percentage, size) for percentage in percentages)
        for n in counts_for(percentages[0], size)
    ]


def p_distance(values: Any, printed: Printed) -> Any:
    """Distance of p-values (an array or one) from a printed one, in normal quantiles; 0 if they print alike.

    >>> from bempeg_kg.evidence.printed import read
    >>> round(float(p_distance(0.0127, read("0.0311"))), 2), float(p_distance(0.03106, read("0.0311")))
    (0.34, 0.0)
    """
    import numpy as np
    from scipy.special import ndtri

    low = 0.0 if printed.bound == "<" else float(printed.value if printed.bound else printed.low)
    high = 1.0 if printed.bound == ">" else float(printed.value if printed.bound else printed.high)
    near = np.clip(values, low, high)
    return np.abs(ndtri(np.clip(values, 1e-300, 1) / 2) - ndtri(np.clip(near, 1e-300, 1) / 2))


def chi_squared(n1: Any, size1: Any, n2: Any, size2: Any) -> tuple[Any, Any]:
    """p-values of the chi-squared test of two proportions, without and with the continuity correction.

    >>> [round(float(p), 4) for p in chi_squared(80, 289, 104, 289)]
    [0.0321, 0.04]
    """
    import numpy as np
    from scipy.special import chdtrc

    pooled = (n1 + n2) / (size1 + size2)
    parts = 1 / size1 + 1 / size2
    variance = np.maximum(pooled * (1 - pooled) * parts, 1e-300)
    gap = np.abs(n1 / size1 - n2 / size2)
    less = np.maximum(gap - parts / 2, 0.0)
    return chdtrc(1, gap**2 / variance), chdtrc(1, less**2 / variance)


def fisher(n1: int, size1: int, n2: int, size2: int) -> float:
    """Two-sided p-value of Fisher's exact test: of all tables with these sums that are no likelier.

    Summed here, because scipy.stats takes 0.8 s to import and 12 ms a table.

    >>> round(fisher(3, 4, 1, 4), 4)
    0.4857
    """
    import numpy as np
    from scipy.special import gammaln

    both, least = n1 + n2, max(0, n1 + n2 - size2)
    count = np.arange(least, min(size1, both) + 1)
    cells = (count, size1 - count, both - count, size2 - both + count)
    # Sums of rows and columns are fixed, so only the four cells distinguish tables.
    logs = -sum(gammaln(cell + 1.0) for cell in cells)
    likely = np.exp(np.minimum(logs - logs[n1 - least], 700.0))
    return float(likely[likely <= 1 + 1e-7].sum() / likely.sum())


def p_values_of_counts(n1: int, size1: int, n2: int, size2: int) -> dict[str, float]:
    """Two-sided p-values of two proportions by the tests that papers use, by name.

    Pearson and with continuity correction (R's ``prop.test``), Fisher, and the z-test with unpooled variance
    (Wald), without and with the correction.

    >>> {name: round(p, 4) for name, p in p_values_of_counts(3, 4, 1, 4).items()}["Fisher"]
    0.4857
    """
    from scipy.special import ndtr

    pearson, corrected = (float(value) for value in chi_squared(n1, size1, n2, size2))
    p_values = {
        "Pearson": pearson,
        "with continuity correction": corrected,
    }
    # Of thousands of patients it is the corrected test to four decimals, and takes seconds.
    if max(size1, size2) <= _EXACT:
        p_values["Fisher"] = fisher(n1, size1, n2, size2)
    variance = sum(n * (size - n) / size**3 for n, size in ((n1, size1), (n2, size2)))
    gap, correction = abs(n1 / size1 - n2 / size2), (1 / size1 + 1 / size2) / 2
    if variance > 0:
        error = variance**0.5
        p_values["Wald"] = float(2 * ndtr(-gap / error))
        p_values["Wald with correction"] = float(2 * ndtr(-max(gap - correction, 0.0) / error))
    return p_values
