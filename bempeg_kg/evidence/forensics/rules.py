"""Rules about one result: its percentage, its counts, its limits. Its interval as such: see `solving`."""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.evidence import percent
from bempeg_kg.evidence.forensics.about import result_verdict, why_no_count, wrong_level
from bempeg_kg.evidence.forensics.solving import examine_interval
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Claim, Evidence, Result
from bempeg_kg.evidence.printed import Printed, find, read, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def examine_results(evidence: Evidence) -> Iterator[Verdict]:
    """Every verdict on single results, and on the percentages that claims state with an N."""
    for result in evidence.wanted_results():
        wrong = wrong_level(result.level)
        if wrong:
            inputs = f"{result.lower or '?'} to {result.upper or '?'} at {result.level:g} percent"
            yield result_verdict("level-of-interval", IMPOSSIBLE, result, inputs, wrong[0], expected=wrong[1])
            result = replace(result, level=None)
        if result.unit == "percent":
            yield from _percentage(result, evidence)
        elif result.n is not None and result.total is not None and result.n > result.total:
            working = f"{result.n} counted of {result.total} patients"
            yield result_verdict("parts-and-whole", IMPOSSIBLE, result, working, working)
        yield from _limits(result)
        if result.is_share and result.lower and result.upper:
            yield from examine_interval(result, evidence)
    for iri in sorted(evidence.claims):
        if evidence.wants(iri):
            yield from _claimed_percentage(evidence.claims[iri], evidence)


def _percentage(result: Result, evidence: Evidence) -> Iterator[Verdict]:
    printed = read(result.printed)
    if printed is None:
        return
    reason = why_no_count(result, evidence)
    rule, inputs = "percentage-of-whole-patients", f"{result.printed} percent"
    if reason:
        yield result_verdict(
            rule, CANNOT_TELL, result, inputs, reason, missing="the number of patients behind it"
        )
    elif result.total is None:
        yield _which_size(result, printed, evidence)
    else:
        if result.n is not None:
            yield _count_matches(result, printed, result.n, result.total)
        if result.n is None or not printed.holds(100 * result.n / result.total):
            verdict, working, fits = judge_percentage(printed, result.total)
            told = fits or _sizes_that_fit(result, printed, evidence) if verdict == IMPOSSIBLE else fits
            yield result_verdict(
                rule, verdict, result, f"{inputs}, N = {result.total}", working, expected=told
            )


def judge_percentage(printed: Printed, total: int) -> tuple[str, str, str]:
    """(verdict, working, what fits) for a percentage of a known number of patients.

    >>> judge_percentage(read("27.7"), 391)[:2]
    ('impossible', '108/391 = 27.6 and 109/391 = 27.9; no whole number between')
    """
    counts = percent.counts_for(printed, total)
    if counts:
        listed = f"{counts[0]}/{total}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} of {total}"
        note = ""
        if percent.always_possible(printed, total):
            note = "; with so many patients every percentage of these decimals is possible"
        return CONSISTENT, f"{listed} gives {printed.text}{note}", listed
    near = " and ".join(str(one) for one in percent.neighbours(printed, total))
    cut = percent.cut_off_counts_for(printed, total)
    if cut:
        return (
            INCONSISTENT,
            f"{near}; {cut[0]}/{total} gives it only if decimals are cut off",
            f"{cut[0]}/{total}",
        )
    return IMPOSSIBLE, f"{near}; no whole number between", ""


def _sizes_that_fit(result: Result, printed: Printed, evidence: Evidence) -> str:
    """Known sizes of the result's group, each with the counts that give the percentage or with none."""
    told = []
    for size in sorted({one.size for one in evidence.sizes_near(result) if one.size}):
        counts = percent.counts_for(printed, size)
        listed = (
            f"{counts[0]}/{size}"
            if len(counts) == 1
            else f"{counts[0]} to {counts[-1]} of {size}"
            if counts
            else ""
        )
        told.append(f"fits {listed}" if counts else f"does not fit {size}")
    return "; ".join(told)


def _which_size(result: Result, printed: Printed, evidence: Evidence) -> Verdict:
    top = evidence.largest(result) or 0
    sizes = percent.totals_for(printed, range(1, top + 1))
    working = (
        f"possible for {len(sizes)} of the group sizes 1 to {top}" if top else "no size of the group is known"
    )
    return result_verdict(
        "which-size-fits",
        CANNOT_TELL,
        result,
        f"{result.printed} percent, N not given",
        f"{working}; a size that fits is not thereby the one used",
        expected=_sizes_that_fit(result, printed, evidence),
        missing="N",
    )


def _count_matches(result: Result, printed: Printed, n: int, total: int) -> Verdict:
    inputs = f"{n} of {total}, {result.printed} percent"
    if n > total:
        return result_verdict(
            "count-matches-percentage", IMPOSSIBLE, result, inputs, f"{n} is more than {total}"
        )
    exact = show(100 * n / total, printed.decimals + 2)
    working = f"100 x {n}/{total} = {exact}"
    if result.n_derived:
        working += "; n was worked back from the percentage, so this is no independent check"
    verdict = CONSISTENT if printed.holds(100 * n / total) else INCONSISTENT
    fits = "" if verdict == CONSISTENT else show(100 * n / total, printed.decimals)
    return result_verdict("count-matches-percentage", verdict, result, inputs, working, expected=fits)


def _limits(result: Result) -> Iterator[Verdict]:
    estimate, lower, upper = (read(text) for text in (result.printed, result.lower, result.upper))
    found = judge_limits(estimate, lower, upper)
    if found:
        inputs = f"{result.printed or 'no estimate'} ({result.lower or '?'} to {result.upper or '?'})"
        yield result_verdict("estimate-in-interval", found[0], result, inputs, found[1])


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
        fits = _sizes_that_fit(about[0], printed, evidence)
    yield Verdict(
        rule, verdict, claim.iri, claim.label, inputs, working, fits, sources=(claim.document,), basis="seed"
    )
