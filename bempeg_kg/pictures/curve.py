"""Curves: lines through points, distinguished by dash and colour, each with its name at its end."""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer
from bempeg_kg.pictures.axis import GRID, Axis, below
from bempeg_kg.pictures.chart import BLUE, ORANGE, Chart
from bempeg_kg.pictures.figure_table import Reading, left_out
from bempeg_kg.pictures.forest import LINE, NARROW, SIZE
from bempeg_kg.pictures.scene import Disc, Line, Point, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, QUIET
from bempeg_kg.pictures.words import text_width, wrapped

_LOOKS: list[tuple[str, tuple[float, ...]]] = [
    (BLUE, ()), (ORANGE, (8, 4)), ("#17603a", (2, 3)), ("#5b4b8a", (10, 3, 2, 3)), (INK, (4, 4)),
]  # fmt: skip
_WIDE, _EDGE, _HEIGHT = 760.0, 14.0, 300.0


def curve(reading: Reading) -> Chart:
    """Lines of `value` over `second`, one a `series`; see `figures.FIGURES`."""
    lines: dict[str, list[Point]] = {}
    for row in reading.rows():
        x, y = reading.number(row, "second"), reading.number(row, "value")
        if x is None or y is None:
            continue
        lines.setdefault(reading.text(row, "series"), []).append((x, y))
    if not lines:
        raise NoAnswer("there is nothing to draw: no row of the answer holds the numbers of the figure")
    across = reading.words.get("across") or ", ".join(reading.roles["second"])
    notes = [
        *([reading.caveat] if reading.caveat else []),
        *left_out(reading, sum(map(len, lines.values())), bounded=False),
    ]
    return lines_chart(reading, lines, (across, reading.axis()), {}, notes)


def lines_chart(
    reading: Reading,
    lines: dict[str, list[Point]],
    names: tuple[str, str],
    at: dict[str, float],
    notes: list[str],
) -> Chart:
    """The figure of lines; `at` marks places on x by name, with a point where each line crosses them."""
    total = NARROW if reading.shape == "narrow" else _WIDE
    shapes, top = _head(reading, names[1], len(lines), total)
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    across = Axis(*_span(xs), _EDGE + 48, total - _EDGE - 14)
    up = Axis(*_span([0.0, *ys]), top + _HEIGHT, top)
    shapes += below(across, top, top + _HEIGHT, names[0], SIZE)
    for tick in up.ticks():
        shapes.append(Line([(across.start, up.at(tick)), (across.end, up.at(tick))], GRID, 1))
        shapes.append(Words(across.start - 6, up.at(tick) + 4.5, f"{tick:g}", SIZE, INK, anchor="end"))
    shapes += _marks(at, across, top, total)
    for number, (name, points) in enumerate(lines.items()):
        placed = [(across.at(x), up.at(y)) for x, y in sorted(points)]
        shapes += _line(name, placed, number, top - 14 - LINE * (len(lines) - 1 - number))
    note_shapes, end = _note_lines(notes, top + _HEIGHT + 58, total)
    count = len(xs)
    summary = f"{reading.title}. {names[1]} over {names[0]}: {len(lines)} line(s) through {count} points."
    scene = Scene(total, end, reading.title, shapes=[*shapes, *note_shapes])
    return Chart(scene, reading.title, summary, reading.table)


def _span(values: list[float]) -> tuple[float, float]:
    """The least and the largest value, which differ."""
    low, high = min(values), max(values)
    return low, high if high > low else low + (abs(low) or 1.0)


def _line(name: str, placed: list[Point], number: int, y: float) -> list[Shape]:
    """A line through placed points (px), and its sample with its name at the height `y` above the plot."""
    colour, dash = _LOOKS[number % len(_LOOKS)]
    shapes: list[Shape] = [Line(placed, colour, 2.2, dash, radius=0)]
    if len(placed) == 1:
        shapes.append(Disc(*placed[0], 4, colour))
    if name:
        shapes.append(Line([(_EDGE, y - 4), (_EDGE + 28, y - 4)], colour, 2.2, dash))
        shapes.append(Words(_EDGE + 36, y, name, SIZE, INK, anchor="start"))
    return shapes


def _marks(at: dict[str, float], across: Axis, top: float, total: float) -> list[Shape]:
    """The uprights of all marked places, then their names above them."""
    by_place = sorted(at.items(), key=lambda one: one[1])
    marked = [
        _marked(name, across.at(value), top, level, total) for level, (name, value) in enumerate(by_place)
    ]
    return [line for line, *_ in marked] + [part for _, *label in marked for part in label]


def _note_lines(notes: list[str], y: float, total: float) -> tuple[list[Shape], float]:
    """Notes below each other from `y`, and where they end."""
    shapes: list[Shape] = []
    for note in notes:
        for text in wrapped(note, SIZE, total - 2 * _EDGE, most=8):
            shapes.append(Words(_EDGE, y, text, SIZE, QUIET, anchor="start"))
            y += LINE
    return shapes, y


def _head(reading: Reading, name: str, lines: int, total: float) -> tuple[list[Shape], float]:
    """Title and the name of the upright axis; and the top of the plot, with room for the names of lines."""
    shapes: list[Shape] = []
    y = 8.0
    for text in wrapped(reading.title, 17, total - 2 * _EDGE, bold=True):
        y += 21
        shapes.append(Words(_EDGE, y, text, 17, INK, bold=True, anchor="start"))
    for text in wrapped(f"Upright: {name}", SIZE, total - 2 * _EDGE):
        y += LINE + 2
        shapes.append(Words(_EDGE, y, text, SIZE, QUIET, anchor="start"))
    return shapes, y + 24 + LINE * lines


def _marked(name: str, x: float, top: float, level: int, total: float) -> list[Shape]:
    """A dashed upright at a place of x, its name at one of six heights so that names do not meet."""
    y = top + 14 + LINE * (level % 6)
    right = x + 6 + text_width(name, SIZE) < total - _EDGE
    wide = text_width(name, SIZE)
    return [
        Line([(x, top), (x, top + _HEIGHT)], QUIET, 1.2, (4, 3)),
        Rect(x + 3 if right else x - 7 - wide, y - 12, wide + 4, LINE, "#ffffff"),
        Words(x + 5 if right else x - 5, y, name, SIZE, INK, anchor="start" if right else "end"),
    ]
