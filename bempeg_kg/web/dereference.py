"""What the IRIs of the data lead to as RDF: entities, files of the graph, the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from bempeg_kg.web import negotiation
from bempeg_kg.web.workers.process import GRAPHS

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph

SUFFIXES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


def wanted(accept: str) -> str:
    """HTML unless the Accept header prefers a syntax of RDF."""
    return negotiation.best(accept, (negotiation.HTML, *negotiation.GRAPHS)) or negotiation.HTML


def entity(kg: KnowledgeGraph, iri: str, media_type: str) -> bytes | None:
    """The statements about an IRI in both directions; None when there are none."""
    return _written(kg, kg.describe(iri), media_type)


def file(kg: KnowledgeGraph, path: str, media_type: str) -> bytes | None:
    """A file of the graph as it was loaded, by its path below the base; None for no such file."""
    names = {one.iri for one in kg.content.files()}
    iri = kg.names.base + path
    if iri not in names:
        iri = next((one for one in sorted(names) if one.endswith("/" + path)), "")
    if not iri:
        return None
    found = kg.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    return _written(kg, found if isinstance(found, list) else [], media_type) or b""


def _written(kg: KnowledgeGraph, triples: list[ox.Triple], media_type: str) -> bytes | None:
    if not triples:
        return None
    prefixes = dict(kg.names.prefixes) if media_type != "application/n-triples" else None
    return ox.serialize(triples, format=GRAPHS[media_type], prefixes=prefixes)
