"""What is refused before an engine sees a query: SERVICE, and nesting that would overflow its stack.

Oxigraph executes SERVICE over the network, and its parser decides by context whether ``<`` opens an IRI or
compares two values, which no lexer can. So the guard reads a text in the less convenient way: where a ``<``
could be either and it matters, the query is refused. Text with ``\\u`` escapes is read as written and
unescaped.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bempeg_kg.rdf.sparql.lexer import Token, code
from bempeg_kg.rdf.sparql.place import error_at
from bempeg_kg.rdf.sparql.text import words

#: Deepest nesting of brackets. Oxigraph 0.5 overflows an 8 MB stack at about 2,150 levels.
DEEPEST = 200
#: Most operators, or parts of a group, that may stand beside each other in one pair of brackets.
LONGEST = 1000
#: Most characters of a query.
LARGEST = 1 << 20

_ESCAPE = r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})"
_CHAINED = frozenset(("||", "&&", "|", "/", "^", "!", "+", "-", "*", "=", "<", ">"))
_PARTS = frozenset(("UNION", "OPTIONAL", "MINUS", "EXISTS", "GRAPH", "BIND", "FILTER", "VALUES", "SELECT"))
_OPERANDS = frozenset(("variable", "string", "language", "number", "name", "blank", "word", "iri"))
#: Characters that let the two readings of ``<...>`` go different ways behind it.
_DIVERGING = r"(?i)['#()\[\]]|service"


#: Functions whose answer differs from one call to the next.
_VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))


class Text(NamedTuple):
    """What matters about a query before it runs."""

    #: whether it says FROM, so that it chooses its own graphs
    has_dataset: bool
    #: whether it gives the same answer each time
    stable: bool


class Problem(NamedTuple):
    """Why a query is refused: what is wrong, the offset, and the cure."""

    message: str
    offset: int
    cure: str = ""


def problem(text: str, *, service: bool = False) -> Problem | None:
    """Why a query must not reach an engine, None if it may. With ``service`` only its size is checked.

    >>> problem("SELECT * { ?s ?p 'SERVICE' }")
    >>> problem("ASK { SERVICE <urn:a> { ?s ?p ?o } }").message
    'SERVICE is off, so that no query reaches the network'
    """
    return size_problem(text) or (None if service else service_problem(text))


def refuse(text: str, *, service: bool = False) -> None:
    """Raise QueryError, with line and column, for a query that must not reach an engine; see `problem`."""
    wrong = problem(text, service=service)
    if wrong is not None:
        raise error_at(wrong.message, text, wrong.offset, wrong.cure)


def http_status(query: str) -> int:
    """The HTTP status of a refused query: 403 where it calls a service, 400 where it is too large."""
    return 400 if size_problem(query) else 403


def examine(query: str) -> Text:
    """Examine a query before it runs. Raises QueryError for one that must not reach an engine.

    >>> examine("SELECT * FROM <g:> { ?s ?p 'SERVICE' }")
    Text(has_dataset=True, stable=True)
    """
    refuse(query)
    lowered = query.lower()
    if not any(word in lowered for word in ("from", "now", "rand", "uuid", "bnode", "\\u")):
        return Text(has_dataset=False, stable=True)
    keywords = words(query) | (words(re.sub(_ESCAPE, _unescape, query)) if "\\u" in lowered else set())
    return Text(has_dataset="FROM" in keywords, stable=keywords.isdisjoint(_VOLATILE))


def calls_service(text: str) -> bool:
    """Whether a query calls an outside service, or could be read so."""
    return service_problem(text) is not None


def service_problem(text: str) -> Problem | None:
    """The place where a text calls a service, or could be read so; None if there is none."""
    if "service" not in text.lower() and "\\u" not in text.lower():
        return None
    unescaped = re.sub(_ESCAPE, _unescape, text)
    return _service_in(text) or (_service_in(unescaped) if unescaped != text else None)


def _unescape(match: re.Match[str]) -> str:
    number = int(match.group(1) or match.group(2), 16)
    return chr(number) if number < 0x110000 else ""


def _service_in(text: str) -> Problem | None:
    if "service" not in text.lower():
        return None
    brackets: list[str] = []
    previous: Token | None = None
    closed_data = False
    for token in code(text):
        if _says_service(token):
            return Problem("SERVICE is off, so that no query reaches the network", token.start)
        in_expression = bool(brackets) and brackets[-1] == "expression"
        if (
            token.kind == "iri"
            and in_expression
            and _could_compare(previous)
            and re.search(_DIVERGING, token.text)
        ):
            return Problem(
                "this could be an IRI or a comparison, in a query that says SERVICE",
                token.start,
                "Put a space behind the <, or write the IRI as a prefixed name.",
            )
        if token.text in ("{", "["):
            brackets.append("group")
        elif token.text == "(":
            opens_data = previous is not None and (
                previous.text in ("{", ".") or (previous.text == ")" and closed_data)
            )
            within_data = bool(brackets) and brackets[-1] == "data"
            brackets.append("data" if opens_data or within_data else "expression")
        elif token.text in ("}", "]", ")") and brackets:
            closed_data = brackets.pop() == "data"
        previous = token
    return None


def _says_service(token: Token) -> bool:
    """Whether a token could be read as the keyword. Parsers take a keyword that touches its neighbour."""
    if token.kind == "word":
        return "SERVICE" in token.text.upper()
    if token.kind == "name":
        prefix, _, local = token.text.upper().partition(":")
        return "SERVICE" in prefix or ".SERVICE" in local
    return token.kind in ("blank", "variable", "language") and ".SERVICE" in token.text.upper()


def _could_compare(previous: Token | None) -> bool:
    return previous is not None and (previous.kind in _OPERANDS or previous.text in (")", "]", "}"))


def size_problem(text: str) -> Problem | None:
    """Why a text is too long or nested too deeply for an engine, None if it is neither.

    >>> size_problem("ASK { FILTER(" + "(" * 300 + "true" + ")" * 300 + ") }").message
    'brackets are nested more than 200 deep'
    """
    if len(text) > LARGEST:
        return Problem(f"the query has more than {LARGEST:,} characters", LARGEST, "Ask for less at once.")
    if len(text) < DEEPEST or _is_small(text):
        return None
    chains = [0]
    for token in code(text):
        if token.text in ("{", "(", "["):
            chains[-1] += token.text == "{"
            chains.append(0)
            if len(chains) > DEEPEST + 1:
                return Problem(
                    f"brackets are nested more than {DEEPEST} deep", token.start, "Write the query flatter."
                )
        elif token.text in ("}", ")", "]"):
            if len(chains) > 1:
                chains.pop()
        elif token.text in _CHAINED or (token.kind == "word" and token.text.upper() in _PARTS):
            chains[-1] += 1
        if chains[-1] > LONGEST:
            return Problem(
                f"more than {LONGEST:,} operators or parts stand in one pair of brackets",
                token.start,
                "Use VALUES or IN for long lists.",
            )
    return None


def _is_small(text: str) -> bool:
    """Whether a text cannot break a limit, found by counting characters, without a lexer."""
    brackets = text.count("{") + text.count("(") + text.count("[")
    return brackets <= DEEPEST and len(text) <= 3 * LONGEST
