"""networkx views of the graph: `signalling` (how the drug should work) and `lineage` (what led to what).

Both are a `MultiDiGraph` whose nodes are CURIEs and whose edges are keyed by the CURIE of the statement they
come from. All attributes are plain text, numbers or booleans, so that every graph format can hold them; an
attribute that is not known is left out. They are made from the shipped questions `picture-...`, so any engine
can answer them.

>>> from bempeg_kg import KnowledgeGraph
>>> graph = signalling(KnowledgeGraph.open(engine="memory"))
>>> graph.nodes["protein:jak1"]["kind"]
'signalling protein'
>>> [edge["sign"] for edge in graph["drug:nivolumab"]["protein:pd1"].values()]
['inhibits']
"""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer, UnknownName
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.lineage import decisive, lineage
from bempeg_kg.networks.paths import backbone
from bempeg_kg.networks.signalling import signalling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

VIEWS = {"signalling": signalling, "lineage": lineage}
_SUBJECT = {"signalling": "steps of mechanism", "lineage": "trials of a programme"}
_LEFT_OUT = {
    "signalling": "what stands off the main paths from the drugs to their targets and the tumour response",
    "lineage": "cohorts, and events that neither led to a decision nor followed from one",
}


def view(kg: Graph, name: str) -> MultiDiGraph:
    """The view of a name, see VIEWS. Raises UnknownName, and NoAnswer if the file is empty."""
    if name not in VIEWS:
        raise UnknownName("view", name, VIEWS, cure=f"Available: {', '.join(VIEWS)}.")
    graph = VIEWS[name](kg)
    if not graph:
        raise NoAnswer(
            f"the view {name} is empty: the graph holds no {_SUBJECT[name]}",
            cure="`bempeg-kg stats` counts what it holds.",
        )
    return graph


def main_part(graph: MultiDiGraph) -> MultiDiGraph:
    """The part of a view that its picture shows first; its graph attribute `left_out` says what is missing.

    Of `signalling`: what lies on a path from a drug to the outcomes, see `networks.paths.backbone`. Of
    `lineage`: trials that led to another or came from one, read-outs, and the decisions that followed.
    """
    name = graph.graph["view"]
    part = backbone(graph) if name == "signalling" else decisive(graph)
    if not part:
        return graph
    if "layout" in part.graph:
        part.graph["lanes"] = part.graph.pop("layout")
        part.graph["whole"] = (len(graph), graph.number_of_edges())
    nodes, links = len(graph) - len(part), graph.number_of_edges() - part.number_of_edges()
    if nodes or links:
        part.graph["left_out"] = f"{nodes} nodes and {links} links are left out: {_LEFT_OUT[name]}."
    return part


def main_view(kg: Graph, name: str) -> MultiDiGraph:
    """The main part of a view, which takes seconds to find and is drawn in several shapes; not to be changed.

    Raises what `view` raises.
    """
    part: MultiDiGraph = kg.once(f"main part of {name}", lambda: main_part(view(kg, name)))
    return part


__all__ = ["VIEWS", "lineage", "main_part", "main_view", "signalling", "view"]
