"""Rules about a survival curve: it never rises, its median is where it crosses a half, and what a ratio says.

The Kaplan-Meier estimate is a product of factors of at most one (Kaplan and Meier, JASA 1958;53:457-481), and
its median is the first time at which it is at most a half.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import Printed, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {"d": 12 / 365.25, "w": 7 * 12 / 365.25, "m": 1.0, "y": 12.0}
_UNIT = r"d(?:ays?)?|w(?:eeks?|ks?)?|m(?:onths?|os?)?|y(?:ears?|rs?)?"
_TIME = re.compile(
    rf"(?i)(?:\b({_UNIT})\s*)?\b(\d+(?:\.\d+)?)(?!\.?\d)(?:\s*-?\s*({_UNIT})\b|(?!\s*-?\s*[a-z]))"
).search
#: Curves that rise: what is counted is those with the event.
_RISES = re.compile(r"(?i)incidence|mortality|death|relapse rate|event rate|failure").search
#: A ratio of medians this many times outside the interval of the hazard ratio is reported.
_FAR = log(1.5)

Curve = tuple[str, ...]


def examine_curves(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on Kaplan-Meier rates of one curve, on its median, and on medians beside a hazard ratio."""
    rates: dict[Curve, list[tuple[float, Printed, Result]]] = {}
    medians: dict[Curve, tuple[Printed, Result]] = {}
    for result in evidence.wanted_results():
        printed = read(result.printed)
        if printed is None or printed.bound:
            continue
        if result.statistic == "kaplan-meier-rate" and not _RISES(result.label):
            time = months(dict(result.dimensions))
            if time is not None:
                rates.setdefault(_curve(result), []).append((time, printed, result))
        elif result.statistic == "kaplan-meier-median":
            medians.setdefault(_curve(result), (printed, result))
    for curve, points in rates.items():
        points.sort(key=lambda point: (point[0], point[2].iri))
        yield from _rises(points)
        if curve in medians:
            yield from _against_median(points, *medians[curve])
    for contrast in evidence.wanted_contrasts():
        yield from _medians_and_ratio(contrast, medians)


def _curve(result: Result) -> Curve:
    return (
        result.trial,
        result.group,
        result.analysis_set,
        result.endpoint,
        result.assessor,
        result.data_cut,
    )


def months(dimensions: dict[str, str]) -> float | None:
    """The time point of a rate in months; a number without a unit counts as months.

    None for a unit that is not of days, weeks, months or years.

    >>> months({"timePoint": "2 years"}), months({"timePointMonths": "6"}), months({"timePoint": "24 hours"})
    (24.0, 6.0, None)
    >>> months({"timePoint": "Year 2"}), months({"timePoint": "at 12 months of follow-up"})
    (24.0, 12.0)
    """
    match = _TIME(dimensions.get("timePointMonths") or dimensions.get("timePoint", ""))
    if match is None:
        return None
    unit = match[3] or match[1] or "m"
    return float(match[2]) * _MONTHS[unit[0].lower()]


def _rises(points: list[tuple[float, Printed, Result]]) -> Iterator[Verdict]:
    for (earlier, first, _), (later, second, result) in pairwise(points):
        if earlier == later:
            continue
        inputs = f"{first.text} percent at {earlier:g} months, {second.text} percent at {later:g} months"
        if second.low > first.high:
            why = "a Kaplan-Meier curve never rises"
            yield verdict_on("curve-never-rises", IMPOSSIBLE, result, inputs, why)
        else:
            yield verdict_on("curve-never-rises", CONSISTENT, result, inputs, "the curve does not rise")


def _against_median(
    points: list[tuple[float, Printed, Result]], median: Printed, of: Result
) -> Iterator[Verdict]:
    for time, rate, result in points:
        inputs = f"{rate.text} percent at {time:g} months, median {median.text}"
        wrong = ""
        if time < median.low and rate.high < 50:
            wrong = "before the median at least half are without the event"
        elif time > median.high and rate.low > 50:
            wrong = "after the median at most half are without the event"
        verdict = INCONSISTENT if wrong else CONSISTENT
        working = wrong or "the rate is on the side of a half that the median says"
        if of.unit in ("", "month", "months"):
            yield verdict_on("median-and-rate", verdict, result, inputs, working)


def _medians_and_ratio(contrast: Contrast, medians: dict[Curve, tuple[Printed, Result]]) -> Iterator[Verdict]:
    lower, upper = read(contrast.lower), read(contrast.upper)
    if contrast.measure != "hazard-ratio" or lower is None or upper is None or lower.value <= 0:
        return
    group_medians = [
        next(
            (
                printed
                for printed, one in medians.values()
                if (one.trial, one.endpoint, one.group) == (contrast.trial, contrast.endpoint, group)
            ),
            None,
        )
        for group in (contrast.compared_group, contrast.reference_group)
    ]
    if (
        group_medians[0] is None
        or group_medians[1] is None
        or min(group_median.value for group_median in group_medians if group_median) <= 0
    ):
        return
    implied = float(group_medians[1].value / group_medians[0].value)
    inputs = f"medians {group_medians[0].text} and {group_medians[1].text}, hazard ratio {contrast.printed}"
    working = f"the medians alone would be a ratio of {implied:.2f}"
    low, high = log(float(lower.value)) - _FAR, log(float(upper.value)) + _FAR
    if low <= log(implied) <= high:
        yield verdict_on("medians-and-ratio", CONSISTENT, contrast, inputs, working)
    else:
        working += f", far from {contrast.lower} to {contrast.upper}; hazards need not be proportional"
        missing = "the curves"
        yield verdict_on("medians-and-ratio", CANNOT_TELL, contrast, inputs, working, missing=missing)
