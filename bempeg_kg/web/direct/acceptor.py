"""The public port: who answers a connection is decided by the first bytes that come on it.

A direct worker that is at one query for longer than ``STUCK`` loses its other connections to the next one; at
``GIVE_UP`` it is killed, and the query begins again the general way.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from dataclasses import replace

from bempeg_kg.web.direct import messages, plain
from bempeg_kg.web.direct.client import Client
from bempeg_kg.web.direct.messages import Settings
from bempeg_kg.web.direct.worker import DirectWorker, spawn
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.limits import STUCK, TICK, Limits
from bempeg_kg.web.workers.recent import Recent

GIVE_UP = 0.05
"""Seconds after which a query is taken from a direct worker."""

SPARE = 100
"""Open files that a direct worker may need beside its connections."""

ROOM = 65_536
"""Connections of a direct worker where open files are not limited."""


class Acceptor:
    """Listens on the public port. Use :meth:`start` and :meth:`close`; ``behind`` is the socket of the HTTP
    server, by its path, and ``begun`` gets the queries that were given up, with when they began.
    """

    def __init__(
        self, settings: Settings, limits: Limits, behind: str, spawner: Spawner, begun: Recent
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
        self._room = files - SPARE if files != resource.RLIM_INFINITY else ROOM
        self._seated = 0
        self._ticking = False
        self._strikes = 0

    async def start(self, host: str, port: int) -> None:
        """Start the direct workers and listen. Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # every process of the server listens
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
        deadline = asyncio.get_running_loop().time() + self.limits.seconds
        while self._workers and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(TICK)
        for worker in list(self._workers.values()):
            worker.process.kill()
            worker.close()
        for client in list(self.clients):
            client.transport.close()

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
        asked = plain.read(data, "")
        return asked is not None and asked.request.query not in self._heavy

    def _free(self) -> DirectWorker | None:
        """The direct worker with the fewest connections among those that are not held up."""
        free = (
            worker
            for worker in self._workers.values()
            if worker.ready and len(worker.seats) < self._room and worker.age() < STUCK
        )
        return min(free, key=lambda worker: len(worker.seats), default=None)

    def _seat(self, worker: DirectWorker, client: Client, data: bytes) -> bool:
        self._seated += 1
        if not worker.seat(self._seated, client, data):
            return False
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)
        return True

    def returned(self, client: Client, flags: int, unsent: bytes, unread: bytes) -> None:
        """A direct worker gives a connection back, with what it could not send and what it did not answer."""
        if unsent:
            client.transport.write(unsent)
        if flags & messages.CLOSE:
            client.transport.close()
            return
        if flags & messages.HEAVY:
            self._give_up(unread, 0)
        if unread:
            client.pass_on(unread)
        else:
            client.resume(b"")

    def _give_up(self, data: bytes, since: float) -> None:
        """A request is too much for a direct worker; ``since`` tells when its query was begun, 0 if it is
        done.
        """
        asked = plain.read(data, "")
        if asked is not None:
            self._heavy[asked.request.query] = since
            if since:
                self.begun[asked.request.query] = since

    def ready(self, worker: DirectWorker) -> None:
        """A direct worker has opened the snapshot."""
        self._strikes = 0

    def lost(self, worker: DirectWorker) -> None:
        """A direct worker is gone: see to its connections, and replace it."""
        del self._workers[worker.slot]
        self.spawner.let_go(worker.process)
        self._strikes += not worker.ready
        state = worker.state
        running = worker.seats.pop(state.connection, None)
        if running is not None:
            if state.since:
                self._give_up(state.request, state.since)
                running.client.pass_on(state.request)
            else:  # a part of the answer may have been sent
                running.client.transport.abort()
        self._take_back(worker)
        if not self.closing and self._strikes < 5:
            asyncio.get_running_loop().call_later(0.2 * self._strikes, self._spawn, worker.slot)

    def _take_back(self, worker: DirectWorker) -> None:
        """The connections that wait for a direct worker are free for another."""
        for client, unread in worker.take_back():
            client.resume(unread)

    def _spawn(self, slot: int) -> None:
        if self.closing or slot in self._workers:
            return
        try:
            name = f"{self.settings.name}-{slot}"
            self._workers[slot] = spawn(self, slot, replace(self.settings, name=name))
        except OSError:  # no more files or processes: try again when some may be free
            asyncio.get_running_loop().call_later(1, self._spawn, slot)

    def _tick(self) -> None:
        """Look at what the direct workers run."""
        for worker in list(self._workers.values()):
            age = worker.age()
            if age > GIVE_UP and not self.closing:
                worker.process.kill()
            elif age > STUCK and len(worker.seats) > 1:
                self._take_back(worker)
        self._ticking = any(worker.seats for worker in self._workers.values())
        if self._ticking:
            asyncio.get_running_loop().call_later(TICK, self._tick)
