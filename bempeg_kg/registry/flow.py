"""Participant flow: how many of each group started, completed and left, by period and reason.

Periods are kept apart: a group that starts in the second period has not enrolled 0 in the first, and those
who complete a period are part of those who started the same period, of no other. Of a group that does not
enter the last period, the record does not say how many completed the study.
"""

from __future__ import annotations

from bempeg_kg.rdf.ntriples import integer, kg, slug, text, whole
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.record import Group, Record, groups_of, maybe, size_of
from bempeg_kg.registry.values import count_parts

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
    periods = module.get("periods") or ()
    later = _first_starts(periods)
    for number, period in enumerate(periods):
        is_last = number == len(periods) - 1
        _Period(record, groups, period, module.get("typeUnitsAnalyzed") or "").map(number, is_last, later)
    parts: list[str] = []
    maybe(parts, p.COMMENT, module.get("preAssignmentDetails"))
    maybe(parts, p.COMMENT, module.get("recruitmentDetails"))
    if parts:
        record.node(record.source, parts)


def _kind(milestone: dict[str, Any]) -> str:
    return (milestone.get("type") or "").replace("_", " ")


def _first_starts(periods: Any) -> dict[str, int]:
    """Number of a group in the list -> the first period that anyone of it started."""
    first: dict[str, int] = {}
    for number, period in enumerate(periods):
        for milestone in period.get("milestones") or ():
            if _kind(milestone) == "STARTED":
                for achievement in milestone.get("achievements") or ():
                    if whole(achievement.get("numSubjects")):
                        first.setdefault(achievement["groupId"], number)
    return first


class _Period:
    """One period of a participant flow."""

    def __init__(self, record: Record, groups: dict[str, Group], period: dict[str, Any], unit: str) -> None:
        self.record = record
        self.groups = groups
        self.period = period
        self.title = period.get("title") or ""
        self.unit = unit
        #: stands in names where there is another period before, or after
        self.name = ""
        #: the set of those who started this period, by the IRI of their group
        self.started: dict[str, str] = {}
        #: the groups of which nobody started this period
        self.absent: set[str] = set()

    def map(self, number: int, is_last: bool, later: dict[str, int]) -> None:
        """Write milestones and reasons for leaving. `later`: see `_first_starts`."""
        self.name = "" if number == 0 else self.title or f"period {number + 1}"
        milestones = self.period.get("milestones") or ()
        # Those who started come first, whatever the order of the record: the others are part of them.
        for milestone in sorted(milestones, key=lambda one: _kind(one) != "STARTED"):
            kind = _kind(milestone)
            for achievement in milestone.get("achievements") or ():
                group = self._group(achievement["groupId"])
                reached = ""
                if kind == "STARTED":
                    is_first = number == 0 and later.get(achievement["groupId"], 0) == 0
                    reached = self._start(group, achievement, "enrolled" if is_first else "startedPeriod")
                elif kind == "COMPLETED":
                    # 0 of a group that did not enter the last period is no number of the study
                    was_there = number == 0 or group.iri not in self.absent
                    reached = self._complete(group, achievement, is_last and was_there)
                self._count(group, achievement, kind, "", reached, milestone.get("comment"))
        for reason in self.period.get("dropWithdraws") or ():
            why = reason.get("type") or ""
            for achievement in reason.get("reasons") or ():
                self._count(
                    self._group(achievement["groupId"]),
                    achievement,
                    "NOT COMPLETED",
                    why,
                    "",
                    reason.get("comment"),
                )

    def _group(self, group_id: str) -> Group:
        group = self.groups.get(group_id)
        return group or self.record.unlisted(group_id, "participant flow", f"{_WHERE}.groups[].id")

    def _start(self, group: Group, achievement: dict[str, Any], kind: str) -> str:
        iri = self.started[group.iri] = self._set(group, achievement, "started", kind, None)
        if whole(achievement.get("numSubjects")) == 0:
            self.absent.add(group.iri)
        return iri

    def _complete(self, group: Group, achievement: dict[str, Any], is_last: bool) -> str:
        kind = "completedStudy" if is_last else "completedPeriod"
        name = "completed" if is_last else f"completed {self.title}"
        return self._set(group, achievement, name, kind, self.started.get(group.iri), named=not is_last)

    def _inside(self, group: Group) -> str:
        """The set of those who started; one of unknown size where the record gives no number."""
        return self.started.get(group.iri) or self._start(group, {}, "startedPeriod")

    def _set(
        self, group: Group, achievement: dict[str, Any], name: str, kind: str, within: str | None, *,
        named: bool = False,
    ) -> str:  # fmt: skip
        label = ", ".join(part for part in (name, "" if named else self.name, group.title) if part)
        parts = [
            p.A + kg("AnalysisSet"),
            p.LABEL + text(f"{label}, {self.record.nct}"),
            p.SHORT_LABEL + text(label),
            p.GROUP + group.iri,
            p.SET_KIND + kg(kind),
            size_of(whole(achievement.get("numSubjects"))),
        ]
        units = whole(achievement.get("numUnits"))
        if units is not None:
            parts.append(p.UNIT_COUNT + integer(units))
            maybe(parts, p.UNIT_COUNTED, self.unit)
        if self.title:
            parts.append(p.PERIOD + text(self.title))
        if within:
            parts.append(p.SUBSET_OF + within)
        local = [slug(part, 30) for part in (name, "" if named else self.name) if part]
        return self.record.statement("set", "-".join((*local, slug(group.title, 40))), parts)

    def _count(
        self, group: Group, achievement: dict[str, Any], milestone: str, reason: str, reached: str,
        comment: str | None,
    ) -> None:  # fmt: skip
        record = self.record
        label = ", ".join(name for name in (self.title, milestone.lower(), reason) if name)
        parts = [
            p.A + kg("FlowCount"),
            p.LABEL + text(f"{label}, {group.title}, {record.nct}"),
            p.ENDPOINT + record.term("endpoint", "participants" if reached else "participant-flow"),
            p.STATISTIC + record.term("statistic", "count"),
            p.UNIT + record.term("unit", "participants"),
            p.GROUP + group.iri,
            p.PERIOD + text(self.title),
            p.MILESTONE + text(milestone),
        ]
        parts.append(p.ANALYSIS_SET + (reached or self._inside(group)))
        if reached:
            parts.append(p.A + kg("Result"))
        maybe(parts, p.DROP_REASON, reason)
        people = achievement.get("numSubjects")
        where = f"{_WHERE}.periods[].milestones[].achievements[]"
        parts += count_parts(record.count(people, f"{where}.numSubjects"), people)
        units = record.count(achievement.get("numUnits"), f"{where}.numUnits")
        if units is not None and not reached:  # those of a set stand on the set
            parts.append(p.COMMENT + text(f"{units} {self.unit or 'units'}"))
        for words in (comment, achievement.get("comment")):
            maybe(parts, p.COMMENT, words)
        local = [slug(name, 30) for name in (self.title, milestone, reason) if name]
        record.result("result", "-".join(("flow", *local, slug(group.title, 40))), parts)
