"""What the server and a direct worker say to each other: messages, some with an open connection.

A message is a kind, the number of a connection, and a payload. The server sends SEAT: a connection, and what
was read from it. The worker sends READY; RETURN, with what is still to be sent to the client and what was
read from it and not answered; and LEFT, when the client is gone or its last answer sent. A server that stops
shuts its end: the worker finishes what it is at, and ends.
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

LARGE = 1
"""Flag of RETURN: the answer is large, so the same query need not be tried here again."""

CLOSE = 2
"""Flag of RETURN: the connection ends when what is still to be sent has been sent."""

_HEAD = struct.Struct("!cQ")
_BACK = struct.Struct("!BI")
_LONGEST = 160_000


@dataclass(frozen=True, slots=True)
class DirectSettings:
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
        """The settings as one text."""
        return dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DirectSettings:
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

    >>> unpack_return(pack_return(LARGE, b"late", b"GET"))
    (1, b'late', b'GET')
    """
    flags, length = _BACK.unpack_from(payload)
    return flags, payload[_BACK.size : _BACK.size + length], payload[_BACK.size + length :]


def receive(link: socket.socket, flags: int = 0) -> tuple[bytes, int]:
    """The next message, empty at the end, and the file that came with it, -1 for none.

    A reset only says that the other end died with something unread; what it had sent still follows.
    """
    try:
        message, files, _, _ = socket.recv_fds(link, _LONGEST, 1, flags)
    except ConnectionResetError:
        message, files, _, _ = socket.recv_fds(link, _LONGEST, 1, flags)
    return message, files[0] if files else -1
