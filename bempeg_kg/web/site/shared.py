"""Answers, charts, graphs and reports of a site, each made once however many pages show it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import Pages, pictures, reports

OMITTED = frozenset(("mapping",))
"""Kinds whose entities have no page of their own: a mapping shows on the pages of what it maps."""
T = TypeVar("T")


class Shared:
    """What several pages of one graph show; an error is kept as well and raised again."""

    def __init__(self, kg: Graph) -> None:
        self.kg = kg
        self._made: dict[tuple[str, ...], Any] = {}

    def pages(self, **options: Any) -> Pages:
        """The pages of the graph as files, which share all that is made here."""
        return Pages(self.kg, answer=self.answer, draw=self.draw, report=self.report, static=True, **options)

    def answer(self, question: Question, given: Mapping[str, object]) -> Table:
        """The answer of a question; a copy, so that a page may add a sentence to it."""
        key = ("answer", question.name, json.dumps(given, sort_keys=True, default=str))
        answer = self._once(key, partial(self.kg.answer, question, given))
        shared = copy.copy(answer)
        shared.rows = list(answer.rows)
        return shared

    def draw(self, name: str, as_of: str) -> pictures.Charted:
        """A picture by its name: a chart, or a graph whose boxes are links."""
        return self._once(("picture", name, as_of), partial(pictures.charted, self.kg, name, as_of))

    def report(self, name: str) -> reports.Report:
        """A composed report."""
        return self._once(("report", name), partial(reports.composed, self.kg, name))

    def _once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        if key not in self._made:
            try:
                self._made[key] = make()
            except BempegError as error:
                self._made[key] = error
        made: T | BempegError = self._made[key]
        if isinstance(made, BempegError):
            raise made.with_traceback(None)  # else each page would add to it
        return made
