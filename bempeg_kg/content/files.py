"""Files of a content: their names, and reading them with errors that say file, line and cure."""

from __future__ import annotations

import os

from bempeg_kg.errors import InputError

#: Suffix of tables of mappings.
MAPPING_SUFFIX = ".sssom.tsv"


class SourceFile:
    """A file of the content: `path` on disk, `name` relative to its programme, `iri` of its graph."""

    __slots__ = ("base", "name", "path")

    def __init__(self, path: str, name: str, base: str) -> None:
        self.path = path
        self.name = name
        self.base = base

    @property
    def iri(self) -> str:
        """Graph IRI: the base of the programme and the relative path."""
        return self.base + self.name

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"


def read_bytes(path: str) -> bytes:
    """The bytes of a file. Raises InputError, with the cure, for a file that is missing or unreadable."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise file_problem(path, error) from None


def read_text(path: str) -> str:
    """The UTF-8 text of a file. Raises InputError; a wrong byte is named with its line and column."""
    return decode(read_bytes(path), path)


def decode(body: bytes, name: str) -> str:
    """The text of UTF-8 bytes without a byte order mark; `name` is what an InputError says they are."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        raise InputError(
            f"byte 0x{body[error.start]:02x} is not UTF-8",
            file=name,
            line=before.count(b"\n") + 1,
            column=error.start - (before.rfind(b"\n") + 1) + 1,
            cure="Save the file as UTF-8.",
        ) from None


def file_problem(path: str, error: OSError) -> InputError:
    """The InputError that says in plain words why a file could not be opened."""
    if isinstance(error, FileNotFoundError):
        return InputError("no such file", file=path, cure=f"Current directory: {os.getcwd()}")
    if isinstance(error, IsADirectoryError):
        return InputError("this is a folder, not a file", file=path, cure="Name a file in it.")
    if isinstance(error, PermissionError):
        return InputError("no permission to read this file", file=path, cure="Change its permissions.")
    return InputError(f"cannot be read: {error.strerror or error}", file=path)
