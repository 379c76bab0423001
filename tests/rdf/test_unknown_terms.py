"""A term that the vocabulary lacks is named on every face."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UnknownTerm
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.sparql.unknown import unknown_terms
from bempeg_kg.web.endpoint.mistakes import strangers
from bempeg_kg.web.endpoint.protocol import Endpoint
from tests.conftest import Cli

WRONG = "SELECT ?x { ?x a kg:Trail }"
SAID = "nothing in the graph is called kg:Trail; did you mean kg:Trial?"


@pytest.mark.parametrize(
    "query", [WRONG, f"PREFIX v: <{VOCAB}> ASK {{ ?x a v:Trail }}", f"ASK {{ ?x a <{VOCAB}Trail> }}"]
)
def test_a_term_is_named_however_it_is_written(query: str) -> None:
    assert unknown_terms(query, {"Trial"}, {"kg": VOCAB}) == [SAID]


def test_python_warns_and_known_terms_do_not(kg: KnowledgeGraph, recwarn: pytest.WarningsRecorder) -> None:
    with pytest.warns(UnknownTerm, match="kg:Trail; did you mean kg:Trial"):
        kg.query(WRONG)
    recwarn.clear()
    kg.select("SELECT ?x { ?x a kg:Trial ; kg:phase ?p }")
    for question in kg.questions.all():
        assert kg.to_mind(question.sparql) == []
    assert not [one for one in recwarn if one.category is UnknownTerm]


def test_the_command_line_and_the_tools_say_it(kg: KnowledgeGraph, cli: Cli) -> None:
    assert SAID in cli("query", WRONG).stderr
    assert SAID in strangers(WRONG, kg)


def test_the_endpoint_says_it_in_a_header() -> None:
    endpoint = Endpoint.__new__(Endpoint)
    endpoint.vocabulary, endpoint.prefixes = frozenset({"Trial"}), {"kg": VOCAB}
    assert endpoint._warning(WRONG) == [(b"warning", b'299 - "' + SAID.encode() + b'"')]
    assert endpoint._warning("SELECT ?x { ?x a kg:Trial }") == []
