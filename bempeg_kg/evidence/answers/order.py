"""In which order the patients of an early result came in, as the reports at its cuts let one work back."""

from __future__ import annotations

from itertools import pairwise

from bempeg_kg.evidence.answers.later import later_trials
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import AnalysisSet, Result
from bempeg_kg.evidence.printed import number
from bempeg_kg.evidence.rounding import fixed, percent, written
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

_COLUMNS = ["part", "patient_order", "n", "denominator", "percent", "exact_lower", "exact_upper", "level"]
_COLUMNS += ["dataCut", "relation", "condition", "earlier_report", "later_report", "source", "basis"]
REPORTED, BETWEEN, AFTER, CONTROL = "reported", "between reports", "after the first", "later control"
_NESTED = "holds if every patient of the earlier report is in the later one with the same response"
_NO_CUT = "not stated"
PART = "recorded as a part of the later report"


def order_of_patients(kg: Graph, early: str) -> Table:
    """Columns: part, patient_order, n, denominator, percent, exact 95 percent limits, data cut of the later
    report, what is recorded of the two sets, condition, the two reports, source, basis.

    The difference between two reports is the rate of those who came between them only if the later report
    holds every patient of the earlier one with the same response; each such row says so. The last row is the
    control of the later randomised trial, where the graph has one for the same endpoint and disease.
    """
    facts = Facts.like(kg, early)
    result = facts.result(early)
    steps = reports_of(facts, result)
    rows = []
    if steps:
        first, n, total = steps[0]
        rows.append(_reported(facts, first, n, total))
        for (before, n_before, total_before), (after, n_after, total_after) in pairwise(steps):
            label = f"next {total_after - total_before}"
            new = (n_after - n_before, total_after - total_before)
            rows.append(_between(facts, BETWEEN, label, before, after, new))
        if len(steps) > 2:
            after, n_after, total_after = steps[-1]
            label = f"all {total_after - total} after the first {total}"
            rows.append(_between(facts, AFTER, label, first, after, (n_after - n, total_after - total)))
        rows += [_control(facts, later_control) for later_control in later_controls(facts, result)]
    table = Table.of(_COLUMNS, rows, names=kg.names)
    table.reason = "there is no earlier report of this result with n of N"
    return table


def reports_of(facts: Facts, result: Result) -> list[tuple[Result, int, int]]:
    """Reports with counts that lead up to a result, by growing N, with n and N; empty if there is but one.

    They are of the same trial and endpoint, and of its group or of a set that is recorded to overlap, surely
    or possibly, with one of its group.
    """
    counts = facts.counts(result)
    own = [
        analysis_set for analysis_set in facts.evidence.sets.values() if analysis_set.group == result.group
    ]
    earlier: dict[int, tuple[Result, int, int]] = {}
    for stated in facts.evidence.results.values():
        if (stated.trial, stated.endpoint, stated.statistic) != (
            result.trial,
            result.endpoint,
            result.statistic,
        ):
            continue
        patients = facts.evidence.sets.get(stated.analysis_set)
        reported = facts.counts(stated)
        if patients is None or reported is None or counts is None or reported[1] >= counts[1]:
            continue
        if stated.group == result.group or any(_direct(patients, other) for other in own):
            earlier.setdefault(reported[1], (stated, *reported))
    if counts is None or not earlier:
        return []
    return [*(earlier[total] for total in sorted(earlier)), (result, *counts)]


def later_controls(facts: Facts, result: Result) -> list[Result]:
    """Rates of the control in randomised comparisons that the trial of a result led to, for its endpoint and
    disease."""
    population = facts.population(result.trial, result.group)
    trials = later_trials(facts, result.trial)
    controls = {
        contrast.reference
        for contrast in facts.evidence.contrasts.values()
        if contrast.trial in trials and contrast.endpoint == result.endpoint
    }
    rates = (facts.evidence.results[iri] for iri in sorted(controls) if iri in facts.evidence.results)
    return [
        rate
        for rate in rates
        if rate.statistic == result.statistic and facts.population(rate.trial, rate.group) == population
    ]


def _direct(first: AnalysisSet, second: AnalysisSet) -> str:
    """What the graph states of two sets themselves."""
    if first.iri in second.overlaps or second.iri in first.overlaps:
        return "recorded to overlap; that all are in both is not recorded"
    if first.iri in second.may_overlap or second.iri in first.may_overlap:
        return "recorded as possibly overlapping"
    return ""


def _relation(facts: Facts, before: AnalysisSet, after: AnalysisSet) -> str:
    """What the graph states of the patients of two reports, directly or by a set that holds the later one."""
    holders = facts.evidence.holders(before.iri)
    if before.iri == after.iri or after.iri in holders:
        return PART
    direct = _direct(before, after)
    if direct:
        return direct
    for iri in sorted(facts.evidence.holders(after.iri)):
        whole = facts.evidence.sets.get(iri)
        if whole is not None and (iri in holders or _direct(before, whole)):
            return f"recorded as possibly overlapping, by way of {facts.set_name(iri)}, which holds the later"
    return "no relation between the cuts is recorded"


def _reported(facts: Facts, first: Result, n: int, total: int) -> list[object]:
    return _row(REPORTED, f"first {total}", (n, total), ("the first report", "as reported"), first)


def _between(
    facts: Facts, kind: str, label: str, before: Result, after: Result, new: tuple[int, int]
) -> list[object]:
    relation = _relation(facts, *(facts.evidence.sets[one.analysis_set] for one in (before, after)))
    n, total = new
    if not 0 <= n <= total:
        impossible = f"the reports cannot be nested: {n} of {total}"
        return _row(kind, label, None, (relation, impossible), after, before)
    return _row(kind, label, new, (relation, _NESTED), after, before)


def _control(facts: Facts, control: Result) -> list[object]:
    label = f"{facts.group_name(control.group)}, {facts.trial_name(control.trial)}"
    counts = facts.counts(control)
    unlike = "to compare with: other patients, of a later randomised trial"
    row = _row(CONTROL, label, counts, ("other patients", unlike), control)
    if counts is None:
        value = number(control.printed)
        row[4] = None if value is None else fixed(value, 1)
    return row


def _row(
    kind: str,
    label: str,
    counts: tuple[int, int] | None,
    words: tuple[str, str],
    after: Result,
    before: Result | None = None,
) -> list[object]:
    limits: list[object] = [None] * 4
    n, total = counts or (None, None)
    if n is not None and total:
        exact = clopper_pearson(n, total)
        limits = [percent(n / total), percent(exact.lower), percent(exact.upper), written(95)]
    source = named(after.sources[0] if after.sources else "")
    ends = (named((before or after).iri), named(after.iri))
    basis = after.basis if kind in (REPORTED, CONTROL) else "derived"
    return [kind, label, n, total, *limits, after.data_cut or _NO_CUT, *words, *ends, source, basis]
