"""Every field and every code of the registry's data model is in the graph, or named as left out."""

from __future__ import annotations

import pytest

from bempeg_kg.registry import map_record
from bempeg_kg.registry.fields import mapped_fields, why_left
from bempeg_kg.registry.known_codes import known_codes
from tests.registry.data_model import paths
from tests.registry.test_mapping import ask, minimal
from tests.registry.test_shape import full, put

#: Ends of the fields whose texts have a form (numbers of the registry, of groups, of MeSH), or which name one
#: of the units of the denominators.
_FORMED = (
    "nctId", "groupId", "groups[].id", "eventGroups[].id", "groupIds[]", "meshes[].id", "ancestors[].id",
    "typeUnitsAnalyzed", "denomUnitsSelected",
)  # fmt: skip


def test_every_field_of_the_model_is_read_or_left_out_for_a_stated_reason() -> None:
    official = set(paths())
    assert len(official) > 340
    assert [path for path in sorted(official) if path not in mapped_fields() and not why_left(path)] == []
    assert set(mapped_fields()) - official == set()
    assert set(known_codes()) - official == set()


def test_every_text_of_a_record_is_in_the_graph() -> None:
    """Each text is one of a kind, so it is found in the statements if it was not lost."""
    record = full()
    texts = {}
    for number, path in enumerate(paths()):
        is_text = mapped_fields().get(path) in ("text", "detail") and path not in known_codes()
        if is_text and not path.endswith(_FORMED):
            texts[path] = f"mark {number} of a text"
            put(record, path, texts[path])
    mapped = map_record(record)
    body = mapped.body.decode()
    told = tuple({problem.path for problem in mapped.problems})
    assert [path for path, text in texts.items() if text not in body and not path.startswith(told)] == []


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        pytest.param(*one, marks=[pytest.mark.thorough] if at % 8 else [])
        for at, one in enumerate(known_codes().items())
    ],
)
def test_no_code_stands_for_another_and_a_new_one_is_kept_and_told(path: str, codes: frozenset[str]) -> None:
    made: dict[bytes, str] = {}
    record = full()
    for code in sorted(codes):
        put(record, path, code)
        mapped = map_record(record)
        assert not any("no code" in problem.message for problem in mapped.problems), code
        made.setdefault(mapped.body, code)
    assert len(made) == len(codes), set(codes) - set(made.values())
    put(record, path, "BRAND_NEW")
    mapped = map_record(record)
    assert "BRAND_NEW" in mapped.body.decode()
    assert (path, "'BRAND_NEW' is no code that the importer knows: kept as printed") in mapped.problems
    for value in (7, True, None, "", ["BRAND_NEW"], {"a": "b"}):  # a code of another type costs no record
        put(record, path, value)
        assert map_record(record)


def test_a_status_of_an_expanded_access_is_no_unknown_one() -> None:
    record = minimal()
    for status, absent in (("AVAILABLE", "inText"), ("UNKNOWN", "unknown"), ("BRAND_NEW", "inText")):
        put(record, "protocolSection.statusModule.overallStatus", status)
        (row,) = ask(record, "?t a kg:Trial ; kg:statusAbsent ?absent ; kg:statusPrinted ?words")
        assert row["absent"].endswith(f"#{absent}")
        assert row["words"] == status.replace("_", " ").capitalize()
    put(record, "protocolSection.designModule.expandedAccessTypes.individual", True)
    assert ask(record, '?s kg:recordDetail "expanded access for single patients: yes"')


def test_a_coded_interval_at_baseline_has_its_level() -> None:
    record = full()
    measure = record["resultsSection"]["baselineCharacteristicsModule"]["measures"][0]
    (measured,) = measure["classes"][0]["categories"][0]["measurements"]
    measured.update(lowerLimit="1.0", upperLimit="2.0")
    row = (
        "?r a kg:BaselineMeasurement ; kg:lowerPrinted ?low OPTIONAL { ?r kg:level ?level ; kg:lower ?lower }"
    )
    for code, level in (("CONFIDENCE_95", "95"), ("CONFIDENCE_975", "97.5"), ("CONFIDENCE_OTHER", None)):
        measure["dispersionType"] = code
        (found,) = ask(record, row)
        assert (found["low"], found.get("level")) == ("1.0", level)
        assert ("lower" in found) == (level is not None)


def test_names_that_no_list_has_are_told() -> None:
    record = full()
    put(record, "protocolSection.armsInterventionsModule.interventions[].armGroupLabels[]", "another")
    put(record, "protocolSection.armsInterventionsModule.armGroups[].interventionNames[]", "DRUG: another")
    put(record, "protocolSection.referencesModule.references[].pmid", "PMC12")
    put(record, "resultsSection.baselineCharacteristicsModule.denoms[].counts[].groupId", "BG999")
    put(record, "resultsSection.outcomeMeasuresModule.outcomeMeasures[].denoms[].counts[].groupId", "OG999")
    messages = [problem.message for problem in map_record(record).problems]
    assert messages == [
        "a PubMed number that is none was left out",
        "an intervention of an arm that is not listed",
        "an arm with an intervention that is not listed",
        "a denominator of a group that is not listed was left out",
        "a denominator of a group that is not listed was left out",
    ]


def test_a_number_that_is_none_of_eudract_is_another_number() -> None:
    record = minimal()
    numbers = (" 2011-001234-12", "2011-001234-12-NL", "2023-501234-12-00")
    record["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [
        {"id": number, "type": "EUDRACT_NUMBER"} for number in numbers
    ]
    assert [row["n"] for row in ask(record, "?t kg:eudract ?n")] == ["2011-001234-12"]
    assert {row["n"] for row in ask(record, "?t kg:otherIdentifier ?n")} == set(numbers[1:])
    assert ask(record, '?s kg:recordDetail "further number: EUDRACT_NUMBER; 2011-001234-12-NL"')
