"""Rules about comparisons: limits, ratio and interval against p, counts against what is computed of them."""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.evidence.forensics.about import shown, verdict_on, wrong_level
from bempeg_kg.evidence.forensics.p_values import examine_p_value
from bempeg_kg.evidence.forensics.ratio_rules import examine_ratio
from bempeg_kg.evidence.forensics.rules import judge_limits
from bempeg_kg.evidence.forensics.two_counts import examine_counts
from bempeg_kg.evidence.forensics.verdicts import CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import RATIOS, Contrast, Evidence
from bempeg_kg.evidence.printed import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def examine_contrasts(evidence: Evidence) -> Iterator[Verdict]:
    """Every verdict on comparisons."""
    for contrast in evidence.wanted_contrasts():
        wrong = wrong_level(contrast.level)
        if wrong:
            working, fits = wrong
            yield verdict_on(
                "level-of-interval", IMPOSSIBLE, contrast, shown(contrast), working, expected=fits
            )
            contrast = replace(contrast, level=None)
        yield from _limits(contrast)
        yield from examine_p_value(contrast)
        if contrast.measure in RATIOS:
            yield from examine_ratio(contrast, evidence)
        yield from examine_counts(contrast, evidence)


def _limits(contrast: Contrast) -> Iterator[Verdict]:
    estimate, lower, upper = (read(text) for text in (contrast.printed, contrast.lower, contrast.upper))
    judged = judge_limits(estimate, lower, upper)
    # A limit that is not read may be the one that it is not within.
    unread = any(text and read(text) is None for text in (contrast.lower, contrast.upper))
    if not judged or (unread and judged[0] == CONSISTENT):
        return
    verdict, working = judged
    compared = contrast.measure in RATIOS or contrast.measure.endswith("-difference")
    if verdict == CONSISTENT and compared and estimate and lower and upper and lower.value < upper.value:
        same = next(
            (name for name, one in (("lower", lower), ("upper", upper)) if one.value == estimate.value), ""
        )
        # Coarse rounding can make a limit print like its estimate; a fine one cannot.
        coarse = 4 * (estimate.half_unit + (lower if same == "lower" else upper).half_unit)
        if same and upper.value - lower.value > coarse and estimate.value:
            verdict, working = INCONSISTENT, f"the {same} limit equals its estimate {estimate.text}"
    yield verdict_on("estimate-in-interval", verdict, contrast, shown(contrast), working)
