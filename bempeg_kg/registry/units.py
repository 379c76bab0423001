"""Input cut into units that can be mapped anywhere, in any order: ranges of JSON lines, batches of files."""

from __future__ import annotations

import os
from typing import NamedTuple

from bempeg_kg.content.files import file_problem
from bempeg_kg.errors import InputError, UsageError
from bempeg_kg.registry.reader import LONGEST, Document, Fault, files_of, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Bytes of input a unit, about.
UNIT = 32 << 20
_PLAIN_LINES = (".jsonl", ".ndjson")


class Part(NamedTuple):
    """A file, or of plain JSON lines those that begin at `start` or later and before `end`."""

    path: str
    start: int = 0
    end: int = -1


def units_of(sources: Sequence[str], size: int = UNIT) -> list[list[Part]]:
    """The input in units of about `size` bytes. Raises InputError, and UsageError for standard input."""
    units: list[list[Part]] = []
    batch: list[Part] = []
    filled = 0
    for path, length, _ in _files(sources):
        if path.lower().endswith(_PLAIN_LINES) and length > size:
            units += [[Part(path, start, start + size)] for start in range(0, length, size)]
            continue
        if batch and filled + length > size:
            units.append(batch)
            batch, filled = [], 0
        batch.append(Part(path))
        filled += length
    return [*units, batch] if batch else units


def fingerprint(sources: Sequence[str], *more: str) -> str:
    """A digest of names, sizes and times of the input files, and of `more`: the same work, the same name."""
    from hashlib import blake2b

    digest = blake2b(digest_size=8)
    for path, length, changed in _files(sources):
        digest.update(f"{path}\x1f{length}\x1f{changed}\n".encode())
    for text in more:
        digest.update(text.encode())
    return digest.hexdigest()


def _files(sources: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """(path, size, time of change) of each file; 0 for one of a folder that cannot be read."""
    for source in sources:
        if source == "-":
            raise UsageError(
                "standard input cannot be shared among machines", cure="Write it to a file first."
            )
        is_folder = os.path.isdir(source)
        for path in files_of(source) if is_folder else [source]:
            try:
                state = os.stat(path)
            except OSError as error:
                if not is_folder:
                    raise file_problem(path, error) from None
                yield os.path.abspath(path), 0, 0
            else:
                yield os.path.abspath(path), state.st_size, state.st_mtime_ns


def documents_of(unit: Sequence[Part]) -> Iterator[Document | Fault]:
    """The documents of a unit."""
    for part in unit:
        if part.end < 0:
            try:
                yield from read(part.path)
            except InputError as error:
                yield Fault(part.path, "", error.message)
        else:
            yield from _range(part)


def _range(part: Part) -> Iterator[Document | Fault]:
    """Lines of a range; one that reaches over its end is read to its own end, and by no other range."""
    try:
        with open(part.path, "rb") as stream:
            if part.start:
                stream.seek(part.start - 1)
                stream.readline()
            while (here := stream.tell()) < part.end:
                line = stream.readline(LONGEST)
                if not line:
                    break
                if line.strip():
                    yield Document(f"{part.path} at byte {here}", line.removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        yield Fault(part.path, "", error.strerror or str(error))
