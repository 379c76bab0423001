"""What the IRIs of the data lead to as RDF: entities, files of the graph, the ontology."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import STANDARDS, Names
from bempeg_kg.web.http import negotiation
from bempeg_kg.web.workers.process import GRAPHS

SUFFIXES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


UNWRITTEN = {STANDARDS["rdf"] + "type", STANDARDS["rdf"] + "langString", STANDARDS["xsd"] + "string"}
"""What the syntaxes have words of their own for, or leave out."""


def wanted(accept: str) -> str:
    """HTML unless the Accept header prefers a syntax of RDF."""
    return negotiation.best(accept, (negotiation.HTML, *negotiation.GRAPHS)) or negotiation.HTML


def entity(kg: Graph, iri: str, media_type: str) -> bytes | None:
    """The statements about an IRI in both directions; None when there are none."""
    return written(kg, kg.describe(iri), media_type)


def file(kg: Graph, path: str, media_type: str) -> bytes | None:
    """A file of the graph as it was loaded, by its path below the base; None for no such file."""
    names = {one.iri for one in kg.content.files()}
    iri = kg.names.base + path
    if iri not in names:
        iri = next((name for name in sorted(names) if name.endswith("/" + path)), "")
    if not iri:
        return None
    triples = kg.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    return written(kg, triples if isinstance(triples, list) else [], media_type) or b""


def vocabulary(kg: Graph, media_type: str) -> bytes:
    """All files of the ontology in one, without the slices of others."""
    files = " ".join(f"<{one.iri}>" for one in kg.content.vocabulary())
    triples = kg.query(
        f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?file {{ {files} }} GRAPH ?file {{ ?s ?p ?o }} }}"
    )
    return written(kg, triples if isinstance(triples, list) else [], media_type) or b""


def written(kg: Graph, triples: list[ox.Triple], media_type: str) -> bytes | None:
    """Statements in a syntax, with the prefixes that they use and no others; None when there are none.

    They are sorted, so that the same statements are the same text whatever engine holds them.
    """
    if not triples:
        return None
    triples = sorted(triples, key=str)
    prefixes = _used(kg.names, triples) if media_type != "application/n-triples" else None
    return ox.serialize(triples, format=GRAPHS[media_type], prefixes=prefixes)


def _used(names: Names, triples: list[ox.Triple]) -> dict[str, str]:
    iris = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            named = term.datatype if isinstance(term, ox.Literal) else term
            if isinstance(named, ox.NamedNode):
                iris.add(named.value)
    used = {_prefix_of(names, iri) for iri in iris - UNWRITTEN}
    return {prefix: namespace for prefix, namespace in names.prefixes.items() if prefix in used}


@lru_cache(maxsize=8192)
def _prefix_of(names: Names, iri: str) -> str:
    """The prefix by which an IRI is written; the same few IRIs come again and again."""
    return names.shorten(iri).partition(":")[0]
