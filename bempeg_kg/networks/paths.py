"""Signed paths through the signalling graph: does a drug raise or lower an outcome, and by which sources?

A path walks the causal and structural steps that are not negated, each in its own direction, and no thing
twice. Its sign is the product of the signs of its steps; a neutral step counts as plus one.

One cell is held through the steps inside it: steps that meet at a molecule must hold in a common cell. A
step that is claimed for a cell holds for its kinds: one claimed for T cells holds in CD8+ T cells. The cell
is free again behind a cell, a process or a drug, behind the release of a molecule, and where a ligand binds
or joins a receptor complex, as it comes from outside. A path from a part of a complex may begin with it.

Paths are ranked by design first, by length second. See `Path.design`.

>>> from bempeg_kg import KnowledgeGraph
>>> from bempeg_kg.networks import signalling
>>> graph = signalling(KnowledgeGraph.open(engine="memory"))
>>> best = find_paths(graph, "drug:nivolumab", "process:t-cell-activation")[0]
>>> best.effect, len(best.steps)
('promotes', 3)
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from bempeg_kg.errors import UnknownName
from bempeg_kg.networks.path import DESIGNS, Path, Paths, cells_of, holds_in
from bempeg_kg.networks.plain import part_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
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
_PART_OF, _HAS_PART = "obo:BFO_0000050", "obo:BFO_0000051"
#: Paths up to this many steps longer than the shortest are near it.
NEAR = 2
#: A search ends at this many paths, or after trying this many steps: a few seconds.
MOST, TRIED = 20_000, 800_000
#: The main part is looked for in graphs of at most this many nodes.
_SEARCHED = 1_000


def find_paths(
    graph: MultiDiGraph, start: str, end: str, *, cell: str | None = None, longest: int | None = None
) -> Paths:
    """All paths from one node to another, ranked by design and length; empty if there is none.

    With `cell` (a CURIE) only steps that hold in that cell, or in no cell in particular. `longest`
    is a number of steps. On a large graph the search ends at MOST paths or TRIED steps, having found the
    short ones first; `complete` is then False. Raises UnknownName for a node that is not in the graph.
    """
    for node in (start, end):
        if node not in graph:
            raise UnknownName("node of the signalling graph", node, graph)
    search = _Search(graph, end, cell)
    most = longest or len(graph)
    near = search.near(start, most)
    if not near or not near.complete:
        return near
    every = search.up_to(start, most)
    if not every.complete:
        longest_near = max(len(path.steps) for path in near)
        every[:] = sorted([*near, *(path for path in every if len(path.steps) > longest_near)], key=_rank)
    return every


def by_kind(paths: list[Path]) -> list[tuple[Path, int]]:
    """The first path of each kind, and how many paths are of that kind; every path is of one kind.

    A path is of the kind of an earlier one with the same effect and the same part in the design if it passes
    through all branches of the mechanism and all cells that the earlier one passes through.
    """
    kinds: list[tuple[Path, set[object], int]] = []
    for path in paths:
        passed: set[object] = {*path.branches, *path.cells}
        for number, (first, least, count) in enumerate(kinds):
            if first.sign == path.sign and first.design == path.design and least <= passed:
                kinds[number] = (first, least, count + 1)
                break
        else:
            kinds.append((path, passed, 1))
    return [(first, count) for first, _, count in kinds]


def _rank(path: Path) -> tuple[object, ...]:
    """Sort key: the part in the design, then the number of steps."""
    return DESIGNS.index(path.design), len(path.steps), path.nodes, path.claims


def backbone(graph: MultiDiGraph) -> MultiDiGraph:
    """The part of the signalling graph on the paths near the shortest from drugs to targets and endpoints.

    The drugs are the parts of the drug combinations, or all drugs if there is no combination; an endpoint
    that is reached through another one is left out. A graph too large to search comes back empty.
    """
    kinds = dict(graph.nodes(data="kind"))
    starts = {
        drug
        for whole, drug, walked in graph.edges(data="walked")
        if walked and kinds[whole] == "drug combination" and kinds[drug] == "drug"
    }
    starts = starts or {node for node, kind in kinds.items() if kind == "drug"}
    kept: set[tuple[str, str, str]] = set()
    for end in [node for node, kind in kinds.items() if kind in ("endpoint", "target")]:
        if len(graph) > _SEARCHED:
            break
        search = _Search(graph, end)
        for start in sorted(starts):
            for path in search.near(start, len(graph)):
                if not any(kinds[node] == "endpoint" for node in path.nodes[:-1]):
                    pairs = pairwise(path.nodes)
                    kept |= {(*pair, step) for pair, step in zip(pairs, path.claims, strict=True)}
    return part_of(graph, {node for edge in kept for node in edge[:2]}, kept)


def paths_graph(graph: MultiDiGraph, paths: list[Path]) -> MultiDiGraph:
    """The part of the graph that the paths walk."""
    claims = {claim for path in paths for claim in path.claims}
    edges = {edge for edge in graph.edges(keys=True) if edge[2] in claims}
    return part_of(graph, {node for edge in edges for node in edge[:2]}, edges)


class _Held(NamedTuple):
    """The cells held in turn so far, as claimed, and all held now: None where the next may be in any cell."""

    row: tuple[frozenset[str], ...] = ()
    now: frozenset[str] | None = None


class _Search:
    """The search for paths to one end: depth first, up to a length, with a common allowance of steps."""

    def __init__(self, graph: MultiDiGraph, end: str, cell: str | None = None) -> None:
        self.graph = graph
        self.end = end
        self.cell = cell
        self.left = TRIED
        self.distance = _distances(graph, end)
        # walks meet the same steps in the same cells again and again
        self.first: dict[str, list[tuple[str, Edge]]] = {}
        self.following: dict[str, list[tuple[str, Edge]]] = {}
        self.known: dict[tuple[str, int, int, _Held], _Held | None] = {}

    def near(self, start: str, longest: int) -> Paths:
        """The paths at most NEAR steps longer than the shortest path within the cells."""
        first = [step for step in self._first(start) if step[0] in self.distance]
        least = min((self.distance[node] + 1 for node, _ in first), default=longest + 1)
        while start != self.end and least <= longest and self.left > 0:
            paths = self.up_to(start, least)
            if paths:
                return self.up_to(start, min(least + NEAR, longest))
            least += 1
        return Paths()

    def up_to(self, start: str, longest: int) -> Paths:
        """The paths of at most so many steps, ranked."""
        paths = Paths()
        for path in self._walk(start, longest):
            paths.append(path)
            if len(paths) >= MOST:
                self.left = 0
        paths.sort(key=_rank)
        paths.complete = self.left > 0
        return paths

    def _walk(self, start: str, longest: int) -> Iterator[Path]:
        """Each node once, giving up where the end is too far away or the cells do not agree."""
        nodes = {start: None}  # in the order in which they were walked
        steps: list[Edge] = []
        held = [_Held()]
        waiting = [iter(self._first(start))]
        while waiting and self.left > 0:
            taken = next(waiting[-1], None)
            if taken is None:
                waiting.pop()
                nodes.popitem()
                held.pop()
                del steps[-1:]
                continue
            self.left -= 1
            node, step = taken
            far = self.distance.get(node)
            if far is None or node in nodes or len(nodes) + far > longest:
                continue
            cells = self._cells(next(reversed(nodes)), steps[-1] if steps else None, step, held[-1])
            if cells is None:
                continue
            if node == self.end:
                yield Path([*nodes, node], [*steps, step], cells.row)
                continue
            nodes[node] = None
            steps.append(step)
            held.append(cells)
            waiting.append(iter(self._next(node)))

    def _next(self, node: str) -> list[tuple[str, Edge]]:
        if node not in self.following:
            edges = self.graph.out_edges(node, data=True)
            self.following[node] = [(end, edge) for _, end, edge in edges if edge["walked"]]
        return self.following[node]

    def _first(self, node: str) -> list[tuple[str, Edge]]:
        """The steps from a start: into the complexes that it is part of, and its own."""
        if node not in self.first:
            self.first[node] = self._starting(node)
        return self.first[node]

    def _starting(self, node: str) -> list[tuple[str, Edge]]:
        kinds = self.graph.nodes
        wholes = [
            (whole, {**edge, "relation": "part of"})
            for whole, _, edge in self.graph.in_edges(node, data=True)
            if edge["walked"] and edge["predicate"] == _HAS_PART and kinds[whole]["kind"] in MOLECULES
        ]
        return [*(wholes if kinds[node]["kind"] in MOLECULES else []), *self._next(node)]

    def _inside(self, node: str, before: Edge | None, step: Edge) -> bool:
        """Whether two steps meet at a molecule in or on one cell, where no cell is left or met."""
        kind = self.graph.nodes[node]["kind"]
        if before is None or kind not in MOLECULES or step["predicate"] in _BINDING:
            return False
        joined = before["predicate"] == _PART_OF and kind == "receptor complex"
        return not joined and before["predicate"] not in _RELEASE

    def _cells(self, node: str, before: Edge | None, step: Edge, held: _Held) -> _Held | None:
        """What `_held` gives, kept; steps are the same objects as long as a walk goes on."""
        key = (node, id(before), id(step), held)
        if before is None:
            return self._held(node, before, step, held)
        if key not in self.known:
            self.known[key] = self._held(node, before, step, held)
        return self.known[key]

    def _held(self, node: str, before: Edge | None, step: Edge, held: _Held) -> _Held | None:
        """The cells held after a step from a node, or None if it was claimed in none of those held."""
        now = held.now if self._inside(node, before, step) else None
        claimed, cells = cells_of(step), holds_in(step)
        if not cells:
            return _Held(held.row, now)
        if self.cell:
            cells &= {self.cell}
        if now is not None:
            cells &= now
            claimed |= held.row[-1]
        if not cells:
            return None
        # two claims may meet in kinds of both alone
        named = claimed & cells or cells
        # the same cells go on, narrower or not, or other cells take their turn
        row = held.row[:-1] if held.row and (now is not None or held.row[-1] == named) else held.row
        return _Held((*row, named), cells)


def _distances(graph: MultiDiGraph, end: str) -> dict[str, int]:
    """Steps that it takes at least from each node to the end, cells disregarded."""
    distance, newest = {end: 0}, [end]
    while newest:
        reached: list[str] = []
        for node in newest:
            for before, _, walked in graph.in_edges(node, data="walked"):
                if walked and before not in distance:
                    distance[before] = distance[node] + 1
                    reached.append(before)
        newest = reached
    return distance
