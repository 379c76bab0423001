"""Rules about numbers that hold others: responses and complete ones, categories and all, arms and total."""

from __future__ import annotations

import re

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.verdicts import (
    CANNOT_TELL,
    CONSISTENT,
    IMPOSSIBLE,
    INCONSISTENT,
    Verdict,
    verdict_on_set,
)
from bempeg_kg.evidence.model import AnalysisSet, Evidence, Result
from bempeg_kg.evidence.printed import read, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPLETE = re.compile(r"(?i)(?:complete (?:response|remission)s?(?: rate)?|crr?)").fullmatch
_ALL = re.compile(r"(?i)(?:(?:objective|overall|all) responses?(?: rate)?|orr?|response(?: rate)?)").fullmatch
_TOTALS = ("total", "all", "all arms", "overall", "both", "both arms")


def examine_sums(evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on responses, categories, and sizes of arms."""
    yield from _complete_responses(evidence)
    yield from _categories(evidence)
    yield from _treated(evidence)
    yield from _arms(evidence)


def _place(result: Result) -> tuple[object, ...]:
    """What two results share that say something of the same patients at the same time."""
    return (
        result.trial,
        result.group,
        result.analysis_set,
        result.total,
        result.unit,
        result.statistic,
        result.dimensions,
        result.assessor,
        result.data_cut,
        result.category,
    )


def _name(result: Result) -> str:
    return result.endpoint.rpartition("/")[2].replace("-", " ").strip()


def _complete_responses(evidence: Evidence) -> Iterator[Verdict]:
    everyone: dict[tuple[object, ...], Result] = {}
    complete: list[Result] = []
    for result in evidence.wanted_results():
        if result.is_share or result.is_count:
            if _ALL(_name(result)):
                everyone.setdefault(_place(result), result)
            elif _COMPLETE(_name(result)):
                complete.append(result)
    for result in complete:
        whole = everyone.get(_place(result))
        part, of = read(result.printed), read(whole.printed) if whole else None
        if whole is None or part is None or of is None:
            continue
        inputs = f"{result.printed} complete, {whole.printed} in all"
        rule = "complete-within-all-responses"
        if part.low > of.high:
            yield verdict_on(rule, IMPOSSIBLE, result, inputs, "a complete response is a response")
        else:
            yield verdict_on(rule, CONSISTENT, result, inputs, "no more complete than all")


def _categories(evidence: Evidence) -> Iterator[Verdict]:
    """Categories of a table of one's own exclude each other; those of a registry need not."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in evidence.wanted_results():
        is_registered = result.trial_endpoint or "characteristic" in dict(result.dimensions)
        if result.category and not is_registered and (result.is_share or result.is_count):
            place = (result.endpoint, *_place(result)[:-1])
            groups.setdefault(place, []).append(result)
    for some in groups.values():
        if len(some) > 1:
            yield from _sum_of(some)


def _sum_of(some: list[Result]) -> Iterator[Verdict]:
    printed = [value for result in some if (value := read(result.printed)) is not None]
    if len(printed) < len(some):
        return
    whole = 100 if some[0].unit == "percent" else some[0].total
    if whole is None:
        return
    least, most = sum(one.low for one in printed), sum(one.high for one in printed)
    if some[0].unit != "percent":
        least = most = sum(one.value for one in printed)
    decimals = max(one.decimals for one in printed)
    total = show(sum((one.value for one in printed), start=printed[0].value * 0), decimals)
    inputs = " + ".join(one.text for one in printed) + f", {len(some)} categories"
    rule, working = "categories-sum", f"they sum to {total} of {whole}"
    if least > whole:
        yield verdict_on(rule, IMPOSSIBLE, some[0], inputs, f"{working}, more than there is")
    elif most < whole:
        missing = "whether a category is left out"
        yield verdict_on(rule, CANNOT_TELL, some[0], inputs, f"{working}, less than all", missing=missing)
    else:
        yield verdict_on(rule, CONSISTENT, some[0], inputs, working)


def _treated(evidence: Evidence) -> Iterator[Verdict]:
    by_group: dict[tuple[str, str], dict[str, AnalysisSet]] = {}
    for analysis_set in evidence.sets.values():
        if analysis_set.size is not None and analysis_set.kind in ("randomised", "treated"):
            by_group.setdefault((analysis_set.trial, analysis_set.group), {}).setdefault(
                analysis_set.kind, analysis_set
            )
    for kinds in by_group.values():
        treated, randomised = kinds.get("treated"), kinds.get("randomised")
        if treated is None or randomised is None or not evidence.wants(treated.iri, randomised.iri):
            continue
        more = (treated.size or 0) > (randomised.size or 0)
        working = (
            "more are treated than randomised, unless patients were treated in another arm than theirs"
            if more
            else "no more are treated than randomised"
        )
        inputs = f"{treated.size} treated, {randomised.size} randomised"
        yield verdict_on_set(
            "treated-within-randomised", INCONSISTENT if more else CONSISTENT, treated, inputs, working
        )


def _arms(evidence: Evidence) -> Iterator[Verdict]:
    by_kind: dict[tuple[str, str], list[AnalysisSet]] = {}
    for analysis_set in evidence.sets.values():
        if analysis_set.size is not None:
            by_kind.setdefault((analysis_set.trial, analysis_set.kind), []).append(analysis_set)
    for some in by_kind.values():
        totals = [one for one in some if one.group.casefold() in _TOTALS]
        arms = [one for one in some if one.group.casefold() not in _TOTALS]
        if len(totals) != 1 or len(arms) < 2 or not evidence.wants(totals[0].iri):
            continue
        total = sum(arm.size or 0 for arm in arms)
        inputs = " + ".join(str(arm.size) for arm in arms) + f", {totals[0].size} in all"
        verdict = CONSISTENT if total == totals[0].size else INCONSISTENT
        yield verdict_on_set("arms-and-total", verdict, totals[0], inputs, f"the arms sum to {total}")
