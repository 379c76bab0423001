"""Messages of SPARQL parsers turned into one QueryError: where it is, and what stands there."""

from __future__ import annotations

import re

from bempeg_kg.errors import QueryError

_LISTED = re.compile(r"expected (?:one of )?(.*)", re.DOTALL)
_NOISE = re.compile(r"'\\\\?u\{|\.\.=|\[_\]|\['")


def query_problem(message: str, sparql: str) -> QueryError:
    """A QueryError from a parser's message that holds `LINE:COLUMN` or `line LINE ... column COLUMN`.

    >>> print(query_problem("error at 1:8: expected one of [_]", "SELECT WHERE { }"))
    line 1, column 8: this is not SPARQL: WHERE { }
    SELECT WHERE { }
           ^
    """
    place = re.search(r"\bat (\d+):(\d+)", message) or re.search(
        r"line:? ?(\d+), ?col(?:umn)?:? ?(\d+)", message
    )
    if place is None:
        return QueryError(f"this is not SPARQL that the engine takes: {message.strip()}")
    line, column = int(place[1]), int(place[2])
    lines = sparql.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    text = shown[column - 1 :].strip() or "the end of the query"
    said = _said(message)
    pointer = f"{shown}\n{' ' * (column - 1)}^" if shown else ""
    return QueryError(
        f"{said or 'this is not SPARQL'}: {text[:60]}", line=line, column=column, text=text, cure=pointer
    )


def _said(message: str) -> str:
    """The one readable part of a list of what was expected, such as "prefix not found"."""
    found = _LISTED.search(message)
    parts = re.split(r", (?![^\[]*\])", found[1]) if found else []
    worded = [part for part in parts if re.fullmatch(r"[A-Z][\w\s]{6,}", part.strip()) and not part.isupper()]
    if worded:
        said = worded[0].strip()
        return said[0].lower() + said[1:] if not said.startswith("The ") else "t" + said[1:]
    keywords = [part.strip() for part in parts if not _NOISE.search(part)]
    return (
        f"this is not SPARQL (expected {', '.join(keywords[:6])})" if keywords and len(keywords) < 7 else ""
    )
