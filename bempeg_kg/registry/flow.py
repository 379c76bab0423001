"""Participant flow: how many of each group started, completed and left, by period and reason."""

from __future__ import annotations

from bempeg_kg.rdf.ntriples import decimal, integer, kg, slug, text, whole
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.record import Group, Record, groups_of, maybe, size_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHERE = "resultsSection.participantFlowModule"


def map_flow(record: Record, study: dict[str, Any]) -> None:
    """Write the participant flow of a record."""
    module = (study.get("resultsSection") or {}).get("participantFlowModule")
    if not module:
        return
    groups = groups_of(record, module.get("groups") or [])
    started: dict[str, str] = {}
    unit = module.get("typeUnitsAnalyzed") or ""
    periods = module.get("periods") or ()
    for number, period in enumerate(periods):
        title = period.get("title") or ""
        for milestone in period.get("milestones") or ():
            kind = (milestone.get("type") or "").replace("_", " ")
            for one in milestone.get("achievements") or ():
                group = _group(record, groups, one["groupId"])
                reached = ""
                if number == 0 and kind == "STARTED":
                    reached = started[group.iri] = _set(record, group, one, "started", "enrolled", None)
                elif number == len(periods) - 1 and kind == "COMPLETED":
                    within = started.get(group.iri)
                    reached = _set(record, group, one, "completed", "completedStudy", within)
                inside = started.get(group.iri) or _all(record, group, started)
                _count(record, group, one, title, kind, "", reached, inside, milestone.get("comment"), unit)
        for reason in period.get("dropWithdraws") or ():
            why = reason.get("type") or ""
            for one in reason.get("reasons") or ():
                group = _group(record, groups, one["groupId"])
                inside = started.get(group.iri) or _all(record, group, started)
                _count(
                    record, group, one, title, "NOT COMPLETED", why, "", inside, reason.get("comment"), unit
                )
    parts: list[str] = []
    maybe(parts, p.COMMENT, module.get("preAssignmentDetails"))
    maybe(parts, p.COMMENT, module.get("recruitmentDetails"))
    if parts:
        record.node(record.source, parts)


def _group(record: Record, groups: dict[str, Group], group_id: str) -> Group:
    return groups.get(group_id) or record.unlisted(group_id, "participant flow", f"{_WHERE}.groups[].id")


def _all(record: Record, group: Group, started: dict[str, str]) -> str:
    """The set of a group of which no number that started is given."""
    started[group.iri] = _set(record, group, {}, "started", "enrolled", None)
    return started[group.iri]


def _set(
    record: Record, group: Group, one: dict[str, Any], name: str, kind: str, within: str | None
) -> str:  # fmt: skip
    size = whole(one.get("numSubjects"))
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{name}, {group.title}, {record.nct}"),
        p.SHORT_LABEL + text(f"{name}, {group.title}"),
        p.GROUP + group.iri,
        p.SET_KIND + kg(kind),
        size_of(size),
    ]
    if within:
        parts.append(p.SUBSET_OF + within)
    return record.statement("set", f"{name}-{slug(group.title, 40)}", parts)


def _count(
    record: Record, group: Group, one: dict[str, Any], period: str, milestone: str, reason: str,
    reached: str, within: str, comment: str | None, unit: str,
) -> None:  # fmt: skip
    label = ", ".join(name for name in (period, milestone.lower(), reason) if name)
    parts = [
        p.A + kg("FlowCount"),
        p.LABEL + text(f"{label}, {group.title}, {record.nct}"),
        p.ENDPOINT + record.term("endpoint", "participants" if reached else "participant-flow"),
        p.STATISTIC + record.term("statistic", "count"),
        p.UNIT + record.term("unit", "participants"),
        p.GROUP + group.iri,
        p.PERIOD + text(period),
        p.MILESTONE + text(milestone),
    ]
    parts.append(p.ANALYSIS_SET + (reached or within))
    if reached:
        parts.append(p.A + kg("Result"))
    maybe(parts, p.DROP_REASON, reason)
    printed = one.get("numSubjects")
    counted = whole(printed)
    if counted is None:
        parts.append(p.VALUE_STATUS + kg("notReported"))
        maybe(parts, p.PRINTED, printed)
    else:
        parts += (
            p.VALUE + decimal(str(counted)),
            p.PRINTED + text(str(printed)),
            p.NUMERATOR + integer(counted),
        )
    units = record.count(one.get("numUnits"), f"{_WHERE}.periods[].milestones[].achievements[].numUnits")
    if units is not None:
        parts.append(p.UNIT_COUNT + integer(units))
        maybe(parts, p.UNIT_COUNTED, unit)
    for words in (comment, one.get("comment")):
        maybe(parts, p.COMMENT, words)
    local = [slug(name, 30) for name in (period, milestone, reason) if name] + [slug(group.title, 40)]
    record.result("result", "flow-" + "-".join(local), parts)
