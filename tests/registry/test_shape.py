"""The table of mapped fields is true: each field changes the output, and nothing else does."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bempeg_kg.registry import Refused, map_record
from bempeg_kg.registry.fields import mapped_fields, unmapped, why_left
from bempeg_kg.registry.known_codes import known_codes

#: Values that must be of a kind for the field to mean anything.
_VALUES = {
    "protocolSection.identificationModule.nctId": "NCT01234567",
    "overallStatus": "TERMINATED",
    "startDateStruct.date": "2019-01-02",
    "date": "2020-05-06",
    "startDateStruct.type": "ESTIMATED",
    "primaryCompletionDateStruct.type": "ESTIMATED",
    "completionDateStruct.type": "ESTIMATED",
    "enrollmentInfo.type": "ESTIMATED",
    "pmid": "12345",
    "ancestors[].id": "D009448",
    "Date": "2018-02-03",
    "measures[].denomUnitsSelected": "Lesions",
    "baselineCharacteristicsModule.measures[].paramType": "COUNT_OF_PARTICIPANTS",
    "references[].type": "RESULT",
    "phases[]": "PHASE2",
    "meshes[].id": "D009447",
    "groupId": "G1",
    "groups[].id": "G1",
    "eventGroups[].id": "G1",
    "groupIds[]": "G1",
    "milestones[].type": "STARTED",
    "denomUnitsSelected": "Lesions",
    "typeUnitsAnalyzed": "Lesions",
    "paramType": "COUNT_OF_UNITS",
    "interventions[].type": "DRUG",
    "armGroups[].type": "EXPERIMENTAL",
    "outcomeMeasures[].type": "PRIMARY",
    "analyses[].ciNumSides": "ONE_SIDED",
    "analyses[].ciPctValue": "95",
    "secondaryIdInfos[].type": "EUDRACT_NUMBER",
    "frequencyThreshold": "5",
    "statusVerifiedDate": "2020-05",
    "studyFirstSubmitDate": "2018-01-01",
    "lastUpdateSubmitDate": "2021-01-01",
    "anticipatedPostingDate": "2022-03",
    "nonInferiorityType": "EQUIVALENCE",
    "reportingStatus": "NOT_POSTED",
    "armGroups[].label": "arm",
    "armGroupLabels[]": "arm",
    "interventions[].name": "one",
}
#: Fields that speak only where another one is silent.
_BEHIND = {
    "outcomeMeasures[].typeUnitsAnalyzed": "outcomeMeasures[].denomUnitsSelected",
    "lastUpdateSubmitDate": "lastUpdatePostDateStruct.date",
    "studyFirstSubmitDate": "studyFirstPostDateStruct.date",
}


def value_for(path: str, kind: str) -> Any:
    if kind == "bool":
        return True
    if kind == "degrees":
        return 1.5
    for ending in sorted(_VALUES, key=len, reverse=True):
        if path.endswith(ending):
            return _VALUES[ending]
    if path in known_codes():
        return min(known_codes()[path])
    return 7 if kind == "count" else f"text of {path}"


def put(record: dict[str, Any], path: str, value: Any) -> None:
    """Set a field, making objects and lists of one item on the way."""
    here: Any = record
    *folders, last = path.split(".")
    for name in folders:
        if name.endswith("[]"):
            items = here.setdefault(name[:-2], [{}])
            here = items[0]
        else:
            here = here.setdefault(name, {})
    if last.endswith("[]"):
        here[last[:-2]] = [value]
    else:
        here[last] = value


def drop(record: dict[str, Any], path: str) -> None:
    here: Any = record
    *folders, last = path.split(".")
    for name in folders:
        here = here[name.removesuffix("[]")]
        if isinstance(here, list):
            here = here[0]
    del here[last.removesuffix("[]")]


def full() -> dict[str, Any]:
    """A record in which every mapped field has a value."""
    record: dict[str, Any] = {}
    for path, kind in mapped_fields().items():
        put(record, path, value_for(path, kind))
    denoms = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]["denoms"]
    denoms[0]["units"] = "Lesions"
    denoms.append({"units": "Participants", "counts": [{"groupId": "G1", "value": "9"}]})
    denoms.append({"units": "Eyes", "counts": [{"groupId": "G1", "value": "8"}]})
    record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]["classes"][0]["denoms"] = [
        {"units": "Lesions", "counts": [{"groupId": "G1", "value": "5"}]},
    ]
    baseline = record["resultsSection"]["baselineCharacteristicsModule"]
    measured = baseline["measures"][0]
    for where in (baseline, measured, measured["classes"][0]):
        where["denoms"] = [
            {"units": unit, "counts": [{"groupId": "G1", "value": str(value)}]}
            for unit, value in (("Lesions", 12), ("Participants", 9), ("Eyes", 8))
        ]
    # The second intervention is named by the arm alone, the first names the arm.
    arms = record["protocolSection"]["armsInterventionsModule"]
    arms["interventions"].append({"type": "DRUG", "name": "two"})
    arms["armGroups"][0]["interventionNames"] = ["DRUG: two"]
    record["derivedSection"]["miscInfoModule"]["versionHolder"] = "2026-01-02"
    record["derivedSection"]["interventionBrowseModule"]["meshes"] = [{"id": "D000001", "term": "A"}]
    return record


def outcome_of(record: dict[str, Any]) -> Any:
    try:
        mapped = map_record(record)
    except Refused as refused:
        return refused.message
    return mapped.body, mapped.version


@pytest.mark.parametrize("path", mapped_fields())
def test_every_listed_field_matters(path: str) -> None:
    record = full()
    for field, before in _BEHIND.items():
        if path.endswith(field):
            drop(record, path[: -len(field)] + before)
    measure = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    if path.endswith(("typeUnitsAnalyzed", "denomUnitsSelected")):
        del measure["classes"][0]["denoms"]
        put(record, path, "Eyes")
    elif ".outcomeMeasures[].denoms[]" in path:
        del measure["classes"][0]["denoms"]
    baseline = record["resultsSection"]["baselineCharacteristicsModule"]
    if "baselineCharacteristicsModule.measures[].den" in path:
        del baseline["measures"][0]["classes"][0]["denoms"]
    before = outcome_of(record)
    assert isinstance(before, tuple), before
    changed = copy.deepcopy(record)
    drop(changed, path)
    assert outcome_of(changed) != before


def test_nothing_else_matters(records: dict[str, Any]) -> None:
    for record in (*records.values(), full()):
        before = outcome_of(record)
        changed = copy.deepcopy(record)
        for path in unmapped(record):
            if "[]" not in path:
                drop(changed, path)
        changed["protocolSection"]["identificationModule"]["unheardOf"] = {"a": [1, 2]}
        assert outcome_of(changed) == before


def test_what_is_not_mapped_is_counted(records: dict[str, Any]) -> None:
    assert unmapped(full()) == {}
    left = unmapped(records["NCT02210780"])
    assert left["hasResults"] == 1
    assert all(map(why_left, left))
    assert not set(left) & set(mapped_fields())


def test_what_is_nested_deeper_than_python_calls_is_counted() -> None:
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    assert list(unmapped({"x": deep, "hasResults": True}).values()) == [1, 1]
