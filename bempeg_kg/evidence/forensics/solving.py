"""Rules about the interval of a percentage: is it that of n of N, and which n and N would give it."""

from __future__ import annotations

from bempeg_kg.evidence import percent
from bempeg_kg.evidence.forensics.about import verdict_on, why_no_count
from bempeg_kg.evidence.forensics.interval_methods import ALL_METHODS, limits_by
from bempeg_kg.evidence.forensics.recover import INVERTED, Solution, from_interval, with_sum
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Evidence, Result
from bempeg_kg.evidence.printed import Printed, read
from bempeg_kg.evidence.stats.intervals import METHODS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LISTED = 12
_MANY = 50
#: Largest group size tried where no size of the group or trial is known.
_NO_SIZE_KNOWN = 1000
#: Largest group size tried at all: in larger groups nearly every percentage is possible.
_LARGEST = 20_000


def examine_interval(result: Result, evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on a share of patients that is printed with both limits."""
    printed, lower, upper = (read(text) for text in (result.printed, result.lower, result.upper))
    if printed is None or lower is None or upper is None or why_no_count(result, evidence):
        return
    inputs = f"{result.printed} percent ({result.lower} to {result.upper})"
    if result.level is None:
        yield verdict_on(
            "interval-of-counts",
            CANNOT_TELL,
            result,
            inputs,
            "an interval without its level says nothing",
            missing="the level of the interval",
        )
        return
    inputs += f" at {result.level:g} percent"
    if result.total is not None:
        yield _interval_of_counts(result, printed, lower, upper, inputs)
    yield _solved(result, evidence, inputs)


def _interval_of_counts(
    result: Result, printed: Printed, lower: Printed, upper: Printed, inputs: str
) -> Verdict:
    total = result.total or 0
    given = result.n is not None and not result.n_derived
    fitting = percent.counts_for(printed, total)
    # Of many counts the ends are enough: limits rise with the count.
    ends = list(fitting) if len(fitting) <= _MANY else [fitting[0], fitting[len(fitting) // 2], fitting[-1]]
    counts = [result.n] if given and result.n is not None else ends
    inputs += f", N = {total}"
    if not counts:
        return verdict_on(
            "interval-of-counts",
            CANNOT_TELL,
            result,
            inputs,
            "no whole number gives the percentage itself",
            missing="an N that the percentage fits",
        )
    level = result.level or 95.0
    exact = _methods_that_give(counts, total, level, lower, upper)
    if exact:
        listed = "; ".join(str(one) for one in exact)
        return verdict_on(
            "interval-of-counts", CONSISTENT, result, inputs, f"it is that of {listed}", expected=listed
        )
    inside, nearest = _within_all(counts, total, level, lower, upper)
    return verdict_on(
        "interval-of-counts",
        CONSISTENT if inside else INCONSISTENT,
        result,
        inputs,
        f"no single method gives it; {nearest}",
        expected=f"{counts[0]}/{total}: {_clopper(counts[0], total, level)} (Clopper-Pearson)",
    )


def _methods_that_give(
    counts: list[int], total: int, level: float, lower: Printed, upper: Printed
) -> list[Solution]:
    """Each count with each method that print both limits."""
    return [
        Solution(n, total, method)
        for n in counts
        for method in ALL_METHODS
        if all(
            limit.holds(100 * float(value))
            for limit, value in zip((lower, upper), limits_by(n, total, level, method), strict=True)
        )
    ]


def _within_all(
    counts: list[int], total: int, level: float, lower: Printed, upper: Printed
) -> tuple[bool, str]:
    """(whether both limits lie in what all methods together span, the span in words)."""
    low, high = _envelope(counts, total, level)
    span = f"all methods together span {low[0]:.2f} to {low[1]:.2f} and {high[0]:.2f} to {high[1]:.2f}"
    inside = all(
        ends[0] - 1e-9 <= float(limit.high) and float(limit.low) <= ends[1] + 1e-9
        for limit, ends in zip((lower, upper), (low, high), strict=True)
    )
    return inside, f"{span}; {'the printed limits lie in it' if inside else 'they lie outside'}"


def _clopper(n: int, total: int, level: float) -> str:
    low, high = limits_by(n, total, level, METHODS[0])
    return f"{100 * float(low):.1f} to {100 * float(high):.1f}"


def _envelope(counts: list[int], total: int, level: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Smallest and largest lower limit, and upper limit, over methods and counts, in percent."""
    limits = [limits_by(n, total, level, method) for n in counts for method in ALL_METHODS]
    lows, highs = ([100 * float(pair[i]) for pair in limits] for i in (0, 1))
    return (min(lows), max(lows)), (min(highs), max(highs))


def _largest(result: Result, evidence: Evidence) -> int:
    return min(evidence.largest(result) or result.total or _NO_SIZE_KNOWN, _LARGEST)


def solutions_of(result: Result, evidence: Evidence) -> list[Solution]:
    """Every n of N, up to the size of the group, that prints like the result's percentage and interval."""
    printed, lower, upper = (read(text) for text in (result.printed, result.lower, result.upper))
    top = _largest(result, evidence)
    if printed is None or result.level is None:
        return []
    methods = [result.method] if result.method in METHODS else list(INVERTED)
    return from_interval(printed, lower, upper, result.level, range(1, top + 1), methods)


def _solved(result: Result, evidence: Evidence, inputs: str) -> Verdict:
    solutions = solutions_of(result, evidence)
    top = _largest(result, evidence)
    rule = "counts-from-interval"
    if not solutions:
        return verdict_on(
            rule,
            CANNOT_TELL,
            result,
            inputs,
            f"no n of N up to {top} gives it by the exact or Wilson method",
            missing="the method of the interval",
        )
    working = f"N from 1 to {top} tried: {_listed(solutions)}"
    narrowed = list(_narrowed(result, solutions, evidence))
    working += f"; {'; '.join(narrowed)}" if narrowed else ""
    if result.total is not None:
        same = [solution for solution in solutions if solution.total == result.total]
        working += f"; N = {result.total} is {'among them' if same else 'not among them'}"
    return verdict_on(rule, CONSISTENT, result, inputs, f"derived: {working}", expected=_listed(solutions))


def _listed(items: Iterable[object]) -> str:
    texts = [str(one) for one in items]
    more = f" and {len(texts) - _LISTED} more" if len(texts) > _LISTED else ""
    return ", ".join(texts[:_LISTED]) + more


def _narrowed(result: Result, solutions: list[Solution], evidence: Evidence) -> Iterator[str]:
    """What a known sum with another group leaves of the solutions."""
    for other in evidence.rows_of(result):
        total = _sum_with(result, other, evidence)
        if total is None:
            continue
        pairs = with_sum(solutions, solutions_of(other, evidence), total)
        left = _listed(f"{one.n}/{one.total} with {two.n}/{two.total}" for one, two in pairs) or "nothing"
        yield f"{total} patients in both groups leave {left}"


def _sum_with(result: Result, other: Result, evidence: Evidence) -> int | None:
    """Size of a set that two disjoint groups with the same result make up, if one is known."""
    mine, theirs = evidence.sets.get(result.analysis_set), evidence.sets.get(other.analysis_set)
    if other.iri == result.iri or not (other.lower and other.upper) or mine is None or theirs is None:
        return None
    if (result.endpoint, result.dimensions) != (other.endpoint, other.dimensions):
        return None
    if theirs.iri not in mine.disjoint and mine.iri not in theirs.disjoint:
        return None
    both = [evidence.sets.get(iri) for iri in set(mine.subset_of) & set(theirs.subset_of)]
    arms = set(mine.arms) | set(theirs.arms)
    sizes = [one.size for one in both if one and one.size and one.arms and set(one.arms) == arms]
    return min(sizes, default=None)
