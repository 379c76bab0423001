"""Write the kept records: N-Quads, Turtle, or a folder of Turtle files; atomically, by rename."""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import sys

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from bempeg_kg.content.parse import parse_file
from bempeg_kg.content.writing import part_of, replacing, writing_errors
from bempeg_kg.errors import UsageError
from bempeg_kg.rdf.names import Names
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.landing import Landing, history_graph
from bempeg_kg.registry.record import GRAPH, SHARED
from bempeg_kg.registry.turtle import Block, Turtle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

    Progress = Callable[[str], None]

_LABEL, _SYNONYM = (name.strip().encode() for name in (p.LABEL, p.ALTERNATIVE))
_FORMATS = {".nq": "nq", ".nq.gz": "nq.gz", ".ttl": "ttl"}


def format_of(output: str | None, asked: str | None) -> str:
    """`nq`, `nq.gz`, `ttl`, or `folder`.

    Raises UsageError for a suffix that is none of them, and for one that says other than `asked`.

    >>> format_of("trials.ttl", None), format_of("data/trials/", None), format_of(None, None)
    ('ttl', 'folder', 'nq')
    """
    if asked not in (None, "nq", "ttl"):
        raise UsageError(f"import writes nq or ttl, not {asked}")
    if output is None:
        return asked or "nq"
    if _is_folder(output):
        if asked == "nq":
            raise UsageError(f"'{output}' is a folder, which gets Turtle files, not nq")
        return "folder"
    for suffix, name in _FORMATS.items():
        if output.endswith(suffix):
            if asked and not name.startswith(asked):
                raise UsageError(
                    f"'{output}' ends in {suffix}, and --format says {asked}", cure="Leave out --format."
                )
            return name
    if asked:
        return asked
    raise UsageError(
        f"'{output}' does not end in .nq, .nq.gz or .ttl", cure="Add a slash at the end for a folder."
    )


def _is_folder(output: str) -> bool:
    return output.endswith("/") or os.path.isdir(output)


def write(
    landing: Landing, output: str | None, name: str, names: Names, progress: Progress | None = None
) -> None:  # fmt: skip
    """Write what landed as `name` (see `format_of`). Raises Unwritable.

    `progress` gets the registry number of each file of a folder.
    """
    if output is None:
        for chunk in _chunks(landing, name, names):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    if name == "folder":
        _write_folder(landing, output, names, progress)
        return
    if name == "nq":
        with writing_errors(output):
            landing.publish(output)
        return
    with writing_errors(output), replacing(output) as stream:
        if name == "nq.gz":
            with _packed(stream) as packed:
                for chunk in _chunks(landing, "nq", names):
                    packed.write(chunk)
        else:
            for chunk in _chunks(landing, name, names):
                stream.write(chunk)


def settle_with_folder(landing: Landing, folder: str, names: Names) -> list[str]:
    """Skip records of which the folder holds a newer version; keep the older versions that they replace.

    Returns a message for each record that was skipped.
    """
    passed = []
    for nct, date in landing.versions().items():
        path = os.path.join(folder, f"{nct.lower()}.ttl")
        if not os.path.exists(path):
            continue
        with writing_errors(path), open(path, "rb") as stream:
            version_match = re.search(rb'\bkg:recordVersion "([0-9-]+)"', stream.read())
        there = version_match[1].decode() if version_match else ""
        if there > date:
            landing.pass_over(nct)
            passed.append(f"{nct} of {date or 'no date'}, for {path} is of {there}")
        elif there and there < date:
            landing.replace(_as_history(path, nct, there, names))
    return passed


def _as_history(path: str, nct: str, date: str, names: Names) -> bytes:
    """A Turtle file of an earlier import as N-Quads in a graph of history."""
    graph = NamedNode(names.base + history_graph(nct, (date, "")))
    itself = names.base + GRAPH.format(nct.lower())
    quads = parse_file(path, itself)
    own = [
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in quads
        if str(quad.subject) != f"<{itself}>"
    ]
    return serialize(own, format=RdfFormat.N_QUADS) or b""


def write_older(landing: Landing, output: str) -> None:
    """Write the records that lost, as N-Quads with gzip: a suffix that no data folder loads.

    What earlier imports wrote there stays; a graph that is written again takes the place of its like.
    """
    shared = f"{SHARED}> .\n".encode()
    again: set[bytes] = set()
    lines: set[bytes] = set()
    for body in landing.older():
        for line in body.splitlines(keepends=True):
            (lines if line.endswith(shared) else again).add(line if line.endswith(shared) else _graph(line))
    if not again:
        return
    with writing_errors(output), replacing(output) as stream, _packed(stream) as packed:
        if os.path.exists(output):
            with gzip.open(output) as before:
                for line in before:
                    if line not in lines and _graph(line) not in again:
                        packed.write(line)
        for body in landing.older():
            packed.write(body)


def _graph(line: bytes) -> bytes:
    """The graph of a line of N-Quads, which is its last term."""
    return line[line.rindex(b" <") :]


def _packed(stream: IO[bytes]) -> gzip.GzipFile:
    """Gzip that says nothing of names and times, so that the same records give the same bytes."""
    return gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=1, mtime=0)


def _chunks(landing: Landing, name: str, names: Names) -> Iterator[bytes]:
    if name == "nq":
        for _, body in landing.records():
            yield body
        return
    turtle = Turtle(names)
    used: set[str] = set()
    shared: dict[bytes, None] = {}
    for _, body in landing.records():
        block, others = turtle.unpacked(body)
        used.update(block.prefixes)
        shared.update(dict.fromkeys(others.splitlines()))
    last = turtle.of(_by_subject(_one_label(shared)))
    yield turtle.head(used.union(last.prefixes)).encode()
    for _, body in landing.records():
        yield turtle.unpacked(body)[0].text.encode()
    yield last.text.encode()


def _write_folder(landing: Landing, folder: str, names: Names, progress: Progress | None) -> None:
    """Write a file a trial and one of what they share, into a folder of their own; then move them to place.

    A run that is killed while it writes leaves the files of before as they were.
    """
    turtle = Turtle(names)
    shared: dict[bytes, None] = {}
    written: list[str] = []
    with writing_errors(folder), _staged(folder) as stage:
        for nct, body in landing.records():
            name = f"{nct.lower()}.ttl"
            block, others = turtle.unpacked(body)
            shared.update(dict.fromkeys(others.splitlines()))
            about = (
                f'<> dcterms:title "Import of {nct}" ;\n    dcterms:description "From its registry record." .'
            )
            _write_turtle(os.path.join(stage, name), turtle, about, block)
            written.append(name)
            if progress:
                progress(nct)
        if shared:
            name = os.path.basename(SHARED)
            shared.update(dict.fromkeys(_shared_before(os.path.join(folder, name), names)))
            about = '<> dcterms:title "What the imported records share" .'
            _write_turtle(
                os.path.join(stage, name), turtle, about, turtle.of(_by_subject(_one_label(shared)))
            )
            written.append(name)
        # what records share first, so that a run that is killed here leaves no loose reference
        for name in reversed(written):
            os.replace(os.path.join(stage, name), os.path.join(folder, name))


def _write_turtle(path: str, turtle: Turtle, about: str, block: Block) -> None:
    head = turtle.head({*block.prefixes, "dcterms"})
    with open(path, "wb") as stream:
        stream.write(f"{head}{about}\n\n{block.text}".encode())
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def _staged(folder: str) -> Iterator[str]:
    """A folder inside `folder` that no programme loads, gone in the end."""
    os.makedirs(folder, exist_ok=True)
    stage = part_of(os.path.join(folder, "import"), "folder")
    os.mkdir(stage)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _shared_before(path: str, names: Names) -> list[bytes]:
    """What earlier imports into the folder put into the file that records share, as lines of N-Quads."""
    if not os.path.exists(path):
        return []
    iri = names.base + SHARED
    graph = NamedNode(iri)
    quads = [
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in parse_file(path, iri)
        if str(quad.subject) != f"<{iri}>"
    ]
    return (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines()


def _one_label(lines: Iterable[bytes]) -> list[bytes]:
    """Lines of N-Quads in which a thing has one label, the shortest; the others are its synonyms.

    Records write "end-diastolic volume" and "end diastolic volume"; two labels would repeat every row.
    """
    parts = [tuple(line.split(b" ", 2)) for line in dict.fromkeys(lines)]
    labels: dict[bytes, bytes] = {}
    for subject, predicate, value in parts:
        if predicate == _LABEL:
            labels[subject] = min(value, labels.get(subject, value), key=_length)
    one: dict[bytes, None] = {}
    for subject, predicate, value in parts:
        is_other = predicate == _LABEL and value != labels[subject]
        is_label = predicate == _SYNONYM and value == labels.get(subject)
        if not is_label:
            one[b" ".join((subject, _SYNONYM if is_other else predicate, value))] = None
    return list(one)


def _length(label: bytes) -> tuple[int, bytes]:
    return len(label), label


def _by_subject(lines: Iterable[bytes]) -> str:
    """Lines of N-Quads in an order that does not depend on when their records were imported."""
    return "\n".join(sorted((line.decode() for line in lines), key=lambda line: line.split(" ", 2)))
