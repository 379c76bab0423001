"""The same content as a picture, for those who cannot see it: a sentence or two, and a table."""

from __future__ import annotations

from bempeg_kg.pictures.style import EVIDENCE, SIGNS, evidence_of, sign_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from bempeg_kg.names import Names
    from bempeg_kg.table import Table

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
    from bempeg_kg.table import Table

    rows = []
    for start, end, key, edge in sorted(graph.edges(keys=True, data=True), key=lambda link: link[:3]):
        row = [
            graph.nodes[start].get("label", start),
            edge.get("relation"),
            graph.nodes[end].get("label", end),
        ]
        row += [SIGNS[sign_of(edge)].name, EVIDENCE[evidence_of(edge)][0], remark(edge)]
        rows.append([*row, key.partition("#")[0], edge.get("source")])
    return Table.of(COLUMNS, rows, names=names)


def remark(edge: dict[str, object]) -> str:
    """What limits a link: a dispute, animals in its wording, its qualifier; why one trial led to another."""
    parts = [f"disputed: {edge['disputed']}" if "disputed" in edge else ""]
    parts += [f"animals named: {edge['animal']}" if "animal" in edge else ""]
    parts += [str(edge.get("qualifier", "")), str(edge.get("reason", ""))]
    return "; ".join(part for part in parts if part)
