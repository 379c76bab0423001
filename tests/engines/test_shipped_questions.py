"""Every shipped question on servers that run for real, with the answer that the engine in memory gives.

`DIFFERENCES` is the list, by name, of what an engine cannot give otherwise; the documentation repeats it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal

from bempeg_kg import Content, KnowledgeGraph, Library, Question, Table
from bempeg_kg.errors import EngineError
from tests.golden import differences

if TYPE_CHECKING:
    from bempeg_kg.engines.engine import Engine

QUESTIONS = [one for one in Library.read(Content.find()).all() if not one.computed and not one.live]
#: engine -> question -> why its answer differs there
DIFFERENCES: dict[str, dict[str, str]] = {
    "oxigraph": {},
    "virtuoso": {},
}
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_same_answer_as_in_memory(
    question: Question, server: Engine, kg: KnowledgeGraph, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["server"]
    why = DIFFERENCES[name].get(question.name)
    wanted = kg.query(question.sparql)
    try:
        got = server.query(question.sparql)
    except EngineError as error:
        assert why, error
        pytest.xfail(why)
    assert isinstance(wanted, Table)
    assert isinstance(got, Table)
    found = differences(with_numbers(wanted), with_numbers(got))
    if why:
        assert found, f"{question.name} no longer differs on {name}: take it off the list"
        pytest.xfail(why)
    assert not found, "\n".join(found[:5])


def with_numbers(table: Table) -> Table:
    """Truth values as 1 and 0: the value of an expression such as `?a = ?b` is a number on Virtuoso."""

    def cell(term: object) -> object:
        if isinstance(term, Literal) and term.datatype.value == _BOOLEAN:
            return Literal(int(term.value in ("true", "1")))
        return term

    return Table(table.columns, [tuple(cell(term) for term in row) for row in table.rows])  # type: ignore[misc]
