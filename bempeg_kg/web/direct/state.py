"""What a direct worker is at, in memory that the server can read at any time, also after the worker's death.

The worker writes, the server reads. While the worker lives, the server looks at nothing but ``since``.
"""

from __future__ import annotations

import mmap
import os
import time

from bempeg_kg.web.direct.plain import LONGEST

IDLE = 0
"""Nothing is under way."""

READING = 1
"""A request may have been read from a connection, and not been written down here."""

RUNNING = 2
"""The query of the request that is written down here runs; nothing of its answer has been sent."""

SENDING = 3
"""Some of an answer may have been sent."""

_HEAD = 40
SIZE = _HEAD + LONGEST


class State:
    """A view of the shared memory behind a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, SIZE)
        whole = memoryview(self._map)
        self._since = whole[:8].cast("d")
        self._numbers = whole[8:_HEAD].cast("Q")  # phase, connection, length of the request, last welcomed
        self._request = whole[_HEAD:]

    @classmethod
    def create(cls) -> tuple[int, State]:
        """New memory, all zero: the descriptor to hand down, and the view."""
        descriptor = os.memfd_create("bempeg-kg-direct")
        os.truncate(descriptor, SIZE)
        return descriptor, cls(descriptor)

    def begin(self, connection: int) -> None:
        """A connection is attended to from now on."""
        self._numbers[1] = connection
        self._numbers[0] = READING
        self._since[0] = time.monotonic()

    def run(self, request: bytes) -> None:
        """The query of a request is about to be run."""
        self._request[: len(request)] = request
        self._numbers[2] = len(request)
        self._numbers[0] = RUNNING

    def send(self) -> None:
        """An answer is about to be sent."""
        self._numbers[0] = SENDING

    def end(self) -> None:
        """Nothing is under way any more."""
        self._since[0] = 0.0
        self._numbers[0] = IDLE

    @property
    def since(self) -> float:
        """The ``time.monotonic()`` since which one connection is attended to, 0 for none."""
        return self._since[0]

    @property
    def phase(self) -> int:
        """How far that is."""
        return self._numbers[0]

    @property
    def connection(self) -> int:
        """The number of the connection that is or was attended to last."""
        return self._numbers[1]

    @property
    def request(self) -> bytes:
        """The bytes of the request that is running."""
        return bytes(self._request[: self._numbers[2]])

    @property
    def welcomed(self) -> int:
        """The number of the connection that the worker took over last."""
        return self._numbers[3]

    @welcomed.setter
    def welcomed(self, number: int) -> None:
        self._numbers[3] = number
