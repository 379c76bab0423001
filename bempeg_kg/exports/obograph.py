"""OBO Graph JSON of the ontology: classes and properties with label, definition, parents and xrefs.

The format of https://github.com/geneontology/obographs, which OAK and pronto read.
"""

from __future__ import annotations

import json

from bempeg_kg.exports.source import Source
from bempeg_kg.rdf.names import STANDARDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_OWL = STANDARDS["owl"]
#: kind in OWL -> (type of the node, relation to what is above it, property that says so)
_KINDS = {
    "Class": ("CLASS", "is_a", "rdfs:subClassOf"),
    "ObjectProperty": ("PROPERTY", "subPropertyOf", "rdfs:subPropertyOf"),
    "DatatypeProperty": ("PROPERTY", "subPropertyOf", "rdfs:subPropertyOf"),
    "AnnotationProperty": ("PROPERTY", "subPropertyOf", "rdfs:subPropertyOf"),
}


def write(source: Source, ontology: str) -> dict[str, bytes]:
    """`ontology.json`: one graph with the vocabulary and every borrowed class and property."""
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, str]] = []
    for iri in source.subjects("rdf:type"):
        kinds = [one.removeprefix(_OWL) for one in source.peek(iri, "rdf:type") if one.startswith(_OWL)]
        kind = next((one for one in kinds if one in _KINDS), None)
        if kind is not None:
            source.take(iri, "rdf:type")
            nodes.append(_node(source, iri, kind))
            edges += _edges(source, iri, kind)
    graph = {"id": ontology, "meta": _about(source, ontology), "nodes": nodes, "edges": edges}
    return {"ontology.json": (json.dumps({"graphs": [graph]}, ensure_ascii=False, indent=1) + "\n").encode()}


def _node(source: Source, iri: str, kind: str) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    definition = source.one(iri, "skos:definition")
    if definition:
        meta["definition"] = {"val": definition}
    near = [*source.take(iri, "skos:closeMatch"), *source.take(iri, "rdfs:seeAlso")]
    if near:
        meta["xrefs"] = [{"val": one} for one in near]
    if "true" in source.take(iri, "owl:deprecated"):
        meta["deprecated"] = True
    node: dict[str, Any] = {"id": iri, "lbl": source.one(iri, "rdfs:label"), "type": _KINDS[kind][0]}
    if kind != "Class":
        words = {"ObjectProperty": "OBJECT", "DatatypeProperty": "DATA", "AnnotationProperty": "ANNOTATION"}
        node["propertyType"] = words[kind]
    return node | ({"meta": meta} if meta else {})


def _edges(source: Source, iri: str, kind: str) -> list[dict[str, str]]:
    _, relation, property_above = _KINDS[kind]
    above = [one for one in source.take(iri, property_above) if ":" in one]
    return [{"sub": iri, "pred": relation, "obj": one} for one in above]


def _about(source: Source, ontology: str) -> dict[str, Any]:
    texts = [
        {"pred": source.names.expand(name), "val": value}
        for name in ("dcterms:title", "dcterms:description", "dcterms:license")
        for value in source.take(ontology, name)
    ]
    return {"version": source.one(ontology, "owl:versionIRI"), "basicPropertyValues": texts}
