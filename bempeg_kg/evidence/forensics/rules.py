"""Rules about one result: its percentage, its counts, its limits. Its interval as such: see `solving`."""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.evidence.forensics.about import verdict_on, why_no_count, wrong_level
from bempeg_kg.evidence.forensics.percentages import examine_percentage, judge_percentage, sizes_that_fit
from bempeg_kg.evidence.forensics.solving import examine_interval
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, Verdict
from bempeg_kg.evidence.model import Claim, Evidence, Result
from bempeg_kg.evidence.printed import Printed, find, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def examine_results(evidence: Evidence) -> Iterator[Verdict]:
    """Every verdict on single results, and on the percentages that claims state with an N."""
    for result in evidence.wanted_results():
        wrong = wrong_level(result.level)
        if wrong:
            inputs = f"{result.lower or '?'} to {result.upper or '?'} at {result.level:g} percent"
            yield verdict_on("level-of-interval", IMPOSSIBLE, result, inputs, wrong[0], expected=wrong[1])
            result = replace(result, level=None)
        if result.unit == "percent":
            yield from examine_percentage(result, evidence)
        elif result.n is not None and result.total is not None and result.n > result.total:
            working = f"{result.n} counted of {result.total} patients"
            yield verdict_on("parts-and-whole", IMPOSSIBLE, result, working, working)
        yield from _limits(result)
        if result.is_share and result.lower and result.upper:
            yield from examine_interval(result, evidence)
    for iri in sorted(evidence.claims):
        if evidence.wants(iri):
            yield from _claimed_percentage(evidence.claims[iri], evidence)


def _limits(result: Result) -> Iterator[Verdict]:
    if not result.lower and not result.upper:
        return
    estimate, lower, upper = (read(text) for text in (result.printed, result.lower, result.upper))
    judged = judge_limits(estimate, lower, upper)
    # A limit that is not read may be the one that it is not within.
    unread = any(text and read(text) is None for text in (result.lower, result.upper))
    if judged and not (unread and judged[0] == CONSISTENT):
        inputs = f"{result.printed or 'no estimate'} ({result.lower or '?'} to {result.upper or '?'})"
        yield verdict_on("estimate-in-interval", judged[0], result, inputs, judged[1])


def judge_limits(
    estimate: Printed | None, lower: Printed | None, upper: Printed | None
) -> tuple[str, str] | None:
    """(verdict, working) for an estimate and its limits; None where there is nothing to compare."""
    if lower and upper and lower.low > upper.high:
        return IMPOSSIBLE, f"the lower limit {lower.text} lies above the upper limit {upper.text}"
    if estimate is None or (lower is None and upper is None):
        return None
    if lower and estimate.high < lower.low:
        return IMPOSSIBLE, f"{estimate.text} lies below its lower limit {lower.text}"
    if upper and estimate.low > upper.high:
        return IMPOSSIBLE, f"{estimate.text} lies above its upper limit {upper.text}"
    return CONSISTENT, "the estimate lies between the limits that are given"


def _claimed_percentage(claim: Claim, evidence: Evidence) -> Iterator[Verdict]:
    printed = find(claim.printed) if "%" in claim.printed else None
    if printed is None or claim.total is None:
        return
    about = [evidence.results[iri] for iri in claim.concerns if iri in evidence.results]
    inputs = f"{printed.text} percent, N = {claim.total} as the document gives it"
    rule = "percentage-of-whole-patients"
    if about and not any(result.is_share for result in about):
        reason = why_no_count(about[0], evidence)
        yield Verdict(
            rule,
            CANNOT_TELL,
            claim.iri,
            claim.label,
            inputs,
            reason,
            missing="the number of patients behind it",
            sources=(claim.document,),
            basis="seed",
        )
        return
    verdict, working, fits = judge_percentage(printed, claim.total)
    if verdict == IMPOSSIBLE and about:
        fits = sizes_that_fit(about[0], printed, evidence)
    yield Verdict(
        rule, verdict, claim.iri, claim.label, inputs, working, fits, sources=(claim.document,), basis="seed"
    )
