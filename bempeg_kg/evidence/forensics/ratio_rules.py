"""Rules about a ratio: is it in the middle of its limits, and does its interval give its p-value."""

from __future__ import annotations

from math import exp, log

from bempeg_kg.evidence.forensics import ratios
from bempeg_kg.evidence.forensics.about import shown, verdict_on
from bempeg_kg.evidence.forensics.p_values import (
    CHI_SQUARED,
    EXACT,
    MULTIPLICITY,
    NOT_STATED,
    POSTERIOR,
    RANK,
    STRATIFIED,
    against_margin,
    kind_of_test,
    usable_p,
)
from bempeg_kg.evidence.forensics.two_counts import p_fits_counts
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence
from bempeg_kg.evidence.printed import Printed, read
from bempeg_kg.evidence.stats.intervals import normal_quantile
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = "ratio-interval-p"
#: How far, in |z| or that share of it, the p-value of another test may be from that of the interval before
#: it is called inconsistent; up to there the verdict is "cannot tell".
_ANOTHER = 0.6
_OTHER_TEST = {EXACT: _ANOTHER, STRATIFIED: _ANOTHER, MULTIPLICITY: float("inf"), POSTERIOR: float("inf"),
               RANK: 0.3, CHI_SQUARED: _ANOTHER}  # fmt: skip
#: Standard error of a log odds ratio above which the tests of a 2 x 2 table differ widely.
_FEW = 0.7
#: How near a p-value must be to a one-sided one, in |z| or that share of it, where nothing says that it is.
_TAIL_SLACK = 0.01
_WHY = {
    EXACT: "the p-value is that of an exact test, the interval is not",
    STRATIFIED: "the p-value is that of a stratified test, the interval need not be",
    MULTIPLICITY: "the p-value is adjusted for several comparisons, the interval need not be",
    POSTERIOR: "what stands as p-value is a posterior probability",
    RANK: "the p-value is that of a test on ranks or scores, the interval is not",
    CHI_SQUARED: "the p-value is that of a chi-squared test, the interval need not be",
    NOT_STATED: "the test of the p-value is not stated, and may be another than that of the interval",
}
_MISSING = {
    MULTIPLICITY: "the p-value without the adjustment",
    POSTERIOR: "a p-value",
    STRATIFIED: "the strata of the test",
    NOT_STATED: "the test of the p-value",
}


def examine_ratio(contrast: Contrast, evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on a ratio that is printed with both limits."""
    estimate, lower, upper = (read(text) for text in (contrast.printed, contrast.lower, contrast.upper))
    if estimate is None or lower is None or upper is None or lower.low > upper.high:
        return
    if estimate.bound or lower.bound or upper.bound:
        return
    if contrast.level is None:
        yield verdict_on(
            _RULE,
            CANNOT_TELL,
            contrast,
            shown(contrast),
            "an interval without its level says nothing",
            missing="the level of the interval",
        )
        return
    if min(estimate.value, lower.value, upper.value) <= 0:
        if usable_p(contrast):
            yield verdict_on(
                _RULE,
                CANNOT_TELL,
                contrast,
                f"{shown(contrast)}, {with_p(contrast.p)}",
                "a ratio or a limit of 0 has no logarithm",
                missing="the counts behind the ratio",
            )
        return
    if contrast.measure == "hazard-ratio" and contrast.interval_sides != 1:
        yield _middle(contrast, estimate, lower, upper, contrast.level)
    p = usable_p(contrast)
    if p is not None:
        yield _Against(contrast, estimate, lower, upper, p, contrast.level).verdict(evidence)


def _off_centre(estimate: Printed, lower: Printed, upper: Printed, level: float) -> float:
    """How far an estimate is from the middle of its limits, on the log scale, in standard errors."""
    error = ratios.standard_error_range(lower, upper, level).high
    gap = ratios.centre_range(lower, upper).gap(ratios.log_range(estimate))
    return gap / error if error else 0.0


def _middle(contrast: Contrast, estimate: Printed, lower: Printed, upper: Printed, level: float) -> Verdict:
    centre = ratios.centre_range(lower, upper)
    off = _off_centre(estimate, lower, upper, level)
    working = f"the middle of the limits is {exp(centre.low):.3f} to {exp(centre.high):.3f}"
    if off == 0:
        return verdict_on("ratio-in-the-middle", CONSISTENT, contrast, shown(contrast), working)
    working += f", off by {off:.2f} standard errors"
    verdict = CONSISTENT if off <= ratios.CENTRE_SLACK else INCONSISTENT
    return verdict_on("ratio-in-the-middle", verdict, contrast, shown(contrast), working)


class _Against:
    """A ratio with its interval against its p-value."""

    def __init__(
        self, contrast: Contrast, estimate: Printed, lower: Printed, upper: Printed, p: Printed, level: float
    ) -> None:
        self.contrast, self.estimate, self.lower, self.upper, self.p = contrast, estimate, lower, upper, p
        self.error = ratios.standard_error_range(lower, upper, level)
        self.wald = ratios.wald_range(estimate, lower, upper, level)
        self.off_centre = _off_centre(estimate, lower, upper, level)
        self.level = level
        self.kind = kind_of_test(contrast)
        if contrast.sides == 1:
            self.wanted = min(ratios.one_sided_ranges(p), key=self.wald.gap)
        else:
            self.wanted = ratios.p_range(p)

    def verdict(self, evidence: Evidence) -> Verdict:
        """Whether the two agree, and if not, whether that need be an error."""
        inputs = f"{shown(self.contrast)}, {with_p(self.contrast.p)}"
        working, gap = self._working(), self.wald.gap(self.wanted)
        if self.kind == POSTERIOR:
            return self._cannot_tell(inputs, working, _WHY[POSTERIOR], _MISSING[POSTERIOR])
        if gap == 0:
            return verdict_on(_RULE, CONSISTENT, self.contrast, inputs, working)
        working += f"; apart by {gap:.2f}"
        if gap <= self._slack(self.wanted):
            working += ", no more than a Wald and a log-rank test may differ"
            return verdict_on(_RULE, CONSISTENT, self.contrast, inputs, working)
        unclear = p_fits_counts(self.contrast, evidence) or self._why_unclear(gap)
        if unclear and self._fits_loosely():
            working += "; it fits if the estimate need not be the middle of its limits"
            return verdict_on(_RULE, CONSISTENT, self.contrast, inputs, working)
        if unclear:
            return self._cannot_tell(inputs, working, *unclear, self._levels())
        return verdict_on(
            _RULE,
            INCONSISTENT,
            self.contrast,
            inputs,
            working + self._repeated(evidence),
            expected=self._levels(),
        )

    def _fits_loosely(self) -> bool:
        loose = ratios.loose_wald_range(self.estimate, self.error)
        return loose.gap(self.wanted) <= self._slack(self.wanted)

    def _working(self) -> str:
        return (
            f"z({self.level:g}) = {normal_quantile(self.level):.3f}; standard error {self.error.show(4)}; "
            f"|z| {self.wald.show(2)}, that is p {ratios.p_of(self.wald.high):.4f} to "
            f"{ratios.p_of(self.wald.low):.4f}; the printed p means |z| {self.wanted.show(2)}"
        )

    def _cannot_tell(self, inputs: str, working: str, why: str, missing: str, expected: str = "") -> Verdict:
        return verdict_on(
            _RULE,
            CANNOT_TELL,
            self.contrast,
            inputs,
            f"{working}; {why}",
            expected=expected,
            missing=missing,
        )

    def _slack(self, statistic: ratios.Range) -> float:
        if self.contrast.measure != "hazard-ratio":
            return ratios.slack(statistic)
        part = {RANK: 1.0, NOT_STATED: 0.5}.get(self.kind, 0.0)
        return ratios.slack(statistic, log(float(self.estimate.value)), part)

    def _why_unclear(self, gap: float) -> tuple[str, str] | None:
        """Why a p-value that does not fit need not be wrong, and what is missing to tell; else None."""
        contrast = self.contrast
        if contrast.p_kind and contrast.p_kind not in ("exactP", "logRankP"):
            return "what stands as p-value is of another kind", "a p-value"
        if against_margin(contrast):
            return "the p-value is against a margin, not against no difference", "the margin of the test"
        if contrast.p_sides is None:
            for tail, side in zip(ratios.one_sided_ranges(self.p), ("", " in the other tail"), strict=True):
                near = ratios.third_order(tail, log(float(self.estimate.value)))
                if self.wald.gap(tail) <= _TAIL_SLACK * max(1.0, tail.low) + near:
                    return f"it fits a one-sided p-value{side}", "whether the p-value is one-sided"
        if contrast.interval_sides == 1:
            return "the interval is one-sided", "the two-sided level of its limits"
        if self.off_centre > ratios.CENTRE_SLACK and contrast.measure != "hazard-ratio":
            return (
                f"the interval is not symmetric on the log scale (off by {self.off_centre:.2f} standard "
                "errors), so it is that of another method",
                "the method of the interval",
            )
        return self._other_test(gap)

    def _other_test(self, gap: float) -> tuple[str, str] | None:
        kind, is_hazard = self.kind, self.contrast.measure == "hazard-ratio"
        allowed = _OTHER_TEST.get(kind, 0.0)
        if kind == NOT_STATED and not is_hazard:
            allowed = _ANOTHER
        if self.error.low > _FEW and not is_hazard and gap <= _ANOTHER:
            return (
                f"with so few events (4/SE^2 is {4 / self.error.low**2:.0f}) tests differ by as much",
                "the counts behind the ratio",
            )
        if not allowed:
            return None
        # Tests differ by more where effects are large and counts small.
        allowed *= max(1.0, min(self.wald.high, self.wanted.low) / 2.4)
        if not is_hazard:
            allowed += _ANOTHER * max(0.0, self.error.low - 0.4)
        if gap > allowed:
            return None
        named = f" ({self.contrast.method})" if self.contrast.method else ""
        return _WHY[kind] + named, _MISSING.get(kind, "what that test gives on the counts")

    def _repeated(self, evidence: Evidence) -> str:
        """What several comparisons with one exact p-value look like."""
        same = [
            contrast
            for contrast in evidence.contrasts.values()
            if contrast.trial == self.contrast.trial and contrast.p == self.contrast.p
        ]
        if len(same) < 3 or self.p.bound or self.p.decimals < 3:
            return ""
        return f"; the same p stands at {len(same)} comparisons of this trial, as an adjusted one may"

    def _levels(self) -> str:
        fitting = ", ".join(
            f"{usual_level:g}"
            for usual_level in ratios.USUAL_LEVELS
            if usual_level != self.level
            and ratios.wald_range(self.estimate, self.lower, self.upper, usual_level).gap(self.wanted)
            <= self._slack(self.wanted)
        )
        return f"would fit an interval of {fitting} percent" if fitting else ""
