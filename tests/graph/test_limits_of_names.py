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


def test_a_number_with_a_digit_too_many_is_refused_with_the_cure(kg: KnowledgeGraph) -> None:
    for text, digits in (("NCT029830451", 9), ("nct0298304", 7)):
        with pytest.raises(UsageError, match=f"it has {digits} digits instead of 8") as caught:
            kg.ask("results", trial=text)
        assert "NCT02983045" in str(caught.value)
    assert kg.ask("results", trial="nct02983045").rows == kg.ask("results", trial="pivot-02").rows
