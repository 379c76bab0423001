"""The package's pictures on pages: graphs stand in the page, so that their boxes are links; charts are
images.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from markupsafe import Markup

from bempeg_kg.errors import BempegError, UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks import main_view
from bempeg_kg.pictures import evidence, graph_page
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.drawing import draw
from bempeg_kg.pictures.safety import safety
from bempeg_kg.pictures.signals import signals
from bempeg_kg.pictures.svg import svg
from bempeg_kg.pictures.timeline import timeline
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import print_sheets
from bempeg_kg.web.pages.cell import Cell, Grid

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "frame-ancestors 'self'"
)
"""What the document of an interactive graph may do: run the script that stands in it, and ask for nothing."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture: title, what it shows, the question that says the same in rows, whether it is a graph.

    Every chart has a shape for a phone, a graph where ``narrow`` says so.
    """

    title: str
    about: str
    question: str
    graph: bool = False
    narrow: bool = False


VIEWS = {
    "signalling": View(
        "How the drug should work",
        "The steps from the drug to the tumour, each claimed by a source. Boxes lead to their pages.",
        "mechanism-steps",
        graph=True,
        narrow=True,
    ),
    "lineage": View(
        "Which trial led to which",
        "The trials of the programme, what was read out of them, and what was decided on it.",
        "trial-lineage",
        graph=True,
        narrow=True,
    ),
    "timeline": View(
        "What happened when",
        "Trials as bars, events, decisions and agreements as marks, each as precisely as its date is known.",
        "programme-timeline",
    ),
    "responses": View(
        "Response rates", "Reported objective response rates with their intervals.", "response-rates"
    ),
    "hazard-ratios": View(
        "Hazard ratios",
        "What the randomised trials reported, each with the level of its interval.",
        "treatment-effects",
    ),
    "safety": View("Adverse events", "How many patients had them, by group.", "adverse-events"),
    "signals": View(
        "Early and later response rates",
        "What became of early response rates of this and other programmes; no random sample.",
        "signal-changes",
    ),
}
NARROW = "-narrow"
"""Behind the name of a chart: the same in the shape for a phone."""
DECLARED = {"pathway": "signalling", "flow": "lineage", "timeline": "timeline"}
"""Kind of figure that a header declares -> the view that is drawn of the graph."""
QUESTIONS = {view.question: name for name, view in VIEWS.items()}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as a page holds it, and the address where it stands ``alone``: a graph as markup, or a chart
    as the address of its image; that of its ``narrow`` shape, its words, and its parts in print.
    """

    title: str
    alone: str
    markup: Markup | None = None
    image: str = ""
    narrow: str = ""
    words: str = ""
    sheets: str = ""
    printed: str = "small"
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Charted:
    """A picture as an SVG document of its own, what it says in words, and in rows where it has some."""

    svg: bytes
    words: str
    table: Table | None


Draw = Callable[[str, str], Charted]
"""Draws a picture by its name, as of a day where that is not empty."""


def drawing(name: str, draw: Draw, as_of: str = "") -> Drawing:
    """A picture of ``VIEWS``. Raises NoAnswer for nothing to draw, UsageError for a day that is none."""
    view = VIEWS[name]
    drawn = draw(name, as_of)
    document = drawn.svg.decode()
    printed = print_sheets.print_class(print_sheets.height_of(document))
    if view.graph:
        narrow = f"/picture/{name}{NARROW}.svg" if view.narrow else ""
        return Drawing(
            view.title,
            f"/picture/{name}.svg",
            Markup(document),
            narrow=narrow,
            words=f"{view.title}. {view.about}",
            printed=printed,
        )
    day = f"?as-of={quote(as_of)}" if as_of else ""
    image, narrow = f"/picture/{name}.svg{day}", f"/picture/{name}{NARROW}.svg{day}"
    return Drawing(
        view.title, image, image=image, narrow=narrow, words=drawn.words,
        sheets=print_sheets.of_document(document, image), printed=printed, table=drawn.table,
    )  # fmt: skip


def named_as_drawn(kg: Graph, grid: Grid | None, name: str) -> Grid | None:
    """The table beside a graph with the short names of its boxes; the full name stays the title of a cell."""
    if grid is None or name not in VIEWS or not VIEWS[name].graph:
        return grid
    rows = kg.select("SELECT ?thing ?short { ?thing kg:shortLabel ?short } ORDER BY ?thing ?short")
    short = {"/" + row["thing"].removeprefix(kg.names.base): row["short"] for row in rows}

    def renamed(cell: Cell) -> Cell:
        """The cell, and those within it, with the short names of the picture."""
        parts = tuple(renamed(one) for one in cell.parts)
        return replace(cell, text=short.get(cell.href, cell.text), title=cell.title or cell.text, parts=parts)

    grid.rows = [[renamed(cell) for cell in row] for row in grid.rows]
    return grid


def said_as_drawn(kg: Graph, sentence: str, name: str) -> str:
    """A sentence beside a graph with the short names of its boxes."""
    if not sentence or name not in VIEWS or not VIEWS[name].graph:
        return sentence
    rows = kg.select("""SELECT ?label ?short { ?thing kg:shortLabel ?short ; rdfs:label ?label .
        FILTER(CONTAINS(STR(?thing), "/protein/") || CONTAINS(STR(?thing), "/complex/")
            || CONTAINS(STR(?thing), "/drug/")) }""")
    for row in sorted(rows, key=lambda row: -len(row["label"])):
        sentence = sentence.replace(row["label"], row["short"])
        sentence = sentence.replace(row["label"][:1].upper() + row["label"][1:], row["short"])
    return sentence[:1].upper() + sentence[1:]


def is_drawn(name: str) -> bool:
    """Whether a name is that of a picture, or of one in the shape for a phone."""
    view = VIEWS.get(name.removesuffix(NARROW))
    return view is not None and (name in VIEWS or not view.graph or view.narrow)


def for_question(question: Question) -> str:
    """The name of the view that draws a question's answer, or that its header declares; empty for none."""
    if question.name.startswith("signal-"):
        return "signals"
    return QUESTIONS.get(question.name) or DECLARED.get(str(question.figure.get("kind")), "")


def of_question(question: Question, draw: Draw) -> Drawing | None:
    """The picture of a question's whole answer, where there is one."""
    name = for_question(question)
    try:
        return drawing(name, draw) if name else None
    except BempegError:
        return None


def interactive(kg: Graph, name: str) -> str:
    """A graph as a document of its own: boxes to pick and move, hidden ones to show, paths to trace.

    Raises UnknownName for a picture that is no graph.
    """
    return graph_page(kg, name)


def graph_svg(kg: Graph, name: str, shape: str = "wide") -> str:
    """A graph as SVG to stand in a page, its boxes linked to the pages of what they name."""
    scene = draw(main_view(kg, name), link=lambda node, _: kg.names.expand(node), shape=shape)
    drawn = svg(scene).replace('role="img"', 'role="group"', 1)  # an image cannot hold links
    return drawn.replace(f'href="{kg.names.base}', 'href="/')


def charted(kg: Graph, name: str, as_of: str) -> Charted:
    """A picture, drawn here. Raises NoAnswer for nothing to draw, UsageError for a day that is none."""
    if VIEWS[name.removesuffix(NARROW)].graph:
        shape = "narrow" if name.endswith(NARROW) else "wide"
        return Charted(graph_svg(kg, name.removesuffix(NARROW), shape).encode(), "", None)
    makers: dict[str, Callable[..., Chart]] = {
        "timeline": timeline,
        "responses": evidence.responses,
        "hazard-ratios": evidence.hazard_ratios,
        "safety": safety,
        "signals": signals,
    }
    shape = "narrow" if name.endswith(NARROW) else "wide"
    drawn = makers[name.removesuffix(NARROW)](kg.as_of(_day(as_of)) if as_of else kg, shape=shape)
    return Charted(drawn.to_bytes("svg"), drawn.description, drawn.table)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text} is not a date", cure="Write it as 2018-09-21.") from None
