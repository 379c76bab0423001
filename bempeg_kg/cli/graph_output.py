"""Statements that a command writes as Turtle, N-Triples, JSON-LD or RDF/XML."""

from __future__ import annotations

from bempeg_kg.cli.output import GRAPH_FORMATS, chosen_format, note, write_bytes
from bempeg_kg.rdf.dump import dump_triples
from bempeg_kg.rdf.names import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from pyoxigraph import Triple


def write_graph(args: argparse.Namespace, names: Names, triples: list[Triple]) -> None:
    """Write statements in the format asked for; if there are none, say so on standard error."""
    form = chosen_format(args, GRAPH_FORMATS, "ttl")
    if not triples:
        note("no statements: nothing in the graph matches", quiet=args.quiet)
    write_bytes(args, dump_triples(triples, form, names))
