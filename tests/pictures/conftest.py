"""Views of the shipped graph, and a small programme whose labels try to do harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.networks import lineage, main_part, signalling

#: Labels that turn into markup, script or an attribute where they are not escaped.
HOSTILE = (
    '<img src=x onerror="window.harmed=1">',
    "</script><script>window.harmed=2</script>",
    '" href="javascript:window.harmed=3',
    "<!--<script>",
    "$x^{2}$ ]]> \\",
)
_PREFIXES = """@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix x: <https://example.org/other/> .
"""


def write_programme(folder: Path, turtle: str) -> Path:
    """A programme with the given statements."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.ttl").write_text(
        '<> <http://rdfs.org/ns/void#uriSpace> "https://example.org/other/" .\n', encoding="utf-8"
    )
    (folder / "facts.ttl").write_text(_PREFIXES + turtle, encoding="utf-8")
    return folder


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def step(name: str, start: str, end: str, sign: str = "activates", label: str = "", more: str = "") -> str:
    """Turtle of a step of mechanism that a path can walk."""
    return (
        f"<step/{name}> a kg:MechanismAssociation ; rdfs:label {quoted(label or name)} ; kg:subject {start} ;"
        f" kg:predicate obo:RO_0002213 ; kg:object {end} ; kg:sign kg:{sign} ; kg:negated false ;"
        f" kg:pathUse kg:causal ; kg:pathDirection kg:forward ; kg:basis kg:primary {more} .\n"
    ).replace("<step/", "<https://example.org/other/step/")


@pytest.fixture(scope="session")
def hostile_kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A programme of five things in a row, and five trials, each with a label that tries to do harm."""
    turtle = ""
    for number, label in enumerate(HOSTILE):
        thing = f"<https://example.org/other/process/p{number}>"
        turtle += (
            f"{thing} a kg:BiologicalProcess ; rdfs:label {quoted(label)} ; skos:altLabel {quoted(label)} ;"
        )
        turtle += f" skos:note {quoted(label)} ; skos:exactMatch <javascript:window.harmed=4> .\n"
        trial = f"<https://example.org/other/trial/t{number}>"
        turtle += f"{trial} a kg:Trial ; rdfs:label {quoted(label)} ; kg:programme x:p ;"
        turtle += f' kg:startDate "20{10 + number}-01-02"^^xsd:date ; kg:stopReason {quoted(label)} .\n'
        if number:
            before = f"<https://example.org/other/process/p{number - 1}>"
            turtle += step(f"s{number}", before, thing, label=label, more=f"; kg:qualifier {quoted(label)}")
            turtle += f"<https://example.org/other/lineage/l{number}> a kg:LineageLink ;"
            turtle += f" kg:fromTrial <https://example.org/other/trial/t{number - 1}> ; kg:toTrial {trial} ;"
            turtle += f" kg:lineageBasis kg:stated ; kg:reason {quoted(label)} .\n"
    folder = write_programme(tmp_path_factory.mktemp("hostile"), turtle)
    return KnowledgeGraph.open(folder, engine="memory")


@pytest.fixture(scope="session")
def views(kg: KnowledgeGraph) -> dict[str, Any]:
    """The two views, whole and their main parts."""
    whole = {"signalling": signalling(kg), "lineage": lineage(kg)}
    return {**whole, **{f"{name}-main": main_part(graph) for name, graph in whole.items()}}
