"""The mapping table and the term slices: valid for outside tools, in step with the graph, bad ones refused"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.content import Content
from bempeg_kg.content.files import SourceFile
from bempeg_kg.content.mappings import check_rows, mapping_rows
from bempeg_kg.errors import InputError
from bempeg_kg.rdf.names import BASE, EXTERNAL, KINDS, Names

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "data" / "mappings.sssom.tsv"
HEAD = "#curie_map:\n#  drug: https://w3id.org/bempeg-kg/drug/\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier\n"
GOOD = "drug:nivolumab\tskos:exactMatch\tCHEBI:231614\tsemapv:ManualMappingCuration\t\n"


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


def table(tmp_path: Path, text: str) -> SourceFile:
    path = tmp_path / "links.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return SourceFile(str(path), "data/links.sssom.tsv", BASE)


def test_an_outside_reader_takes_every_row() -> None:
    sssom = pytest.importorskip("sssom_pydantic")
    mappings, _, head, errors = sssom.read(TABLE, return_errors=True)
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert errors == []
    assert len(mappings) == len(rows) - 1
    assert str(head.license) == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert all(one.mapping_date is not None for one in mappings)


def test_prefixes_are_spelled_as_the_bioregistry_spells_them() -> None:
    bioregistry = pytest.importorskip("bioregistry")
    unregistered = {"qudt.unit", "sec.cik"}  # not in the Bioregistry under any name
    for prefix, namespace in EXTERNAL.items():
        known = bioregistry.normalize_prefix(prefix)
        if prefix in unregistered:
            assert known is None, f"{prefix} is registered now"
            continue
        assert (bioregistry.get_preferred_prefix(known) or known) == prefix
        assert namespace


def test_identifiers_have_the_shape_that_the_bioregistry_asks_for() -> None:
    bioregistry = pytest.importorskip("bioregistry")
    for row in mapping_rows(Content.find().mappings()[0], Names()):
        prefix, _, local = row.cells["object_id"].partition(":")
        pattern = bioregistry.get_pattern(bioregistry.normalize_prefix(prefix) or "")
        assert not pattern or re.fullmatch(pattern, local), row.cells["object_id"]


def test_the_table_is_sorted_and_declares_each_prefix_once_and_as_the_package_does() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    columns, body = rows[0], rows[1:]
    keys = [tuple(row[columns.index(c)] for c in ("subject_id", "predicate_id", "object_id")) for row in body]
    assert keys == sorted(keys)
    declared = [line[3:].split(": ", 1) for line in lines if line.startswith("#  ")]
    assert len({prefix for prefix, _ in declared}) == len(declared)
    names = Names()
    for prefix, namespace in declared:
        assert names.prefixes[prefix] == namespace
        assert prefix in KINDS or any(f"{prefix}:" in line for line in lines[-len(body) :])


def test_every_subject_stands_in_the_graph_under_the_label_that_the_table_gives() -> None:
    labels = {
        (row["s"], row["label"])
        for row in graph().select("SELECT ?s ?label { ?s a ?class ; rdfs:label ?label }")
    }
    for row in mapping_rows(Content.find().mappings()[0], Names()):
        assert (row.subject.value, row.cells["subject_label"]) in labels, row.line


def test_skos_matches_are_consistent() -> None:
    """SKOS: exactMatch is disjoint with broadMatch and relatedMatch."""
    assert not graph().query(
        "ASK { ?a skos:exactMatch ?b . { ?a skos:broadMatch ?b } UNION { ?a skos:relatedMatch ?b } }"
    )


def test_a_negated_row_gives_no_match_and_stays_queryable() -> None:
    kg = graph()
    assert not kg.query("ASK { drug:bempegaldesleukin skos:exactMatch NCIT:C128784 }")
    assert kg.query("ASK { drug:bempegaldesleukin skos:exactMatch NCIT:C131019 }")
    assert kg.query(
        'ASK { ?m owl:annotatedTarget NCIT:C128784 ; sssom:predicate_modifier "Not" ; sssom:comment ?why }'
    )


def test_each_link_has_a_node_of_its_own_with_justification_and_date() -> None:
    counted = graph().select(
        """SELECT (COUNT(DISTINCT ?m) AS ?nodes) { ?m a sssom:Mapping ; owl:annotatedSource ?s ;
           owl:annotatedProperty ?p ; owl:annotatedTarget ?o ; sssom:mapping_justification ?j ;
           sssom:mapping_date ?d }"""
    )[0]["nodes"]
    assert counted == len(mapping_rows(Content.find().mappings()[0], Names()))


def test_no_link_claims_identity_of_individuals() -> None:
    assert not graph().query("ASK { ?a owl:sameAs|owl:equivalentClass ?b FILTER(isIRI(?b)) }")


@pytest.mark.parametrize(
    ("body", "line", "said", "cure"),
    [
        ("drug:x\tskos:exactMatch\tNOPE:1\tsemapv:ManualMappingCuration\n", 4, "NOPE", "curie_map"),
        ("drug:x\tskos:exactMatch\tCHEBI231614\tsemapv:ManualMappingCuration\n", 4, "no colon", "prefix:"),
        ("drug:x\tskos:exactMatch\t\tsemapv:ManualMappingCuration\n", 4, "object_id is empty", "prefix:"),
        (GOOD + GOOD, 5, "the same link as in line 4", "Remove one"),
        (GOOD.rstrip("\n") + "\tmore\n", 4, "6 cells, but 5 columns", "tab"),
        (GOOD.replace("Curation\t", "Curation\tnever"), 4, "predicate_modifier", "Not"),
    ],
)
def test_a_bad_row_is_named_with_line_and_cure(
    tmp_path: Path, body: str, line: int, said: str, cure: str
) -> None:
    with pytest.raises(InputError) as caught:
        mapping_rows(table(tmp_path, HEAD + COLUMNS + body), Names())
    assert caught.value.line == line
    assert said in caught.value.message
    assert cure in caught.value.cure
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("#curie_map: [\n" + COLUMNS, 2, "table header"),
        (HEAD + "subject_id\tobject_id\n", 3, "no column predicate_id, mapping_justification"),
    ],
)
def test_a_malformed_table_is_named_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        mapping_rows(table(tmp_path, text), Names())
    assert caught.value.line == line
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("row", "said", "cure"),
    [
        (GOOD.replace("nivolumab", "nivolumax"), "no entity 'drug:nivolumax'", "data/"),
        (
            "disease:rcc\tskos:exactMatch\tEFO:0000681\tsemapv:ManualMappingCuration\n",
            "EFO:0000681 is obsolete",
            "MONDO_0005086",
        ),
    ],
)
def test_a_row_that_does_not_fit_the_graph_is_named(tmp_path: Path, row: str, said: str, cure: str) -> None:
    with pytest.raises(InputError) as caught:
        check_rows(mapping_rows(table(tmp_path, HEAD + COLUMNS + row), Names()), graph().engine.store)
    assert caught.value.line == 4
    assert said in caught.value.message
    assert cure in caught.value.cure


def test_a_table_of_another_programme_may_bring_its_own_prefixes(tmp_path: Path) -> None:
    text = "#curie_map:\n#  mine: https://example.org/mine/\n" + COLUMNS + GOOD.replace("drug:", "mine:")
    row = mapping_rows(table(tmp_path, text), Names())[0]
    assert row.subject.value == "https://example.org/mine/nivolumab"


def test_every_slice_states_release_licence_and_origin() -> None:
    slices = sorted((ROOT / "ontology" / "terms").glob("*.ttl"))
    assert len(slices) >= 20
    for path in slices:
        node = f"<{BASE}ontology/terms/{path.name}>"
        assert graph().query(
            f"""ASK {{ {node} dcterms:title ?t ; dcterms:license ?l ; owl:versionInfo ?v ; dcterms:source ?s ;
                foaf:homepage ?h ; skos:historyNote ?n . FILTER(isIRI(?l)) }}"""
        ), path.name


def test_slices_are_sorted_and_every_class_in_use_has_a_label() -> None:
    for path in sorted((ROOT / "ontology" / "terms").glob("*.ttl")):
        terms = re.findall(r"^([A-Za-z]+:\S+) a owl:", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert terms == sorted(terms), path.name
        assert len(set(terms)) == len(terms), path.name
    assert (
        graph()
        .select(
            """SELECT ?c { ?c a owl:Class . FILTER NOT EXISTS { ?c rdfs:label ?l }
               FILTER NOT EXISTS { ?c owl:deprecated true } FILTER(isIRI(?c)) }"""
        )
        .rows
        == []
    )


def test_relations_and_evidence_of_the_steps_have_labels() -> None:
    missing = graph().select(
        """SELECT DISTINCT ?term { ?step a kg:MechanismAssociation .
           { ?step kg:predicate ?term } UNION { ?step kg:evidenceType ?term } UNION
           { ?step kg:biolinkPredicate ?term }
           FILTER(?term != rdfs:subClassOf) FILTER NOT EXISTS { ?term rdfs:label ?label } }"""
    )
    assert missing.rows == []


def test_no_pair_is_matched_in_two_ways() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in mapping_rows(Content.find().mappings()[0], Names()):
        pair = (row.subject.value, row.target.value)
        assert pair not in seen, f"{pair} is both {seen.get(pair)} and {row.predicate.value}"
        seen[pair] = row.predicate.value


#: what an outside reviewer of the mappings asked for: subject, match, identifier
REVIEWED = (
    ("disease:hr-positive-breast-carcinoma", "broadMatch", "MONDO:0700079"),
    ("process:treg-suppression", "relatedMatch", "GO:0002841"),
    ("grade:grade-4", "exactMatch", "NCIT:C41337"),
    ("drug:bempegaldesleukin", "relatedMatch", "mesh:C067245"),
    ("complex:mtorc1", "exactMatch", "GO:0031931"),
    ("complex:tcr", "exactMatch", "GO:0042101"),
    ("drug:avelumab", "exactMatch", "chembl.compound:CHEMBL3833373"),
    ("statistic:mean", "exactMatch", "NCIT:C53319"),
    ("statistic:mean-difference", "exactMatch", "STATO:0000457"),
    ("endpoint:event-free-survival", "exactMatch", "EFO:0000482"),
    ("adverse-event:capillary-leak", "exactMatch", "NCIT:C62578"),
    ("unit:years", "exactMatch", "UO:0000036"),
    ("cell:eosinophil", "exactMatch", "CL:0000771"),
    ("species:mouse", "exactMatch", "NCBITaxon:10090"),
)


@pytest.mark.parametrize(("subject", "match", "identifier"), REVIEWED)
def test_a_reviewed_pair_has_the_one_match_that_is_right(subject: str, match: str, identifier: str) -> None:
    rows = graph().select(
        f"""SELECT ?match {{ {subject} ?match {identifier} .
            FILTER(STRSTARTS(STR(?match), "http://www.w3.org/2004/02/skos/core#")) }}"""
    )
    assert [str(one).rpartition("#")[2] for one in rows.column("match")] == [match]


def test_only_words_that_imported_records_need_are_named_by_nothing() -> None:
    """An entity that no statement names would be dropped; those of registry records wait for records."""
    unused = graph().select("SELECT ?e { ?e a kg:Entity FILTER NOT EXISTS { ?s ?p ?e } }").column("e")
    waiting = (ROOT / "data" / "registry-terms.ttl").read_text(encoding="utf-8")
    names = [graph().names.shorten(str(one)) for one in unused]
    assert [name for name in names if f"\n{name} a " not in waiting] == []


def test_entities_without_an_exact_match_are_those_that_were_looked_for() -> None:
    """Each was looked for by its label; the list says what is near, or that no class was seen."""
    selected = graph().select(
        """SELECT DISTINCT ?entity WHERE {
          ?entity a ?class ; rdfs:label ?label . ?class rdfs:subClassOf* kg:Entity .
          FILTER NOT EXISTS { ?entity skos:exactMatch ?other }
          FILTER(STRSTARTS(STR(?entity), "https://w3id.org/bempeg-kg/"))
          FILTER(!CONTAINS(STR(?entity), "ontology#"))
        } ORDER BY ?entity"""
    )
    listed = (Path(__file__).parent / "without_exact_match.tsv").read_text(encoding="utf-8").splitlines()[1:]
    entities = sorted({graph().names.shorten(str(row["entity"])) for row in selected})
    assert entities == [line.partition("\t")[0] for line in listed]
