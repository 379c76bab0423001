"""No contradiction under OWL 2 RL: a reasoner over all that is stated, and over files that contradict it.

The rules of the group `consistency` find more than a reasoner does: to OWL, two values of a functional
property may be two names of one thing, and a misspelt datatype is no contradiction. Here names are unique.
"""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
import rdflib

from bempeg_kg.checks.check import check, read_rules
from bempeg_kg.content.content import Content

#: an OWL reasoner over the whole graph takes a minute
pytestmark = pytest.mark.reasoner

BROKEN = Path(__file__).parents[1] / "broken"
CONTENT = Content.find()
ONTOLOGY = [file.path for file in CONTENT.vocabulary()]
DATA = [file.path for file in CONTENT.files() if file.name.startswith("data/")]
ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
KG = rdflib.Namespace("https://w3id.org/bempeg-kg/ontology#")


def contradictions(*files: str | Path, more: str = "") -> list[str]:
    """What the reasoner finds contradictory in the ontology with some files."""
    graph = rdflib.Graph()
    for file in (*ONTOLOGY, *files):
        graph.parse(file)
    graph.parse(data=more, format="turtle")
    for predicate in set(graph.predicates()):
        if predicate == rdflib.RDFS.label or predicate in rdflib.SKOS or predicate in rdflib.DCTERMS:
            graph.remove((None, predicate, None))  # annotations, which mean nothing to a reasoner
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [str(message) for message in graph.objects(None, ERROR)]


def test_the_shipped_graph_has_no_contradiction() -> None:
    assert contradictions(*DATA) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("disjoint-classes", "Disjoint classes"),
        ("asymmetric-property", "asymmetric property"),
        ("irreflexive-property", "Irreflexive property"),
    ],
)
def test_the_reasoner_finds_what_the_rule_finds(name: str, said: str) -> None:
    assert any(said in message for message in contradictions(BROKEN / f"{name}.ttl"))


def test_the_reasoner_infers_the_class_of_a_value_that_the_rule_asks_for() -> None:
    typed = f"<https://w3id.org/bempeg-kg/drug/nivolumab> a <{KG}Drug> ."
    found = contradictions(BROKEN / "value-of-wrong-class.ttl", more=typed)
    assert any("Disjoint classes" in message for message in found)


def test_every_characteristic_of_the_ontology_has_its_rule() -> None:
    """A new kind of axiom in the ontology needs a rule that finds when data contradict it."""
    ruled = {
        rdflib.OWL.AllDisjointClasses: "disjoint-classes",
        rdflib.OWL.AsymmetricProperty: "asymmetric-property",
        rdflib.OWL.FunctionalProperty: "functional-property",
        rdflib.OWL.IrreflexiveProperty: "irreflexive-property",
        rdflib.OWL.DatatypeProperty: "literal-of-wrong-type",
        rdflib.OWL.ObjectProperty: "literal-for-node",
    }
    harmless = {
        rdflib.OWL.AnnotationProperty,
        rdflib.OWL.Class,
        rdflib.OWL.Ontology,
        rdflib.OWL.SymmetricProperty,
        rdflib.OWL.TransitiveProperty,
    }
    graph = rdflib.Graph()
    for path in ONTOLOGY:
        graph.parse(path)
    used = {kind for kind in graph.objects(None, rdflib.RDF.type) if kind in rdflib.OWL}
    assert used <= set(ruled) | harmless
    assert set(ruled.values()) <= {rule.name for rule in read_rules(CONTENT)}


def test_a_class_below_two_disjoint_classes_is_found_through_its_members(tmp_path: Path) -> None:
    path = tmp_path / "both.ttl"
    path.write_text(
        f"@prefix kg: <{KG}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<urn:both> rdfs:subClassOf kg:Drug , kg:Disease .\n<urn:one> a <urn:both> ; rdfs:label 'one' .\n"
    )
    (tmp_path / "catalogue.ttl").write_text('<> <http://rdfs.org/ns/void#uriSpace> "https://example.org/" .')
    report = check(Content.find(tmp_path), further=())
    assert {(one.check, one.node) for one in report.findings if one.severity == "violation"} == {
        ("disjoint-classes", "urn:one")
    }
    assert contradictions(path)
