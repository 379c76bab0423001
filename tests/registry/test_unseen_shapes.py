"""Shapes that the API allows and few records have: each was once read as another number or another group."""

from __future__ import annotations

from typing import Any

import pytest

from bempeg_kg.registry import map_record
from bempeg_kg.registry.analyses import reference_of
from bempeg_kg.registry.arm_titles import Arm, arms_of_titles
from bempeg_kg.registry.codes import ARM_ROLE
from bempeg_kg.registry.record import Group
from tests.registry.test_mapping import ask, outcome_record


def outcome(title: str, groups: list[dict[str, str]], values: list[str]) -> dict[str, Any]:
    ids = [group["id"] for group in groups]
    return {
        "type": "PRIMARY", "title": title, "timeFrame": "1 year", "reportingStatus": "POSTED",
        "paramType": "MEAN", "unitOfMeasure": "mmHg", "groups": groups,
        "denoms": [{"units": "Participants", "counts": [{"groupId": one, "value": "40"} for one in ids]}],
        "classes": [{"categories": [{"measurements": [
            {"groupId": one, "value": value} for one, value in zip(ids, values, strict=True)]}]}],
    }  # fmt: skip


def of_groups(*titles: str | None) -> list[tuple[str, str]]:
    """(label of the group, value) of a record with an outcome for each title, the values 1, 2, ..."""
    record = outcome_record()
    record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"] = [
        outcome(f"Outcome {number}", [{"id": "OG000", **({"title": title} if title else {})}], [str(number)])
        for number, title in enumerate(titles, 1)
    ]
    rows = ask(record, "?r kg:printed ?value ; kg:group ?g . ?g kg:shortLabel ?label")
    return sorted({(row["value"], row["label"]) for row in rows})


@pytest.mark.parametrize(
    "titles",
    [
        ("Group A", "Group A'"),
        ("Dose \u2191", "Dose \u2193"),
        ("Cohort 1*", "Cohort 1"),
        ("PD-L1 (-)", "PD-L1"),
        ("HER2\u2013", "HER2"),
    ],
)
def test_groups_whose_titles_differ_in_a_mark_are_two(titles: tuple[str, str]) -> None:
    assert of_groups(*titles) == [("1", titles[0]), ("2", titles[1])]


def test_groups_without_a_title_are_of_their_list_alone() -> None:
    labels = {label for _, label in of_groups(None, None)}
    assert len(labels) == 2


@pytest.mark.parametrize(
    ("first", "second", "reference"),
    [
        (("Nivolumab + standard of care", "EXPERIMENTAL"), ("Chemotherapy", "OTHER"), ""),
        (("Tight glucose control", "EXPERIMENTAL"), ("Conventional therapy", "OTHER"), ""),
        (("Placebo group", "EXPERIMENTAL"), ("Chemotherapy", "OTHER"), ""),
        (("Drug A, placebo-controlled part", ""), ("Drug A, open-label part", ""), ""),
        (("Placebo", "EXPERIMENTAL"), ("Drug A", "EXPERIMENTAL"), "Placebo"),
        (("Drug A + standard of care", ""), ("Placebo + standard of care", ""), "Placebo + standard of care"),
        (("Drug A", "EXPERIMENTAL"), ("Drug B", "ACTIVE_COMPARATOR"), "Drug B"),
    ],
)
def test_an_experimental_arm_is_no_reference(
    first: tuple[str, str], second: tuple[str, str], reference: str
) -> None:
    groups = [Group(f"<urn:{title}>", title, ARM_ROLE.get(kind, "")) for title, kind in (first, second)]
    found = reference_of(groups)
    assert (found.title if found else "") == reference


def sizes(title: str, values: tuple[str, str], groups: tuple[str, str] = ("Drug", "Placebo")) -> set[str]:
    """The denominators of a class with this title in an outcome of 100 and 100 patients."""
    record = outcome_record(
        paramType="COUNT_OF_PARTICIPANTS", unitOfMeasure="Participants",
        groups=[{"id": f"OG00{place}", "title": name} for place, name in enumerate(groups)],
        denoms=[{"units": "Participants", "counts": [
            {"groupId": "OG000", "value": "100"}, {"groupId": "OG001", "value": "100"}]}],
        classes=[{"title": title, "categories": [{"measurements": [
            {"groupId": f"OG00{place}", "value": value} for place, value in enumerate(values)]}]}],
    )  # fmt: skip
    rows = ask(record, "?r a kg:Result ; kg:numerator ?n ; kg:denominator ?total")
    return {f"{row['n']}/{row['total']}" for row in rows}


@pytest.mark.parametrize(
    ("title", "values", "expected"),
    [
        ("Week 12 (n=20, n=99)", ("15", "60"), {"15/20", "60/99"}),
        ("Week 12 (n=20; 99)", ("15", "60"), {"15/100", "60/100"}),
        ("Week 12 (Placebo n=99, Drug n=20)", ("15", "60"), {"15/100", "60/100"}),
        ("Gene n=3, n=4 copies", ("2", "1"), {"2/100", "1/100"}),
        ("Events: n=1; n=20", ("15", "20"), {"15/100", "20/100"}),
        ("Week 12 (n=20, n=99)", ("60", "15"), {"60/100", "15/100"}),
    ],
)
def test_sizes_in_a_title_are_taken_where_their_order_is_plain(
    title: str, values: tuple[str, str], expected: set[str]
) -> None:
    assert sizes(title, values) == expected


def test_an_address_has_a_domain_of_letters() -> None:
    record = outcome_record(title="Concentration@1.5h after dose", description="Ask jane@clinic.example")
    body = map_record(record).body.decode()
    assert "Concentration@1.5h after dose" in body
    assert "jane@" not in body and "(address left out)" in body


def measures(printed: str, unit: str) -> list[str]:
    record = outcome_record(
        unitOfMeasure=unit,
        analyses=[{"groupIds": ["OG000", "OG001"], "paramType": printed, "paramValue": "-0.53"}],
    )
    rows = ask(record, "?c a kg:Contrast ; kg:measure ?m ; kg:unit ?u")
    return [f"{row['m'].rpartition('/')[2]} {row['u'].rpartition('/')[2]}" for row in rows]


def test_a_logarithm_of_a_ratio_is_no_ratio() -> None:
    assert measures("Hazard Ratio (HR)", "months") == ["hazard-ratio ratio"]
    assert not any("hazard-ratio ratio" in one for one in measures("Hazard Ratio (log)", "months"))
    assert not any(
        one.startswith("mean-difference ") for one in measures("Mean Difference (log10)", "copies/mL")
    )


def test_a_difference_in_percent_of_means_is_none_of_risks() -> None:
    assert measures("Percentage Difference", "Percentage of participants")[0].startswith("risk-difference")
    assert not measures("Percentage Difference", "mg/dL")[0].startswith("risk-difference")


def test_two_outcomes_of_one_title_have_comparison_sets_of_their_own() -> None:
    analysis = {"groupIds": ["OG000", "OG001"], "paramType": "Mean Difference", "paramValue": "1"}
    record = outcome_record(analyses=[analysis])
    measure = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"] = [measure, dict(measure)]
    rows = ask(record, "?c a kg:Contrast ; kg:analysisSet ?set ; kg:trialEndpoint ?te")
    assert len({row["te"] for row in rows}) == len({row["set"] for row in rows}) == 2


def test_a_part_of_an_arm_is_no_arm() -> None:
    arms = [Arm("Low", "EXPERIMENTAL"), Arm("High", "EXPERIMENTAL"), Arm("Placebo", "PLACEBO_COMPARATOR")]
    study = {
        "protocolSection": {
            "designModule": {"designInfo": {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL"}}
        },
        "resultsSection": {"adverseEventsModule": {"eventGroups": [
            {"id": "EG000", "title": "Low"}, {"id": "EG001", "title": "High Total"},
            {"id": "EG002", "title": "Placebo"}]}},
    }  # fmt: skip
    assert set(arms_of_titles(study, arms)) == {"low", "placebo"}


def test_who_did_not_enter_the_last_period_did_not_complete_0() -> None:
    def reached(period: str, started: tuple[str, str], completed: tuple[str, str]) -> dict[str, Any]:
        kinds = (("STARTED", started), ("COMPLETED", completed))
        return {"title": period, "milestones": [
            {"type": kind, "achievements": [
                {"groupId": f"FG00{place}", "numSubjects": number} for place, number in enumerate(numbers)]}
            for kind, numbers in kinds]}  # fmt: skip

    record = outcome_record()
    record["resultsSection"]["participantFlowModule"] = {
        "groups": [{"id": "FG000", "title": "Lead-in"}, {"id": "FG001", "title": "Drug"}],
        "periods": [
            reached("Lead-in", ("300", "0"), ("280", "0")),
            reached("Main", ("0", "140"), ("0", "120")),
        ],
    }
    rows = ask(record, "?s kg:setKind kg:completedStudy ; kg:size ?size ; kg:group/kg:shortLabel ?group")
    assert [(row["group"], row["size"]) for row in rows] == [("Drug", "120")]


def test_words_and_numbers_of_the_baseline_that_cannot_be_read_are_told() -> None:
    def measured(title: str, **of_group: str) -> dict[str, Any]:
        return {"title": title, "categories": [{"measurements": [{"groupId": "BG000", **of_group}]}]}

    record = outcome_record()
    record["resultsSection"]["baselineCharacteristicsModule"] = {
        "groups": [{"id": "BG000", "title": "Drug"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "100"}]},
                   {"units": "Eyes", "counts": [{"groupId": "BG000", "value": "150"}]}],
        "typeUnitsAnalyzed": "Eyes",
        "measures": [
            {"title": "Age", "paramType": "MEAN", "unitOfMeasure": "years",
             "dispersionType": "STANDARD_DEVIATION",
             "classes": [measured("All", value="60", spread="1.5.2"), {"title": "Week 3"}]},
            {"title": "Cataract", "paramType": "COUNT_OF_UNITS", "denomUnitsSelected": "Eyes",
             "unitOfMeasure": "Eyes", "classes": [measured("", value="15")]},
        ],
    }  # fmt: skip
    mapped = map_record(record)
    assert any(one.path.endswith(".spread") for one in mapped.problems)
    rows = ask(record, "?r kg:characteristic ?what OPTIONAL { ?r kg:unitDenominator ?units }")
    assert {row["what"]: row.get("units") for row in rows} == {"Age": None, "Cataract": "150"}
    assert "without data: Age; Week 3" in mapped.body.decode()


def test_a_limit_with_a_sign_and_a_level_of_0() -> None:
    analysis = {"groupIds": ["OG000", "OG001"], "paramType": "Mean Difference", "paramValue": "40",
                "ciPctValue": "95", "ciLowerLimit": "<30", "ciUpperLimit": "61"}  # fmt: skip
    rows = ask(
        outcome_record(analyses=[analysis]), "?c a kg:Contrast ; kg:lowerStatus ?why ; kg:upper ?upper"
    )
    assert [row["why"].rpartition("#")[2] for row in rows] == ["onlyBound"]
    mapped = map_record(outcome_record(analyses=[{**analysis, "ciPctValue": "0"}]))
    assert any("ciPctValue" in one.path for one in mapped.problems)
