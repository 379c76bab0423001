"""The SPARQL 1.1 Service Description of the endpoint, ready in each syntax."""

from __future__ import annotations

import re

import pyoxigraph as ox

from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.config import Config
from bempeg_kg.web.http import negotiation
from bempeg_kg.web.workers.process import GRAPHS

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
UNKNOWN = "http://address.invalid"
"""Stands for the server's own address where none was set: it is the one by which a client asks."""

_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
    "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip


def service_description(kg: Graph, config: Config) -> dict[str, bytes]:
    """Media type -> document: language, features, formats, and the graphs with their sizes."""
    triples = _triples(kg, config)
    prefixes = {"sd": SD, "void": VOID, "format": FORMATS}
    documents = {}
    for media_type in negotiation.GRAPHS:
        documents[media_type] = ox.serialize(triples, format=GRAPHS[media_type], prefixes=prefixes) or b""
    return documents


def addressed(document: bytes, scheme: str, host: bytes) -> bytes:
    """The document with the address by which the client asked, if it is one.

    >>> addressed(b"<http://address.invalid/sparql>", "http", b"127.0.0.1:8000")
    b'<http://127.0.0.1:8000/sparql>'
    """
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return document
    return document.replace(UNKNOWN.encode(), scheme.encode() + b"://" + host)


def _triples(kg: Graph, config: Config) -> list[ox.Triple]:
    endpoint = ox.NamedNode((config.public_url or UNKNOWN).rstrip("/") + "/sparql")
    service, dataset, graph = ox.BlankNode("service"), ox.BlankNode("dataset"), ox.BlankNode("default")
    triples = [
        ox.Triple(service, TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), endpoint),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), graph),
        ox.Triple(graph, TYPE, _sd("Graph")),
    ]
    for name in RESULT_FORMATS:
        triples.append(ox.Triple(service, _sd("resultFormat"), ox.NamedNode(FORMATS + name)))
    if kg.content.is_large:  # to count them takes half a minute
        return triples
    total = 0
    counts = kg.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    for place, row in enumerate(counts):
        named = ox.BlankNode(f"g{place}")
        inside = ox.BlankNode(f"t{place}")
        total += row["n"]
        triples += [
            ox.Triple(dataset, _sd("namedGraph"), named),
            ox.Triple(named, TYPE, _sd("NamedGraph")),
            ox.Triple(named, _sd("name"), ox.NamedNode(row["g"])),
            ox.Triple(named, _sd("graph"), inside),
            ox.Triple(inside, TYPE, _sd("Graph")),
            ox.Triple(inside, ox.NamedNode(VOID + "triples"), ox.Literal(row["n"])),
        ]
    triples.append(ox.Triple(graph, ox.NamedNode(VOID + "triples"), ox.Literal(total)))
    return triples


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
