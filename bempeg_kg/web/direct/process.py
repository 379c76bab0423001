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

from bempeg_kg.web import log
from bempeg_kg.web.cache import Cache
from bempeg_kg.web.direct import messages, plain
from bempeg_kg.web.direct.messages import Settings
from bempeg_kg.web.direct.state import State
from bempeg_kg.web.metrics import Metrics
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.limits import STUCK
from bempeg_kg.web.workers.process import Runner, confine

IDLE = 10.0
"""Seconds after which a connection on which nothing comes is closed."""

BODY = 0.0005
"""Seconds within which a body that is sent apart from its head has to follow it."""


class GivenUp(Exception):
    """The answer is not a short one, or there is none."""

    def __init__(self, flags: int) -> None:
        super().__init__(flags)
        self.flags = flags


@dataclass(slots=True)
class Answer:
    """The bytes of an answer from behind its date on, how many of them are its body, and whether the
    connection ends with it.
    """

    body: bytes
    size: int
    close: bool


class Client:
    """A connection that this process has been given, by its number on the server."""

    __slots__ = ("gone", "number", "seen", "socket")

    def __init__(self, number: int, connection: socket.socket) -> None:
        self.number = number
        self.socket = connection
        self.seen = time.monotonic()
        self.gone = False


class Direct:
    """Serves the connections that come over the link, one request at a time."""

    def __init__(self, store: ox.Store, link: socket.socket, state: State, settings: Settings) -> None:
        self.link = link
        self.state = state
        self.settings = settings
        self.runner = Runner(store, self._collect, settings.worker)
        self.cache: Cache[Answer] = Cache(settings.cache)
        self.metrics = Metrics(settings.run_folder, settings.name)
        self.clients: dict[int, Client] = {}
        self.fresh: deque[tuple[Client, bytes]] = deque()
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
                elif descriptor in self.clients:
                    self._attend(self.clients[descriptor])
                while self.fresh:
                    self._welcome(*self.fresh.popleft())
            if time.monotonic() > swept + 1:
                swept = time.monotonic()
                for client in [one for one in self.clients.values() if one.seen < swept - IDLE]:
                    self._leave(client)

    def _receive(self) -> bool:
        """Take in a message. False when the link is shut."""
        try:
            message, descriptor = messages.receive(self.link, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        if not message:
            return False
        self._seat(message, descriptor)
        return True

    def _seat(self, message: bytes, descriptor: int) -> None:
        _, number, data = messages.unpack(message)
        client = Client(number, socket.socket(fileno=descriptor))
        self.clients[descriptor] = client
        self.poll.register(descriptor, select.EPOLLIN)
        self.fresh.append((client, data))

    def _welcome(self, client: Client, data: bytes) -> None:
        self.state.seated += 1
        if data and not client.gone:
            self._handle(client, data)

    def _attend(self, client: Client) -> None:
        """Read what has come from a client."""
        try:
            data = client.socket.recv(plain.LONGEST + 1)
            if plain.missing(data) and select.select([client.socket], [], [], BODY)[0]:
                data += client.socket.recv(plain.LONGEST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._handle(client, data)
        else:
            self._leave(client)

    def _handle(self, client: Client, data: bytes) -> None:
        """Answer a request, or give it back."""
        began = client.seen = time.monotonic()
        answer = self.cache.get(data)
        cached = answer is not None
        if answer is None:
            asked = plain.read(data, self.settings.content_hash)
            if asked is None:
                self._give_back(client, 0, unread=data)
                return
            try:
                answer = self._evaluated(client, data, asked)
            except GivenUp as reason:
                if not client.gone:
                    self._give_back(client, reason.flags, unread=data)
                return
            self.cache.put(data, answer)
        self._send(client, answer)
        self._report(data, answer.size, time.monotonic() - began, cached=cached)

    def _evaluated(self, client: Client, data: bytes, asked: plain.Plain) -> Answer:
        """Run the query. Raises GivenUp, also when the server has taken the connection meanwhile."""
        self._found = None
        flags = 0
        since = self.state.begin(client.number, data)
        signal.setitimer(signal.ITIMER_REAL, self.settings.worker.seconds)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, self._files[1]))  # no query opens a file or socket
        try:
            self.runner.run(asked.request)
        except GivenUp as reason:
            flags = reason.flags
        resource.setrlimit(resource.RLIMIT_NOFILE, self._files)
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.state.evaluated()
        if time.monotonic() - since > STUCK / 2:
            self._ask()
        if self._found is None or client.gone:
            self.state.sent()
            raise GivenUp(flags)
        body, size = plain.answer(asked, *self._found)
        return Answer(body, size, asked.close)

    def _collect(self, kind: bytes, payload: bytes) -> None:
        """Takes the frames of the runner's answer: one whole answer, or nothing."""
        if kind != frames.WHOLE:
            raise GivenUp(messages.HEAVY if kind == frames.BEGIN else 0)
        self._found = payload[: frames.TYPE_WIDTH].rstrip().decode(), payload[frames.TYPE_WIDTH :]

    def _ask(self) -> None:
        """After a long query: learn which connections the server has taken back meanwhile."""
        self.link.send(messages.pack(messages.ASK))
        while True:
            message, descriptor = messages.receive(self.link)
            if not message:  # the server stops, and has taken nothing
                return
            kind, _, payload = messages.unpack(message)
            if kind == messages.GO:
                break
            self._seat(message, descriptor)
        lost = set(messages.unpack_numbers(payload))
        for client in [one for one in self.clients.values() if one.number in lost]:
            self._forget(client)

    def _send(self, client: Client, answer: Answer) -> None:
        message = b"".join((b"HTTP/1.1 200 OK\r\ndate: ", self._now(), b"\r\n", answer.body))
        try:
            sent = client.socket.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = -1
        self.state.sent()
        if 0 <= sent < len(message):
            self._give_back(client, messages.CLOSE if answer.close else 0, unsent=message[sent:])
        elif sent < 0 or answer.close:
            self._leave(client)

    def _now(self) -> bytes:
        second = int(time.time())
        if second != self._date[0]:
            self._date = second, time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(second)).encode()
        return self._date[1]

    def _report(self, data: bytes, size: int, seconds: float, *, cached: bool) -> None:
        self.metrics.request("sparql", 200, seconds, size)
        if cached:
            self.metrics.add("cached")
        if self.settings.log and (asked := plain.read(data, "")) is not None:
            query, whole = asked.request.query, self.settings.log_queries
            note = log.query_note(query, whole=whole, kind="", cached=cached)
            log.line(data.partition(b" ")[0].decode(), "/sparql", 200, size, seconds, note)

    def _give_back(self, client: Client, flags: int, *, unsent: bytes = b"", unread: bytes = b"") -> None:
        payload = messages.pack_return(flags, unsent, unread)
        self.link.send(messages.pack(messages.RETURN, client.number, payload))
        self._forget(client)

    def _leave(self, client: Client) -> None:
        self.link.send(messages.pack(messages.LEFT, client.number))
        self._forget(client)

    def _forget(self, client: Client) -> None:
        client.gone = True
        del self.clients[client.socket.fileno()]
        client.socket.close()


def run(files: list[int], settings_text: str) -> int:
    """Be a direct worker: ``files`` are the link to the server and the shared memory."""
    link = socket.socket(fileno=files[0])
    state = State(files[1])
    os.close(files[1])
    settings = Settings.from_json(settings_text)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    store = ox.Store.read_only(settings.worker.snapshot)
    confine(settings.worker.memory, network=True)  # files are forbidden while a query runs, see above
    direct = Direct(store, link, state, settings)
    link.send(messages.pack(messages.READY))
    with suppress(BrokenPipeError, ConnectionResetError):
        direct.serve()
    return 0
