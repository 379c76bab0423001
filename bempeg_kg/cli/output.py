"""What a command writes: tables, texts and files, notes and errors, and its exit code."""

from __future__ import annotations

import os
import sys

from bempeg_kg.content.writing import replacing
from bempeg_kg.errors import BempegError, InputError, UnknownName
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.text_table import visible, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

#: Formats of a table, and of a graph, with the suffixes that choose them.
TABLE_FORMATS = ("table", "tsv", "csv", "json", "md", "html")
GRAPH_FORMATS = ("ttl", "nt", "jsonld", "rdf")
_SUFFIXES = {"txt": "table", "markdown": "md", "htm": "html"}


_WIDTH_ELSEWHERE = 100
#: Lines of a table that a terminal shows; a file and a pipe get all.
LINES_SHOWN = 120


def chosen_format(args: argparse.Namespace, formats: tuple[str, ...], default: str) -> str:
    """The format that --format or the suffix of -o names. Raises UnknownName if it is none of `formats`."""
    asked = args.format
    if asked is None and args.output:
        asked = os.path.splitext(args.output)[1].lstrip(".").lower() or None
    if asked is None:
        return default
    asked = _SUFFIXES.get(asked, asked)
    if asked not in formats:
        raise UnknownName("format", asked, formats, cure=f"Use one of {', '.join(formats)}.")
    return str(asked)


def write_table(args: argparse.Namespace, table: Table) -> None:
    """Write a table in the format asked for; if it is empty, say why on standard error."""
    form = chosen_format(args, TABLE_FORMATS, "table")
    if not table.rows:
        note(f"no rows: {table.reason or 'nothing in the graph matches'}", quiet=args.quiet)
    if form == "table":
        room = room_for(args)
        on_terminal = sys.stdout.isatty() and not args.output
        shown = _first_rows(table, room) if on_terminal else table
        text = shown.to_text(room)
        if table.sentence:
            sentence = visible(table.sentence)
            lines = wrap(sentence, room) if room else [sentence]
            text = "\n".join([*lines, "", text])
        write_text(args, _bold_head(text) if coloured() and not args.output else text)
        if len(shown.rows) < len(table.rows):
            more = "-o FILE writes all of them, and so does a pipe"
            note(f"{len(shown.rows)} of {len(table.rows):,} rows are shown; {more}", quiet=args.quiet)
    else:
        makers = {"tsv": table.to_tsv, "csv": table.to_csv, "json": table.to_json, "md": table.to_markdown}
        write_text(args, makers.get(form, table.to_html)())


def _first_rows(table: Table, room: int | None) -> Table:
    """As many of the first rows as fill LINES_SHOWN lines, at least one."""
    least, most = 1, min(LINES_SHOWN, len(table.rows))
    while least < most:
        tried = (least + most + 1) // 2
        fits = table.head(tried).to_text(room).count("\n") <= LINES_SHOWN
        least, most = (tried, most) if fits else (least, tried - 1)
    return table.head(least)


def write_text(args: argparse.Namespace, text: str) -> None:
    """Write text, as UTF-8, to the file of -o or to standard output."""
    write_bytes(args, text.encode("utf-8", "surrogateescape"))


def write_bytes(args: argparse.Namespace, body: bytes) -> None:
    """Write bytes to the file of -o, whole or not at all, or to standard output. Raises InputError."""
    if not args.output or args.output == "-":
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(body)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", file="standard output") from None
        return
    write_file(args.output, body)


def write_file(path: str, body: bytes) -> None:
    """Write bytes to a file, whole or not at all. Raises InputError."""
    special = os.path.exists(path) and not os.path.isfile(path)
    try:
        with open(path, "wb") if special else replacing(path) as stream:
            stream.write(body)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=path) from None


def note(text: str, *, quiet: bool = False) -> None:
    """A line for people, on standard error."""
    if not quiet:
        print(visible(text), file=sys.stderr, flush=True)


def room_for(args: argparse.Namespace) -> int | None:
    """The width that a table may take: that of the terminal; None in a file and in a pipe."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return None if args.output or piped else width()


def width() -> int:
    """Characters a line: COLUMNS, or the terminal's, or 100 where there is none."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _WIDTH_ELSEWHERE
    except (OSError, ValueError):
        return _WIDTH_ELSEWHERE


def coloured() -> bool:
    """Whether standard output is a terminal that wants more than plain text."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _bold_head(text: str) -> str:
    head, rule, rest = text.partition("\n-")
    return f"\033[1m{head}\033[0m{rule}{rest}" if rule else text


def report(error: BempegError) -> int:
    """Write an error's one message to standard error; its exit code."""
    note(f"bempeg-kg: {error}")
    return error.exit_code


def finish(code: int) -> int:
    """Flush both streams; a closed pipe is no error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            # the interpreter flushes once more at exit, and would fail then
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except OSError:
            code = code or 2
    return code
