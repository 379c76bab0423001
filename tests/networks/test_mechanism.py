"""The steps of mechanism: names, retired names, places, and what was said against them."""

from __future__ import annotations

import re

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.content import Content

DATA = [file for file in Content.find().files() if file.name.startswith("data/")]


def test_steps_are_named_by_what_they_say(kg: KnowledgeGraph) -> None:
    names = [
        str(iri).rpartition("/")[2]
        for iri in kg.select("SELECT ?step { ?step a kg:MechanismAssociation }").column("step")
    ]
    assert len(names) > 180
    assert [name for name in names if re.search(r"^[a-z]?\d+$", name)] == []


def test_every_retired_step_names_what_replaced_it_or_why_nothing_did(kg: KnowledgeGraph) -> None:
    rows = kg.select("""SELECT ?old ?new ?class ?id ?why {
        ?old owl:deprecated true FILTER(STRSTARTS(STR(?old), "https://w3id.org/bempeg-kg/step/"))
        OPTIONAL { ?old kg:retiredBy ?new . ?new a ?class ; dcterms:identifier ?id
            FILTER(?class = kg:MechanismAssociation) }
        OPTIONAL { ?old skos:note ?why } }""")
    assert len(rows) == 182
    for row in rows:
        number = str(row["old"]).rpartition("/")[2]
        # the number of the old IRI is the identifier of the new one
        assert (row["id"] or "").lower() == number if row["new"] else row["why"], number


def test_no_file_is_long() -> None:
    for file in DATA:
        with open(file.path, encoding="utf-8") as stream:
            assert sum(1 for _ in stream) <= 1_500, file.name


def test_every_dispute_that_phase_3_settles_rests_on_its_immune_profile(kg: KnowledgeGraph) -> None:
    disputed = {
        str(row["dispute"]).rpartition("/")[2]: str(row["axis"])
        for row in kg.ask("disputed-claims")
        if row["source"] == "https://w3id.org/bempeg-kg/source/gogas2024-npjpo"
    }
    assert disputed == {
        "expansion-not-infiltration": "compartment",
        "treg-rise-in-phase-3": "species and compartment",
    }


@pytest.mark.parametrize(
    ("step", "place"),
    [
        ("active-conjugates-agonist-of-il2r-bg-complex", "plasma-membrane"),
        ("jak1-phosphorylates-stat5a", "cytoplasm"),
        ("stat5-raises-expression-of-foxp3", "nucleus"),
        ("combination-raises-number-of-treg", "peripheral-blood"),
        ("tumour-cell-promotes-tumour-growth", "tumour-microenvironment"),
    ],
)
def test_steps_say_where_they_happen(kg: KnowledgeGraph, step: str, place: str) -> None:
    places = kg.select(f"SELECT ?place {{ step:{step} kg:compartment ?place }}").column("place")
    assert [str(one).rpartition("/")[2] for one in places] == [place]


def test_a_place_is_one_and_has_a_source(kg: KnowledgeGraph) -> None:
    several = "SELECT ?step { ?step kg:compartment ?place } GROUP BY ?step HAVING (COUNT(?place) > 1)"
    assert not kg.select(several).rows
    unsaid = """SELECT ?step { ?step a kg:MechanismAssociation ; kg:compartment ?place
        FILTER(?place IN (compartment:plasma-membrane, compartment:cytoplasm, compartment:nucleus))
        FILTER NOT EXISTS { ?step kg:compartmentSource ?source } }"""
    assert not kg.select(unsaid).rows
