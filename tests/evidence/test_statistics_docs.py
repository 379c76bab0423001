"""docs/statistics.md names every module of statistics, and only questions and tests that there are."""

from __future__ import annotations

import re

from bempeg_kg import KnowledgeGraph
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
#: Modules that other pages describe, or that hold no method.
ELSEWHERE = {"__init__", "estimate", "signal_likelihood", "signal_model", "shrinkage", "surprise", "design"}


def test_every_module_of_statistics_is_named() -> None:
    modules = {path.stem for path in (ROOT / "bempeg_kg" / "evidence" / "stats").glob("*.py")} - ELSEWHERE
    assert {name for name in modules if f"`{name}.py`" not in PAGE} == set()


def test_tests_and_questions_that_are_named_exist(kg: KnowledgeGraph) -> None:
    tests = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert {name for name in tests if not (ROOT / "tests" / "evidence" / name).exists()} == set()
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", PAGE))
    assert named <= {question.name for question in kg.questions}
