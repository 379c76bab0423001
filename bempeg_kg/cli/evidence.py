"""`forensics` and `report`: what the printed numbers say, and whether they can be true."""

from __future__ import annotations

from bempeg_kg.cli.common import (
    TABLE_FORMATS,
    Parser,
    add_command,
    chosen_format,
    cut_graph,
    note,
    open_graph,
    width,
    write_table,
    write_text,
)
from bempeg_kg.errors import UnknownName
from bempeg_kg.evidence.forensics.examine import examine_files, examine_graph
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, VERDICTS, Verdict, as_table, as_text, summary
from bempeg_kg.evidence.reports import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    forensics = add_command(
        subparsers,
        "forensics",
        _forensics,
        help="judge printed numbers: impossible, inconsistent, consistent, cannot tell",
        example="bempeg-kg forensics --only impossible,inconsistent; bempeg-kg forensics results.tsv",
        takes_as_of=True,
    )
    forensics.add_argument(
        "files", nargs="*", metavar="FILE", help="RDF, registry records (JSON) or a table (TSV, CSV)"
    )
    forensics.add_argument(
        "--strict", action="store_true", help="leave with exit code 1 if a number is impossible"
    )
    forensics.add_argument(
        "--only", metavar="VERDICTS", help="only these verdicts, with commas: impossible,cannot-tell"
    )
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


def _forensics(args: argparse.Namespace) -> int:
    kg = cut_graph(args, open_graph(args))
    verdicts = examine_files(kg, args.files) if args.files else examine_graph(kg.engine)
    shown = _chosen(verdicts, args.only)
    if chosen_format(args, TABLE_FORMATS, "table") == "table":
        write_text(args, as_text(shown, kg.names, None if args.output else width()))
    else:
        table = as_table(shown, kg.names)
        table.reason = "no printed number was judged"
        write_table(args, table)
    note(summary(verdicts), quiet=args.quiet)
    return 1 if args.strict and any(one.verdict == IMPOSSIBLE for one in verdicts) else 0


def _chosen(verdicts: list[Verdict], only: str | None) -> list[Verdict]:
    if only is None:
        return verdicts
    wanted = {word.strip().replace("-", " ") for word in only.split(",")}
    for word in sorted(wanted - set(VERDICTS)):
        raise UnknownName("verdict", word, VERDICTS, cure=f"They are {', '.join(VERDICTS)}.")
    return [one for one in verdicts if one.verdict in wanted]


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
