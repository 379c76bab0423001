"""Every error that the package raises on purpose.

::

    BempegError                 exit code 2 unless said otherwise
    |-- InputError              a file that cannot be read or understood (file, line, column, JSON path)
    |-- UnknownName             no such question, parameter, prefix, term, format ... (did you mean)
    |-- UsageError              a call or a command line that makes no sense
    |   `-- NotLoaded           the defaults of a question are of a programme that is not loaded
    |-- QueryError              SPARQL that cannot be parsed (line, column, the text there)
    |-- NoAnswer                exit code 1: the answer is "no", such as a sentence that fits no question
    `-- EngineError             exit code 3: the engine or the remote store failed
        `-- EngineTimeout       exit code 3: it took longer than was allowed

Each says what is wrong, where, and what would cure it.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class BempegError(Exception):
    """What is wrong (`message`), where (`where`), and what to do about it (`cure`)."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.cure = cure

    def __str__(self) -> str:
        first = f"{self.where}: {self.message}" if self.where else self.message
        return f"{first}\n{self.cure}" if self.cure else first

    def __reduce__(self) -> tuple[object, ...]:
        """For pickle, which would call the class with the message alone; processes hand errors on."""
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[BempegError], args: tuple[object, ...]) -> BempegError:
    return kind.__new__(kind, *args)


class InputError(BempegError):
    """A file, folder or text from outside that cannot be used.

    >>> print(InputError("the prefix d: is not declared", file="a.ttl", line=2, column=9, cure="Declare it."))
    a.ttl:2:9: the prefix d: is not declared
    Declare it.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        path: str = "",
        cure: str = "",
    ) -> None:
        where = ":".join(str(part) for part in (file, line, column) if part not in ("", None))
        if path:
            where = f"{where} at {path}" if where else path
        super().__init__(message, where=where, cure=cure)
        self.file = file
        self.line = line
        self.column = column
        self.path = path


class UnknownName(BempegError):
    """A name that stands for nothing here; proposes those that look like it.

    >>> print(UnknownName("question", "wihch-trials", ["which-trials", "what-dose"]))
    there is no question 'wihch-trials'
    Did you mean 'which-trials'?
    """

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), *, cure: str = "") -> None:
        self.kind = kind
        self.name = name
        self.suggestions = close_names(name, known)
        if self.suggestions:
            meant = " or ".join(f"'{name}'" for name in self.suggestions)
            cure = f"Did you mean {meant}?" + (f" {cure}" if cure else "")
        super().__init__(f"there is no {kind} '{name}'", cure=cure)


class UsageError(BempegError):
    """A command line or a call that makes no sense as a whole."""


class NotLoaded(UsageError):
    """A question whose defaults are those of a programme that is not loaded."""


class QueryError(BempegError):
    """SPARQL that cannot be parsed: `line` and `column` count from 1, `text` is what stands there.

    `hint` is the cure in a sentence, where `cure` draws the place too.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        text: str = "",
        file: str = "",
        cure: str = "",
        hint: str = "",
    ) -> None:
        place = "" if line is None else f"line {line}" + ("" if column is None else f", column {column}")
        super().__init__(message, where=", ".join(part for part in (file, place) if part), cure=cure)
        self.line = line
        self.column = column
        self.text = text
        self.hint = hint


class NoAnswer(BempegError):
    """The work was done and the answer is no."""

    exit_code = 1


class EngineError(BempegError):
    """The engine, or the store behind an endpoint, failed."""

    exit_code = 3


class EngineTimeout(EngineError):
    """The engine did not answer within the time allowed."""


def close_names(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known names most like `name`, best first; none if nothing is near.

    >>> close_names("tral", ["trial", "arm"])
    ['trial']
    >>> close_names("nct09999999", ["nct03909295", "nct09999998"])  # registry numbers: one digit apart
    ['nct09999998']
    """
    from difflib import get_close_matches

    if re.search(r"(?i)\bnct\d{8}$", name):
        listed = [one for one in known if _apart(name.lower(), one.lower()) == 1]
        return listed[:limit]

    by_lower: dict[str, str] = {}
    for candidate in known:
        by_lower.setdefault(candidate.lower(), candidate)
    wanted = name.lower()
    close = get_close_matches(wanted, by_lower, n=limit, cutoff=0.6)
    close += [key for key in by_lower if len(wanted) > 2 and wanted in key and key not in close]
    return [by_lower[key] for key in close[:limit]]


def _apart(first: str, second: str) -> int:
    """In how many letters two texts of one length differ; that length for others."""
    if len(first) != len(second):
        return len(first)
    return sum(a != b for a, b in zip(first, second, strict=True))


#: What the command line advises, and what a user of Python does instead.
_IN_PYTHON = (
    (r"`bempeg-kg (ask|plot) ([\w-]+) --all`", r'`kg.\1("\2", all=True)`'),
    (r"`bempeg-kg (ask|plot) ([\w-]+) --([\w-]+) (\S+)`", r'`kg.\1("\2", \3="\4")`'),
    (r"`bempeg-kg questions` lists", "`kg.questions` lists"),
    (r"`bempeg-kg ask ([\w-]+)`", r'`kg.ask("\1")`'),
    (r"`bempeg-kg show ([\w:-]+)`", r'`kg.show("\1")`'),
    (r"`bempeg-kg stats`", "`kg.stats()`"),
    (r"`bempeg-kg query` or `show WORDS` finds", "`kg.find(words)` finds"),
    (r"`bempeg-kg ([\w-]+)[^`]*`", r"`kg.\1()`"),
    (r"--about (\S+)", r"about \1"),
    (r"(?<!\S)--([a-z][a-z-]*)", r"\1="),
)


def in_python(error: BempegError) -> BempegError:
    """The same error in words of Python: parameters for options, methods for commands.

    >>> print(in_python(UsageError("no day", cure="Give --as-of; `bempeg-kg stats` counts.")))
    no day
    Give as_of=; `kg.stats()` counts.
    """
    from re import sub

    for pattern, instead in _IN_PYTHON:
        error.message, error.cure = (sub(pattern, instead, text) for text in (error.message, error.cure))
    for field in ("message", "cure"):
        text = sub(r"\b[a-z]+(-[a-z]+)+=", lambda match: match[0].replace("-", "_"), getattr(error, field))
        setattr(error, field, text)
    error.args = (error.message,)
    return error


class UnknownTerm(UserWarning):
    """A term in a query that the vocabulary does not have, so that the query can match nothing with it."""
