"""Why a query has no rows: most often it names something that the graph does not use."""

from __future__ import annotations

from collections.abc import Iterator

from bempeg_kg.errors import close_names
from bempeg_kg.graph.entities import node_of
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import STANDARDS
from bempeg_kg.rdf.sparql.lexer import Token, code
from bempeg_kg.rdf.sparql.text import declared

MOST = 30
"""Names that are looked up; a longer query gets the general words."""

LONGEST = 5000
"""Characters of a query that is looked into; a longer one gets the general words."""

_USED = """ASK {{ {{ ?s {0} ?o }} UNION {{ ?s ?p {0} FILTER(?p NOT IN (rdfs:domain, rdfs:range,
    rdfs:subClassOf, rdfs:subPropertyOf, owl:inverseOf, owl:disjointWith, rdfs:isDefinedBy, rdfs:seeAlso)) }}
    UNION {{ {0} a ?kind FILTER(?kind NOT IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) }} }}"""


def why_empty(kg: Graph, query: str) -> str:
    """The note below an answer without rows."""
    named = dict(_named(query, dict(kg.names.prefixes))) if len(query) <= LONGEST else {}
    for written, iri in list(named.items())[:MOST]:
        node = node_of(iri)
        if node is None or kg.query(_USED.format(node)) is True:
            continue
        if kg.query(f"ASK {{ {node} rdfs:label ?label }}") is True:
            return f"{written} is declared, and nothing in the graph is stated with it."
        near = close_names(kg.names.shorten(iri), _others(kg, written, iri))
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"{written} is not used in the graph.{meant}"
    return "what is named is in the graph, but nothing fits all of it; try with a pattern or a filter less."


def _named(query: str, prefixes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names that an answer depends on as they are written, with their IRIs; no datatypes and functions.

    >>> list(_named("SELECT * { ?s a kg:Trial # kg:x\\n ; <urn:p> 'kg:y' }", {"kg": "urn:kg:"}))
    [('kg:Trial', 'urn:kg:Trial'), ('<urn:p>', 'urn:p')]
    """
    spaces = {**prefixes, **declared(query)}
    for token in _needed(query):
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if local and prefix in spaces and spaces[prefix] != STANDARDS["xsd"]:
                yield token.text, spaces[prefix] + local
        elif token.kind == "iri" and not token.text.startswith("<" + STANDARDS["xsd"]):
            yield token.text, token.text[1:-1]


def _needed(query: str) -> list[Token]:
    """The tokens of a query without its prefixes and the groups that an answer can do without.

    >>> [token.text for token in _needed("PREFIX a: <urn:a> ASK { ?s ?p ?o OPTIONAL { ?s kg:x ?x { } } }")]
    ['ASK', '{', '?s', '?p', '?o', '}']
    """
    kept: list[Token] = []
    pieces = code(query)
    depth = place = 0
    while place < len(pieces):
        token = pieces[place]
        word = token.text.upper() if token.kind == "word" else ""
        following = pieces[place + 1].text.upper() if place + 1 < len(pieces) else ""
        if depth:
            depth += (token.text == "{") - (token.text == "}")
        elif word == "PREFIX":
            place += 2
        elif word in ("OPTIONAL", "MINUS") and following == "{":
            depth, place = 1, place + 1
        elif word == "NOT" and following == "EXISTS":
            depth, place = 1, place + 2
        else:
            kept.append(token)
        place += 1
    return kept


def _others(kg: Graph, written: str, iri: str) -> list[str]:
    """Names of the graph below the same prefix."""
    prefix = kg.names.shorten(iri).partition(":")[0]
    space = kg.names.prefixes.get(prefix, "")
    if not space or written.startswith("<"):
        return []
    table = kg.select(
        f'SELECT DISTINCT ?x {{ ?x rdfs:label ?l FILTER(STRSTARTS(STR(?x), "{space}")) }} ORDER BY ?x'
    )
    return [kg.names.shorten(one) for one in table.column("x")]
