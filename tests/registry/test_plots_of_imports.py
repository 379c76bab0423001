"""Plots and the card of imported trials: whose numbers stand where, and what tells rows apart."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.pictures import plot
from tests.registry.programme import programme_of

_SYSTEMS = ("Eye disorders", "Vascular disorders")


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """A real record with a hazard ratio of two groups, neither a control; "other" in two organ systems."""
    record = copy.deepcopy(records["NCT02210780"])
    record["protocolSection"]["identificationModule"].pop("acronym", None)
    results = record["resultsSection"]
    measure = results["outcomeMeasuresModule"]["outcomeMeasures"][0]
    for group, title in zip(measure["groups"], ("Exen + Met", "Glim + Met"), strict=True):
        group["title"], group["description"] = title, ""
    measure["analyses"] = [
        {
            "groupIds": [group["id"] for group in measure["groups"]],
            "paramType": "Hazard Ratio (HR)", "paramValue": "0.748", "pValue": "0.0020",
            "ciPctValue": "95", "ciNumSides": "TWO_SIDED", "ciLowerLimit": "0.623", "ciUpperLimit": "0.899",
        }
    ]  # fmt: skip
    events = results["adverseEventsModule"]["otherEvents"]
    events += [{**copy.deepcopy(events[0]), "term": "Other", "organSystem": system} for system in _SYSTEMS]
    return programme_of([record], tmp_path_factory.mktemp("plots"))


def _words(svg: bytes) -> list[str]:
    return re.findall(r">([^<>]+)<", svg.decode())


def test_a_ratio_without_a_reference_stands_under_its_disease_with_the_size_of_each_group(
    kg: KnowledgeGraph,
) -> None:
    (row,) = kg.ask("picture-hazard-ratios")
    assert row["comparedGroup"] is None and row["compared"] == "Exen + Met; Glim + Met"
    words = _words(plot(kg, "hazard-ratios").to_bytes("svg"))
    assert not any("Several diseases" in word for word in words)
    assert "Atopic dermatitis" in words
    sizes = next(word for word in words if re.fullmatch(r"\d+; \d+", word))
    counts = kg.ask("results", trial="NCT02210780")
    of_group = {one["group"]: one["N"] for one in counts if one["endpointRole"] == "primary endpoint"}
    assert sizes == f"{of_group['Exen + Met']}; {of_group['Glim + Met']}"
    assert "events/N" not in words and words.count("N") == 2, "no row has events"


def test_a_narrow_row_says_what_each_of_its_numbers_is(kg: KnowledgeGraph) -> None:
    text = " ".join(_words(plot(kg, "hazard-ratios", shape="narrow").to_bytes("svg")))
    assert "ratio 0.748, interval 0.623 to 0.899, p 0.0020" in " ".join(text.split())
    assert "N compared " in text and "N reference " in text


def test_events_of_one_name_are_told_apart_by_organ_system(kg: KnowledgeGraph) -> None:
    text = " ".join(_words(plot(kg, "safety", trial="NCT02210780").to_bytes("svg")))
    assert all(f"other ({system.lower()})" in text for system in _SYSTEMS)


def test_the_card_of_a_trial_names_its_enrolment_and_arms_under_the_labels_of_properties(
    kg: KnowledgeGraph,
) -> None:
    card = kg.card("NCT02210780", 200)
    whole = "kg:group/kg:groupKind kg:wholeTrial"
    enrolled = kg.select(f"SELECT ?n {{ ?s kg:setKind kg:enrolled ; kg:size ?n ; {whole} }}")
    assert f"  participants: {enrolled[0]['n']} (enrolled)" in card.splitlines()
    arms = kg.select("SELECT ?arm ?name { ?arm a kg:Arm ; kg:shortLabel ?name } ORDER BY ?arm").column("name")
    assert len(arms) > 1 and f"  arms: {'; '.join(arms)}" in card.splitlines()
    assert card.count(": NCT02210780") == 1, "the number that stands for an acronym is not told again"
    assert "MeSH heading of the condition: Dermatitis (mesh:D003872); Dermatitis, Atopic (mesh:" in card
    assert "conditionMesh" not in card
