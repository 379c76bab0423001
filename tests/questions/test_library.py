"""Headers, parameters, binding, sentences, and questions that compute."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bempeg_kg import (
    Content,
    InputError,
    KnowledgeGraph,
    Library,
    NoAnswer,
    Parameter,
    Question,
    Table,
    UnknownName,
    UsageError,
)
from bempeg_kg.content.files import SourceFile
from bempeg_kg.questions.blocks import bind, declared_values
from bempeg_kg.questions.header import read_question

ROOT = Path(__file__).resolve().parents[2]


def write(tmp_path: Path, text: str) -> SourceFile:
    path = tmp_path / "q.rq"
    path.write_text(text, encoding="utf-8")
    return SourceFile(str(path), "queries/q.rq", "https://example.org/")


def test_header_fields(tmp_path: Path) -> None:
    question = read_question(
        write(
            tmp_path,
            "#+ summary: How many?\n#+ tags: [a, b]\n#+ parameters:\n#+   at_least:\n#+     type: integer\n"
            "#+     default: 3\n#+     example: 5\n#+     description: fewest\n#+ caveat: few\nSELECT * {}",
        )
    )
    assert (question.name, question.summary, question.tags, question.caveat) == (
        "q",
        "How many?",
        ["a", "b"],
        "few",
    )
    assert question.parameter("at-least").to_dict()["default"] == "3"
    assert Question.from_dict(question.to_dict()).to_dict() == question.to_dict()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * {}", "no #\\+ header"),
        ("#+ sumary: a?\nSELECT * {}", "no #\\+ header"),
        ("#+ summary: a?\n#+ tag: [a]\nSELECT * {}", "tags"),
        ("#+ summary: a: b: c?\nSELECT * {}", ":1:"),
        ("#+ summary: a?\n#+ parameters: {x: {type: int}}\nSELECT * {}", "no type 'int'"),
        ("#+ summary: a?\n#+ parameters: {x: {examples: int}}\nSELECT * {}", "example"),
        ("#+ summary: a?\n#+ parameters: {x: {words: [a]}}\nSELECT * {}", r"q.rq:2: words of parameter x: "),
        ("#+ summary: a?\n#+ parameters: {x: {words: {a: null}}}\nSELECT * {}", "value a: None"),
        ("#+ summary: a?\n#+ parameters: {x: {words: {a: ['']}}}\nSELECT * {}", "Write phrases by value"),
        ("#+ summary: a?\n#+ parameters: {x: {words: {a: futility}}}\nSELECT * {}", "value a: 'futility'"),
        (
            "#+ summary: a?\n#+ parameters: {x: {allowed: [kg:futile], words: {kg:futle: [a]}}}\nSELECT * {}",
            "q.rq:2: words of parameter x: .*'kg:futle'",
        ),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_question(write(tmp_path, text))


def test_bind_touches_only_the_blocks_that_open_the_where() -> None:
    sparql = (
        "# WHERE { VALUES (?a) { (0) }\nSELECT ?a WHERE {\n  VALUES (?a ?b) { (1 'x}') }\n"
        "  VALUES ?c { <urn:c> }\n  ?s ?p ?a . VALUES (?d) { (9) } }"
    )
    assert declared_values(sparql) == {"a": ["1"], "b": ["'x}'"], "c": ["<urn:c>"]}
    bound = bind(Question("q", "?", sparql), {"a": ["5", "6"], "c": ["<urn:d>"]})
    assert "VALUES (?a ?b) { (5 'x}') (6 'x}') }" in bound
    assert "VALUES (?c) { (<urn:d>) }" in bound
    assert "VALUES (?d) { (9) }" in bound
    with pytest.raises(UsageError, match="no VALUES block for d"):
        bind(Question("q", "?", sparql), {"d": ["1"]})


def test_bind_fills_the_blocks_that_open_an_inner_group_too() -> None:
    sparql = (
        "SELECT * WHERE { VALUES (?a) { (UNDEF) } VALUES (?z) { (UNDEF) } ?s ?p ?a\n"
        "  { VALUES (?a) { (UNDEF) } ?s ?q ?a }\n"
        "  UNION { VALUES (?code) { (<urn:b>) } VALUES (?a) { (UNDEF) } }\n"
        "  OPTIONAL { SELECT ?n WHERE { VALUES (?a) { (UNDEF) } ?n ?r ?a } } }"
    )
    question = Question("q", "?", sparql, parameters=[Parameter("a"), Parameter("z")])
    bound = bind(question, {"a": ["<urn:c>"]})
    assert bound.count("VALUES (?a) { (<urn:c>) }") == 4
    assert "VALUES (?code) { (<urn:b>) }" in bound
    assert "?z" not in bound


@pytest.fixture
def other(programme: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(programme, engine="memory")


@pytest.mark.parametrize(
    "given", ["first", "trial:first", "https://example.org/other/trial/first", "First trial"]
)
def test_an_entity_can_be_given_in_any_spelling(other: KnowledgeGraph, given: str) -> None:
    assert len(other.ask("own-trials", trial=given)) == 1


def test_what_cannot_be_bound_is_refused(other: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match=r"(?s)no trial 'frist'.*'first'"):
        other.ask("own-trials", trial="frist")
    with pytest.raises(UnknownName, match=r"(?s)no parameter of own-trials 'tral'.*Did you mean 'trial'"):
        other.ask("own-trials", tral="first")
    with pytest.raises(UsageError, match=r"(?s)at_least= takes a number.*'many'.*3\.5"):
        other.ask("own-trials", at_least="many")
    with pytest.raises(UsageError, match="a number"):
        other.ask("own-trials", at_least='0) } DELETE { "')


def test_text_cannot_break_out_of_its_quotes(kg: KnowledgeGraph) -> None:
    from bempeg_kg.graph.binding import bound_query

    question = Question("q", "?", "SELECT ?t { VALUES (?t) { (UNDEF) } }", parameters=[Parameter("t")])
    evil = '") } ?s ?p ?o . #\n\\'
    assert kg.select(bound_query(kg, question, {"t": evil}))[0] == {"t": evil}


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        (Parameter("d", "date"), "2022-02-30", "is not a date"),
        (Parameter("d", "date"), "14 March", "a date"),
        (Parameter("n", "integer"), "1.5", "whole number"),
        (Parameter("b", "boolean"), "yes", "true or false"),
        (Parameter("s", allowed=["one", "two"]), "tow", "Did you mean 'two'"),
    ],
)
def test_types_are_checked(kg: KnowledgeGraph, parameter: Parameter, value: str, said: str) -> None:
    from bempeg_kg.graph.binding import given_terms

    with pytest.raises((UsageError, UnknownName), match=said):
        given_terms(kg, Question("q", "?", parameters=[parameter]), {parameter.name: value})


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Which trials make up the programme?", "programme-trials"),
        ("which trials were stopped", "stopped-trials"),
        ("why add nivolumab", "why-add-nivolumab"),
        ("what does bempegaldesleukin bind", "drug-targets"),
        ("response rate in each cohort", "response-rates"),
    ],
)
def test_a_sentence_finds_its_question(kg: KnowledgeGraph, sentence: str, name: str) -> None:
    question, others = kg.questions.choose(sentence)
    assert name in [question.name, *(other.name for other in others)]
    assert question.name == name


@pytest.mark.parametrize("sentence", ["how do I bake bread", "what is the capital of France", "??? !!!"])
def test_a_sentence_that_fits_no_question_gets_an_error(kg: KnowledgeGraph, sentence: str) -> None:
    with pytest.raises(NoAnswer, match="no question of the library fits"):
        kg.questions.choose(sentence)


def doubled(kg: KnowledgeGraph, number: int) -> Table:
    """Columns: twice."""
    return Table.of(["twice"], [[2 * number]])


def test_a_question_that_computes_gets_python_values(kg: KnowledgeGraph) -> None:
    number = Parameter("number", "integer", default="4")
    doubling = Question(
        "doubled", "What is twice a number?", parameters=[number], computed=f"{__name__}:doubled"
    )
    assert kg.answer(doubling, {})[0] == {"twice": 8}
    assert kg.answer(doubling, {"number": "21"})[0] == {"twice": 42}
    assert Library([doubling])["doubled"].computed


COMPUTED = """#+ summary: What is twice a number?
#+ function: {function}
"""


@pytest.mark.parametrize(
    ("place", "function", "problem"),
    [
        ("queries/computed/doubled.md", "os:system", "the function is 'os:system'"),
        ("queries/computed/doubled.md", "bempeg_kg.x:y()", "the function is"),
        ("queries/doubled.rq", "bempeg_kg.evidence.answers.pooling:pool_results", "only a question in"),
    ],
)
def test_only_a_function_of_this_package_computes(
    tmp_path: Path, place: str, function: str, problem: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(COMPUTED.format(function=function))
    with pytest.raises(InputError, match=re.escape(problem)):
        read_question(SourceFile(str(path), place, "https://example.org/"))


def test_a_data_folder_brings_no_computed_question(tmp_path: Path) -> None:
    (tmp_path / "catalogue.ttl").write_text(
        '<> <http://rdfs.org/ns/void#uriSpace> "https://example.org/my/" .'
    )
    folder = tmp_path / "queries" / "computed"
    folder.mkdir(parents=True)
    function = "bempeg_kg.evidence.answers.pooling:pool_results"
    (folder / "doubled.md").write_text(COMPUTED.format(function=function))
    assert "doubled" not in Library.read(Content.find(tmp_path))


def test_listing_the_library_imports_no_computing_module() -> None:
    code = (
        "import sys; from bempeg_kg import Content, Library; list(Library.read(Content.find())); "
        "print([name for name in sys.modules if '.evidence' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_an_empty_answer_gives_its_reason(other: KnowledgeGraph) -> None:
    assert other.ask("own-trials", at_least=99).reason == "the graph holds nothing for at_least = 99"
