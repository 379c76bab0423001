"""Exports: each is read back by a tool from outside, and says what it does not carry."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg._version import __version__
from bempeg_kg.cli import main
from bempeg_kg.errors import UnknownName
from bempeg_kg.exports import Exported, described, export, export_rdf, kgx
from bempeg_kg.rdf.canonical import HASH, dataset_hash

ROOT = Path(__file__).parents[2]
#: each format is written and read back whole; test_export_formats.py has one of each in the default tier
pytestmark = pytest.mark.thorough


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


@cache
def made(shape: str) -> Exported:
    return export(graph(), shape)


@cache
def rdf(form: str) -> bytes:
    return next(iter(export_rdf(graph(), form).files.values()))


def rows(name: str, shape: str, mark: str) -> list[dict[str, str]]:
    text = made(shape).files[name].decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))


@cache
def own_hash() -> str:
    return dataset_hash(graph().quads())


@cache
def as_rdflib_writes_them() -> set[tuple[str, ...]]:
    """Our statements in the notation of rdflib, but for those with blank nodes."""
    from bempeg_kg.engines.rdflib_engine import rdf_term

    collected: set[tuple[str, ...]] = set()
    for quad in graph().quads():
        parts = [rdf_term(part) for part in (quad.subject, quad.predicate, quad.object)]
        if not any(part.n3().startswith("_:") for part in parts):
            collected.add((*(part.n3() for part in parts), getattr(quad.graph_name, "value", "")))
    return collected


@cache
def nanopubs() -> Any:
    """The nanopublications as rdflib reads them."""
    import rdflib

    whole = rdflib.Dataset()
    whole.parse(data=made("nanopub").files["nanopubs.trig"], format="trig")
    return whole


@cache
def biolink() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    package = pytest.importorskip("importlib.metadata").distribution("biolink-model")
    text = Path(str(package.locate_file("biolink_model/schema/biolink_model.yaml"))).read_text(
        encoding="utf-8"
    )
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


# RDF


@pytest.mark.parametrize("form", ["trig", "nq", "jsonld"])
def test_rdflib_reads_every_statement_back_with_its_file(form: str) -> None:
    import rdflib

    back = rdflib.Dataset()
    names = {"nq": "nquads", "jsonld": "json-ld"}
    normalise = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        back.parse(data=rdf(form), format=names.get(form, form))
    finally:
        rdflib.NORMALIZE_LITERALS = normalise
    found = {
        (s.n3(), p.n3(), o.n3(), str(getattr(home, "identifier", home)))
        for s, p, o, home in back.quads()
        if not isinstance(s, rdflib.BNode) and not isinstance(o, rdflib.BNode) and str(p) != HASH
    }
    assert found == as_rdflib_writes_them()


@pytest.mark.parametrize("form", ["trig", "nq", "jsonld"])
def test_the_stated_hash_is_that_of_what_was_read_back(form: str) -> None:
    import pyoxigraph

    quads = list(pyoxigraph.parse(rdf(form), format=pyoxigraph.RdfFormat.from_extension(form)))
    stated = [quad.object.value for quad in quads if quad.predicate.value == HASH]
    assert stated == [f"sha256:{dataset_hash(quads)}"]
    assert stated == [f"sha256:{own_hash()}"]


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf"])
def test_rdflib_reads_the_formats_with_one_graph(form: str) -> None:
    import rdflib

    back = rdflib.Graph()
    back.parse(data=rdf(form), format={"rdf": "xml"}.get(form, form))
    union = {(q.subject, q.predicate, q.object) for q in graph().quads()}
    assert len(back) == len(union) + 1  # and the hash
    losses = export_rdf(graph(), form).losses
    assert sum(loss.statements for loss in losses) == len(set(graph().quads())) + 1


def test_one_number_of_statements_is_printed_everywhere() -> None:
    quads = set(graph().quads())
    counted = int(graph().stats().rows[0][2].value)
    assert len({quad.triple for quad in quads}) == len(quads) == counted
    summaries = [export_rdf(graph(), form).summary for form in ("nt", "nq")]
    assert all(one.startswith(f"{counted + 1} statements") for one in summaries)
    assert rdf("nt").count(b"\n") == counted + 1


def test_numbers_keep_the_form_in_which_they_were_printed() -> None:
    assert b'"36.0"^^<http://www.w3.org/2001/XMLSchema#decimal>' in rdf("nq")
    assert b'"value": "36.0"' in rdf("jsonld")


def test_json_ld_has_a_context_that_people_can_read() -> None:
    document = json.loads(rdf("jsonld"))
    context = document["@context"]
    assert context["value"] == {"@id": "kg:value", "@type": "xsd:decimal"}
    assert context["trial"] == "https://w3id.org/bempeg-kg/trial/"
    nodes = [node for home in document["@graph"] for node in home.get("@graph", [])]
    arm = next(n for n in nodes if n["@id"] == "result:pivot-io-001-bempeg-nivolumab-orr" and "printed" in n)
    assert arm["@type"] == "kg:Result"
    assert arm["printed"] == "27.7"
    assert not any(key.startswith("http") for node in nodes for key in node)


def test_canonical_bytes_do_not_depend_on_the_run(tmp_path: Path) -> None:
    code = "import sys; from bempeg_kg.cli import main; sys.exit(main(['export', '-o', sys.argv[1], '-q']))"
    bodies = set()
    for seed in ("0", "1"):
        path = tmp_path / f"{seed}.nq"
        environment = {
            "PYTHONHASHSEED": seed,
            "BEMPEG_KG_CACHE": str(tmp_path / seed),
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run([sys.executable, "-c", code, str(path)], env=environment, check=True, cwd=tmp_path)
        bodies.add(path.read_bytes())
    assert len(bodies) == 1
    assert bodies == {rdf("nq")}


# KGX

#: KGX's own pattern of a CURIE
CURIE = r"[^ <()>:]*:[^/ :]+"


def classes_of(category: str) -> set[str]:
    """Names of a category's class, its ancestors and mixins in the Biolink Model."""
    classes = biolink()["classes"]
    names = {"".join(word[0].upper() + word[1:] for word in name.split()): name for name in classes}
    collected: set[str] = set()
    waiting = [names[category.removeprefix("biolink:")]]
    while waiting:
        name = waiting.pop()
        if name not in collected:
            collected.add(name)
            body = classes[name] or {}
            waiting += [body["is_a"]] if body.get("is_a") else []
            waiting += body.get("mixins") or []
    return collected


def inherited(slot: str, key: str) -> str | None:
    slots = biolink()["slots"]
    name: str | None = slot.removeprefix("biolink:").replace("_", " ")
    while name:
        body = slots[name] or {}
        if body.get(key):
            return str(body[key])
        name = body.get("is_a")
    return None


def test_kgx_columns_and_values_are_those_of_the_biolink_model() -> None:
    slots = {name.replace(" ", "_") for name in biolink()["slots"]}
    assert {*kgx.NODE_COLUMNS, *kgx.EDGE_COLUMNS} <= slots | {"id", "category"}
    enums = {name: set(body.get("permissible_values") or {}) for name, body in biolink()["enums"].items()}
    edges = rows("edges.tsv", "kgx", "\t")
    assert {edge["knowledge_level"] for edge in edges} <= enums["KnowledgeLevelEnum"]
    assert {edge["agent_type"] for edge in edges} <= enums["AgentTypeEnum"]
    aspects = enums["GeneOrGeneProductOrChemicalEntityAspectEnum"]
    assert {edge["object_aspect_qualifier"] for edge in edges} - {""} <= aspects
    assert {edge["object_direction_qualifier"] for edge in edges} - {""} <= enums["DirectionQualifierEnum"]


def test_kgx_edges_keep_to_domain_and_range() -> None:
    nodes = {node["id"]: node["category"] for node in rows("nodes.tsv", "kgx", "\t")}
    edges = rows("edges.tsv", "kgx", "\t")
    assert len(edges) > 200
    for edge in edges:
        assert {edge["subject"], edge["object"]} <= nodes.keys(), edge["id"]
        for end, key in (("subject", "domain"), ("object", "range")):
            wanted = inherited(edge["predicate"], key)
            assert wanted is None or wanted in classes_of(nodes[edge[end]]), (edge["id"], key)


def test_kgx_identifiers_are_unique_curies_with_prefixes_that_biolink_prefers() -> None:
    for name in ("nodes.tsv", "edges.tsv"):
        ids = [row["id"] for row in rows(name, "kgx", "\t")]
        assert max(Counter(ids).values()) == 1
        assert all(re.fullmatch(CURIE, one) for one in ids)
    for node in rows("nodes.tsv", "kgx", "\t"):
        prefix = node["id"].partition(":")[0]
        if not prefix.startswith("bempeg."):
            allowed = {
                one
                for name in classes_of(node["category"])
                for one in (biolink()["classes"][name] or {}).get("id_prefixes") or []
            }
            assert prefix in allowed, node["id"]


def test_kgx_own_prefixes_lead_back_to_the_graph() -> None:
    context = json.loads(made("kgx").files["prefixes.json"])["@context"]
    for node in rows("nodes.tsv", "kgx", "\t"):
        prefix, _, local = node["id"].partition(":")
        if prefix.startswith("bempeg"):
            assert context[prefix] + local == node["iri"]
    assert context["bempeg.in-trial"] == f"{graph().names.base}in-trial/"


def test_kgx_edges_have_an_association_class_whose_ends_and_relation_fit() -> None:
    nodes = {node["id"]: node["category"] for node in rows("nodes.tsv", "kgx", "\t")}
    edges = rows("edges.tsv", "kgx", "\t")
    plain = [edge for edge in edges if edge["category"] == "biolink:Association"]
    assert len(plain) < len(edges) / 2
    for edge in edges:
        lineage = [(biolink()["classes"][name] or {}) for name in classes_of(edge["category"])]
        assert "association" in classes_of(edge["category"])
        for slot, term in (("subject", nodes[edge["subject"]]), ("object", nodes[edge["object"]])):
            for body in lineage:
                wanted = ((body.get("slot_usage") or {}).get(slot) or {}).get("range")
                assert wanted in {None, *classes_of(term)}, (edge["id"], edge["category"], slot)
        for body in lineage:
            wanted = ((body.get("slot_usage") or {}).get("predicate") or {}).get("subproperty_of")
            assert wanted in {None, *slots_above(edge["predicate"])}, (edge["id"], edge["category"])


def slots_above(predicate: str) -> set[str]:
    """Names of a relation and of those above it, mixins too."""
    collected: set[str] = set()
    waiting = [predicate.removeprefix("biolink:").replace("_", " ")]
    while waiting:
        name = waiting.pop()
        if name not in collected:
            collected.add(name)
            body = biolink()["slots"][name] or {}
            waiting += [*([body["is_a"]] if body.get("is_a") else []), *(body.get("mixins") or [])]
    return collected


def test_kgx_says_in_clinical_trials_of_experimental_arms_only() -> None:
    edges = [
        one for one in rows("edges.tsv", "kgx", "\t") if one["predicate"] == "biolink:in_clinical_trials_for"
    ]
    ids = {one["id"].removeprefix("bempeg.in-trial:") for one in edges}
    assert "bempegaldesleukin--metastatic-melanoma" in ids
    # sunitinib and placebo are given for comparison
    assert not any(one.startswith(("placebo", "sunitinib")) for one in ids)
    assert len({(edge["subject"], edge["object"]) for edge in edges}) == len(edges)


def test_kgx_keeps_denial_and_evidence_of_a_step() -> None:
    edges = {edge["id"]: edge for edge in rows("edges.tsv", "kgx", "\t")}
    assert edges["bempeg.step:peg-release-does-not-yield-il2"]["negated"] == "true"
    hindered = edges["bempeg.step:peg-linker-hinders-binding-to-il2r-abg-complex"]
    assert (hindered["object_aspect_qualifier"], hindered["object_direction_qualifier"]) == (
        "molecular_interaction",
        "decreased",
    )
    agonist = edges["bempeg.step:active-conjugates-agonist-of-il2r-bg-complex"]
    assert agonist["predicate"] == "biolink:affects"
    assert (agonist["object_aspect_qualifier"], agonist["object_direction_qualifier"]) == (
        "activity",
        "increased",
    )
    assert "PMID:28678791" in agonist["publications"]
    assert agonist["has_evidence"] == "ECO:0000302"
    trial = edges["bempeg.in-trial:nivolumab--metastatic-melanoma"]
    assert trial["predicate"] == "biolink:in_clinical_trials_for"
    assert "CLINICALTRIALS:NCT03635983" in trial["publications"]


# CSV


def test_csvw_metadata_describes_the_tables(tmp_path: Path) -> None:
    csvw = pytest.importorskip("csvw")
    for name, body in made("csv").files.items():
        (tmp_path / name).write_bytes(body)
    group = csvw.TableGroup.from_file(tmp_path / "csv-metadata.json")
    assert group.common_props["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    read = {str(table.url): list(table) for table in group.tables}
    assert set(read) == {"results.csv", "contrasts.csv", "sets.csv", "trials.csv"}
    assert len(read["results.csv"]) == len(graph().select("SELECT ?r { ?r a kg:Result }"))
    by_id = {row["iri"].unsplit(): row for row in read["results.csv"]}
    orr = by_id["https://w3id.org/bempeg-kg/result/pivot-io-001-bempeg-nivolumab-orr"]
    assert str(orr["value"]) == "27.7"
    assert orr["event"] is None
    (tmp_path / "results.csv").write_bytes(made("csv").files["results.csv"].replace(b",27.7,", b",much,"))
    with pytest.raises(ValueError, match="much"):
        list(next(table for table in group.tables if str(table.url) == "results.csv"))


def test_proportions_are_ready_to_be_pooled() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(io.BytesIO(made("csv").files["results.csv"]))
    counted = table[table["event"].notna() & table["n"].notna()]
    assert len(counted) > 40
    assert (counted["event"] <= counted["n"]).all() or set(
        counted[counted["event"] > counted["n"]]["unit"]
    ) == {"events"}
    assert table["iri"].is_unique


def test_the_standard_error_uses_the_level_of_its_own_interval() -> None:
    contrasts = {row["iri"].rpartition("/")[2]: row for row in rows("contrasts.csv", "csv", ",")}
    pooled = [row for row in contrasts.values() if row["seTE"]]
    assert len(pooled) >= 5
    assert len({row["level"] for row in pooled}) >= 3
    scipy = pytest.importorskip("scipy.stats")
    import math

    for row in pooled:
        z = scipy.norm.ppf((1 + float(row["level"]) / 100) / 2)
        width = math.log(float(row["upper"])) - math.log(float(row["lower"]))
        assert float(row["seTE"]) == pytest.approx(width / (2 * z), rel=1e-4)
        assert float(row["TE"]) == pytest.approx(math.log(float(row["value"])), rel=1e-4)


# GraphML and nanopublications


def test_networkx_reads_the_graphml() -> None:
    import networkx

    read = networkx.read_graphml(io.BytesIO(made("graphml").files["graph.graphml"]))
    assert read.nodes["drug:nivolumab"]["label"] == "nivolumab"
    steps = graph().select("SELECT ?s { ?s a kg:MechanismAssociation }")
    assert sum(data["relation"] != "kg:ledTo" for _, _, data in read.edges(data=True)) == len(steps)
    assert read["trial:pivot-02"]["trial:pivot-io-001"]


def test_every_nanopublication_is_valid() -> None:
    import rdflib

    nanopub = pytest.importorskip("nanopub")
    heads: dict[str, Any] = {}
    for home in nanopubs().graphs():
        own = str(home.identifier).rpartition("#")[0]
        if own:
            heads.setdefault(own, []).append(home)
    assert len(heads) > 800
    for own, graphs in sorted(heads.items())[::25]:
        with pytest.warns(DeprecationWarning):
            one = rdflib.ConjunctiveGraph()
        for home in graphs:
            for triple in home:
                one.get_context(home.identifier).add(triple)
        assert nanopub.Nanopub(rdf=one).is_valid, own
    provenance = next(home for home in graphs if str(home.identifier).endswith("#provenance"))
    one.remove_context(one.get_context(provenance.identifier))
    with pytest.raises(ValueError, match="rovenance"):
        _ = nanopub.Nanopub(rdf=one).is_valid


def test_a_nanopublication_has_the_plain_triple_unless_the_step_is_denied() -> None:
    import rdflib

    base = "https://w3id.org/bempeg-kg/"
    agonist = rdflib.URIRef("http://purl.obolibrary.org/obo/RO_0018027")

    def assertion(step: str) -> Any:
        return nanopubs().graph(rdflib.URIRef(f"{base}nanopub/step/{step}#assertion"))

    active = rdflib.URIRef(f"{base}drug/bempeg-active-conjugates")
    binding = assertion("active-conjugates-agonist-of-il2r-bg-complex")
    assert (active, agonist, rdflib.URIRef(f"{base}complex/il2r-bg-complex")) in binding
    output = rdflib.URIRef("http://purl.obolibrary.org/obo/RO_0002234")
    denied = assertion("peg-release-does-not-yield-il2")
    assert not list(denied.triples((rdflib.URIRef(f"{base}process/peg-release"), output, None)))


# what is lost, the catalogue, the command


@pytest.mark.parametrize("shape", ["csv", "graphml", "kgx", "nanopub"])
def test_the_loss_report_adds_up(shape: str) -> None:
    from bempeg_kg.exports.source import Source

    source = Source(graph().quads(), graph().names)
    total, _ = source.size
    losses = made(shape).losses
    match = re.fullmatch(r"carries (\d+) of (\d+) statements", made(shape).summary)
    assert match
    assert int(match[2]) == total
    lost = sum(loss.statements - loss.carried for loss in losses)
    assert int(match[1]) + lost == total
    assert int(match[1]) > 1000


def test_kgx_loses_results_and_says_so() -> None:
    lost = {loss.property: loss for loss in made("kgx").losses if loss.part == "data"}
    assert lost["kg:value"].carried == 0


def test_the_catalogue_fits_the_package_and_its_counts_are_right() -> None:
    import rdflib

    assert described(graph()).iri == "https://w3id.org/bempeg-kg/dataset"
    read = rdflib.Graph()
    read.parse(data=made("void").files["void.ttl"], format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    whole = rdflib.URIRef("https://w3id.org/bempeg-kg/dataset")
    assert str(read.value(whole, rdflib.URIRef("http://www.w3.org/ns/dcat#version"))) == __version__
    assert read.value(whole, void.triples).toPython() == len(
        {(q.subject, q.predicate, q.object) for q in graph().quads()}
    )
    for partition in read.objects(whole, void.classPartition):
        counted = graph().select(
            f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a {read.value(partition, void['class']).n3()} }}"
        )
        assert read.value(partition, void.entities).toPython() == counted[0]["n"]
    linked = sum(
        read.value(linkset, void.triples).toPython()
        for linkset in read.subjects(rdflib.RDF.type, void.Linkset)
    )
    rows_of_links = graph().select(
        """SELECT ?m { ?m a sssom:Mapping FILTER NOT EXISTS { ?m sssom:predicate_modifier "Not" } }"""
    )
    assert linked == len(rows_of_links)
    licences = {str(one) for one in read.objects(None, rdflib.DCTERMS.license)}
    assert len(licences) >= 5


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(UnknownName, match="nanopubs"):
        export(graph(), "nanopubs")


def test_the_command_writes_files_and_losses(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    assert main(["export", "--as", "kgx", "-o", str(tmp_path / "kgx")]) == 0
    assert sorted(path.name for path in (tmp_path / "kgx").iterdir()) == [
        "edges.tsv",
        "losses.tsv",
        "nodes.tsv",
        "prefixes.json",
    ]
    assert "carries" in capfd.readouterr().err
    assert main(["export", "--as", "kgx"]) == 2
    assert "Name a folder with -o" in capfd.readouterr().err
    assert main(["export", "-o", str(tmp_path / "x.ttl"), "--losses", str(tmp_path / "lost.tsv")]) == 0
    assert "the file it stands in" in (tmp_path / "lost.tsv").read_text(encoding="utf-8")
    assert main(["export", "--as", "graphml", "-o", str(tmp_path / "g.graphml")]) == 0
    assert main(["export", "--as", "nope"]) == 2
    assert main(["export"]) == 2


def test_the_questions_are_found_by_the_queries_that_editors_send() -> None:
    """The queries of sib-swiss's SPARQL editor and chat, put to what an endpoint of ours holds."""
    import pyoxigraph

    from bempeg_kg.content.content import Content
    from bempeg_kg.exports import service_quads

    store = pyoxigraph.Store()
    store.bulk_extend(service_quads(Content.find()))
    heads = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX void: <http://rdfs.org/ns/void#>"""

    def asked(query: str) -> list[Any]:
        return list(store.query(heads + query, use_default_graph_as_union=True))

    examples = asked(
        """SELECT DISTINCT ?sq ?comment ?query WHERE { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
           sh:select|sh:ask|sh:construct|sh:describe ?query . } ORDER BY ?sq"""
    )
    shipped = [question for question in graph().questions if question.sparql]
    assert len(examples) == len(shipped)
    for row in examples:
        if "SERVICE" not in row["query"].value:
            pyoxigraph.Store().query(row["query"].value)
        assert not row["query"].value.startswith("#+")
    prefixes = asked("SELECT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }")
    assert {row["prefix"].value: row["namespace"].value for row in prefixes} == graph().names.prefixes
    uses = asked(
        """SELECT DISTINCT ?class ?property ?other WHERE {
           ?cp void:class ?class ; void:propertyPartition ?pp . ?pp void:property ?property .
           OPTIONAL { ?pp void:classPartition/void:class ?other } }"""
    )
    vocabulary = graph().names.prefixes["kg"]
    found = {
        tuple(term.value.removeprefix(vocabulary) for term in row)
        for row in uses
        if all(term is not None for term in row)
    }
    assert ("Result", "analysisSet", "AnalysisSet") in found


def test_pages_show_the_hash_of_the_dataset() -> None:
    from bempeg_kg.web.pages.pages import Pages

    assert f"content {own_hash()[:12]}" in Pages(graph()).questions().html
