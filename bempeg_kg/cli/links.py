"""`link` and `diff`."""

from __future__ import annotations

import os
import sys

from bempeg_kg.cli.common import Parser, add_command, open_graph
from bempeg_kg.cli.output import note, write_table, write_text
from bempeg_kg.content.files import decode, read_bytes
from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.diff import diff, open_state
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.link_tables import link_table
from bempeg_kg.graph.links import Links

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_FORMS = ("csv", "tsv")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    parser = add_command(
        subparsers,
        "link",
        _link,
        help="outside identifiers of an entity, or the entity of an outside identifier",
        example="bempeg-kg link UNIPROTKB:P14784; bempeg-kg link ids.csv --column id -o linked.csv",
    )
    parser.add_argument(
        "term", help="an entity, an identifier in any usual spelling, or a CSV or TSV file (- for stdin)"
    )
    parser.add_argument(
        "--column", metavar="NAME", help="column of the file that holds the identifiers (default: the first)"
    )
    parser = add_command(
        subparsers,
        "diff",
        _diff,
        help="facts that two exports or programmes do not share, and the questions whose answer changes",
        example="bempeg-kg diff old.nq new.nq --format tsv",
    )
    parser.add_argument("old", help="an export (ttl, trig, nt, nq, jsonld, rdf) or the folder of a programme")
    parser.add_argument("new", nargs="?", help="the later one (default: the graph of --data)")
    parser.add_argument("--facts-only", action="store_true", help="do not run the questions")


def _diff(args: argparse.Namespace) -> int:
    old = open_state(args.old)
    new = open_state(args.new) if args.new else open_graph(args)
    table = diff(old, new, answers=not args.facts_only)
    write_table(args, table)
    if table.rows:
        facts = table.column("what").count("fact")
        note(f"{facts} facts differ, and the answers to {len(table) - facts} questions", quiet=args.quiet)
    return 1 if table.rows else 0


def _link(args: argparse.Namespace) -> int:
    is_file = args.term == "-" or args.term.endswith((".csv", ".tsv"))
    if is_file or args.column is not None:
        return _column(args)
    links = Links(open_graph(args))
    try:
        matches = links.find(args.term.strip())
    except UnknownName:
        if os.path.isdir(args.term):
            cure = "Give an entity, an identifier, or a CSV or TSV file."
            raise UsageError(f"{args.term} is a folder", cure=cure) from None
        raise
    for remark in matches.remarks:
        note(remark, quiet=args.quiet)
    table = links.table(matches)
    table.reason = f"no link of {args.term} is recorded"
    write_table(args, table)
    return 0 if matches.links else 1


def _column(args: argparse.Namespace) -> int:
    text, form = _read(args)
    kg: Graph = open_graph(args)
    file = "standard input" if args.term == "-" else args.term
    batch = link_table(Links(kg), text, column=args.column, form=form, file=file)
    write_text(args, batch.text)
    note(f"{batch.matched} of {batch.rows} rows have a match", quiet=args.quiet)
    return 0 if batch.matched or not batch.rows else 1


def _read(args: argparse.Namespace) -> tuple[str, str]:
    """Text of the table and its form: that of --format, of the suffix, or what its first line looks like."""
    from codecs import BOM_UTF8

    body = sys.stdin.buffer.read() if args.term == "-" else read_bytes(args.term)
    mark = "\ufeff" if body.startswith(BOM_UTF8) else ""
    text = mark + decode(body, "standard input" if args.term == "-" else args.term)
    asked = args.format or os.path.splitext(args.term)[1].lstrip(".").lower()
    if asked in _FORMS:
        return text, asked
    if args.format:
        raise UnknownName("format", args.format, _FORMS, cure="--column needs a CSV or TSV file.")
    return text, "tsv" if "\t" in text.partition("\n")[0] else "csv"
