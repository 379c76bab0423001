"""Rows with marks on a common axis and their numbers in columns: forest plots, dumbbells, bars.

Two shapes: `wide` for a page or print (text of 7 pt at 180 mm), `narrow` for a phone, where the numbers of a
row stand above its marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bempeg_kg.errors import NoAnswer
from bempeg_kg.pictures.axis import GRID, Axis, below
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.row_marks import Mark, sample_of, shapes_of
from bempeg_kg.pictures.scene import Group, Line, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, PAPER, QUIET
from bempeg_kg.pictures.words import cut, text_width, wrapped
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.units import counted

#: In each note on rows that are left out.
NOT_DRAWN = " not drawn ("
#: Width (px) of a wide picture at most, and of a narrow one. 13 px at 944 px are 7 pt at 180 mm.
WIDE, NARROW = 944.0, 358.0
SIZE, LINE = 13.0, 17.0
_EDGE, _GAP, _PLOT, _PLOT_MOST, _INDENT = 14.0, 14.0, 220.0, 380.0, 12.0
_LABEL_LEAST, _LABEL_MOST, _HEADING_LEAST = 150.0, 300.0, 240.0


@dataclass(slots=True)
class Row:
    """One line: its label, texts left and right of the plot, and marks. A heading of level 1 or 2 has none.

    `sides` are texts within the plot, at its left and right end: which group each side favours. `places` are
    those of the rows of the table that the line draws.
    """

    label: str
    left: Sequence[str] = ()
    right: Sequence[str] = ()
    marks: Sequence[Mark] = ()
    heading: int = 0
    sides: tuple[str, str] | None = None
    id: str = ""
    places: Sequence[int] = ()


@dataclass(slots=True)
class Frame:
    """What surrounds the rows: title and subtitle, column heads, axis, notes, legend."""

    title: str
    subtitle: str
    axis: str
    left: Sequence[str] = ()
    right: Sequence[str] = ()
    limits: tuple[float, float] = (0.0, 100.0)
    log: bool = False
    whole: bool = False
    reference: float | None = None
    notes: Sequence[str] = ()
    #: how a narrow picture tells each number of a row, as "ratio {}"; empty where the heads say enough
    told: Sequence[str] = ()
    legend: Sequence[tuple[Mark, str]] = field(default_factory=list)


def rows_chart(rows: list[Row], frame: Frame, table: Table, shape: str = "wide") -> Chart:
    """The picture of rows, top to bottom; `table` has the same content. The summary counts what is drawn,
    and has the notes on what is not. Raises NoAnswer if no row has a mark.
    """
    drawn = sum(bool(row.marks) for row in rows)
    if not drawn:
        raise NoAnswer("there is nothing to draw: no row holds a number", cure="The table has the rows.")
    scene = _narrow(rows, frame) if shape == "narrow" else _wide(rows, frame)
    left = " ".join(note for note in frame.notes if NOT_DRAWN in note)
    are = "is" if drawn == 1 else "are"
    summary = f"{frame.title}. {frame.subtitle} {counted(drawn, 'row')} {are} drawn. {left}".strip()
    return Chart(scene, frame.title, summary, table)


def held_legend(rows: list[Row], known: Sequence[tuple[Mark, str]]) -> list[tuple[Mark, str]]:
    """The entries of a legend whose mark a row holds."""
    held = {mark.look for row in rows for mark in row.marks}
    return [(mark, meaning) for mark, meaning in known if mark.look in held]


def _widest(texts: list[str], bold: bool = False) -> float:
    return max((text_width(text, SIZE, bold) for text in texts), default=0.0)


def _wide(rows: list[Row], frame: Frame) -> Scene:
    lefts = [_column(rows, "left", place, head) for place, head in enumerate(frame.left)]
    rights = [_column(rows, "right", place, head) for place, head in enumerate(frame.right)]
    numbers = sum(lefts) + sum(rights) + _GAP * (len(lefts) + len(rights) + 1)
    room = max(_LABEL_LEAST, min(_LABEL_MOST, WIDE - 2 * _EDGE - numbers - _PLOT - _INDENT))
    held = _widest([row.label for row in rows if not row.heading])
    if any(row.sides for row in rows):  # their headings stand beside the plot
        held = max(held, _HEADING_LEAST)
    label = min(room, held) + _INDENT
    x = _EDGE + label
    ends = []
    for width in lefts:
        x += _GAP + width
        ends.append(x)
    plot = max(_PLOT, min(_PLOT_MOST, WIDE - 2 * _EDGE - numbers - label))
    axis = Axis(*frame.limits, x + _GAP, x + _GAP + plot, frame.log, frame.whole)
    starts, x = [], axis.end + _GAP
    for width in rights:
        starts.append(x)
        x += width + _GAP
    total = x - _GAP + _EDGE
    shapes, y = _head(frame, total)
    for text, end in zip(frame.left, ends, strict=True):
        shapes += _lines(text, end, y, "end")
    for text, start in zip(frame.right, starts, strict=True):
        shapes += _lines(text, start, y, "start")
    y += 12 + LINE * max(text.count("\n") for text in [*frame.left, *frame.right, ""])
    top, drawn = y, []
    for row in rows:
        row_shapes, y = _wide_row(row, axis, y, (label - _INDENT, ends, starts, total))
        drawn += row_shapes
    return _finished(frame, shapes, drawn, axis, (top, y, total))


def _column(rows: list[Row], side: str, place: int, head: str) -> float:
    texts = [getattr(row, side)[place] for row in rows if len(getattr(row, side)) > place]
    return _widest([*texts, *head.split("\n")])


def _lines(text: str, x: float, y: float, anchor: str) -> list[Shape]:
    return [
        Words(x, y + number * LINE, line, SIZE, QUIET, anchor=anchor)
        for number, line in enumerate(text.split("\n"))
    ]


def _wide_row(
    row: Row, axis: Axis, y: float, columns: tuple[float, list[float], list[float], float]
) -> tuple[list[Shape], float]:
    room, ends, starts, total = columns
    if row.heading:
        return _heading(row, axis, y, total)
    lines = wrapped(row.label, SIZE, room, most=6)
    height = max(21.0, LINE * len(lines) + 5)
    middle = y + height / 2
    base = middle - LINE * (len(lines) - 1) / 2 + 4.5
    shapes: list[Shape] = [
        Words(_EDGE + _INDENT, base + LINE * place, line, SIZE, INK, anchor="start")
        for place, line in enumerate(lines)
    ]
    shapes += [
        Words(end, middle + 4.5, text, SIZE, INK, anchor="end")
        for text, end in zip(row.left, ends, strict=False)
    ]
    shapes += [
        Words(start, middle + 4.5, text, SIZE, INK, anchor="start")
        for text, start in zip(row.right, starts, strict=False)
    ]
    for mark in row.marks:
        shapes += shapes_of(mark, axis, middle)
    return [Group(shapes, title=_row_text(row), id=row.id, kind="row", places=row.places)], y + height


def _row_text(row: Row) -> str:
    return ", ".join(text for text in (row.label, *row.left, *row.right) if text)


def _heading(row: Row, axis: Axis, y: float, total: float) -> tuple[list[Shape], float]:
    """A heading: of level 1 with a rule above, of level 2 with what each side of the plot favours."""
    shapes: list[Shape] = []
    if row.heading == 1:
        y += 8
        shapes.append(Line([(_EDGE, y), (total - _EDGE, y)], GRID, 1))
        y += 2
    base = y + 16
    room = (axis.start if row.sides else total) - _EDGE - 10
    colour = INK if row.heading == 1 else "#173a5e"
    lines = wrapped(row.label, SIZE, room, most=4, bold=True)
    for place, line in enumerate(lines):
        shapes += _paper_behind(line, _EDGE, base + LINE * place, "start", bold=True)
        shapes.append(Words(_EDGE, base + LINE * place, line, SIZE, colour, bold=True, anchor="start"))
    if row.sides and axis.log:
        shapes += _sides(row.sides, axis, base)
        extra = max(map(len, _side_lines(row.sides, axis)))
        return shapes, y + 7 + LINE * max(len(lines), extra)
    return shapes, y + 7 + LINE * len(lines)


def _paper_behind(text: str, x: float, y: float, anchor: str, *, bold: bool = False) -> list[Shape]:
    """A piece of paper behind a text that stands within the plot, so that no line runs through it."""
    width = text_width(text, SIZE, bold) + 4
    return [Rect(x - 2 if anchor == "start" else x - width + 2, y - 12, width, LINE, PAPER)]


def _sides(sides: tuple[str, str], axis: Axis, base: float) -> list[Shape]:
    shapes: list[Shape] = []
    left, right = _side_lines(sides, axis)
    # a word with its arrow can be wider than its side: it then ends behind the plot
    end = max(axis.end, axis.at(1.0) + 4 + _widest(right))
    for lines, x, anchor in ((left, axis.start, "start"), (right, end, "end")):
        for place, line in enumerate(lines):
            shapes += _paper_behind(line, x, base + LINE * place, anchor)
            shapes.append(Words(x, base + LINE * place, line, SIZE, QUIET, anchor=anchor))
    return shapes


def _side_lines(sides: tuple[str, str], axis: Axis) -> list[list[str]]:
    """The lines of both texts, each as wide as its side of the line at 1, which they must not cross."""
    rooms = (axis.at(1.0) - axis.start - 6, axis.end - axis.at(1.0) - 6)
    lines = [
        [cut(line, SIZE, room) for line in wrapped(side, SIZE, room, most=3)]
        for side, room in zip(sides, rooms, strict=True)
    ]
    if lines[1][-1] == "→" and len(lines[1]) > 1:  # an arrow alone on a line points from nothing
        lines[1][-2:] = [f"{lines[1][-2]} →"]
    return lines


def _narrow(rows: list[Row], frame: Frame) -> Scene:
    axis = Axis(*frame.limits, _EDGE + 6, NARROW - _EDGE - 6, frame.log, frame.whole)
    shapes, y = _head(frame, NARROW)
    words = [text.replace("\n", " ") for text in [*frame.left, *frame.right]]
    heads = ", ".join("percent" if text == "%" else text for text in words)
    for line in wrapped(heads, SIZE, NARROW - 2 * _EDGE, most=4) if heads else []:
        shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
        y += LINE
    top, drawn = y - 6, []
    for row in rows:
        if row.heading:
            row_shapes, y = _heading(Row(row.label, heading=row.heading), axis, y, NARROW)
            if row.sides and any(row.sides):
                row_shapes += _sides(row.sides, axis, y + 14)
                y += LINE * max(map(len, _side_lines(row.sides, axis))) + 4
        else:
            row_shapes, y = _narrow_row(row, axis, y, frame)
        drawn += row_shapes
    return _finished(frame, shapes, drawn, axis, (top, y, NARROW))


def _narrow_row(row: Row, axis: Axis, y: float, frame: Frame) -> tuple[list[Shape], float]:
    reference = frame.reference
    heads = [*frame.left, *frame.right]
    told = [*row.left, *row.right]
    percent = [at < len(heads) and heads[at] == "%" and text[-1:].isdigit() for at, text in enumerate(told)]
    texts = [text + " %" * is_rate for text, is_rate in zip(told, percent, strict=True)]
    if frame.told:
        texts = [how.format(text) if text else "" for how, text in zip(frame.told, texts, strict=False)]
    numbers = ", ".join(filter(None, texts))
    shapes: list[Shape] = []
    for text, colour in ((row.label, INK), (numbers, QUIET)):
        for line in wrapped(text, SIZE, NARROW - 2 * _EDGE, most=4) if text else []:
            y += LINE
            shapes.append(Words(_EDGE, y - 3, line, SIZE, colour, anchor="start"))
    middle = y + 9
    if row.marks:
        shapes.append(Line([(axis.start, middle), (axis.end, middle)], GRID, 1))
    if row.marks and reference is not None:
        shapes.append(Line([(axis.at(reference), middle - 7), (axis.at(reference), middle + 7)], INK, 1.2))
    for mark in row.marks:
        shapes += shapes_of(mark, axis, middle)
    return [Group(shapes, title=_row_text(row), id=row.id, kind="row", places=row.places)], y + (
        24 if row.marks else 8
    )


def _head(frame: Frame, total: float) -> tuple[list[Shape], float]:
    """Title and subtitle, wrapped; and the base line of what follows."""
    shapes: list[Shape] = []
    y = 8.0
    for line in wrapped(frame.title, 17, total - 2 * _EDGE, bold=True):
        y += 21
        shapes.append(Words(_EDGE, y, line, 17, INK, bold=True, anchor="start"))
    for line in wrapped(frame.subtitle, SIZE, total - 2 * _EDGE, most=5) if frame.subtitle else []:
        y += LINE + 2
        shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
    return shapes, y + 26


def _finished(
    frame: Frame,
    shapes: list[Shape],
    drawn: list[Shape],
    axis: Axis,
    ends: tuple[float, float, float],
) -> Scene:
    """Grid and axis behind the rows, then the legend and the notes."""
    top, bottom, total = ends
    narrow = total == NARROW  # there the numbers of a row stand where the grid would run
    shapes += below(axis, bottom if narrow else top, bottom + 4, frame.axis, SIZE)
    if frame.reference is not None and not narrow:
        x = axis.at(frame.reference)
        shapes.append(Line([(x, top), (x, bottom + 4)], INK, 1.2))
    shapes += drawn
    legend_shapes, y = _legend(frame, bottom + 62, total)
    shapes += legend_shapes
    for note in frame.notes:
        for line in wrapped(note, SIZE, total - 2 * _EDGE, most=6):
            shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
            y += LINE
    return Scene(total, y, frame.title, frame.subtitle, shapes=shapes, head=top)


def _legend(frame: Frame, y: float, total: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    x = _EDGE
    for mark, meaning in frame.legend:
        for place, line in enumerate(wrapped(meaning, SIZE, total - 2 * _EDGE - 36, most=3)):
            width = 36 + text_width(line, SIZE)
            if place or (x + width > total - _EDGE and x > _EDGE):
                x, y = _EDGE, y + LINE + 4
            if place == 0:
                shapes += sample_of(mark, x, y - 4.5)
            shapes.append(Words(x + 34, y, line, SIZE, INK, anchor="start"))
            x += width + 18
    return shapes, y + (LINE + 8 if frame.legend else 0)
