"""Which endpoint an outcome's title names: what may be cut from it, and what makes another endpoint of it."""

from __future__ import annotations

import pytest

from bempeg_kg.registry.endpoint_titles import event_names, head_of
from bempeg_kg.registry.hints import p_sides


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("12-month overall survival", "overall survival"),
        ("Overall survival (final analysis)", "Overall survival"),
        ("Overall survival in patients with brain metastases", "Overall survival"),
        ("Overall survival (cancer-specific)", None),
        ("Progression-free survival (CNS)", None),
        ("Objective response rate - intracranial", None),
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
