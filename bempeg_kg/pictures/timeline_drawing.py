"""How a timeline is drawn: lanes with bars, marks stacked where they meet, and the list of what they mean."""

from __future__ import annotations

from datetime import date, timedelta

from bempeg_kg.pictures.chart import BLUE, INK, ORANGE, QUIET, new_figure, styled
from bempeg_kg.pictures.course import Bar, Course, Happening
from bempeg_kg.pictures.words import text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SIZE, _SMALL, _INCH = 9.5, 8.5, 1 / 72
_ROW, _TOP, _AXIS, _LEGEND, _LINE = 0.36, 0.8, 0.38, 0.42, 0.185
_PLOT, _EDGE, _GAP = 8.6, 0.16, 0.14
_BAR = "#bcd4ec"
#: Type of event -> mark, colour, whether it is filled, and what the legend says.
_LOOKS = {
    "read-out": ("o", "#7a5200", True, "read-out"),
    "publication": ("o", "#7a5200", False, "publication"),
    "stop": ("X", ORANGE, True, "stop"),
    "designation": ("D", INK, True, "designation"),
    "deal": ("s", INK, True, "deal"),
}
_OTHER = ("v", QUIET, True, "other event")


def draw_timeline(course: Course) -> Any:
    """The figure of a course."""
    shared = [one for one in course.happenings if not {bar.trial for bar in course.bars} & set(one.trials)]
    lanes: list[tuple[Bar | None, list[Happening]]] = [(None, shared)] if shared else []
    lanes += [(bar, [one for one in course.happenings if bar.trial in one.trials]) for bar in course.bars]
    name = max([text_width(bar.name, _SIZE, True) for bar in course.bars] + [70.0]) * _INCH
    said = max([text_width(bar.said, _SIZE) for bar in course.bars], default=0.0) * _INCH
    left = _EDGE + name + _GAP + said + _GAP
    width = left + _PLOT + 0.4
    listed = _list_lines(course, width)
    notes = _notes(course, width)
    below = _AXIS + _LEGEND + _LINE * (len(listed) + len(notes)) + 0.2
    height = _TOP + _ROW * len(lanes) + below
    figure = new_figure(width, height)
    with styled():
        axes = figure.add_axes((left / width, below / height, _PLOT / width, _ROW * len(lanes) / height))
        _set_axes(axes, course, len(lanes))
        for place, (bar, happenings) in enumerate(lanes):
            at = _across(figure, axes)
            axes.text(
                _EDGE, place, bar.name if bar else "programme", weight="bold", transform=at, va="center"
            )
            if bar:
                axes.text(_EDGE + name + _GAP, place, bar.said, color=QUIET, transform=at, va="center")
                _draw_bar(axes, place, bar)
            _draw_marks(axes, place, happenings)
        _write(figure, course, listed, notes, height, below)
    return figure


def _across(figure: Any, axes: Any) -> Any:
    """Inches from the left, rows from the top."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(figure.dpi_scale_trans, axes.transData)


def _set_axes(axes: Any, course: Course, lanes: int) -> None:
    from matplotlib.dates import DateFormatter, YearLocator

    firsts = [bar.first for bar in course.bars] + [one.first for one in course.happenings]
    lasts = [bar.last for bar in course.bars] + [one.last for one in course.happenings]
    start = date(min(firsts).year, 1, 1)
    end = course.cut + (course.cut - start) / 40 if course.cut else date(max(lasts).year + 1, 1, 1)
    axes.set_xlim(start, end)
    axes.set_ylim(lanes - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    axes.grid(axis="x", color="#e3e6ea", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    if course.cut:
        axes.axvline(course.cut, color=ORANGE, linewidth=1.4, linestyle=(0, (4, 2)))


def _draw_bar(axes: Any, place: int, bar: Bar) -> None:
    axes.barh(place, bar.last - bar.first, left=bar.first, height=0.56, color=_BAR, linewidth=0)
    axes.plot([bar.first] * 2, [place - 0.28, place + 0.28], color=BLUE, linewidth=1.8)
    if bar.closed:
        axes.plot([bar.last] * 2, [place - 0.28, place + 0.28], color=BLUE, linewidth=1.8)
        return
    step = timedelta(days=24)
    for part in range(8):
        day = bar.last + part * step
        axes.barh(place, step, left=day, height=0.56, color=_BAR, alpha=0.85 - part / 9, linewidth=0)


def _draw_marks(axes: Any, place: int, happenings: list[Happening]) -> None:
    """Marks of a lane; those that would hide each other stand one above the other."""
    near = 0.12 / _PLOT * (axes.get_xlim()[1] - axes.get_xlim()[0])
    heaps: list[list[Happening]] = []
    for one in sorted(happenings, key=lambda one: (_middle(one), one.number)):
        if heaps and (_middle(one) - _middle(heaps[-1][0])) < near:
            heaps[-1].append(one)
        else:
            heaps.append([one])
    for heap in heaps:
        gap = min(0.36, 0.8 / len(heap))
        for level, one in enumerate(heap):
            height = place + (level - (len(heap) - 1) / 2) * gap
            marker, colour, filled, _ = _LOOKS.get(one.type, _OTHER)
            axes.plot(
                _middle(one), height, marker=marker, markersize=6.5, color=colour, zorder=4, clip_on=False,
                markerfacecolor=colour if filled else "white", markeredgecolor="white" if filled else colour,
                markeredgewidth=0.5 if filled else 1.3,
            )  # fmt: skip
            axes.annotate(
                str(one.number), (_middle(one), height), (5, 0), textcoords="offset points", fontsize=7,
                va="center", zorder=5, annotation_clip=False,
            )  # fmt: skip


def _middle(one: Happening) -> float:
    from matplotlib.dates import date2num

    return float((date2num(one.first) + date2num(one.last)) / 2)


def _list_lines(course: Course, width: float) -> list[list[tuple[str, str, str]]]:
    """The list below the marks in two columns: rows of (number, date, line of text) for left and right."""
    room = (width / 2 - _EDGE - 1.25) / _INCH
    lines: list[tuple[str, str, str]] = []
    for one in course.happenings:
        for part, text in enumerate(wrapped(one.label, _SMALL, room, most=3)):
            lines.append((str(one.number), one.written, text) if part == 0 else ("", "", text))
    half = (len(lines) + 1) // 2
    while half < len(lines) and not lines[half][0]:
        half += 1  # an event is not torn apart
    return [lines[place : place + 1] + lines[half + place : half + place + 1] for place in range(half)]


def _notes(course: Course, width: float) -> list[str]:
    notes = []
    if course.undated:
        text = f"Without a bar, as no start date is known: {', '.join(course.undated)}."
        notes += wrapped(text, _SMALL, (width - 2 * _EDGE) / _INCH)
    if course.cut:
        notes.append(
            "What was made public later is left out, and what has no date that is known well enough."
        )
    return notes


def _write(figure: Any, course: Course, listed: Any, notes: list[str], height: float, below: float) -> None:
    at = {"transform": figure.dpi_scale_trans, "va": "center"}
    figure.text(_EDGE, height - 0.24, course.title, fontsize=13, weight="bold", **at)
    said = "Bars run from start to completion; one that fades out has no known completion."
    figure.text(_EDGE, height - 0.5, said, color=QUIET, **at)
    _legend(figure, course, (below - _AXIS) / height)
    width = figure.get_size_inches()[0]
    top = below - _AXIS - _LEGEND
    for row, entries in enumerate(listed):
        y = top - _LINE * row
        for column, (number, written, text) in enumerate(entries):
            x = _EDGE + column * width / 2
            figure.text(x + 0.2, y, number, fontsize=_SMALL, weight="bold", ha="right", **at)
            figure.text(x + 0.28, y, written, fontsize=_SMALL, color=QUIET, **at)
            figure.text(x + 1.06, y, text, fontsize=_SMALL, **at)
    for row, note in enumerate(notes):
        figure.text(_EDGE, _LINE * (len(notes) - row - 0.3), note, fontsize=_SMALL, color=QUIET, **at)


def _legend(figure: Any, course: Course, top: float) -> None:
    from matplotlib.lines import Line2D

    made = {}
    for one in course.happenings:
        marker, colour, filled, said = _LOOKS.get(one.type, _OTHER)
        face = colour if filled else "white"
        made[said] = Line2D([], [], linestyle="none", marker=marker, color=colour, markerfacecolor=face)
    if course.cut:
        made[f"the day, {course.cut.isoformat()}"] = Line2D([], [], color=ORANGE, linestyle=(0, (4, 2)))
    if made:
        figure.legend(
            list(made.values()), list(made), loc="upper left", ncols=7, frameon=False, fontsize=_SMALL,
            bbox_to_anchor=(0.0, top), columnspacing=1.6,
        )  # fmt: skip
