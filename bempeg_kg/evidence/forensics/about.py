"""What the rules share: whether a percentage counts patients, and how a verdict is made."""

from __future__ import annotations

import re

from bempeg_kg.evidence.forensics.verdicts import Verdict
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import usable_level

_NOT_COUNTS = {
    "kaplan-meier-rate": "a Kaplan-Meier rate is read off a curve and is not a count of patients",
    "median-change": "a median change over patients is not a count of patients",
    "median": "a median is not a count of patients",
    "mean": "a mean is not a count of patients",
}
_ADJUSTED = ("adjusted", "weighted", "standardised", "standardized", "imputed", "per lesion", "of lesions")
_OVER_TIME = re.compile(
    r"(?i)kaplan|\bk-?m\b|actuarial|life[- ]table|product[- ]limit|cumulative incidence|competing risk"
).search
_ESTIMATED = {
    "kaplanMeierEstimate": "the source estimates it over time (Kaplan-Meier)",
    "cumulativeIncidenceEstimate": "the source estimates it over time (cumulative incidence)",
}
#: Words that let a percentage that fits no count be an estimate, not an error.
_PERHAPS = (
    (
        re.compile(r"(?i)free(?:dom)?[- ](?:from|of)|[- ]free\b|surviv|probabilit|rate at|estimated").search,
        "its title speaks of a rate over time, which is often an estimate, not a count",
    ),
    (
        re.compile(r"(?i)^(?:mean |median |percent(?:age)? )?change (?:in|from)\b").search,
        "its title speaks of a change, not of patients",
    ),
)
_MODELLED = {
    "imputedEstimate": "the source imputes missing values, so it need not be a count",
    "modelEstimate": "the source estimates it with a model, so it need not be a count",
}
_MEASURED = re.compile(
    r"(?i)troponin|creatinine|ha?emoglobin|platelet|cholesterol|concentration|\blevels?\b|\btit(?:er|re)s?\b"
    r"|ejection fraction|volume|pressure"
).search
_COUNTED = re.compile(
    r"(?i)percent|proportion|number|participants?|patients?|subjects?|rate|incidence|response|with\b|who\b"
    r"|achiev|event|frequency|occurrence|prevalence"
).search
_OWN_COUNT = re.compile(r"(?i)\bn\s*=\s*(\d[\d,]*)").findall
_OWN_N = re.compile(
    r"(?i)(?:evaluable|available|analy[sz]ed|data|values?)[^.;]{0,60}"
    r"\b(?:for|at|of) (?:each|the given|a given|given|the specified|specified|respective|that)\b"
    r"|denominators? (?:var|differ|may)"
).search


def why_no_count(result: Result, evidence: Evidence) -> str:
    """Why a percentage is no share of patients; "" if it is one."""
    if result.statistic != "proportion":
        name = result.statistic.replace("-", " ") or "statistic that is not named"
        return _NOT_COUNTS.get(result.statistic, f"a {name} is not a count of patients")
    counted = evidence.sets[result.analysis_set].counted if result.analysis_set in evidence.sets else ""
    if counted:
        return f"it counts {counted.lower()}, not patients"
    for kind in result.estimated:
        if kind in _ESTIMATED:
            return _ESTIMATED[kind]
    described = f"{result.label} {result.method} {result.note}".lower()
    over_time = _OVER_TIME(described)
    if over_time:
        return f"the source calls it {over_time[0]}: an estimate over time, not a count"
    adjusted = next((word for word in _ADJUSTED if word in described), "")
    return f"the source calls it {adjusted}, so it need not be a count of patients" if adjusted else ""


def why_perhaps_no_count(result: Result, evidence: Evidence) -> str:
    """Why a percentage that fits no count need not be wrong, by its own words; "" if they say nothing."""
    for kind in result.estimated:
        if kind in _MODELLED:
            return _MODELLED[kind]
    for pattern, reason in _PERHAPS:
        if pattern(result.label) or pattern(result.method):
            return reason
    if _MEASURED(result.label) and not _COUNTED(result.label):
        return "its title names a measured quantity and no patients"
    printed = _OWN_COUNT(f"{result.class_title} {result.category}")
    if printed and str(result.total) not in [number.replace(",", "") for number in printed]:
        return "its title prints a number of patients of its own"
    analysis_set = evidence.sets.get(result.analysis_set)
    if (
        analysis_set
        and analysis_set.definition
        and _OWN_N(analysis_set.definition)
        and not evidence.own_total(result)
    ):
        return "the source says that the number of patients differs by row, and prints one for all"
    return ""


def verdict_on(
    rule: str,
    verdict: str,
    record: Result | Contrast,
    inputs: str,
    working: str,
    *,
    expected: str = "",
    missing: str = "",
) -> Verdict:
    """A verdict on a result or a comparison, with its sources and basis."""
    return Verdict(
        rule,
        verdict,
        record.iri,
        record.label,
        inputs,
        working,
        expected,
        missing,
        record.sources,
        record.basis,
    )


def shown(contrast: Contrast) -> str:
    """Estimate, limits and level of a comparison, as printed."""
    text = f"{contrast.printed or 'no estimate'} ({contrast.lower or '?'} to {contrast.upper or '?'})"
    return text + (
        f" at {contrast.level:g} percent" if contrast.level is not None else " at a level not given"
    )


def wrong_level(level: float | None) -> tuple[str, str] | None:
    """(working, what fits) for a level that is not a two-sided confidence level in percent, else None.

    >>> wrong_level(5.0), wrong_level(95.0)
    (('5 is not from 50 to below 100 percent', '95'), None)
    """
    if level is None or usable_level(level):
        return None
    fits = 100 * level if 0.5 <= level < 1 else 100 - level if 0 < level < 50 else None
    return f"{level:g} is not from 50 to below 100 percent", f"{fits:g}" if fits is not None else ""
