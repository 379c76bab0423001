"""`import` and `new`."""

from __future__ import annotations

import os

from bempeg_kg.cli.common import Parser, add_command, open_graph
from bempeg_kg.cli.output import note
from bempeg_kg.content.content import Content
from bempeg_kg.content.scaffold import example_left, write_programme
from bempeg_kg.engines.loading import load_file
from bempeg_kg.errors import UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.registry.import_report import Report
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.run import import_records
from bempeg_kg.registry.spark import import_on_spark
from bempeg_kg.registry.writer import format_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


#: What reading a data folder into its store takes, on a machine of two processors.
_SECONDS_A_BYTE = 0.4e-6


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    parser = add_command(
        subparsers,
        "import",
        _import,
        help="convert ClinicalTrials.gov records (API v2 JSON) to RDF",
        example="bempeg-kg import NCT02210780.json -o data/trials/",
    )
    parser.add_argument(
        "sources", nargs="+", metavar="FILE|FOLDER|-", help="JSON, JSON lines, zip or gzip of these"
    )
    parser.add_argument(
        "--report",
        nargs="?",
        const="-",
        metavar="FILE",
        help="write what was refused and what was not mapped; to standard error without a FILE",
    )
    parser.add_argument("--processes", metavar="N", type=int, help="how many to use; all cores if left out")
    parser.add_argument(
        "--older",
        choices=("drop", "keep"),
        default="drop",
        help="older records of a trial: drop them, or keep them in a history file",
    )
    parser.add_argument("--programme", metavar="TERM", help="programme to which the trials belong")
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="read the data folder into its store, as the next question would",
    )
    parser.add_argument("--load", action="store_true", help="load the result into the store of --endpoint")
    parser.add_argument("--spark", metavar="MASTER", help="map on Apache Spark; -o is a folder of shards")
    _register_new(subparsers)


def _register_new(subparsers: argparse._SubParsersAction[Parser]) -> None:
    parser = add_command(
        subparsers,
        "new",
        _new,
        help="create a starter folder for another programme: a catalogue, a trial and a source",
        example="bempeg-kg new pegilodecakin --base https://example.org/pegilodecakin/",
    )
    parser.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet, or an empty one")
    parser.add_argument(
        "--base", metavar="IRI", required=True, help="base IRI of the programme, ends in / or #"
    )
    parser.add_argument("--drug", metavar="NAME", help="the drug; the name of the folder if left out")


def _import(args: argparse.Namespace) -> int:
    if args.spark:
        return _spark(args)
    if args.load and not args.endpoint:
        raise UsageError(
            "--load needs --endpoint", cure="Name the store: --endpoint http://127.0.0.1:7878/query"
        )
    if args.processes is not None and args.processes < 1:
        raise UsageError("--processes is at least 1")
    form = format_of(args.output, args.format)
    if args.prepare and form != "folder":
        raise UsageError("--prepare is for an import into a data folder", cure="Give -o data/trials/.")
    joins = _joins(args)
    if args.load:
        return _load(args, joins)
    report = import_records(
        args.sources,
        args.output,
        form,
        joins,
        processes=args.processes or _cores(),
        keep_older=args.older == "keep",
        count_left=args.report is not None,
        progress=_Counter(args.quiet),
        written=_Counter(args.quiet, "files written"),
    )
    code = _report_result(args, report)
    if form == "folder":
        _name_example(args)
        _prepare(args)
    return code


def _name_example(args: argparse.Namespace) -> None:
    """Say that the example trial of a new folder counts as a trial beside those that were imported."""
    for programme in Content.find(args.data).programmes:
        if path := example_left(programme.data):
            note(
                f"{path} is the example that `new` wrote, and counts as a trial: remove it when you like",
                quiet=args.quiet,
            )


def _prepare(args: argparse.Namespace) -> None:
    """Read the data folder with the new files into its store, or say how long that will take."""
    if args.prepare:
        _ = open_graph(args).lexicon  # what the first name in a question reads
        return
    content = Content.find(args.data)
    if not content.is_large or args.quiet:
        return
    size = sum(os.path.getsize(file.path) for file in content.files())
    folders = [os.path.realpath(programme.data) for programme in content.programmes]
    output = os.path.join(os.path.realpath(args.output), "")
    if any(output.startswith(os.path.join(folder, "")) for folder in folders):
        note(
            f"The first question will take about {size * _SECONDS_A_BYTE:.0f} s more: it reads the "
            f"{size / 1e6:.0f} MB of the data folder into a store, once. --prepare does that now."
        )


class _Counter:
    """Says every few seconds on standard error how far an import has come."""

    def __init__(self, quiet: bool, what: str = "records mapped") -> None:
        from time import monotonic

        self._quiet = quiet
        self._what = what
        self._count = 0
        self._next = monotonic() + 3

    def __call__(self, _: str) -> None:
        """Count one more."""
        from time import monotonic

        self._count += 1
        if not self._quiet and monotonic() >= self._next:
            self._next = monotonic() + 3
            note(f"{self._count:,} {self._what}")


def _joins(args: argparse.Namespace) -> Joins:
    from dataclasses import replace

    kg = open_graph(args)
    joins = Joins.of_engine(kg.engine, kg.names.base)
    if args.programme:
        return replace(joins, programme=kg.names.expand(args.programme))
    own = _own_programme(kg)
    if own:
        note(f"the trials belong to {kg.names.shorten(own)}; --programme names another", quiet=args.quiet)
    return replace(joins, programme=own)


def _own_programme(kg: Graph) -> str:
    """The programme of the data folder, if it has just one; none of the shipped graph."""
    if kg.content.has_shipped:
        return ""
    base = kg.names.base
    query = f"SELECT DISTINCT ?p {{ ?p a kg:Programme FILTER(STRSTARTS(STR(?p), '{base}')) }} LIMIT 2"
    programmes = kg.select(query).column("p")
    return str(programmes[0]) if len(programmes) == 1 else ""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load(args: argparse.Namespace, joins: Joins) -> int:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "import.nq")
        report = import_records(
            args.sources,
            path,
            "nq",
            joins,
            processes=args.processes or _cores(),
            count_left=bool(args.report),
        )
        load_file(args.endpoint, path, progress=_Counter(args.quiet, "graphs loaded"))
    return _report_result(args, report)


def _spark(args: argparse.Namespace) -> int:
    if not args.output:
        raise UsageError("--spark writes a folder of shards", cure="Name it: -o shards/")
    if args.load or args.format not in (None, "nq"):
        raise UsageError(
            "--spark writes N-Quads only", cure="Load the shards with the store's own bulk loader."
        )
    report = import_on_spark(args.spark, args.sources, args.output, _joins(args))
    return _report_result(args, report)


def _report_result(args: argparse.Namespace, report: Report) -> int:
    report.write(args.report, quiet=args.quiet)
    return 1 if report.refused else 0


def _new(args: argparse.Namespace) -> int:
    for path in write_programme(args.folder, args.base, args.drug):
        note(f"wrote {path}", quiet=args.quiet)
    note(f"Next: bempeg-kg --data {args.folder} questions", quiet=args.quiet)
    return 0
