"""The legend of a view: only what the picture holds."""

from __future__ import annotations

from bempeg_kg.pictures.marks import badge, line_with_end
from bempeg_kg.pictures.scene import Line, Rect, Words
from bempeg_kg.pictures.style import EVIDENCE, INK, LOOKS, QUIET, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.words import text_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from bempeg_kg.pictures.scene import Shape

BADGES = {"disputed": ("D", "disputed later"), "animal": ("A", "its wording names animals")}
_SAMPLE, _GAP, _ROW = 38.0, 22.0, 26.0


def kinds_shown(graph: MultiDiGraph) -> list[str]:
    """Groups of kinds that the graph holds, in the order of the legend."""
    held = {group_of(kind) for _, kind in graph.nodes(data="kind", default="")}
    return [name for name in LOOKS if name in held]


def signs_shown(graph: MultiDiGraph) -> list[str]:
    """Signs or relations that the graph holds."""
    held = {sign_of(edge) for *_, edge in graph.edges(data=True)}
    return [name for name in SIGNS if name in held]


def evidence_shown(graph: MultiDiGraph) -> list[str]:
    """Kinds of evidence that the graph holds."""
    held = {evidence_of(edge) for *_, edge in graph.edges(data=True)}
    return [name for name in EVIDENCE if name in held]


def badges_shown(graph: MultiDiGraph) -> list[str]:
    """Letters that stand on links."""
    return [name for name in BADGES if any(edge.get(name) for *_, edge in graph.edges(data=True))]


def legend(graph: MultiDiGraph, left: float, top: float, room: float) -> tuple[list[Shape], float]:
    """Shapes of the legend from a corner on, in rows of at most `room` px; and its height."""
    rows = [
        ("Boxes", [(_box(name), LOOKS[name].name) for name in kinds_shown(graph)]),
        ("Links", [(_sign(name), SIGNS[name].name) for name in signs_shown(graph)]),
        ("Evidence", [(_dash(name), EVIDENCE[name][0]) for name in evidence_shown(graph)]),
        (
            "Letters",
            [
                (badge([(0, 0), (_SAMPLE, 0)], BADGES[name][0]), BADGES[name][1])
                for name in badges_shown(graph)
            ],
        ),
    ]
    shapes: list[Shape] = [Line([(left, top), (left + room, top)], "#c9ced6", 1)]
    y = top + _ROW
    for heading, entries in rows:
        if not entries:
            continue
        shapes.append(Words(left, y + 4, heading, 12.5, QUIET, bold=True, anchor="start"))
        x = left + 84
        for sample, name in entries:
            width = _SAMPLE + 8 + text_width(name, 12.5)
            if x + width > left + room and x > left + 84:
                x, y = left + 84, y + _ROW
            shapes += [_moved(shape, x, y) for shape in sample]
            shapes.append(Words(x + _SAMPLE + 8, y + 4, name, 12.5, INK, anchor="start"))
            x += width + _GAP
        y += _ROW
    return shapes, y - top


def _box(name: str) -> list[Shape]:
    look = LOOKS[name]
    return [Rect(2, -8, _SAMPLE - 4, 16, look.fill, look.stroke, look.line, min(look.radius, 8))]


def _sign(name: str) -> list[Shape]:
    return line_with_end([(0, 0), (_SAMPLE, 0)], SIGNS[name].colour, SIGNS[name].end, ())


def _dash(name: str) -> list[Shape]:
    return [Line([(0, 0), (_SAMPLE, 0)], INK, 1.7, EVIDENCE[name][1])]


def _moved(shape: Shape, x: float, y: float) -> Shape:
    """A shape of a legend sample, put in its place."""
    if hasattr(shape, "points"):
        shape.points = [(x + px, y + py) for px, py in shape.points]
    else:
        shape.x += x  # type: ignore[union-attr]
        shape.y += y  # type: ignore[union-attr]
    return shape
