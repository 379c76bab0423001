"""The query that a command line names: text, a file, or standard input."""

from __future__ import annotations

import os
import sys

from bempeg_kg.content.files import read_text
from bempeg_kg.errors import InputError


def read_query(argument: str) -> tuple[str, str]:
    """The SPARQL text, and the file that it came from."""
    if any(char.isspace() or char == "{" for char in argument):
        text, file = argument, ""
    elif argument == "-":
        file = "standard input"
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"byte {error.start + 1} is not UTF-8", file=file, cure="Send UTF-8.") from None
    else:
        if not os.path.exists(argument):
            raise InputError(
                "no such file",
                file=argument,
                cure="A query as text holds a space or {; else it names a file.",
            )
        text, file = read_text(argument), argument
    if not text.strip():
        raise InputError("the query is empty", file=file, cure="Write a SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return text, file
