"""The OWL API, in Pellet as owlready2 ships it, over all that is loaded: in which profile of OWL 2 is it?

Nothing is left out here, annotations and dates included. `tests/content/test_owl.py` says by name what is
undeclared or used as two kinds; this asks a tool of the field.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest
import rdflib

from tests.reasoner.view import statements

owlready2 = pytest.importorskip("owlready2", reason="pip install '.[test]' installs it")

pytestmark = pytest.mark.reasoner
JARS = Path(owlready2.__file__).parent / "pellet" / "*"
PREFIXES = """
@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix trial: <https://w3id.org/bempeg-kg/trial/> .
"""


@cache
def loaded() -> str:
    return statements().serialize(format="nt")


def profile(folder: Path, more: str = "") -> dict[str, str]:
    """What `pellet info` says of the graph with some axioms, by name: `OWL Profile`, `Axioms`."""
    axioms = rdflib.Graph().parse(data=PREFIXES + more, format="turtle").serialize(format="nt")
    path = folder / "graph.ttl"
    path.write_text(loaded() + axioms, encoding="utf-8")
    command = ["java", "-cp", str(JARS), "pellet.Pellet", "info", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    lines = (line.partition(" = ") for line in done.stdout.splitlines())
    return {name: value for name, equals, value in lines if equals}


def test_the_graph_is_owl_2_dl(tmp_path: Path) -> None:
    said = profile(tmp_path)
    assert said["OWL Profile"] == "OWL 2 DL"
    assert int(said["Axioms"]) > 30_000


@pytest.mark.parametrize(
    "axiom",
    [
        "trial:pivot-02 a kg:Undeclared .",
        'trial:pivot-02 kg:undeclared "a property without a declaration" .',
        "kg:subsetOf a owl:TransitiveProperty , owl:AsymmetricProperty .",
        "kg:value a owl:ObjectProperty .",
    ],
)
def test_the_tool_sees_what_is_outside_the_profile(tmp_path: Path, axiom: str) -> None:
    assert profile(tmp_path, axiom)["OWL Profile"] == "OWL 2"
