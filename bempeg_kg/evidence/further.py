"""Statements that only the forensics look at: test statistics, and the dates of trials."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TestStatistic:
    """A test statistic as printed, with its degrees of freedom and its p-value."""

    iri: str
    label: str = ""
    #: t, f, chi2, r or z
    kind: str = ""
    printed: str = ""
    df: float | None = None
    df2: float | None = None
    p: str = ""
    #: sides of the p-value where the source states them, else None
    sides: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialDates:
    """The dates of a trial as printed (year, month or day), "" where there is none."""

    iri: str
    label: str = ""
    registered: str = ""
    start: str = ""
    primary_completion: str = ""
    completion: str = ""
    sources: tuple[str, ...] = ()
    basis: str = ""
