"""Which endpoint an outcome's title names: what may be cut from it, and what makes another endpoint of it."""

from __future__ import annotations

import pytest

from bempeg_kg.rdf.names import BASE
from bempeg_kg.registry.endpoint_titles import event_names, head_of, is_of_tumours, share_of
from bempeg_kg.registry.hints import p_sides
from bempeg_kg.registry.joins import Joins
from tests.registry.test_mapping import ask, outcome_record


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("12-month overall survival", "overall survival"),
        ("Overall survival (final analysis)", "Overall survival"),
        ("Overall survival in patients with brain metastases", "Overall survival"),
        ("Overall survival (cancer-specific)", None),
        ("Progression-free survival (CNS)", None),
        ("Objective response rate - intracranial", None),
        ("Complete response rate - MRD-negative", None),
        ("Overall response rate (PSA)", None),
        ("Complete response (molecular)", None),
        ("Overall survival by MRD", "Overall survival"),
        ("Progression-free survival on the next line (PFS2)", None),
        ("Overall response rate at day 28 (aGVHD)", None),
    ],
)
def test_a_cut_never_makes_another_endpoint(title: str, head: str | None) -> None:
    assert head_of(title) == (head or title)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Time to death from any cause at month 24", "death from any cause"),
        ("28-day all-cause mortality", "all-cause mortality"),
        ("Number of participants with reported deaths from any cause", "deaths from any cause"),
        ("Participants From Time of Randomisation to All-cause Death", "All-cause Death"),
        ("Time to death (cardiovascular)", None),
        ("Time to death (CV)", None),
        ("Time to death (any cause other than cancer)", None),
    ],
)
def test_the_events_of_a_title_keep_their_cause(title: str, name: str | None) -> None:
    assert event_names(title)[-1] == (name or title)


def test_the_sides_of_an_interval_are_not_those_of_the_p_value() -> None:
    assert p_sides("odds ratio with two-sided 95% CI and p-value") is None
    assert p_sides("hazard ratio, CI, and 2-sided p-value") == 2
    assert p_sides("CI (two-sided) with a one-sided test") == 1


@pytest.mark.parametrize(
    ("title", "share"),
    [
        ("Percentage of Participants With Documented CR, CRi, or PR", "objective response rate"),
        ("Percentage of participants with CR (complete response) or PR (partial)", "objective response rate"),
        ("Number of Patients Who Achieved Very Good Partial Response or Partial Response", None),
        ("Proportion of subjects with a complete or partial cure", "complete or partial cure"),
        ("Percentage of participants with CR or CRi", "CR or CRi"),
        # A rate without the plain partial responses is another.
        ("Percentage of Participants With sCR, CR or VGPR", "sCR, CR or VGPR"),
        ("Percentage of participants with CR or nPR", "CR or nPR"),
        ("Percentage of participants with sCR, CR, VGPR, or PR", "objective response rate"),
        ("Percentage of Participants in Complete Response (CR) at the End of Induction", "Complete Response"),
        ("Complete response or partial response", ""),
    ],
)
def test_what_patients_are_counted_with(title: str, share: str | None) -> None:
    assert share_of(title) == (share if share is not None else title.partition("Achieved ")[2])


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], True),
        (["Diffuse Large B-Cell Lymphoma"], True),
        (["Graft Versus Host Disease", "Acute Myeloid Leukemia"], False),
        (["Nausea", "Vomiting", "Breast Cancer"], False),
        (["Rheumatoid Arthritis"], False),
    ],
)
def test_a_response_is_one_of_a_tumour_only_where_one_is_treated(
    conditions: list[str], expected: bool
) -> None:
    assert is_of_tumours(conditions) is expected
    record = outcome_record(title="Duration of Response From Day 28")
    record["protocolSection"]["conditionsModule"] = {"conditions": conditions}
    joins = Joins(names={"endpoint": {"duration of response": f"{BASE}endpoint/dor"}})
    rows = ask(record, f"?r a kg:Result ; kg:endpoint <{BASE}endpoint/dor>", joins)
    assert bool(rows) is expected
