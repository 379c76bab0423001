"""Who runs which query, for how long, and what happens when a limit is met.

There are two lanes. A query goes to a free worker of the fast lane, or waits, and is refused when too many
wait or it waited too long. One that runs for longer than ``slow_after`` moves into the slow lane together
with its process, which from then on gets only processor time that nobody else wants, and a fresh worker takes
its place. One that met a limit before begins in the slow lane. Both lanes are bounded, so neighbours of a
runaway query keep both their workers and their processor time.
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
from bempeg_kg.web.workers.recent import Recent
from bempeg_kg.web.workers.worker import Request, Settings, Ticket, Worker, spawn

GRACE = 0.1
"""Seconds by which the kernel's alarm in the worker may be late before the worker is killed from here."""

EXIT = 0.2
"""Seconds that a process may take from closing its socket until it has an exit code."""


@dataclass(slots=True)
class Answer:
    """A media type, and either the whole ``body`` or, where it is None, ``chunks``."""

    media_type: str
    body: bytes | None
    chunks: AsyncIterator[bytes] | None = None


@dataclass(slots=True)
class Counts:
    """Running totals for ``/metrics``."""

    queries: int = 0
    spawned: int = 0
    moved_aside: int = 0
    stopped: dict[str, int] = field(default_factory=dict)
    refused: int = 0

    def stop(self, kind: str) -> None:
        """A query got no full answer."""
        self.stopped[kind] = self.stopped.get(kind, 0) + 1


class Lane:
    """Workers of one priority, and the queries that wait for one of them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.workers: list[Worker] = []
        self.starting = 0
        self.queue: deque[Ticket] = deque()

    @property
    def busy(self) -> list[Worker]:
        """Workers that run a query."""
        return [worker for worker in self.workers if worker.ticket is not None]

    @property
    def count(self) -> int:
        """Workers, starting ones among them."""
        return len(self.workers) + self.starting

    def free(self) -> Worker | None:
        """A worker that can take a query."""
        return next((worker for worker in self.workers if worker.is_free), None)


class Pool:
    """See the module. Use :meth:`start`, :meth:`run`, :meth:`close`; the rest keeps the lanes in order."""

    def __init__(self, settings: Settings, limits: Limits, spawner: Spawner, kind: str = "query") -> None:
        """``kind`` is one of ``spawner.KINDS``, ``settings`` what such a worker is told."""
        self.settings = settings
        self.kind = kind
        self.limits = limits
        self.spawner = spawner
        self.counts = Counts()
        self.closing = False
        self._fast = Lane(limits.fast)
        self._slow = Lane(limits.slow)
        self._starting: dict[Worker, Lane] = {}
        self._stopped = Recent()
        self._ticking = False
        self._strikes = 0

    async def start(self) -> None:
        """Start the workers and wait until one answers. Raises PoolError when none can be started."""
        self._fill(self._fast)
        deadline = time.monotonic() + 30
        while not self._fast.workers:
            if time.monotonic() > deadline or not self._fast.starting:
                raise PoolError("crash", "no worker could be started")
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """End every worker. Running answers are expected to be finished by then."""
        self.closing = True
        stopping = PoolError("stopping", "the server is stopping")
        for lane in (self._fast, self._slow):
            while lane.queue:
                lane.queue.popleft().fail(stopping)
        for worker in [*self._fast.workers, *self._slow.workers, *self._starting]:
            worker.stop(stopping)
            worker.transport.close()

    @property
    def busy(self) -> int:
        """Queries being run."""
        return len(self._fast.busy) + len(self._slow.busy)

    @property
    def waiting(self) -> int:
        """Queries waiting for a worker."""
        return len(self._fast.queue) + len(self._slow.queue)

    @property
    def workers(self) -> int:
        """Processes alive, starting ones among them."""
        return self._fast.count + self._slow.count

    async def run(self, request: Request, on_slow: Callable[[Ticket], None] | None = None) -> Answer:
        """Run one query. ``on_slow`` is called once if the query gets into the slow lane.

        Raises PoolError before the first byte; afterwards ``Answer.chunks`` raises it.
        """
        now = time.monotonic()
        ticket = Ticket(request, now + self.limits.wait, on_slow)
        if request.query in self._stopped:
            ticket.since = ticket.since or now  # whatever it has to wait for is its own affair
            ticket.deadline = now + min(self.limits.wait, self.limits.seconds)
            self._admit(ticket, self._slow)
        else:
            self._admit(ticket, self._fast)
        self.counts.queries += 1
        try:
            kind, payload = await ticket.next_frame()
        except asyncio.CancelledError:
            self.abandon(ticket)
            raise
        if kind == frames.WHOLE:
            self._stopped.forget(request.query)  # it can do well, and begins like any other the next time
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
        done = False
        try:
            while True:
                kind, payload = await ticket.next_frame()
                if kind == frames.DATA:
                    yield payload
                    continue
                done = True
                if kind == frames.FAIL:
                    raise self._failure(payload)
                self._stopped.forget(ticket.request.query)
                return
        except PoolError:
            done = True
            raise
        finally:
            if not done:
                self.abandon(ticket)

    def abandon(self, ticket: Ticket) -> None:
        """Nobody waits for this answer any more: stop its query if it runs, forget it if it waits."""
        gone = PoolError("stopping", "the client went away")
        ticket.fail(gone)
        for lane in (self._fast, self._slow):
            if ticket in lane.queue:
                lane.queue.remove(ticket)
        if ticket.worker is not None:
            ticket.worker.stop(gone)

    def _failure(self, payload: bytes) -> PoolError:
        kind, _, message = payload.decode().partition("\n")
        if kind in ("rows", "memory"):
            self.counts.stop(kind)
        return PoolError(kind, message)

    def _admit(self, ticket: Ticket, lane: Lane) -> None:
        """Give the query to a free worker, or let it wait."""
        if self.closing:
            raise PoolError("stopping", "the server is stopping")
        worker = lane.free()
        if worker is not None:
            self._begin(worker, ticket)
        elif len(lane.queue) < self.limits.queue:
            lane.queue.append(ticket)
            self._fill(lane)
        else:
            self.counts.refused += 1
            raise PoolError("busy", "too many queries are waiting")
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _begin(self, worker: Worker, ticket: Ticket) -> None:
        worker.ask(ticket)
        if worker.idle_class and ticket.on_slow is not None:
            ticket.on_slow(ticket)

    def ready(self, worker: Worker) -> None:
        """A worker has opened the snapshot."""
        self._strikes = 0
        lane = self._starting.pop(worker)
        lane.starting -= 1
        lane.workers.append(worker)
        self.finished(worker)

    def finished(self, worker: Worker) -> None:
        """A worker has nothing to do: hand it the next query. Without one, a worker of the slow lane ends."""
        lane = self._slow if worker.idle_class else self._fast
        if lane.queue and worker.is_free:
            self._begin(worker, lane.queue.popleft())
        elif worker.idle_class:
            worker.stop(PoolError("stopping", "no longer needed"))

    def lost(self, worker: Worker) -> None:
        """A worker is gone: tell the client whose query it ran, and replace it."""
        worker.transport.close()
        lane = self._starting.pop(worker, None)
        if lane is not None:
            lane.starting -= 1
            self._strikes += 1
        for lane in (self._fast, self._slow):
            if worker in lane.workers:
                lane.workers.remove(worker)
        ticket, worker.ticket = worker.ticket, None
        if ticket is not None:
            ticket.worker = None
            self._mourn(worker, ticket, time.monotonic() + EXIT)
        self.spawner.let_go(worker.process)
        if not self.closing and self._strikes < 5:
            self._fill_after(0.1 * self._strikes)

    def _mourn(self, worker: Worker, ticket: Ticket, deadline: float) -> None:
        """Tell a client why its query has no answer, once the process that ran it has an exit code."""
        error = worker.epitaph(ticket, self.limits)
        if error is None and time.monotonic() < deadline:
            asyncio.get_running_loop().call_later(0.005, self._mourn, worker, ticket, deadline)
            return
        error = error or PoolError("crash", "the process that ran the query ended")
        self.counts.stop(error.kind)
        if error.kind in ("time", "memory"):
            self._stopped.note(ticket.request.query)
        ticket.fail(error)

    def _fill_after(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, self._fill, self._fast)
        loop.call_later(seconds, self._fill, self._slow)

    def _fill(self, lane: Lane) -> None:
        """Start the workers that a lane lacks: the slow one has them on demand."""
        wanted = lane.size if lane is self._fast else min(lane.size, len(lane.busy) + len(lane.queue))
        while lane.count < wanted and not self.closing:
            lane.starting += 1
            task = asyncio.get_running_loop().create_task(self._spawn(lane))
            _KEEP.add(task)
            task.add_done_callback(_KEEP.discard)

    async def _spawn(self, lane: Lane) -> None:
        try:
            worker = await spawn(self)
        except OSError:  # no more files or processes: try again when some may be free
            lane.starting -= 1
            self._fill_after(1)
            return
        self.counts.spawned += 1
        self._starting[worker] = lane
        if lane is self._slow:
            worker.yield_to_others()
        if self.closing:
            worker.stop(PoolError("stopping", "the server is stopping"))

    def _tick(self) -> None:
        """Look at what runs and waits: move slow queries aside, stop those past their limit, refuse late
        ones.
        """
        now = time.monotonic()
        for lane in (self._fast, self._slow):
            for ticket in [ticket for ticket in lane.queue if ticket.deadline < now]:
                lane.queue.remove(ticket)
                self.counts.refused += 1
                ticket.fail(PoolError("busy", f"no worker was free within {self.limits.wait:g} seconds"))
        for worker in [*self._fast.busy, *self._slow.busy]:
            if worker.ticket is not None and now - worker.ticket.since > self.limits.seconds + GRACE:
                worker.stop(self.limits.stopped)
            elif not worker.idle_class and worker.is_slow(self.limits.slow_after):
                self._move_aside(worker)
        self._ticking = bool(self.busy or self.waiting)
        if self._ticking:
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _move_aside(self, worker: Worker) -> None:
        """Take a worker that is at a long query out of the fast lane."""
        if self._slow.count >= self._slow.size:
            worker.stop(PoolError("busy", "too many long queries are running"))
            return
        self.counts.moved_aside += 1
        self._fast.workers.remove(worker)
        self._slow.workers.append(worker)
        worker.yield_to_others()
        if worker.ticket is not None and worker.ticket.on_slow is not None:
            worker.ticket.on_slow(worker.ticket)
        self._fill(self._fast)


_KEEP: set[asyncio.Task[None]] = set()
