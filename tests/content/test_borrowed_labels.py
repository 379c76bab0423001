"""The labels of borrowed terms are those of the releases that the files name.

`released_labels.tsv` was read from the releases, apart from the files of the ontology. It holds the
releases that come in packages anyone can install (RO, OBI, STATO, NCIt and the like do not).
"""

from __future__ import annotations

import csv
from pathlib import Path

from pyoxigraph import RdfFormat, parse

ROOT = Path(__file__).parents[2]
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
#: ontologies whose every label is in the table, but for what the second set names
CHECKED = {"chebi", "cl", "doid", "efo", "go", "hp", "mesh", "mondo"}
#: their label comes from a newer release than the one that gives the edges, as the file says
ELSEWHERE = {"DOID_0060081", "GO_0043235"}
#: newer entries of ChEBI that its subset in the package leaves out
NOT_IN_PACKAGE = {f"CHEBI_{number}" for number in (749478, 755740, 756524, 757481)}


def labels(name: str) -> dict[str, str]:
    path = ROOT / "ontology" / "terms" / f"{name}.ttl"
    quads = parse(path=path, format=RdfFormat.TURTLE, base_iri="urn:file")
    return {quad.subject.value: quad.object.value for quad in quads if quad.predicate.value == LABEL}


def released() -> dict[str, str]:
    with (Path(__file__).parent / "released_labels.tsv").open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


def test_each_label_is_that_of_its_release() -> None:
    table = released()
    wrong = [
        (iri, label, table[iri])
        for name in sorted(CHECKED)
        for iri, label in labels(name).items()
        if iri in table and label != table[iri]
    ]
    assert wrong == []


def test_each_term_of_these_ontologies_is_in_the_table() -> None:
    table = released()
    missing = {
        iri.rpartition("/")[2]
        for name in sorted(CHECKED)
        for iri in labels(name)
        if iri not in table and iri.rpartition("/")[2] not in ELSEWHERE
    }
    assert missing == NOT_IN_PACKAGE
