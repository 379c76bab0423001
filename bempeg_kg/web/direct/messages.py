"""What the server and a direct worker say to each other: messages, some with an open connection.

A message is a kind, the number of a connection, and a payload. The server sends SEAT (the connection itself
and what was read from it) and GO (the numbers of the connections that the worker has lost); the worker sends
READY, RETURN (flags, what is still to be sent to the client, what was read from it), LEFT (the client is
gone), and ASK after a query that took long: only then may the server have taken connections from it, so it
waits for GO before it sends or reads anything. A server that stops shuts its end: the worker finishes what it
is at, and ends.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import asdict, dataclass
from json import dumps, loads

from bempeg_kg.web.workers import frames

READY = b"R"
SEAT = b"S"
RETURN = b"B"
LEFT = b"L"
ASK = b"A"
GO = b"G"

HEAVY = 1
"""Flag of RETURN: the answer is long, so the same request need not be tried here again."""

CLOSE = 2
"""Flag of RETURN: the connection ends when what is still to be sent has been sent."""

_HEAD = struct.Struct("!cQ")
_BACK = struct.Struct("!BI")
_LONGEST = 160_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a direct worker needs to know beside what every worker does. ``name`` is that of its counters,
    ``cache`` bytes.
    """

    worker: frames.Settings
    content_hash: str
    run_folder: str
    cache: int
    name: str
    log: bool
    log_queries: bool

    def to_json(self) -> str:
        """The settings as one argument of the worker's command."""
        return dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The settings that `to_json` wrote."""
        made = loads(text)
        return cls(**{**made, "worker": frames.Settings(**made["worker"])})


def pack(kind: bytes, connection: int = 0, payload: bytes = b"") -> bytes:
    """One message."""
    return _HEAD.pack(kind, connection) + payload


def unpack(message: bytes) -> tuple[bytes, int, bytes]:
    """Kind, connection and payload of a message."""
    kind, connection = _HEAD.unpack_from(message)
    return kind, connection, message[_HEAD.size :]


def pack_return(flags: int, unsent: bytes, unread: bytes) -> bytes:
    """The payload of RETURN."""
    return _BACK.pack(flags, len(unsent)) + unsent + unread


def unpack_return(payload: bytes) -> tuple[int, bytes, bytes]:
    """Flags, what is to be sent to the client, and what was read from it.

    >>> unpack_return(pack_return(HEAVY, b"late", b"GET"))
    (1, b'late', b'GET')
    """
    flags, length = _BACK.unpack_from(payload)
    return flags, payload[_BACK.size : _BACK.size + length], payload[_BACK.size + length :]


def pack_numbers(numbers: list[int]) -> bytes:
    """The payload of GO."""
    return struct.pack(f"!{len(numbers)}Q", *numbers)


def unpack_numbers(payload: bytes) -> tuple[int, ...]:
    """The numbers in the payload of GO."""
    return struct.unpack(f"!{len(payload) // 8}Q", payload)


def receive(link: socket.socket, flags: int = 0) -> tuple[bytes, int]:
    """The next message, empty at the end, and the file that came with it, -1 for none."""
    message, files, _, _ = socket.recv_fds(link, _LONGEST, 1, flags)
    return message, files[0] if files else -1
