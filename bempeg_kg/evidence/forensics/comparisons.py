"""Rules about comparisons: ratio, interval and p; two counts and their p; arm sizes solved from all of it."""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.evidence.forensics import ratios
from bempeg_kg.evidence.forensics.about import why_no_count, wrong_level
from bempeg_kg.evidence.forensics.recover import (
    BALANCED,
    TESTS,
    ArmSizes,
    arm_sizes,
    chi_squared,
    fisher,
    p_distance,
)
from bempeg_kg.evidence.forensics.rules import judge_limits
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import RATIOS, Contrast, Evidence, Result
from bempeg_kg.evidence.printed import Printed, read
from bempeg_kg.evidence.stats.intervals import normal_quantile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_STRATIFIED = ("stratified", "cochran", "mantel", "cmh", "adjusted", "regression", "logistic", "cox")
#: Tests whose p-value an interval on the log scale does not give.
_OTHER_TESTS = ("fisher", "exact", "permutation", "wilcoxon", "gray")
_SHOWN = 3


def examine_contrasts(evidence: Evidence) -> Iterator[Verdict]:
    """Every verdict on comparisons."""
    for contrast in evidence.wanted_contrasts():
        wrong = wrong_level(contrast.level)
        if wrong:
            working, fits = wrong
            yield _verdict("level-of-interval", IMPOSSIBLE, contrast, _told(contrast), working, expected=fits)
            contrast = replace(contrast, level=None)
        yield from _limits(contrast)
        if contrast.measure in RATIOS:
            yield from _contrast(contrast)
        yield from _counts(contrast, evidence)


def _verdict(
    rule: str,
    verdict: str,
    contrast: Contrast,
    inputs: str,
    working: str,
    *,
    expected: str = "",
    missing: str = "",
) -> Verdict:
    return Verdict(
        rule,
        verdict,
        contrast.iri,
        contrast.label,
        inputs,
        working,
        expected,
        missing,
        contrast.sources,
        contrast.basis,
    )


def _told(contrast: Contrast) -> str:
    told = f"{contrast.printed or 'no estimate'} ({contrast.lower or '?'} to {contrast.upper or '?'})"
    return told + (
        f" at {contrast.level:g} percent" if contrast.level is not None else " at a level not given"
    )


def _limits(contrast: Contrast) -> Iterator[Verdict]:
    found = judge_limits(*(read(text) for text in (contrast.printed, contrast.lower, contrast.upper)))
    if found:
        yield _verdict("estimate-in-interval", found[0], contrast, _told(contrast), found[1])


def _contrast(contrast: Contrast) -> Iterator[Verdict]:
    estimate, lower, upper = (read(text) for text in (contrast.printed, contrast.lower, contrast.upper))
    if estimate is None or lower is None or upper is None:
        return
    if min(estimate.value, lower.value, upper.value) <= 0 or lower.low > upper.high:
        return
    if contrast.level is None:
        yield _verdict(
            "ratio-interval-p",
            CANNOT_TELL,
            contrast,
            _told(contrast),
            "an interval without its level says nothing",
            missing="the level of the interval",
        )
        return
    if contrast.measure == "hazard-ratio":
        yield _middle(contrast, estimate, lower, upper, contrast.level)
    p = read(contrast.p)
    if p is not None:
        yield _against_p(contrast, estimate, lower, upper, p, contrast.level)


def _why_p_is_unclear(contrast: Contrast, wald: ratios.Range, p: Printed) -> tuple[str, str] | None:
    """Why a p-value that does not fit need not be wrong, and what is missing to tell; else None."""
    if contrast.p_kind:
        return "what stands as p-value is of another kind", "a p-value"
    if contrast.hypothesis and "uperiority" not in contrast.hypothesis:
        return "the p-value is against a margin, not against no difference", "the margin of the test"
    if contrast.p_sides is None:
        for tail in ratios.one_sided_ranges(p):
            if wald.gap(tail) <= ratios.slack(tail):
                return "it fits a one-sided p-value", "whether the p-value is one-sided"
    return None


def _middle(contrast: Contrast, estimate: Printed, lower: Printed, upper: Printed, level: float) -> Verdict:
    from math import exp

    centre, own = ratios.centre_range(lower, upper), ratios.log_range(estimate)
    error = ratios.standard_error_range(lower, upper, level)
    off = centre.gap(own) / error.high
    working = f"the middle of the limits is {exp(centre.low):.3f} to {exp(centre.high):.3f}"
    if off == 0:
        return _verdict("ratio-in-the-middle", CONSISTENT, contrast, _told(contrast), working)
    working += f", off by {off:.2f} standard errors"
    verdict = CONSISTENT if off <= ratios.WALD_SLACK else INCONSISTENT
    return _verdict("ratio-in-the-middle", verdict, contrast, _told(contrast), working)


def _against_p(
    contrast: Contrast, estimate: Printed, lower: Printed, upper: Printed, p: Printed, level: float
) -> Verdict:
    error = ratios.standard_error_range(lower, upper, level)
    wald, wanted = ratios.wald_range(estimate, error), ratios.p_range(p, contrast.sides)
    gap = wald.gap(wanted)
    inputs = f"{_told(contrast)}, p {contrast.p}"
    working = (
        f"z({level:g}) = {normal_quantile(level):.3f}; standard error {error.show(4)}; |z| {wald.show(2)}, "
        f"that is p {_p_of(wald.high):.4f} to {_p_of(wald.low):.4f}; the printed p means |z| {wanted.show(2)}"
    )
    if gap == 0:
        return _verdict("ratio-interval-p", CONSISTENT, contrast, inputs, working)
    working += f"; apart by {gap:.2f}"
    if gap <= ratios.slack(wanted):
        working += ", no more than a Wald and a log-rank test may differ"
        return _verdict("ratio-interval-p", CONSISTENT, contrast, inputs, working)
    if any(word in contrast.method.lower() for word in _OTHER_TESTS):
        return _verdict(
            "ratio-interval-p",
            CANNOT_TELL,
            contrast,
            inputs,
            f"{working}; the p-value is that of another test ({contrast.method})",
            missing="what that test gives on the counts",
        )
    unclear = _why_p_is_unclear(contrast, wald, p)
    if unclear:
        why, missing = unclear
        return _verdict(
            "ratio-interval-p", CANNOT_TELL, contrast, inputs, f"{working}; {why}", missing=missing
        )
    fits = ", ".join(f"{one:g}" for one in ratios.levels_that_fit(estimate, lower, upper, p) if one != level)
    return _verdict(
        "ratio-interval-p",
        INCONSISTENT,
        contrast,
        inputs,
        working,
        expected=f"would fit an interval of {fits} percent" if fits else "",
    )


def _p_of(statistic: float) -> float:
    from scipy.special import ndtr

    return float(2 * ndtr(-statistic))


def _counts(contrast: Contrast, evidence: Evidence) -> Iterator[Verdict]:
    first, second = evidence.results.get(contrast.compared), evidence.results.get(contrast.reference)
    p = read(contrast.p)
    if first is None or second is None or p is None or not (first.is_share and second.is_share):
        return
    if why_no_count(first, evidence) or why_no_count(second, evidence):
        return
    if None in (first.total, second.total):
        yield from _solve(contrast, first, second, p, evidence)
    elif first.n is not None and second.n is not None:
        yield _two_counts(contrast, first, second, p)


def _two_counts(contrast: Contrast, first: Result, second: Result, p: Printed) -> Verdict:
    counts = (first.n or 0, first.total or 0, second.n or 0, second.total or 0)
    inputs = f"{counts[0]}/{counts[1]} against {counts[2]}/{counts[3]}, p {contrast.p}"
    pearson, corrected = (float(value) for value in chi_squared(*counts))
    tested = {"Pearson": pearson, "with continuity correction": corrected}
    if min(float(p_distance(value, p)) for value in tested.values()) > 0:
        tested["Fisher"] = fisher(*counts)
    working = ", ".join(f"{name} p {value:.4f}" for name, value in tested.items())
    near = min(float(p_distance(value, p)) for value in tested.values())
    if near <= ratios.slack(ratios.p_range(p)):
        return _verdict("p-of-two-counts", CONSISTENT, contrast, inputs, working)
    if any(word in contrast.method.lower() for word in _STRATIFIED):
        return _verdict(
            "p-of-two-counts",
            CANNOT_TELL,
            contrast,
            inputs,
            f"{working}; the source used {contrast.method}",
            missing="the strata of the test",
        )
    return _verdict(
        "p-of-two-counts", INCONSISTENT, contrast, inputs, f"{working}; apart by {near:.2f} in |z|"
    )


def _solve(
    contrast: Contrast, first: Result, second: Result, p: Printed, evidence: Evidence
) -> Iterator[Verdict]:
    arms = [_percentages(first, second, evidence), _percentages(second, first, evidence)]
    largest = [evidence.largest(result) for result in (first, second)]
    inputs = f"{_listed(arms[0])} percent against {_listed(arms[1])} percent, p {contrast.p}"
    rule = "arm-sizes-from-percentages"
    if largest[0] is None or largest[1] is None:
        yield _verdict(
            rule, CANNOT_TELL, contrast, inputs, "no size of the arms is known", missing="arm sizes"
        )
        return
    tops = (largest[0], largest[1])
    found = arm_sizes(arms[0], arms[1], p, tops)
    full = chi_squared(*_whole(arms[0][0], tops[0]), *_whole(arms[1][0], tops[1]))[0]
    working = f"with all {tops[0]} against {tops[1]} it would be p {float(full):.4f}; {_found(found)}"
    yield _verdict(
        rule,
        CANNOT_TELL,
        contrast,
        inputs,
        working,
        expected=_best(found),
        missing="the sizes of the arms behind the percentages, and the test",
    )


def _percentages(result: Result, other: Result, evidence: Evidence) -> list[Printed]:
    """The result's percentage, then those that its analysis set and the other one both have."""
    both = _shares(result, evidence).keys() & _shares(other, evidence).keys()
    more = [text for key, text in sorted(_shares(result, evidence).items()) if key in both]
    return [printed for printed in map(read, [result.printed, *more]) if printed is not None]


def _shares(result: Result, evidence: Evidence) -> dict[tuple[object, ...], str]:
    """Further shares of patients in a result's analysis set, by what they measure."""
    return {
        (one.endpoint, one.dimensions): one.printed
        for one in evidence.results.values()
        if one.is_share and one.analysis_set == result.analysis_set and one.endpoint != result.endpoint
    }


def _listed(printed: list[Printed]) -> str:
    return " and ".join(one.text for one in printed)


def _whole(printed: Printed, total: int) -> tuple[float, int]:
    return float(printed.value) * total / 100, total


def _found(found: list[ArmSizes]) -> str:
    if not found:
        return "no arm sizes fit"
    balanced = [one for one in found if one.imbalance <= BALANCED]
    sizes = [one.first[1] for one in balanced], [one.second[1] for one in balanced]
    told = f"{len(found)} pairs of n/N fit every percentage and give nearly this p by an unstratified test"
    if not balanced:
        return told
    return (
        f"{told}, {len(balanced)} of them with like shares of the randomised (within 5 points): "
        f"{min(sizes[0])} to {max(sizes[0])} against {min(sizes[1])} to {max(sizes[1])} patients"
    )


def _best(found: list[ArmSizes]) -> str:
    """The pairs with the most alike shares of the randomised, then the nearest p. Derived, never a fact."""
    told = []
    for test in TESTS:
        likely = sorted(
            (one for one in found if one.test == test),
            key=lambda one: (round(one.imbalance, 2), one.distance),
        )[:_SHOWN]
        if likely:
            pairs = "; ".join(f"{_pair(one)}, p {one.p:.4f}" for one in likely)
            told.append(f"by the {test} test {pairs}")
    return f"derived, probably such as {'; '.join(told)}" if told else ""


def _pair(one: ArmSizes) -> str:
    return f"{one.first[0]}/{one.first[1]} against {one.second[0]}/{one.second[1]}"
