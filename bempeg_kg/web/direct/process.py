"""The process that answers plain queries on the connections of its clients, and that may be killed any time.

What it cannot answer in short it gives back; when it is killed at a long query, the server reads from shared
memory what was asked. So a client is never sent a part of an answer, nor two.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from bempeg_kg.web.direct import messages, plain
from bempeg_kg.web.direct.messages import DirectSettings
from bempeg_kg.web.direct.state import State
from bempeg_kg.web.http import log
from bempeg_kg.web.http.cache import Cache
from bempeg_kg.web.http.metrics import Metrics
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.process import Runner, confine

GIVE_UP = 0.03
"""Seconds of processor time that a query may take here; the kernel then ends the process."""

HELD_UP = 0.3
"""Seconds that it may take in all, however little processor time there is."""

SILENCE = 10.0
"""Seconds after which a connection on which nothing comes is closed."""


class GivenUp(Exception):
    """The answer is not a short one, or there is none."""

    def __init__(self, flags: int) -> None:
        super().__init__(flags)
        self.flags = flags


@dataclass(slots=True)
class Reply:
    """The bytes of an answer from behind its date on, how many of them are its body, what was asked, and
    whether the connection ends with it.
    """

    body: bytes
    size: int
    query: str
    close: bool


class Connection:
    """A connection that this process has been given, by its number on the server."""

    __slots__ = ("number", "seen", "socket")

    def __init__(self, number: int, descriptor: int) -> None:
        self.number = number
        self.socket = socket.socket(fileno=descriptor)
        self.seen = time.monotonic()


class Direct:
    """Serves the connections that come over the link, one request at a time."""

    def __init__(self, store: ox.Store, link: socket.socket, state: State, settings: DirectSettings) -> None:
        self.link = link
        self.state = state
        self.settings = settings
        self.runner = Runner(store, self._collect, settings.worker)
        self.cache: Cache[Reply] = Cache(settings.cache)
        self.metrics = Metrics(settings.run_folder, settings.name)
        self.connections: dict[int, Connection] = {}
        self.fresh: deque[tuple[Connection, bytes]] = deque()
        self.poll = select.epoll()
        self.poll.register(link.fileno(), select.EPOLLIN)
        self._found: tuple[str, bytes] | None = None
        self._date = (0, b"")
        self._files = resource.getrlimit(resource.RLIMIT_NOFILE)

    def serve(self) -> None:
        """Go on until the server shuts the link."""
        swept = time.monotonic()
        while True:
            for descriptor, _ in self.poll.poll(1.0):
                if descriptor == self.link.fileno():
                    if not self._receive():
                        return
                elif descriptor in self.connections:
                    self._attend(self.connections[descriptor])
                while self.fresh:
                    self._welcome(*self.fresh.popleft())
            if time.monotonic() > swept + 1:
                swept = time.monotonic()
                for one in [one for one in self.connections.values() if one.seen < swept - SILENCE]:
                    self._leave(one)

    def _receive(self) -> bool:
        """Take in a message. False when the link is shut."""
        try:
            message, descriptor = messages.receive(self.link, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        if not message:
            return False
        _, number, data = messages.unpack(message)
        one = Connection(number, descriptor)
        self.connections[descriptor] = one
        self.poll.register(descriptor, select.EPOLLIN)
        self.fresh.append((one, data))
        return True

    def _welcome(self, one: Connection, data: bytes) -> None:
        """A connection that has just come, with its first request."""
        self.state.begin(one.number)
        self.state.welcomed = one.number
        self._handle(one, data)
        self.state.end()

    def _attend(self, one: Connection) -> None:
        """Read what has come from a client."""
        self.state.begin(one.number)
        try:
            data = one.socket.recv(plain.LONGEST + 1)
        except BlockingIOError:
            self.state.end()
            return
        except OSError:
            data = b""
        if data:
            self._handle(one, data)
        else:
            self._leave(one)
        self.state.end()

    def _handle(self, one: Connection, data: bytes) -> None:
        """Answer a request, or give it back."""
        began = one.seen = time.monotonic()
        reply = self.cache.get(data)
        cached = reply is not None
        if reply is None:
            asked = plain.read(data, self.settings.content_hash)
            if asked is None:
                self._give_back(one, 0, unread=data)
                return
            self.state.run(data)
            try:
                reply = self._evaluated(asked)
            except GivenUp as reason:
                self._give_back(one, reason.flags, unread=data)
                return
            self.cache.put(data, reply)
        self.state.send()
        self._send(one, reply)
        self._report(data, reply, time.monotonic() - began, cached=cached)

    def _evaluated(self, asked: plain.Plain) -> Reply:
        """Run the query. Raises GivenUp."""
        self._found = None
        signal.setitimer(signal.ITIMER_PROF, GIVE_UP)
        signal.setitimer(signal.ITIMER_REAL, HELD_UP)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, self._files[1]))  # no query opens a file or socket
        try:
            self.runner.run(asked.request)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, self._files)
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        if self._found is None:
            raise GivenUp(0)
        body, size = plain.answer(asked, *self._found)
        return Reply(body, size, asked.request.query, asked.close)

    def _collect(self, kind: bytes, payload: bytes) -> None:
        """Takes the frames of the runner's answer: one whole answer, or nothing."""
        if kind != frames.WHOLE:
            raise GivenUp(messages.LARGE if kind == frames.BEGIN else 0)
        self._found = payload[: frames.TYPE_WIDTH].rstrip().decode(), payload[frames.TYPE_WIDTH :]

    def _send(self, one: Connection, reply: Reply) -> None:
        message = b"".join((b"HTTP/1.1 200 OK\r\ndate: ", self._now(), b"\r\n", reply.body))
        try:
            sent = one.socket.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = -1
        if 0 <= sent < len(message):
            self._give_back(one, messages.CLOSE if reply.close else 0, unsent=message[sent:])
        elif sent < 0 or reply.close:
            self._leave(one)

    def _now(self) -> bytes:
        second = int(time.time())
        if second != self._date[0]:
            self._date = second, time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second)).encode()
        return self._date[1]

    def _report(self, data: bytes, reply: Reply, seconds: float, *, cached: bool) -> None:
        self.metrics.request("sparql", 200, seconds, reply.size)
        if cached:
            self.metrics.add("cached")
        if self.settings.log:
            note = log.query_note(reply.query, whole=self.settings.log_queries, kind="", cached=cached)
            log.line(data.partition(b" ")[0].decode(), "/sparql", 200, reply.size, seconds, note)

    def _give_back(self, one: Connection, flags: int, *, unsent: bytes = b"", unread: bytes = b"") -> None:
        payload = messages.pack_return(flags, unsent, unread)
        self._forget(one)
        self.link.send(messages.pack(messages.RETURN, one.number, payload))

    def _leave(self, one: Connection) -> None:
        self._forget(one)
        self.link.send(messages.pack(messages.LEFT, one.number))

    def _forget(self, one: Connection) -> None:
        del self.connections[one.socket.fileno()]
        self.poll.unregister(one.socket.fileno())  # closing does not, for the server has the connection, too
        one.socket.close()


def run(files: list[int], settings_text: str) -> int:
    """Be a direct worker: ``files`` are the link to the server and the shared memory."""
    link = socket.socket(fileno=files[0])
    state = State(files[1])
    os.close(files[1])
    settings = DirectSettings.from_json(settings_text)
    for ending in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(ending, signal.SIG_DFL)
    store = ox.Store.read_only(settings.worker.snapshot)
    confine(settings.worker.memory, files=True)  # they are forbidden while a query runs, see above
    direct = Direct(store, link, state, settings)
    link.send(messages.pack(messages.READY))
    with suppress(BrokenPipeError, ConnectionResetError):
        direct.serve()
    return 0
