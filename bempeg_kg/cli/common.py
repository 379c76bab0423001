"""What all commands share: global options, reading the command line, opening the graph."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from bempeg_kg.cli.output import note, width
from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

_VALUED = ("--data", "--endpoint", "--as-of", "--format", "-o", "--output")


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal; argparse would import shutil to find that out."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=max(width() - 2, 30), max_help_position=30)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of exiting, and takes no abbreviations."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"allow_abbrev": False, "formatter_class": _Help, **options})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; for an unknown option it suggests similar ones."""
        unknown = message.removeprefix("unrecognized arguments: ")
        if unknown != message and unknown.startswith("-"):
            raise UnknownName("option", unknown.split()[0], self._option_string_actions, cure=self._see())
        raise UsageError(message, cure=self._see())

    def _see(self) -> str:
        return f"See {self.prog} --help."


def add_globals(parser: argparse.ArgumentParser) -> None:
    """The options that every command takes."""
    more = parser.add_argument_group("global options")
    more.add_argument(
        "--data",
        metavar="FOLDER",
        action="append",
        help="another programme in place of the shipped one; repeat it, or name `shipped`, for both",
    )
    more.add_argument("--endpoint", metavar="URL", help="a remote SPARQL 1.1 store that holds the graph")
    more.add_argument(
        "--signals", action="store_true", help="with the early and late results of other programmes"
    )
    more.add_argument("--as-of", metavar="DATE", help="answer as of this date")
    more.add_argument(
        "--format", metavar="FORMAT", help="table, tsv, csv, json, md, html; ttl, nt, jsonld, rdf for graphs"
    )
    more.add_argument("-o", "--output", metavar="FILE", help="write there, in the format of its suffix")
    more.add_argument(
        "--asserted-types", action="store_true", help="leave out the superclass types derived at load"
    )
    more.add_argument("-v", "--verbose", action="store_true", help="say more on standard error")
    more.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors on standard error")


def add_command(
    subparsers: argparse._SubParsersAction[Parser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    help: str,  # noqa: A002  the word of argparse
    example: str = "",
    takes_parameters: bool = False,
    takes_as_of: bool = False,
    add_help: bool = True,
) -> Parser:
    """A parser for a command with the global options; add the command's own arguments to it.

    `run(args)` returns the exit code. With `takes_parameters`, options that the parser does not know arrive
    as `args.parameters`, a list of (name, value).
    """
    parser = subparsers.add_parser(
        name,
        help=help,
        description=help[:1].upper() + help[1:] + ".",
        epilog=f"Example: {example}" if example else None,
        prog=f"bempeg-kg {name}",
        add_help=add_help,
    )
    parser.set_defaults(run=run, takes_parameters=takes_parameters, takes_as_of=takes_as_of, command=name)
    add_globals(parser)
    return parser


def split_command(arguments: list[str]) -> tuple[list[str], str | None, list[str]]:
    """The words before the command, the command, and the words after it."""
    place = 0
    while place < len(arguments):
        word = arguments[place]
        if word in _VALUED:
            place += 2
        elif word.startswith("-") and word != "-":
            place += 1
        else:
            return arguments[:place], word, arguments[place + 1 :]
    return arguments, None, []


def split_parameters(
    arguments: list[str], parser: argparse.ArgumentParser
) -> tuple[list[str], list[tuple[str, str]]]:
    """Words for the parser, and the (name, value) of every `--name value` that it does not know."""
    known = parser._option_string_actions
    rest: list[str] = []
    parameters: list[tuple[str, str]] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            return [*rest, *words], parameters
        if name in known:
            rest.append(word)
            if not equals and known[name].nargs is None:
                rest += [value for value in [next(words, None)] if value is not None]
        elif word.startswith("--"):
            text = value if equals else next(words, None)
            if text is None:
                raise UsageError(f"{name} needs a value")
            parameters.append((name[2:], text))
        else:
            rest.append(word)
    return rest, parameters


def open_graph(args: argparse.Namespace) -> Graph:
    """The graph that --data and --endpoint name."""
    if args.endpoint:
        remote: Graph = command_module("outside").remote_graph(args)
        return remote
    return Graph.open(
        args.data,
        asserted_types=args.asserted_types,
        signals=args.signals,
        progress=Progress(args.quiet),
    )


def command_module(name: str) -> Any:
    """A module of the command line, imported when a command or an option needs it."""
    return import_module(f"bempeg_kg.cli.{name}")


def cut_graph(args: argparse.Namespace, kg: Graph) -> Graph:
    """The graph as of --as-of, with a note on standard error of what that leaves out; else unchanged."""
    if args.as_of is None:
        return kg
    from datetime import date

    try:
        day = date.fromisoformat(args.as_of)
    except ValueError:
        raise UsageError(f"--as-of: {args.as_of} is not a date", cure="Write it as 2018-09-21.") from None
    then = kg.as_of(day)
    if then.cut is not None:
        note(then.cut.summary(), quiet=args.quiet)
    return then


class Progress:
    """Says on standard error which file is being read, once that has taken a second."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._next = 0.0
        self._count = 0

    def __call__(self, name: str) -> None:
        """Report that work on `name` begins."""
        from time import monotonic

        now = monotonic()
        self._count += 1
        self._next = self._next or now + 1
        if now >= self._next and not self._quiet:
            self._next = now + 1
            note(f"reading file {self._count}: {name}")
