"""A view as a static picture: boxes, links, a legend, and what is left out."""

from __future__ import annotations

from bempeg_kg.pictures.cells import draw_cells, placed_part
from bempeg_kg.pictures.forest import NARROW, WIDE
from bempeg_kg.pictures.lanes import read_layout
from bempeg_kg.pictures.layout import Placed, fitting_part, place
from bempeg_kg.pictures.legend import legend
from bempeg_kg.pictures.lineage_drawing import (
    box_group,
    link_groups,
    narrow_decisions,
    place_narrow,
    place_wide,
)
from bempeg_kg.pictures.lineage_routes import routes_narrow, routes_wide
from bempeg_kg.pictures.lineage_tree import Tree, tree_of
from bempeg_kg.pictures.marks import badges, line_with_end
from bempeg_kg.pictures.scene import Group, Point, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import EVIDENCE, INK, LOOKS, QUIET, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.tables import summary
from bempeg_kg.pictures.words import text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from networkx import MultiDiGraph

    Attributes = dict[str, Any]
    #: Lines of a box, each with whether it is bold.
    Lines = list[tuple[str, bool]]

SIZE, LINE_HEIGHT = 13.0, 16.0
EVENT_WIDTH = 92
"""Width (px) of the text of an event: narrow, so that the lineage of a programme fits a page."""
_FACT_WIDTH = 172.0
"""Width (px) of a result in the box of a trial: that of its dates."""
_PADDING, _MARGIN, _NARROWEST = 10.0, 28.0, 760.0
TITLES = {
    "signalling": "How the drug should work: the signalling graph",
    "lineage": "What led to what: trials, read-outs and decisions",
}


def draw(
    graph: MultiDiGraph, *, link: Callable[[str, Attributes], str] | None = None, shape: str = "wide"
) -> Scene:
    """A view as a Scene, from left to right, or `narrow` from top to bottom.

    `link` gives the address of a node from its CURIE and attributes.

    A graph too large to draw is cut to its best-connected part, which the picture says. Raises UsageError if
    it is larger than that.
    """
    table = graph.graph.get("lanes")
    if table:
        return draw_cells(graph, read_layout(table, shape), title_of(graph), link or outside_link)
    if tree := tree_of(graph):
        return _draw_tree(tree, link or outside_link, shape)
    shown = fitting_part(graph)
    texts = {node: box_lines(attributes) for node, attributes in shown.nodes(data=True)}
    placed = place(shown, {node: box_size(lines) for node, lines in texts.items()})
    room = max(placed.width, _NARROWEST)
    title = title_of(graph)
    head, top = _head(title, str(shown.graph.get("left_out", "")), room)
    placed.move(_MARGIN + (room - placed.width) / 2, top)
    key, height = legend(shown, _MARGIN, top + placed.height + _MARGIN, room)
    scene = Scene(room + 2 * _MARGIN, top + placed.height + height + 2 * _MARGIN, title, summary(shown))
    scene.shapes = [*head, *_links(shown, placed)]
    for node, attributes in shown.nodes(data=True):
        address = (link or outside_link)(node, attributes)
        scene.shapes.append(_box(node, attributes, placed.centres[node], texts[node], address))
    scene.shapes.append(Group(key, id="legend", kind="legend"))
    return scene


def _draw_tree(tree: Tree, link: Callable[[str, Attributes], str], shape: str) -> Scene:
    """A lineage of trials, read-outs and decisions: in three columns, or below each other on a phone."""
    graph, title = tree.graph, title_of(tree.graph)
    lines = {node: box_lines(attributes) for node, attributes in graph.nodes(data=True)}
    facts = {node: trial_facts(graph.nodes[node]) for node in tree.order}
    narrow = shape == "narrow"
    margin = 12.0 if narrow else _MARGIN
    room = (NARROW if narrow else WIDE) - 2 * margin
    head, top = _head(title, str(graph.graph.get("left_out", "")), room, margin)

    def address(node: str) -> str:
        """The address to which the box of a node leads."""
        return link(node, graph.nodes[node])

    after: list[Shape] = []
    shown = graph
    if narrow:
        boxes = place_narrow(tree, lines, facts, margin, top, margin + room)
        routes, corner = routes_narrow(tree, boxes), (margin, max(box.bottom for box in boxes.values()) + 24)
        after, bottom = narrow_decisions(tree, lines, corner, margin + room, address)
        shown = graph.edge_subgraph(routes).copy()
        shown.add_nodes_from(graph.nodes(data=True))
    else:
        boxes = place_wide(tree, lines, facts, margin, top)
        routes, bottom = routes_wide(tree, boxes), max(box.bottom for box in boxes.values())
        room = max(room, max(box.right for box in boxes.values()) - margin)
    key, height = legend(shown, margin, bottom + _MARGIN, room)
    scene = Scene(room + 2 * margin, bottom + height + 2 * _MARGIN, title, summary(graph))
    scene.shapes = [*head, *link_groups(tree, routes)]
    for node, box in boxes.items():
        scene.shapes.append(box_group(node, graph.nodes[node], box, address(node)))
    scene.shapes += [*after, Group(key, id="legend", kind="legend")]
    return scene


def drawn_part(graph: MultiDiGraph) -> MultiDiGraph:
    """The part of a view that `draw` draws; its graph attribute `left_out` says what is missing."""
    table = graph.graph.get("lanes")
    return placed_part(graph, read_layout(table, "wide")) if table else fitting_part(graph)


def title_of(graph: MultiDiGraph) -> str:
    """The title of a view's picture."""
    named = str(graph.graph.get("view", "graph"))
    return TITLES.get(named, named)


def box_lines(attributes: Attributes) -> Lines:
    """What stands in a box: the short name; for a trial its facts as well, for an event its date first."""
    kind = attributes.get("kind", "")
    name = str(attributes.get("short", ""))
    if kind == "trial":
        facts = [line for fact in trial_facts(attributes) for line in wrapped(fact, SIZE, _FACT_WIDTH)]
        return [(name, True), *((line, False) for line in facts)]
    if "date" in attributes:
        return [
            (attributes["date"], True),
            *((line, False) for line in wrapped(name, SIZE, EVENT_WIDTH, most=9)),
        ]
    bold = group_of(kind) in ("drug", "outcome")
    return [(line, bold) for line in wrapped(name, SIZE, 86, most=5, bold=bold)]


def trial_facts(attributes: Attributes) -> list[str]:
    """What a trial's box says below its name: phase and size, dates, results, how it ended."""
    counted = {"enrolled": "n = {}", "planned": "n = {} planned"}.get(attributes.get("patients_are", ""), "")
    size = (
        counted.format(attributes["patients"]) if counted and "patients" in attributes else "size not known"
    )
    lines = [
        f"{attributes['phase']}, {size}" if attributes.get("phase", "not found") != "not found" else size
    ]
    if "start" in attributes:
        ended = attributes.get("completion")
        lines.append(f"{attributes['start']} to {ended}" if ended else f"from {attributes['start']}")
    lines += filter(None, str(attributes.get("outcome", "")).split("; "))
    if "ending" in attributes:
        lines.append(attributes["ending"])
    elif "status" in attributes:
        found = attributes["status"] != "not found"
        lines.append(attributes["status"] if found else "status not found")
    return lines


def box_size(lines: Lines) -> tuple[float, float]:
    """Width and height (px) that the lines of a box need."""
    width = max(text_width(text, SIZE, bold) for text, bold in lines)
    return (max(width + 2 * _PADDING, 44.0), len(lines) * LINE_HEIGHT + _PADDING + 2)


def outside_link(node: str, attributes: Attributes) -> str:
    """The first outside identifier of a node, or else its own IRI."""
    return str(attributes.get("links", "")).partition(" ")[0] or str(attributes.get("iri", ""))


def _head(title: str, left_out: str, room: float, left: float = _MARGIN) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    top = _MARGIN - 8
    for line in wrapped(title, 20, room, bold=True):
        top += 24
        shapes.append(Words(left, top, line, 20, INK, bold=True, anchor="start"))
    top += 10
    for line in wrapped(left_out, 13, room, most=4) if left_out else []:
        top += 18
        shapes.append(Words(left, top, line, 13, QUIET, anchor="start"))
    return shapes, top + 26


def _links(graph: MultiDiGraph, placed: Placed) -> list[Shape]:
    groups: list[Shape] = []
    for start, end, key, edge in graph.edges(keys=True, data=True):
        stroke = SIGNS[sign_of(edge)]
        points = placed.routes[(start, end, key)]
        dash = EVIDENCE[evidence_of(edge)][1]
        shapes = line_with_end(points, stroke.colour, stroke.end, dash)
        shapes += badges(edge, points)
        name = f"{edge.get('label') or edge.get('relation', '')} ({SIGNS[sign_of(edge)].name}; {key})"
        groups.append(Group(shapes, title=name, id=key, kind="link"))
    return groups


def _box(node: str, attributes: Attributes, centre: Point, lines: Lines, link: str) -> Group:
    look = LOOKS[group_of(attributes.get("kind", ""))]
    width, height = box_size(lines)
    left, top = centre[0] - width / 2, centre[1] - height / 2
    radius = min(look.radius, height / 2)
    shapes: list[Shape] = [Rect(left, top, width, height, look.fill, look.stroke, look.line, radius)]
    base = centre[1] - len(lines) * LINE_HEIGHT / 2 + 12
    for number, (text, bold) in enumerate(lines):
        shapes.append(Words(centre[0], base + number * LINE_HEIGHT, text, SIZE, look.text, bold))
    name = f"{attributes.get('label', node)} ({attributes.get('kind', '')})"
    return Group(shapes, title=name, link=link, id=node, kind="node")
