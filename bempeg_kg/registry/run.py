"""An import from sources to output: read, map on all cores, spool, write."""

from __future__ import annotations

import os
import tempfile

from bempeg_kg.content.writing import writing_errors
from bempeg_kg.errors import InputError
from bempeg_kg.rdf.names import Names
from bempeg_kg.registry.documents import Piece
from bempeg_kg.registry.import_report import Report
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.landing import Landing
from bempeg_kg.registry.parallel import mapped_in_order
from bempeg_kg.registry.reader import Document, Fault, other_files, read
from bempeg_kg.registry.writer import settle_with_folder, write, write_older

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def import_records(
    sources: Sequence[str],
    output: str | None,
    form: str,
    joins: Joins,
    *,
    processes: int = 1,
    keep_older: bool = False,
    count_left: bool = False,
    progress: Callable[[str], None] | None = None,
    written: Callable[[str], None] | None = None,
) -> Report:
    """Import registry records from files, folders or `-` and write them to `output` (None: standard output).

    `progress` gets the number of each record that is mapped, `written` that of each file of a folder.
    `form` is what `writer.format_of` says. Everything is written at the end and by rename, so a run that is
    killed leaves the output as it was. A record that cannot be mapped is reported.
    Raises InputError if no record at all could be mapped, Unwritable for an output without room.
    """
    report = Report()
    # A version that loses goes to a file of N-Quads, so then all stay N-Quads.
    packed = form in ("folder", "ttl") and not keep_older
    with (
        writing_errors(output or "standard output"),
        Landing(_spool(output), keep_older=keep_older) as landing,
    ):
        outcomes = mapped_in_order(
            _documents(sources),
            joins,
            landing.spool,
            processes=processes,
            count_left=count_left,
            packed=packed,
        )
        _land(outcomes, landing, report, progress)
        for source in sources:
            if os.path.isdir(source):
                report.other_files.update(other_files(source))
        if not report.landed:
            raise nothing_landed(report, sources)
        if form == "folder" and output:
            report.newer_there = settle_with_folder(landing, output, Names(joins.base))
            report.landed, report.superseded = len(landing), landing.superseded
        report.statements = landing.statements
        if keep_older and output:
            # First: after the new version replaces it, no other copy of the old one exists.
            write_older(landing, history_path(output))
        write(landing, output, form, Names(joins.base), written)
    return report


def _land(
    outcomes: Iterable[Piece | Fault],
    landing: Landing,
    report: Report,
    progress: Callable[[str], None] | None,
) -> None:
    """Take every mapped record, and report the others."""
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            report.refused.append(outcome)
            continue
        report.count(outcome)
        landing.take(outcome)
        if progress:
            progress(outcome.nct)
    report.landed = len(landing)
    report.superseded = landing.superseded
    report.conflicts = landing.conflicts


def history_path(output: str) -> str:
    """Where older versions go: beside the output, under a name that no data folder loads.

    >>> history_path("out/trials.nq"), history_path("data/trials/")
    ('out/trials.history.nq.gz', 'data/trials/history.nq.gz')
    """
    if output.endswith("/") or os.path.isdir(output):
        return os.path.join(output, "history.nq.gz")
    stem = output
    for suffix in (".gz", ".nq", ".ttl"):
        stem = stem.removesuffix(suffix)
    return stem + ".history.nq.gz"


def nothing_landed(report: Report, sources: Sequence[str]) -> InputError:
    """The error for an import without any record: the first fault, and the number of others."""
    if not report.refused:
        return InputError(
            "there is no record to import",
            file=", ".join(sources),
            cure="Give a study record, a page of them or JSON lines of the ClinicalTrials.gov API v2.",
        )
    first = report.refused[0]
    more = len(report.refused) - 1
    return InputError(
        first.message + (f" ({more} more were refused)" if more else ""), file=first.place, path=first.path
    )


def _documents(sources: Sequence[str]) -> Iterator[Document | Fault]:
    for source in sources:
        yield from read(source)


def _spool(output: str | None) -> str:
    """What the spool stands beside: the output, on whose disk there must be room anyway."""
    if output is None:
        return os.path.join(tempfile.gettempdir(), "bempeg-kg-import.nq")
    if output.endswith("/") or os.path.isdir(output):
        os.makedirs(output, exist_ok=True)
        return os.path.join(output, "import.nq")
    return output
