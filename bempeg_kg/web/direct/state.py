"""What a direct worker is at, in memory that the server can read at any time, also after the worker's death.

The worker writes, the server reads; ``since`` is written last when a query begins and cleared first when it
ends, so whoever sees it set sees what belongs to it.
"""

from __future__ import annotations

import mmap
import os
import time

from bempeg_kg.web.direct.plain import LONGEST

_HEAD = 32
SIZE = _HEAD + LONGEST


class State:
    """A view of the shared memory behind a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, SIZE)
        whole = memoryview(self._map)
        self._since = whole[:8].cast("d")
        self._numbers = whole[8:_HEAD].cast("Q")  # connection, length of its request, seats taken
        self._request = whole[_HEAD:]

    @classmethod
    def create(cls) -> tuple[int, State]:
        """New memory, all zero: the descriptor to hand down, and the view."""
        descriptor = os.memfd_create("bempeg-kg-direct")
        os.truncate(descriptor, SIZE)
        return descriptor, cls(descriptor)

    def begin(self, connection: int, request: bytes) -> float:
        """A query begins. Returns the time."""
        self._request[: len(request)] = request
        self._numbers[1] = len(request)
        self._numbers[0] = connection
        now = self._since[0] = time.monotonic()
        return now

    def evaluated(self) -> None:
        """The query is done; its answer is about to be sent."""
        self._since[0] = 0.0

    def sent(self) -> None:
        """Nothing is under way any more."""
        self._numbers[0] = 0

    @property
    def since(self) -> float:
        """The ``time.monotonic()`` at which the query that runs began, 0 when none runs."""
        return self._since[0]

    @property
    def connection(self) -> int:
        """The number of the connection whose query runs or whose answer is being sent, 0 for none."""
        return self._numbers[0]

    @property
    def request(self) -> bytes:
        """The bytes of the request that runs."""
        return bytes(self._request[: self._numbers[1]])

    @property
    def seated(self) -> int:
        """How many connections the worker has taken over so far."""
        return self._numbers[2]

    @seated.setter
    def seated(self, count: int) -> None:
        self._numbers[2] = count
