"""Pictures: views of the graph as SVG, PNG, PDF and HTML pages, and the evidence as plots.

What a page embeds:

- ``plot(kg, name, shape="wide")`` draws one of PLOTS, ``participant_flow(kg, trial)`` the flow of patients
  of a trial, ``figure(declared, table)`` what the header of a question declares of its rows: kinds forest,
  bars, dumbbell, curve (see ``figures.FIGURES``; ``check_figure`` says what does not fit an answer). The
  kinds timeline, flow and pathway are drawn of the graph: plots ``timeline`` and ``flow``, the views.
- Each gives a ``Chart``: ``to_bytes("svg")``, ``title``, ``description`` (the text alternative), ``table``
  (the same content). Rows of an SVG are ``g.row`` elements with the CURIE of their statement as ``id``.
- ``shape="narrow"`` is for a phone: 358 px wide, text of 13 px; ``wide`` is at most 944 px, which at 180 mm
  of print gives text of 7 pt.
- ``surprise(kg)`` draws the curve of the chance of the early result; ``graph_page(kg, name)`` the interactive
  graph as a document of its own.

>>> from bempeg_kg import KnowledgeGraph
>>> kg = KnowledgeGraph.open(engine="memory")
>>> svg = picture(kg, "lineage", "svg").decode()
>>> "PIVOT IO 001" in svg, 'role="img"' in svg
(True, True)
"""

from __future__ import annotations

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks import VIEWS, main_view, view
from bempeg_kg.pictures import evidence, paper
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.drawing import draw
from bempeg_kg.pictures.figures import FIGURES, check_figure, figure
from bempeg_kg.pictures.flow import participant_flow
from bempeg_kg.pictures.interactive import page
from bempeg_kg.pictures.safety import safety
from bempeg_kg.pictures.scene import SHAPES
from bempeg_kg.pictures.signals import signals
from bempeg_kg.pictures.surprise import surprise
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
PLOTS = ("responses", "hazard-ratios", "timeline", "safety", "signals", "flow", "surprise")
_MAKERS: dict[str, Callable[..., Chart]] = {
    "responses": evidence.responses,
    "hazard-ratios": evidence.hazard_ratios,
    "timeline": timeline,
    "safety": safety,
    "signals": signals,
    "flow": participant_flow,
    "surprise": surprise,
}
#: The one choice that a plot of one thing takes.
_TAKES = {"flow": "trial", "surprise": "early"}


def picture(
    kg: Graph, name: str, form: str = "svg", *, everything: bool = False, shape: str = "wide"
) -> bytes:
    """The picture of a name: a view (`signalling`, `lineage`) or a plot of PLOTS, in a format and a shape.

    Of a view its main part is drawn, or `everything`. Raises UnknownName for a name or format, NoAnswer if
    there is nothing to draw, UsageError if the graph is too large for a picture.
    """
    if name in PLOTS:
        return plot(kg, name, shape=shape).to_bytes(_known(form, PLOT_PICTURES))
    if name not in VIEWS:
        raise UnknownName("picture", name, [*VIEWS, *PLOTS])
    if form == "html":
        return graph_page(kg, name, everything=everything).encode()
    return graph_picture(view(kg, name) if everything else main_view(kg, name), form, shape=shape)


def graph_page(kg: Graph, name: str, *, everything: bool = False) -> str:
    """The interactive graph of a view as an HTML document that asks nothing of any network.

    It begins with the main part, and a button shows the rest; with `everything` it begins with all.
    Raises UnknownName for another name than `signalling` and `lineage`.
    """
    if name not in VIEWS:
        raise UnknownName("view", name, VIEWS, cure=f"Available: {', '.join(VIEWS)}.")
    return page(view(kg, name), None if everything else main_view(kg, name))


def graph_picture(
    graph: MultiDiGraph,
    form: str = "svg",
    *,
    link: Callable[[str, dict[str, Any]], str] | None = None,
    shape: str = "wide",
) -> bytes:
    """A view, or a part of one, drawn in a format of GRAPH_PICTURES.

    `link` gives the address of a box from its CURIE and attributes; left out, it is the first identifier
    outside. Raises UnknownName for a format, UsageError if the graph is too large for a picture.
    """
    if _known(form, GRAPH_PICTURES) == "html":
        return page(graph).encode()
    scene = draw(graph, link=link, shape=shape)
    if form == "svg":
        return svg(scene).encode()
    return paper.png(scene) if form == "png" else paper.pdf(scene)


def plot(kg: Graph, name: str, *, shape: str = "wide", **chosen: object) -> Chart:
    """The plot of a name of PLOTS, of all trials or of those chosen: see the parameters of `picture-<name>`.

    `flow` takes a `trial`, and needs one in another programme than the shipped one; `surprise` takes
    `early`, a result. Raises UnknownName, UsageError for a choice that the plot does not take, NoAnswer if
    there is nothing to draw.
    """
    if name not in PLOTS:
        raise UnknownName("plot", name, PLOTS, cure=f"Available: {', '.join(PLOTS)}.")
    _known_shape(shape)
    if name in ("timeline", "signals") and chosen:
        raise UsageError(f"the plot {name} always shows the whole programme", cure="Leave out the filters.")
    if name in _TAKES and (other := sorted(set(chosen) - {_TAKES[name]})):
        raise UsageError(f"the plot {name} takes no {', '.join(other)}", cure=f"It takes {_TAKES[name]}.")
    return _MAKERS[name](kg, shape=shape, **chosen)


def _known(form: str, forms: tuple[str, ...]) -> str:
    if form not in forms:
        raise UnknownName("format of a picture", form, forms, cure=f"Use one of {', '.join(forms)}.")
    return form


def _known_shape(shape: str) -> None:
    if shape not in SHAPES:
        raise UnknownName("shape", shape, SHAPES, cure=f"There are {' and '.join(SHAPES)}.")


__all__ = [
    "FIGURES", "GRAPH_PICTURES", "PLOTS", "PLOT_PICTURES", "SHAPES", "check_figure", "figure", "graph_page",
    "graph_picture", "participant_flow", "picture", "plot", "surprise",
]  # fmt: skip
