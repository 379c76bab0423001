from __future__ import annotations

import pytest

from bempeg_kg import Names, UnknownName
from bempeg_kg.rdf.names import EXTERNAL, KINDS, STANDARDS, SYNONYMS


def test_every_prefix_is_declared_once() -> None:
    declared = [*KINDS, *STANDARDS, *EXTERNAL]
    lowered = [prefix.lower() for prefix in declared]
    assert len(set(lowered)) == len(lowered)
    assert not set(SYNONYMS) & set(lowered)
    assert set(SYNONYMS.values()) <= set(EXTERNAL)


def test_curie_and_iri_are_two_ways_of_one_name() -> None:
    names = Names()
    for prefix, namespace in names.prefixes.items():
        iri = names.expand(f"{prefix}:x1")
        assert iri == namespace + "x1"
        assert names.expand(names.shorten(iri)) == iri


def test_another_programme_has_its_own_base_and_the_same_vocabulary() -> None:
    names = Names("https://example.org/other/")
    assert names.expand("trial:a") == "https://example.org/other/trial/a"
    assert names.expand("kg:Trial") == Names().expand("kg:Trial")
    assert names.kind_of("https://w3id.org/bempeg-kg/trial/a") is None


@pytest.mark.parametrize("iri", ["https://example.org/a b", "https://w3id.org/bempeg-kg/trial/", "urn:x"])
def test_what_has_no_plain_curie_stays_an_iri(iri: str) -> None:
    assert Names().shorten(iri) == iri


def test_unknown_prefix_proposes_one() -> None:
    with pytest.raises(UnknownName) as caught:
        Names().expand("trail:pivot-02")
    assert "trial" in caught.value.suggestions
