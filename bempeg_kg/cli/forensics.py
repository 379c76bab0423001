"""`forensics`: can the printed numbers be true?"""

from __future__ import annotations

import gc

from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.output import TABLE_FORMATS, chosen_format, note, width, write_table, write_text
from bempeg_kg.errors import UnknownName
from bempeg_kg.evidence.forensics.columns import template
from bempeg_kg.evidence.forensics.examine import examine_graph, judge_files
from bempeg_kg.evidence.forensics.judgement import Judgement
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, IMPOSSIBLE, INCONSISTENT, VERDICTS, as_table
from bempeg_kg.evidence.reports.forensic import forensic_page, forensic_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

#: What is shown unless more is asked for.
_WRONG = (IMPOSSIBLE, INCONSISTENT)


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    forensics = add_command(
        subparsers,
        "forensics",
        _forensics,
        help="judge printed numbers: impossible, inconsistent, consistent, cannot tell",
        example="bempeg-kg forensics results.csv -o report.html; bempeg-kg forensics records.jsonl.gz",
        takes_as_of=True,
    )
    forensics.add_argument(
        "files", nargs="*", metavar="FILE", help="a table (CSV, TSV, XLSX), registry records (JSON) or RDF"
    )
    forensics.add_argument("--strict", action="store_true", help="exit with code 1 if a number is impossible")
    forensics.add_argument(
        "--only", metavar="VERDICTS", help="only these verdicts, with commas: impossible,cannot-tell"
    )
    forensics.add_argument(
        "--full", action="store_true", help="show all verdicts, not only what is impossible or inconsistent"
    )
    forensics.add_argument("--template", action="store_true", help="write an empty table to fill in")


def _forensics(args: argparse.Namespace) -> int:
    if args.template:
        write_text(args, template())
        return 0
    form = chosen_format(args, TABLE_FORMATS, "table")
    kg = cut_graph(args, open_graph(args))
    keep = _kept(args, form)
    if args.files:
        # Records are trees without cycles; looking for cycles takes a third of the time.
        gc.set_threshold(100_000, 20, 20)
        judgement = judge_files(kg, args.files, keep)
    else:
        judgement = Judgement(keep)
        judgement.add(examine_graph(kg.engine))
        judgement.finish()
    if form == "table":
        write_text(args, forensic_text(judgement, kg.names, None if args.output else width()))
    elif form == "html":
        write_text(args, forensic_page(judgement, kg.names).to_html())
    else:
        table = as_table(judgement.verdicts, kg.names, judgement.skipped)
        table.reason = "no printed number has such a verdict"
        write_table(args, table)
    if form != "table" or args.output:
        note(judgement.summary(), quiet=args.quiet)
    return 1 if args.strict and judgement.number_of(IMPOSSIBLE) else 0


def _kept(args: argparse.Namespace, form: str) -> tuple[str, ...]:
    """The verdicts to show. Raises UnknownName for a word of --only that is none."""
    if args.only is None:
        shows_all = args.full or args.verbose or form not in ("table", "html")
        return VERDICTS if shows_all else (*_WRONG, CANNOT_TELL) if form == "html" else _WRONG
    wanted = {word.strip().replace("-", " ") for word in args.only.split(",")}
    for word in sorted(wanted - set(VERDICTS)):
        raise UnknownName("verdict", word, VERDICTS, cure=f"Available: {', '.join(VERDICTS)}.")
    return tuple(verdict for verdict in VERDICTS if verdict in wanted)
