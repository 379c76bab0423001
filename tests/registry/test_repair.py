"""One odd value costs that value, and is told; the rest of its record is there."""

from __future__ import annotations

from typing import Any

import pytest

from bempeg_kg.registry import map_record
from tests.registry.test_mapping import ask, outcome_record

_OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures[]"


def measurements(record: dict[str, Any]) -> list[dict[str, Any]]:
    outcomes = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    found: list[dict[str, Any]] = outcomes[0]["classes"][0]["categories"][0]["measurements"]
    return found


@pytest.mark.parametrize(
    ("value", "printed"),
    [(27.5, "27.5"), (7, "7"), (["27.5"], "27.5"), ({"a": 1}, None), (True, None), ("5 \ud800", "5 \ufffd")],
)
def test_a_value_of_a_wrong_type_is_read_or_left_out_and_told(value: Any, printed: str | None) -> None:
    record = outcome_record()
    measurements(record)[0]["value"] = value
    (row,) = ask(record, "?r a kg:Result ; kg:group/kg:shortLabel 'Drug' OPTIONAL { ?r kg:printed ?printed }")
    assert row.get("printed") == printed
    (problem, *_) = map_record(record).problems
    assert problem.path == f"{_OUTCOMES}.classes[].categories[].measurements[].value"


def test_a_measurement_of_no_group_is_kept_and_has_no_denominator_of_another() -> None:
    record = outcome_record()
    (outcome,) = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    outcome["denoms"] = [{"units": "Participants", "counts": [{"value": "9"}]}]
    del measurements(record)[0]["groupId"]
    (row,) = ask(
        record, "?r kg:printed '27.5' ; kg:analysisSet ?s ; kg:printed ?printed OPTIONAL { ?s kg:size ?size }"
    )
    assert row["printed"] == "27.5"
    assert "size" not in row
    assert {problem.path.rpartition(".")[2] for problem in map_record(record).problems} == {"groupId"}


@pytest.mark.parametrize(
    ("module", "value"),
    [
        ("conditionsModule", {"conditions": "Melanoma"}),
        ("conditionsModule", {"conditions": ["Melanoma", None]}),
        ("conditionsModule", [{"conditions": ["Melanoma"]}]),
    ],
)
def test_a_list_and_a_thing_in_place_of_each_other(module: str, value: Any) -> None:
    record = outcome_record()
    record["protocolSection"][module] = value
    assert ask(record, "?t kg:conditionPrinted 'Melanoma'")
    assert len(ask(record, "?r a kg:Result")) == 2
    assert map_record(record).problems


def test_a_record_nested_deeper_than_python_calls_is_mapped() -> None:
    deep: Any = "x"
    for _ in range(5_000):
        deep = {"a": deep}
    record = outcome_record()
    record["futureSection"] = deep
    assert len(ask(record, "?r a kg:Result")) == 2
