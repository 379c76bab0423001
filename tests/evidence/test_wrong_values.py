"""A value that is no number ends no answer about the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.evidence.facts import Facts

WRONG = """
@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/bempeg-kg/result/wrong> a kg:Result ; rdfs:label "Wrong" ;
    kg:trial <https://w3id.org/bempeg-kg/trial/pivot-02> ;
    kg:endpoint <https://w3id.org/bempeg-kg/endpoint/orr> ;
    kg:statistic <https://w3id.org/bempeg-kg/statistic/proportion> ;
    kg:unit <https://w3id.org/bempeg-kg/unit/percent> ;
    kg:value "high" ; kg:printed "high" ; kg:numerator "about 20" ; kg:denominator 38.5 ; kg:level "nan" .
"""


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("wrong") / "wrong.ttl"
    path.write_text(WRONG)
    return KnowledgeGraph.open(engine="memory").add(Path(path))


@pytest.mark.parametrize("question", ["exact-intervals", "impossible-numbers"])
def test_a_wrong_value_does_not_change_the_answer_about_the_others(
    added: KnowledgeGraph, kg: KnowledgeGraph, question: str
) -> None:
    wrong = "https://w3id.org/bempeg-kg/result/wrong"
    others = [row for row in added.ask(question).rows if wrong not in map(str, row)]
    assert len(others) == len(kg.ask(question))


def test_a_wrong_value_counts_as_none(added: KnowledgeGraph) -> None:
    result = Facts.of(added).evidence.results["https://w3id.org/bempeg-kg/result/wrong"]
    assert (result.n, result.total, result.level, result.printed) == (None, None, None, "high")
