"""Shards: the N-Quads of one unit each, made anywhere, any number of times, and settled at the end.

A unit is mapped into a stage folder that is named after the work: `00007.nq` and, last, `00007.json` with an
index of its records. Both appear by rename, so a unit that was cut off is made again, and one that is there
is not. When all are there, records that lost to a newer one of the same trial are left out, and the shards
move to their place.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import NamedTuple

from bempeg_kg.content.writing import replacing
from bempeg_kg.registry.documents import map_document
from bempeg_kg.registry.import_report import Report
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.reader import Fault
from bempeg_kg.registry.units import Part, documents_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


#: Stands in the output once all shards do.
DONE = "_SUCCESS"


class Entry(NamedTuple):
    """A record in a shard."""

    nct: str
    version: tuple[str, str]
    offset: int
    length: int
    statements: int


def make_shard(stage: str, number: int, unit: Sequence[Part], joins: Joins) -> None:
    """Map a unit into the stage folder, unless that was done. Raises OSError."""
    index_path = os.path.join(stage, f"{number:05}.json")
    if os.path.exists(index_path):
        return
    report = Report()
    entries: list[Entry] = []
    offset = 0
    with replacing(os.path.join(stage, f"{number:05}.nq")) as stream:
        for document in documents_of(unit):
            outcomes = [document] if isinstance(document, Fault) else map_document(document, joins)
            for piece in outcomes:
                if isinstance(piece, Fault):
                    report.refused.append(piece)
                    continue
                report.count(piece)
                stream.write(piece.body)
                entries.append(Entry(piece.nct, piece.version, offset, len(piece.body), piece.statements))
                offset += len(piece.body)
    index = {"entries": entries, "refused": report.refused, "mapped": report.mapped,
             "pages": report.pages,
             "problems": [[*problem, times] for problem, times in report.problems.items()]}  # fmt: skip
    with replacing(index_path) as stream:
        stream.write(json.dumps(index).encode())


def settle(stage: str, output: str, count: int) -> Report:
    """Choose one record a trial, move the shards to `output`, and report. Raises OSError.

    Shards of earlier work are replaced; `_SUCCESS` is there only while the folder is complete. Of two records
    of a trial the newer stays, of two of the same date the first. It can be run again after it was cut off: a
    shard that has moved is not looked for.
    """
    report = Report()
    best: dict[str, tuple[tuple[str, str], int, int]] = {}
    indexes: list[list[Entry]] = []
    for number in range(count):
        entries = _read_index(stage, number, report)
        indexes.append(entries)
        for place, entry in enumerate(entries):
            known = best.get(entry.nct)
            if known is None or entry.version > known[0]:
                best[entry.nct] = (entry.version, number, place)
    done = os.path.join(output, DONE)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(done)
    for number, entries in enumerate(indexes):
        kept = [entry for place, entry in enumerate(entries) if best[entry.nct][1:] == (number, place)]
        report.statements += sum(entry.statements for entry in kept)
        _move(stage, output, number, kept, len(kept) == len(entries))
    for left in os.listdir(output):
        shard = left.removeprefix("part-").removesuffix(".nq")
        if left == f"part-{shard}.nq" and shard.isdecimal() and int(shard) >= count:
            os.unlink(os.path.join(output, left))
    with open(done, "wb"):
        pass
    report.landed = len(best)
    report.superseded = report.mapped - report.landed
    return report


def _read_index(stage: str, number: int, report: Report) -> list[Entry]:
    with open(os.path.join(stage, f"{number:05}.json"), "rb") as stream:
        index = json.load(stream)
    report.mapped += index["mapped"]
    report.refused += [Fault(*fault) for fault in index["refused"]]
    report.pages += [(place, records, whole) for place, records, whole in index["pages"]]
    for path, message, times in index["problems"]:
        report.problems[path, message] += times
    return [Entry(nct, (version[0], version[1]), *rest) for nct, version, *rest in index["entries"]]


def _move(stage: str, output: str, number: int, kept: list[Entry], whole: bool) -> None:
    staged = os.path.join(stage, f"{number:05}.nq")
    target = os.path.join(output, f"part-{number:05}.nq")
    if not os.path.exists(staged):
        return
    if not whole:
        with open(staged, "rb") as stream, replacing(target) as written:
            for entry in kept:
                stream.seek(entry.offset)
                written.write(stream.read(entry.length))
        os.unlink(staged)
    else:
        os.replace(staged, target)
