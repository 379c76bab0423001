"""The legend of a view: only what the picture holds."""

from __future__ import annotations

from bempeg_kg.pictures.marks import BADGES, badge, line_with_end
from bempeg_kg.pictures.scene import Group, Line, Point, Rect, Shape, Words
from bempeg_kg.pictures.style import EVIDENCE, INK, LOOKS, QUIET, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.words import text_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

SAMPLE = 38.0
_GAP, _ROW, _INDENT = 22.0, 26.0, 84.0
#: Up to this room (px) a heading stands above its samples.
_NARROW = 400.0
_DARK_INK = "#eef1f5"


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
    """Attributes that stand as letters on links."""
    return [name for name in BADGES if any(edge.get(name) for *_, edge in graph.edges(data=True))]


def legend(graph: MultiDiGraph, left: float, top: float, room: float) -> tuple[list[Shape], float]:
    """Shapes of the legend from a corner on, in rows of at most `room` px; and its height."""
    shapes: list[Shape] = [Line([(left, top), (left + room, top)], "#c9ced6", 1)]
    y = top + _ROW
    letters = [(name, BADGES[name][1]) for name in badges_shown(graph)]
    for heading, channel, entries in [*legend_rows(graph), ("Letters", "badge", letters)]:
        if not entries:
            continue
        shapes.append(Words(left, y + 4, heading, 13, QUIET, bold=True, anchor="start"))
        indent, y = (_INDENT, y) if room > _NARROW else (0.0, y + _ROW)
        x = left + indent
        for name, meaning in entries:
            width = SAMPLE + 8 + text_width(meaning, 13)
            if x + width > left + room and x > left + indent:
                x, y = left + indent, y + _ROW
            shapes.append(Group(sample(channel, name, at=(x, y)), kind="sample"))
            shapes.append(Words(x + SAMPLE + 8, y + 4, meaning, 13, INK, anchor="start"))
            x += width + _GAP
        y += _ROW
    return shapes, y - top


def legend_rows(graph: MultiDiGraph) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Heading, what is sampled (kind, sign, evidence), and for each entry its key and what it means."""
    return [
        ("Boxes", "kind", [(name, LOOKS[name].name) for name in kinds_shown(graph)]),
        ("Links", "sign", [(name, SIGNS[name].name) for name in signs_shown(graph)]),
        ("Evidence", "evidence", [(name, EVIDENCE[name][0]) for name in evidence_shown(graph)]),
    ]


def sample(channel: str, name: str, *, at: Point = (0.0, 0.0), dark: bool = False) -> list[Shape]:
    """A small box, link, line or letter as the picture has it, SAMPLE px wide, its middle left at a point."""
    x, y = at
    ends = [(x, y), (x + SAMPLE, y)]
    if channel == "kind":
        look = LOOKS[name]
        fill, stroke = (look.dark_fill, look.dark_stroke) if dark else (look.fill, look.stroke)
        return [Rect(x + 2, y - 8, SAMPLE - 4, 16, fill, stroke, look.line, min(look.radius, 8))]
    if channel == "sign":
        return line_with_end(ends, SIGNS[name].dark if dark else SIGNS[name].colour, SIGNS[name].end, ())
    if channel == "evidence":
        return [Line(ends, _DARK_INK if dark else INK, 1.7, EVIDENCE[name][1])]
    return badge(ends, BADGES[name][0])
