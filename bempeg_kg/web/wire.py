"""The server's end of a worker: the process, the socket to it, and the queries handed to it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from bempeg_kg.web import frames
from bempeg_kg.web.limits import STUCK, Limits, PoolError

if TYPE_CHECKING:
    from bempeg_kg.web.pool import Pool

WAKE = 0.002
"""Seconds that waking an idle worker counts for: it is worth it where the wait in an awake one is longer."""

DEPTH = 8
"""Queries in a worker's wire: while it answers one, the next is there already, which saves a wake-up each."""

HEADROOM = 262_144
"""Bytes of an answer held for a slow reader before the worker has to wait."""


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


NOBODY = Ticket(frames.Request(""), 0.0, None)
"""Whoever asked this does not wait for the answer here any more."""


class Worker(asyncio.Protocol):
    """One process and the queries handed to it: the first one runs, the others wait in the wire."""

    def __init__(self, process: subprocess.Popen[bytes], owner: Pool) -> None:
        self.process = process
        self.owner = owner
        self.pending: deque[Ticket] = deque()
        self.since = 0.0
        self.pace = 0.0
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
            now = time.monotonic()
            took = now - self.since
            self.pace = max(took, self.pace + (took - self.pace) / 8)
            self.since = now
        if ticket.worker is self:
            ticket.feed(kind, payload)
            if ticket.held > HEADROOM and kind not in frames.LAST and self.cause is None:
                self._paused = True
                self.transport.pause_reading()
        if kind in frames.LAST:
            self._read_on()  # what was held up for this reader is all there; the next answer is another's
            self.owner.finished(self)

    def has_room(self, now: float) -> bool:
        """Whether one more query may be handed over: the wire is not full, and it would be its turn soon."""
        if self.cause is not None:
            return False
        return not self.pending or (len(self.pending) < DEPTH and self.expected_wait(now) < STUCK)

    def expected_wait(self, now: float) -> float:
        """Seconds that a query handed over now may expect to wait, or what waking the worker costs."""
        if not self.pending:
            return WAKE
        return max(self.pace, now - self.since) * len(self.pending)

    def relieve(self, ticket: Ticket) -> None:
        """Its reader has taken a frame: read on if the wire was held up for it."""
        if ticket.held <= HEADROOM:
            self._read_on()

    def _read_on(self) -> None:
        if self._paused and not self.gone:
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
        wire = ticket.request.wire
        self.transport.write(frames.HEADER.pack(frames.QUERY, len(wire)) + wire)

    def drop(self) -> list[Ticket]:
        """Take back the queries behind the one that runs; the worker skips those it has not begun."""
        behind = []
        for place in range(0 if self.gone else 1, len(self.pending)):
            ticket = self.pending[place]
            if ticket.worker is self:
                ticket.worker = None
                behind.append(ticket)
                self.pending[place] = NOBODY  # the ticket may come back to this very wire
        if behind and not self.gone:
            self.transport.write(frames.HEADER.pack(frames.DROP, 1) + bytes([len(self.pending) - 1]))
        return behind

    def stop(self, cause: PoolError) -> None:
        """End the process now; the query that it runs gets ``cause``.

        At once, for on a busy machine a process that may only use idle time takes its time to die, too.
        """
        self.cause = self.cause or cause
        self.process.kill()
        if self.pending and self.pending[0].worker is self:
            self.pending[0].fail(self.cause)
        self._read_on()  # held up for a slow reader, the wire would never tell that it is closed

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
