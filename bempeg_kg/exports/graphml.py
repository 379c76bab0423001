"""GraphML: entities, trials and steps as a directed graph, for Gephi, Cytoscape, yEd, igraph and networkx."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bempeg_kg.exports.source import Source

#: attribute -> whether it is of nodes, edges or both
_NODE_KEYS = ("label", "kind", "iri", "nct", "note")
_EDGE_KEYS = (
    *("relation", "label", "sign", "negated", "pathUse", "context", "compartment"),
    *("qualifier", "basis", "verification", "source"),
)
_CLASSES = ("kg:Entity", "kg:Trial")


def write(source: Source) -> dict[str, bytes]:
    """`graph.graphml`: a node an entity or trial, an edge a step of mechanism or a link of lineage."""
    nodes = sorted({iri for name in _CLASSES for iri in source.of_class(name)})
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *_keys("node", _NODE_KEYS),
        *_keys("edge", _EDGE_KEYS),
        '<graph edgedefault="directed">',
    ]
    for iri in nodes:
        lines += _element("node", f"id={quoteattr(source.names.shorten(iri))}", "node", _node(source, iri))
    for edge, subject, target, values in [*_steps(source), *_lineage(source)]:
        if subject in nodes and target in nodes:
            name, start, end = (quoteattr(source.names.shorten(iri)) for iri in (edge, subject, target))
            lines += _element("edge", f"id={name} source={start} target={end}", "edge", values)
    lines += ["</graph>", "</graphml>", ""]
    return {"graph.graphml": "\n".join(lines).encode()}


def _node(source: Source, iri: str) -> dict[str, str]:
    source.take(iri, "rdf:type")
    kinds = [source.names.shorten(one).removeprefix("kg:") for one in source.kinds(iri)]
    return {
        "label": source.one(iri, "rdfs:label"),
        "kind": kinds[0] if kinds else "",
        "iri": iri,
        "nct": source.one(iri, "kg:nct"),
        "note": " ".join(source.take(iri, "skos:note")),
    }


def _steps(source: Source) -> list[tuple[str, str, str, dict[str, str]]]:
    made = []
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
        made.append((step, source.one(step, "kg:subject"), source.one(step, "kg:object"), values))
    return made


def _lineage(source: Source) -> list[tuple[str, str, str, dict[str, str]]]:
    made = []
    for link in source.of_class("kg:LineageLink"):
        source.take(link, "rdf:type")
        values = {
            "relation": "kg:ledTo",
            "label": f"led to ({source.label(source.one(link, 'kg:lineageBasis'))})",
            "qualifier": source.one(link, "kg:reason"),
            **_ground(source, link),
        }
        made.append((link, source.one(link, "kg:fromTrial"), source.one(link, "kg:toTrial"), values))
    return made


def _ground(source: Source, node: str) -> dict[str, str]:
    return {
        "basis": source.label(source.one(node, "kg:basis")),
        "verification": source.label(source.one(node, "kg:verification")),
        "source": "|".join(map(source.names.shorten, source.take(node, "kg:derivedFrom"))),
    }


def _keys(place: str, names: tuple[str, ...]) -> list[str]:
    return [
        f'<key id="{place}-{name}" for="{place}" attr.name="{name}" attr.type="string"/>' for name in names
    ]


def _element(tag: str, attributes: str, place: str, values: dict[str, str]) -> list[str]:
    data = [f'  <data key="{place}-{name}">{escape(value)}</data>' for name, value in values.items() if value]
    return [f"<{tag} {attributes}>", *data, f"</{tag}>"]
