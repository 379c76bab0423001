"""Names that are looked for have a limit; without one, ten thousand words end the process."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph, UnknownName, UsageError


@pytest.mark.parametrize("text", ["word " * 10_000, "x" * 5_000])
def test_a_name_that_is_too_long_is_refused(kg: KnowledgeGraph, text: str) -> None:
    for look in (kg.find, kg.show, kg.link):
        with pytest.raises(UsageError, match="too long to search for"):
            look(text)


def test_a_registry_number_that_is_not_loaded_is_refused_at_once(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="there is no trial 'NCT99999999'"):
        kg.resolve("NCT99999999")
    assert kg.resolve("nct02983045") == kg.resolve("PIVOT-02")
