"""Why a query has no rows: most often it names something that the graph does not use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bempeg_kg.entities import node_of
from bempeg_kg.errors import close_names
from bempeg_kg.names import STANDARDS
from bempeg_kg.sparql import shadow

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph

MOST = 30
"""Names that are looked up; a longer query gets the general words."""

_USED = """ASK {{ {{ ?s {0} ?o }} UNION {{ ?s ?p {0} FILTER(?p NOT IN (rdfs:domain, rdfs:range,
    rdfs:subClassOf, rdfs:subPropertyOf, owl:inverseOf, owl:disjointWith, rdfs:isDefinedBy, rdfs:seeAlso)) }}
    UNION {{ {0} a ?kind FILTER(?kind NOT IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) }} }}"""
_PREFIX = r"(?i)\bprefix\s+([\w.-]*)\s*:\s*"


def why_empty(kg: KnowledgeGraph, query: str) -> str:
    """What is to be said below an answer without rows."""
    named = dict(_named(query, dict(kg.names.prefixes)))
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
    for found in re.finditer(_PREFIX + r"<([^<>\s]*)>", query):
        prefixes[found[1]] = found[2]
    bare = _needed(re.sub(_PREFIX + "_*", lambda found: " " * len(found[0]), shadow(query)))
    for found in re.finditer(r"(?<![\w?$:.-])([\w.-]*):([\w-](?:[\w.-]*[\w-])?)", bare):
        if found[1] in prefixes and prefixes[found[1]] != STANDARDS["xsd"]:
            yield found[0], prefixes[found[1]] + found[2]
    for found in re.finditer(r"<([^<>\"{}|^`\\\s]+)>", query):
        blanked = bare[found.start()] == "_" and bare[max(found.start() - 1, 0)] != "_"
        if blanked and not found[1].startswith(STANDARDS["xsd"]):
            yield found[0], found[1]


def _needed(bare: str) -> str:
    """The shadow of a query without what it can do without.

    >>> _needed("{ ?s ?p ?o OPTIONAL { ?s kg:x ?x { } } }")
    '{ ?s ?p ?o                             }'
    """
    while found := re.search(r"(?i)\b(OPTIONAL|MINUS|NOT\s+EXISTS)\s*\{", bare):
        depth, end = 1, found.end()
        while depth and end < len(bare):
            depth += {"{": 1, "}": -1}.get(bare[end], 0)
            end += 1
        bare = bare[: found.start()] + " " * (end - found.start()) + bare[end:]
    return bare


def _others(kg: KnowledgeGraph, written: str, iri: str) -> list[str]:
    """Names of the graph below the same prefix."""
    prefix = kg.names.shorten(iri).partition(":")[0]
    space = kg.names.prefixes.get(prefix, "")
    if not space or written.startswith("<"):
        return []
    found = kg.select(
        f'SELECT DISTINCT ?x {{ ?x rdfs:label ?l FILTER(STRSTARTS(STR(?x), "{space}")) }} ORDER BY ?x'
    )
    return [kg.names.shorten(one) for one in found.column("x")]
