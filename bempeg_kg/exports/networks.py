"""SIF and CX2: the nodes and edges of the KGX tables for Cytoscape and NDEx.

SIF has three columns and nothing else; CX2, version 2 of the Cytoscape Exchange Format, keeps every cell of
the tables as an attribute.
"""

from __future__ import annotations

import json

from bempeg_kg.exports import kgx
from bempeg_kg.exports.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def write_sif(source: Source) -> dict[str, bytes]:
    """`graph.sif`: subject, relation and object of each edge that is not denied, separated by tabs.

    SIF cannot say that a relation is denied, so such an edge is left out.
    """
    edges = [edge for edge in kgx.make(source).edges if edge["negated"] != "true"]
    triples = sorted({(edge["subject"], edge["predicate"], edge["object"]) for edge in edges})
    return {"graph.sif": "".join("\t".join(triple) + "\n" for triple in triples).encode()}


def write_cx2(source: Source, *, title: str, licence: str) -> dict[str, bytes]:
    """`graph.cx2`: nodes and edges with the columns of the KGX tables as attributes; all are texts."""
    tables = kgx.make(source)
    number = {node["id"]: place for place, node in enumerate(tables.nodes)}
    nodes = [{"id": number[node["id"]], "v": _filled(node)} for node in tables.nodes]
    edges = [
        {"id": place, "s": number[edge["subject"]], "t": number[edge["object"]], "v": _filled(edge)}
        for place, edge in enumerate(tables.edges)
    ]
    names = {"networkAttributes": ("name", "license"), "nodes": kgx.NODE_COLUMNS, "edges": kgx.EDGE_COLUMNS}
    declared = {part: {name: {"d": "string"} for name in columns} for part, columns in names.items()}
    aspects: list[tuple[str, list[Any]]] = [
        ("attributeDeclarations", [declared]),
        ("networkAttributes", [{"name": title, "license": licence}]),
        ("nodes", nodes),
        ("edges", edges),
    ]
    listed = [{"name": name, "elementCount": len(body)} for name, body in aspects]
    document: list[dict[str, Any]] = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": listed},
        *({name: body} for name, body in aspects),
        {"status": [{"success": True}]},
    ]
    return {"graph.cx2": (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()}


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}
