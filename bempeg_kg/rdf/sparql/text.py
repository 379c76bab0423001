"""Properties of a SPARQL text, without running it: its prefixes, its kind, what it names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bempeg_kg.rdf.sparql.lexer import Token, code, tokens

_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"))
_READS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
_OPAQUE = frozenset(("string", "iri", "comment"))
#: Most characters of a query that a log line shows.
SHAPE = 300


def shadow(text: str) -> str:
    """The text with strings, IRIs and comments blanked, of the same length and with the same line breaks.

    A string that is never closed stays, so that its quotation mark can be pointed at.

    >>> shadow("ASK { ?s ?p '{' } # done")
    'ASK { ?s ?p ___ }       '
    """
    return "".join(
        _blanked(token) if token.kind in _OPAQUE and _is_closed(token) else token.text
        for token in tokens(text)
    )


def _is_closed(token: Token) -> bool:
    if token.kind != "string":
        return True
    quote = token.text[:3] if token.text[:3] in ('"""', "'''") else token.text[0]
    return len(token.text) >= 2 * len(quote) and token.text.endswith(quote)


def _blanked(token: Token) -> str:
    fill = " " if token.kind == "comment" else "_"
    if "\n" not in token.text:
        return fill * len(token.text)
    return "".join("\n" if char == "\n" else fill for char in token.text)


def declared(text: str) -> dict[str, str]:
    """The prefixes that a query declares, with their namespaces as written.

    >>> declared("PREFIX a: <urn:a#> # b: \\nASK { ?s a a:x }")
    {'a': 'urn:a#'}
    """
    pieces = code(text)
    return {
        pieces[i + 1].text[:-1]: pieces[i + 2].text[1:-1]
        for i in range(len(pieces) - 2)
        if pieces[i].text.upper() == "PREFIX"
        and pieces[i + 1].kind == "name"
        and pieces[i + 1].text.endswith(":")
        and pieces[i + 2].kind == "iri"
    }


def undeclared(text: str) -> list[str]:
    """Prefixes that a query uses and does not declare, sorted.

    >>> undeclared("PREFIX a: <urn:a> ASK { a:x b:y ?z . FILTER(?q = <urn:c>) }")
    ['b']
    """
    used = {token.text.partition(":")[0] for token in tokens(text) if token.kind == "name"}
    return sorted(used - declared(text).keys() - {"", "_"})


def declare(text: str, prefixes: Mapping[str, str]) -> str:
    """The query with a PREFIX for each known prefix that it uses and does not declare.

    They stand before its first line without a line break, so that line numbers stay true.
    """
    wanted = [prefix for prefix in undeclared(text) if prefix in prefixes]
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in wanted) + text


def words(text: str) -> set[str]:
    """The keywords and other bare words of a query, in capitals."""
    return {token.text.upper() for token in tokens(text) if token.kind == "word"}


def names_graph(text: str) -> bool:
    """Whether a query says GRAPH or FROM, so that it matters which statement is in which graph."""
    return not words(text).isdisjoint(("GRAPH", "FROM"))


def is_update(text: str) -> bool:
    """Whether a text is a SPARQL Update rather than a query."""
    keywords = words(text)
    return keywords.isdisjoint(_READS) and not keywords.isdisjoint(_UPDATES)


def shape(query: str) -> str:
    """A query on one line without its literals, numbers and comments, cut to SHAPE characters.

    IRIs stay, since they are names of the graph. Only the start of a long query is read.

    >>> shape('SELECT * { ?s rdfs:label "Jane Doe" } # mine')
    'SELECT * { ?s rdfs:label ? }'
    """
    kept = []
    for token in tokens(query[: 4 * SHAPE]):
        if token.kind == "comment":
            continue
        kept.append("?" if token.kind in ("string", "number") else token.text)
    return re.sub(r"\s++", " ", "".join(kept)).strip()[:SHAPE]
