"""What every engine must do, run on all of them: embedded in memory and on disk, rdflib, and two servers.

Each test is named for what it holds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode

from bempeg_kg import Table
from bempeg_kg.errors import QueryError
from tests.engines.conftest import MANY

if TYPE_CHECKING:
    from bempeg_kg.engines.engine import Engine

EX = "https://example.org/"


def rows(engine: Engine, sparql: str) -> list[tuple[object, ...]]:
    answer = engine.query("PREFIX ex: <https://example.org/> " + sparql)
    assert isinstance(answer, Table)
    return [
        tuple(None if term is None else getattr(term, "value", term) for term in row) for row in answer.rows
    ]


def test_select_gives_columns_in_order_and_rows(engine: Engine) -> None:
    answer = engine.query("SELECT ?printed ?s WHERE { ?s kg:printed ?printed } ORDER BY ?s")
    assert isinstance(answer, Table)
    assert list(answer.columns) == ["printed", "s"]
    assert [row[0].value for row in answer.rows] == ["36.0", "0.031"]  # type: ignore[union-attr]


def test_ask_gives_a_bool(engine: Engine) -> None:
    assert engine.query("ASK { ?s a kg:Trial }") is True
    assert engine.query("ASK { ?s a kg:Deal }") is False


def test_construct_gives_triples(engine: Engine) -> None:
    answer = engine.query("CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kg:Trial ; rdfs:label ?l }")
    assert isinstance(answer, list)
    assert [(one.subject.value, one.object.value, one.object.language) for one in answer] == [  # type: ignore[union-attr]
        (EX + "three", "third", "en")
    ]


def test_describe_holds_the_statements_about_an_entity(engine: Engine) -> None:
    answer = engine.query(f"DESCRIBE <{EX}three>")
    assert isinstance(answer, list)
    own = {one.predicate.value.rpartition("#")[2] for one in answer if one.subject.value == EX + "three"}  # type: ignore[union-attr]
    assert own == {"type", "label", "subClassOf"}


def test_the_default_graph_is_the_union(engine: Engine) -> None:
    assert rows(engine, "SELECT ?v ?n { ex:one kg:value ?v . <https://example.org/n/00007> ex:number ?n }")


def test_the_declared_prefixes_need_no_prefix_line(engine: Engine) -> None:
    assert len(engine.query("SELECT ?s { ?s a kg:Result }")) == 2  # type: ignore[arg-type]


def test_printed_forms_survive_and_numbers_are_equal_as_numbers(engine: Engine) -> None:
    answer_rows = rows(
        engine, "SELECT ?printed ?v { ?s kg:printed ?printed ; kg:value ?v } ORDER BY ?printed"
    )
    assert [printed for printed, _ in answer_rows] == ["0.031", "36.0"]
    assert [Decimal(str(value)) for _, value in answer_rows] == [Decimal("0.031"), Decimal("36")]


def test_literals_keep_datatype_and_language(engine: Engine) -> None:
    answer = engine.query(
        f"SELECT ?size ?date ?l ?b {{ <{EX}one> kg:size ?size ; kg:date ?date ; rdfs:label ?l ;"
        " kg:isRandomised ?b }"
    )
    assert isinstance(answer, Table)
    size, date, label, flag = answer.rows[0]
    assert size == Literal(391)
    assert date == Literal("2018-11", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth"))
    assert label == Literal("first", language="en")
    assert flag == Literal(True)


def test_text_survives_whole(engine: Engine) -> None:
    wanted = 'Tab\t, line\nbreak, "quotes", back\\slash, \u00e9\u00df\u4e2d\U0001f9ec'
    assert rows(engine, "SELECT ?n { ?s kg:note ?n }") == [(wanted,)]


def test_optional_leaves_a_hole(engine: Engine) -> None:
    answer_rows = rows(engine, "SELECT ?s ?note { ?s a kg:Result OPTIONAL { ?s kg:note ?note } } ORDER BY ?s")
    assert answer_rows[0] == (EX + "one", None)
    assert answer_rows[1][1]


def test_values_that_open_the_where_bind(engine: Engine) -> None:
    assert rows(engine, "SELECT ?s { VALUES (?size) { (391) } ?s kg:size ?size }") == [(EX + "one",)]
    assert len(rows(engine, "SELECT ?s { VALUES (?c) { (UNDEF) } ?s a ?c . FILTER(?c = kg:Result) }")) == 2


def test_aggregates_and_filters(engine: Engine) -> None:
    answer_rows = rows(
        engine, "SELECT (COUNT(?s) AS ?n) (MAX(?v) AS ?most) { ?s kg:value ?v . FILTER(?v > 0.001) }"
    )
    assert [Decimal(str(cell)) for cell in answer_rows[0]] == [Decimal(2), Decimal(36)]
    assert len(rows(engine, "SELECT ?s { ?s a kg:Result FILTER NOT EXISTS { ?s kg:note ?n } }")) == 1


def test_paths_walk_up(engine: Engine) -> None:
    answer_rows = rows(engine, "SELECT DISTINCT ?up { ex:three rdfs:subClassOf+ ?up } ORDER BY ?up")
    assert answer_rows == [(EX + "one",), (EX + "two",)]


def test_long_answers_come_whole_and_in_order(engine: Engine) -> None:
    answer_rows = rows(engine, "SELECT ?s ?n { ?s ex:number ?n } ORDER BY ?s")
    assert [int(str(number)) for _, number in answer_rows] == list(range(MANY))


@pytest.mark.parametrize(
    "sparql", ["SELECT ?s WHERE { ?s a", "SELEC ?s { ?s ?p ?o }", "", "SELECT ?s { ?s nope:thing ?o }"]
)
def test_bad_sparql_is_a_query_error(engine: Engine, sparql: str) -> None:
    with pytest.raises(QueryError):
        engine.query(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "PREFIX x: <urn:x> # SELECT\nDROP ALL",
        "INSERT { <urn:a> <urn:b> ?n } WHERE { SELECT (1 AS ?n) { } }",
        "CLEAR ALL",
    ],
)
def test_updates_are_refused_and_change_nothing(engine: Engine, sparql: str) -> None:
    with pytest.raises(QueryError):
        engine.query(sparql)
    assert engine.query("ASK { <urn:a> <urn:b> ?x }") is False
    assert engine.query("ASK { ?s a kg:Trial }") is True
