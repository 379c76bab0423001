"""The lineage as a tree: each trial below the one that it came from, with read-outs and decisions."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

#: Start, end and key of a link.
Link = tuple[str, str, str]

_KINDS = {"trial", "read-out", "decision"}
_RELATIONS = {"led to", "read out", "led to decision", "affects"}
#: Beyond this many boxes, or so many steps from the first trial, a tree is harder to read than layers.
_MOST, _DEEPEST = 60, 6


@dataclass(slots=True)
class Tree:
    """Trials from top to bottom with their depth, their read-outs, and decisions by what they rested on."""

    graph: MultiDiGraph
    order: list[str]
    depth: dict[str, int]
    #: trial -> the trial below which it stands
    parent: dict[str, str]
    readouts: dict[str, list[str]]
    decisions: list[str]

    def links(self, relation: str) -> list[Link]:
        """The links of a relation."""
        edges = self.graph.edges(keys=True, data="relation")
        return [(start, end, key) for start, end, key, named in edges if named == relation]


def tree_of(graph: MultiDiGraph) -> Tree | None:
    """The tree of a lineage; None for a graph that holds more than trials, read-outs and decisions."""
    kinds = dict(graph.nodes(data="kind", default=""))
    relations = {named for *_, named in graph.edges(data="relation")}
    is_plain = set(kinds.values()) <= _KINDS and relations <= _RELATIONS
    if graph.graph.get("view") != "lineage" or not is_plain or not graph or len(graph) > _MOST:
        return None
    tree = Tree(graph, [], {}, {}, {}, [])
    trials = [node for node in graph if kinds[node] == "trial"]
    sources = {node: [start for start, end, _ in tree.links("led to") if end == node] for node in trials}
    for node in sorted(trials, key=lambda node: _started(graph, node)):
        if not sources[node]:
            _place(tree, sources, node)
    if max(tree.depth.values(), default=0) > _DEEPEST or len(tree.order) < len(trials):
        return None
    for trial, event, _ in tree.links("read out"):
        tree.readouts.setdefault(trial, []).append(event)
    tree.decisions = _decisions(tree, [node for node in graph if kinds[node] == "decision"])
    drawn = [*tree.order, *(event for events in tree.readouts.values() for event in events), *tree.decisions]
    return tree if len(set(drawn)) == len(drawn) == len(graph) else None


def _place(tree: Tree, sources: dict[str, list[str]], node: str, depth: int = 0) -> None:
    """A trial, then those that came from it; one with a second origin comes last, so that no line crosses."""
    tree.order.append(node)
    tree.depth[node] = depth
    waiting = [
        end
        for end in sources
        if node in sources[end] and end not in tree.depth and set(sources[end]) <= set(tree.order)
    ]
    for child in sorted(waiting, key=lambda end: (len(sources[end]) > 1, _started(tree.graph, end))):
        if child not in tree.depth:
            tree.parent[child] = node
            _place(tree, sources, child, depth + 1)


def _started(graph: MultiDiGraph, node: str) -> tuple[str, str]:
    return (str(graph.nodes[node].get("start", "9999")), node)


def _decisions(tree: Tree, decisions: list[str]) -> list[str]:
    """Decisions by the mean place of what they rested on; one that follows from another stands below it."""
    events = [event for trial in tree.order for event in tree.readouts.get(trial, [])]
    rested = {
        one: [start for start, end, _ in tree.links("led to decision") if end == one] for one in decisions
    }

    def place(one: str) -> tuple[float, int, str]:
        """Where a decision stands: beside the events on which it rested."""
        places = [events.index(start) for start in rested[one] if start in events]
        return (sum(places) / len(places) if places else len(events), len(places), one)

    ordered = sorted(decisions, key=place)
    for one in list(ordered):
        before = [start for start in rested[one] if start in decisions]
        if before:
            ordered.remove(one)
            ordered.insert(ordered.index(before[0]) + 1, one)
    return ordered
