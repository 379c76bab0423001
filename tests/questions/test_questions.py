"""Every shipped question: its header, its golden answer, the same on both engines."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bempeg_kg import Content, KnowledgeGraph, Library, Question
from bempeg_kg.questions.blocks import declared_values
from tests.golden import EXPECTED, comparable, differences, read

#: Seconds that a question may take on rdflib, the slower engine, on the shipped graph.
BUDGET = 20.0


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail what is in the block once it has taken that long."""

    def late(signum: int, frame: object) -> None:
        pytest.fail(f"took more than {seconds:g} s on rdflib; put the selective pattern first")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


QUESTIONS = [one for one in Library.read(Content.find()).all() if not one.computed and not one.live]
each = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


@each
def test_golden_answer(question: Question, kg: KnowledgeGraph) -> None:
    assert (EXPECTED / f"{question.name}.tsv").exists(), f"run: python -m tests.golden {question.name}"
    wrong = differences(read(question.name), kg.ask(question.name))
    assert not wrong, "\n".join([*wrong[:10], f"if this is right: python -m tests.golden {question.name}"])


@each
@pytest.mark.thorough
def test_same_on_rdflib(question: Question, kg: KnowledgeGraph, rdflib_kg: KnowledgeGraph) -> None:
    graph = rdflib_kg.with_signals() if question.data == "signals" else rdflib_kg
    assert graph.lexicon.labels, "read once; it is the question that is held to the budget"
    with at_most(BUDGET):
        answer = rdflib_kg.ask(question.name)
    assert not differences(kg.ask(question.name), answer)


@each
def test_order_is_total(question: Question, kg: KnowledgeGraph) -> None:
    assert re.search(r"\bORDER\s+BY\b", question.sparql), "ORDER BY is missing"
    rows = [tuple(map(comparable, row)) for row in kg.ask(question.name).rows]
    assert len(set(rows)) == len(rows), "a row stands twice, so the order of rows is not fixed"


@each
def test_header_says_what_the_query_does(question: Question) -> None:
    blocks = declared_values(question.sparql)
    assert sorted(blocks) == sorted(parameter.name for parameter in question.parameters)
    for parameter in question.parameters:
        assert parameter.description, f"{parameter.name} has no description"
        assert parameter.example, f"{parameter.name} has no example"
    assert question.summary.endswith("?"), "the summary is the question that a reader asks"
    assert question.tags


@each
@pytest.mark.thorough
def test_parameters_take_their_examples(question: Question, kg: KnowledgeGraph) -> None:
    for parameter in question.parameters:
        table = kg.ask(question.name, **{parameter.name: parameter.example})
        assert table.columns == kg.ask(question.name).columns


@each
def test_names_no_graph(question: Question) -> None:
    from bempeg_kg.rdf.sparql.text import names_graph

    assert not names_graph(question.sparql) or "files" in question.tags


def test_lines_of_queries_are_at_most_110_columns() -> None:
    content = Content.find()
    for file in [*content.queries(), *content.rules(), *content.derivations()]:
        for number, line in enumerate(Path(file.path).read_text(encoding="utf-8").splitlines(), start=1):
            assert len(line) <= 110, f"{file.name}:{number}"


def test_every_golden_answer_has_a_question() -> None:
    assert {path.stem for path in EXPECTED.glob("*.tsv")} <= {question.name for question in QUESTIONS}


@pytest.mark.parametrize(
    "name", ["grade-3-or-4-events", "adverse-events", "serious-events", "adverse-events-by-class", "results"]
)
def test_events_of_the_treatment_are_not_told_as_all_events(kg: KnowledgeGraph, name: str) -> None:
    answer = kg.ask(name)
    assert "attribution" in answer.shown
    figure = answer.question.figure
    assert figure and "attribution" in figure["label"]
    assert "{attribution}" in str(answer.question.sentence["each"])


def test_a_rate_of_one_arm_of_a_randomised_trial_says_so(kg: KnowledgeGraph) -> None:
    told = kg.ask("grade 3 or higher adverse events in PIVOT IO 001").sentence
    assert "any adverse event, grade 3 or 4, treatment-related: 21.7 %, no number of another arm" in told
    both = {row["otherArms"] for row in kg.ask("grade-3-or-4-events", trial="trial:relativity-047")}
    assert both == {None}


def test_a_stop_of_treatment_is_not_drawn_as_an_event(kg: KnowledgeGraph) -> None:
    names = {row["eventName"] for row in kg.ask("picture-safety", trial="trial:sarcoma-pilot")}
    assert {"stop of treatment because of an adverse event", "death from treatment"} <= names


def test_a_decision_is_one_row_with_its_names_in_order(kg: KnowledgeGraph) -> None:
    answer = kg.ask("decisions")
    assert len(answer) == len(set(answer.column("decision")))
    assert answer.sentence.startswith("6 decisions and events: 2019-08-01: ")
    (end,) = (row for row in answer if str(row["decision"]).endswith("/programme-end"))
    assert end["actors"] == "Bristol Myers Squibb; Nektar Therapeutics"
    assert end["trials"] == "CA045-009; PIVOT IO 011; PIVOT-09; PIVOT-10"
