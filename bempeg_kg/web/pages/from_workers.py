"""What pages take from worker processes: answers, pictures, reports and verdicts.

So the server itself loads neither the statistics nor the graph library, and nothing that computes holds its
lock.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from typing import TypeVar

from bempeg_kg.errors import EngineError, EngineTimeout, QueryError
from bempeg_kg.graph.binding import bound_query
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.pages import computing
from bempeg_kg.web.pages.pictures import Charted
from bempeg_kg.web.pages.problems import NotRunHere
from bempeg_kg.web.pages.reports import Report
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.pool import Pool
from bempeg_kg.web.workers.worker import Request

T = TypeVar("T")

KEPT = 64
"""Pictures kept in memory; content never changes under a server."""


class FromWorkers:
    """The two pools of a server; all methods without ``async`` are called in threads."""

    def __init__(self, kg: Graph, pool: Pool, computers: Pool) -> None:
        self.kg = kg
        self.pool = pool
        self.computers = computers
        self.loop = asyncio.get_running_loop()
        self._drawings: OrderedDict[str, Charted] = OrderedDict()

    def answer(self, question: Question, given: Mapping[str, object]) -> Table:
        """The answer to a question."""
        if question.computed or question.data:  # what needs more data than the store holds is opened there
            body = self._computed(computing.answer_task(question.name, given))
            return computing.read_answer(body, self.kg.names)
        query = bound_query(self.kg, question, given)
        try:
            text = guard.examine(query)
        except QueryError as refusal:
            raise NotRunHere(str(refusal)) from None
        body = self._waited(self._run(self.pool, frames.Request(query, has_dataset=text.has_dataset)))
        table = read_table(body, self.kg.names)
        if not table.rows:
            table.reason = question.empty
        return table

    def draw(self, name: str, as_of: str) -> Charted:
        """A picture, as of a day where that is not empty."""
        return self._waited(self.drawn(name, as_of))

    def report(self, name: str) -> Report:
        """A composed report."""
        return computing.read_report(self._computed(computing.report_task(name)), self.kg.names)

    def verdicts(self) -> dict[str, Table]:
        """Statement IRI -> what forensics says of its printed numbers."""
        return computing.read_verdicts(self._computed(computing.verdicts_task()), self.kg.names)

    async def drawn(self, name: str, as_of: str) -> Charted:
        """A picture, kept for the next request."""
        return await self._kept(f"{name}?{as_of}", computing.chart_task(name, as_of))

    async def interactive(self, name: str) -> Charted:
        """A graph as an HTML document of its own."""
        return await self._kept(f"{name}-graph", computing.interactive_task(name))

    async def _kept(self, key: str, task: computing.Task) -> Charted:
        if key not in self._drawings:
            body = await self._run(self.computers, task)
            self._drawings[key] = computing.read_chart(body, self.kg.names)
            while len(self._drawings) > KEPT:
                self._drawings.popitem(last=False)
        return self._drawings[key]

    def _computed(self, task: computing.Task) -> bytes:
        return self._waited(self._run(self.computers, task))

    def _waited(self, work: Coroutine[None, None, T]) -> T:
        """The result of work on the server's loop, waited for in a thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _run(self, pool: Pool, request: Request) -> bytes:
        try:
            return await pool.body(request)
        except PoolError as error:
            raise (EngineTimeout if error.kind == "time" else EngineError)(str(error)) from None
