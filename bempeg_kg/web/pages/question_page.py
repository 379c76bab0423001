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
SAID_ROWS = 3
"""Rows that the sentence of a page names, so that answer and evidence stand in one window."""


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
    grid = terms.grid(table, question.summary, limit=SHOWN_ROWS, main=question.shown)
    grid.verdicts = [judged.verdict(row) for row in table.rows[: len(grid.rows)]]
    sure = band.certainty(question, table, judged.ratings)
    doubt = band.doubts(question, table, terms, judged.differences, grid.verdicts)
    return {
        "grid": grid,
        "sentence": kg.sentence(_shortened(question), table),
        "figure": figures.declared_figure(kg, question, table, terms.label),
        "chips": [*([sure] if sure else []), *doubt],
    }


def _shortened(question: Question) -> Question:
    """The question with a sentence of fewer rows."""
    shortened = copy.copy(question)
    if question.sentence:
        shortened.sentence = {
            **question.sentence,
            "most": min(int(question.sentence.get("most", SAID_ROWS)), SAID_ROWS),
        }
    return shortened
