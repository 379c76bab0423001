"""HermiT, through owlready2, over the ontology, the upper axioms of what it borrows, and the data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import rdflib

from tests.reasoner.view import view

owlready2 = pytest.importorskip("owlready2", reason="pip install '.[test]' installs it")

pytestmark = pytest.mark.reasoner
PREFIXES = """
@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix trial: <https://w3id.org/bempeg-kg/trial/> .
@prefix source: <https://w3id.org/bempeg-kg/source/> .
@prefix result: <https://w3id.org/bempeg-kg/result/> .
@prefix drug: <https://w3id.org/bempeg-kg/drug/> .
"""


@cache
def graph() -> rdflib.Graph:
    return view()


def unsatisfiable(folder: Path, more: str = "") -> list[str]:
    """IRIs of classes that can have no members. Raises OwlReadyInconsistentOntologyError."""
    given = graph() + rdflib.Graph().parse(data=PREFIXES + more, format="turtle")
    path = folder / "view.nt"
    given.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    return sorted(entity.iri for entity in world.inconsistent_classes() if entity is not owlready2.Nothing)


def test_consistent_and_no_class_is_empty(tmp_path: Path) -> None:
    assert unsatisfiable(tmp_path) == []


@pytest.mark.parametrize(
    "axiom",
    [
        # what was wrong once: a set is people, and only information is about something
        "kg:group rdfs:subPropertyOf obo:IAO_0000136 .",
        # a trial is a process and no entity of PROV-O
        "trial:pivot-02 prov:wasDerivedFrom source:diab2021-jco .",
        "kg:derivedFrom rdfs:subPropertyOf prov:wasDerivedFrom .",
        # domains and ranges are meant
        "drug:nivolumab kg:analysisSet result:pivot-02-melanoma-orr .",
        "result:pivot-02-melanoma-orr kg:endpoint drug:nivolumab .",
        'result:pivot-02-melanoma-orr kg:printed "52.7" .',
    ],
)
def test_the_reasoner_sees_what_is_wrong(tmp_path: Path, axiom: str) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        unsatisfiable(tmp_path, axiom)


def test_the_reasoner_sees_a_class_that_can_have_no_members(tmp_path: Path) -> None:
    axiom = "kg:Wrong a owl:Class ; rdfs:subClassOf kg:Trial , kg:Result ."
    assert unsatisfiable(tmp_path, axiom) == ["https://w3id.org/bempeg-kg/ontology#Wrong"]
