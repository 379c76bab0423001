"""What a query itself says of its dataset and of the base of its IRIs."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph


@pytest.fixture(scope="module", params=["memory", "rdflib"])
def kg(request: pytest.FixtureRequest) -> KnowledgeGraph:
    return KnowledgeGraph.open(engine=request.param)


def test_from_chooses_the_graph(kg: KnowledgeGraph) -> None:
    counted = "SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}"
    whole = kg.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"]
    one = kg.select(counted.format(graph=kg.names.base + "data/drug.ttl"))[0]["n"]
    assert 0 < one < whole
    assert kg.select(counted.format(graph="urn:none"))[0]["n"] == 0


def test_from_named_chooses_what_graph_sees(kg: KnowledgeGraph) -> None:
    query = "SELECT DISTINCT ?g FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    graph = kg.names.base + "data/drug.ttl"
    assert kg.select(query.format(graph=graph)).column("g") == [graph]


def test_relative_iris_have_the_base_of_the_programme() -> None:
    kg = KnowledgeGraph.open(engine="memory")
    assert kg.query("ASK { <trial/pivot-02> a kg:Trial }") is True
