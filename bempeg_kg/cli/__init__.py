"""The command line: a thin layer over the Python API, a module for each command.

To add a command: write `bempeg_kg/cli/<module>.py` with `register(subparsers)`, which calls
`bempeg_kg.cli.common.add_command`, and add one line to `MODULES`. Only the module of the command asked for
is imported.
"""

from __future__ import annotations

import gc
import os
import sys

from bempeg_kg.cli.common import Parser, add_globals, split_command, split_parameters
from bempeg_kg.cli.output import finish, report, write_text
from bempeg_kg.cli.version import version_text
from bempeg_kg.errors import BempegError, UnknownName, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn

#: module of bempeg_kg.cli -> the commands that it registers
MODULES: dict[str, tuple[str, ...]] = {
    "asking": ("questions", "ask"),
    "querying": ("query",),
    "showing": ("show", "stats"),
    "exporting": ("export",),
    "checking": ("check",),
    "links": ("link", "diff"),
    "pictures": ("graph", "plot", "path"),
    "evidence": ("report",),
    "forensics": ("forensics",),
    "completion": ("completion",),
    "faces": ("serve", "site", "explorer", "mcp"),
    "importing": ("import", "new"),
}


#: Read-only commands: they exit without closing the engine, which would take as long as they do.
AT_ONCE = frozenset(("questions", "ask", "query", "show", "stats"))


def script() -> NoReturn:
    """What the installed `bempeg-kg` runs."""
    if sys.stdout is None:  # closed by the caller, as with >&-
        os.write(2, b"bempeg-kg: standard output is closed\nWrite to a file with -o, or leave it open.\n")
        os._exit(2)
    gc.set_threshold(100_000)  # hardly anything is freed before a command ends
    code = main()
    if split_command(sys.argv[1:])[1] in AT_ONCE:
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is that of commands in the documentation (0, 1, 2, 3, 130)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return finish(_run(words))
    except BempegError as error:
        return finish(report(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        cure = "Install bempeg-kg again, which brings it."
        return finish(report(UsageError(f"the package {package} is not installed", cure=cure)))
    except KeyboardInterrupt:
        print("bempeg-kg: interrupted", file=sys.stderr)
        finish(130)
        os._exit(130)  # a query that still runs in a thread cannot be stopped in any other way
    except BrokenPipeError:
        return finish(0)


def _run(arguments: list[str]) -> int:
    before, command, after = split_command(arguments)
    if command is None:
        return _without_command(before)
    parser = command_parser(command)
    rest = [*before, *after]
    parameters: list[tuple[str, str]] = []
    if parser.get_default("takes_parameters"):
        rest, parameters = split_parameters(rest, parser)
    args = parser.parse_args(rest)
    args.parameters = parameters
    _take_measured(args)
    if args.as_of is not None and not args.takes_as_of:
        raise UsageError(f"{command} does not support --as-of", cure=f"See bempeg-kg {command} --help.")
    code: int = args.run(args)
    return code


def _take_measured(args: argparse.Namespace) -> None:
    """Take an --endpoint that is no address for what a trial measured, which the field calls so too."""
    name = args.endpoint
    if not name or not (args.takes_parameters or hasattr(args, "measured")):
        return
    if not name.removeprefix("endpoint:").replace(" ", "").replace("-", "").isalnum():
        return  # localhost:3030
    args.endpoint = None
    if hasattr(args, "measured"):
        args.measured = args.measured or name
    else:
        args.parameters.append(("measured", name))


def command_parser(command: str) -> Parser:
    """The parser of one command. Raises UnknownName for a command that does not exist."""
    commands = {name: module for module, names in MODULES.items() for name in names}
    if command not in commands:
        raise UnknownName("command", command, commands, cure="bempeg-kg --help lists them.")
    return _subparsers([commands[command]]).choices[command]


def full_parser() -> Parser:
    """The parser with all commands, for help and completion."""
    return _top(list(MODULES))[0]


def _top(modules: list[str]) -> tuple[Parser, argparse._SubParsersAction[Parser]]:
    from importlib import import_module

    parser = Parser(
        prog="bempeg-kg",
        description="An evidence graph of bempegaldesleukin plus nivolumab: ask it, query it, check it.",
        epilog="Start with: bempeg-kg questions, then bempeg-kg ask NAME. Every command has --help.",
    )
    add_globals(parser)
    parser.add_argument(
        "--version", action="store_true", help="print the release and the hash of the content"
    )
    subparsers = parser.add_subparsers(
        metavar="COMMAND", title="commands", parser_class=Parser, prog="bempeg-kg"
    )
    for module in modules:
        import_module(f"bempeg_kg.cli.{module}").register(subparsers)
    return parser, subparsers


def _subparsers(modules: list[str]) -> argparse._SubParsersAction[Parser]:
    return _top(modules)[1]


def _without_command(before: list[str]) -> int:
    parser = full_parser()
    args = parser.parse_args(before)
    if args.version:
        write_text(args, version_text(args.data))
        return 0
    if before:
        raise UsageError("no command was given", cure="bempeg-kg --help lists them.")
    parser.print_help()
    return 0
