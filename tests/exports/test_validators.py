"""Exports before the validators of their fields, which run in an environment of their own.

BEMPEG_VALIDATORS names its Python: `.ci/run` makes it from `validators/requirements.txt`. Each test also
damages what it looks at, to see that the validator would notice.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.exports import export, export_rdf
from bempeg_kg.rdf.canonical import canonical_nquads

PYTHON = os.environ.get("BEMPEG_VALIDATORS", "")
HERE = Path(__file__).parent
MAPPINGS = HERE.parents[1] / "data" / "mappings.sssom.tsv"
pytestmark = [
    pytest.mark.validators,
    pytest.mark.skipif(not PYTHON, reason="BEMPEG_VALIDATORS does not name a Python with the validators"),
]
#: blank nodes that only their surroundings tell apart, and two that nothing does
TANGLED = """
_:a <urn:p> _:b .
_:b <urn:p> _:c .
_:c <urn:p> _:a .
_:c <urn:q> "tab\\tand \\"quote\\"" .
_:d <urn:p> _:e .
_:e <urn:p> _:d .
_:f <urn:r> "one"@en .
_:g <urn:r> "one"@en .
"""


def judge(name: str, path: Path) -> dict[str, Any]:
    command = [PYTHON, str(HERE / "validators" / "judge.py"), name, str(path)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


@cache
def made(shape: str) -> dict[str, bytes]:
    return export(graph(), shape).files


def written(folder: Path, shape: str) -> Path:
    for name, body in made(shape).items():
        (folder / name).write_bytes(body)
    return folder


def damage(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_kgx_validates_its_tables(tmp_path: Path) -> None:
    folder = written(tmp_path, "kgx")
    lines = {name: made("kgx")[f"{name}.tsv"].count(b"\n") - 1 for name in ("nodes", "edges")}
    assert judge("kgx", folder) == {"problems": [], **lines}
    damage(folder / "nodes.tsv", "biolink:ClinicalTrial", "biolink:Expedition")
    damage(folder / "edges.tsv", "biolink:affects", "biolink:worries")
    problems = " ".join(judge("kgx", folder)["problems"])
    assert "Expedition" in problems
    assert "worries" in problems


def test_pyld_reads_the_json_ld_to_the_same_canonical_bytes(tmp_path: Path) -> None:
    canonical = next(iter(export_rdf(graph(), "nq").files.values()))
    path = tmp_path / "dataset.jsonld"
    path.write_bytes(next(iter(export_rdf(graph(), "jsonld").files.values())))
    expected = {"sha256": hashlib.sha256(canonical).hexdigest(), "statements": canonical.count(b"\n")}
    assert judge("pyld", path) == {"problems": [], **expected}
    assert judge("pyld", damage(path, '"27.7"', '"27.8"'))["sha256"] != expected["sha256"]


def test_another_implementation_names_blank_nodes_alike(tmp_path: Path) -> None:
    quads = list(ox.parse(TANGLED, format=ox.RdfFormat.N_TRIPLES))
    path = tmp_path / "tangled.nq"
    path.write_text(TANGLED, encoding="utf-8")
    # RDFC-1.0 escapes a tab, which its draft URDNA2015 did not
    assert judge("rdfc", path)["canonical"].replace("\t", "\\t") == canonical_nquads(quads).decode()
    damage(path, '_:g <urn:r> "one"@en', '_:f <urn:r> "two"@en')
    assert judge("rdfc", path)["canonical"].replace("\t", "\\t") != canonical_nquads(quads).decode()


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_igraph_reads_a_view(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"signalling.{form}"
    assert main(["graph", "signalling", "-o", str(path), "-q"]) == 0
    assert main(["graph", "signalling", "-o", str(tmp_path / "signalling.json"), "-q"]) == 0
    plain = json.loads((tmp_path / "signalling.json").read_text(encoding="utf-8"))
    ends = sorted([edge["source"], edge["target"]] for edge in plain["edges"])
    read = judge("igraph", path)
    assert (read["nodes"], read["directed"]) == (len(plain["nodes"]), True)
    assert read["labels"] == sorted(node["label"] for node in plain["nodes"])
    assert len(ends) > 100
    if form == "gexf":
        assert read["ends"] == ends
    assert len(read["ends"]) == len(ends)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"<edge .*?</edge>", "", text, count=1, flags=re.DOTALL), encoding="utf-8")
    assert len(judge("igraph", path)["ends"]) == len(ends) - 1


def test_igraph_reads_the_graphml_export(tmp_path: Path) -> None:
    path = written(tmp_path, "graphml") / "graph.graphml"
    read = judge("igraph", path)
    assert read["nodes"] == made("graphml")["graph.graphml"].count(b"<node ")
    assert len(read["ends"]) == made("graphml")["graph.graphml"].count(b"<edge ")
    assert "nivolumab" in read["labels"]


def test_the_catalogue_fits_the_shapes_of_dcat_ap(tmp_path: Path) -> None:
    path = written(tmp_path, "void") / "void.ttl"
    answer = judge("dcat", path)
    assert answer["problems"] == []
    assert answer["shapes"] > 30
    damage(path, "dcterms:LinguisticSystem", "dcterms:Standard")
    assert "language" in " ".join(judge("dcat", path)["problems"])


def test_the_crate_is_an_ro_crate(tmp_path: Path) -> None:
    folder = written(tmp_path, "rocrate")
    assert judge("crate", folder)["problems"] == []
    damage(folder / "ro-crate-metadata.json", '"datePublished"', '"dateForgotten"')
    assert "datePublished" in " ".join(judge("crate", folder)["problems"])


def test_sssom_py_validates_the_mappings(tmp_path: Path) -> None:
    rows = [line for line in MAPPINGS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert judge("sssom", MAPPINGS) == {"problems": [], "rows": len(rows) - 1}
    path = tmp_path / "damaged.sssom.tsv"
    path.write_bytes(MAPPINGS.read_bytes())
    damage(path, "semapv:ManualMappingCuration", "semapv:Guesswork")
    assert "Guesswork" in " ".join(judge("sssom", path)["problems"])
