"""Declared figures of rows: forest, bars, dumbbell."""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.networks.plain import shortest_text
from bempeg_kg.pictures.chart import BLUE, GREY, ORANGE, Chart
from bempeg_kg.pictures.figure_table import Held, Reading, column_words, left_out
from bempeg_kg.pictures.forest import Frame, Row, held_legend, rows_chart
from bempeg_kg.pictures.row_marks import Look, Mark
from bempeg_kg.pictures.style import INK
from bempeg_kg.pictures.words import favours, versus

_POINT, _PRINTED, _EXACT = Look("square", BLUE), Look("interval", BLUE), Look("thin interval", BLUE)
_BAR, _FIRST, _SECOND, _LINK = Look("bar", BLUE), Look("disc", ORANGE), Look("ring", INK), Look("link", GREY)
#: The 100 % end of a scale of percent.
_WHOLE = 100.0
#: What a query says in place of a reference group that its source does not name.
_NOT_STATED = "not stated"


def forest(reading: Reading) -> Chart:
    """Estimates with their intervals; see `figures.FIGURES`."""
    log, found = reading.words.get("scale") == "log", []
    for row in reading.rows():
        estimate = _estimate(reading, row, log=log)
        if estimate[0] is not None and not (log and estimate[0] <= 0):
            found.append((row, estimate))
    spans: list[float] = []
    rows = []
    for row, (value, ends, interval, exact) in found[: reading.most]:
        assert value is not None
        marks = [Mark(_EXACT if exact else _PRINTED, *ends)] if ends else []
        spans += [value, *(ends or ())]
        left = (_counted(reading, row),) if "count" in reading.roles else ()
        is_printed = reading.number(row, "value") == value
        right = [reading.text(row, "value") if is_printed else f"{value:.1f}", interval]
        rows.append((row, Row("", left, right, [*marks, Mark(_POINT, value)], places=row.places)))
    drawn = grouped(reading, rows)
    levels = {_level_of(reading, row) for row, one in found if one[1] and not one[3]}
    exact_head = {95.0} if any(one[3] for _, one in found) else set()
    frame = Frame(
        reading.title,
        _sides_note(reading, log=log),
        f"{reading.axis()} (logarithmic)" if log else reading.axis(),
        ("n/N",) if "count" in reading.roles else (),
        [reading.value_head(), _interval_head(levels | exact_head)],
        _limits(spans, log=log, percent=reading.words.get("unit") == "%"),
        log=log,
        reference=float(reading.words["reference"]) if "reference" in reading.words else None,
        notes=_notes(reading, len(found)),
        legend=held_legend(drawn, _forest_legend()),
    )
    return rows_chart(drawn, frame, reading.table, reading.shape)


def _forest_legend() -> list[tuple[Mark, str]]:
    exact = "95 % exact interval (Clopper-Pearson), computed here"
    return [(Mark(_PRINTED), "interval as the answer gives it"), (Mark(_EXACT), exact)]


def _sides_note(reading: Reading, *, log: bool) -> str:
    """What each side of a plot of ratios favours, where no heading names the groups."""
    if not log or "sides" in reading.roles:
        return ""
    return "Left of the line the compared arm is favoured, right of it its comparator."


def _estimate(
    reading: Reading, row: Held, *, log: bool
) -> tuple[float | None, tuple[float, float] | None, str, bool]:
    """The value, the ends of its interval, the interval as text, and whether it was computed here.

    The interval is the one of the row, with its level; else, of a percentage with counts, the exact one.
    """
    value, lower, upper = (reading.number(row, role) for role in ("value", "lower", "upper"))
    is_share = reading.words.get("unit") == "%" and not log
    count, total = reading.number(row, "count"), reading.number(row, "total")
    has_counts = is_share and count is not None and total and 0 <= count <= total and count == int(count)
    if is_share and "units" in reading.roles and reading.text(row, "units") not in ("percent", "%"):
        value = 100 * (count or 0) / total if has_counts and total else None
    printed = [reading.text(row, role) for role in ("lower", "upper") if role in reading.roles]
    interval = " to ".join(printed) if all(printed) else ""
    if interval and (lower is None or upper is None):  # an end that was not reached cannot be drawn
        return value, None, interval + _level(reading, row), False
    if lower is not None and upper is not None:
        return value, (lower, upper), interval + _level(reading, row), False
    if not has_counts or count is None or not total:
        return value, None, "no interval", False
    exact = clopper_pearson(int(count), int(total))
    ends = (100 * exact.lower, 100 * exact.upper)
    share = 100 * count / total if value is None else value
    return share, ends, f"{ends[0]:.1f} to {ends[1]:.1f}", True


def _interval_head(levels: set[float | None]) -> str:
    """What heads the intervals: their level if they share one, else the usual one."""
    if len(levels) == 1 and None not in levels:
        return f"{shortest_text(next(iter(levels)))} % interval"
    return "95 % interval\nunless marked" if levels else "interval"


def _level_of(reading: Reading, row: Held) -> float | None:
    """The level of a row's interval: what its column holds, or the one that holds for all rows."""
    return float(reading.words["level"]) if "level" in reading.words else reading.number(row, "level")


def _level(reading: Reading, row: Held) -> str:
    """The level of an interval behind it, where it is neither 95 nor that of all rows."""
    if "level" in reading.words:
        return ""
    level = _level_of(reading, row)
    return " (level not stated)" if level is None else "" if level == 95 else f" ({shortest_text(level)} %)"


def _counted(reading: Reading, row: Held) -> str:
    count, total = reading.text(row, "count"), reading.text(row, "total")
    if not count and reading.number(row, "total") is None:
        return total or "not published"
    return f"{count or '?'}/{total or '?'}"


def bars(reading: Reading) -> Chart:
    """One bar a row, from zero; see `figures.FIGURES`."""
    rows = []
    for row in reading.rows():
        value = reading.number(row, "value")
        if value is None:
            continue
        right = [reading.text(row, "value")]
        rows.append((row, Row("", (), right, [Mark(_BAR, 0, value)], places=row.places)))
    drawn = grouped(reading, rows[: reading.most])
    values = [mark.end or 0.0 for row in drawn for mark in row.marks]
    frame = Frame(
        reading.title,
        "",
        reading.axis(),
        (),
        [reading.value_head()],
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
        marks = [Mark(_LINK, min(first, second), max(first, second)), Mark(_SECOND, second)]
        right = (reading.text(row, "value"), reading.text(row, "second"), f"{first - second:+.3g}")
        made = Row("", (), right, [*marks, Mark(_FIRST, first)], places=row.places)
        rows.append((first - second, (row, made)))
    rows.sort(key=lambda one: -one[0])
    drawn = grouped(reading, [one for _, one in rows[: reading.most]])
    names = [", ".join(map(column_words, reading.roles[role])) for role in ("value", "second")]
    values = [mark.at for row in drawn for mark in row.marks]
    frame = Frame(
        reading.title,
        "Largest difference first.",
        reading.axis(),
        (),
        (*names, "difference"),
        _limits(values, log=False, percent=reading.words.get("unit") == "%"),
        notes=_notes(reading, len(rows)),
        legend=[(Mark(_FIRST), names[0]), (Mark(_SECOND), names[1])],
    )
    return rows_chart(drawn, frame, reading.table, reading.shape)


def grouped(reading: Reading, rows: list[tuple[Held, Row]]) -> list[Row]:
    """Rows with their labels under a heading a group, groups in the order in which they come.

    A group is what `sides` or the first of several columns of the label holds, where most rows share it.
    Raises NoAnswer for no row.
    """
    if not rows:
        raise NoAnswer("there is nothing to draw: no row of the answer holds the numbers of the figure")
    firsts = [reading.texts(row, "label")[0] for row, _ in rows]
    shared = 1 < len(set(firsts)) <= len(rows) * 2 / 3
    heads = len(reading.roles["label"]) > 1 and shared and all(firsts)
    groups: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for (row, drawn), first in zip(rows, firsts, strict=True):
        texts = reading.texts(row, "label")
        drawn.label = ", ".join(filter(None, texts[1:] if heads else texts)) or first
        sides = tuple(reading.texts(row, "sides"))
        groups.setdefault((first if heads else "", sides), []).append(drawn)
    listed: list[Row] = []
    for (name, sides), members in groups.items():
        if name or sides:
            listed.append(_heading(name, sides))
        listed += members
    return listed


def _heading(name: str, sides: tuple[str, ...]) -> Row:
    if not all(sides) or not sides:
        return Row(name or "Comparator not stated", heading=1)
    if sides[-1] == _NOT_STATED:  # then no side can be said to be favoured
        return Row(": ".join(filter(None, (name, f"{sides[0]}, reference {_NOT_STATED}"))), heading=1)
    label = f"{name}: {versus(*sides)}" if name else versus(*sides)
    return Row(label, heading=1, sides=favours(*sides))


def _limits(values: list[float], *, log: bool, percent: bool) -> tuple[float, float]:
    """The ends of an axis: those of percentages are 0 and 100, those of ratios hold 1."""
    if not values:
        return (0.0, 1.0)
    if log:
        held = [value for value in values if value > 0]
        return (min([*held, 0.6]) * 0.92, max([*held, 1.7]) * 1.08)
    low, high = min([0.0, *values]), max(values)
    if percent and low == 0.0 and 20 < high <= _WHOLE:
        return (0.0, _WHOLE)
    room = 0.06 * (high - low) or 1.0
    return (low - room if low else 0.0, high + room)


def _notes(reading: Reading, drawable: int) -> list[str]:
    return [*([reading.caveat] if reading.caveat else []), *left_out(reading, drawable)]
