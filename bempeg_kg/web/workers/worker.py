"""The server's end of a worker: the process, the socket to it, and the query that it runs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from typing import Protocol, cast

from bempeg_kg.web.limits import Limits, PoolError
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.children import Child, Spawner

HEADROOM = 262_144
"""Bytes of an answer held for a slow reader before the worker has to wait."""

_PROCESSORS = cycle(sorted(os.sched_getaffinity(0), reverse=True) if sys.platform == "linux" else [0])
"""The processor on which the next process of low priority runs."""


class Request(Protocol):
    """A query: the bytes that the worker gets."""

    wire: bytes


class Settings(Protocol):
    """The settings that a worker gets at its start."""

    def to_json(self) -> str:
        """The settings as one text."""
        ...


class Owner(Protocol):
    """The pool that a worker belongs to: how it starts workers, and which events it handles."""

    kind: str
    settings: Settings
    spawner: Spawner

    def ready(self, worker: Worker) -> None:
        """Take note that a worker has opened the store."""
        ...

    def finished(self, worker: Worker) -> None:
        """Take note that a worker is free again."""
        ...

    def lost(self, worker: Worker) -> None:
        """Take note that a worker exited."""
        ...


class Ticket:
    """One query: the request, and the frames of its answer as they come in.

    A worker must have begun it by ``deadline``.
    """

    __slots__ = ("_frames", "_waiter", "deadline", "error", "held", "on_slow", "request", "worker")

    def __init__(self, request: Request, deadline: float, on_slow: Callable[[Ticket], None] | None) -> None:
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
        if self.worker is not None and self.held <= HEADROOM:
            self.worker.read_on()
        return kind, payload


class Worker(asyncio.Protocol):
    """One process, which runs one query at a time."""

    def __init__(self, process: Child, owner: Owner) -> None:
        self.process = process
        self.owner = owner
        self.ticket: Ticket | None = None
        self.since = 0.0
        self._baseline: float | None = None
        self.idle_class = False
        self.gone = False
        self.cause: PoolError | None = None
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._buffer = bytearray()
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket to the process."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take the whole frames out of what has come in."""
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
        ticket = self.ticket
        if ticket is not None:
            ticket.feed(kind, payload)
        if kind in frames.LAST:
            self.ticket = None
            if ticket is not None:
                ticket.worker = None
            self.owner.finished(self)
        elif ticket is not None and ticket.held > HEADROOM and self.cause is None:
            self._paused = True
            self.transport.pause_reading()

    @property
    def is_free(self) -> bool:
        """Whether it may be given a query."""
        return self.ticket is None and self.cause is None and not self.gone

    def is_slow(self, after: float) -> bool:
        """Whether its query used so many seconds of the processor, or waits for a reader four times as long.

        Not by the clock alone: where many long answers are read at once, each takes long. The time is read
        when a query is first looked at, not for each of many short ones.
        """
        used = self.process.processor_seconds()
        if self._baseline is None:
            self._baseline = used
        age = time.monotonic() - self.since
        return age >= after and (used - self._baseline > after or (self._paused and age > 4 * after))

    def read_on(self) -> None:
        """The client has read the buffered frames."""
        if self._paused and not self.gone:
            self._paused = False
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the owner that the process exited."""
        self.gone = True
        self.owner.lost(self)

    def ask(self, ticket: Ticket) -> None:
        """Hand a query over."""
        self.since = time.monotonic()
        self._baseline = None
        self.ticket, ticket.worker = ticket, self
        wire = ticket.request.wire
        self.transport.write(frames.HEADER.pack(frames.QUERY, len(wire)) + wire)

    def stop(self, cause: PoolError) -> None:
        """End the process now; the query that it runs gets ``cause``.

        At once, for on a busy machine a process that may only use idle time takes its time to die, too.
        """
        self.cause = self.cause or cause
        self.process.kill()
        if self.ticket is not None:
            self.ticket.fail(self.cause)
        self.read_on()  # while reading is paused, nothing reports that the socket was closed

    def lower_priority(self) -> None:
        """Let the process run only when nobody else wants its processor."""
        self.idle_class = True
        with suppress(OSError):
            if sys.platform == "linux":
                # a process that may move between cores slows others whenever the kernel balances load
                os.sched_setaffinity(self.process.pid, {next(_PROCESSORS)})
                with suppress(OSError):  # musl has the call and refuses it
                    os.sched_setscheduler(self.process.pid, os.SCHED_IDLE, os.sched_param(0))
                    return
            os.setpriority(os.PRIO_PROCESS, self.process.pid, 19)

    def exit_error(self, limits: Limits) -> PoolError | None:
        """The reason for the exit of the process; None while it has no exit code."""
        if self.cause is not None:
            return self.cause
        code = self.process.poll()
        if code is None:
            return None
        if code == -signal.SIGALRM or time.monotonic() - self.since >= limits.seconds:
            return limits.stopped
        if code in (-signal.SIGABRT, -signal.SIGSEGV):
            return PoolError("memory", "the query needed more memory or depth than the limit and was stopped")
        return PoolError("crash", f"the process that ran the query exited (code {code})")


async def spawn(owner: Owner) -> Worker:
    """Start a worker, which tells its owner when it is ready. Raises OSError."""
    here, there = socket.socketpair()
    here.setblocking(False)
    try:
        with there:
            process = owner.spawner.start(owner.kind, owner.settings.to_json(), [there.fileno()])
    except OSError:
        here.close()
        raise
    worker = Worker(process, owner)
    await asyncio.get_running_loop().create_connection(lambda: worker, sock=here)
    return worker
