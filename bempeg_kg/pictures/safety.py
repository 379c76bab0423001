"""Adverse events: a dumbbell where two randomised arms report one, a point where one group does."""

from __future__ import annotations

from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import BLUE, GREY, ORANGE, Chart
from bempeg_kg.pictures.evidence_rows import (
    MOST,
    Record,
    counts_text,
    interval_of,
    marks_of,
    not_drawn,
    percent_text,
    rate,
    records_of,
)
from bempeg_kg.pictures.forest import Frame, Row, held_legend, rows_chart
from bempeg_kg.pictures.row_marks import Look, Mark
from bempeg_kg.pictures.style import INK

_FIRST, _SECOND, _LINK = Look("disc", ORANGE), Look("ring", INK), Look("link", GREY)
_ONE, _ONE_INTERIM, _OUTSIDE = Look("square", BLUE), Look("ring", BLUE), Look("diamond", GREY)
_EXACT = Look("thin interval", BLUE)
#: Marks an event of grade 3 or over.
SEVERE = "▲"


#: Notes below the picture; the first and the last are about differences.
_NOTES = (
    "Difference: first arm minus second, in percentage points, with its 95 % Newcombe interval.",
    "Reports differ in disease, dose, follow-up and attribution.",
    "An event that is missing was not reported, which is not the same as none.",
    "Many events are compared at once; no interval is corrected for it.",
)


def safety(kg: Graph, shape: str = "wide", **chosen: object) -> Chart:
    """Reported rates of adverse events: pairs of randomised arms by difference, then groups that stand alone.

    Grades 3 and over carry a triangle. Raises NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-safety", **chosen)
    records = records_of(table, "result", "adverse events", chosen)
    drawn = [
        record
        for record in records
        if record["unit"] != "events" and rate(record, "patientsWith") is not None
    ]
    if not drawn:
        raise NoAnswer("there is nothing to draw: no adverse event is counted in patients of a known number")
    known = {one["result"]: one for one in drawn}
    pairs = [
        pair
        for pair in kg.ask("event-differences", **{key: chosen[key] for key in ("trial",) if key in chosen})
        if pair["risk_difference"] is not None and {pair["first_result"], pair["second_result"]} <= set(known)
    ]
    paired = {pair[name] for pair in pairs for name in ("first_result", "second_result")}
    alone = [one for one in drawn if one["result"] not in paired]
    shown, kept = _largest(pairs, MOST), _highest(alone, max(0, MOST - len(pairs)))
    _name_organ_systems(drawn)
    rows = [*_pair_rows(kg, shown, known), *_single_rows(kg, kept)]
    notes = [*(_NOTES if shown else _NOTES[1:3])]
    of_rows = [*(known[pair["first_result"]] for pair in shown), *kept]
    graded = any(record["gradeName"] for record in of_rows)
    notes += _say_once(rows, of_rows, graded=graded)
    if any(record["patientsWithBasis"] == "derived" for record in drawn):
        notes.append("† number of patients worked out from the printed rate.")
    notes += not_drawn(len(records) - len(drawn), "counts of events, or without a number of patients")
    left = len(pairs) - len(shown) + len(alone) - len(kept)
    notes += not_drawn(left, f"more than {MOST} rows cannot be read; --trial, --drug narrow it")
    frame = Frame(
        "Adverse events, as reported",
        f"Percent of the patients counted{f'. {SEVERE} marks grade 3 and over.' if graded else '.'}",
        "patients with the event (percent)",
        ("grade", "n/N") if graded else ("n/N",),
        ("%", "95 % interval, or\ndifference (interval)"),
        notes=notes,
        legend=held_legend(rows, _legend()),
    )
    return rows_chart(rows, frame, table, shape)


def _say_once(rows: list[Row], records: list[Record], *, graded: bool) -> list[str]:
    """Take out of the rows what all of them say: that no grade is stated, and the cause; the note on that."""
    causes = {str(record["attribution"] or "") for record in records}
    cause = causes.pop() if len(causes) == 1 and len(records) > 1 else ""
    for row in rows:
        row.left = row.left if graded else row.left[1:]
        row.label = row.label.removesuffix(f", {cause}") if cause else row.label
    return [f"All events: {cause}."] if cause else []


def _legend() -> list[tuple[Mark, str]]:
    return [
        (Mark(_FIRST), "first arm of a randomised pair"),
        (Mark(_SECOND), "second arm"),
        (Mark(_ONE), "one group: final or only report"),
        (Mark(_ONE_INTERIM), "one group: interim, or the audited guide alone"),
        (Mark(_OUTSIDE), "one group outside the programme"),
        (Mark(_EXACT), "95 % exact interval (Clopper-Pearson), computed here"),
    ]


def _largest(pairs: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The largest differences of either sign, the events of the first arm first.

    A limit by the signed difference would leave out the events that the second arm had more often.

    >>> [one["risk_difference"] for one in _largest([{"risk_difference": d} for d in (-9, 1, 0, 4)], 3)]
    [4, 1, -9]
    """
    chosen = sorted(pairs, key=lambda pair: -abs(pair["risk_difference"]))[:most]
    return sorted(chosen, key=lambda pair: -pair["risk_difference"])


def _highest(records: list[Record], most: int) -> list[Record]:
    return sorted(records, key=lambda record: (-(rate(record, "patientsWith") or 0.0), record["result"]))[
        :most
    ]


def _pair_rows(kg: Graph, pairs: list[dict[str, Any]], known: dict[str, Record]) -> list[Row]:
    """Dumbbells by trial, the largest difference first."""
    rows: list[Row] = []
    trials: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for pair in pairs:
        trial = known[pair["first_result"]]["trialName"]
        trials.setdefault((trial, pair["first_group"], pair["second_group"]), []).append(pair)
    for (trial, first, second), members in trials.items():
        rows.append(
            Row(f"{trial}: {first} against {second}, more often in the first, then in the second", heading=1)
        )
        for pair in members:
            one, other = known[pair["first_result"]], known[pair["second_result"]]
            percents = [rate(record, "patientsWith") or 0.0 for record in (one, other)]
            counts = [counts_text(record, "patientsWith", "patientsWithBasis") for record in (one, other)]
            marks = [Mark(_LINK, min(percents), max(percents)), Mark(_SECOND, percents[1])]
            lower, upper = pair["risk_difference_lower"], pair["risk_difference_upper"]
            interval = f"{pair['risk_difference']:+} ({lower} to {upper})"
            rows.append(
                Row(
                    _event(one),
                    (_grade(one), " vs ".join(counts)),
                    (" vs ".join(percent_text(record, "patientsWith") for record in (one, other)), interval),
                    [*marks, Mark(_FIRST, percents[0])],
                    id=kg.names.shorten(pair["first_result"]),
                )
            )
    return rows


def _single_rows(kg: Graph, records: list[Record]) -> list[Row]:
    """Events of groups that no randomised arm stands beside, by trial and group, the highest rate first."""
    rows: list[Row] = []
    groups: dict[tuple[bool, str, str], list[Record]] = {}
    for record in records:
        key = (not record["inProgramme"], record["trialName"], record["groupName"])
        groups.setdefault(key, []).append(record)
    if groups:
        rows.append(
            Row("Groups by themselves: no other randomised arm is known for the same event", heading=1)
        )
    for (_, trial, group), members in sorted(groups.items()):
        rows.append(Row(f"{trial}: {group}", heading=2))
        rows += [_single_row(kg, one) for one in _highest(members, len(members))]
    return rows


def _single_row(kg: Graph, record: Record) -> Row:
    interval, lower, upper, printed = interval_of(record, "patientsWith")
    final = record["maturity"] != "interim" and record["basis"] != "seed"
    marks = marks_of(
        rate(record, "patientsWith"), (lower, upper), printed=printed, ours=bool(record["inProgramme"]),
        final=final,
    )  # fmt: skip
    interval += ", guide alone" if record["basis"] == "seed" else ""
    label = _event(record)
    counts = counts_text(record, "patientsWith", "patientsWithBasis")
    right = (percent_text(record, "patientsWith"), interval)
    return Row(label, (_grade(record), counts), right, marks, id=kg.names.shorten(record["result"]))


def _name_organ_systems(records: list[Record]) -> None:
    """Put the organ system into the names of events that a group has several times under the same name.

    A record can list "other" once for each organ system.

    >>> one = {"group": "a", "eventName": "other", "attribution": "", "serious": None, "gradeName": ""}
    >>> two = [one | {"organSystem": "Eye disorders"}, one | {"organSystem": "Vascular disorders"}]
    >>> _name_organ_systems(two)
    >>> [record["eventName"] for record in two]
    ['other (eye disorders)', 'other (vascular disorders)']
    """
    of_label: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        of_label.setdefault((record["group"], _event(record), _grade(record)), []).append(record)
    for alike in of_label.values():
        if len({record["organSystem"] for record in alike}) > 1:
            for record in alike:
                system = str(record["organSystem"] or "organ system not said").lower()
                record["eventName"] = f"{record['eventName']} ({system})"


def _event(record: Record) -> str:
    """The event, whether it was serious where a registry says so, and of what cause.

    >>> _event({"eventName": "syncope", "serious": True, "attribution": "all-cause"})
    'syncope, serious, all-cause'
    >>> _event({"eventName": "syncope", "serious": None, "attribution": None})
    'syncope, attribution not said'
    """
    is_serious = {True: "serious", False: "not serious"}.get(record["serious"])
    known = is_serious if is_serious and not str(record["eventName"]).startswith("any ") else ""
    return ", ".join(
        filter(None, (record["eventName"], known, record["attribution"] or "attribution not said"))
    )


def _grade(record: Record) -> str:
    """The grade in short, with a triangle from grade 3 on.

    >>> _grade({"gradeName": "adverse event grade 3 or 4"}), _grade({"gradeName": "adverse event any grade"})
    ('▲ 3 or 4', 'any')
    >>> _grade({"gradeName": None})
    'not said'
    """
    name = str(record["gradeName"] or "grade not said").removeprefix("adverse event ")
    short = name.replace("any grade", "any").removeprefix("grade ").partition(" (")[0]
    return f"{SEVERE} {short}" if any(digit in short for digit in "345") else short
