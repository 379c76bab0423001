"""Every shipped question on servers that run for real, with the answer that the engine in memory gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal

from bempeg_kg import Content, KnowledgeGraph, Library, Question, Table
from tests.golden import differences

if TYPE_CHECKING:
    from bempeg_kg.engines.engine import Engine

QUESTIONS = [one for one in Library.read(Content.find()).all() if not one.computed and not one.live]
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


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
