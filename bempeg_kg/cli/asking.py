"""`questions`, `ask`, `query`, `show`, `stats`."""

from __future__ import annotations

import os

from bempeg_kg.cli import command_parser
from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.live import add_live, live_graph, tell_remarks
from bempeg_kg.cli.output import (
    GRAPH_FORMATS,
    TABLE_FORMATS,
    chosen_format,
    note,
    width,
    write_bytes,
    write_file,
    write_table,
    write_text,
)
from bempeg_kg.cli.query_text import read_query
from bempeg_kg.cli.waiting import interruptible
from bempeg_kg.errors import QueryError, UsageError
from bempeg_kg.evidence.equalities import read_equalities
from bempeg_kg.graph.answer import columns_for
from bempeg_kg.graph.card import card
from bempeg_kg.graph.entities import shortened
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.narrowing import WHOLE
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.dump import dump_triples
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.text_table import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from pyoxigraph import Triple

#: Statements of one property that `show` lists as a table.
_SHOWN = 20


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
    query = add_command(
        subparsers,
        "query",
        _query,
        help="answer a SPARQL query; the usual prefixes need no PREFIX line",
        example="bempeg-kg query 'SELECT ?trial { ?trial a kg:Trial }'",
        takes_as_of=True,
    )
    query.add_argument(
        "query", metavar="TEXT|FILE|-", help="SPARQL; text if it holds white space or {, else a file"
    )
    query.add_argument("files", nargs="*", metavar="RDF-FILE", help="RDF files to add to the graph first")
    add_live(query)
    show = add_command(
        subparsers,
        "show",
        _show,
        help="show an entity on a card, or with --all every statement about it",
        example="bempeg-kg show nivolumab",
        takes_as_of=True,
    )
    show.add_argument("--all", action="store_true", help="all statements, in both directions")
    show.add_argument("term", nargs="+", metavar="TERM", help="a CURIE, IRI, accession, label or synonym")
    add_command(subparsers, "stats", _stats, help="count statements by class, basis and source")


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
        write_table(args, table.picked(columns_for(tokens(" ".join(args.words)), question, table.columns)))
    else:
        write_table(args, table)
    if form in ("tsv", "csv") and args.output and args.output != "-":
        write_beside(args, question, table)
    if question.caveat and form not in ("json", "md", "html"):
        note(f"note: {question.caveat}", quiet=args.quiet)


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


def _query(args: argparse.Namespace) -> int:
    sparql, file = read_query(args.query)
    # a misspelt format is an error before the graph is read
    chosen_format(args, TABLE_FORMATS + GRAPH_FORMATS, "table")
    kg = open_graph(args)
    kg = kg.add(*args.files) if args.files else kg
    for problem in kg.to_mind(sparql):
        note(f"note: {problem}", quiet=args.quiet)
    kg = live_graph(args, cut_graph(args, kg))
    try:
        answer = interruptible(lambda: kg.query(sparql))
    except QueryError as error:
        error.where = ", ".join(part for part in (file, error.where) if part)
        raise
    if isinstance(answer, bool):
        if chosen_format(args, TABLE_FORMATS, "table") == "json":
            write_text(args, f'{{"head": {{}}, "boolean": {"true" if answer else "false"}}}\n')
        else:
            write_text(args, f"{'true' if answer else 'false'}\n")
    elif isinstance(answer, list):
        _write_graph(args, kg, answer)
    else:
        write_table(args, answer)
    tell_remarks(args, kg)
    return 0


def _show(args: argparse.Namespace) -> int:
    form = chosen_format(args, TABLE_FORMATS + GRAPH_FORMATS, "table")
    kg = cut_graph(args, open_graph(args))
    term = " ".join(args.term)
    if form in GRAPH_FORMATS:
        _write_graph(args, kg, kg.describe(term))
        return 0
    iri = kg.resolve(term)
    if form == "table" and not args.all:
        write_text(args, visible(card(kg, iri, None if args.output else width())))
        return 0
    table = kg.show(iri)
    if form == "table":
        table = shortened(table, _SHOWN)
    note(f"{kg.names.shorten(iri)} <{iri}>", quiet=args.quiet)
    write_table(args, table)
    return 0


def _write_graph(args: argparse.Namespace, kg: Graph, triples: list[Triple]) -> None:
    form = chosen_format(args, GRAPH_FORMATS, "ttl")
    if not triples:
        note("no statements: nothing in the graph matches", quiet=args.quiet)
    write_bytes(args, dump_triples(triples, form, kg.names))


def _stats(args: argparse.Namespace) -> int:
    write_table(args, open_graph(args).stats())
    note("note: a statement of two files counts for both; a file of triples holds it once", quiet=args.quiet)
    return 0
