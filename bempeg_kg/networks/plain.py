"""Helpers of the views: graphs whose attributes are plain values."""

from __future__ import annotations

import re

from bempeg_kg.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from networkx import MultiDiGraph

    #: What an attribute can be.
    Plain = str | int | float | bool

# XML 1.0 cannot hold the other characters, however they are escaped, and GraphML and SVG are XML
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def new_graph(name: str, kg: Graph) -> MultiDiGraph:
    """An empty graph that knows which view it is."""
    from networkx import MultiDiGraph

    return MultiDiGraph(view=name, base=kg.names.base)


def part_of(
    graph: MultiDiGraph, nodes: Container[str], edges: Container[tuple[str, str, str]] | None = None
) -> MultiDiGraph:
    """A copy of some nodes and the edges between them, all or some, in the order of the graph.

    The subgraphs of networkx come in an order that changes from run to run.
    """
    part = graph.__class__(**graph.graph)
    part.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in nodes)
    part.add_edges_from(
        (start, end, key, data)
        for start, end, key, data in graph.edges(keys=True, data=True)
        if start in nodes and end in nodes and (edges is None or (start, end, key) in edges)
    )
    return part


def plain(attributes: Mapping[str, object]) -> dict[str, Plain]:
    """The attributes without those that are not known; text without characters that XML cannot hold.

    >>> plain({"n": 3, "status": None, "label": "a\\x00b"})
    {'n': 3, 'label': 'a\ufffdb'}
    """
    known: dict[str, Plain] = {}
    for name, value in attributes.items():
        if value is None or value == "":
            continue
        known[name] = value if isinstance(value, bool | int | float) else _NOT_XML.sub("\ufffd", str(value))
    return known


def local(iri: str | None) -> str:
    """The part of a vocabulary IRI behind the hash.

    >>> local("https://w3id.org/bempeg-kg/ontology#activates")
    'activates'
    """
    return (iri or "").rpartition("#")[2]


def spaced(code: str) -> str:
    """The words of a code.

    >>> spaced("seenInSource")
    'seen in source'
    """
    return re.sub("(?=[A-Z])", " ", code).lower()


def shortest_text(number: object) -> str:
    """A decimal number without zeros at its end, as engines differ in how many they keep.

    >>> from decimal import Decimal
    >>> shortest_text(Decimal("97.0")), shortest_text(Decimal("99.929"))
    ('97', '99.929')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def curie(kg: Graph, iri: str | None) -> str | None:
    """The CURIE of an IRI; None stays None."""
    return None if iri is None else kg.names.shorten(iri)


def joined(kg: Graph, question: str, key: str, value: str) -> dict[str, str]:
    """Answer of a question as key (CURIE) -> values, several joined by a slash."""
    values_of: dict[str, list[str]] = {}
    for row in kg.ask(question):
        values_of.setdefault(kg.names.shorten(row[key]), []).append(str(row[value]))
    return {name: " / ".join(dict.fromkeys(values)) for name, values in values_of.items()}
