"""Events per arm with exact intervals, and groups compared."""

from __future__ import annotations

from itertools import combinations
from math import isfinite

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.citing import cited
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.nodes import code, text, texts
from bempeg_kg.evidence.rounding import fixed, percent, written
from bempeg_kg.evidence.stats.contrasts import Comparison, Counts, compare, risk_difference
from bempeg_kg.evidence.stats.exact import ratio_by_score, score_and_exact
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.evidence.stats.unconditional import unconditional
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table
from bempeg_kg.registry.arm_titles import is_control

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


_COLUMNS = (
    "trial group event printed unit n denominator n_basis set_name exact_lower exact_upper level followUp "
    "comparison result source basis"
).split()


def safety_intervals(kg: Graph, trial: str | None, level: Decimal) -> Table:
    """Columns: trial, group, event, printed, unit, n, denominator, n_basis, set_name, limits, level ..."""
    facts = Facts.of(kg, trial)
    events = [
        result
        for result in facts.evidence.wanted_results()
        if "adverseEvent" in dict(result.dimensions) and trial in (None, result.trial)
    ]
    alike = _alike(events)
    rows = []
    for event in events:
        counts = facts.counts_over_set(event) if event.is_share or event.is_count else None
        limits: list[object] = [None, None, None]
        if counts:
            interval = clopper_pearson(counts[0], counts[1], float(level))
            limits = [percent(interval.lower), percent(interval.upper), written(level)]
        rows.append(
            [
                named(event.trial),
                facts.group_name(event.group),
                facts.what(event),
                event.printed,
                event.unit,
                *(counts or (event.n, event.total, None)),
                facts.set_name(event.analysis_set),
                *limits,
                event.follow_up or "not recorded",
                _comparable(facts, event, alike[event.trial, event.dimensions]),
                named(event.iri),
                named(event.sources[0] if event.sources else ""),
                event.basis,
            ]
        )
    return Table.of(_COLUMNS, sorted(rows, key=lambda row: [str(cell) for cell in row[:4]]), names=kg.names)


def _alike(events: list[Result]) -> dict[tuple[object, ...], list[Result]]:
    """Results for one event by what must be the same for two to be compared."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for event in events:
        groups.setdefault((event.trial, event.dimensions), []).append(event)
    return groups


def _comparable(facts: Facts, result: Result, alike: list[Result]) -> str:
    """With what the rate may be compared, or why with nothing."""
    if not facts.is_randomised(result.trial):
        return "single-arm: no comparison within the trial"
    others = [other for other in alike if other.group != result.group]
    if not others:
        return "the rate of the other arm is not in the sources seen"
    others = [other for other in others if randomised_pair(facts, result, other)]
    if not others:
        return "the other groups are not known to be randomised against this one"
    return f"with {', '.join(facts.group_name(other.group) for other in others)}"


def compare_groups(kg: Graph, first: str, second: str, naive: bool, level: Decimal) -> Table:
    """Columns: design, measure, both counts, computed value and limits, level, unit, note, sources ..."""
    facts = Facts.around(kg, [first, second])
    results = [facts.result(iri) for iri in (first, second)]
    counts = []
    for result in results:
        n_of_total = facts.counts(result)
        if n_of_total is None:
            raise UsageError(
                f"{kg.names.shorten(result.iri)} has no n of N", cure="Choose counts of patients."
            )
        counts.append(Counts(*n_of_total))
    comparisons = compare(
        counts[0], counts[1], randomised=randomised_pair(facts, *results), naive=naive, level=float(level)
    )
    sources = cited([one.sources[0] for one in results if one.sources], kg.names)
    kind = comparisons[0].kind
    comparisons += score_and_exact(counts[0], counts[1], float(level), kind)
    for mid_p in (False, True):
        comparisons += unconditional(counts[0], counts[1], float(level), kind, mid_p=mid_p)
    rows = [_row(comparison, sources) for comparison in comparisons]
    columns = ["design", "measure", "first_counts", "second_counts", "computed", "computed_lower"]
    columns += ["computed_upper", "level", "unit", "note", "source", "all_sources", "basis", "method"]
    return Table.of(columns, rows, names=kg.names)


def event_differences(kg: Graph, trial: str | None, level: Decimal) -> Table:
    """Columns: trial, event, first group and rate, second group and rate, both measures, results, method."""
    facts = Facts.of(kg, trial)
    rows = []
    for first, second in _pairs_of_arms(facts, trial):
        counts = [facts.counts_over_set(one) for one in (first, second)]
        if counts[0] is None or counts[1] is None:
            continue
        arms = [Counts(*arm_counts[:2]) for arm_counts in counts if arm_counts is not None]
        difference = _row(risk_difference(arms[0], arms[1], float(level)))[4:7]
        ratio = _row(ratio_by_score(arms[0], arms[1], float(level)))[4:7]
        rows.append(
            [
                named(first.trial),
                facts.what(first),
                facts.group_name(first.group),
                str(arms[0]),
                facts.group_name(second.group),
                str(arms[1]),
                *difference,
                *ratio,
                written(level),
                named(first.iri),
                named(second.iri),
                named(first.sources[0] if first.sources else ""),
                "derived",
                "Newcombe score; Miettinen-Nurminen score",
            ]
        )
    rows.sort(key=lambda row: (row[6] is None, -abs(float(str(row[6] or 0))), str(row[1])))
    columns = ["trial", "event", "first_group", "first_counts", "second_group", "second_counts"]
    columns += ["risk_difference", "risk_difference_lower", "risk_difference_upper"]
    columns += ["risk_ratio", "risk_ratio_lower", "risk_ratio_upper", "level"]
    columns += ["first_result", "second_result", "source", "basis", "method"]
    table = Table.of(columns, rows, names=kg.names)
    table.reason = "" if rows else _why_no_pair(facts, trial)
    return table


def _pairs_of_arms(facts: Facts, trial: str | None) -> list[tuple[Result, Result]]:
    """Results for one event in two arms of a randomised trial, the experimental arm first."""
    pairs = []
    for alike in _alike(_events(facts, trial)).values():
        for first, second in combinations(alike, 2):
            if randomised_pair(facts, first, second):
                swap = _place(facts, first.group) > _place(facts, second.group)
                pairs.append((second, first) if swap else (first, second))
    return pairs


def _place(facts: Facts, group: str) -> int:
    """0 for an experimental arm, 2 for what it is compared with, by role or else by name, 1 if not known."""
    role = facts.role(group)
    if role:
        return 0 if role == "experimental" else 2
    return 2 if is_control(facts.group_name(group)) else 1


def _events(facts: Facts, trial: str | None) -> list[Result]:
    """Numbers and shares of patients with an adverse event."""
    return [
        result
        for result in facts.evidence.wanted_results()
        if "adverseEvent" in dict(result.dimensions)
        and (result.is_share or result.is_count)
        and trial in (None, result.trial)
    ]


def _why_no_pair(facts: Facts, trial: str | None) -> str:
    """What keeps the events of a trial, or of all trials, from being compared between arms."""
    events = _events(facts, trial)
    if not events:
        return "the graph holds no number of patients with an adverse event here"
    if trial is None:
        return "no randomised trial of the graph has one event with its counts for two arms"
    name = facts.trial_name(trial)
    if not facts.is_randomised(trial):
        return f"nothing in the graph says that {name} is randomised"
    groups = {result.group for result in events}
    known = [facts.groups.get(group, {}) for group in groups]
    arms = {facts.label(arm) for node in known for arm in texts(node, "arm")}
    arms |= {text(node, "shortLabel") for node in known if code(node, "groupKind") == "unnamedArm"}
    if len(groups) == 1:
        return f"of {name} the graph holds adverse events of one group alone: {facts.group_name(*groups)}"
    unmatched = sorted({facts.group_name(one) for one in groups if not _is_arm(facts, one)})
    if unmatched and len(arms) < 2:
        return (
            f"of the {len(groups)} groups with adverse events these could not be matched with arms of {name}:"
            f" {'; '.join(unmatched)}. `ask adverse-events --trial {facts.kg.names.shorten(trial)}` lists"
            " their events; `ask compare-groups --first RESULT --second RESULT --naive true` compares two of"
            " them"
        )
    if len(arms) == 1:
        return f"of {name} the graph holds adverse events of one arm alone: {min(arms)}"
    return f"no event of {name} has counts for two arms at the same grade, attribution and time"


def _is_arm(facts: Facts, group: str) -> bool:
    """Whether a group is matched with an arm, or is one even if it is not said which."""
    node = facts.groups.get(group, {})
    return bool(texts(node, "arm")) or code(node, "groupKind") == "unnamedArm"


def randomised_pair(facts: Facts, first: Result, second: Result) -> bool:
    """Whether two results are of different arms of one randomised trial, for one endpoint and set kind."""
    sets = [facts.evidence.sets.get(one.analysis_set) for one in (first, second)]
    same = (first.trial, first.endpoint, first.dimensions) == (
        second.trial,
        second.endpoint,
        second.dimensions,
    )
    kinds = {analysis_set.kind for analysis_set in sets if analysis_set}
    return (
        same
        and len(kinds) == 1
        and facts.is_randomised(first.trial)
        and _same_time(first, second)
        and _are_two_arms(facts, first, second)
    )


def _are_two_arms(facts: Facts, first: Result, second: Result) -> bool:
    """Whether the groups of two results are different arms, even if it is not said which.

    A group that is no arm, such as those not assigned, was randomised against nobody.
    """
    sets = [facts.evidence.sets.get(one.analysis_set) for one in (first, second)]
    arms = [set(analysis_set.arms) if analysis_set else set() for analysis_set in sets]
    if all(arms):
        return not arms[0] & arms[1]
    kinds = {code(facts.groups.get(one.group, {}), "groupKind") for one in (first, second)}
    return first.group != second.group and kinds in ({"unnamedArm"}, {"unnamedArm", "oneArm"})


def _same_time(first: Result, second: Result) -> bool:
    """Whether nothing says that two results are of different data cuts or follow-ups."""
    times = ((first.data_cut, second.data_cut), (first.follow_up, second.follow_up))
    return all(one == other or not (one and other) for one, other in times)


def _row(comparison: Comparison, sources: Sequence[object] = (None, None)) -> list[object]:
    difference = comparison.measure == "risk difference"
    scale, unit, decimals = (100, "percentage points", 1) if difference else (1, "ratio", 2)
    numbers: list[object] = [None, None, None, None]
    if comparison.estimate is not None and isfinite(comparison.estimate):
        numbers[0] = fixed(scale * comparison.estimate, decimals)
    if comparison.interval is not None:
        limits = (comparison.interval.lower, comparison.interval.upper)
        numbers[1:3] = [fixed(scale * limit, decimals) if isfinite(limit) else None for limit in limits]
        numbers[3] = written(comparison.interval.level)
    method = comparison.interval.method if comparison.interval else None
    return [
        comparison.kind,
        comparison.measure,
        str(comparison.first),
        str(comparison.second),
        *numbers,
        unit,
        comparison.note or None,
        *sources,
        "derived",
        method,
    ]
