"""The labels and kinds of borrowed terms are those of the releases that the files name.

`released_labels.tsv` was read from the releases, apart from the files of the ontology; its last column says
where. It holds what comes in packages that anyone can install, and what small files of the ontologies'
repositories show: all of some ontologies, and of NCIt, OBI, IAO, RO, SEPIO and CTO a part (NCIt by the
terminology of CDISC and by Biomappings, OBI and IAO by the core of OBI 2017-02-22). The
Biolink Model is asked itself.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

TERMS = Path(__file__).parents[2] / "ontology" / "terms"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OWL = "http://www.w3.org/2002/07/owl#"
BIOLINK = "https://w3id.org/biolink/vocab/"
#: ontologies whose every label is in the table, but for what the second set names
CHECKED = {"bfo", "chebi", "cl", "doid", "efo", "fplx", "go", "hp", "mesh", "mondo"}
#: their label comes from a newer release than the one that gives the edges, as the file says; the file that
#: BFO's labels were read in leaves out its root
ELSEWHERE = {"BFO_0000001", "DOID_0060081", "GO_0043235"}
#: newer entries of ChEBI that its subset in the package leaves out
NOT_IN_PACKAGE = {f"CHEBI_{number}" for number in (749478, 755740, 756524, 757481)}


#: how many labels of the others no release was seen for
UNSEEN = {
    "cto": 17,
    "eco": 12,
    "iao": 3,
    "ncit": 190,
    "oae": 35,
    "obi": 15,
    "pr": 7,
    "prov": 6,
    "qudt": 1,
    "ro": 52,
    "sepio": 9,
    "sio": 22,
    "stato": 16,
    "uo": 17,
}


def values(name: str, predicate: str) -> dict[str, str]:
    quads = parse(path=TERMS / f"{name}.ttl", format=RdfFormat.TURTLE, base_iri="urn:file")
    return {quad.subject.value: quad.object.value for quad in quads if quad.predicate.value == predicate}


def labels(name: str) -> dict[str, str]:
    return values(name, LABEL)


def released() -> dict[str, str]:
    with (Path(__file__).parent / "released_labels.tsv").open(encoding="utf-8", newline="") as file:
        return {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


def test_each_label_is_that_of_its_release() -> None:
    table = released()
    wrong = [
        (iri, label, table[iri])
        for name in sorted(path.stem for path in TERMS.glob("*.ttl"))
        for iri, label in labels(name).items()
        if iri in table and label != table[iri]
    ]
    assert wrong == []


def test_terms_of_releases_that_hold_classes_are_classes() -> None:
    kinds = set()
    for name in CHECKED:
        known = values(name, TYPE)
        kinds |= {known.get(iri) for iri in labels(name)}
    assert kinds == {f"{OWL}Class"}


def test_relations_are_properties() -> None:
    known = values("ro", TYPE)
    kinds = {known.get(iri) for iri in labels("ro")}
    assert kinds == {f"{OWL}ObjectProperty"}


def test_labels_and_kinds_of_biolink_are_those_of_the_model() -> None:
    yaml = pytest.importorskip("yaml")
    package = pytest.importorskip("importlib.metadata").distribution("biolink-model")
    text = Path(str(package.locate_file("biolink_model/schema/biolink_model.yaml"))).read_text("utf-8")
    model = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    joined = {name: "".join(word[0].upper() + word[1:] for word in name.split()) for name in model["classes"]}
    classes = {term: name for name, term in joined.items()}
    slots = {name.replace(" ", "_"): name for name in model["slots"]}
    kinds = values("biolink", TYPE)
    for iri, label in labels("biolink").items():
        known = classes if kinds[iri] == f"{OWL}Class" else slots
        assert known.get(iri.removeprefix(BIOLINK)) == label, iri


def test_each_term_of_these_ontologies_is_in_the_table() -> None:
    table = released()
    missing = {
        iri.rpartition("/")[2]
        for name in sorted(CHECKED)
        for iri in labels(name)
        if iri not in table and iri.rpartition("/")[2] not in ELSEWHERE
    }
    assert missing == NOT_IN_PACKAGE


def test_what_no_release_was_seen_for_is_counted() -> None:
    table = released()
    others = {path.stem for path in TERMS.glob("*.ttl")} - CHECKED - {"annotation", "biolink"}
    assert {name: len(labels(name).keys() - table.keys()) for name in sorted(others)} == UNSEEN
