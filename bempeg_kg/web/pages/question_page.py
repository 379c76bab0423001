"""What the page of a question shows: the answer, how certain it is, the rows, the doubt."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import band, figures, pictures, questions
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.menus import menus
from bempeg_kg.web.pages.problems import problem_status, problem_text

SHOWN_ROWS = 1000
NOTHING = "nothing in the graph matches."
SAID_ROWS = 3
"""Rows that the sentence of a page names at most."""
ONE_LINE = 79
"""Letters of a title that stands on one line at 1280 px."""
SAID_LETTERS = {True: 560, False: 370}
"""Letters of a sentence below a title of one line, or of two: all stands in the top 300 px of a page."""


def values(
    kg: Graph,
    terms: Terms,
    question: Question,
    given: Mapping[str, str],
    answer: Callable[[Question, Mapping[str, object]], Table],
    judged: band.Judged,
) -> dict[str, Any]:
    """What the template of a question needs, and the status of the response."""
    filled = questions.filled(question, given)
    context: dict[str, Any] = {"grid": None, "sentence": "", "chips": [], "figure": None, "problem": ""}
    context["status"] = 200
    try:
        questions.refuse_unknown(question, given)
        if not question.live:
            context |= _answered(kg, terms, question, answer(question, filled), judged)
    except BempegError as error:
        context |= {"problem": problem_text(error), "status": problem_status(error)}
    form = menus(kg, terms, question, filled)
    return context | {
        "question": question,
        "menus": form,
        "about": [menu.chosen_text for menu in form if menu.chosen],
        "suffix": "?" + urlencode(filled) if filled else "",
        "sparql": question.sparql if context["problem"] else questions.bound(kg, question, filled),
        "picture": pictures.for_question(question),
    }


def _answered(
    kg: Graph, terms: Terms, question: Question, table: Table, judged: band.Judged
) -> dict[str, Any]:
    table = table.head(len(table.rows))  # rows as the sentence tells them; the kept answer stays as it is
    kg.put_in_order(question, table)
    grid = terms.grid(table, question.summary, limit=SHOWN_ROWS, main=table.telling(question.shown))
    grid.verdicts = [judged.verdict(row) for row in table.rows[: len(grid.rows)]]
    return {
        "grid": grid,
        "sentence": _said(kg, question, table) if table.rows else f"No rows: {table.reason or NOTHING}",
        "figure": figures.declared_figure(kg, question, table, lambda iri: terms.node(iri).text),
        "chips": band.chips(question, table, terms, judged),
    }


def _said(kg: Graph, question: Question, table: Table) -> str:
    """The answer in a sentence that names as many rows as have room in the top of a page."""
    if question.sentence.get("join") == "sentences":  # an argument, which is told whole
        return kg.sentence(question, table)
    room = SAID_LETTERS[len(question.summary) <= ONE_LINE]
    sentence = ""
    for rows in range(int(question.sentence.get("most", SAID_ROWS)), 0, -1):
        sentence = kg.sentence(_naming(question, min(rows, SAID_ROWS)), table)
        if len(sentence) <= room:
            break
    return sentence


def _naming(question: Question, rows: int) -> Question:
    """The question with a sentence that names so many rows."""
    shortened = copy.copy(question)
    if question.sentence:
        shortened.sentence = {**question.sentence, "most": rows}
    return shortened
