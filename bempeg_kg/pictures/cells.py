"""The mechanism as cells: membranes, receptors on them, a nucleus, and the steps between, see `lanes`."""

from __future__ import annotations

from bempeg_kg.networks.plain import part_of
from bempeg_kg.pictures.cell_routes import routes
from bempeg_kg.pictures.cell_shapes import box, chains, lane, nucleus, receptor_frame, weight, weight_legend
from bempeg_kg.pictures.lanes import Layout, Link, Place, in_nucleus, placed_links
from bempeg_kg.pictures.legend import legend
from bempeg_kg.pictures.marks import badges, line_with_end
from bempeg_kg.pictures.scene import Group, Point, Scene, Shape, Words
from bempeg_kg.pictures.style import EVIDENCE, INK, QUIET, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.tables import summary
from bempeg_kg.pictures.words import text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from networkx import MultiDiGraph

    Sizes = dict[Place, tuple[float, float]]

#: Font size (px). At 944 px on 180 mm of print it is 7 pt, at 1180 px of a page 16 px.
SIZE, LINE_HEIGHT = 13.0, 15.0
_MARGIN = 16.0


def draw_cells(
    graph: MultiDiGraph, layout: Layout, title: str, link: Callable[[str, dict[str, Any]], str]
) -> Scene:
    """The part of a signalling graph that has places, as a Scene that says what is left out."""
    layout.centres = {place: at for place, at in layout.centres.items() if place.node in graph}
    texts = {place: _lines(graph, place) for place in layout.centres}
    sizes = {place: _size(lines) for place, lines in texts.items()}
    links = placed_links(graph, layout)
    drawn = placed_part(graph, layout)
    frames = _frames(links, layout, sizes)
    lines = [one for one in links if not _is_part(one, frames) and not _is_carried(graph, one)]
    sizes |= {place: (width, height) for place, (_, _, width, height) in frames.items()}
    layout.centres |= {place: (x, y) for place, (x, y, _, _) in frames.items()}
    shapes: list[Shape] = _head(drawn, title, layout.width)
    shapes += _background(graph, layout, links, sizes)
    shapes += _links(lines, layout, sizes)
    for place in [*frames, *(centre for centre in layout.centres if centre not in frames)]:
        node = graph.nodes[place.node]
        inner = _content(place, node, layout, sizes, texts, framed=place in frames)
        name = f"{node.get('label', place.node)} ({node.get('kind', '')})"
        shapes.append(Group(inner, name, link(place.node, node), place.id, "node"))
    room = layout.width - 2 * _MARGIN
    key, height = legend(drawn, _MARGIN, layout.height + 8, room)
    more, further = weight_legend(_MARGIN, layout.height + 8 + height, room)
    shapes.append(Group([*key, *more], id="legend", kind="legend"))
    total = layout.height + height + further + 2 * _MARGIN
    return Scene(layout.width, total, title, summary(drawn), shapes=shapes)


def placed_part(graph: MultiDiGraph, layout: Layout) -> MultiDiGraph:
    """The part that has places, with a graph attribute `left_out` that counts the rest of the whole view."""
    nodes = {place.node for place in layout.centres if place.node in graph}
    part = part_of(graph, nodes)
    whole = graph.graph["whole"]
    missing = (whole[0] - len(part), whole[1] - part.number_of_edges())
    part.graph["left_out"] = f"{missing[0]} nodes and {missing[1]} links are left out."
    return part


def _head(drawn: MultiDiGraph, title: str, room: float) -> list[Shape]:
    shapes: list[Shape] = []
    y = 8.0
    for line in wrapped(title, 20, room - 2 * _MARGIN, most=3, bold=True):
        y += 22
        shapes.append(Words(_MARGIN, y, line, 20, INK, bold=True, anchor="start"))
    y += 5
    for line in wrapped(str(drawn.graph.get("left_out", "")), SIZE, room - 2 * _MARGIN):
        y += 17
        shapes.append(Words(_MARGIN, y, line, SIZE, QUIET, anchor="start"))
    return shapes


def _lines(graph: MultiDiGraph, place: Place) -> list[tuple[str, bool]]:
    node = graph.nodes[place.node]
    bold = group_of(node.get("kind", "")) in ("drug", "outcome")
    room = 96 if bold else 78
    return [(line, bold) for line in wrapped(str(node.get("short", "")), SIZE, room, most=4, bold=bold)]


def _size(lines: list[tuple[str, bool]]) -> tuple[float, float]:
    width = max(text_width(text, SIZE, bold) for text, bold in lines)
    return (max(width + 14, 44.0), len(lines) * LINE_HEIGHT + 9)


def _frames(
    links: list[Link], layout: Layout, sizes: Sizes
) -> dict[Place, tuple[float, float, float, float]]:
    """Complexes whose parts stand in the same lane: centre, width and height (px) of a frame."""
    parts: dict[Place, list[Place]] = {}
    for link in links:
        if link.edge.get("predicate") == "obo:BFO_0000051" and link.start.lane == link.end.lane:
            parts.setdefault(link.start, []).append(link.end)
    frames = {}
    for whole, inside in parts.items():
        if whole.node.partition(":")[0] != "complex":
            continue
        spans = [(*layout.centres[part], *sizes[part]) for part in inside]
        left, right = min(x - w / 2 for x, _, w, _ in spans), max(x + w / 2 for x, _, w, _ in spans)
        top, bottom = min(y - h / 2 for _, y, _, h in spans), max(y + h / 2 for _, y, _, h in spans)
        frames[whole] = ((left + right) / 2, (top + bottom) / 2, right - left + 10, bottom - top + 10)
    return frames


def _is_part(link: Link, frames: dict[Place, Any]) -> bool:
    """Whether a link is shown by a part standing in the frame of its complex."""
    return link.start in frames and link.edge.get("predicate") == "obo:BFO_0000051"


def _is_carried(graph: MultiDiGraph, link: Link) -> bool:
    """Whether a link is shown by a receptor standing on the membrane of the cell that expresses it."""
    kinds = [graph.nodes[place.node].get("kind") for place in (link.start, link.end)]
    return kinds[0] == "cell type" and kinds[1] != "cell type" and link.edge.get("sign") == "neutral"


def _background(graph: MultiDiGraph, layout: Layout, links: list[Link], sizes: Sizes) -> list[Shape]:
    shapes: list[Shape] = []
    for drawn_lane in layout.lanes.values():
        cells = sorted(drawn_lane.cells & set(graph), key=lambda cell: str(graph.nodes[cell]["short"]))
        name = " and ".join(str(graph.nodes[cell]["short"]) for cell in cells)
        shapes += lane(drawn_lane.box, drawn_lane.title, name)
    for lane_name in layout.lanes:
        inside = [place for place in in_nucleus(links) if place.lane == lane_name]
        for place in sorted(inside, key=lambda place: place.node):
            shapes += nucleus(layout.centres[place], sizes[place])
    return shapes


def _links(links: list[Link], layout: Layout, sizes: Sizes) -> list[Shape]:
    ways = routes(links, layout, sizes)
    shapes: list[Shape] = []
    for link in sorted(links, key=lambda link: weight(link.edge)):
        stroke, points = SIGNS[sign_of(link.edge)], ways[link.id]
        inner = line_with_end(
            points, stroke.colour, stroke.end, EVIDENCE[evidence_of(link.edge)][1], weight(link.edge)
        )
        inner += badges(link.edge, points)
        name = f"{link.edge.get('label') or link.edge.get('relation', '')} ({stroke.name}; {link.key})"
        shapes.append(Group(inner, title=name, id=link.id, kind="link"))
    return shapes


def _content(
    place: Place,
    node: dict[str, Any],
    layout: Layout,
    sizes: Sizes,
    texts: dict[Place, list[tuple[str, bool]]],
    *,
    framed: bool,
) -> list[Shape]:
    """What a node is drawn as: a frame around its parts, or its box and the chains that it carries."""
    centre: Point = layout.centres[place]
    if framed:
        return receptor_frame(centre, sizes[place])
    shapes = box(centre, sizes[place], group_of(node.get("kind", "")), texts[place], SIZE, LINE_HEIGHT)
    counts = layout.chains.get(place.node, [])
    return [*chains(centre, sizes[place], counts), *shapes] if counts else shapes
