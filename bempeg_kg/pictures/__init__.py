"""Pictures: views of the graph as SVG, PNG, PDF and HTML pages, and the evidence as plots.

>>> from bempeg_kg import KnowledgeGraph
>>> kg = KnowledgeGraph.open(engine="memory")
>>> svg = picture(kg, "lineage", "svg").decode()
>>> "PIVOT IO 001" in svg, 'role="img"' in svg
(True, True)
"""

from __future__ import annotations

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks import VIEWS, main_part, view
from bempeg_kg.pictures import evidence, paper
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.drawing import draw
from bempeg_kg.pictures.interactive import page
from bempeg_kg.pictures.signals import signals
from bempeg_kg.pictures.svg import svg
from bempeg_kg.pictures.timeline import timeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from networkx import MultiDiGraph

#: Formats of a view drawn as boxes and links, and of a plot.
GRAPH_PICTURES = ("svg", "png", "pdf", "html")
PLOT_PICTURES = ("svg", "png", "pdf")
#: Names of the plots.
PLOTS = ("responses", "hazard-ratios", "timeline", "safety", "signals")


def picture(kg: Graph, name: str, form: str = "svg", *, everything: bool = False) -> bytes:
    """The picture of a name: a view (`signalling`, `lineage`) or a plot of PLOTS, in a format.

    Of a view its main part is drawn, or `everything`. Raises UnknownName for a name or format, NoAnswer if
    there is nothing to draw, UsageError if the graph is too large for a picture.
    """
    if name in PLOTS:
        return plot(kg, name).to_bytes(_known(form, PLOT_PICTURES))
    if name not in VIEWS:
        raise UnknownName("picture", name, [*VIEWS, *PLOTS])
    graph = view(kg, name)
    return graph_picture(graph if everything else main_part(graph), form)


def graph_picture(
    graph: MultiDiGraph, form: str = "svg", *, link: Callable[[str, dict[str, Any]], str] | None = None
) -> bytes:
    """A view, or a part of one, drawn in a format of GRAPH_PICTURES.

    `link` gives the address of a box from its CURIE and attributes; left out, it is the first identifier
    outside. Raises UnknownName for a format, UsageError if the graph is too large for a picture.
    """
    if _known(form, GRAPH_PICTURES) == "html":
        return page(graph).encode()
    scene = draw(graph, link=link)
    if form == "svg":
        return svg(scene).encode()
    return paper.png(scene) if form == "png" else paper.pdf(scene)


def plot(kg: Graph, name: str, **chosen: object) -> Chart:
    """The plot of a name of PLOTS, of all trials or of those chosen: see the parameters of `picture-<name>`.

    Raises UnknownName, UsageError for a choice that the plot does not take, NoAnswer if there is nothing to
    draw.
    """
    if name not in PLOTS:
        raise UnknownName("plot", name, PLOTS, cure=f"Available: {', '.join(PLOTS)}.")
    made = {
        "responses": evidence.responses,
        "hazard-ratios": evidence.hazard_ratios,
        "timeline": timeline,
        "safety": evidence.safety,
        "signals": signals,
    }
    if name in ("timeline", "signals") and chosen:
        raise UsageError(f"the plot {name} always shows the whole programme", cure="Leave out the filters.")
    return made[name](kg, **chosen)


def _known(form: str, forms: tuple[str, ...]) -> str:
    if form not in forms:
        raise UnknownName("format of a picture", form, forms, cure=f"Use one of {', '.join(forms)}.")
    return form


__all__ = ["GRAPH_PICTURES", "PLOTS", "PLOT_PICTURES", "graph_picture", "picture", "plot"]
