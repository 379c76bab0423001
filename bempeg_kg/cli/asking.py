"""`questions`, `ask`."""

from __future__ import annotations

import os

from bempeg_kg.cli import command_parser
from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.live import add_live, live_graph, tell_remarks
from bempeg_kg.cli.output import (
    TABLE_FORMATS,
    chosen_format,
    note,
    room_for,
    write_file,
    write_table,
    write_text,
)
from bempeg_kg.cli.waiting import interruptible
from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.equalities import read_equalities
from bempeg_kg.graph.answer import columns_for
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.narrowing import WHOLE
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.telling import VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


#: Columns that a note tells where they are the same in all of several rows.
_ABOUT_ROWS = frozenset({"basis", "method", "level", "alpha", "unit", "period"})
_SEVERAL = 3
#: Columns that a narrow terminal keeps where others have to go: the value with its interval, what it means
#: (a ratio or a difference, events of the treatment or all, a test of which hypothesis), and the source.
_KEPT = frozenset(
    {*VALUES, "unit", "lower", "upper", "intervalNote", "source", "measure", "attribution", "p"}
)
#: Columns of what was measured.
_MEASURED = ("endpoint", "asWorded", "event")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    questions = add_command(
        subparsers,
        "questions",
        _questions,
        help="list the questions of the library",
        example="bempeg-kg questions safety",
    )
    questions.add_argument("words", nargs="*", metavar="WORDS", help="only those that match, best first")
    _register_ask(subparsers)


def _register_ask(subparsers: argparse._SubParsersAction[Parser]) -> None:
    ask = add_command(
        subparsers,
        "ask",
        _ask,
        help="answer a question of the library, by its name or by a sentence",
        example="bempeg-kg ask drug-targets; bempeg-kg ask drug-targets --help shows its parameters",
        takes_parameters=True,
        takes_as_of=True,
        add_help=False,
    )
    ask.add_argument("words", nargs="*", metavar="NAME|SENTENCE", help="a name, or the words of a question")
    ask.add_argument(
        "-h", "--help", action="store_true", help="show this help, or the parameters of a question"
    )
    ask.add_argument(
        "--equalities", metavar="FILE", help="a table of names to take for one, for pool-results"
    )
    ask.add_argument("--all", action="store_true", help="over every trial, however long that takes")
    ask.add_argument("--wide", action="store_true", help="show all columns in a terminal table")
    add_live(ask)


def _questions(args: argparse.Namespace) -> int:
    kg = open_graph(args)
    words = " ".join(args.words)
    questions = [question for _, question in kg.questions.search(words)] if words else list(kg.questions)
    if args.format == "json" or (not args.format and (args.output or "").endswith(".json")):
        import json

        fields = ("name", "summary", "description", "parameters", "tags", "caveat", "computed", "live")
        listed = [{key: question.to_dict()[key] for key in fields} for question in questions]
        write_text(args, json.dumps(listed, ensure_ascii=False, indent=2) + "\n")
        return 0
    rows = [[question.name, question.summary, _listed(question)] for question in questions]
    table = Table.of(["name", "question", "parameters"], rows)
    table.reason = f"no question of the library has the words '{words}'"
    write_table(args, table)
    return 0


def _listed(question: Question) -> str:
    return " ".join(parameter.option for parameter in question.parameters)


def _ask(args: argparse.Namespace) -> int:
    words = " ".join(args.words)
    if not words:
        if args.help:
            write_text(args, command_parser("ask").format_help())
            return 0
        raise UsageError("no question was given", cure="bempeg-kg questions lists them.")
    if args.equalities:
        args.parameters += [("equal", equality) for equality in read_equalities(args.equalities)]
    kg = open_graph(args)
    if words not in kg.questions and len(words.split()) > 1 and not args.help:
        return _ask_sentence(args, cut_graph(args, kg), words)
    question, _ = kg.questions.choose(words)
    if args.help:
        write_text(args, _help_of(question))
        return 0
    given = [(name, value) for name, value in args.parameters if name != "about"]
    about = [value for name, value in args.parameters if name == "about"]
    if "as_of" in {parameter.name for parameter in question.parameters}:
        given += [("as_of", args.as_of)] if args.as_of else []
    else:
        kg = cut_graph(args, kg)
    parameters: dict[str, object] = {
        **_grouped([(question.parameter(name).name, value) for name, value in given])
    }
    parameters |= {WHOLE: True} if args.all else {}
    if question.live and not args.live:
        raise UsageError(f"{question.name} asks an outside service", cure="Add --live to allow it.")
    kg = live_graph(args, kg)
    table = interruptible(lambda: kg.answer(question, parameters))
    tell_remarks(args, kg)  # before anything else is asked, which would reset them
    kg.about(table, about)
    table.sentence = kg.sentence(question, table)
    if chosen_format(args, TABLE_FORMATS, "table") in ("table", "md", "html"):
        kg.put_in_order(question, table)  # the rows that the sentence tells first
    _write_answer(args, kg, question, table)
    return 0


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each parameter; it may be given several times."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name.replace("-", "_"), []).append(value)
    return values


def _ask_sentence(args: argparse.Namespace, kg: Graph, words: str) -> int:
    """Answer a sentence; first what it was understood to ask, as a command, and what else it may mean."""
    parameters = {**_grouped(args.parameters), **({WHOLE: True} if args.all else {})}
    understood, table = interruptible(lambda: kg.ask_sentence(words, parameters))
    note(f"understood: {understood.command(kg.names)}", quiet=args.quiet)
    if understood.unknown:
        note(f"not used: {', '.join(understood.unknown)}", quiet=args.quiet)
    if understood.alternatives:
        note(f"or: {', '.join(other.name for other in understood.alternatives)}", quiet=args.quiet)
    _write_answer(args, kg, understood.question, table)
    # the search was valid, but nothing in the data matches
    return 0 if table.rows else 1


def _write_answer(args: argparse.Namespace, kg: Graph, question: Question, table: Table) -> None:
    form = chosen_format(args, TABLE_FORMATS, "table")
    if form in ("tsv", "csv") and table.sentence:
        note(table.sentence, quiet=args.quiet)  # these formats hold rows alone
    if form == "table" and not args.wide:
        _write_shown(args, question, table)
    else:
        write_table(args, table)
    if form in ("tsv", "csv") and args.output and args.output != "-":
        write_beside(args, question, table)
    if question.caveat and form not in ("json", "md", "html"):
        note(f"note: {question.caveat}", quiet=args.quiet)


def _write_shown(args: argparse.Namespace, question: Question, table: Table) -> None:
    """Write the columns of a terminal, as many as fit; a note names those of them that do not."""
    usual = columns_for([], question, table.columns)
    asked = " ".join(args.words)
    names = usual if asked == question.name else columns_for(tokens(asked), question, table.columns)
    same = _same_in_all(table, names)
    bare = _empty(table, names)
    names = table.telling([name for name in names if name not in same and name not in bare])
    shown, room = table.remarked(names), room_for(args)
    if room:
        shown = shown.fitting(room, {*_kept(shown), *(name for name in names if name not in usual)})
    write_table(args, shown)
    left = [name for name in names if name not in shown.columns]
    same |= _same(table, left, several=2)
    left = [name for name in left if name not in same]
    if same:
        told = ", ".join(f"{name} {value}" for name, value in same.items())
        note(f"in all rows: {told}", quiet=args.quiet)
    if bare:
        note(f"without a value in any row: {', '.join(bare)}", quiet=args.quiet)
    if left:
        note(f"not shown: {', '.join(left)}; --wide shows all columns", quiet=args.quiet)


def _kept(table: Table) -> set[str]:
    """The columns that a narrow terminal keeps: `_KEPT`, and what was measured where rows differ in it.

    That all events are counted, of whatever cause, is what a reader takes them to be.
    """
    values = {name: {str(value) for value in table.column(name)} for name in table.columns}
    kept = {name for name in _KEPT if name != "attribution" or values.get(name) != {"all-cause"}}
    return kept | {name for name in _MEASURED if len(values.get(name, ())) > 1}


def _empty(table: Table, names: list[str]) -> list[str]:
    """Columns without a value in any row, where there are rows."""
    places = {name: table.columns.index(name) for name in names if table.rows}
    return [name for name, at in places.items() if all(cells[at] is None for cells in table.rows)]


def _same_in_all(table: Table, names: list[str]) -> dict[str, str]:
    """Columns that say how rows came about, where they say the same of all: told once."""
    return _same(table, [name for name in names if name in _ABOUT_ROWS])


def _same(table: Table, names: list[str], several: int = _SEVERAL) -> dict[str, str]:
    """Those of some columns that say the same in all of several rows, and what."""
    if len(table.rows) < several:
        return {}
    columns = zip(names, zip(*table.picked(names).text_cells(), strict=True), strict=False)
    return {name: texts[0] for name, texts in columns if len(set(texts)) == 1 and texts[0]}


def write_beside(args: argparse.Namespace, question: Question, table: Table) -> None:
    """Write what the rows cannot hold (question, sentence, caveat) as CSVW metadata beside the file."""
    import json

    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": os.path.basename(args.output),
        "dc:title": question.summary,
        "dc:description": table.sentence,
        "rdfs:comment": question.caveat,
    }
    described = {key: value for key, value in metadata.items() if value}
    body = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    write_file(f"{args.output}-metadata.json", body.encode())


def _help_of(question: Question) -> str:
    lines = [f"usage: bempeg-kg ask {question.name} [--parameter VALUE ...]", "", question.summary]
    lines += ["", question.description] if question.description else []
    lines += ["", "parameters:"] if question.parameters else ["", "It takes no parameters."]
    for parameter in question.parameters:
        default = "all" if parameter.default in ("", "UNDEF") else parameter.default
        option = f"{parameter.option} {parameter.type.upper()}"
        lines.append(f"  {option}  {parameter.description} (default: {default})")
        if parameter.allowed:
            lines.append(f"      one of {', '.join(parameter.allowed)}")
        if parameter.example:
            lines.append(f"      for example {parameter.option} {parameter.example}")
    lines += ["", f"note: {question.caveat}"] if question.caveat else []
    return "\n".join(lines) + "\n"
