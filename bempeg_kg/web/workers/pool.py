"""Which worker runs which query, for how long, and what happens when a limit is met.

There is one queue. A query goes to a free worker or waits, and is refused when too many wait or it waited
too long. One that used more than ``slow_after`` seconds of the processor keeps its process, which from then
on gets only processor time that nobody else wants (the low-priority lane), and a fresh worker takes its
place. The lane is bounded, so neighbours of a runaway query keep their workers and their processor time.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bempeg_kg.web.limits import TICK, Limits, PoolError
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.worker import Request, Settings, Ticket, Worker, spawn

GRACE = 0.1
"""Seconds by which the kernel's alarm in the worker may be late before the worker is killed from here."""

EXIT = 0.2
"""Seconds that a process may take from closing its socket until it has an exit code."""

WATCHED_AFTER = 0.05
"""Seconds after which a query ends when its client goes away; watching each short one would cost more."""

MOST_FAILURES = 5
"""Workers that may exit one after the other before they opened the store; then no more are started."""


@dataclass(slots=True)
class Answer:
    """A media type, and either the whole ``body`` or, where it is None, ``chunks``."""

    media_type: str
    body: bytes | None
    chunks: AsyncIterator[bytes] | None = None


@dataclass(slots=True)
class Counts:
    """Running totals for ``/metrics``."""

    spawned: int = 0
    moved_aside: int = 0
    refused: int = 0
    stopped: dict[str, int] = field(default_factory=dict)

    def stop(self, kind: str) -> None:
        """Count a query that got no full answer."""
        self.stopped[kind] = self.stopped.get(kind, 0) + 1


class Pool:
    """Worker processes of one kind. Use :meth:`start`, :meth:`run` or :meth:`body`, :meth:`close`."""

    def __init__(self, settings: Settings, limits: Limits, spawner: Spawner, kind: str = "query") -> None:
        """``kind`` is one of ``spawner.KINDS``, ``settings`` is sent to such a worker at its start."""
        self.settings = settings
        self.kind = kind
        self.limits = limits
        self.spawner = spawner
        self.counts = Counts()
        self.closing = False
        self.queue: deque[Ticket] = deque()
        self._workers: list[Worker] = []
        self._aside: list[Worker] = []
        self._starting: set[Worker] = set()
        self._spawning: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._ticking = False

    async def start(self) -> None:
        """Start the workers and wait until one answers. Raises PoolError when none can be started."""
        self._fill()
        deadline = time.monotonic() + 30
        while not self._workers:
            if time.monotonic() > deadline or self._count == 0:
                raise PoolError("crash", "no worker could be started")
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """End every worker. Running answers are expected to be finished by then."""
        self.closing = True
        stopping = PoolError("stopping", "the server is stopping")
        while self.queue:
            self.queue.popleft().fail(stopping)
        for worker in [*self._workers, *self._aside, *self._starting]:
            worker.stop(stopping)
            worker.transport.close()

    @property
    def busy(self) -> int:
        """Queries being run."""
        return sum(worker.ticket is not None for worker in (*self._workers, *self._aside))

    @property
    def waiting(self) -> int:
        """Queries waiting for a worker."""
        return len(self.queue)

    @property
    def workers(self) -> int:
        """Processes alive, starting ones among them."""
        return self._count + len(self._aside)

    @property
    def _count(self) -> int:
        """Workers of normal priority, starting ones among them."""
        return len(self._workers) + len(self._starting) + len(self._spawning)

    async def run(self, request: Request, on_slow: Callable[[Ticket], None] | None = None) -> Answer:
        """Run one query. ``on_slow`` is called once if the query runs for longer than ``WATCHED_AFTER``.

        Raises PoolError before the first byte; afterwards ``Answer.chunks`` raises it.
        """
        ticket = Ticket(request, time.monotonic() + self.limits.wait, on_slow)
        self._admit(ticket)
        try:
            kind, payload = await ticket.next_frame()
        except asyncio.CancelledError:
            self.abandon(ticket)
            raise
        if kind == frames.WHOLE:
            return Answer(payload[: frames.TYPE_WIDTH].rstrip().decode(), payload[frames.TYPE_WIDTH :])
        if kind == frames.FAIL:
            raise self._failure(payload)
        return Answer(payload.decode(), None, self._stream(ticket))

    async def body(self, request: Request) -> bytes:
        """The whole answer to one query. Raises PoolError."""
        answer = await self.run(request)
        if answer.chunks is None:
            return answer.body or b""
        return b"".join([chunk async for chunk in answer.chunks])

    async def _stream(self, ticket: Ticket) -> AsyncIterator[bytes]:
        is_over = False
        try:
            while True:
                kind, payload = await ticket.next_frame()
                if kind == frames.DATA:
                    yield payload
                    continue
                is_over = True
                if kind == frames.FAIL:
                    raise self._failure(payload)
                return
        except PoolError:
            is_over = True
            raise
        finally:
            if not is_over:
                self.abandon(ticket)

    def abandon(self, ticket: Ticket) -> None:
        """The client has gone: stop its query if it runs, drop it if it waits."""
        gone = PoolError("stopping", "the client went away")
        ticket.fail(gone)
        if ticket in self.queue:
            self.queue.remove(ticket)
        if ticket.worker is not None:
            ticket.worker.stop(gone)

    def _failure(self, payload: bytes) -> PoolError:
        kind, _, message = payload.decode().partition("\n")
        if kind in ("size", "memory"):
            self.counts.stop(kind)
        return PoolError(kind, message)

    def _admit(self, ticket: Ticket) -> None:
        """Give the query to a free worker, or let it wait. Raises PoolError."""
        if self.closing:
            raise PoolError("stopping", "the server is stopping")
        worker = next((worker for worker in self._workers if worker.is_free), None)
        if worker is not None:
            worker.ask(ticket)
        elif len(self.queue) < self.limits.queue:
            self.queue.append(ticket)
            self._fill()
        else:
            self.counts.refused += 1
            raise PoolError("busy", "too many queries are waiting")
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def ready(self, worker: Worker) -> None:
        """Take a worker that has opened the snapshot into service."""
        self._failures = 0
        self._starting.discard(worker)
        self._workers.append(worker)
        self.finished(worker)

    def finished(self, worker: Worker) -> None:
        """Hand a worker its next query; one of low priority ends, since its priority cannot be raised."""
        if worker.idle_class:
            worker.stop(PoolError("stopping", "no longer needed"))
        elif self.queue and worker.is_free:
            worker.ask(self.queue.popleft())
        elif self.limits.idle_after:
            loop = asyncio.get_running_loop()
            loop.call_later(self.limits.idle_after, self._end_idle, worker, worker.since)

    def _end_idle(self, worker: Worker, since: float) -> None:
        """End a worker that was asked nothing meanwhile."""
        if worker.is_free and worker.since == since:
            worker.stop(PoolError("stopping", "no longer needed"))

    def lost(self, worker: Worker) -> None:
        """Report why a worker exited to the client whose query it ran, and replace the worker."""
        worker.transport.close()
        if worker in self._starting:
            self._starting.discard(worker)
            self._failures += 1
        for workers in (self._workers, self._aside):
            if worker in workers:
                workers.remove(worker)
        ticket, worker.ticket = worker.ticket, None
        if ticket is not None:
            ticket.worker = None
            self._report(worker, ticket, time.monotonic() + EXIT)
        self.spawner.reap(worker.process)
        if self._failures < MOST_FAILURES and (self.queue or not self.limits.idle_after):
            asyncio.get_running_loop().call_later(0.1 * self._failures, self._fill)

    def _report(self, worker: Worker, ticket: Ticket, deadline: float) -> None:
        """Fail a query with the reason for the exit of its process, once that has an exit code."""
        error = worker.exit_error(self.limits)
        if error is None and time.monotonic() < deadline:
            asyncio.get_running_loop().call_later(0.005, self._report, worker, ticket, deadline)
            return
        error = error or PoolError("crash", "the process that ran the query exited")
        self.counts.stop(error.kind)
        ticket.fail(error)

    def _fill(self) -> None:
        """Start the workers that are missing."""
        while self._count < self.limits.normal and not self.closing:
            task = asyncio.get_running_loop().create_task(self._spawn())
            self._spawning.add(task)

    async def _spawn(self) -> None:
        task = asyncio.current_task()
        try:
            worker = await spawn(self)
        except OSError:  # no more files or processes: try again when some may be free
            asyncio.get_running_loop().call_later(1, self._fill)
            return
        finally:
            self._spawning.remove(task)  # type: ignore[arg-type]
        self.counts.spawned += 1
        if worker not in self._workers and not worker.gone:
            self._starting.add(worker)
        if self.closing:
            worker.stop(PoolError("stopping", "the server is stopping"))

    def _tick(self) -> None:
        """Refuse queries that waited too long, stop those past their limit, demote slow ones."""
        now = time.monotonic()
        while self.queue and self.queue[0].deadline < now:
            self.counts.refused += 1
            late = self.queue.popleft()
            late.fail(PoolError("busy", f"no worker was free within {self.limits.wait:g} seconds"))
        for worker in [*self._workers, *self._aside]:
            if worker.ticket is None:
                continue
            if now - worker.since > self.limits.seconds + GRACE:
                worker.stop(self.limits.stopped)
                continue
            ticket = worker.ticket
            if ticket.on_slow is not None and now - worker.since > WATCHED_AFTER:
                ticket.on_slow(ticket)
                ticket.on_slow = None
            if not worker.idle_class and worker.is_slow(self.limits.slow_after):
                self._move_aside(worker)
        self._ticking = bool(self.busy or self.queue)
        if self._ticking:
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _move_aside(self, worker: Worker) -> None:
        """Lower the priority of a worker that runs a long query, and start another in its place."""
        if len(self._aside) >= self.limits.slow:
            worker.stop(PoolError("busy", "too many long queries are running"))
            return
        self.counts.moved_aside += 1
        self._workers.remove(worker)
        self._aside.append(worker)
        worker.lower_priority()
        self._fill()
