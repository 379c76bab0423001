"""What a page says when something could not be done, and the status that goes with it."""

from __future__ import annotations

import re

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


def problem_text(error: BempegError) -> str:
    """The words of an error for a page: its fields in place of the options of the command line.

    >>> error = UsageError("--as-of takes a date", cure="See `bempeg-kg ask --help`. Or write 2022-03-14.")
    >>> problem_text(error)
    '“as of” takes a date\\nOr write 2022-03-14.'
    """
    if isinstance(error, NotRunHere):
        return str(error)
    sentences = re.split(r"(?<=[.?;]) ", error.cure)
    cure = " ".join(sentence for sentence in sentences if "bempeg-kg" not in sentence)
    first = f"{error.where}: {error.message}" if error.where else error.message
    if re.match("[a-z]+ ", first):  # a sentence, and no name such as trial:pivot-02
        first = first[0].upper() + first[1:]
    return re.sub(r"(?<![\w-])--([a-z][\w-]*)", _field, f"{first}\n{cure}" if cure else first)


def _field(option: re.Match[str]) -> str:
    return f"“{option[1].replace('-', ' ')}”"
