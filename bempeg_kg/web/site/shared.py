"""Answers, charts and graphs of a site, each made once however many pages show it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import pictures

OMITTED = frozenset(("mapping",))
"""Kinds whose entities have no page of their own: a mapping shows on the pages of what it maps."""


class Shared:
    """What several pages of one graph show; an error is kept as well and raised again."""

    def __init__(self, kg: Graph) -> None:
        self.kg = kg
        self._answers: dict[str, Table | BempegError] = {}
        self._charts: dict[tuple[str, str], pictures.Charted | BempegError] = {}

    def answer(self, question: Question, given: Mapping[str, object]) -> Table:
        """The answer of a question; a copy, so that a page may add a sentence to it."""
        key = f"{question.name} {json.dumps(given, sort_keys=True, default=str)}"
        if key not in self._answers:
            try:
                self._answers[key] = self.kg.answer(question, given)
            except BempegError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, BempegError):
            raise answer
        shared = copy.copy(answer)
        shared.rows = list(answer.rows)
        return shared

    def draw(self, name: str, as_of: str) -> pictures.Charted:
        """A picture by its name: a chart, or a graph whose boxes are links."""
        key = (name, as_of)
        if key not in self._charts:
            try:
                self._charts[key] = pictures.charted(self.kg, name, as_of)
            except BempegError as error:
                self._charts[key] = error
        chart = self._charts[key]
        if isinstance(chart, BempegError):
            raise chart
        return chart
