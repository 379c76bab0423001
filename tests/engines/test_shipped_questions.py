"""Every shipped question on servers that run for real, with the answer that the engine in memory gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal

from bempeg_kg import Content, KnowledgeGraph, Library, Question, Table
from tests.engines.conftest import ENGINES, Reviving
from tests.golden import differences
from tests.registry.conftest import NUMBERS, RECORDS
from tests.registry.ten_trials import ten_trials

if TYPE_CHECKING:
    from bempeg_kg.engines.engine import Engine
    from tests.engines.conftest import Open

QUESTIONS = [one for one in Library.read(Content.find()).all() if not one.computed and not one.live]
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Ten trials of a registry, which have what the shipped graph lacks, and lack much of what it has."""
    records = {number: json.loads((RECORDS / f"{number}.json").read_text("utf-8")) for number in NUMBERS}
    return ten_trials(tmp_path_factory.mktemp("ten"), records)


@pytest.mark.parametrize("engine_name", ENGINES[3:])
def test_same_answers_of_imported_trials(
    engine_name: str, open_engine: Open, imported: KnowledgeGraph
) -> None:
    server = Reviving(lambda: open_engine(engine_name, imported.quads()))
    unequal = {}
    for question in QUESTIONS:
        expected, answer = imported.query(question.sparql), server.query(question.sparql)
        assert isinstance(expected, Table) and isinstance(answer, Table)
        unequal[question.name] = differences(with_numbers(expected), with_numbers(answer))[:3]
    assert not {name: lines for name, lines in unequal.items() if lines}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_same_answer_as_in_memory(question: Question, server: Engine, kg: KnowledgeGraph) -> None:
    expected = kg.query(question.sparql)
    answer = server.query(question.sparql)
    assert isinstance(expected, Table)
    assert isinstance(answer, Table)
    unequal = differences(with_numbers(expected), with_numbers(answer))
    assert not unequal, "\n".join(unequal[:5])


def with_numbers(table: Table) -> Table:
    """Truth values as 1 and 0: the value of an expression such as `?a = ?b` is a number on Virtuoso."""

    def cell(term: object) -> object:
        if isinstance(term, Literal) and term.datatype.value == _BOOLEAN:
            return Literal(int(term.value in ("true", "1")))
        return term

    return Table(table.columns, [tuple(cell(term) for term in row) for row in table.rows])  # type: ignore[misc]
