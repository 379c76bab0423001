"""`completion`: what bash and zsh complete, asked of the program, which knows this graph's names."""

from __future__ import annotations

from contextlib import suppress

from bempeg_kg.cli import MODULES, command_parser
from bempeg_kg.cli.common import Parser, add_command, open_graph
from bempeg_kg.cli.output import write_text
from bempeg_kg.errors import BempegError, UnknownName
from bempeg_kg.graph.entities import slugs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_BASH = """\
_bempeg_kg() {
    local line=${COMP_LINE:0:COMP_POINT} cur found
    local -a words
    read -ra words <<< "$line"
    [[ $line == *' ' ]] && words+=("")
    cur=${words[-1]}
    found=$(bempeg-kg completion words -- "${words[@]:1}" 2>/dev/null) || return
    local IFS=$'\\n'
    COMPREPLY=($(compgen -W "$found" -- "$cur"))
    # bash splits words at colons, so what stands before the last one is not repeated
    case $cur in *:*) COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}") ;; esac
}
complete -o default -F _bempeg_kg bempeg-kg
"""
_ZSH = """\
#compdef bempeg-kg
_bempeg_kg() {
    local -a found
    found=("${(@f)$(bempeg-kg completion words -- ${words[2,CURRENT]} 2>/dev/null)}")
    compadd -a found || _files
}
compdef _bempeg_kg bempeg-kg
"""


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    parser = add_command(
        subparsers,
        "completion",
        _completion,
        help="print the completion script for bash or zsh",
        example="""eval "$(bempeg-kg completion bash)\"""",
    )
    parser.add_argument("shell", metavar="bash|zsh", help="the shell; `words` lists what may come next")
    parser.add_argument("words", nargs="*", help="words of a command line, for the script")


def _completion(args: argparse.Namespace) -> int:
    scripts = {"bash": _BASH, "zsh": _ZSH}
    if args.shell == "words":
        write_text(args, "".join(f"{word}\n" for word in candidates(args, args.words)))
        return 0
    if args.shell not in scripts:
        raise UnknownName("completion", args.shell, scripts, cure="Use bash or zsh.")
    write_text(args, scripts[args.shell])
    return 0


def candidates(args: argparse.Namespace, words: list[str]) -> list[str]:
    """Words that may stand in place of the last of the given words."""
    done, last = words[:-1], words[-1] if words else ""
    commands = [command for names in MODULES.values() for command in names]
    command = next((word for word in done if word in commands), None)
    if command is None:
        return [name for name in commands if name.startswith(last)]
    options = list(command_parser(command)._option_string_actions)
    with suppress(BempegError):
        options += _of_graph(args, command, done[done.index(command) + 1 :])
    return sorted(
        option for option in options if option.startswith(last) and (last or not option.startswith("-"))
    )


def _of_graph(args: argparse.Namespace, command: str, done: list[str]) -> list[str]:
    kg = open_graph(args)
    if command == "ask":
        named = [word for word in done if word in kg.questions]
        if not named:
            return [question.name for question in kg.questions]
        question = kg.questions[named[0]]
        if done[-1].startswith("--"):
            parameter = question.parameter(done[-1][2:])
            return parameter.allowed or (slugs(kg, parameter.kind) if parameter.kind else [])
        return [parameter.option for parameter in question.parameters]
    if command == "show":
        return slugs(kg, kg.names.base)
    return []
