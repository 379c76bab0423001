"""Where boxes stand and links run: layered from left to right, by the engine graphlay.

The engine places boxes of any size without overlap and routes links around them. It gets slow on large
graphs, and cannot be interrupted, so `fitting_part` first cuts a graph down to what it lays out in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.errors import UsageError
from bempeg_kg.networks.plain import part_of
from bempeg_kg.pictures.scene import Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    import graphlay
    from networkx import MultiDiGraph

    Link = tuple[str, str, str]

#: A picture shows at most this many nodes and links; beyond, the best-connected nodes stand for the graph.
NODES_DRAWN, LINKS_DRAWN = 250, 500
#: Beyond this many there is no picture at all, and the export is offered.
NODES_READ, LINKS_READ = 50_000, 250_000
#: Up to this many the layout minimises crossings.
_NODES_WITH_CARE, _LINKS_WITH_CARE = 120, 220


@dataclass(slots=True)
class Placed:
    """Centres of boxes and routes of links (px, y downwards, from 0), and the size of the whole."""

    centres: dict[str, Point]
    routes: dict[Link, list[Point]]
    width: float
    height: float

    def move(self, right: float, down: float) -> None:
        """Shift everything by so many px."""
        self.centres = {node: (x + right, y + down) for node, (x, y) in self.centres.items()}
        self.routes = {
            link: [(x + right, y + down) for x, y in points] for link, points in self.routes.items()
        }


def place(graph: MultiDiGraph, sizes: Mapping[str, tuple[float, float]]) -> Placed:
    """A layered layout of a graph whose boxes have the given widths and heights (px)."""
    import graphlay

    request = graphlay.Graph()
    for node in graph:
        request.node(node, width=sizes[node][0], height=sizes[node][1])
    backwards = _backwards(graph)
    for (start, end), back in zip(graph.edges(), backwards, strict=True):
        request.edge(*((end, start) if back else (start, end)))
    laid_out = _laid_out(graph, request, "diagonal")
    if laid_out.metrics()["node_edge_hits"]:
        laid_out = _laid_out(graph, request, "orthogonal")
    left, top = laid_out.bounds["min"]["x"], laid_out.bounds["min"]["y"]
    centres = {node: (x - left, y - top) for node, (x, y) in laid_out.positions().items()}
    routes = {}
    for link, edge, back in zip(graph.edges(keys=True), laid_out.edges, backwards, strict=True):
        points = [(point["x"] - left, point["y"] - top) for point in edge["points"]]
        routes[link] = points[::-1] if back else points
    return Placed(centres, routes, laid_out.bounds["max"]["x"] - left, laid_out.bounds["max"]["y"] - top)


def _laid_out(graph: MultiDiGraph, request: graphlay.Graph, style: str) -> graphlay.Layout:
    """The engine's layout; diagonal links are shorter, orthogonal ones never run through a box."""
    import graphlay

    with_care = len(graph) <= _NODES_WITH_CARE and graph.number_of_edges() <= _LINKS_WITH_CARE
    return graphlay.layout(
        request,
        options={
            "direction": "topbottom" if graph.graph.get("direction") == "down" else "leftright",
            "effort": "balanced" if with_care else "fast",
            "routing": {"style": style, "bundle_parallel": False},
            "spacing": {"layer_gap": 16, "node_gap": 10, "dummy_gap": 12, "port_gap": 9},
        },
    )


def _backwards(graph: MultiDiGraph) -> list[bool]:
    """For each link whether it should run back to the left, so that it does not push its end to the right.

    In the lineage those that go back in time; else feedback: links of a circle that lead nearer to its
    sources.
    """
    if graph.graph.get("view") == "lineage":
        dates = {
            node: str(facts.get("start") or facts.get("date", "")) for node, facts in graph.nodes(data=True)
        }
        return [bool(dates[end]) and dates[start] > dates[end] for start, end in graph.edges()]
    from networkx import multi_source_dijkstra_path_length, strongly_connected_components

    sources = [node for node, degree in graph.in_degree() if not degree]
    steps = multi_source_dijkstra_path_length(graph, sources, weight=None) if sources else {}
    circle = {node: number for number, one in enumerate(strongly_connected_components(graph)) for node in one}
    far = len(graph)
    return [
        circle[start] == circle[end] and steps.get(start, far) > steps.get(end, far)
        for start, end in graph.edges()
    ]


def fitting_part(graph: MultiDiGraph) -> MultiDiGraph:
    """The graph, or if it is too large to draw the part between its best-connected nodes.

    The graph attribute `left_out` says what is left out. Raises UsageError for a graph too large to
    choose from; the cure is the export.
    """
    nodes, links = len(graph), graph.number_of_edges()
    if nodes > NODES_READ or links > LINKS_READ:
        raise UsageError(
            f"a graph of {nodes:,} nodes and {links:,} links is too large for a picture",
            cure="Write it for another tool: -o FILE.graphml, .gexf, .json, .cyjs or .dot",
        )
    if nodes <= NODES_DRAWN and links <= LINKS_DRAWN:
        return graph
    best = sorted(graph, key=lambda node: (-graph.degree(node), node))
    kept: set[str] = set()
    inside = 0
    for node in best[:NODES_DRAWN]:
        more = sum(1 for _, end in graph.out_edges(node) if end in kept or end == node)
        more += sum(1 for start, _ in graph.in_edges(node) if start in kept)
        if inside + more > LINKS_DRAWN:
            break
        inside += more
        kept.add(node)
    part = part_of(graph, kept)
    part.graph["left_out"] = (
        f"Shown are the {len(part):,} best-connected of {nodes:,} nodes and the "
        f"{part.number_of_edges():,} links between them of {links:,}; the other "
        f"{nodes - len(part):,} nodes and {links - part.number_of_edges():,} links are left out."
    )
    return part
