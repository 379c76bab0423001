"""Baseline characteristics: who the groups were at the start. They are no outcomes, and no results."""

from __future__ import annotations

from bempeg_kg.rdf.ntriples import integer, kg, slug, text, whole
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.measurements import NO_NUMERATOR, Counts, tell_unlisted
from bempeg_kg.registry.numbers import THOUSANDS, readings
from bempeg_kg.registry.record import Group, Record, denominator, groups_of, maybe, size_of
from bempeg_kg.registry.values import Numbers, spread_parts, value_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHERE = "resultsSection.baselineCharacteristicsModule"
_MEASUREMENT = f"{_WHERE}.measures[].classes[].categories[].measurements[]"


def map_baseline(record: Record, study: dict[str, Any]) -> None:
    """Write the baseline characteristics of a record."""
    module = (study.get("resultsSection") or {}).get("baselineCharacteristicsModule")
    if not module:
        return
    groups = groups_of(record, module.get("groups") or [])
    counts = Counts(module.get("denoms") or [], module.get("typeUnitsAnalyzed"))
    tell_unlisted(record, counts, groups, f"{_WHERE}.denoms[].counts[].groupId")
    sets = {
        group_id: _set(record, group, counts, group_id, module.get("populationDescription"))
        for group_id, group in groups.items()
    }
    for group_id, iri in list(sets.items()):
        sets[f"{group_id} {counts.people.get(group_id)}"] = iri
    for measure in module.get("measures") or ():
        _Measure(record, measure, groups, counts, sets).map()


def _set(record: Record, group: Group, counts: Counts, group_id: str, definition: str | None) -> str:
    label = f"at baseline, {group.title}"
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{label}, {record.nct}"),
        p.SHORT_LABEL + text(label),
        p.GROUP + group.iri,
        p.SET_KIND + kg("atBaseline"),
        size_of(record.count(counts.people.get(group_id), f"{_WHERE}.denoms[].counts[].value")),
    ]
    units = whole(counts.units.get(group_id))
    if units is not None and counts.unit:
        parts += (p.UNIT_COUNT + integer(units), p.UNIT_COUNTED + text(counts.unit))
    for unit, further in counts.further.items():
        if group_id in further:
            parts.append(p.COMMENT + text(f"{further[group_id]} {unit}"))
    maybe(parts, p.SET_DEFINITION, definition)
    return record.statement("set", f"baseline-{slug(group.title, 40)}", parts)


class _Measure:
    """One characteristic, such as the age."""

    def __init__(
        self, record: Record, measure: dict[str, Any], groups: dict[str, Group], counts: Counts,
        sets: dict[str, str],
    ) -> None:  # fmt: skip
        self.record = record
        self.measure = measure
        self.groups = groups
        self.sets = sets
        self.whole = counts
        self.title = measure.get("title") or "Characteristic without a title"
        selected = measure.get("denomUnitsSelected")
        self.counts = Counts(measure["denoms"], selected) if measure.get("denoms") else counts
        #: it counts in a unit such as eyes
        self.in_units = selected is not None and selected == self.counts.unit
        self.numbers = Numbers(record.problem, lambda: _printed(measure))
        printed = (measure.get("paramType") or "").replace("_", " ")
        self.statistic = codes.STATISTIC.get(printed.lower(), "not-stated")
        self.counts_people = self.statistic == "count"
        unit = measure.get("unitOfMeasure")
        known = codes.known_unit(unit) if unit else "not-stated"
        self.head = [
            p.A + kg("BaselineMeasurement"),
            p.ENDPOINT + record.term("endpoint", "baseline-characteristic"),
            p.CHARACTERISTIC + text(self.title),
            p.STATISTIC + record.term("statistic", self.statistic),
            p.UNIT + (record.term("unit", known) if known else record.shared("unit", unit or "", "Unit")),
        ]
        maybe(self.head, p.STATISTIC_PRINTED, printed)
        maybe(self.head, p.UNIT_PRINTED, unit)
        for words in (measure.get("description"), measure.get("populationDescription")):
            maybe(self.head, p.DENOMINATOR_COMMENT, words)

    def map(self) -> None:
        """Write each measurement: by class, category and group."""
        if self.counts is not self.whole:
            for group_id in (one for one in self.groups if one in self.counts.groups()):
                self._set(self.groups[group_id], self.counts, group_id)
        for cls in self.measure.get("classes") or ():
            title = cls.get("title") or ""
            selected = self.measure.get("denomUnitsSelected")
            counts = Counts(cls["denoms"], selected) if cls.get("denoms") else self.counts
            if counts is not self.whole:
                tell_unlisted(
                    self.record, counts, self.groups, f"{_WHERE}.measures[].denoms[].counts[].groupId"
                )
            for category in cls.get("categories") or ():
                for measured in category.get("measurements") or ():
                    self._write(measured, counts, title, category.get("title") or "")

    def _set(self, group: Group, counts: Counts, group_id: str) -> str:
        """The set of a group; one of its own where a characteristic was known of fewer."""
        further = [f" {by_group.get(group_id)} {unit}" for unit, by_group in counts.further.items()]
        key = (
            group_id
            if counts is self.whole
            else f"{group_id} {counts.people.get(group_id)}{''.join(further)}"
        )
        if key not in self.sets:
            self.sets[key] = _set(self.record, group, counts, group_id, None)
        return self.sets[key]

    def _write(self, measured: dict[str, Any], counts: Counts, title: str, category: str) -> None:
        record, group_id = self.record, measured["groupId"]
        group = self.groups.get(group_id) or record.unlisted(group_id, "baseline", f"{_WHERE}.groups[].id")
        label = ", ".join(name for name in (self.title, title, category) if name)
        parts = [
            *self.head,
            p.LABEL + text(f"{label}, at baseline, {group.title}, {record.nct}"),
            p.GROUP + group.iri,
            p.ANALYSIS_SET + self._set(group, counts, group_id),
        ]
        maybe(parts, p.CLASS_TITLE, title)
        maybe(parts, p.CATEGORY_TITLE, category)
        value, comment = measured.get("value"), measured.get("comment")
        counted = whole(value) if self.counts_people else None
        style = THOUSANDS if counted is not None else ""
        if not style:
            limits = measured.get("lowerLimit"), measured.get("upperLimit")
            style = self.numbers.style(f"{_MEASUREMENT}.value", value, *limits)
            style = style or self.numbers.style(f"{_MEASUREMENT}.spread", measured.get("spread"), None, None)
        for key in ("value", "spread", "lowerLimit", "upperLimit"):
            self.numbers.unread(f"{_MEASUREMENT}.{key}", measured.get(key), style)
        if self.counts_people and counted is None and readings(value or ""):
            record.problem(f"{_MEASUREMENT}.value", NO_NUMERATOR)
        parts += value_parts(value, comment, style)
        if counted is not None:
            parts.append(p.NUMERATOR + integer(counted))
        parts += self._denominators(counts, group_id)
        parts += spread_parts(measured, self.measure.get("dispersionType"), style)
        maybe(parts, p.COMMENT, comment)
        local = [slug(name, 30) for name in (self.title, title, category) if name]
        record.result("result", "-".join(("baseline", *local, slug(group.title, 40))), parts)

    def _denominators(self, counts: Counts, group_id: str) -> list[str]:
        """Out of how many patients, and of how many of the units in which a record counts."""
        parts = [denominator(whole(counts.people.get(group_id)))]
        units = whole(counts.units.get(group_id))
        if units is not None and counts.unit and (self.in_units or not counts.people):
            unit = self.record.shared("unit", counts.unit, "Unit")
            parts += (p.UNIT_DENOMINATOR + integer(units), p.DENOMINATOR_UNIT + unit)
        return parts


def _printed(measure: dict[str, Any]) -> list[str]:
    return [
        measurement[key]
        for part in measure.get("classes") or ()
        for category in part.get("categories") or ()
        for measurement in category.get("measurements") or ()
        for key in ("value", "spread", "lowerLimit", "upperLimit")
        if measurement.get(key)
    ]
