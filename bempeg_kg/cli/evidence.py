"""`report`: a page of answers and computations."""

from __future__ import annotations

from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.output import chosen_format, note, width, write_text
from bempeg_kg.evidence.reports import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    report = add_command(
        subparsers,
        "report",
        _report,
        help="compose a page of answers and computations, each line with its source or method",
        example="bempeg-kg report why-phase-3 -o why.html; options of a report: --early result:...",
        takes_parameters=True,
        takes_as_of=True,
    )
    report.add_argument("name", metavar="NAME", help="why-phase-3 or coverage")
    report.add_argument("--full", action="store_true", help="with every table")


def _report(args: argparse.Namespace) -> int:
    form = chosen_format(args, ("table", "md", "html"), "table")
    page = compose(cut_graph(args, open_graph(args)), args.name, **dict(args.parameters))
    makers = {"md": page.to_markdown, "html": page.to_html}
    if form in makers:
        write_text(args, makers[form]())
        return 0
    write_text(args, page.to_text(None if args.output else width(), full=args.full))
    if page.answers and not args.full:
        note("Tables in place of these lines: --full; a page of them: -o report.html", quiet=args.quiet)
    return 0
