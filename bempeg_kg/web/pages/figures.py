"""The figure that a question declares in its header, for its page: inline, and as an image for a phone.

Both are drawn by `bempeg_kg.pictures`. Inline, each mark knows the rows of the table that it draws.
``timeline``, ``flow`` and ``pathway`` are pictures of the graph: see `pages.pictures`.
"""

from __future__ import annotations

import base64
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

MOST = 40
"""Rows that the figure of a page shows."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure: the drawing that stands in the page, and the image for a phone."""

    wide: Markup
    phone: Markup


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
    markup = Markup(
        '<svg class="plot" role="img" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" '
        'aria-label="{words}">{shapes}</svg>'
    ).format(w=scene.width, h=scene.height, words=wide.summary, shapes=Markup(shapes_svg(scene.shapes)))
    if question.figure["kind"] in ("counts", "dates") and markup.count("data-row=") < 2:
        return None
    return Drawn(markup, phone_image(narrow))


def phone_image(chart: Chart) -> Markup:
    """A chart in the shape for a phone as an image that the page carries."""
    address = f"data:image/svg+xml;base64,{base64.b64encode(chart.to_bytes('svg')).decode()}"
    return Markup('<img class="phone" src="{}" alt="{}">').format(address, chart.summary)
