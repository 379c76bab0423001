"""Views as files for other tools: GraphML, GEXF, node-link JSON, Cytoscape JSON, DOT."""

from __future__ import annotations

from bempeg_kg.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph


def graph_bytes(graph: MultiDiGraph, form: str) -> bytes:
    """A view in a format of FORMATS, UTF-8. Raises UnknownName for another format.

    >>> from networkx import MultiDiGraph
    >>> print(graph_bytes(MultiDiGraph([("a", "b")]), "dot").decode())
    digraph "graph" {
      "a";
      "b";
      "a" -> "b";
    }
    <BLANKLINE>
    """
    if form not in FORMATS:
        raise UnknownName("graph format", form, FORMATS)
    if "layout" in graph.graph:  # where the picture puts things is nothing that other tools can read
        graph = graph.copy()
        del graph.graph["layout"]
    return FORMATS[form](graph)


def _graphml(graph: MultiDiGraph) -> bytes:
    from io import BytesIO

    from networkx import write_graphml_xml

    stream = BytesIO()
    write_graphml_xml(_with_ids(graph), stream, named_key_ids=True, edge_id_from_attribute="id")
    return stream.getvalue()


def _gexf(graph: MultiDiGraph) -> bytes:
    from io import BytesIO

    from networkx import write_gexf

    plain = _with_ids(graph)
    for node, attributes in plain.nodes(data=True):
        # GEXF keeps "label" for the name of a node, and gives start and end a meaning of their own
        plain.nodes[node].update({_GEXF.get(name, name): value for name, value in attributes.items()})
        for name in _GEXF.keys() & attributes.keys():
            del plain.nodes[node][name]
    stream = BytesIO()
    write_gexf(plain, stream)
    return stream.getvalue()


_GEXF = {"start": "starts", "end": "ends"}


def _with_ids(graph: MultiDiGraph) -> MultiDiGraph:
    """A copy whose edges carry their key as attribute `id`, which XML formats want to be unique."""
    copy = graph.copy()
    for start, end, key in copy.edges(keys=True):
        copy[start][end][key]["id"] = str(key)
    return copy


def _node_link(graph: MultiDiGraph) -> bytes:
    from networkx import node_link_data

    return _json(node_link_data(graph, edges="edges"))


def _cytoscape(graph: MultiDiGraph) -> bytes:
    from networkx import cytoscape_data

    return _json(cytoscape_data(graph, name="short"))


def _json(data: object) -> bytes:
    import json

    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _dot(graph: MultiDiGraph) -> bytes:
    lines = [f"digraph {_quoted(graph.graph.get('view', 'graph'))} {{"]
    for node, attributes in graph.nodes(data=True):
        lines.append(f"  {_quoted(node)}{_attributes(attributes | _label(attributes))};")
    for start, end, attributes in graph.edges(data=True):
        lines.append(f"  {_quoted(start)} -> {_quoted(end)}{_attributes(attributes)};")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _label(attributes: dict[str, object]) -> dict[str, object]:
    """What Graphviz writes in the box is the short name; the full label stands beside it."""
    if "short" not in attributes:
        return {}
    return {"label": attributes["short"], "full_label": attributes.get("label", "")}


def _attributes(attributes: dict[str, object]) -> str:
    if not attributes:
        return ""
    return f" [{', '.join(f'{name}={_quoted(value)}' for name, value in attributes.items())}]"


def _quoted(value: object) -> str:
    """A DOT string on one line. Graphviz reads backslashes as escapes in labels, so they are doubled."""
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + " ".join(text.splitlines()) + '"'


FORMATS = {"graphml": _graphml, "gexf": _gexf, "json": _node_link, "cyjs": _cytoscape, "dot": _dot}
