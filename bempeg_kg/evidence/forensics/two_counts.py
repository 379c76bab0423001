"""Rules about two counts that are compared: the p-value, the ratio or the difference that they give."""

from __future__ import annotations

from math import log
from typing import NamedTuple

from bempeg_kg.evidence.forensics import ratios
from bempeg_kg.evidence.forensics.about import verdict_on, why_no_count
from bempeg_kg.evidence.forensics.arm_sizes import solve_arm_sizes
from bempeg_kg.evidence.forensics.p_values import (
    CHI_SQUARED,
    EXACT,
    MULTIPLICITY,
    NOT_STATED,
    POSTERIOR,
    against_margin,
    kind_of_test,
    usable_p,
)
from bempeg_kg.evidence.forensics.recover import p_distance, p_values_of_counts
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.percent import counts_for
from bempeg_kg.evidence.printed import Printed, read, show
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Kinds of test that two counts alone can give.
_OF_COUNTS = (CHI_SQUARED, EXACT, NOT_STATED)
_MEASURES = {
    "odds-ratio": "odds ratio",
    "relative-risk": "risk ratio",
    "risk-ratio": "risk ratio",
    "risk-difference": "risk difference",
}
#: How far the log of a ratio may be from that of the counts where the method is not stated.
_LOG_SLACK = 0.1
#: The same for a difference, in points of percent.
_POINTS_SLACK = 0.5


class Counts(NamedTuple):
    """n of N of the compared and the reference group."""

    n1: int
    size1: int
    n2: int
    size2: int

    def __str__(self) -> str:
        return f"{self.n1}/{self.size1} against {self.n2}/{self.size2}"

    def estimate(self, measure: str) -> float | None:
        """The odds ratio, risk ratio or risk difference (in points of percent); None if there is none.

        >>> Counts(15, 50, 25, 50).estimate("risk ratio"), Counts(0, 5, 1, 5).estimate("odds ratio")
        (0.6, None)
        """
        if measure == "risk difference":
            return 100 * (self.n1 / self.size1 - self.n2 / self.size2)
        if measure == "odds ratio":
            top, bottom = self.n1 * (self.size2 - self.n2), self.n2 * (self.size1 - self.n1)
        else:
            top, bottom = self.n1 * self.size2, self.n2 * self.size1
        return top / bottom if top and bottom else None


def examine_counts(contrast: Contrast, evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on the p-value and the estimate of two shares or counts of patients."""
    first, second = evidence.results.get(contrast.compared), evidence.results.get(contrast.reference)
    if first is None or second is None or contrast.groups > 2:
        return
    if not all(one.is_count or (one.is_share and not why_no_count(one, evidence)) for one in (first, second)):
        return
    p = usable_p(contrast)
    if None in (first.total, second.total):
        if p is not None and first.is_share and second.is_share:
            yield from solve_arm_sizes(contrast, first, second, p, evidence)
        return
    counts = _counts(first, second)
    if counts is None:
        return
    if p is not None and contrast.measure != "hazard-ratio":
        yield _p_of_counts(contrast, counts, p)
    if contrast.measure in _MEASURES:
        yield from _estimate(contrast, counts)


def p_fits_counts(contrast: Contrast, evidence: Evidence) -> tuple[str, str] | None:
    """(why, what is missing) if the p-value is that of the two counts by some test; else None."""
    first, second = evidence.results.get(contrast.compared), evidence.results.get(contrast.reference)
    p = usable_p(contrast)
    counts = _counts(first, second) if first and second and contrast.groups <= 2 else None
    if counts is None or p is None:
        return None
    for name, value in p_values_of_counts(*counts).items():
        if float(p_distance(value, p)) <= ratios.WALD_SLACK:
            return f"the p-value is that of the counts {counts} by another test ({name})", "the same test"
    return None


def _counts(first: Result, second: Result) -> Counts | None:
    counts: list[int] = []
    for result in (first, second):
        n, total, printed = result.n, result.total or 0, read(result.printed)
        if n is None and printed is not None:
            fitting = counts_for(printed, total)
            n = fitting[0] if len(fitting) == 1 else None
        if n is None or not 0 <= n <= total or not total:
            return None
        counts += (n, total)
    return Counts(*counts)


def _p_of_counts(contrast: Contrast, counts: Counts, p: Printed) -> Verdict:
    rule, inputs = "p-of-two-counts", f"{counts}, {with_p(contrast.p)}"
    tested = p_values_of_counts(*counts)
    kind = kind_of_test(contrast)
    distances = {name: float(p_distance(value, p)) for name, value in tested.items()}
    working = ", ".join(f"{name} p {value:.4f}" for name, value in tested.items())
    near = min(distances.values())
    if near <= ratios.slack(ratios.p_range(p)):
        fitting = ", ".join(name for name, far in distances.items() if far == near)
        return verdict_on(rule, CONSISTENT, contrast, inputs, f"{working}; nearest: {fitting}")
    if contrast.p_sides != 2:
        halves = [value for whole in tested.values() for value in (whole / 2, 1 - whole / 2)]
        if min(float(p_distance(value, p)) for value in halves) <= ratios.WALD_SLACK:
            verdict = CONSISTENT if contrast.p_sides == 1 else CANNOT_TELL
            missing = "" if contrast.p_sides == 1 else "whether the p-value is one-sided"
            why = f"{working}; it fits a one-sided p-value"
            return verdict_on(rule, verdict, contrast, inputs, why, missing=missing)
    missing = _what_is_missing(contrast, kind)
    if missing:
        named = contrast.method or kind or "another hypothesis"
        why = f"{working}; the source used {named}"
        return verdict_on(rule, CANNOT_TELL, contrast, inputs, why, missing=missing)
    return verdict_on(rule, INCONSISTENT, contrast, inputs, f"{working}; apart by {near:.2f} in |z|")


def _what_is_missing(contrast: Contrast, kind: str) -> str:
    """What is needed to compute a p-value that two counts do not give; "" if they must give it."""
    if against_margin(contrast):
        return "the margin of the test"
    if kind == POSTERIOR:
        return "a p-value"
    if kind == MULTIPLICITY:
        return "the p-value without the adjustment"
    if kind not in _OF_COUNTS:
        return "the strata or covariates of the test"
    if contrast.trial_endpoint and kind == NOT_STATED:
        return "the test"
    return ""


def _estimate(contrast: Contrast, counts: Counts) -> Iterator[Verdict]:
    rule, measure = "estimate-from-counts", _MEASURES[contrast.measure]
    printed, exact = read(contrast.printed), counts.estimate(measure)
    if printed is None or printed.bound or exact is None:
        return
    inputs = f"{counts}, {measure} {contrast.printed}"
    decimals = max(printed.decimals, 1) + 1
    working = f"the counts give {exact:.{decimals}f}"
    if _fits(printed, exact, measure):
        yield verdict_on(rule, CONSISTENT, contrast, inputs, working)
        return
    turned = -exact if measure == "risk difference" else 1 / exact
    if _fits(printed, turned, measure):
        working += f", and {turned:.{decimals}f} the other way round"
        yield verdict_on(rule, CONSISTENT, contrast, inputs, working)
        return
    kind = kind_of_test(contrast)
    adjusted = kind not in (CHI_SQUARED, NOT_STATED) or (contrast.trial_endpoint and kind == NOT_STATED)
    if adjusted or _is_near(printed, exact, measure):
        missing = "the method of the estimate, which may be adjusted or stratified"
        yield verdict_on(rule, CANNOT_TELL, contrast, inputs, working, missing=missing)
        return
    other = next(
        (
            name
            for name in ("risk ratio", "odds ratio")
            if name != measure
            and (value := counts.estimate(name)) is not None
            and _fits(printed, value, name)
        ),
        "",
    )
    fits = f"it is the {other}" if other else show(exact, printed.decimals)
    yield verdict_on(rule, INCONSISTENT, contrast, inputs, working, expected=fits)


def _fits(printed: Printed, value: float, measure: str) -> bool:
    # A difference stands in points of percent or as a fraction.
    return printed.holds(value) or (measure == "risk difference" and printed.holds(value / 100))


def _is_near(printed: Printed, value: float, measure: str) -> bool:
    number = float(printed.value)
    if measure == "risk difference":
        return abs(number - value) <= _POINTS_SLACK
    return number > 0 and abs(log(number / value)) <= _LOG_SLACK
