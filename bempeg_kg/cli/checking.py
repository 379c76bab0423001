"""`check`."""

from __future__ import annotations

import os

from bempeg_kg.checks.check import check, read_checks
from bempeg_kg.cli.common import Parser, Progress, add_command
from bempeg_kg.cli.output import chosen_format, note, write_table, write_text
from bempeg_kg.content.content import Content
from bempeg_kg.errors import UsageError
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

#: Above this, memory grows and time hardly shrinks.
_MOST_PROCESSES = 4
_FORMATS = ("table", "json", "tsv", "csv", "md", "html")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    check = add_command(
        subparsers,
        "check",
        _check,
        help="check the graph, or the graph with your files added, against shapes and rules",
        example="bempeg-kg check my-trial.ttl; exit code 1 if there is a violation",
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="RDF or .sssom.tsv files to add to the graph")
    check.add_argument("--notes", action="store_true", help="also print known errors of the sources")
    check.add_argument("--list", action="store_true", help="list the shapes and rules instead")


def _check(args: argparse.Namespace) -> int:
    if args.endpoint:
        raise UsageError("check reads files, not an endpoint", cure="Leave out --endpoint.")
    content = Content.find(args.data, signals=args.signals)
    if args.list:
        return _list(args, content)
    form = chosen_format(args, _FORMATS, "table")
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1) if content.is_large else 1
    report = check(content, args.files, processes=processes, progress=Progress(args.quiet))
    if form == "table":
        write_text(args, report.to_text(notes=args.notes))
    elif form == "json":
        write_text(args, report.to_json())
    else:
        table = report.to_table()
        table.reason = report.summary
        write_table(args, table)
    if form != "table" and report.findings:
        note(report.summary, quiet=args.quiet)
    return report.exit_code


def _list(args: argparse.Namespace, content: Content) -> int:
    rows = [
        (check.name, check.kind, check.severity, check.message, check.cure) for check in read_checks(content)
    ]
    write_table(args, Table.of(["check", "kind", "severity", "problem", "cure"], rows, names=content.names))
    return 0
