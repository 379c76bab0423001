"""Messages of SPARQL parsers turned into one QueryError: where it is, and what stands there."""

from __future__ import annotations

import re

from bempeg_kg.errors import QueryError, UnknownName
from bempeg_kg.sparql import calls_service, is_update, shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = (r"\bat (\d+):(\d+)", r"line:? ?(\d+),? ?(?:col(?:umn)?|char):? ?(\d+)")


def query_problem(message: str, sparql: str, prefixes: Mapping[str, str] | None = None) -> QueryError:
    """A QueryError from a parser's message that says where, as `LINE:COLUMN` or `line LINE, column COLUMN`.

    >>> print(query_problem("error at 1:8: expected one of [_]", "SELECT WHERE { }"))
    line 1, column 8: this is not SPARQL: WHERE { }
    SELECT WHERE { }
           ^
    """
    if is_update(sparql):
        return QueryError(
            "this is an update, and the graph is read-only",
            cure="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )
    unknown = prefix_problem(sparql, prefixes or {}) if "refix" in message else None
    if unknown is not None:
        return unknown
    place = next((found for found in (re.search(form, message) for form in _PLACE) if found), None)
    if place is None:
        return QueryError(f"this is not SPARQL that the engine takes: {message.strip()[:300]}")
    return (
        _verb_problem(sparql)
        or _brace_problem(sparql)
        or _triple_problem(sparql)
        or _at(_said(message) or "this is not SPARQL", sparql, int(place[1]), int(place[2]))
    )


def _verb_problem(sparql: str) -> QueryError | None:
    """The problem of a query that begins with none of the four words, a typing mistake more often than not.

    >>> print(query_problem("error at 1:10: expected CONSTRUCT", "SELCT ?x { ?x a ?c }").message)
    a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE: SELCT ?x { ?x a ?c }
    """
    blank = re.sub(r"(?i)\b(prefix\s+[\w.-]*\s*:|base)\s*", lambda found: " " * len(found[0]), shadow(sparql))
    found = re.search(r"[^\W\d_]+", blank)
    if found is None or found[0].upper() in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
        return None
    return _at_offset("a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE", sparql, found.start())


def _brace_problem(sparql: str) -> QueryError | None:
    """The problem of a brace without its partner, which a parser notices only at the end."""
    opened: list[int] = []
    for offset, char in enumerate(shadow(sparql)):
        if char == "{":
            opened.append(offset)
        elif char == "}" and not opened:
            return _at_offset("this brace closes nothing", sparql, offset)
        elif char == "}":
            opened.pop()
    return _at_offset("this brace is never closed", sparql, opened[-1]) if opened else None


def _triple_problem(sparql: str) -> QueryError | None:
    """The problem of a pattern of two terms, for which a parser names a place behind it.

    >>> print(query_problem("error at 1:25: expected one of LATERAL", "SELECT * WHERE { ?s ?p }").where)
    line 1, column 18
    """
    term = r"[?$<:\w][^\s{}();,]*"
    for found in re.finditer(rf"[{{.]\s+({term})\s+({term})\s*(?=[.}}](?:\s|$))", shadow(sparql)):
        if not found[1].isupper():
            return _at_offset("a pattern has three parts: subject, predicate, object", sparql, found.start(1))
    return None


def service_problem(sparql: str) -> QueryError | None:
    """The QueryError for a query that calls an outside service, None for any other."""
    if not calls_service(sparql):
        return None
    found = re.search(r"(?i)\bservice\b", shadow(sparql))
    offset = found.start() if found else 0
    return _at_offset("SERVICE is off, so that no query reaches the network", sparql, offset)


def prefix_problem(sparql: str, prefixes: Mapping[str, str]) -> QueryError | None:
    """The QueryError for the first prefix that is neither declared in the query nor in `prefixes`."""
    declared = set(re.findall(r"(?i)\bprefix\s+([\w.-]*)\s*:", shadow(sparql)))
    for found in re.finditer(r"(?<![\w?$:.<-])([A-Za-z][\w.-]*)?:", shadow(sparql)):
        prefix = found[1] or ""
        if prefix != "_" and prefix not in declared and prefix not in prefixes:
            cure = UnknownName("prefix", prefix, prefixes, cure=f"Or declare it: PREFIX {prefix}: <...>").cure
            problem = _at_offset(f"the prefix {prefix}: is not declared", sparql, found.start())
            problem.cure = f"{problem.cure}\n{cure}"
            return problem
    return None


def _at_offset(said: str, sparql: str, offset: int) -> QueryError:
    before = sparql[:offset]
    return _at(said, sparql, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _at(said: str, sparql: str, line: int, column: int) -> QueryError:
    lines = sparql.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    text = shown[column - 1 :].strip() or "the end of the query"
    pointer = f"{shown}\n{' ' * (column - 1)}^" if shown else ""
    return QueryError(f"{said}: {text[:60]}", line=line, column=column, text=text, cure=pointer)


def _said(message: str) -> str:
    """The one readable part of a parser's list of what it expected, such as "a variable that is unbound"."""
    found = re.search(r"expected (?:one of )?(.*)", message, re.DOTALL)
    parts = [part.strip() for part in re.split(r", (?![^\[]*\])", found[1])] if found else []
    for part in parts:
        if re.fullmatch(r"[A-Z][\w\s]{6,}", part) and not part.isupper():
            return part[0].lower() + part[1:]
    words = [part for part in parts if re.fullmatch(r"[A-Za-z?()*.{}]+", part)]
    # keywords that may follow any pattern say nothing of what is wrong
    is_told = 0 < len(words) < 5 and not {"OPTIONAL", "SERVICE", "LATERAL"} & set(words)
    return f"expected {' or '.join(words)}" if is_told else ""
