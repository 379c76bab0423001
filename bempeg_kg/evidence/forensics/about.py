"""What the rules about results share: whether a percentage counts patients, and how a verdict is made."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.verdicts import Verdict
from bempeg_kg.evidence.model import Evidence, Result

_NOT_COUNTS = {
    "kaplan-meier-rate": "a Kaplan-Meier rate is read off a curve and is no count of patients",
    "median-change": "a median change over patients is no count of patients",
    "median": "a median is no count of patients",
    "mean": "a mean is no count of patients",
}
_ADJUSTED = ("adjusted", "weighted", "standardised", "standardized", "imputed", "per lesion", "of lesions")


def why_no_count(result: Result, evidence: Evidence) -> str:
    """Why a percentage is no share of patients; "" if it is one."""
    if result.statistic != "proportion":
        name = result.statistic.replace("-", " ") or "statistic that is not named"
        return _NOT_COUNTS.get(result.statistic, f"a {name} is no count of patients")
    counted = evidence.sets[result.analysis_set].counted if result.analysis_set in evidence.sets else ""
    if counted:
        return f"it counts {counted.lower()}, not patients"
    described = f"{result.label} {result.method} {result.note}".lower()
    found = next((word for word in _ADJUSTED if word in described), "")
    return f"the source calls it {found}, so it need not be a count of patients" if found else ""


def result_verdict(
    rule: str,
    verdict: str,
    result: Result,
    inputs: str,
    working: str,
    *,
    expected: str = "",
    missing: str = "",
) -> Verdict:
    """A verdict on a result, with its sources and basis."""
    return Verdict(
        rule,
        verdict,
        result.iri,
        result.label,
        inputs,
        working,
        expected,
        missing,
        result.sources,
        result.basis,
    )


def wrong_level(level: float | None) -> tuple[str, str] | None:
    """(working, what fits) for a level that is not a two-sided confidence level in percent, else None.

    >>> wrong_level(5.0), wrong_level(95.0)
    (('5 is not from 50 to below 100 percent', '95'), None)
    """
    if level is None or 50 <= level < 100:
        return None
    fits = 100 * level if 0.5 <= level < 1 else 100 - level if 0 < level < 50 else None
    return f"{level:g} is not from 50 to below 100 percent", f"{fits:g}" if fits is not None else ""
