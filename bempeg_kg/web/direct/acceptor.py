"""The public port: who answers a request is decided by its first bytes.

A direct worker that is at one query for too long is ended by its own timers; the query begins again the
general way, and the worker's other connections are decided on anew. Nothing is taken from one that lives.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from dataclasses import replace

from bempeg_kg.web.direct import messages, plain, state
from bempeg_kg.web.direct.client import Client
from bempeg_kg.web.direct.messages import DirectSettings
from bempeg_kg.web.direct.worker import STUCK, DirectWorker, spawn
from bempeg_kg.web.limits import TICK, Limits
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.recent import Recent

SPARE = 100
"""Open files that a process may need beside its connections."""

ROOM = 65_536
"""Connections of a direct worker where open files are not limited."""

LOST = 5.0
"""Seconds after which a direct worker that is still at one request is ended."""

PATIENCE = 5.0
"""Seconds at most until a worker that could not be started is tried again."""


class Acceptor:
    """Listens on the public port. Use :meth:`start` and :meth:`close`; ``behind`` is the socket of the HTTP
    server, by its path, and ``begun`` gets the queries that were given up, with when they began.
    """

    def __init__(
        self, settings: DirectSettings, limits: Limits, behind: str, spawner: Spawner, begun: Recent
    ) -> None:
        self.settings = settings
        self.limits = limits
        self.behind = behind
        self.spawner = spawner
        self.begun = begun
        self.closing = False
        self.clients: set[Client] = set()
        self._workers: dict[int, DirectWorker] = {}
        self._heavy = Recent()
        self._server: asyncio.Server | None = None
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._room = files // 2 - SPARE if files != resource.RLIM_INFINITY else ROOM
        self._number = 0
        self._ticking = False
        self._strikes = 0

    async def start(self, host: str, port: int, *, shared: bool) -> None:
        """Start the direct workers and listen, beside other processes that do so if it is ``shared``. Raises
        OSError.
        """
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shared))
        listener.bind((host, port))
        for slot in range(self.limits.fast):
            self._spawn(slot)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Client(self), sock=listener, backlog=1024)

    async def close(self) -> None:
        """Stop listening, let the direct workers finish what they are at, close what is open."""
        self.closing = True
        if self._server is not None:
            self._server.close()
        for worker in self._workers.values():
            worker.dismiss()
        deadline = time.monotonic() + self.limits.seconds
        while self._workers and time.monotonic() < deadline:
            await asyncio.sleep(TICK)
        for worker in list(self._workers.values()):
            worker.process.kill()
            worker.close()
        for client in list(self.clients):
            client.close()

    @property
    def workers(self) -> int:
        """Direct workers alive."""
        return len(self._workers)

    def arrived(self, client: Client, data: bytes) -> None:
        """A request, or what has come of it, on a connection that nobody has."""
        worker = self._free() if self._is_light(client, data) else None
        if worker is None or not self._seat(worker, client, data):
            client.pass_on(data)

    def _is_light(self, client: Client, data: bytes) -> bool:
        if client.transport.get_write_buffer_size():  # an earlier answer has to come first
            return False
        query = plain.query(data)
        return query is not None and query not in self._heavy

    def _free(self) -> DirectWorker | None:
        """The direct worker with the fewest connections among those that are not held up."""
        now = time.monotonic()
        free = (
            worker
            for worker in self._workers.values()
            if worker.ready and len(worker.seats) < self._room and worker.age(now) < STUCK
        )
        return min(free, key=lambda worker: len(worker.seats), default=None)

    def _seat(self, worker: DirectWorker, client: Client, data: bytes) -> bool:
        self._number += 1
        if not worker.seat(self._number, client, data):
            return False
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(1, self._tick)
        return True

    def returned(self, client: Client, flags: int, unsent: bytes, unread: bytes) -> None:
        """A direct worker gives a connection back, with what it could not send and what it did not answer."""
        if unsent:
            client.transport.write(unsent)
        if flags & messages.CLOSE:
            client.close()
            return
        if flags & messages.LARGE and (query := plain.query(unread)) is not None:
            self._heavy.note(query)
        if unread and not plain.missing(unread):
            client.pass_on(unread)
        else:
            client.resume(unread)

    def ready(self, worker: DirectWorker) -> None:
        """A direct worker has opened the snapshot."""
        self._strikes = 0

    def lost(self, worker: DirectWorker) -> None:
        """A direct worker is gone: see to its connections, and replace it."""
        del self._workers[worker.slot]
        self.spawner.let_go(worker.process)
        last = worker.state
        attended = worker.seats.pop(last.connection, None) if last.phase != state.IDLE else None
        if attended is not None:
            self._go_on(attended.client, last)
        for number, seat in worker.seats.items():
            seat.client.resume(seat.unread if number > last.welcomed else b"")
        if not self.closing:
            self._strikes += not worker.ready
            delay = min(0.2 * self._strikes, PATIENCE)
            asyncio.get_running_loop().call_later(delay, self._spawn, worker.slot)

    def _go_on(self, client: Client, last: state.State) -> None:
        """The client that a lost worker attended to: its query begins again elsewhere, or its connection
        breaks, where a request may be lost or a part of an answer sent.
        """
        if last.phase != state.RUNNING:
            client.transport.abort()
            return
        if (query := plain.query(last.request)) is not None:
            self._heavy.note(query)
            self.begun.note(query, last.since)
        client.pass_on(last.request)

    def _spawn(self, slot: int) -> None:
        if self.closing or slot in self._workers:
            return
        try:
            name = f"{self.settings.name}-{slot}"
            self._workers[slot] = spawn(self, slot, replace(self.settings, name=name))
        except OSError:  # no more files or processes: try again when some may be free
            asyncio.get_running_loop().call_later(1, self._spawn, slot)

    def _tick(self) -> None:
        """End direct workers that are held up by something else than a query, which has limits of its own."""
        now = time.monotonic()
        for worker in self._workers.values():
            if worker.age(now) > LOST:
                worker.process.kill()
        self._ticking = any(worker.seats for worker in self._workers.values())
        if self._ticking:
            asyncio.get_running_loop().call_later(1, self._tick)
