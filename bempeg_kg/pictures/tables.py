"""The same content as a picture, for those who cannot see it: a sentence or two, and a table."""

from __future__ import annotations

from bempeg_kg.pictures.style import EVIDENCE, SIGNS, evidence_of, sign_of
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

COLUMNS = ("from", "relation", "to", "sign", "evidence", "remark", "statement", "source")


def summary(graph: MultiDiGraph) -> str:
    """How many nodes and links a view has, of which kinds, and what is left out."""
    from collections import Counter

    kinds = Counter(str(kind) for _, kind in graph.nodes(data="kind", default="thing"))
    signs = Counter(SIGNS[sign_of(edge)].name for *_, edge in graph.edges(data=True))
    parts = [
        f"{len(graph)} nodes ({_counted(kinds)})",
        f"{graph.number_of_edges()} links ({_counted(signs)})",
    ]
    left_out = graph.graph.get("left_out", "")
    return f"{' and '.join(parts)}.{' ' + left_out if left_out else ''} The same content comes as a table."


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{count} {name}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def link_table(graph: MultiDiGraph, names: Names | None = None) -> Table:
    """One row a link: from, relation, to, sign, evidence, remark, statement, source."""
    rows = []
    for start, end, key, edge in sorted(graph.edges(keys=True, data=True), key=lambda link: link[:3]):
        row = [
            graph.nodes[start].get("label", start),
            edge.get("relation"),
            graph.nodes[end].get("label", end),
        ]
        row += [SIGNS[sign_of(edge)].name, EVIDENCE[evidence_of(edge)][0], remark(edge)]
        rows.append([*row, key.partition("#")[0], edge.get("cited")])
    return Table.of(COLUMNS, rows, names=names)


def remark(edge: dict[str, object]) -> str:
    """What limits a link: a dispute, animals in its wording, its qualifier; why one trial led to another."""
    parts = [f"disputed: {edge['disputed']}" if "disputed" in edge else ""]
    parts += [f"shown in: {edge['animal']}" if "animal" in edge else ""]
    parts += [str(edge.get("qualifier", "")), str(edge.get("reason", ""))]
    return "; ".join(part for part in parts if part)


#: Attributes of a node and of a link that its card shows, with what they are called there.
_NODE_FACTS = {
    "kind": "Kind",
    "definition": "Note",
    "synonyms": "Also called",
    "phase": "Phase",
    "population": "Population",
    "start": "Start",
    "completion": "Completion",
    "status": "Status",
    "stop": "Stop announced",
    "ending": "Ending",
    "date": "Date",
    "result": "Result",
    "basis": "Basis",
    "cited": "Source",
}
_EDGE_FACTS = {
    "relation": "Relation",
    "cells": "In cells",
    "compartment": "Where",
    "qualifier": "Qualifier",
    "note": "Note",
    "ground": "Link",
    "reason": "Reason",
    "disputed": "Disputed",
    "animal": "Shown in",
    "evidence": "Evidence type",
    "verification": "Verification",
    "basis": "Basis",
    "sources": "Sources",
}


def node_facts(graph: MultiDiGraph, node: str) -> dict[str, object]:
    """What the card of a node shows: title, facts (name, value), lists (heading, links: address, text)."""
    attributes = graph.nodes[node]
    facts = [[title, str(attributes[name])] for name, title in _NODE_FACTS.items() if name in attributes]
    if "patients" in attributes:
        facts.insert(1, ["Patients", f"{attributes['patients']} ({attributes.get('patients_are', '')})"])
    links = _links(attributes.get("links", ""))
    links.append([str(attributes.get("iri", "")), node])
    touching = [*graph.in_edges(node, data=True), *graph.out_edges(node, data=True)]
    read = (_links(edge.get("addresses", ""), edge.get("titles", "")) for *_, edge in touching)
    sources = [list(link) for link in dict.fromkeys(tuple(link) for links in read for link in links)]
    lists = [["Identifiers", links], ["Sources of its links", sources]]
    return {"title": attributes.get("label", node), "facts": facts, "lists": lists}


def edge_facts(
    graph: MultiDiGraph, start: str, end: str, key: str, edge: dict[str, object]
) -> dict[str, object]:
    """What the card of a link shows; see `node_facts`."""
    ends = [str(graph.nodes[node].get("short", node)) for node in (start, end)]
    facts = [["Sign", SIGNS[sign_of(edge)].name]] if "sign" in edge else []
    for name, label in _EDGE_FACTS.items():
        if name in edge:
            value = _cell_names(graph, str(edge[name])) if name == "cells" else str(edge[name])
            facts.append([label, value])
    facts.append(["Statement", key.partition("#")[0]])
    title = edge.get("label") or f"{ends[0]} {edge.get('relation', 'to')} {ends[1]}"
    return {
        "title": title,
        "facts": facts,
        "lists": [["Where to read it", _links(edge.get("addresses", ""), edge.get("titles", ""))]],
    }


def _links(addresses: object, titles: object = "") -> list[list[str]]:
    """Address and text of each link: a title where there is one for each address, else the short address."""
    listed, named = str(addresses).split(), str(titles).split(" | ")
    texts = named if titles and len(named) == len(listed) else [Names().shorten(one) for one in listed]
    return [list(pair) for pair in zip(listed, texts, strict=True)]


def _cell_names(graph: MultiDiGraph, cells: str) -> str:
    return ", ".join(str(graph.nodes[cell]["short"]) if cell in graph else cell for cell in cells.split())
