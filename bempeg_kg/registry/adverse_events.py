"""Adverse events: affected, at risk and number of events by term and group, and the totals of each group.

The registry's tables count events of any cause and seldom state a grade. The results say so (`kg:allCause`,
no grade), so that no question sets them beside treatment-related rates of grade 3 or 4.
"""

from __future__ import annotations

from collections import Counter

from bempeg_kg.rdf.ntriples import (
    FALSE,
    TRUE,
    decimal,
    digest,
    integer,
    kg,
    normal,
    number,
    slug,
    text,
)
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.record import Group, Record, denominator, groups_of, maybe, size_of
from bempeg_kg.registry.values import count_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TABLES = (
    ("serious", "seriousEvents", TRUE, "any-serious-event", "any serious adverse event"),
    ("other", "otherEvents", FALSE, "any-other-event", "any other adverse event above the threshold"),
)
_WHERE = "resultsSection.adverseEventsModule"


def map_adverse_events(record: Record, study: dict[str, Any]) -> None:
    """Write the adverse event tables of a record."""
    module = (study.get("resultsSection") or {}).get("adverseEventsModule")
    if not module:
        return
    _about(record, module)
    groups = groups_of(record, module.get("eventGroups") or [])
    deaths = _Table(record, "deaths", "", groups)
    for event_group in module.get("eventGroups") or ():
        _deaths(record, groups[event_group["id"]], event_group, deaths)
    for name, key, flag, total, words in _TABLES:
        table = _Table(record, name, flag, groups)
        for event_group in module.get("eventGroups") or ():
            affected, at_risk = event_group.get(f"{name}NumAffected"), event_group.get(f"{name}NumAtRisk")
            if affected is not None or at_risk is not None:
                table.total(groups[event_group["id"]], affected, at_risk, total, words)
        events = module.get(key) or ()
        twins = Counter(normal(event.get("term") or "") for event in events)
        for event in events:
            table.event(event, twins[normal(event.get("term") or "")] > 1)


def _about(record: Record, module: dict[str, Any]) -> None:
    parts: list[str] = []
    printed = module.get("frequencyThreshold")
    threshold = number(str(printed).strip().removesuffix("%").rstrip()) if printed is not None else None
    if threshold is not None:
        parts.append(p.FREQUENCY_THRESHOLD + decimal(threshold))
    elif printed:
        record.problem(f"{_WHERE}.frequencyThreshold", "a threshold that is no number was left out")
    maybe(parts, p.ADVERSE_EVENT_TIME_FRAME, module.get("timeFrame"))
    maybe(parts, p.ADVERSE_EVENT_NOTE, module.get("description"))
    maybe(parts, p.ADVERSE_EVENT_NOTE, module.get("allCauseMortalityComment"))
    if parts:
        record.node(record.source, parts)


def _deaths(record: Record, group: Group, one: dict[str, Any], table: _Table) -> None:
    affected = record.count(one.get("deathsNumAffected"), f"{_WHERE}.eventGroups[].deathsNumAffected")
    at_risk = record.count(one.get("deathsNumAtRisk"), f"{_WHERE}.eventGroups[].deathsNumAtRisk")
    if at_risk is None and one.get("deathsNumAffected") is None:
        return
    parts = [
        p.A + kg("Result"),
        p.LABEL + text(f"deaths from any cause, {group.title}, {record.nct}"),
        p.GROUP + group.iri,
        p.ANALYSIS_SET + table.at_risk(group, at_risk),
        p.ENDPOINT + record.term("endpoint", "death-from-any-cause"),
        p.ATTRIBUTION + kg("allCause"),
    ]
    parts += (p.STATISTIC + record.term("statistic", "count"), p.UNIT + record.term("unit", "participants"))
    parts += (*count_parts(affected, one.get("deathsNumAffected")), denominator(at_risk))
    record.result("result", f"deaths-{slug(group.title, 40)}", parts)


class _Table:
    """One of the two tables of a record: serious events, or other events above a threshold."""

    def __init__(self, record: Record, name: str, flag: str, groups: dict[str, Group]) -> None:
        self.record = record
        self.name = name
        self.groups = groups
        #: tells the rows of the two tables apart
        self.tail = f" ({name})"
        self.sets: dict[tuple[str, int | None], str] = {}
        self.slugs: dict[str, str] = {}
        self.head = [
            p.A + kg("AdverseEventResult"),
            p.ENDPOINT + record.term("endpoint", "adverse-event"),
            p.ATTRIBUTION + kg("allCause"),
            p.SERIOUS + flag,
            p.STATISTIC + record.term("statistic", "count"),
            p.UNIT + record.term("unit", "participants"),
        ]

    def total(self, group: Group, affected: object, at_risk: object, term: str, words: str) -> None:
        """Write how many of a group had any event of the table."""
        where = f"{_WHERE}.eventGroups[].{self.name}Num"
        event = self.record.term("adverse-event", term)
        self._write(group, event, words, f"{self.name}-any", affected, at_risk, None, where)

    def event(self, event: dict[str, Any], twin: bool) -> None:
        """Write one row of the table: a result a group. `twin`: another row has the same term."""
        term = event.get("term") or "Term not stated"
        kind = [
            event.get(key) or "" for key in ("organSystem", "sourceVocabulary", "assessmentType", "notes")
        ]
        iri = self.record.shared("adverse-event", term, "AdverseEventTerm")
        local = f"{self.name}-{slug(term, 50)}" + (f"-{digest(*kind)}" if twin else "")
        # One term can have rows under several organ systems, so it belongs to the row.
        about = [
            predicate + text(value)
            for predicate, value in zip((p.ORGAN_SYSTEM, p.SOURCE_VOCABULARY), kind, strict=False)
            if value
        ]
        if twin and kind[0]:
            term = f"{term} ({kind[0].lower()})"
        if kind[2]:
            about.append(p.ASSESSMENT_TYPE + text(kind[2].replace("_", " ").lower()))
        if kind[3]:
            about.append(p.COMMENT + text(kind[3]))
        where = f"{_WHERE}.{self.name}Events[].stats[]"
        if not event.get("stats"):
            self.record.problem(where, "an event without counts was left out")
        for stat in event.get("stats") or ():
            group = self.groups.get(stat["groupId"])
            if group is None:
                listed = f"{self.name} adverse events"
                group = self.record.unlisted(stat["groupId"], listed, f"{where}.groupId")
            counts = stat.get("numAffected"), stat.get("numAtRisk"), stat.get("numEvents")
            self._write(group, iri, term, local, *counts, f"{where}.num", about)

    def _write(
        self, group: Group, event: str, term: str, local: str, affected: Any, at_risk: Any, events: Any,
        where: str, about: list[str] | None = None,
    ) -> None:  # fmt: skip
        out_of = self.record.count(at_risk, where + "AtRisk")
        parts = [
            *self.head,
            p.LABEL + text(f"{term}{self.tail}, {group.title}, {self.record.nct}"),
            p.ADVERSE_EVENT + event,
            p.GROUP + group.iri,
            p.ANALYSIS_SET + self.at_risk(group, out_of),
        ]
        counted = self.record.count(affected, where + "Affected")
        parts += (*count_parts(counted, affected), denominator(out_of))
        number_of_events = self.record.count(events, where + "Events")
        if number_of_events is not None:
            parts.append(p.EVENT_COUNT + integer(number_of_events))
        if about:
            parts += about
        self.record.result("result", f"{local}-{self._slug(group.title)}", parts)

    def _slug(self, title: str) -> str:
        known = self.slugs.get(title)
        if known is None:
            known = self.slugs[title] = slug(title, 40)
        return known

    def at_risk(self, group: Group, size: int | None) -> str:
        """The analysis set of those in whom the table looked for events."""
        key = (group.iri, size)
        at_risk = self.sets.get(key)
        if at_risk is None:
            events = "death" if self.name == "deaths" else f"{self.name} adverse events"
            label = f"at risk of {events}, {group.title}"
            if size is not None and any(iri == group.iri for iri, _ in self.sets):
                label = f"{label}, {size} participants"
            parts = [
                p.A + kg("AnalysisSet"),
                p.LABEL + text(f"{label}, {self.record.nct}"),
                p.SHORT_LABEL + text(label),
                p.GROUP + group.iri,
                p.SET_KIND + kg("atRisk"),
                size_of(size),
            ]
            local = f"at-risk-{self.name}-{self._slug(group.title)}" + ("" if size is None else f"-{size}")
            at_risk = self.sets[key] = self.record.statement("set", local, parts)
        return at_risk
