"""Worker processes that run outside queries, and the rules by which a query waits, is moved aside, or is stopped.

Fast lane: a fixed number of workers, each running one query. A query that takes longer than ``slow_after`` moves to
the slow lane: its process gets the lowest priority, a fresh worker takes its place in the fast lane, and from then on
it only matters to its own client. The slow lane is bounded too; a query that finds it full is stopped. So neighbours
of a runaway query keep both their workers and their processor time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from bempeg_kg.web import frames

HEADROOM = 262_144
"""Bytes of an answer held for a slow reader before the worker has to wait."""

TICK = 0.025
"""Seconds between looks at what is running."""

GRACE = 0.1
"""Seconds by which the kernel's alarm in the worker may be late before the worker is killed from here."""

DEPTH = 4
"""Queries in a worker's wire: while it answers one, the next is there already, which saves a wake-up each."""


class PoolError(Exception):
    """A query that got no full answer: ``kind`` is one of the keys of :data:`STATUS`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    @property
    def status(self) -> int:
        return STATUS[self.kind]


STATUS = {
    "syntax": 400,
    "query": 400,
    "accept": 406,
    "rows": 503,
    "memory": 503,
    "crash": 503,
    "busy": 503,
    "stopping": 503,
    "time": 504,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What outside queries may use. Seconds, bytes, rows, counts."""

    seconds: float = 10.0
    memory: int = 1 << 30
    rows: int = 1_000_000
    body: int = 1 << 20
    workers: int = 0
    queue: int = 128
    wait: float = 5.0
    slow_after: float = 0.25
    slow: int = 8

    @property
    def fast(self) -> int:
        """Workers of the fast lane: two a processor unless told otherwise, at least two."""
        return self.workers or max(2, min(8, 2 * (os.cpu_count() or 1)))


@dataclass(slots=True)
class Answer:
    """A media type, and either the whole ``body`` or, where it is None, ``chunks``."""

    media_type: str
    body: bytes | None
    chunks: AsyncIterator[bytes] | None = None


class Ticket:
    """One query on its way: what was asked, and the frames of its answer as they come in."""

    __slots__ = ("_frames", "_waiter", "deadline", "error", "held", "on_slow", "request", "worker")

    def __init__(
        self, request: frames.Request, deadline: float, on_slow: Callable[[Ticket], None] | None
    ) -> None:
        self.request = request
        self.deadline = deadline
        self.on_slow = on_slow
        self.worker: Worker | None = None
        self.error: PoolError | None = None
        self.held = 0
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def feed(self, kind: bytes, payload: bytes) -> None:
        """A frame has come in."""
        self._frames.append((kind, payload))
        self.held += len(payload)
        self._wake()

    def fail(self, error: PoolError) -> None:
        """No more frames will come."""
        self.error = self.error or error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def next_frame(self) -> tuple[bytes, bytes]:
        """The next frame of the answer. Raises PoolError when there will be none."""
        while not self._frames:
            if self.error is not None:
                raise self.error
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        kind, payload = self._frames.popleft()
        self.held -= len(payload)
        if self.worker is not None:
            self.worker.relieve(self)
        return kind, payload


class Worker(asyncio.Protocol):
    """One process, its wire, and the queries handed to it: the first one runs, the others wait in the wire."""

    def __init__(self, process: subprocess.Popen[bytes], owner: Pool) -> None:
        self.process = process
        self.owner = owner
        self.pending: deque[Ticket] = deque()
        self.since = 0.0
        self.slow = False
        self.gone = False
        self.cause: PoolError | None = None
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._buffer = bytearray()
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        position, size = 0, len(buffer)
        while size - position >= frames.HEADER.size:
            kind, length = frames.HEADER.unpack_from(buffer, position)
            end = position + frames.HEADER.size + length
            if end > size:
                break
            self._take(kind, bytes(buffer[position + frames.HEADER.size : end]))
            position = end
        del buffer[:position]

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.READY:
            self.owner.ready(self)
            return
        ticket = self.pending[0]
        if kind in frames.LAST:
            self.pending.popleft()
            self.since = time.monotonic()
        if ticket.worker is self:
            ticket.feed(kind, payload)
            if ticket.held > HEADROOM and kind not in frames.LAST:
                self._paused = True
                self.transport.pause_reading()
        if kind in frames.LAST:
            self.owner.finished(self)

    def relieve(self, ticket: Ticket) -> None:
        """Its reader has taken a frame: read on if the wire was held up for it."""
        if self._paused and ticket.held <= HEADROOM and not self.gone:
            self._paused = False
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self.owner.lost(self)

    def ask(self, ticket: Ticket) -> None:
        """Hand a query over; its clock starts when those before it are done."""
        if not self.pending:
            self.since = time.monotonic()
        ticket.worker = self
        self.pending.append(ticket)
        self.transport.write(ticket.request.encode())

    def stop(self, cause: PoolError) -> None:
        """End the process now; the query that it runs gets ``cause``."""
        self.cause = self.cause or cause
        self.process.kill()

    def epitaph(self, limits: Limits) -> PoolError:
        """Why the process is gone, as an error for the client whose query it ran."""
        if self.cause is not None:
            return self.cause
        try:
            code = self.process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            code = 0
        if code == -signal.SIGALRM:
            return PoolError("time", f"the query was stopped after {limits.seconds:g} seconds")
        if code in (-signal.SIGABRT, -signal.SIGSEGV):
            return PoolError("memory", "the query needed more memory or depth than the limit and was stopped")
        return PoolError("crash", f"the process that ran the query ended (code {code})")


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
        """Start the workers and wait until the first one answers. Raises PoolError when none can be started."""
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
            worker.stop(PoolError("stopping", "the client went away"))

    def _failure(self, payload: bytes) -> PoolError:
        kind, _, message = payload.decode().partition("\n")
        if kind in ("rows", "memory"):
            self.counts.stop(kind)
        return PoolError(kind, message)

    def _admit(self, ticket: Ticket) -> None:
        """Give the query to an idle worker, else to one with room in its wire, else let it wait."""
        if self.closing:
            raise PoolError("stopping", "the server is stopping")
        worker = min(self._fast, key=_load, default=None)
        if worker is not None and len(worker.pending) < DEPTH:
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
        while self._queue and len(worker.pending) < DEPTH:
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
        """A worker is gone: tell the client whose query it ran, give the others to the next worker, replace it."""
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
        with suppress(subprocess.TimeoutExpired):
            worker.process.wait(timeout=0.5)
        if not self.closing and self._strikes < 5:
            asyncio.get_running_loop().call_later(0.1 * self._strikes, self._fill)

    def _give_back(self, worker: Worker) -> None:
        """Queries that a worker has not begun go to the head of the queue, as if they had never been given to it."""
        begun = 0 if worker.gone else 1
        for ticket in reversed(list(worker.pending)[begun:]):
            if ticket.worker is worker:
                ticket.worker = None
                self._queue.appendleft(ticket)
        for other in sorted(self._fast, key=_load):
            if other is not worker:
                self.finished(other)

    def _fill(self) -> None:
        """Start workers until the fast lane is complete."""
        loop = asyncio.get_running_loop()
        for _ in range(self.limits.fast - len(self._fast) - len(self._starting)):
            task = loop.create_task(self._spawn())
            _KEEP.add(task)
            task.add_done_callback(_KEEP.discard)

    async def _spawn(self) -> None:
        if self.closing:
            return
        self.counts.spawned += 1
        here, there = socket.socketpair()
        here.setblocking(False)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "bempeg_kg.web.worker", str(there.fileno()), self.settings.to_json()],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        finally:
            there.close()
        worker = Worker(process, self)
        self._starting.add(worker)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=here)

    def _tick(self) -> None:
        """Look at what runs and waits: move slow queries aside, stop those past their limit, refuse late ones."""
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
        self.counts.moved_aside += 1
        if len(self._slow) >= self.limits.slow:
            worker.stop(PoolError("busy", "too many long queries are running"))
            return
        worker.slow = True
        self._fast.remove(worker)
        self._slow.add(worker)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.process.pid, 19)
        running = worker.pending[0]
        if running.on_slow is not None and running.worker is worker:
            running.on_slow(running)
        self._give_back(worker)
        self._fill()


def _load(worker: Worker) -> int:
    return len(worker.pending)


_KEEP: set[asyncio.Task[None]] = set()
