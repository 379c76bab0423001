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
<https://w3id.org/bempeg-kg/result/none-of-none> a kg:Result ; rdfs:label "None of none" ;
    kg:trial <https://w3id.org/bempeg-kg/trial/pivot-02> ;
    kg:endpoint <https://w3id.org/bempeg-kg/endpoint/orr> ;
    kg:statistic <https://w3id.org/bempeg-kg/statistic/proportion> ;
    kg:unit <https://w3id.org/bempeg-kg/unit/percent> ;
    kg:value 0 ; kg:printed "0" ; kg:denominator 0 .
<https://w3id.org/bempeg-kg/contrast/wrong-way> a kg:Contrast ; rdfs:label "Limits the wrong way round" ;
    kg:trial <https://w3id.org/bempeg-kg/trial/pivot-io-001> ;
    kg:endpoint <https://w3id.org/bempeg-kg/endpoint/os> ;
    kg:measure <https://w3id.org/bempeg-kg/statistic/hazard-ratio> ;
    kg:value 0.81 ; kg:printed "0.81" ; kg:lower 0.94 ; kg:lowerPrinted "0.94" ; kg:upper 0.7 ;
    kg:upperPrinted "0.70" ; kg:level 97 .
<https://w3id.org/bempeg-kg/contrast/level-of-5> a kg:Contrast ; rdfs:label "Level of 5" ;
    kg:trial <https://w3id.org/bempeg-kg/trial/pivot-io-001> ;
    kg:endpoint <https://w3id.org/bempeg-kg/endpoint/os> ;
    kg:measure <https://w3id.org/bempeg-kg/statistic/hazard-ratio> ;
    kg:value 0.81 ; kg:printed "0.81" ; kg:lower 0.7 ; kg:lowerPrinted "0.70" ; kg:upper 0.94 ;
    kg:upperPrinted "0.94" ; kg:level 5 .
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
    names = ("result/wrong", "contrast/level-of-5", "result/none-of-none", "contrast/wrong-way")
    others = [row for row in added.ask(question).rows if not any(name in str(row) for name in names)]
    assert len(others) == len(kg.ask(question))


def test_a_level_that_is_none_is_said_and_the_other_comparisons_are_rated(
    added: KnowledgeGraph, kg: KnowledgeGraph
) -> None:
    rated = {str(row["statement"]).rpartition("/")[2]: row for row in added.ask("how-certain")}
    assert len(rated) == len(kg.ask("how-certain")) + 2
    assert "its level of 5 is no confidence level" in str(rated["level-of-5"]["automatic"])
    others = ["contrast:level-of-5", "contrast:pivot-io-001-os"]
    refused = [str(row["text"]) for row in added.ask("pool-results", results=others)]
    assert any("has no usable level: contrast:level-of-5" in detail for detail in refused)


def test_a_wrong_value_counts_as_none(added: KnowledgeGraph) -> None:
    result = Facts.of(added).evidence.results["https://w3id.org/bempeg-kg/result/wrong"]
    assert (result.n, result.total, result.level, result.printed) == (None, None, None, "high")


def test_limits_the_wrong_way_round_are_no_interval(added: KnowledgeGraph) -> None:
    others = ["contrast:wrong-way", "contrast:pivot-io-001-os"]
    refused = [str(row["text"]) for row in added.ask("pool-results", results=others)]
    assert any("contrast:wrong-way" in detail for detail in refused)
