"""In which order the patients of an early result came in, as the reports at its cuts let one work back."""

from __future__ import annotations

from itertools import pairwise

from bempeg_kg.evidence.facts import Facts, named, percent
from bempeg_kg.evidence.model import AnalysisSet, Result
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

_COLUMNS = ["patients", "n", "N", "percent", "lower", "upper", "level", "condition", "from", "to"]


def order_of_patients(kg: Graph, early: str) -> Table:
    """Columns: patients (which), n, N, percent, exact 95 percent limits, condition, from, to, source, basis.

    The difference between two reports is the rate of those who came between them only if the later report
    holds every patient of the earlier one with the same response; each such row says so.
    """
    facts = Facts.of(kg)
    result = facts.result(early)
    steps = reports_of(facts, result)
    rows = []
    if steps:
        first, n, total = steps[0]
        rows.append(_row(facts, f"first {total}", n, total, "as reported", first, first))
        for (before, n_before, total_before), (after, n_after, total_after) in pairwise(steps):
            label = f"next {total_after - total_before}"
            rows.append(_between(facts, label, before, after, n_after - n_before, total_after - total_before))
        if len(steps) > 2:
            after, n_after, total_after = steps[-1]
            label = f"all {total_after - total} after the first {total}"
            rows.append(_between(facts, label, first, after, n_after - n, total_after - total))
    table = Table.of([*_COLUMNS, "source", "basis"], rows, names=kg.names)
    table.reason = "there is no earlier report of this result with n of N"
    return table


def reports_of(facts: Facts, result: Result) -> list[tuple[Result, int, int]]:
    """Reports with counts that lead up to a result, by growing N, with n and N; empty if there is but one.

    They are of the same trial and endpoint, and of its group or of a set that is recorded to overlap, surely
    or possibly, with one of its group.
    """
    counts = facts.counts(result)
    own = [one for one in facts.evidence.sets.values() if one.group == result.group]
    by_total: dict[int, tuple[Result, int, int]] = {}
    for one in facts.evidence.results.values():
        if (one.trial, one.endpoint, one.statistic) != (result.trial, result.endpoint, result.statistic):
            continue
        like = facts.evidence.sets.get(one.analysis_set)
        one_counts = facts.counts(one)
        if like is None or one_counts is None or counts is None or one_counts[1] >= counts[1]:
            continue
        if one.group == result.group or any(_overlap(like, other) for other in own):
            by_total.setdefault(one_counts[1], (one, *one_counts))
    if counts is None or not by_total:
        return []
    return [*(by_total[total] for total in sorted(by_total)), (result, *counts)]


def _overlap(one: AnalysisSet, other: AnalysisSet) -> str:
    if one.iri in other.overlaps or other.iri in one.overlaps:
        return "recorded to overlap"
    if one.iri in other.may_overlap or other.iri in one.may_overlap:
        return "recorded as possibly overlapping"
    return ""


def _between(facts: Facts, label: str, before: Result, after: Result, n: int, total: int) -> list[object]:
    first, second = (facts.evidence.sets[one.analysis_set] for one in (before, after))
    relation = _overlap(first, second) or "of no recorded relation"
    nested = (
        f"if all of the earlier report are in the later one with the same response; the sets are {relation}"
    )
    if not 0 <= n <= total:
        return _row(facts, label, None, None, f"the reports cannot be nested: {n} of {total}", before, after)
    return _row(facts, label, n, total, nested, before, after)


def _row(
    facts: Facts, label: str, n: int | None, total: int | None, condition: str, before: Result, after: Result
) -> list[object]:
    limits: list[object] = [None] * 4
    if n is not None and total:
        interval = clopper_pearson(n, total)
        limits = [percent(n / total), percent(interval.lower), percent(interval.upper), 95]
    source = named(after.sources[0] if after.sources else "")
    return [label, n, total, *limits, condition, named(before.iri), named(after.iri), source, "derived"]
