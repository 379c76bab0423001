"""One rule finds the trials of a condition or a drug, whoever asks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UnknownName
from bempeg_kg.evidence.answers.primary_results import primary_results
from bempeg_kg.graph.binding import bound_query
from bempeg_kg.graph.given_in import trials_of
from bempeg_kg.graph.opened import open_engine
from tests.registry.programme import programme_of

#: Number -> the condition that is printed, the MeSH heading and one above it, the drug.
TRIALS = {
    1: ("Type 2 Diabetes", "Diabetes Mellitus, Type 2", "Diabetes Mellitus", "insulin glargine"),
    2: ("Diabetes, Type II", "", "", "insulin"),
    3: ("Type2 Diabetes", "", "", "glargine insulin 100 U/ml"),
    4: ("High sugar", "Diabetes Mellitus, Type 2", "Diabetes Mellitus", "semaglutide"),
    5: ("Type 1 Diabetes", "Diabetes Mellitus, Type 1", "Diabetes Mellitus", "insulin glargine"),
    6: ("Small Cell Lung Cancer", "Small Cell Lung Carcinoma", "Lung Neoplasms", "topotecan"),
    7: ("NSCLC", "Carcinoma, Non-Small-Cell Lung", "Lung Neoplasms", "topotecan"),
    8: ("Stage III/IV Melanoma", "Melanoma", "Neoplasms", "interleukin 2"),
}


def record(number: int) -> dict[str, Any]:
    printed, heading, above, drug = TRIALS[number]
    mesh = {
        "meshes": [{"id": f"D00001{number}", "term": heading}],
        "ancestors": [{"id": f"D00002{number}", "term": above}],
    }
    outcome = {"measure": "Mean weight", "timeFrame": "1 year"}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Not about asthma {number}"},
            "statusModule": {"overallStatus": "COMPLETED"},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE3"]},
            "conditionsModule": {"conditions": [printed]},
            "outcomesModule": {"primaryOutcomes": [outcome]},
            "armsInterventionsModule": {
                "armGroups": [{"label": "A", "type": "EXPERIMENTAL", "interventionNames": [f"Drug: {drug}"]}],
                "interventions": [{"name": drug, "type": "DRUG", "armGroupLabels": ["A"]}],
            },
        },
        "derivedSection": {"conditionBrowseModule": mesh} if heading else {},
    }


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder: Path = tmp_path_factory.mktemp("conditions")
    return programme_of([record(number) for number in TRIALS], folder)


def numbers(iris: set[str]) -> set[int]:
    return {int(iri.rpartition("nct")[2]) for iri in iris}


def bound(kg: KnowledgeGraph, name: str, **given: object) -> set[int]:
    """The trials that stand in a query in place of what was given."""
    query = bound_query(kg, kg.questions[name], given)
    block = re.search(r"VALUES \(\?trial\) \{([^}]*)\}", query)
    return numbers(set(re.findall(r"<([^>]*)>", block[1] if block else "")))


@pytest.mark.parametrize(
    ("given", "trials"),
    [
        ("type 2 diabetes", {1, 2, 3, 4}),
        ("diabetes type 2", {1, 2, 3, 4}),
        ("Diabetes, Type II", {1, 2, 3, 4}),
        ("type2 diabetes", {1, 2, 3, 4}),
        ("type 1 diabetes", {5}),
        ("diabetes", {1, 2, 3, 4, 5}),
        ("small cell lung cancer", {6}),
        ("non-small cell lung carcinoma", {7}),
        ("lung cancer", {6, 7}),
        ("neoplasm", {6, 7, 8}),
        ("stage 4 melanoma", {8}),
    ],
)
def test_all_ways_to_ask_for_a_condition_find_the_same_trials(
    kg: KnowledgeGraph, given: str, trials: set[int]
) -> None:
    for name in ("hazard-ratios", "reporting-delays", "futility-or-safety-stops", "picture-safety"):
        assert bound(kg, name, condition=given) == trials, name
    assert numbers(set(map(str, primary_results(kg, condition=given).column("trial")))) == trials
    if not given.startswith("non-"):  # a sentence with a negation is refused where no condition is called so
        assert numbers(set(map(str, kg.ask(f"trials in {given}").column("trial")))) == trials
    listed = kg.ask("programme-trials")
    kg.about(listed, [given])
    assert numbers(set(map(str, listed.column("trial")))) == trials


def test_show_lists_the_trials_that_the_filter_finds(kg: KnowledgeGraph) -> None:
    for name in ("type 2 diabetes", "Small Cell Lung Cancer"):
        listed = {one["trial"] for one in trials_of(kg, kg.resolve(name))}
        assert numbers(listed) == bound(kg, "hazard-ratios", condition=name)
    assert "Trials (4)" in kg.card("type 2 diabetes")


def test_a_drug_is_found_by_the_words_of_its_name_in_any_order(kg: KnowledgeGraph) -> None:
    assert bound(kg, "hazard-ratios", drug="glargine insulin") == {1, 3, 5}
    assert bound(kg, "hazard-ratios", drug="insulin") == {1, 2, 3, 5}
    assert bound(kg, "hazard-ratios", drug=["semaglutide", "topotecan"]) == {4, 6, 7}
    assert bound(kg, "hazard-ratios", drug="insulin", condition="type 2 diabetes") == {1, 2, 3}
    assert bound(kg, "hazard-ratios", drug="insulin", trial="NCT00000001") == {1}
    assert numbers({one["trial"] for one in trials_of(kg, kg.resolve("insulin"))}) == {1, 2, 3, 5}


@pytest.mark.parametrize("engine", ["memory", "rdflib"])
def test_nothing_is_left_of_a_drug_that_no_trial_of_a_condition_gives(
    kg: KnowledgeGraph, engine: str
) -> None:
    kg = KnowledgeGraph(kg.content, open_engine(kg.content, engine))
    answer = kg.ask("hazard-ratios", drug="semaglutide", condition="melanoma")
    assert not answer.rows
    assert answer.reason.startswith("nothing fits drug = semaglutide, condition = melanoma")
    assert not kg.ask("primary-results", drug="semaglutide", condition="melanoma").rows


@pytest.mark.parametrize("name", ["hazard-ratios", "primary-results", "pool-results", "reporting-delays"])
def test_a_condition_that_nothing_has_is_refused_with_those_near(kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(UnknownName, match="no condition 'type 3 diabetes'") as refused:
        kg.ask(name, condition="type 3 diabetes")
    assert "Type 2 Diabetes" in str(refused.value)
    with pytest.raises(UnknownName):
        kg.ask(name, condition=["melanoma", "melanom"])  # a part of a word is no word
