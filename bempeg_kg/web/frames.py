"""The wire between the server and a worker: a kind, a length, a payload.

A request is JSON. An answer is either one WHOLE frame (media type padded to a fixed width, then the body), or
BEGIN with the media type, DATA frames and END, or FAIL with a kind and a message. A worker that dies leaves
the wire closed, which is how the server learns that a limit was met.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

HEADER = struct.Struct("!cI")
TYPE_WIDTH = 40

READY = b"R"
WHOLE = b"W"
BEGIN = b"B"
DATA = b"D"
END = b"E"
FAIL = b"F"
LAST = (WHOLE, END, FAIL)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker may use: seconds a query, bytes of memory, rows of an answer; and where the snapshot
    lies.
    """

    snapshot: str
    seconds: float = 10.0
    memory: int = 1 << 30
    rows: int = 1_000_000
    network: bool = False
    prefixes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Request:
    """One query, and the media type it is to come in should it turn out to be SELECT, ASK or CONSTRUCT.

    An empty media type says that the client accepts none for that form. ``has_dataset`` says that the query
    itself has FROM clauses, so that the default graph must not be widened to the union.
    """

    query: str
    solutions: str = "application/sparql-results+json"
    boolean: str = "application/sparql-results+json"
    graph: str = "text/turtle"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    has_dataset: bool = False
    base: str = ""

    def encode(self) -> bytes:
        body = json.dumps(
            (self.query, self.solutions, self.boolean, self.graph, self.default_graphs, self.named_graphs,
             self.has_dataset, self.base)
        ).encode()  # fmt: skip
        return HEADER.pack(b"Q", len(body)) + body


def send(link: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame, waiting until the other end has taken it."""
    link.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(stream: BinaryIO) -> Request | None:
    """Wait for the next request; None when the other end has closed."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    size = HEADER.unpack(header)[1]
    body = stream.read(size)
    return None if len(body) < size else Request(*json.loads(body))
