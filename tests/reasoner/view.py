"""The graph as OWL 2 DL sees it: what a reasoner is given, and what differs from the files.

Left out: mapping tables, the catalogue, and the annotations, which have no part in reasoning. What is derived
at load is in. Changed: OWL 2 has no xsd:date, xsd:gYearMonth and xsd:gYear, so a date becomes the
xsd:dateTime of its first moment. Values of `kg:predicate` and `kg:evidenceType` are terms of outside
vocabularies, so these are annotations.
"""

from __future__ import annotations

from pathlib import Path

import rdflib
from rdflib import OWL, RDF, RDFS, XSD, Literal, URIRef

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.engines.rdflib_engine import rdf_term

#: axioms that join the upper ontologies, and are in none of them alone
BRIDGE = Path(__file__).parent / "bridge.ttl"
_DATES = {XSD.date: "T00:00:00", XSD.gYearMonth: "-01T00:00:00", XSD.gYear: "-01-01T00:00:00"}


def statements() -> rdflib.Graph:
    """The ontology, the borrowed slices, the data and what is derived from them, as they are loaded."""
    graph = rdflib.Graph()
    for quad in load_quads(Content.find()):
        home = getattr(quad.graph_name, "value", "")
        if ".sssom.tsv" not in home and not home.endswith("/catalogue.ttl"):
            graph.add((rdf_term(quad.subject), rdf_term(quad.predicate), rdf_term(quad.object)))
    return graph


def view() -> rdflib.Graph:
    """`statements()` and the bridge, without annotations, dates as xsd:dateTime."""
    source = statements()
    source.parse(BRIDGE)
    annotations = {*source.subjects(RDF.type, OWL.AnnotationProperty), RDFS.label}
    annotations |= {
        RDFS.seeAlso,
        RDFS.isDefinedBy,
        RDFS.comment,
        OWL.versionInfo,
        OWL.versionIRI,
        OWL.deprecated,
    }
    graph = rdflib.Graph()
    for subject, predicate, value in source:
        if predicate not in annotations and value != OWL.Ontology:
            graph.add((subject, predicate, _in_owl(value)))
    graph.add((URIRef("https://w3id.org/bempeg-kg/reasoner"), RDF.type, OWL.Ontology))
    return graph


def _in_owl(value: rdflib.term.Node) -> rdflib.term.Node:
    if isinstance(value, Literal) and value.datatype in _DATES:
        return Literal(str(value) + _DATES[value.datatype], datatype=XSD.dateTime)
    return XSD.dateTime if value in _DATES else value
