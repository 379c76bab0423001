"""What each trial showed on its primary endpoints."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UnknownName


def _rows(kg: KnowledgeGraph, trial: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(str(row[name]) for name in columns) for row in kg.ask("primary-results", trial=trial)]


def test_comparisons_come_first_with_interval_and_p(kg: KnowledgeGraph) -> None:
    columns = ("endpoint", "shown", "printed", "lower", "upper", "level", "p")
    told = _rows(kg, "trial:pivot-io-001", *columns)
    assert told[:3] == [
        ("objective response rate", "compared", "not reported", "None", "None", "None", "0.0311"),
        ("overall survival", "compared", "0.94", "0.59", "1.48", "99.929", "0.6361"),
        ("progression-free survival", "compared", "1.09", "0.88", "1.35", "97", "0.3988"),
    ]
    assert {row[1] for row in told[3:]} == {"values of groups"}


def test_an_endpoint_without_results_is_said(kg: KnowledgeGraph) -> None:
    answer = kg.ask("primary-results", trial="trial:pivot-10")
    assert answer.sentence.endswith("PIVOT-10, objective response: no result in this graph.")


def test_trials_are_chosen_by_phase_drug_and_condition(kg: KnowledgeGraph) -> None:
    phase_3 = {str(row["trial"]).rpartition("/")[2] for row in kg.ask("primary-results", phase="3")}
    assert {"pivot-io-001", "pivot-09"} <= phase_3 and "pivot-02" not in phase_3
    assert len(kg.ask("primary-results", drug="nivolumab")) > len(
        kg.ask("primary-results", drug="nivolumab", condition="melanoma")
    )
    with pytest.raises(UnknownName):
        kg.ask("primary-results", drug='nothing") }')
