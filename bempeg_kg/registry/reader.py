"""Where records come from: a file, a folder, a zip, gzip, JSON lines, or standard input.

A source is read once, from front to back, and held in memory one document at a time: a line of JSON lines, or
a file that is one record or one page of records. What cannot be read becomes a Fault, and reading continues.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
import zlib
from typing import NamedTuple, cast

from bempeg_kg.content.files import file_problem
from bempeg_kg.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, Any

#: The longest line or file that is read; one record of the registry is at most some 30 MB.
LONGEST = 256 << 20
SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".zip")
BOM = b"\xef\xbb\xbf"
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, OSError)


class Document(NamedTuple):
    """A piece of JSON: `place` says where it stands, such as `records.jsonl:12`."""

    place: str
    body: bytes


class Fault(NamedTuple):
    """Something that could not be read or mapped: where, the JSON path if there is one, and why."""

    place: str
    path: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.place} at {self.path}: {self.message}" if self.path else f"{self.place}: {self.message}"
        )


def read(source: str) -> Iterator[Document | Fault]:
    """The documents of a file, a folder or `-`, in the order of their names.

    A file of a folder that cannot be read is a Fault. Raises InputError if there is nothing there to read, or
    if a file that was named cannot be read.
    """
    if source == "-":
        yield from _stream(sys.stdin.buffer, "standard input")
    elif os.path.isdir(source):
        paths = list(files_of(source))
        if not paths:
            raise InputError(
                "the folder holds no records", file=source, cure=f"Supported suffixes: {', '.join(SUFFIXES)}."
            )
        for path in paths:
            try:
                yield from _file(path)
            except InputError as error:
                yield Fault(path, "", error.message)
    else:
        yield from _file(source)


def files_of(folder: str) -> Iterator[str]:
    """Files of a folder, and of folders in it, that may hold records; in the order of their names.

    A link to a folder is not followed: it may lead back. Raises InputError for a folder that cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise file_problem(folder, error) from None
    for entry in ordered:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files_of(entry.path)
        elif entry.name.lower().endswith(SUFFIXES):
            yield entry.path


def other_files(folder: str) -> Iterator[str]:
    """The suffix of each file of a folder, and of folders in it, that is not read."""
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and not name.lower().endswith(SUFFIXES):
                yield os.path.splitext(name)[1].lower()


def _file(path: str) -> Iterator[Document | Fault]:
    try:
        stream = open(path, "rb")  # noqa: SIM115 - closed below, after the last document was taken
    except OSError as error:
        raise file_problem(path, error) from None
    with stream:
        yield from _stream(stream, path)


def _stream(stream: IO[bytes], place: str) -> Iterator[Document | Fault]:
    """Documents of an open stream, whatever it is packed in."""
    buffered: Any = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)
    try:
        start = buffered.peek(4)[:4]
        if start.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=buffered) as unpacked:
                yield from _documents(cast("IO[bytes]", unpacked), place)
        elif start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from _zip(buffered, place)
        else:
            yield from _documents(buffered, place)
    except _BROKEN as error:
        yield Fault(place, "", f"cannot be read to its end: {_reason(error)}")


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut short; download it again"
    if isinstance(error, zlib.error | zipfile.BadZipFile):
        return f"it is cut short or damaged ({error}); download it again"
    return str(getattr(error, "strerror", None) or error)


def _zip(stream: IO[bytes], place: str) -> Iterator[Document | Fault]:
    packed: IO[bytes] = stream if stream.seekable() else io.BytesIO(stream.read())
    with zipfile.ZipFile(packed) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if not any(name.lower().endswith(SUFFIXES) for name in names):
            kinds = ", ".join(sorted({os.path.splitext(name)[1] or name for name in names})[:5])
            found = f"holds no JSON but {kinds}" if kinds else "is empty"
            yield Fault(place, "", f"the archive {found}; download it as JSON")
            return
        for name in sorted(names):
            if name.startswith("__MACOSX/"):
                continue
            if name.lower().endswith(".zip"):
                cure = "Unpack it, and give the folder"
                yield Fault(f"{place}!{name}", "", f"an archive inside an archive is not read. {cure}")
            if not name.lower().endswith(SUFFIXES[:-1]):
                continue
            if archive.getinfo(name).file_size > LONGEST and not name.lower().endswith(_LINES):
                yield _too_large(f"{place}!{name}")
                continue
            try:
                with archive.open(name) as member:
                    yield from _stream(member, f"{place}!{name}")
            except (*_BROKEN, RuntimeError) as error:
                yield Fault(f"{place}!{name}", "", f"cannot be read: {_reason(error)}")


def _documents(stream: IO[bytes], place: str) -> Iterator[Document | Fault]:
    """One document for a file that is one piece of JSON, else one a line."""
    first = stream.readline(LONGEST).removeprefix(BOM)
    number = 1
    while not first.strip():
        first = stream.readline(LONGEST)
        if not first:
            break
        number += 1
    if not first.strip():
        yield Fault(place, "", "the file is empty; download it again")
        return
    is_lines = place.lower().endswith(_LINES) and first.strip() not in (b"[", b"{")
    if not is_lines and len(first) >= LONGEST - 3 and not first.endswith(b"\n"):
        yield _too_large(place)
        return
    second = stream.readline(LONGEST)
    if is_lines or (second and _is_whole(first)):
        yield from _lines(first, second, number, stream, place)
        return
    room = LONGEST - len(first) - len(second)
    rest = stream.read(max(room, 0) + 1) if second else b""
    if len(rest) > room:
        yield _too_large(place)
    else:
        yield Document(place, first + second + rest)


def _too_large(place: str) -> Fault:
    return Fault(place, "", f"is larger than {LONGEST >> 20} MiB; give it as JSON lines")


def _is_whole(line: bytes) -> bool:
    """Whether a first line is a piece of JSON by itself; then the rest, if any, is JSON lines."""
    import orjson

    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _lines(
    line: bytes, following: bytes, number: int, stream: IO[bytes], place: str
) -> Iterator[Document | Fault]:
    """The lines one by one; the next is read after the last was taken, so that none is lost to a fault."""
    while line:
        if len(line) >= LONGEST and not line.endswith(b"\n"):
            yield Fault(f"{place}:{number}", "", f"the line is longer than {LONGEST >> 20} MiB")
            while following and not following.endswith(b"\n"):
                following = stream.readline(LONGEST)
            following = stream.readline(LONGEST)
        elif line.strip():
            yield Document(f"{place}:{number}", line.removeprefix(BOM))
        number += 1
        line, following = following, stream.readline(LONGEST)
