"""What a page says when something could not be done, and the status that goes with it."""

from __future__ import annotations

from bempeg_kg.errors import BempegError, EngineError, EngineTimeout, UnknownName, UsageError


class NotRunHere(UsageError):
    """A question or a query that a server does not put, whatever it would find."""


STATUS: tuple[tuple[type[BempegError], int], ...] = (
    (UnknownName, 404),
    (NotRunHere, 403),
    (EngineTimeout, 504),
    (EngineError, 503),
)
"""The first that fits counts; any other error is a mistake in what was asked."""


def problem_status(error: BempegError) -> int:
    """The status of a page that tells an error: not there, not allowed, not possible now, or wrong."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)
