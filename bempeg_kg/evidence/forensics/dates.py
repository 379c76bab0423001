"""Rules about dates: a trial ends after it began, is registered before, and has results after its start.

Registration before the first patient is what the ICMJE asks for (De Angelis et al., New England Journal of
Medicine 2004;351:1250-1251).
"""

from __future__ import annotations

import re

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, Verdict
from bempeg_kg.evidence.further import TrialDates
from bempeg_kg.evidence.model import Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?").match


def examine_dates(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on the dates of trials, and on the dates of results beside them."""
    for iri in sorted(evidence.trials):
        if evidence.wants(iri):
            yield from _of_trial(evidence.trials[iri])
    for result in evidence.wanted_results():
        trial = evidence.trials.get(result.trial)
        for name, day in (("data cut", result.data_cut), ("first public", result.first_public)):
            if trial and day and trial.start and is_before(day, trial.start):
                inputs = f"{name} {day}, start {trial.start}"
                why = "no result is older than its trial"
                yield verdict_on("dates-in-order", IMPOSSIBLE, result, inputs, why)


def is_before(one: str, other: str) -> bool:
    """Whether a date is before another whatever the days are that their precision leaves open.

    >>> is_before("2018-06", "2018-06-20"), is_before("2017", "2018-01-01"), is_before("", "2018")
    (False, True, False)
    """
    first, second = _DATE(one), _DATE(other)
    if not first or not second:
        return False
    known = [(a, b) for a, b in zip(first.groups(), second.groups(), strict=True) if a and b]
    return [a for a, _ in known] < [b for _, b in known]


def _of_trial(trial: TrialDates) -> Iterator[Verdict]:
    pairs = (
        ("start", trial.start, "completion", trial.completion),
        ("start", trial.start, "primary completion", trial.primary_completion),
        ("primary completion", trial.primary_completion, "completion", trial.completion),
    )
    for first, first_date, second, second_date in pairs:
        if first_date and second_date:
            inputs = f"{first} {first_date}, {second} {second_date}"
            wrong = is_before(second_date, first_date)
            verdict = IMPOSSIBLE if wrong else CONSISTENT
            yield _verdict(
                trial, verdict, inputs, f"{second} is {'before' if wrong else 'not before'} {first}"
            )
    if trial.registered and trial.start:
        inputs = f"registered {trial.registered}, start {trial.start}"
        if is_before(trial.start, trial.registered):
            why = "registered after the start, so what was planned before cannot be told from the registry"
            yield _verdict(trial, CANNOT_TELL, inputs, why, "a protocol of before the start")
        else:
            yield _verdict(trial, CONSISTENT, inputs, "registered before the start, or as it began")


def _verdict(trial: TrialDates, verdict: str, inputs: str, working: str, missing: str = "") -> Verdict:
    return Verdict(
        "dates-in-order", verdict, trial.iri, trial.label, inputs, working,
        missing=missing, sources=trial.sources, basis=trial.basis,
    )  # fmt: skip
