"""The timeline of a programme: trials as bars, what happened as marks with their labels.

A bar runs from the start of a trial to its completion; where none is known, it fades out behind the last day
on which something of the trial is known. A date is written as precisely as it is known.
"""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.timecut import span
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.course import Bar, Course, Happening
from bempeg_kg.pictures.evidence_rows import MOST
from bempeg_kg.pictures.timeline_drawing import draw_timeline
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Record = dict[str, Any]

#: Types of event that the ends of a bar show already.
_SHOWN_BY_BARS = ("trial start", "completion")
_DATES = {
    "start": "start",
    "primaryCompletion": "primary completion",
    "completion": "completion",
    "stop": "stop announced",
}


def timeline(kg: Graph, shape: str = "wide") -> Chart:
    """The timeline of a graph; that of a graph as of a day (`KnowledgeGraph.as_of`) ends on the day.

    The table has a row for each dated fact of a trial and each event: date (as precisely as it is known),
    what, type, trials, source, basis. Raises NoAnswer if nothing has a date.
    """
    trials = list({row["trial"]: row for row in kg.ask("picture-lineage-trials")}.values())
    events = _events(kg)
    if not events and not any(row["start"] for row in trials):
        public = f" that was public by {kg.cut.day.isoformat()}" if kg.cut is not None else ""
        raise NoAnswer(f"there is nothing to draw: no trial and no event{public} has a date")
    happenings = [
        Happening(0, event["date"], *span(event["date"]), event["type"], event["label"], event["trials"])
        for event in events
    ]
    bars = sorted(
        (_bar(row, happenings) for row in trials if row["start"]), key=lambda bar: (bar.first, bar.name)
    )
    drawn = bars[-MOST:]
    day = kg.cut.day if kg.cut is not None else None
    course = Course(
        "Timeline of the programme" + (f", as it was public on {day.isoformat()}" if day else ""),
        drawn,
        [
            happening
            for happening in happenings
            if happening.type not in _SHOWN_BY_BARS or not happening.trials
        ],
        sorted(row["name"] for row in trials if not row["start"]),
        day,
        len(bars) - len(drawn),
    )
    for number, one in enumerate(course.happenings, 1):
        one.number = number
    summary = f"{course.title}: {len(drawn)} trials as bars and {len(course.happenings)} events as marks."
    if course.left_out:
        summary += f" {course.left_out} trials that began earlier are in the table alone."
    return Chart(draw_timeline(course, shape), course.title, summary, _table(kg, trials, events))


def _events(kg: Graph) -> list[Record]:
    """One record an event, by date, with the trials that it concerns or affects."""
    events: dict[str, Record] = {}
    for row in kg.ask("picture-lineage-events"):
        event = events.setdefault(row["event"], {**row, "trials": []})
        about = row["how"] in ("concerns", "affects") and kg.names.kind_of(row["term"]) == "trial"
        if about and row["term"] not in event["trials"]:
            event["trials"].append(row["term"])
    return list(events.values())


def _bar(row: Record, happenings: list[Happening]) -> Bar:
    first, last = span(row["start"])[0], span(row["start"])[1]
    known = [span(row[name])[1] for name in ("completion", "primaryCompletion", "stop") if row[name]]
    known += [
        event.last for event in happenings if row["trial"] in event.trials and event.type != "publication"
    ]
    if row["completion"]:
        last = span(row["completion"])[1]
    elif known:
        last = max(last, *known)
    phase = row["phase"] if row["phase"] != "not found" else None
    size = None if row["patients"] is None else f"n = {row['patients']}"
    size = f"{size} planned" if size and row["patientsAre"] == "planned" else size
    details = ", ".join(part for part in (phase, size) if part)
    return Bar(row["trial"], row["name"], details, first, max(first, last), bool(row["completion"]))


def _table(kg: Graph, trials: list[Record], events: list[Record]) -> Table:
    names = {row["trial"]: row["name"] for row in trials}
    rows: list[list[object]] = []
    for row in trials:
        ground = [row["name"], _source(kg, row), row["basis"]]
        for key, meaning in _DATES.items():
            if row[key]:
                rows.append([row[key], f"{row['name']}: {meaning}", "trial", *ground])
        if not row["start"]:
            rows.append([None, f"{row['name']}: start not known", "trial", *ground])
    for event in events:
        concerned = ", ".join(names[trial] for trial in event["trials"] if trial in names)
        dated = [event["date"], event["label"], event["type"], concerned]
        rows.append([*dated, _source(kg, event), event["basis"]])
    rows.sort(key=lambda cells: (cells[0] is None, str(cells[0]), str(cells[1])))
    return Table.of(["date", "what", "type", "trials", "source", "basis"], rows, names=kg.names)


def _source(kg: Graph, row: Record) -> str | None:
    return kg.names.shorten(row["source"]) if row["source"] else None
