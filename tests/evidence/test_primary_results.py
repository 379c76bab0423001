"""What each trial showed on its primary endpoints."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UnknownName, UsageError
from tests.golden import differences


def _rows(kg: KnowledgeGraph, trial: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(str(row[name]) for name in columns) for row in kg.ask("primary-results", trial=trial)]


def test_comparisons_come_first_with_interval_and_p(kg: KnowledgeGraph) -> None:
    columns = ("shown", "rates", "printed", "lower", "upper", "level", "p")
    rows = _rows(kg, "trial:pivot-io-001", *columns)
    assert rows[:3] == [
        ("compared", "27.7 v 36.0 %", "not reported", "None", "None", "None", "0.0311"),
        ("compared", "29.67 v 28.88 months", "0.94", "0.59", "1.48", "99.929", "0.6361"),
        ("compared", "4.17 v 4.99 months", "1.09", "0.88", "1.35", "97", "0.3988"),
    ]
    assert {row[0] for row in rows[3:]} == {"values of groups"}


def test_an_endpoint_without_results_is_said(kg: KnowledgeGraph) -> None:
    answer = kg.ask("primary-results", trial="trial:pivot-10")
    assert answer.sentence.endswith("PIVOT-10, objective response: no result is linked to this endpoint.")


def test_several_trials_are_any_of_them(kg: KnowledgeGraph) -> None:
    both = kg.ask("primary-results", trial=["trial:pivot-io-001", "trial:pivot-10"])
    assert {str(row["acronym"]) for row in both} == {"PIVOT IO 001", "PIVOT-10"}
    assert len(kg.ask("primary-results", condition=["melanoma", "sarcoma"])) > len(
        kg.ask("primary-results", condition="melanoma")
    )
    with pytest.raises(UsageError, match="takes one trial"):
        kg.ask("event-differences", trial=["trial:pivot-io-001", "trial:pivot-10"])


@pytest.mark.thorough
def test_rdflib_gives_the_same_rows(kg: KnowledgeGraph) -> None:
    other = KnowledgeGraph.open(engine="rdflib").ask("primary-results", phase="3")
    assert not differences(kg.ask("primary-results", phase="3"), other)


def test_trials_are_chosen_by_phase_drug_and_condition(kg: KnowledgeGraph) -> None:
    phase_3 = {str(row["trial"]).rpartition("/")[2] for row in kg.ask("primary-results", phase="3")}
    assert {"pivot-io-001", "pivot-09"} <= phase_3 and "pivot-02" not in phase_3
    assert len(kg.ask("primary-results", drug="nivolumab")) > len(
        kg.ask("primary-results", drug="nivolumab", condition="melanoma")
    )
    with pytest.raises(UnknownName):
        kg.ask("primary-results", drug='nothing") }')
