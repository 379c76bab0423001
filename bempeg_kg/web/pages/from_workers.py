"""What pages take from worker processes: answers, pictures, reports and verdicts.

So the server itself loads neither the statistics nor the graph library, and nothing that computes holds its
lock.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from bempeg_kg.errors import EngineError, EngineTimeout, QueryError
from bempeg_kg.graph.binding import bound_query, check_words
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.measured import near_endpoints
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.on_disk import OnDisk
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
    """The pools of a server; all methods that return no coroutine are called in threads.

    What was computed is kept on ``disk``. ``failures`` counts what met a limit.
    """

    def __init__(self, kg: Graph, pool: Pool, computers: Pool, warmers: Pool, disk: OnDisk) -> None:
        self.kg = kg
        self.pool = pool
        self.computers = computers
        self.warmers = warmers
        self.disk = disk
        self.failures = 0
        self.loop = asyncio.get_running_loop()
        self._drawings: OrderedDict[str, Charted] = OrderedDict()
        self._warming_thread = 0

    @contextmanager
    def beside_readers(self) -> Iterator[None]:
        """Let what this thread computes run in a worker of its own, so that no reader waits behind it."""
        self._warming_thread = threading.get_ident()
        try:
            yield
        finally:
            self._warming_thread = 0

    def answer(self, question: Question, given: Mapping[str, object]) -> Table:
        """The answer to a question."""
        names = self.kg.names
        if question.computed or question.data:  # what needs more data than the store holds is opened there
            task = computing.answer_task(question.name, given)
            return self._computed(task, lambda body: computing.read_answer(body, names))
        table = self._rows(question, given)
        check_words(self.kg, question, given, has_rows=bool(table.rows))
        if not table.rows:
            near = near_endpoints(self.kg, question, given, self._rows)
            table.reason = "; ".join(filter(None, (question.empty, near)))
        return table

    def _rows(self, question: Question, given: Mapping[str, object]) -> Table:
        query = bound_query(self.kg, question, given)
        try:
            text = guard.examine(query)
        except QueryError as refusal:
            raise NotRunHere(str(refusal)) from None
        body = self._waited(self._run(self.pool, frames.Request(query, has_dataset=text.has_dataset)))
        return read_table(body, self.kg.names)

    def draw(self, name: str, as_of: str) -> Charted:
        """A picture, as of a day where that is not empty."""
        return self._waited(self.drawn(name, as_of))

    def report(self, name: str) -> Report:
        """A composed report."""
        return self._computed(
            computing.report_task(name), lambda body: computing.read_report(body, self.kg.names)
        )

    def verdicts(self) -> dict[str, Table]:
        """Statement IRI -> what forensics says of its printed numbers."""
        return self._computed(
            computing.verdicts_task(), lambda body: computing.read_verdicts(body, self.kg.names)
        )

    def drawn(self, name: str, as_of: str) -> Coroutine[None, None, Charted]:
        """A picture, kept for the next request."""
        return self._kept(f"{name}?{as_of}", computing.chart_task(name, as_of), self._computers)

    def interactive(self, name: str) -> Coroutine[None, None, Charted]:
        """A graph as an HTML document of its own."""
        return self._kept(f"{name}-graph", computing.interactive_task(name), self._computers)

    def explored(self, name: str) -> Charted:
        """The same, waited for in a thread."""
        return self._waited(self.interactive(name))

    @property
    def _computers(self) -> Pool:
        """The workers for what this thread asks."""
        return self.warmers if threading.get_ident() == self._warming_thread else self.computers

    async def _kept(self, key: str, task: computing.Task, computers: Pool) -> Charted:
        if key not in self._drawings:
            kept = self.disk.get(task.query)
            body = kept or await self._run(computers, task)
            self._drawings[key] = computing.read_chart(body, self.kg.names)
            if kept is None:
                self.disk.put(task.query, body)
            while len(self._drawings) > KEPT:
                self._drawings.popitem(last=False)
        return self._drawings[key]

    def _computed(self, task: computing.Task, read: Callable[[bytes], T]) -> T:
        """An answer from disk, or computed now and kept unless it is an error."""
        kept = self.disk.get(task.query)
        if kept is not None:
            return read(kept)
        body = self._waited(self._run(self._computers, task))
        result = read(body)
        self.disk.put(task.query, body)
        return result

    def _waited(self, work: Coroutine[None, None, T]) -> T:
        """The result of work on the server's loop, waited for in a thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    async def _run(self, pool: Pool, request: Request) -> bytes:
        try:
            return await pool.body(request)
        except PoolError as error:
            self.failures += 1
            raise (EngineTimeout if error.kind == "time" else EngineError)(str(error)) from None
