"""`show`, `stats`."""

from __future__ import annotations

from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.graph_output import write_graph
from bempeg_kg.cli.output import (
    GRAPH_FORMATS,
    TABLE_FORMATS,
    chosen_format,
    note,
    width,
    write_table,
    write_text,
)
from bempeg_kg.graph.card import card
from bempeg_kg.graph.entities import shortened
from bempeg_kg.rdf.text_table import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

#: Statements of one property that `show` lists as a table.
_SHOWN = 20


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    show = add_command(
        subparsers,
        "show",
        _show,
        help="show an entity on a card, or with --all every statement about it",
        example="bempeg-kg show nivolumab",
        takes_as_of=True,
    )
    show.add_argument("--all", action="store_true", help="all statements, in both directions")
    show.add_argument("term", nargs="+", metavar="TERM", help="a CURIE, IRI, accession, label or synonym")
    add_command(subparsers, "stats", _stats, help="count statements by class, basis and source")


def _show(args: argparse.Namespace) -> int:
    form = chosen_format(args, TABLE_FORMATS + GRAPH_FORMATS, "table")
    kg = cut_graph(args, open_graph(args))
    term = " ".join(args.term)
    if form in GRAPH_FORMATS:
        write_graph(args, kg.names, kg.describe(term))
        return 0
    iri = kg.resolve(term)
    if form == "table" and not args.all:
        write_text(args, visible(card(kg, iri, None if args.output else width())))
        return 0
    table = kg.show(iri)
    if form == "table":
        table = shortened(table, _SHOWN)
    note(f"{kg.names.shorten(iri)} <{iri}>", quiet=args.quiet)
    write_table(args, table)
    return 0


def _stats(args: argparse.Namespace) -> int:
    write_table(args, open_graph(args).stats())
    note("note: a statement of two files counts for both; a file of triples holds it once", quiet=args.quiet)
    return 0
