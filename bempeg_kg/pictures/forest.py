"""Forest plots: response rates with exact or printed intervals, hazard ratios with their true levels."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.pictures.chart import BLUE, GREY, INK, QUIET, Chart, new_figure, styled
from bempeg_kg.pictures.words import text_width
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_ROW, _TOP, _BOTTOM = 0.235, 0.82, 1.12
_PLOT, _GAP, _EDGE, _INDENT = 3.4, 0.16, 0.16, 0.14
#: Inches of a px of text measured at the size of the rows.
_SIZE, _INCH = 9.5, 1 / 72


@dataclass(slots=True)
class Row:
    """One line of a forest plot; a heading has no `point`, and neither has what was not reached.

    `printed` tells an interval that the source prints from one computed here; `final` and `ours` choose the
    mark; `open_end` draws an arrow where the upper limit was not reached.
    """

    label: str
    counted: str = ""
    said: str = ""
    point: float | None = None
    lower: float | None = None
    upper: float | None = None
    printed: bool = True
    final: bool = True
    ours: bool = True
    heading: bool = False
    open_end: bool = False


@dataclass(slots=True)
class Frame:
    """What stands around the rows of a forest plot."""

    title: str
    subtitle: str
    axis: str
    columns: tuple[str, str]
    limits: tuple[float, float]
    ticks: Sequence[float]
    log: bool = False
    reference: float | None = None
    ends: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
    marks: tuple[str, str, str] = ("final or only report", "interim report", "trial outside the programme")


@dataclass(slots=True)
class _Columns:
    """Where the columns of a plot stand, in inches from the left: end of counts, the plot, the last text."""

    counted: float
    plot: float
    said: float
    width: float


def forest(rows: list[Row], frame: Frame, table: Table) -> Chart:
    """The forest plot of rows, top to bottom; `table` is its twin."""
    height = _TOP + _BOTTOM + _ROW * (len(rows) + len(frame.notes))
    columns = _columns(rows, frame)
    figure = new_figure(columns.width, height)
    foot = (_BOTTOM + _ROW * len(frame.notes)) / height
    with styled():
        left = columns.plot / columns.width
        axes = figure.add_axes((left, foot, _PLOT / columns.width, 1 - foot - _TOP / height))
        _set_axes(axes, rows, frame)
        for place, row in enumerate(rows):
            _draw_row(figure, axes, place, row, columns)
        _head(figure, axes, frame, height, columns)
        _legend(figure, rows, frame, height)
    drawn = sum(row.point is not None for row in rows)
    description = (
        f"{frame.title}. {frame.subtitle} {drawn} estimates are drawn. The same content comes as a table."
    )
    return Chart(figure, frame.title, description, table)


def _columns(rows: list[Row], frame: Frame) -> _Columns:
    """Columns as wide as their texts, so that none runs into the next."""

    def widest(texts: list[str], bold: bool = False) -> float:
        return max((text_width(text, _SIZE, bold) for text in texts), default=0.0) * _INCH

    label = max(
        widest([row.label for row in rows if not row.heading]) + _INDENT,
        widest([row.label for row in rows if row.heading], bold=True),
    )
    counts = widest([frame.columns[0], *(row.counted for row in rows)])
    counted = _EDGE + label + (counts + _GAP if counts else 0)
    plot = counted + _GAP
    said = plot + _PLOT + _GAP
    return _Columns(
        counted, plot, said, said + widest([frame.columns[1], *(row.said for row in rows)]) + _EDGE
    )


def _set_axes(axes: Any, rows: list[Row], frame: Frame) -> None:
    if frame.log:
        axes.set_xscale("log")
    axes.set_xlim(*frame.limits)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xticks(list(frame.ticks), [f"{tick:g}" for tick in frame.ticks])
    axes.minorticks_off()
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(frame.axis, labelpad=2)
    axes.grid(axis="x", color="#e3e6ea", linewidth=0.8)
    axes.set_axisbelow(True)
    if frame.reference is not None:
        axes.axvline(frame.reference, color=INK, linewidth=1, zorder=1)


def _draw_row(figure: Any, axes: Any, place: int, row: Row, columns: _Columns) -> None:
    from matplotlib.transforms import blended_transform_factory

    # across in inches, down in rows
    across = blended_transform_factory(figure.dpi_scale_trans, axes.transData)
    at = {"transform": across, "va": "center", "clip_on": False}
    if row.heading:
        axes.text(_EDGE, place, row.label, weight="bold", **at)
        return
    axes.text(_EDGE + _INDENT, place, row.label, **at)
    axes.text(columns.counted, place, row.counted, ha="right", **at)
    axes.text(columns.said, place, row.said, **at)
    if row.point is None:
        return
    colour = BLUE if row.ours else GREY
    if row.lower is not None and row.upper is not None:
        axes.plot([row.lower, row.upper], [place] * 2, color=colour, linewidth=2.6 if row.printed else 1.3)
        if row.open_end:
            axes.plot(row.upper, place, marker=">", color=colour, markersize=5)
    marker = "D" if not row.ours else "s" if row.final else "o"
    fill = colour if row.final or not row.ours else "white"
    axes.plot(
        row.point,
        place,
        marker=marker,
        markersize=6,
        color=colour,
        markerfacecolor=fill,
        zorder=3,
        clip_on=False,
    )


def _head(figure: Any, axes: Any, frame: Frame, height: float, columns: _Columns) -> None:
    at = {"transform": figure.dpi_scale_trans, "va": "center"}
    figure.text(_EDGE, height - 0.22, frame.title, fontsize=13, weight="bold", **at)
    figure.text(_EDGE, height - 0.46, frame.subtitle, color=QUIET, **at)
    figure.text(columns.counted, height - 0.72, frame.columns[0], color=QUIET, ha="right", **at)
    figure.text(columns.said, height - 0.72, frame.columns[1], color=QUIET, **at)
    if frame.ends:
        for place, text, side in ((0.0, frame.ends[0], "left"), (1.0, frame.ends[1], "right")):
            axes.text(
                place, 1.0, text, transform=axes.transAxes, color=QUIET, ha=side, va="bottom", fontsize=8.5
            )


def _legend(figure: Any, rows: list[Row], frame: Frame, height: float) -> None:
    from matplotlib.lines import Line2D

    held = [row for row in rows if row.point is not None]
    made: list[tuple[Any, str]] = []
    mark: dict[str, Any] = {"linestyle": "none", "markersize": 6}
    if any(row.ours and row.final for row in held):
        made.append((Line2D([], [], color=BLUE, marker="s", **mark), frame.marks[0]))
    if any(row.ours and not row.final for row in held):
        made.append((Line2D([], [], color=BLUE, marker="o", markerfacecolor="white", **mark), frame.marks[1]))
    if any(not row.ours for row in held):
        made.append((Line2D([], [], color=GREY, marker="D", **mark), frame.marks[2]))
    if any(row.printed and row.lower is not None for row in held):
        made.append((Line2D([], [], color=INK, linewidth=2.6), "interval as the source prints it"))
    if any(not row.printed and row.lower is not None for row in held):
        made.append(
            (Line2D([], [], color=INK, linewidth=1.3), "95 % exact interval (Clopper-Pearson), computed here")
        )
    handles, labels = [one for one, _ in made], [text for _, text in made]
    notes = len(frame.notes) * _ROW
    figure.legend(
        handles, labels, loc="lower left", ncols=3, frameon=False, fontsize=8.5, handlelength=2.2,
        bbox_to_anchor=(0.0, (notes + 0.06) / height), columnspacing=1.6,
    )  # fmt: skip
    for place, note in enumerate(frame.notes):
        at = {"transform": figure.dpi_scale_trans, "va": "center"}
        figure.text(_EDGE, notes - _ROW * place - 0.04, note, color=QUIET, fontsize=8.5, **at)
