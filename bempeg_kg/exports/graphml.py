"""GraphML: entities, trials and steps as a directed graph, for Gephi, Cytoscape, yEd, igraph and networkx."""

from __future__ import annotations

from bempeg_kg.exports.source import Source
from bempeg_kg.networks.files import graph_bytes
from bempeg_kg.networks.plain import plain

_CLASSES = ("kg:Entity", "kg:Trial")


def write(source: Source) -> dict[str, bytes]:
    """`graph.graphml`: a node an entity or trial, an edge a step of mechanism or a link of lineage."""
    from networkx import MultiDiGraph

    shorten = source.names.shorten
    graph = MultiDiGraph()
    for iri in sorted({iri for name in _CLASSES for iri in source.of_class(name)}):
        graph.add_node(shorten(iri), **plain(_node(source, iri)))
    for edge, subject, target, values in [*_steps(source), *_lineage(source)]:
        start, end = shorten(subject), shorten(target)
        if start in graph and end in graph:
            graph.add_edge(start, end, key=shorten(edge), **plain(values))
    return {"graph.graphml": graph_bytes(graph, "graphml")}


def _node(source: Source, iri: str) -> dict[str, str]:
    source.take(iri, "rdf:type")
    kinds = [source.names.shorten(kind).removeprefix("kg:") for kind in source.kinds(iri)]
    return {
        "label": source.one(iri, "rdfs:label"),
        "kind": kinds[0] if kinds else "",
        "iri": iri,
        "nct": source.one(iri, "kg:nct"),
        "note": " ".join(source.take(iri, "skos:note")),
    }


def _steps(source: Source) -> list[tuple[str, str, str, dict[str, str]]]:
    edges = []
    for step in source.of_class("kg:MechanismAssociation"):
        source.take(step, "rdf:type")
        relation = source.one(step, "kg:predicate")
        values = {
            "relation": source.names.shorten(relation),
            "label": source.label(relation),
            "sign": source.label(source.one(step, "kg:sign")),
            "negated": source.one(step, "kg:negated"),
            "pathUse": source.label(source.one(step, "kg:pathUse")),
            "context": "|".join(map(source.label, source.take(step, "kg:contextCell"))),
            "compartment": "|".join(map(source.label, source.take(step, "kg:compartment"))),
            "qualifier": " ".join(source.take(step, "kg:qualifier")),
            **_ground(source, step),
        }
        edges.append((step, source.one(step, "kg:subject"), source.one(step, "kg:object"), values))
    return edges


def _lineage(source: Source) -> list[tuple[str, str, str, dict[str, str]]]:
    edges = []
    for link in source.of_class("kg:LineageLink"):
        source.take(link, "rdf:type")
        values = {
            "relation": "kg:ledTo",
            "label": f"led to ({source.label(source.one(link, 'kg:lineageBasis'))})",
            "qualifier": source.one(link, "kg:reason"),
            **_ground(source, link),
        }
        edges.append((link, source.one(link, "kg:fromTrial"), source.one(link, "kg:toTrial"), values))
    return edges


def _ground(source: Source, node: str) -> dict[str, str]:
    return {
        "basis": source.label(source.one(node, "kg:basis")),
        "verification": source.label(source.one(node, "kg:verification")),
        "source": "|".join(map(source.names.shorten, source.take(node, "kg:derivedFrom"))),
    }
