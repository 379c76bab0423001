"""The measurements of one reported outcome as results, each in its analysis set."""

from __future__ import annotations

import re
from copy import copy
from itertools import pairwise
from typing import NamedTuple

from bempeg_kg.rdf.ntriples import integer, kg, slug, text, whole
from bempeg_kg.registry import codes, hints
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.numbers import THOUSANDS, readings
from bempeg_kg.registry.outcome import Outcome
from bempeg_kg.registry.record import Group, Record, denominator, maybe, size_of
from bempeg_kg.registry.values import spread_parts, value_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from typing import Any

_MEASUREMENT = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].classes[].categories[].measurements[]"

NO_NUMERATOR = "a count that is no whole number has no numerator"
_DENOMINATOR = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].denoms[].counts[].value"
_IN_TITLE = re.compile(r"\bn\s*=\s*(\d{1,3}(?:,\d{3})+|\d+)", re.IGNORECASE)
#: What stands around several counts in the order of the groups: `Week 12 (n=216, n=234)`.
_OPENING = re.compile(r"[(\[]\s*$").search
_BETWEEN = re.compile(r"[\s,;/]*(?:and|&)?\s*", re.IGNORECASE).fullmatch


class Counts:
    """How many of each unit (participants, lesions ...) were analysed in each group."""

    def __init__(self, denoms: list[dict[str, Any]], selected: str | None) -> None:
        self.by_unit = {
            denominator.get("units") or "Participants": {
                count["groupId"]: count.get("value") for count in denominator.get("counts") or ()
            }
            for denominator in denoms
        }
        #: unit -> group -> count, of the units that are neither patients nor what the outcome counts
        self.further: dict[str, dict[str, Any]] = {}
        people = [unit for unit in self.by_unit if codes.unit_kind(unit) == "people"]
        others = [unit for unit in self.by_unit if unit not in people]
        self.people = self.by_unit[people[0]] if people else {}
        self.unit = selected if selected in others else others[0] if others and not people else None
        self.units = self.by_unit[self.unit] if self.unit else {}
        for unit, counts in self.by_unit.items():
            if unit != self.unit and unit not in people[:1]:
                self.further[unit] = counts

        #: the title in which the counts of patients are printed, if they are
        self.printed_in = ""

    def groups(self) -> set[str]:
        """The groups of which something is counted."""
        return {group_id for counts in self.by_unit.values() for group_id in counts}

    def in_title(self, title: str, measured: Sequence[str], counted: Mapping[str, int]) -> Counts:
        """The counts of patients that a title prints for the `measured` groups, else these counts.

        `Week 12 (n=216, n=234)` counts the groups in their order; where words stand between the numbers, the
        order may be another. Not taken is a number above that of the whole outcome, or below the patients
        `counted` in a category.
        """
        printed = _printed_sizes(title)
        if not printed or len(printed) != len(measured):
            return self
        for n, group_id in zip(printed, measured, strict=True):
            size = whole(self.people.get(group_id))
            if n is None or (size is not None and n > size) or n < counted.get(group_id, 0):
                return self
        own = copy(self)
        own.people = dict(zip(measured, printed, strict=True))
        own.further = {}
        own.by_unit = {"Participants": own.people}
        own.printed_in = title
        return own


def _printed_sizes(title: str) -> list[int | None]:
    """The sizes that a title prints: one, or several in one bracket with nothing between them.

    >>> _printed_sizes("Week 12 (n=216, n=1,234)"), _printed_sizes("Week 12, n=123")
    ([216, 1234], [123])
    >>> _printed_sizes("Week 12 (Placebo n=99, Drug A n=20)"), _printed_sizes("Gene n=3, n=4 copies")
    ([], [])
    """
    found = list(_IN_TITLE.finditer(title)) if "=" in title else []
    if len(found) > 1:
        between = (title[one.end() : other.start()] for one, other in pairwise(found))
        if not _OPENING(title[: found[0].start()]) or not all(map(_BETWEEN, between)):
            return []
    return [whole(one[1]) for one in found]


def _most_counted(measure_class: dict[str, Any]) -> dict[str, int]:
    """The largest whole number of each group in a class."""
    most: dict[str, int] = {}
    for category in measure_class.get("categories") or ():
        for measured in category.get("measurements") or ():
            counted = whole(measured.get("value"))
            if counted is not None:
                most[measured["groupId"]] = max(counted, most.get(measured["groupId"], 0))
    return most


def tell_unlisted(record: Record, counts: Counts, groups: Container[str], path: str) -> None:
    """Tell of denominators whose group is none of the list."""
    if not all(group_id in groups for group_id in counts.groups()):
        record.problem(path, "a denominator of a group that is not listed was left out")


class Written(NamedTuple):
    """What was written of an outcome, by the IRI of the group: its analysis sets and its results."""

    sets: dict[str, list[str]]
    results: dict[str, list[str]]

    def only_set(self, group: str) -> str | None:
        """The analysis set of a group that has one."""
        return self.sets[group][0] if len(self.sets.get(group, ())) == 1 else None

    def only_result(self, group: str) -> str | None:
        """The result of a group that has one."""
        return self.results[group][0] if len(self.results.get(group, ())) == 1 else None


def map_measurements(record: Record, outcome: Outcome, measure: dict[str, Any]) -> Written:
    """Write each measurement of an outcome: by class, category and group."""
    written = Written({}, {})
    selected = measure.get("denomUnitsSelected") or measure.get("typeUnitsAnalyzed")
    counts = Counts(measure.get("denoms") or [], selected)
    kind = _Kind(record, outcome, measure, by_units=counts.unit is not None)
    definition = measure.get("populationDescription")
    whole_sets: dict[str, str] = {}
    for measure_class in measure.get("classes") or ():
        title = measure_class.get("title") or ""
        own = Counts(measure_class["denoms"], selected) if measure_class.get("denoms") else counts
        if "=" in title and own is counts:
            here = {
                m["groupId"]
                for c in measure_class.get("categories") or ()
                for m in c.get("measurements") or ()
            }
            counted = _most_counted(measure_class) if kind.counts_people else {}
            own = counts.in_title(title, [one for one in outcome.groups if one in here], counted)
        sets = {} if own is not counts else whole_sets
        for category in measure_class.get("categories") or ():
            for measured in category.get("measurements") or ():
                group_id = measured["groupId"]
                group = outcome.groups.get(group_id)
                if group is None:
                    group = record.unlisted(group_id, outcome.title, f"{_MEASUREMENT}.groupId")
                if group_id not in sets:
                    part = title if own is not counts else ""
                    sets[group_id] = _sets(record, outcome, own, group, group_id, part, definition)
                    written.sets.setdefault(group.iri, []).append(sets[group_id])
                result = kind.write(measured, own, group, sets[group_id], title, category.get("title") or "")
                written.results.setdefault(group.iri, []).append(result)
        if own is not counts and not own.printed_in:
            _left(record, outcome, own, sets, title, definition)
    for group, analysis_set in _left(record, outcome, counts, whole_sets, "", definition):
        written.sets.setdefault(group.iri, [analysis_set])
    return written


def _left(
    record: Record, outcome: Outcome, counts: Counts, sets: dict[str, str], part: str, definition: str | None
) -> list[tuple[Group, str]]:
    """The sets of groups that were counted and of which nothing was measured, or only in parts."""
    counted = counts.groups() - sets.keys()
    tell_unlisted(record, counts, outcome.groups.keys() | sets.keys(), _DENOMINATOR)
    return [
        (group, _sets(record, outcome, counts, group, group_id, part, definition))
        for group_id, group in outcome.groups.items()
        if group_id in counted
    ]


def _sets(
    record: Record, outcome: Outcome, counts: Counts, group: Group, group_id: str, part: str,
    definition: str | None,
) -> str:  # fmt: skip
    """The analysis set of a group; further units that it lists get a set each, and are no denominator."""
    for unit, further in counts.further.items():
        if group_id in further:
            named = ", ".join(name for name in (part, unit) if name)
            units = (unit, further[group_id])
            _set(record, outcome, group, named, definition, counts.people.get(group_id), units)
    units = (counts.unit or "", counts.units.get(group_id))
    size = counts.people.get(group_id)
    return _set(record, outcome, group, part, definition, size, units, printed_in=counts.printed_in)


def _set(
    record: Record, outcome: Outcome, group: Group, part: str, definition: str | None,
    people: str | int | None, counted: tuple[str, str | int | None], *, printed_in: str = "",
) -> str:  # fmt: skip
    size = record.count(people, _DENOMINATOR)
    label = ", ".join(name for name in (f"analysed for {outcome.title}", part, group.title) if name)
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{label}, {record.nct}"),
        p.SHORT_LABEL + text(label),
        p.GROUP + group.iri,
        p.SET_KIND + kg("analysed"),
        size_of(size),
    ]
    units = record.count(counted[1], _DENOMINATOR)
    if units is not None and counted[0]:
        parts += (p.UNIT_COUNT + integer(units), p.UNIT_COUNTED + text(counted[0]))
    maybe(parts, p.SET_DEFINITION, definition)
    if printed_in:
        parts.append(p.COMMENT + text(f"size as the title of the class prints it: {printed_in}"))
    local = "-".join(
        name for name in (outcome.local, slug(part, 30) if part else "", slug(group.title, 40)) if name
    )
    return record.statement("set", local, parts)


class _Kind:
    """What the measurements of one outcome have in common, and how to write one."""

    def __init__(self, record: Record, outcome: Outcome, measure: dict[str, Any], *, by_units: bool) -> None:
        self.record = record
        self.outcome = outcome
        printed = (measure.get("paramType") or "").replace("_", " ")
        unit = measure.get("unitOfMeasure")
        self.dispersion = measure.get("dispersionType")
        of_unit = codes.unit_kind(unit or "")
        name = codes.STATISTIC.get(printed.lower(), "not-stated")
        words = f"{outcome.title} {measure.get('description') or ''}"
        estimated = hints.estimation(f"{words} {measure.get('populationDescription') or ''}")
        name = codes.time_statistic(outcome.endpoint, name, unit or "", words)
        self.counts_people = name == "count" or (name == "number" and of_unit == "people" and not by_units)
        self.counts_units = name == "count-of-units"
        of_people = of_unit == "percent-of-people" and not (
            codes.is_timed(outcome.title) or hints.OVER_TIME.intersection(estimated)
        )
        self.is_share = name == "number" and of_people and not by_units
        if self.counts_people:
            name = "count"
        elif self.is_share:
            name = "proportion"
        head = [p.A + kg("Result"), p.ENDPOINT + outcome.endpoint, p.TRIAL_ENDPOINT + outcome.iri]
        head.append(p.STATISTIC + record.term("statistic", name))
        maybe(head, p.STATISTIC_PRINTED, printed)
        head.append(p.UNIT + outcome.unit)
        maybe(head, p.UNIT_PRINTED, unit)
        head += [p.ESTIMATED_BY + one for one in estimated]
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
        style = self._style(measured)
        parts += value_parts(measured.get("value"), comment, style)
        parts += self._count(measured, counts, measured["groupId"])
        parts += spread_parts(measured, self.dispersion, style)
        maybe(parts, p.COMMENT, comment)
        local = [outcome.local]
        if title:
            local.append(slug(title, 30))
        if category:
            local.append(slug(category, 30))
        local.append(slug(group.title, 40))
        return record.result("result", "-".join(local), parts)

    def _style(self, measured: dict[str, Any]) -> str:
        """How ambiguous numbers of a measurement are read, telling of texts with digits that are none."""
        numbers, value = self.outcome.numbers, measured.get("value")
        if (self.counts_people or self.counts_units) and whole(value) is not None:
            return THOUSANDS
        lower, upper, spread = (measured.get(key) for key in ("lowerLimit", "upperLimit", "spread"))
        style = numbers.style(f"{_MEASUREMENT}.value", value, lower, upper)
        style = style or numbers.style(f"{_MEASUREMENT}.spread", spread, None, None)
        for key, printed in (
            ("value", value),
            ("spread", spread),
            ("lowerLimit", lower),
            ("upperLimit", upper),
        ):
            numbers.unread(f"{_MEASUREMENT}.{key}", printed, style)
        return style

    def _count(self, measured: dict[str, Any], counts: Counts, group_id: str) -> list[str]:
        """Numerator and denominator: of patients, or of the other units in which an outcome counts."""
        if self.counts_units:
            out_of = whole(counts.units.get(group_id))
            if out_of is None or not counts.unit:
                return []
            unit = self.record.shared("unit", counts.unit, "Unit")
            return [p.UNIT_DENOMINATOR + integer(out_of), p.DENOMINATOR_UNIT + unit]
        if not (self.counts_people or self.is_share):
            return []
        out_of = whole(counts.people.get(group_id))
        parts = [denominator(out_of)]
        if self.counts_people:
            counted = whole(measured.get("value"))
            if counted is not None:
                parts.append(p.NUMERATOR + integer(counted))
            elif measured.get("value") and readings(measured["value"]):
                self.record.problem(f"{_MEASUREMENT}.value", NO_NUMERATOR)
        return parts
