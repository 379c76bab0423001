"""Messages of SPARQL parsers turned into one QueryError: where it is, and what stands there."""

from __future__ import annotations

import re

from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.sparql.mistakes import find_mistake, unknown_prefix
from bempeg_kg.rdf.sparql.place import error_at
from bempeg_kg.rdf.sparql.text import is_update

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = (r"\bat (\d+):(\d+)", r"line:? ?(\d+),? ?(?:col(?:umn)?|char):? ?(\d+)")


def query_problem(message: str, sparql: str, prefixes: Mapping[str, str] | None = None) -> QueryError:
    """A QueryError from a parser's message that says where, as `LINE:COLUMN` or `line LINE, column COLUMN`.

    >>> print(query_problem("error at 1:18: expected one of [_]", "SELECT ?x { ?x a kg:Trial"))
    line 1, column 11: this brace is never closed: { ?x a kg:Trial
    SELECT ?x { ?x a kg:Trial
              ^
    Write its }.
    """
    if is_update(sparql):
        return QueryError(
            "this is an update, and the graph is read-only",
            cure="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )
    place = next((match for match in (re.search(form, message) for form in _PLACE) if match), None)
    if place is None:
        unknown = prefix_problem(sparql, prefixes or {}) if "refix" in message else None
        return unknown or QueryError(f"the engine rejected this query: {message.strip()[:300]}")
    mistake = find_mistake(sparql, prefixes, message)
    if mistake is not None:
        return error_at(mistake.message, sparql, mistake.offset, mistake.cure)
    offset = _word_start(sparql, _offset(sparql, int(place[1]), int(place[2])))
    text = _expectation(message) or "this is not SPARQL"
    if not sparql[offset:].strip(" \n\t})"):
        text += ", here or somewhere before"
    return error_at(text, sparql, offset)


def prefix_problem(sparql: str, prefixes: Mapping[str, str]) -> QueryError | None:
    """The QueryError for the first prefix that is neither declared in the query nor in `prefixes`."""
    mistake = unknown_prefix(sparql, prefixes)
    return error_at(mistake.message, sparql, mistake.offset, mistake.cure) if mistake else None


def _offset(sparql: str, line: int, column: int) -> int:
    lines = sparql.split("\n")
    before = sum(len(one) + 1 for one in lines[: line - 1])
    return min(len(sparql), before + column - 1)


def _word_start(sparql: str, offset: int) -> int:
    """Where the word begins in which a parser stopped."""
    while (
        0 < offset < len(sparql)
        and re.match(r"[\w:?$.-]", sparql[offset])
        and re.match(r"[\w:?$.-]", sparql[offset - 1])
    ):
        offset -= 1
    return offset


def _expectation(message: str) -> str:
    """The one readable part of a parser's list of what it expected, such as "a variable that is unbound"."""
    match = re.search(r"expected (?:one of )?(.*)", message, re.DOTALL)
    parts = [part.strip() for part in re.split(r", (?![^\[]*\])", match[1])] if match else []
    for part in parts:
        if re.fullmatch(r"[A-Z][\w\s]{6,}", part) and not part.isupper():
            return part[0].lower() + part[1:]
    # a keyword says nothing of what is wrong: the parser names the one whose letters it got furthest in
    signs = [part.strip('"') for part in parts if re.fullmatch(r'"[^\w\s]{1,2}"', part)]
    return f"expected {' or '.join(signs)}" if 0 < len(signs) == len(parts) < 4 else ""
