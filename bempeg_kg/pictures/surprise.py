"""The chance of the early response count over true rates, with benchmarks and the later control marked."""

from __future__ import annotations

from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.curve import lines_chart
from bempeg_kg.pictures.figure_table import Reading
from bempeg_kg.pictures.scene import Point

#: Rates marked on the curve at most, and the words that stand for the grid of `how-surprising`.
_MARKS, _GRID = 6, "range of true rates"


def surprise(kg: Graph, shape: str = "wide", early: str | None = None) -> Chart:
    """The curve of `surprise-curve` for an early result, with rates of `how-surprising` marked.

    The table is that of `how-surprising`. Raises NoAnswer if there is no early result with counts.
    """
    chosen: dict[str, object] = {"early": early} if early else {}
    if not kg.content.has_shipped and not early:
        raise NoAnswer("there is nothing to draw: name an early result, a count of responders")
    points = kg.ask("surprise-curve", **chosen)
    table = kg.ask("how-surprising", **chosen)
    lines: dict[str, list[Point]] = {}
    for row in points:
        name = f"{row['n']} or more of {row['denominator']} ({row['set_kind']})"
        lines.setdefault(name, []).append((float(row["true_rate"]), float(row["chance"])))
    if not lines:
        raise NoAnswer("there is nothing to draw: the early result has no count of responders")
    marked = _marked(list(table))
    title = "How surprising is the early response rate if the drug adds nothing?"
    notes = [
        "Chance of at least so many responders at each true rate, if nothing had been "
        "selected. It is not the chance that the drug adds nothing.",
        *[f"{name}: {chances}" for name, chances in marked.values()],
        "A benchmark from a later trial was not known at the time.",
    ]
    at = {f"{number}: {rate:g} %": rate for number, rate in enumerate(marked, 1)}
    notes[1:-1] = [f"{number}: {note}" for number, note in enumerate(notes[1:-1], 1)]
    reading = Reading(table, {}, {}, {}, title, "", shape)
    return lines_chart(reading, lines, ("true response rate (percent)", "chance"), at, notes)


def _marked(rows: list[dict[str, Any]]) -> dict[float, tuple[str, str]]:
    """True rate -> what it is, and the chance over each denominator; the first rates that are no grid."""
    marks: dict[float, tuple[str, list[str]]] = {}
    for row in rows:
        if any(word in str(row["what"]) for word in (_GRID, "limit at", "spread")):
            continue
        rate = float(row["true_rate"])
        if rate in marks or len(marks) < _MARKS:
            kept = marks.setdefault(rate, (str(row["what"]), []))
            kept[1].append(f"{row['chance']} ({row['n']} of {row['denominator']})")
    return {
        rate: (f"{rate:g} %, {what}", "chance " + ", ".join(dict.fromkeys(chances)))
        for rate, (what, chances) in sorted(marks.items())
    }
