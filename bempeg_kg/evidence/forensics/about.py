"""What the rules about figures share: whether a percentage counts patients, and how a verdict is made."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.verdicts import Verdict
from bempeg_kg.evidence.records import Dossier, Figure

_NOT_COUNTS = {
    "kaplan-meier-rate": "a Kaplan-Meier rate is read off a curve and is no count of patients",
    "median-change": "a median change over patients is no count of patients",
    "median": "a median is no count of patients",
    "mean": "a mean is no count of patients",
}
_ADJUSTED = ("adjusted", "weighted", "standardised", "standardized", "imputed", "per lesion", "of lesions")


def why_no_count(figure: Figure, dossier: Dossier) -> str:
    """Why a percentage is no share of patients; "" if it is one."""
    if figure.statistic != "proportion":
        name = figure.statistic.replace("-", " ") or "statistic that is not named"
        return _NOT_COUNTS.get(figure.statistic, f"a {name} is no count of patients")
    counted = dossier.sets[figure.analysis_set].counted if figure.analysis_set in dossier.sets else ""
    if counted:
        return f"it counts {counted.lower()}, not patients"
    described = f"{figure.label} {figure.method} {figure.note}".lower()
    found = next((word for word in _ADJUSTED if word in described), "")
    return f"the source calls it {found}, so it need not be a count of patients" if found else ""


def figure_verdict(
    rule: str,
    verdict: str,
    figure: Figure,
    inputs: str,
    working: str,
    *,
    expected: str = "",
    missing: str = "",
) -> Verdict:
    """A verdict on a figure, with its sources and basis."""
    return Verdict(
        rule,
        verdict,
        figure.iri,
        figure.label,
        inputs,
        working,
        expected,
        missing,
        figure.sources,
        figure.basis,
    )
