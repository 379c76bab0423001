"""Rules about the interval of a percentage: is it that of n of N, and which n and N would give it."""

from __future__ import annotations

from bempeg_kg.evidence import percent
from bempeg_kg.evidence.forensics.about import figure_verdict, why_no_count
from bempeg_kg.evidence.forensics.recover import INVERTED, Solution, from_interval, with_sum
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict
from bempeg_kg.evidence.printed import Printed, read
from bempeg_kg.evidence.records import Dossier, Figure
from bempeg_kg.evidence.stats.intervals import METHODS, proportion_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LISTED = 12
#: Largest group size tried where no size of the group or trial is known.
_NO_SIZE_KNOWN = 1000


def examine_interval(figure: Figure, dossier: Dossier) -> Iterator[Verdict]:
    """Verdicts on a share of patients that is printed with both limits."""
    printed, lower, upper = (read(text) for text in (figure.printed, figure.lower, figure.upper))
    if printed is None or lower is None or upper is None or why_no_count(figure, dossier):
        return
    inputs = f"{figure.printed} percent ({figure.lower} to {figure.upper})"
    if figure.level is None:
        yield figure_verdict(
            "interval-of-counts",
            CANNOT_TELL,
            figure,
            inputs,
            "an interval without its level says nothing",
            missing="the level of the interval",
        )
        return
    inputs += f" at {figure.level:g} percent"
    if figure.total is not None:
        yield _interval_of_counts(figure, printed, lower, upper, inputs)
    yield _solved(figure, dossier, inputs)


def _interval_of_counts(
    figure: Figure, printed: Printed, lower: Printed, upper: Printed, inputs: str
) -> Verdict:
    total = figure.total or 0
    given = figure.n is not None and not figure.n_derived
    counts = [figure.n] if given and figure.n is not None else list(percent.counts_for(printed, total))
    inputs += f", N = {total}"
    if not counts:
        return figure_verdict(
            "interval-of-counts",
            CANNOT_TELL,
            figure,
            inputs,
            "no whole number gives the percentage itself",
            missing="an N that the percentage fits",
        )
    level = figure.level or 95.0
    exact = [
        Solution(n, total, method)
        for n in counts
        for method in METHODS
        if all(
            limit.holds(100 * float(value))
            for limit, value in zip((lower, upper), proportion_limits(n, total, level, method), strict=True)
        )
    ]
    if exact:
        listed = "; ".join(str(one) for one in exact)
        return figure_verdict(
            "interval-of-counts", CONSISTENT, figure, inputs, f"it is that of {listed}", expected=listed
        )
    low, high = _envelope(counts, total, level)
    told = f"all methods together span {low[0]:.2f} to {low[1]:.2f} and {high[0]:.2f} to {high[1]:.2f}"
    inside = all(
        span[0] - 1e-9 <= float(limit.high) and float(limit.low) <= span[1] + 1e-9
        for limit, span in zip((lower, upper), (low, high), strict=True)
    )
    verdict, tail = (
        (CONSISTENT, "the printed limits lie in it") if inside else (INCONSISTENT, "they lie outside")
    )
    return figure_verdict(
        "interval-of-counts",
        verdict,
        figure,
        inputs,
        f"no single method gives it; {told}; {tail}",
        expected=f"{counts[0]}/{total}: {_clopper(counts[0], total, level)} (Clopper-Pearson)",
    )


def _clopper(n: int, total: int, level: float) -> str:
    low, high = proportion_limits(n, total, level, METHODS[0])
    return f"{100 * float(low):.1f} to {100 * float(high):.1f}"


def _envelope(counts: list[int], total: int, level: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Smallest and largest lower limit, and upper limit, over methods and counts, in percent."""
    made = [proportion_limits(n, total, level, method) for n in counts for method in METHODS]
    lows, highs = ([100 * float(pair[i]) for pair in made] for i in (0, 1))
    return (min(lows), max(lows)), (min(highs), max(highs))


def solutions_of(figure: Figure, dossier: Dossier) -> list[Solution]:
    """Every n of N, up to the size of the group, that prints like the figure's percentage and interval."""
    printed, lower, upper = (read(text) for text in (figure.printed, figure.lower, figure.upper))
    top = dossier.largest(figure) or figure.total or _NO_SIZE_KNOWN
    if printed is None or figure.level is None:
        return []
    methods = [figure.method] if figure.method in METHODS else list(INVERTED)
    return from_interval(printed, lower, upper, figure.level, range(1, top + 1), methods)


def _solved(figure: Figure, dossier: Dossier, inputs: str) -> Verdict:
    found = solutions_of(figure, dossier)
    top = dossier.largest(figure) or figure.total or _NO_SIZE_KNOWN
    rule = "counts-from-interval"
    if not found:
        return figure_verdict(
            rule,
            CANNOT_TELL,
            figure,
            inputs,
            f"no n of N up to {top} gives it by the exact or Wilson method",
            missing="the method of the interval",
        )
    working = f"N from 1 to {top} tried: {_listed(found)}"
    narrowed = list(_narrowed(figure, found, dossier))
    working += f"; {'; '.join(narrowed)}" if narrowed else ""
    if figure.total is not None:
        same = [one for one in found if one.total == figure.total]
        working += f"; N = {figure.total} is {'among them' if same else 'not among them'}"
    return figure_verdict(rule, CONSISTENT, figure, inputs, f"derived: {working}", expected=_listed(found))


def _listed(found: Iterable[object]) -> str:
    told = [str(one) for one in found]
    more = f" and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
    return ", ".join(told[:_LISTED]) + more


def _narrowed(figure: Figure, found: list[Solution], dossier: Dossier) -> Iterator[str]:
    """What a known sum with another group leaves of the solutions."""
    for other in dossier.figures.values():
        total = _sum_with(figure, other, dossier)
        if total is None:
            continue
        pairs = with_sum(found, solutions_of(other, dossier), total)
        told = _listed(f"{one.n}/{one.total} with {two.n}/{two.total}" for one, two in pairs) or "nothing"
        yield f"{total} patients in both groups leave {told}"


def _sum_with(figure: Figure, other: Figure, dossier: Dossier) -> int | None:
    """Size of a set that two disjoint groups with the same result make up, if one is known."""
    mine, theirs = dossier.sets.get(figure.analysis_set), dossier.sets.get(other.analysis_set)
    if other.iri == figure.iri or not (other.lower and other.upper) or mine is None or theirs is None:
        return None
    if (figure.endpoint, figure.dimensions) != (other.endpoint, other.dimensions):
        return None
    if theirs.iri not in mine.disjoint and mine.iri not in theirs.disjoint:
        return None
    both = [dossier.sets.get(iri) for iri in set(mine.subset_of) & set(theirs.subset_of)]
    arms = set(mine.arms) | set(theirs.arms)
    sizes = [one.size for one in both if one and one.size and one.arms and set(one.arms) == arms]
    return min(sizes, default=None)
