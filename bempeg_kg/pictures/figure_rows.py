"""Declared figures of rows: forest, bars, dumbbell."""

from __future__ import annotations

from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.networks.plain import shortest_text
from bempeg_kg.pictures.chart import BLUE, GREY, ORANGE, Chart
from bempeg_kg.pictures.figure_table import MOST, Reading, column_words, left_out
from bempeg_kg.pictures.forest import Frame, Row, held_legend, rows_chart
from bempeg_kg.pictures.row_marks import Look, Mark
from bempeg_kg.pictures.style import INK

_POINT, _PRINTED, _EXACT = Look("square", BLUE), Look("interval", BLUE), Look("thin interval", BLUE)
_BAR, _FIRST, _SECOND, _LINK = Look("bar", BLUE), Look("disc", ORANGE), Look("ring", INK), Look("link", GREY)
#: Most of the axis that the numbers of percentages may leave empty before it is shortened.
_WHOLE = 100.0


def forest(reading: Reading) -> Chart:
    """Estimates with their intervals; see `figures.FIGURES`."""
    log, rows = reading.words.get("scale") == "log", []
    spans: list[float] = []
    for row in list(reading.rows())[:MOST]:
        value, ends, interval, exact = _estimate(reading, row, log=log)
        if value is None or (log and value <= 0):
            continue
        marks = [Mark(_EXACT if exact else _PRINTED, *ends)] if ends else []
        spans += [value, *(ends or ())]
        left = (_counted(reading, row),) if "count" in reading.roles else ()
        right = [reading.text(row, "value") or f"{value:.1f}", interval]
        right += [reading.text(row, "note")] if "note" in reading.roles else []
        rows.append((row, Row(reading.text(row, "label"), left, right, [*marks, Mark(_POINT, value)])))
    drawn = grouped(reading, rows)
    frame = Frame(
        reading.title,
        "",
        reading.axis(),
        ("n/N",) if "count" in reading.roles else (),
        ["value", _interval_head(reading), *(["note"] if "note" in reading.roles else [])],
        _limits(spans, log=log),
        log=log,
        reference=float(reading.words["reference"]) if "reference" in reading.words else None,
        notes=_notes(reading, len(rows)),
        legend=held_legend(drawn, _forest_legend()),
    )
    return rows_chart(drawn, frame, reading.table, reading.shape)


def _forest_legend() -> list[tuple[Mark, str]]:
    exact = "95 % exact interval (Clopper-Pearson), computed here"
    return [(Mark(_PRINTED), "interval as the answer gives it"), (Mark(_EXACT), exact)]


def _estimate(
    reading: Reading, row: dict[str, Any], *, log: bool
) -> tuple[float | None, tuple[float, float] | None, str, bool]:
    """The value, the ends of its interval, the interval as text, and whether it was computed here.

    The interval is the one of the row, with its level; else, of a percentage with counts, the exact one.
    """
    value, lower, upper = (reading.number(row, role) for role in ("value", "lower", "upper"))
    printed = [reading.text(row, role) for role in ("lower", "upper") if role in reading.roles]
    interval = " to ".join(printed) if all(printed) else ""
    if interval and (lower is None or upper is None):  # an end that was not reached cannot be drawn
        return value, None, interval + _level(reading, row), False
    if lower is not None and upper is not None:
        return value, (lower, upper), interval + _level(reading, row), False
    count, total = reading.number(row, "count"), reading.number(row, "total")
    if log or count is None or not total or not 0 <= count <= total or count != int(count):
        return value, None, "no interval", False
    exact = clopper_pearson(int(count), int(total))
    ends = (100 * exact.lower, 100 * exact.upper)
    share = 100 * count / total if value is None else value
    return share, ends, f"{ends[0]:.1f} to {ends[1]:.1f}", True


def _interval_head(reading: Reading) -> str:
    """What heads the intervals; an answer that has no level of each says it in its title."""
    is_known = "level" in reading.roles or "lower" not in reading.roles
    return "95 % interval\nunless marked" if is_known else "interval"


def _level(reading: Reading, row: dict[str, Any]) -> str:
    """The level of an interval behind it, where it is not 95."""
    if "level" not in reading.roles:
        return ""
    level = reading.number(row, "level")
    return " (level not stated)" if level is None else "" if level == 95 else f" ({shortest_text(level)} %)"


def _counted(reading: Reading, row: dict[str, Any]) -> str:
    count, total = reading.text(row, "count"), reading.text(row, "total")
    return f"{count or '?'}/{total or '?'}" if count or total else "not published"


def bars(reading: Reading) -> Chart:
    """One bar a row, from zero; see `figures.FIGURES`."""
    rows = []
    for row in list(reading.rows())[:MOST]:
        value = reading.number(row, "value")
        if value is None:
            continue
        left = (_counted(reading, row),) if "count" in reading.roles else ()
        right = [
            reading.text(row, "value"),
            *([reading.text(row, "note")] if "note" in reading.roles else []),
        ]
        rows.append((row, Row(reading.text(row, "label"), left, right, [Mark(_BAR, 0, value)])))
    drawn = grouped(reading, rows)
    values = [mark.end or 0.0 for row in drawn for mark in row.marks]
    frame = Frame(
        reading.title,
        "",
        reading.axis(),
        ("n/N",) if "count" in reading.roles else (),
        ["value", *(["note"] if "note" in reading.roles else [])],
        (min([0.0, *values]), max([0.0, *values]) * 1.05 or 1.0),
        reference=0.0,
        notes=_notes(reading, len(rows)),
    )
    return rows_chart(drawn, frame, reading.table, reading.shape)


def dumbbell(reading: Reading) -> Chart:
    """Two numbers a row, the largest difference first; see `figures.FIGURES`."""
    rows = []
    for row in reading.rows():
        first, second = reading.number(row, "value"), reading.number(row, "second")
        if first is None or second is None:
            continue
        severe = "▲ " if reading.text(row, "severe").lower() not in ("", "false", "no", "0") else ""
        marks = [Mark(_LINK, min(first, second), max(first, second)), Mark(_SECOND, second)]
        right = (reading.text(row, "value"), reading.text(row, "second"), f"{first - second:+.3g}")
        label = severe + reading.text(row, "label")
        rows.append((first - second, (row, Row(label, (), right, [*marks, Mark(_FIRST, first)]))))
    rows.sort(key=lambda one: -one[0])
    drawn = grouped(reading, [one for _, one in rows[:MOST]])
    names = [", ".join(map(column_words, reading.roles[role])) for role in ("value", "second")]
    values = [mark.at for row in drawn for mark in row.marks]
    notes = _notes(reading, min(len(rows), MOST))
    notes += ["▲ marks grade 3 and over."] if any(row.label.startswith("▲") for row in drawn) else []
    frame = Frame(
        reading.title,
        "Largest difference first.",
        reading.axis(),
        (),
        (*names, "difference"),
        _limits(values, log=False),
        notes=notes,
        legend=[(Mark(_FIRST), names[0]), (Mark(_SECOND), names[1])],
    )
    return rows_chart(drawn, frame, reading.table, reading.shape)


def grouped(reading: Reading, rows: list[tuple[dict[str, Any], Row]]) -> list[Row]:
    """Rows under a heading a group, in the order in which groups come. Raises NoAnswer for no row."""
    if not rows:
        raise NoAnswer("there is nothing to draw: no row of the answer holds the numbers of the figure")
    groups: dict[str, list[Row]] = {}
    for row, drawn in rows:
        groups.setdefault(reading.text(row, "group"), []).append(drawn)
    listed: list[Row] = []
    for name, members in groups.items():
        listed += [Row(name, heading=1)] if name else []
        listed += members
    return listed


def _limits(values: list[float], *, log: bool) -> tuple[float, float]:
    """The ends of an axis: those of percentages are 0 and 100, those of ratios hold 1."""
    if not values:
        return (0.0, 1.0)
    if log:
        held = [value for value in values if value > 0]
        return (min([*held, 0.6]) * 0.92, max([*held, 1.7]) * 1.08)
    low, high = min([0.0, *values]), max(values)
    if low == 0.0 and 20 < high <= _WHOLE:
        return (0.0, _WHOLE)
    return (low * 1.05, high * 1.08 or 1.0)


def _notes(reading: Reading, drawn: int) -> list[str]:
    notes = [reading.caveat] if reading.caveat else []
    return notes + left_out(sum(1 for _ in reading.rows()) - drawn)
