"""The process that runs one outside query at a time, and that may be killed at any moment.

A query of Oxigraph cannot be cancelled, so what limits it is the operating system: an alarm whose default
action ends the process (time), ``RLIMIT_AS`` (memory), and ``RLIMIT_NOFILE`` at the number of files already
open, so that no query can open a socket or a file. The process reads frames from the socket it inherits and
answers with frames; see :mod:`bempeg_kg.web.workers.frames`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import IO, Any, cast

import pyoxigraph as ox

from bempeg_kg.rdf.sparql.shared_words import with_shared_words
from bempeg_kg.web.workers import frames

FIRST_CHUNK = 65_536
"""Bytes held back before the answer begins: a query stopped earlier than that still gets a status of its own.
"""

SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


Send = Callable[[bytes, bytes], None]
"""Takes the frames of an answer: kind and payload."""


class TooLong(Exception):
    """The answer passed the limit of its size."""


class FrameWriter:
    """A writable file that cuts what Oxigraph writes into frames, up to ``limit`` bytes in all.

    Nothing is sent before :data:`FIRST_CHUNK` bytes are there or the answer is complete.
    """

    def __init__(self, send: Send, media_type: str, limit: int) -> None:
        self.send = send
        self.media_type = media_type
        self.left = limit
        self.parts: list[bytes] = []
        self.size = 0
        self.begun = False

    def write(self, data: bytes) -> int:
        """Take a piece of the answer. Raises TooLong past the limit."""
        self.left -= len(data)
        if self.left < 0:
            raise TooLong
        self.parts.append(data)
        self.size += len(data)
        if self.size >= FIRST_CHUNK:
            self._ship()
        return len(data)

    def flush(self) -> None:
        """Nothing: chunks leave when they are full, or at :meth:`finish`."""

    def _ship(self) -> None:
        data = b"".join(self.parts)
        if not self.begun:
            self.begun = True
            self.send(frames.BEGIN, self.media_type.encode())
        self.send(frames.DATA, data)
        self.parts.clear()
        self.size = 0

    def finish(self) -> None:
        """Send what is left: one whole answer where it was short, else the end of the stream."""
        if self.begun:
            if self.parts:
                self._ship()
            self.send(frames.END, b"")
        else:
            body = b"".join(self.parts)
            self.send(frames.WHOLE, self.media_type.encode().ljust(frames.TYPE_WIDTH) + body)


class Runner:
    """Runs requests against one read-only store."""

    def __init__(self, store: ox.Store, send: Send, settings: frames.Settings) -> None:
        self.store = store
        self.send = send
        self.settings = settings

    def run(self, request: frames.Request) -> None:
        """Answer one request with frames; every foreseeable failure becomes a FAIL frame."""
        try:
            self._answer(request)
        except SyntaxError as error:
            self._fail("syntax", str(error))
        except TooLong:
            self._fail("size", f"the answer is longer than {shown_size(self.settings.size)}")
        except MemoryError:
            self._fail("memory", "the query needed more memory than the limit")
        except (ValueError, OSError, RuntimeError) as error:
            self._fail("query", str(error))

    def _answer(self, request: frames.Request) -> None:
        options: dict[str, Any] = {}
        if request.default_graphs or request.named_graphs:
            options["default_graph"] = [ox.NamedNode(iri) for iri in request.default_graphs]
            options["named_graphs"] = [ox.NamedNode(iri) for iri in request.named_graphs]
        elif not request.has_dataset:
            options["use_default_graph_as_union"] = True
        results = self._query(request.query, options)
        if isinstance(results, ox.QueryTriples):
            self._triples(results, request.graph)
        elif isinstance(results, ox.QueryBoolean):
            self._boolean(results, request.solutions)
        else:
            self._solutions(results, request.solutions)

    def _query(
        self, text: str, options: dict[str, Any]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Evaluate; where a prefix is missing, once more with the graph's own prefixes, which cost time to
        pass.
        """
        try:
            return self.store.query(text, **options)
        except SyntaxError as error:
            if not self.settings.prefixes or "prefix" not in str(error).lower():
                raise
            text = with_shared_words(text, self.settings.prefixes, self._holds)
            return self.store.query(text, prefixes=self.settings.prefixes, **options)

    def _holds(self, iri: str) -> bool:
        """Whether an IRI is subject or object of any statement."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        patterns = (node, None), (None, node)
        return any(
            next(iter(self.store.quads_for_pattern(subject, None, value, None)), None) is not None
            for subject, value in patterns
        )

    def _solutions(self, results: ox.QuerySolutions, media_type: str) -> None:
        if not media_type:
            return self._fail("accept", "a SELECT answer comes as JSON, XML, CSV or TSV")
        out = FrameWriter(self.send, media_type, self.settings.size)
        results.serialize(cast("IO[bytes]", out), format=SOLUTIONS[media_type])
        out.finish()

    def _boolean(self, results: ox.QueryBoolean, media_type: str) -> None:
        if not media_type:
            return self._fail("accept", "an ASK answer comes as JSON, XML, CSV or TSV")
        out = FrameWriter(self.send, media_type, self.settings.size)
        results.serialize(cast("IO[bytes]", out), format=SOLUTIONS[media_type])
        out.finish()

    def _triples(self, results: ox.QueryTriples, media_type: str) -> None:
        if not media_type:
            return self._fail(
                "accept", "a CONSTRUCT or DESCRIBE answer comes as Turtle, N-Triples, JSON-LD or RDF/XML"
            )
        out = FrameWriter(self.send, media_type, self.settings.size)
        form = GRAPHS[media_type]
        prefixes = self.settings.prefixes if form in PREFIXED else None
        ox.serialize(results, cast("IO[bytes]", out), format=form, prefixes=prefixes)
        out.finish()

    def _fail(self, kind: str, message: str) -> None:
        self.send(frames.FAIL, f"{kind}\n{message}".encode())


def shown_size(size: int) -> str:
    """A number of bytes for people.

    >>> shown_size(256 << 20), shown_size(1500)
    ('256 MB', '1500 bytes')
    """
    return f"{size >> 20} MB" if size and size % (1 << 20) == 0 else f"{size} bytes"


OPENED_AT_ONCE = 12
"""Files of a store that the engine surely opens at its start (it opens 16)."""

PREFIXED = (ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD)


def confine(memory: int, *, files: bool, spare: int = 0) -> None:
    """Cap what the process may still take: ``memory`` bytes of address space on top of what it has.

    Unless ``files`` is true it can open no file and no socket: the limit is set above the highest open
    descriptor, and every free one below it is taken, so that none is left for a socket but ``spare``.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = used + memory if hard == resource.RLIM_INFINITY else min(used + memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if not files:
        _take_free_descriptors(spare)


def _opened_later(store: str) -> int:
    """How many files of a store the engine has yet to open: of a large one it opens most when needed."""
    return max(0, sum(name.endswith(".sst") for name in os.listdir(store)) - OPENED_AT_ONCE)


def _take_free_descriptors(spare: int) -> None:
    """Leave the process no descriptor to open anything with but those that are spare."""
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 2 + spare, highest + 2 + spare))
    taken = []
    with contextlib.suppress(OSError):
        while True:
            taken.append(os.dup(nothing))
    for descriptor in taken[len(taken) - spare :]:
        os.close(descriptor)


def serve(store: ox.Store, link: socket.socket, settings: frames.Settings) -> None:
    """Answer requests until the other end goes away."""
    runner = Runner(store, partial(frames.send, link), settings)
    while (wire := frames.receive(link)) is not None:
        signal.setitimer(signal.ITIMER_REAL, settings.seconds)
        runner.run(frames.Request.read(wire))
        signal.setitimer(signal.ITIMER_REAL, 0)


def run(files: list[int], settings_text: str) -> int:
    """Be a worker: ``files`` is the socket to the server."""
    link = socket.socket(fileno=files[0])
    settings = frames.Settings.from_json(settings_text)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    store = ox.Store.read_only(settings.snapshot)
    if sys.platform == "linux":
        confine(settings.memory, files=False, spare=_opened_later(settings.snapshot))
    frames.send(link, frames.READY, b"")
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        serve(store, link, settings)
    return 0
