"""The results on the page of an imported trial: counted whole, endpoints first, rows told apart."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.web.pages import results
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.entity import describe
from tests.registry.programme import programme_of

_WEEKS = ("Week 2", "Week 10", "Week 24", "Week 1")


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """A real record; one of its endpoints is measured in four weeks, another at two times."""
    record = copy.deepcopy(records["NCT02210780"])
    measures = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    by_week = next(measure for measure in measures if len(measure["classes"]) == len(_WEEKS))
    for one, title in zip(by_week["classes"], _WEEKS, strict=True):
        one["title"] = title
    measures.append({**copy.deepcopy(measures[0]), "timeFrame": "30 days"})
    return programme_of([record], tmp_path_factory.mktemp("page"))


def _grids(kg: KnowledgeGraph) -> dict[str, Grid]:
    entity = describe(kg, Terms(kg), kg.resolve("NCT02210780"))
    assert entity is not None
    return {grid.caption: grid for grid in entity.grids}


def _column(grid: Grid, name: str) -> list[str]:
    return [row[grid.columns.index(name)].text for row in grid.rows]


def _open(grid: Grid) -> set[str]:
    return {name for name, more in zip(grid.columns, grid.more, strict=True) if not more}


def test_endpoints_stand_before_the_baseline_and_are_counted_whole(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _grids(kg)
    captions = list(whole)
    order = ["Primary endpoints", "Secondary endpoints", "Safety", "Baseline characteristics"]
    assert [one for one in captions if one in order] == order
    assert whole["Secondary endpoints"].total == 26 == len(whole["Secondary endpoints"].rows)
    assert set(_column(whole["Baseline characteristics"], "endpoint")) == {"baseline characteristic"}
    assert "baseline characteristic" not in _column(whole["Other results"], "endpoint")
    monkeypatch.setattr(results, "LISTED", 45)
    part = _grids(kg)
    assert {name: grid.total for name, grid in part.items()} == {
        name: grid.total for name, grid in whole.items()
    }
    assert sum(len(part[name].rows) for name in part if name != "Comparisons") == 45
    assert len(part["Primary endpoints"].rows) == part["Primary endpoints"].total
    asked = {
        "Secondary endpoints": "results", "Safety": "adverse-events",
        "Baseline characteristics": "baseline-characteristics",
    }  # fmt: skip
    for caption, question in asked.items():
        assert len(part[caption].rows) < part[caption].total
        assert [one.href for one in part[caption].rest] == [f"/question/{question}?trial=nct02210780"]


def test_rows_are_told_apart_by_class_and_time_frame(kg: KnowledgeGraph) -> None:
    secondary, primary = (_grids(kg)[name] for name in ("Secondary endpoints", "Primary endpoints"))
    assert {"class", "group", "value"} <= _open(secondary)
    weeks = [one for one in _column(secondary, "class") if one]
    assert weeks == [week for week in sorted(_WEEKS, key=lambda one: int(one[5:])) for _ in range(2)]
    assert {"time frame", "group", "value"} <= _open(primary)
    assert _column(primary, "time frame") == ["Week 16", "Week 16", "30 days", "30 days"], "as recorded"
