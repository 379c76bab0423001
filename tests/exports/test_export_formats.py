"""Formats that other fields ask for, each read back by a tool of that field."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from functools import cache
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph, UsageError
from bempeg_kg.exports import Exported, export, kgx
from bempeg_kg.exports.fhir import identifier
from bempeg_kg.exports.source import Source

BASE = "https://w3id.org/bempeg-kg/"
ORR = f"{BASE}result/pivot-io-001-bempeg-nivolumab-orr"


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


@cache
def made(shape: str) -> Exported:
    return export(graph(), shape)


@cache
def tables() -> kgx.Tables:
    return kgx.make(Source(graph().quads(), graph().names))


@pytest.mark.parametrize("shape", ["cx2", "fhir", "obograph", "sif"])
def test_a_format_says_what_it_does_not_carry(shape: str) -> None:
    assert made(shape).losses
    assert "statements" in made(shape).summary


def test_a_crate_loses_nothing() -> None:
    assert made("rocrate").losses == []


def test_pandas_reads_sif() -> None:
    pandas = pytest.importorskip("pandas")
    body = made("sif").files["graph.sif"]
    frame = pandas.read_csv(io.BytesIO(body), sep="\t", names=["subject", "relation", "object"])
    kept = {(e["subject"], e["predicate"], e["object"]) for e in tables().edges if e["negated"] != "true"}
    assert set(frame.itertuples(index=False, name=None)) == kept


def test_ndex_reads_cx2() -> None:
    cx2 = pytest.importorskip("ndex2.cx2")
    network = cx2.RawCX2NetworkFactory().get_cx2network(json.loads(made("cx2").files["graph.cx2"]))
    assert network.get_name() == "Evidence graph of bempegaldesleukin plus nivolumab"
    assert len(network.get_nodes()) == len(tables().nodes)
    assert len(network.get_edges()) == len(tables().edges)
    names = {node["v"]["id"]: number for number, node in network.get_nodes().items()}
    [edge] = [
        one
        for one in network.get_edges().values()
        if one["v"]["id"] == "bempeg.in-trial:nivolumab--metastatic-melanoma"
    ]
    assert edge["s"] == names["RXCUI:1597876"]


def test_pronto_reads_the_ontology_as_obo_graph(tmp_path: Path) -> None:
    pronto = pytest.importorskip("pronto")
    path = tmp_path / "ontology.json"
    path.write_bytes(made("obograph").files["ontology.json"])
    ontology = pronto.Ontology(str(path))
    result = ontology[f"{BASE}ontology#AdverseEventResult"]
    assert result.name == "adverse event result"
    assert f"{BASE}ontology#Result" in {one.id for one in result.superclasses()}
    stated = graph().select("SELECT DISTINCT ?c { ?c a owl:Class FILTER(isIRI(?c)) }")
    assert len(list(ontology.terms())) == len(stated)


def test_pyarrow_reads_the_tables_with_numbers_as_numbers(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for name, body in made("parquet").files.items():
        (tmp_path / name).write_bytes(body)
    results = parquet.read_table(tmp_path / "results.parquet")
    assert results.num_rows == len(graph().select("SELECT ?r { ?r a kg:Result }"))
    row = {one["iri"]: one for one in results.to_pylist()}[ORR]
    assert (row["value"], row["printed"]) == (27.7, "27.7")
    assert results.schema.field("value").type == "double"
    assert results.schema.field("n").metadata[b"description"] == b"patients out of whom they were counted"


def test_parquet_without_pyarrow_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'bempeg-kg\[parquet\]'"):
        export(graph(), "parquet")


def test_rocrate_reads_the_crate(tmp_path: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    for name, body in made("rocrate").files.items():
        (tmp_path / name).write_bytes(body)
    crate = rocrate.ROCrate(str(tmp_path))
    assert crate.name == "Evidence graph of bempegaldesleukin plus nivolumab"
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    listed = {entity.id: entity for entity in crate.root_dataset["hasPart"]}
    assert set(listed) == set(made("rocrate").files) - {"ro-crate-metadata.json"}
    for name, entity in listed.items():
        assert entity["sha256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_fhir_resources_validates_the_bundle() -> None:
    bundles = pytest.importorskip("fhir.resources.bundle")
    bundle = bundles.Bundle.model_validate_json(made("fhir").files["evidence.json"])
    kinds = [entry.resource.__class__.__name__ for entry in bundle.entry]
    assert kinds.count("ResearchStudy") == len(graph().select("SELECT ?t { ?t a kg:Trial }"))
    stated = "SELECT ?r { { ?r a kg:Result } UNION { ?r a kg:Contrast } }"
    assert kinds.count("Evidence") == len(graph().select(stated))
    assert len({entry.resource.id for entry in bundle.entry}) == len(bundle.entry)
    with pytest.raises(ValueError, match="statistics"):
        bundles.Bundle.model_validate_json(
            made("fhir").files["evidence.json"].replace(b'"statistic"', b'"statistics"', 1)
        )


def test_fhir_keeps_numbers_intervals_and_their_level() -> None:
    entries = {
        one["fullUrl"]: one["resource"] for one in json.loads(made("fhir").files["evidence.json"])["entry"]
    }
    [statistic] = entries[ORR]["statistic"]
    assert (statistic["quantity"]["value"], statistic["description"]) == (27.7, "27.7")
    rows = graph().select("SELECT ?r ?lower ?level { ?r kg:lower ?lower ; kg:level ?level }")
    assert len(rows) > 20
    for row in rows:
        [interval] = [one for one in entries[row["r"]]["statistic"][0]["attributeEstimate"] if "range" in one]
        assert interval["range"]["low"]["value"] == float(row["lower"])
        assert interval["level"] == pytest.approx(float(row["level"]) / 100)


def test_a_long_slug_has_a_fhir_id_of_its_own() -> None:
    long = f"{BASE}result/{'x' * 90}"
    assert len(identifier(long)) == 64
    assert identifier(long) != identifier(long + "y")
