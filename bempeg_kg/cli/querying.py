"""`query`."""

from __future__ import annotations

from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.graph_output import write_graph
from bempeg_kg.cli.live import add_live, live_graph, tell_remarks
from bempeg_kg.cli.output import (
    GRAPH_FORMATS,
    TABLE_FORMATS,
    chosen_format,
    note,
    write_table,
    write_text,
)
from bempeg_kg.cli.query_text import read_query
from bempeg_kg.cli.waiting import interruptible
from bempeg_kg.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    query = add_command(
        subparsers,
        "query",
        _query,
        help="answer a SPARQL query; the usual prefixes need no PREFIX line",
        example="bempeg-kg query 'SELECT ?trial { ?trial a kg:Trial }'",
        takes_as_of=True,
    )
    query.add_argument(
        "query", metavar="TEXT|FILE|-", help="SPARQL; text if it holds white space or {, else a file"
    )
    query.add_argument("files", nargs="*", metavar="RDF-FILE", help="RDF files to add to the graph first")
    add_live(query)


def _query(args: argparse.Namespace) -> int:
    sparql, file = read_query(args.query)
    # a misspelt format is an error before the graph is read
    chosen_format(args, TABLE_FORMATS + GRAPH_FORMATS, "table")
    kg = open_graph(args)
    kg = kg.add(*args.files) if args.files else kg
    for problem in kg.to_mind(sparql):
        note(f"note: {problem}", quiet=args.quiet)
    kg = live_graph(args, cut_graph(args, kg))
    try:
        answer = interruptible(lambda: kg.query(sparql))
    except QueryError as error:
        error.where = ", ".join(part for part in (file, error.where) if part)
        raise
    if isinstance(answer, bool):
        if chosen_format(args, TABLE_FORMATS, "table") == "json":
            write_text(args, f'{{"head": {{}}, "boolean": {"true" if answer else "false"}}}\n')
        else:
            write_text(args, f"{'true' if answer else 'false'}\n")
    elif isinstance(answer, list):
        write_graph(args, kg.names, answer)
    else:
        write_table(args, answer)
    tell_remarks(args, kg)
    return 0
