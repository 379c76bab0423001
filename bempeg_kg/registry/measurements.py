"""The measurements of one reported outcome as results, each in its analysis set."""

from __future__ import annotations

from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.record import Group, Record, maybe
from bempeg_kg.registry.terms import integer, kg, number, slug, text, whole
from bempeg_kg.registry.values import spread_parts, value_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bempeg_kg.registry.outcomes import Outcome

_MEASUREMENT = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].classes[].categories[].measurements[]"


class Counts:
    """How many of each unit (participants, lesions ...) were analysed in each group."""

    def __init__(self, denoms: list[dict[str, Any]], selected: str | None) -> None:
        self.by_unit = {
            one.get("units") or "Participants": {
                count["groupId"]: count.get("value") for count in one.get("counts") or ()
            }
            for one in denoms
        }
        people = [unit for unit in self.by_unit if codes.unit_kind(unit) == "people"]
        others = [unit for unit in self.by_unit if unit not in people]
        self.people = self.by_unit[people[0]] if people else {}
        self.unit = selected if selected in others else others[0] if others and not people else None
        self.units = self.by_unit[self.unit] if self.unit else {}


def map_measurements(record: Record, outcome: Outcome, measure: dict[str, Any]) -> dict[str, str]:
    """Write each measurement of an outcome: by class, category and group.

    Comes back with the result of each group (by its IRI) that has only one.
    """
    written: dict[str, list[str]] = {}
    kind = _Kind(record, outcome, measure)
    selected = measure.get("denomUnitsSelected") or measure.get("typeUnitsAnalyzed")
    counts = Counts(measure.get("denoms") or [], selected)
    definition = measure.get("populationDescription")
    whole_sets: dict[str, str] = {}
    for one in measure.get("classes") or ():
        title = one.get("title") or ""
        own = Counts(one["denoms"], selected) if one.get("denoms") else counts
        sets = {} if own is not counts else whole_sets
        for category in one.get("categories") or ():
            for measured in category.get("measurements") or ():
                group_id = measured["groupId"]
                if group_id not in sets:
                    part = title if own is not counts else ""
                    sets[group_id] = _set(record, outcome, own, group_id, part, definition)
                group = outcome.groups.get(group_id) or record.unlisted(group_id, outcome.title)
                result = kind.write(measured, own, group, sets[group_id], title, category.get("title") or "")
                written.setdefault(group.iri, []).append(result)
    for group_id in outcome.groups if not whole_sets else ():
        if group_id in counts.people or group_id in counts.units:
            _set(record, outcome, counts, group_id, "", definition)
    return {group: results[0] for group, results in written.items() if len(results) == 1}


def _set(
    record: Record, outcome: Outcome, counts: Counts, group_id: str, part: str, definition: str | None
) -> str:
    group = outcome.groups.get(group_id) or record.unlisted(group_id, outcome.title)
    size = whole(counts.people.get(group_id))
    label = ", ".join(name for name in (f"analysed for {outcome.title}", part, group.title) if name)
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{label}, {record.nct}"),
        p.SHORT_LABEL + text(label),
        p.GROUP + group.iri,
        p.SET_KIND + kg("analysed"),
        p.SIZE + integer(size) if size is not None else p.SIZE_STATUS + kg("notReported"),
    ]
    units = whole(counts.units.get(group_id))
    if units is not None and counts.unit:
        parts += (p.UNIT_COUNT + integer(units), p.UNIT_COUNTED + text(counts.unit))
    maybe(parts, p.SET_DEFINITION, definition)
    local = "-".join(
        name for name in (outcome.local, slug(part, 30) if part else "", slug(group.title, 40)) if name
    )
    return record.statement("set", local, parts)


class _Kind:
    """What the measurements of one outcome have in common, and how to write one."""

    def __init__(self, record: Record, outcome: Outcome, measure: dict[str, Any]) -> None:
        self.record = record
        self.outcome = outcome
        printed = (measure.get("paramType") or "").replace("_", " ")
        unit = measure.get("unitOfMeasure")
        self.dispersion = measure.get("dispersionType")
        of_unit = codes.unit_kind(unit or "")
        name = codes.STATISTIC.get(printed.lower(), "not-stated")
        words = f"{outcome.title} {measure.get('description') or ''}"
        name = codes.time_statistic(outcome.endpoint, name, unit or "", words)
        self.counts_people = name == "count" or (name == "number" and of_unit == "people")
        self.counts_units = name == "count-of-units"
        self.is_share = (
            name == "number" and of_unit == "percent-of-people" and not codes.is_timed(outcome.title)
        )
        if self.counts_people:
            name = "count"
        elif self.is_share:
            name = "proportion"
        head = [p.A + kg("Result"), p.ENDPOINT + outcome.endpoint, p.TRIAL_ENDPOINT + outcome.iri]
        head.append(p.STATISTIC + record.term("statistic", name))
        maybe(head, p.STATISTIC_PRINTED, printed)
        if unit:
            head += (p.UNIT + outcome.unit, p.UNIT_PRINTED + text(unit))
        self.head = head

    def write(
        self, measured: dict[str, Any], counts: Counts, group: Group, in_set: str, title: str, category: str
    ) -> str:  # fmt: skip
        """Write one measurement as a result; its IRI comes back."""
        outcome, record = self.outcome, self.record
        label = ", ".join(name for name in (outcome.title, title, category) if name)
        comment = measured.get("comment")
        parts = [
            *self.head,
            p.LABEL + text(f"{label}, {group.title}, {record.nct}"),
            p.GROUP + group.iri,
            p.ANALYSIS_SET + in_set,
        ]
        maybe(parts, p.CLASS_TITLE, title)
        maybe(parts, p.CATEGORY_TITLE, category)
        parts += value_parts(measured.get("value"), comment)
        parts += self._count(measured, counts, measured["groupId"])
        parts += spread_parts(measured, self.dispersion)
        maybe(parts, p.COMMENT, comment)
        local = [outcome.local]
        if title:
            local.append(slug(title, 30))
        if category:
            local.append(slug(category, 30))
        local.append(slug(group.title, 40))
        return record.result("result", "-".join(local), parts)

    def _count(self, measured: dict[str, Any], counts: Counts, group_id: str) -> list[str]:
        if not (self.counts_people or self.counts_units or self.is_share):
            return []
        by_units = (self.counts_units or counts.unit is not None) and bool(counts.units)
        out_of = whole((counts.units if by_units else counts.people).get(group_id))
        parts = [
            p.DENOMINATOR + integer(out_of)
            if out_of is not None
            else p.DENOMINATOR_STATUS + kg("notReported")
        ]
        if by_units and counts.unit:
            unit = self.record.shared("unit", counts.unit, "Unit")
            parts.append(p.DENOMINATOR_UNIT + unit)
        if not self.is_share:
            counted = whole(measured.get("value"))
            if counted is not None:
                parts.append(p.NUMERATOR + integer(counted))
            elif measured.get("value") and number(measured["value"]) is not None:
                self.record.problem(
                    f"{_MEASUREMENT}.value", "a count that is no whole number has no numerator"
                )
        return parts
