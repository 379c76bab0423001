"""The page of commands, made from the parsers, so that it cannot drift.

    python -m tests.reference

writes `docs/commands.md` anew.
"""

from __future__ import annotations

from pathlib import Path

from bempeg_kg.cli import MODULES, command_parser, full_parser
from bempeg_kg.cli.common import Parser

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"


def _options(parser: Parser, skip: set[str]) -> list[str]:
    lines = []
    for action in parser._actions:
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        if name not in skip and action.dest != "help":
            value = (
                f" {action.metavar or action.dest.upper()}"
                if action.option_strings and action.nargs is None
                else ""
            )
            told = f"{name}{value}".replace("|", "\\|")
            lines.append(f"| `{told}` | {action.help} |")
    return ["| | |", "|---|---|", *lines, ""] if lines else []


def page() -> str:
    """The page as it should be."""
    top = full_parser()
    shared = [", ".join(action.option_strings) for action in command_parser("stats")._actions]
    lines = ["# Commands", "", "Made from the program's own help by `python -m tests.reference`.", ""]
    lines += ["## Options of every command, before or after it", "", *_options(top, {"COMMAND", ""})]
    for command in [command for commands in MODULES.values() for command in commands]:
        parser = command_parser(command)
        lines += [f"## bempeg-kg {command}", "", str(parser.description), ""]
        lines += [f"`{example}`\n" for example in _examples(parser)]
        lines += _options(parser, set(shared))
    return "\n".join(lines).rstrip() + "\n"


def _examples(parser: Parser) -> list[str]:
    told = (parser.epilog or "").removeprefix("Example: ")
    return [told] if told else []


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
