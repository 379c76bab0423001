"""Nanopublications in TriG: one a statement node, with assertion, provenance and publication info.

They are valid and unsigned: signing needs a key, and gives them their trusty IRIs.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from bempeg_kg.exports.source import Source

NP = "http://www.nanopub.org/nschema#"
#: Properties that say where a statement comes from rather than what it says.
_PROVENANCE = frozenset(
    (
        "kg:derivedFrom", "kg:source", "kg:locator", "kg:basis", "kg:verification", "kg:evidenceType",
        "kg:citedReference", "kg:firstPublicSource",
    )
)  # fmt: skip
_PARTS = ("assertion", "provenance", "pubinfo")
_ORDER = ("head", *_PARTS)
_HAS = {"assertion": "hasAssertion", "provenance": "hasProvenance", "pubinfo": "hasPublicationInfo"}


def write(source: Source, *, licence: str, dataset: str, created: str) -> dict[str, bytes]:
    """`nanopubs.trig`: a nanopublication for each node that states its basis and its sources."""
    quads = [quad for iri in statements(source) for quad in nanopub(source, iri, licence, dataset, created)]
    prefixes = {**source.names.prefixes, "np": NP}
    text = "\n".join(map(str, quads))
    used = {prefix: space for prefix, space in prefixes.items() if f"<{space}" in text}
    return {"nanopubs.trig": serialize(quads, format=RdfFormat.TRIG, prefixes=used) or b""}


def statements(source: Source) -> list[str]:
    """IRIs of the nodes that become nanopublications, sorted."""
    return [iri for iri in source.subjects("kg:basis") if source.peek(iri, "kg:derivedFrom")]


def nanopub(source: Source, iri: str, licence: str, dataset: str, created: str) -> list[Quad]:
    """The four graphs of one nanopublication: head, assertion, provenance, pubinfo."""
    own = f"{source.names.base}nanopub/{iri.removeprefix(source.names.base)}"
    this = NamedNode(own)
    graphs = {part: NamedNode(f"{own}#{part}") for part in _PARTS}
    head = NamedNode(f"{own}#head")
    quads = [Quad(this, _iri("rdf:type", source), NamedNode(NP + "Nanopublication"), head)]
    quads += [Quad(this, NamedNode(NP + _HAS[part]), graphs[part], head) for part in _PARTS]
    for curie in source.properties(iri):
        where = "provenance" if curie in _PROVENANCE else "assertion"
        subject = graphs["assertion"] if where == "provenance" else NamedNode(iri)
        for value in source.terms(iri, curie):
            quads.append(Quad(subject, _iri(curie, source), value, graphs[where]))
    quads += _edge(source, iri, graphs["assertion"])
    about = graphs["pubinfo"]
    day = Literal(created, datatype=_iri("xsd:date", source))
    quads.append(Quad(this, _iri("dcterms:created", source), day, about))
    quads.append(Quad(this, _iri("dcterms:isPartOf", source), NamedNode(dataset), about))
    quads.append(Quad(this, _iri("dcterms:license", source), NamedNode(licence), about))
    return sorted(quads, key=lambda quad: (_ORDER.index(_part(quad)), str(quad.subject)))


def _part(quad: Quad) -> str:
    return str(quad.graph_name).rstrip(">").rpartition("#")[2]


def _edge(source: Source, iri: str, graph: NamedNode) -> list[Quad]:
    """The plain triple of a step of mechanism that is not denied."""
    ends = [source.peek(iri, curie) for curie in ("kg:subject", "kg:predicate", "kg:object")]
    if not all(ends) or source.peek(iri, "kg:negated") != ["false"]:
        return []
    subject, predicate, target = (NamedNode(values[0]) for values in ends)
    return [Quad(subject, predicate, target, graph)]


def _iri(curie: str, source: Source) -> NamedNode:
    return NamedNode(source.names.expand(curie))
