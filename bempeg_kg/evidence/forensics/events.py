"""Events that the interval of a hazard ratio implies, against those that are reported.

The information about a log hazard ratio is at most a quarter of the events, so there are at least 4 / SE^2
of them (Schoenfeld, Biometrics 1983;39:499-503; Tierney et al., Trials 2007;8:16). Arms of unlike size,
strata and covariates need more, never fewer.
"""

from __future__ import annotations

from bempeg_kg.evidence.forensics import ratios
from bempeg_kg.evidence.forensics.about import shown, verdict_on
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence
from bempeg_kg.evidence.printed import read, usable_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Share of the events by which a Cox model may fall short of the bound, for its normal approximation.
_SLACK = 0.05
#: So many times the implied events are explained by arms of unlike size and by strata.
_MANY = 1.6


def examine_events(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on hazard ratios with an interval and a number of events, or of patients."""
    for contrast in evidence.wanted_contrasts():
        if contrast.measure == "hazard-ratio" and (contrast.events or contrast.total):
            yield from _examine(contrast)


def implied_events(lower: str, upper: str, level: float) -> tuple[float, float] | None:
    """Fewest events that an interval implies: over the range that its limits stand for; None without limits.

    >>> [round(one) for one in implied_events("0.62", "0.92", 95)]
    [369, 423]
    """
    low, high = read(lower), read(upper)
    if low is None or high is None or low.low <= 0 or low.value >= high.value:
        return None
    error = ratios.standard_error_range(low, high, level)
    return 4 / error.high**2, 4 / error.low**2 if error.low else float("inf")


def _examine(contrast: Contrast) -> Iterator[Verdict]:
    level = usable_level(contrast.level)
    if level is None or contrast.interval_sides == 1:
        return
    implied = implied_events(contrast.lower, contrast.upper, level)
    if implied is None:
        return
    fewest = implied[0] * (1 - _SLACK)
    rule = "events-from-interval"
    working = f"4/SE^2 is {implied[0]:.0f} to {implied[1]:.0f} events"
    if contrast.total is not None and contrast.total < fewest:
        inputs = f"{shown(contrast)}, {contrast.total} patients"
        why = f"{working}, more than there are patients"
        yield verdict_on(rule, INCONSISTENT, contrast, inputs, why)
        return
    if contrast.events is None:
        return
    inputs = f"{shown(contrast)}, {contrast.events} events"
    if contrast.total is not None and contrast.events > contrast.total:
        why = f"{contrast.events} events in {contrast.total} patients"
        yield verdict_on(rule, INCONSISTENT, contrast, inputs, why)
    elif contrast.events < fewest:
        why = f"{working}; the interval is too narrow for the events"
        yield verdict_on(rule, INCONSISTENT, contrast, inputs, why)
    elif contrast.events > _MANY * implied[1]:
        why = f"{working}; the interval is wide for the events"
        missing = "sizes of the arms, strata and covariates"
        yield verdict_on(rule, CANNOT_TELL, contrast, inputs, why, missing=missing)
    else:
        yield verdict_on(rule, CONSISTENT, contrast, inputs, working)
