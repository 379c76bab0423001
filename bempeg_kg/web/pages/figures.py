"""The figure that a question declares in its header, for its page: in the shape for a page and for a phone.

Both are drawn by `bempeg_kg.pictures`. Inline, each mark knows the rows of the table that it draws.
``timeline``, ``flow`` and ``pathway`` are pictures of the graph: see `pages.pictures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures import FIGURES, figure
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.svg import shapes_svg
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import print_sheets

_ID = re.compile(r' id="[^"]*"')
MOST = 40
"""Rows that the figure of a page shows."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure: the drawing that stands in the page, that for a phone, and its sheets in print."""

    wide: Markup
    phone: Markup
    sheets: str = ""
    printed: str = "small"


def declared_figure(kg: Graph, question: Question, table: Table, label: Callable[[str], str]) -> Drawn | None:
    """The figure of an answer; None where none is declared, no row has a number, or it would have one mark.

    ``label`` says an IRI, as the table of the page does.
    """
    if question.figure.get("kind") not in FIGURES:
        return None
    labelled = table.head(len(table.rows))
    labelled.label_of = label
    order = kg.told_order(question, table)
    try:
        wide, narrow = (
            figure(question.figure, labelled, caveat="", shape=shape, order=order, most=MOST)
            for shape in ("wide", "narrow")
        )
    except BempegError:
        return None
    scene = wide.figure
    markup = inline(wide, "plot", "drawn")
    if question.figure["kind"] in ("counts", "dates") and markup.count("data-row=") < 2:
        return None
    cut = print_sheets.cut(scene.width, scene.height, markup, print_sheets.symbol("drawn"), scene.head)
    return Drawn(markup, inline(narrow, "plot phone"), cut, print_sheets.print_class(scene.height))


def inline(chart: Chart, kind: str, identifier: str = "") -> Markup:
    """A chart as an element of the page, so that it has the page's fonts and its colours in the dark."""
    scene = chart.figure
    named = Markup(' id="{}"').format(identifier) if identifier else ""
    shapes = shapes_svg(scene.shapes)
    if not identifier:  # another shape of it in the page has the identifiers
        shapes = _ID.sub("", shapes)
    return Markup(
        '<svg class="{kind}" role="img" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" '
        'aria-label="{words}"><g{named}>{shapes}</g></svg>'
    ).format(
        kind=kind, w=scene.width, h=scene.height, words=chart.summary, named=named,
        shapes=Markup(shapes),
    )  # fmt: skip
