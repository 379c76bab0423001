"""What outside queries may use, and the error of one that got no full answer."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

TICK = 0.01
"""Seconds between looks at what is running."""


class PoolError(Exception):
    """A query that got no full answer: ``kind`` is one of the keys of :data:`STATUS`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    @property
    def status(self) -> int:
        """The HTTP status that the client gets."""
        return STATUS[self.kind]


STATUS = {
    "syntax": 400,
    "query": 400,
    "accept": 406,
    "size": 503,
    "memory": 503,
    "crash": 503,
    "busy": 503,
    "stopping": 503,
    "time": 504,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What outside queries may use. Seconds, bytes, rows, counts."""

    seconds: float = 10.0
    memory: int = 1 << 30
    size: int = 256 << 20
    body: int = 1 << 20
    workers: int = 0
    queue: int = 128
    wait: float = 5.0
    slow_after: float = 0.25
    slow: int = 8
    idle_after: float = 0.0
    """Seconds after which a worker that nobody asks ends; 0: never."""

    @property
    def stopped(self) -> PoolError:
        """The error of a query that ran for too long."""
        return PoolError("time", f"the query was stopped after {self.seconds:g} seconds")

    @property
    def computing(self) -> Limits:
        """Limits of the worker that runs our own code. It is started when it is needed, ends when it is not
        for a minute, as it is large, and is too costly to start anew for what takes a little longer.
        """
        wait = max(self.wait, self.seconds)
        return replace(self, workers=1, slow=1, slow_after=self.seconds + 1, wait=wait, idle_after=60.0)

    @property
    def warming(self) -> Limits:
        """Limits of the worker that prepares pages after the start: nobody waits for it, so it may take
        longer; it ends soon.
        """
        return replace(replace(self, seconds=6 * self.seconds).computing, idle_after=3.0)

    @property
    def normal(self) -> int:
        """Workers of normal priority: one a processor unless set otherwise, at least two."""
        return self.workers or max(2, min(8, os.cpu_count() or 1))
