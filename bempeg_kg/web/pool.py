"""Worker processes that run outside queries, and the rules by which a query waits, is moved aside, or is
stopped.

Fast lane: a fixed number of workers, each running one query, with the next ones in its wire. Those behind a
query that takes long go to another worker. A query that takes longer than ``slow_after`` moves to the slow
lane: its process runs only when a processor is idle, a fresh worker takes its place in the fast lane, and
from then on it only matters to its own client. The slow lane is bounded too; a query that finds it full is
stopped. So neighbours of a runaway query keep both their workers and their processor time.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bempeg_kg.web import frames
from bempeg_kg.web.limits import STUCK, TICK, Limits, PoolError
from bempeg_kg.web.wire import Ticket, Worker

GRACE = 0.1
"""Seconds by which the kernel's alarm in the worker may be late before the worker is killed from here."""


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


class Pool:
    """See the module. Use :meth:`start`, :meth:`run`, :meth:`close`; the rest keeps the lanes in order."""

    def __init__(self, settings: frames.Settings, limits: Limits) -> None:
        self.settings = settings
        self.limits = limits
        self.counts = Counts()
        self.closing = False
        self._fast: list[Worker] = []
        self._slow: set[Worker] = set()
        self._starting: set[Worker] = set()
        self._queue: deque[Ticket] = deque()
        self._ticking = False
        self._strikes = 0

    async def start(self) -> None:
        """Start the workers and wait until one answers. Raises PoolError when none can be started."""
        for _ in range(self.limits.fast):
            await self._spawn()
        deadline = time.monotonic() + 30
        while not self._fast:
            if time.monotonic() > deadline or not self._starting:
                raise PoolError("crash", f"no worker could be started on {self.settings.snapshot}")
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """End every worker. Running answers are expected to be finished by then."""
        self.closing = True
        stopping = PoolError("stopping", "the server is stopping")
        while self._queue:
            self._queue.popleft().fail(stopping)
        for worker in [*self._fast, *self._slow, *self._starting]:
            worker.stop(stopping)
            worker.transport.close()
            worker.process.wait()

    @property
    def busy(self) -> int:
        """Queries being run."""
        return sum(1 for worker in [*self._fast, *self._slow] if worker.pending)

    @property
    def waiting(self) -> int:
        """Queries waiting for a worker."""
        return len(self._queue)

    @property
    def workers(self) -> int:
        """Processes alive, starting ones among them."""
        return len(self._fast) + len(self._slow) + len(self._starting)

    async def run(self, request: frames.Request, on_slow: Callable[[Ticket], None] | None = None) -> Answer:
        """Run one query. ``on_slow`` is called once if the query moves to the slow lane.

        Raises PoolError before the first byte; afterwards ``Answer.chunks`` raises it.
        """
        ticket = Ticket(request, time.monotonic() + self.limits.wait, on_slow)
        self._admit(ticket)
        self.counts.queries += 1
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
                return
        except PoolError:
            done = True
            raise
        finally:
            if not done:
                self.abandon(ticket)

    def abandon(self, ticket: Ticket) -> None:
        """Nobody waits for this answer any more: stop its query if it runs, forget it if it waits."""
        ticket.fail(PoolError("stopping", "the client went away"))
        self._queue = deque(waiting for waiting in self._queue if waiting is not ticket)
        worker, ticket.worker = ticket.worker, None
        if worker is not None and worker.pending and worker.pending[0] is ticket:
            self._give_back(worker)
            worker.stop(PoolError("stopping", "the client went away"))

    def _failure(self, payload: bytes) -> PoolError:
        kind, _, message = payload.decode().partition("\n")
        if kind in ("rows", "memory"):
            self.counts.stop(kind)
        return PoolError(kind, message)

    def _admit(self, ticket: Ticket) -> None:
        """Give the query to the worker that gets to it first, or let it wait when every wire is full.

        A worker that is awake at short queries is better than an idle one, which has to be woken.
        """
        if self.closing:
            raise PoolError("stopping", "the server is stopping")
        now = time.monotonic()
        worker = min(
            (worker for worker in self._fast if worker.has_room(now)),
            key=lambda worker: worker.expected_wait(now),
            default=None,
        )
        if worker is not None:
            worker.ask(ticket)
        elif len(self._queue) < self.limits.queue:
            self._queue.append(ticket)
        else:
            self.counts.refused += 1
            raise PoolError("busy", "too many queries are waiting")
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def finished(self, worker: Worker) -> None:
        """A worker has answered: hand it the next query, or end it if it is of the slow lane."""
        if worker.slow:
            worker.stop(PoolError("stopping", "no longer needed"))
            return
        now = time.monotonic()
        while self._queue and worker.has_room(now):
            ticket = self._queue.popleft()
            if ticket.error is None:
                worker.ask(ticket)

    def ready(self, worker: Worker) -> None:
        """A worker has opened the snapshot."""
        self._strikes = 0
        self._starting.discard(worker)
        self._fast.append(worker)
        self.finished(worker)

    def lost(self, worker: Worker) -> None:
        """A worker is gone: tell the client whose query it ran, give the others to the next worker, replace
        it.
        """
        worker.transport.close()
        if worker in self._starting:
            self._starting.discard(worker)
            self._strikes += 1
        if worker in self._fast:
            self._fast.remove(worker)
        self._slow.discard(worker)
        if worker.pending:
            first = worker.pending.popleft()
            if first.worker is worker:
                error = worker.epitaph(self.limits)
                self.counts.stop(error.kind)
                first.fail(error)
        self._give_back(worker)
        asyncio.get_running_loop().call_later(1, worker.process.poll)  # so that no dead process stays behind
        if not self.closing and self._strikes < 5:
            self._fill_after(0.1 * self._strikes)

    def _give_back(self, worker: Worker) -> None:
        """Queries that a worker has not begun go to the head of the queue, as if they had never been given to
        it.
        """
        self._queue.extendleft(reversed(worker.drop()))
        for other in sorted(self._fast, key=lambda other: len(other.pending)):
            if other is not worker:
                self.finished(other)

    def _fill_after(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._fill)

    def _fill(self) -> None:
        """Start workers until the fast lane is complete."""
        loop = asyncio.get_running_loop()
        for _ in range(self.limits.fast - len(self._fast) - len(self._starting)):
            task = loop.create_task(self._spawn())
            _KEEP.add(task)
            task.add_done_callback(_KEEP.discard)

    async def _spawn(self) -> None:
        if self.closing or len(self._fast) + len(self._starting) >= self.limits.fast:
            return
        try:
            here, there = socket.socketpair()
        except OSError:  # no more files: try again when some may be free
            self._fill_after(1)
            return
        here.setblocking(False)
        self.counts.spawned += 1
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "bempeg_kg.web.worker", str(there.fileno()), self.settings.to_json()],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                process_group=0,  # out of Ctrl-C's way, yet in our session: priorities count within one
            )
        except OSError:
            here.close()
            self._fill_after(1)
            return
        finally:
            there.close()
        worker = Worker(process, self)
        self._starting.add(worker)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=here)

    def _tick(self) -> None:
        """Look at what runs and waits: free what is behind a long query, move slow ones aside, stop those
        past their limit, refuse late ones.
        """
        now = time.monotonic()
        self._refuse_late(now)
        busy = [worker for worker in [*self._fast, *self._slow] if worker.pending]
        for worker in busy:
            age = now - worker.since
            if age > self.limits.seconds + GRACE:
                worker.stop(PoolError("time", f"the query was stopped after {self.limits.seconds:g} seconds"))
            elif age > self.limits.slow_after and not worker.slow:
                if worker.pending[0].worker is worker:
                    self._move_aside(worker)
                else:
                    worker.stop(PoolError("stopping", "nobody waits for this answer"))
            elif age > STUCK and len(worker.pending) > 1 and not worker.slow:
                self._give_back(worker)
        self._ticking = bool(busy or self._queue)
        if self._ticking:
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _refuse_late(self, now: float) -> None:
        """Refuse queries that have waited too long to be begun, in the queue or in a wire."""
        for worker in self._fast:
            for ticket in list(worker.pending)[1:]:
                if ticket.deadline < now and ticket.worker is worker:
                    ticket.worker = None
                    self._refuse(ticket)
        for ticket in [ticket for ticket in self._queue if ticket.deadline < now]:
            self._queue.remove(ticket)
            self._refuse(ticket)

    def _refuse(self, ticket: Ticket) -> None:
        self.counts.refused += 1
        ticket.fail(PoolError("busy", f"no worker was free within {self.limits.wait:g} seconds"))

    def _move_aside(self, worker: Worker) -> None:
        """Take a worker that is at a long query out of the fast lane."""
        if len(self._slow) >= self.limits.slow:
            worker.stop(PoolError("busy", "too many long queries are running"))
            return
        self.counts.moved_aside += 1
        worker.slow = True
        self._fast.remove(worker)
        self._slow.add(worker)
        _yield_to_others(worker.process.pid)
        running = worker.pending[0]
        if running.on_slow is not None and running.worker is worker:
            running.on_slow(running)
        self._give_back(worker)
        self._fill()


def _yield_to_others(pid: int) -> None:
    """Let a process run only when nobody else wants the processor."""
    with suppress(OSError):
        if sys.platform == "linux":
            with suppress(OSError):  # musl has the call and refuses it
                os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
                return
        os.setpriority(os.PRIO_PROCESS, pid, 19)


_KEEP: set[asyncio.Task[None]] = set()
