"""The wire between the server and a worker: a kind, a length, a payload.

A request is text with NUL between its fields. An answer is either one WHOLE frame (media type padded to a
fixed width, then the body), or BEGIN with the media type, DATA frames and END, or FAIL with a kind and a
message. A worker that dies leaves the wire closed, which is how the server learns that a limit was met.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

HEADER = struct.Struct("!cI")
TYPE_WIDTH = 40

QUERY = b"Q"
READY = b"R"
WHOLE = b"W"
BEGIN = b"B"
DATA = b"D"
END = b"E"
FAIL = b"F"
LAST = (WHOLE, END, FAIL)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker may use: seconds a query, bytes of memory, bytes of an answer; and where the snapshot
    lies.
    """

    snapshot: str
    seconds: float = 10.0
    memory: int = 1 << 30
    size: int = 256 << 20
    prefixes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The settings as one argument of the worker's command."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The settings that `to_json` wrote."""
        return cls(**json.loads(text))


class Request:
    """One query, and the media type it is to come in should it turn out to be SELECT or ASK, or a graph.

    An empty media type says that the client accepts none for that form. ``has_dataset`` says that the query
    itself has FROM clauses, so that the default graph must not be widened to the union. Neither a query nor a
    graph name may hold a NUL character: ``wire``, which is what travels and what a cache can use as key, puts
    them between the fields.
    """

    __slots__ = ("default_graphs", "graph", "has_dataset", "named_graphs", "query", "solutions", "wire")

    def __init__(
        self,
        query: str,
        solutions: str = "application/sparql-results+json",
        graph: str = "text/turtle",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        has_dataset: bool = False,
    ) -> None:
        self.query = query
        self.solutions = solutions
        self.graph = graph
        self.default_graphs = default_graphs
        self.named_graphs = named_graphs
        self.has_dataset = has_dataset
        graphs = ("\0".join((*default_graphs, "", *named_graphs))) if default_graphs or named_graphs else ""
        self.wire = f"{query}\0{solutions}\0{graph}\0{'F' if has_dataset else ''}\0{graphs}".encode()

    @classmethod
    def read(cls, wire: bytes) -> Request:
        """The request that travelled as ``wire``.

        >>> asked = Request("ASK {}", default_graphs=["urn:a"], named_graphs=["urn:b"])
        >>> Request.read(asked.wire).named_graphs
        ['urn:b']
        """
        query, solutions, graph, has_dataset, *graphs = wire.decode().split("\0")
        between = graphs.index("")
        return cls(query, solutions, graph, graphs[:between], graphs[between + 1 :], bool(has_dataset))


def send(link: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one frame, waiting until the other end has taken it."""
    link.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(link: socket.socket) -> bytes | None:
    """The next request as it travelled, waited for; None when the other end has closed."""
    head = link.recv(HEADER.size, socket.MSG_WAITALL)
    if len(head) < HEADER.size:
        return None
    _, length = HEADER.unpack(head)
    return link.recv(length, socket.MSG_WAITALL)
