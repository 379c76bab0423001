"""Signed paths through the signalling graph: does this drug push that outcome up or down, and says who?

A path walks the causal and structural steps that are not negated, each in its own direction, and no thing
twice. Its sign is the product of the signs of its steps; a neutral step counts as plus one.

One cell is held through the steps inside it: steps that meet at a molecule must have been claimed in a common
cell. The cell is free again behind a cell, a process or a drug, behind the release of a molecule, and where a
ligand binds, as a ligand comes from outside. A path from a part of a complex may begin with the complex.

>>> from bempeg_kg import KnowledgeGraph
>>> from bempeg_kg.graphs import signalling
>>> graph = signalling(KnowledgeGraph.open(engine="memory"))
>>> best = find_paths(graph, "drug:nivolumab", "process:t-cell-activation")[0]
>>> best.effect, len(best.steps)
('promotes', 3)
"""

from __future__ import annotations

from itertools import pairwise

from bempeg_kg.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from networkx import MultiDiGraph

    Edge = dict[str, Any]

#: Kinds that stand in or on a cell: the cell context is held through them.
MOLECULES = frozenset(
    ("target", "receptor complex", "signalling protein", "protein family", "protein complex", "protein")
)
#: Binding of a ligand: agonist, antagonist.
_BINDING = frozenset(("RO:0018027", "RO:0018029"))
#: Release of a molecule by a cell or a process: produces, has output.
_RELEASE = frozenset(("RO:0003000", "RO:0002234"))
_HAS_PART = "obo:BFO_0000051"
#: The search ends at this many paths.
MOST = 10_000
#: Paths up to this many steps longer than the shortest are near it.
NEAR = 2


class Path:
    """A path: `nodes`, one more than `steps` (edge attributes); `cells`, the cell contexts held in turn."""

    __slots__ = ("cells", "nodes", "steps")

    def __init__(self, nodes: Iterable[str], steps: Iterable[Edge], cells: Iterable[frozenset[str]]) -> None:
        self.nodes = tuple(nodes)
        self.steps = tuple(steps)
        self.cells = tuple(cells)

    @property
    def sign(self) -> int:
        """Product of the signs of the steps: 1 or -1."""
        sign = 1
        for step in self.steps:
            sign *= step["factor"]
        return sign

    @property
    def effect(self) -> str:
        """`promotes` or `inhibits`: what more of the first does to the last."""
        return "promotes" if self.sign > 0 else "inhibits"

    @property
    def claims(self) -> list[str]:
        """CURIEs of the steps of mechanism that the path rests on."""
        return [step["step"] for step in self.steps]

    def steps_with(self, attribute: str) -> list[str]:
        """CURIEs of the steps that have an attribute: `disputed`, `animal`."""
        return [step["step"] for step in self.steps if step.get(attribute)]

    def __repr__(self) -> str:
        return f"<Path {self.effect}: {' -> '.join(self.nodes)}>"


def find_paths(
    graph: MultiDiGraph, start: str, end: str, *, cell: str | None = None, longest: int | None = None
) -> list[Path]:
    """All paths from one node to another, shortest first, at most MOST of them; empty if there is none.

    With `cell` (a CURIE) only steps that were claimed in that cell, or in no cell in particular. `longest`
    is a number of steps. Raises UnknownName for a node that is not in the graph.
    """
    for node in (start, end):
        if node not in graph:
            raise UnknownName("thing in the signalling graph", node, graph)
    if start == end:
        return []
    distance = _distances(graph, end)
    found: list[Path] = []
    for path in _walk(graph, start, end, distance, cell, longest or len(graph)):
        found.append(path)
        if len(found) >= MOST:
            break
    return sorted(found, key=lambda path: (len(path.steps), path.nodes, path.claims))


def near_shortest(paths: list[Path]) -> list[Path]:
    """Of the paths, shortest first, those at most NEAR steps longer than the shortest."""
    return [path for path in paths if len(path.steps) <= len(paths[0].steps) + NEAR]


def one_by_cells(paths: list[Path]) -> list[tuple[Path, int]]:
    """The shortest path through each row of cells and to each effect, and how many are as short as it."""
    found: dict[tuple[object, ...], list[Path]] = {}
    for path in paths:
        found.setdefault((path.cells, path.sign), []).append(path)
    return [
        (alike[0], sum(len(path.steps) == len(alike[0].steps) for path in alike)) for alike in found.values()
    ]


def backbone(graph: MultiDiGraph) -> MultiDiGraph:
    """The part of the signalling graph on the paths near the shortest from drugs to targets and endpoints.

    The drugs are the parts of the drug combinations, or all drugs if there is no combination; an endpoint
    that is reached through another one is left out.
    """
    kinds = dict(graph.nodes(data="kind"))
    starts = [
        drug
        for whole, drug, walked in graph.edges(data="walked")
        if walked and kinds[whole] == "drug combination" and kinds[drug] == "drug"
    ]
    starts = starts or [node for node, kind in kinds.items() if kind == "drug"]
    ends = [node for node, kind in kinds.items() if kind in ("endpoint", "target")]
    kept = set()
    for start in starts:
        for end in ends:
            for path in near_shortest(find_paths(graph, start, end)):
                if not any(kinds[node] == "endpoint" for node in path.nodes[:-1]):
                    kept |= {
                        (*pair, step) for pair, step in zip(pairwise(path.nodes), path.claims, strict=True)
                    }
    return graph.edge_subgraph(sorted(kept)).copy()


def paths_graph(graph: MultiDiGraph, paths: list[Path]) -> MultiDiGraph:
    """The part of the graph that the paths walk."""
    claims = {claim for path in paths for claim in path.claims}
    return graph.edge_subgraph([edge for edge in graph.edges(keys=True) if edge[2] in claims]).copy()


def cells_of(step: Edge) -> frozenset[str]:
    """CURIEs of the cells in which a step was claimed."""
    return frozenset(str(step.get("cells", "")).split())


def _distances(graph: MultiDiGraph, end: str) -> dict[str, int]:
    """Steps that it takes at least from each node to the end, cells disregarded."""
    distance, edge_of_search = {end: 0}, [end]
    while edge_of_search:
        found: list[str] = []
        for node in edge_of_search:
            for before, _, walked in graph.in_edges(node, data="walked"):
                if walked and before not in distance:
                    distance[before] = distance[node] + 1
                    found.append(before)
        edge_of_search = found
    return distance


def _walk(
    graph: MultiDiGraph, start: str, end: str, distance: dict[str, int], cell: str | None, longest: int
) -> Iterator[Path]:
    """Depth first, each node once, giving up where the end is too far away or the cells do not agree."""
    nodes, steps, held = [start], [], [()]  # type: tuple[list[str], list[Edge], list[tuple[frozenset[str], ...]]]
    waiting = [iter([*_whole(graph, start), *_next_steps(graph, start)])]
    while waiting:
        taken = next(waiting[-1], None)
        if taken is None:
            waiting.pop()
            nodes.pop()
            held.pop()
            if steps:
                steps.pop()
            continue
        node, step = taken
        if node in nodes or node not in distance or len(nodes) + distance[node] > longest:
            continue
        cells = _held(graph, nodes[-1], steps, step, held[-1], cell)
        if cells is None:
            continue
        if node == end:
            yield Path([*nodes, node], [*steps, step], cells)
            continue
        nodes.append(node)
        steps.append(step)
        held.append(cells)
        waiting.append(_next_steps(graph, node))


def _next_steps(graph: MultiDiGraph, node: str) -> Iterator[tuple[str, Edge]]:
    return iter([(end, edge) for _, end, edge in graph.out_edges(node, data=True) if edge["walked"]])


def _whole(graph: MultiDiGraph, node: str) -> list[tuple[str, Edge]]:
    """The complexes that a molecule is part of, each with the step that says so."""
    if graph.nodes[node]["kind"] not in MOLECULES:
        return []
    return [
        (whole, {**edge, "relation": "part of"})
        for whole, _, edge in graph.in_edges(node, data=True)
        if edge["walked"] and edge["predicate"] == _HAS_PART and graph.nodes[whole]["kind"] in MOLECULES
    ]


def _held(
    graph: MultiDiGraph,
    node: str,
    steps: list[Edge],
    step: Edge,
    held: tuple[frozenset[str], ...],
    cell: str | None,
) -> tuple[frozenset[str], ...] | None:
    """The cells held in turn after a step, or None if it was claimed in none of those held now."""
    cells = cells_of(step)
    if cell and cells:
        cells &= {cell}
        if not cells:
            return None
    if not cells:
        return held
    inside = graph.nodes[node]["kind"] in MOLECULES and step["predicate"] not in _BINDING
    if not inside or not steps or steps[-1]["predicate"] in _RELEASE or not held or not cells_of(steps[-1]):
        return held if held and held[-1] == cells else (*held, cells)
    common = held[-1] & cells
    return (*held[:-1], common) if common else None
