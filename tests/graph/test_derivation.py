"""What is derived at load (`ontology/derive/*.rq`): superclass types, diseases, texts, dates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from bempeg_kg import Content, KnowledgeGraph
from bempeg_kg.content.load import derived_quads, load_quads
from bempeg_kg.content.parse import parse_text

KG = "https://w3id.org/bempeg-kg/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"


@cache
def graph(asserted_types: bool = False) -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory", asserted_types=asserted_types)


def count(pattern: str, asserted_types: bool = False) -> int:
    query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}"
    return int(graph(asserted_types).select(query).column("n")[0])


def derived(turtle: str) -> set[tuple[str, str, str]]:
    """(subject, property, text) that the shipped derivations make of a document."""
    prefixes = f"@prefix kg: <{KG}> . @prefix xsd: <{XSD}> . @prefix x: <https://example.org/> .\n"
    store = Store()
    store.bulk_extend(parse_text((prefixes + turtle).encode(), "https://example.org/file.ttl"))
    return {
        (short(quad.subject), short(quad.predicate), short(quad.object))
        for quad in derived_quads(Content.find(), store)
    }


def short(term: object) -> str:
    return str(getattr(term, "value", term)).removeprefix(KG).removeprefix("https://example.org/")


@pytest.mark.parametrize("kind", ["kg:Source", "kg:Protein", "kg:Result", "kg:Event", "kg:Entity", "kg:Code"])
def test_a_class_finds_what_its_subclasses_hold(kind: str) -> None:
    walked = count(f"?x a/rdfs:subClassOf* {kind}", asserted_types=True)
    assert count(f"?x a {kind}") == walked
    assert count(f"?x a {kind}", asserted_types=True) < walked


def test_superclass_types_can_be_left_out() -> None:
    content = Content.find(asserted_types=True)
    assert "types" not in {Path(file.path).stem for file in content.derivations()}
    assert content.hash() != Content.find().hash()


def test_no_derived_statement_is_also_stated() -> None:
    content = Content.find()
    seen: dict[tuple[object, ...], str] = {}
    for quad in _once_a_graph(load_quads(content)):
        triple = (quad.subject, quad.predicate, quad.object)
        home = short(quad.graph_name)
        assert "/derived/" not in home or triple not in seen, f"{triple} is in {seen[triple]} and {home}"
        seen[triple] = home


def _once_a_graph(quads: list[Quad]) -> Iterator[Quad]:
    yield from dict.fromkeys(sorted(quads, key=lambda quad: "/derived/" in short(quad.graph_name)))


def test_the_condition_of_a_cohort_reaches_its_results() -> None:
    selected = graph().select(
        """SELECT ?printed { ?result kg:condition disease:metastatic-melanoma ; kg:endpoint endpoint:orr ;
           kg:printed ?printed ; kg:trial trial:pivot-02 }"""
    )
    assert "52.6" in selected.column("printed")
    asked_by_trial = graph().select(
        """SELECT ?printed { ?result kg:trial/kg:condition disease:metastatic-melanoma ;
           kg:endpoint endpoint:orr ; kg:printed ?printed }"""
    )
    assert "52.6" in asked_by_trial.column("printed")


def test_a_group_of_no_cohort_has_the_conditions_stated_for_its_trial_alone() -> None:
    got = derived(
        """x:trial a kg:Trial ; kg:condition x:cancer .
        x:cohort kg:trial x:trial ; kg:condition x:melanoma .
        x:all a kg:AnalysisGroup ; kg:trial x:trial .
        x:some a kg:AnalysisGroup ; kg:trial x:trial ; kg:cohort x:cohort .
        x:of-all kg:group x:all . x:of-some kg:group x:some . x:contrast kg:comparedGroup x:some ."""
    )
    assert {(node, value) for node, name, value in got if name == "condition"} == {
        ("trial", "melanoma"),
        ("all", "cancer"),
        ("of-all", "cancer"),
        ("some", "melanoma"),
        ("of-some", "melanoma"),
        ("contrast", "melanoma"),
    }


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ('"2018-11"^^xsd:gYearMonth', "2018-11-01", "2018-11-30"),
        ('"2018-12"^^xsd:gYearMonth', "2018-12-01", "2018-12-31"),
        ('"2019-02"^^xsd:gYearMonth', "2019-02-01", "2019-02-28"),
        ('"2020-02"^^xsd:gYearMonth', "2020-02-01", "2020-02-29"),
        ('"2000-02"^^xsd:gYearMonth', "2000-02-01", "2000-02-29"),
        ('"1900-02"^^xsd:gYearMonth', "1900-02-01", "1900-02-28"),
        ('"2018"^^xsd:gYear', "2018-01-01", "2018-12-31"),
        ('"2018-09-21"^^xsd:date', "2018-09-21", "2018-09-21"),
    ],
)
def test_a_date_of_any_precision_has_a_first_and_a_last_day(written: str, first: str, last: str) -> None:
    got = derived(f"x:result kg:firstPublic {written} .")
    assert ("result", "firstPublicEarliest", first) in got
    assert ("result", "firstPublicLatest", last) in got


def test_what_is_not_a_date_has_no_bounds() -> None:
    assert not derived('x:result kg:firstPublic "soon", "2018-13", "18" .')


def test_bounds_of_dates_can_be_compared() -> None:
    query = """SELECT ?x { ?x kg:firstPublicLatest ?day FILTER(?day <= "2018-12-31"^^xsd:date) }"""
    by_month = """SELECT ?x { ?x kg:firstPublic ?text FILTER(STR(?text) < "2019") }"""
    assert sorted(graph().select(query).column("x")) == sorted(graph().select(by_month).column("x"))


def test_the_status_is_shown_where_no_value_is_printed() -> None:
    got = derived(
        """x:a kg:printed "36.0" ; kg:lowerPrinted "28.8" ; kg:upperStatus kg:notReached ; kg:denominator 38 .
        x:b kg:valueStatus kg:notReached ; kg:denominatorStatus kg:notPublished .
        kg:notReached <http://www.w3.org/2000/01/rdf-schema#label> "not reached"@en ."""
    )
    assert {one for one in got if one[1].lower().endswith("shown")} == {
        ("a", "shown", "36.0"),
        ("a", "lowerShown", "28.8"),
        ("a", "upperShown", "not reached"),
        ("a", "denominatorShown", "38"),
        ("b", "shown", "not reached"),
    }


def test_identifiers_stand_as_pages_beside_the_literals() -> None:
    got = derived(
        'x:trial kg:nct "NCT03635983" . x:paper kg:doi "10.1200/JCO.23.00172" ; kg:pmid "37651676" .'
    )
    assert {one for one in got if one[1].endswith("seeAlso")} == {
        (
            "trial",
            "http://www.w3.org/2000/01/rdf-schema#seeAlso",
            "https://clinicaltrials.gov/study/NCT03635983",
        ),
        ("paper", "http://www.w3.org/2000/01/rdf-schema#seeAlso", "https://doi.org/10.1200/JCO.23.00172"),
        ("paper", "http://www.w3.org/2000/01/rdf-schema#seeAlso", "https://pubmed.ncbi.nlm.nih.gov/37651676"),
    }


def test_sources_are_derived_for_descriptions_and_for_statements() -> None:
    got = derived(
        """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix obo: <http://purl.obolibrary.org/obo/> .
        kg:Result rdfs:subClassOf obo:IAO_0000030 .
        x:result a kg:Result ; kg:source x:a ; kg:derivedFrom x:b .
        x:trial a kg:Trial ; kg:source x:a ."""
    )
    prov = "http://www.w3.org/ns/prov#wasDerivedFrom"
    assert {one for one in got if "erivedFrom" in one[1]} == {
        ("result", "derivedFrom", "a"),
        ("result", prov, "a"),
        ("result", prov, "b"),
        ("trial", "derivedFrom", "a"),
    }


def test_a_text_shown_has_no_language() -> None:
    [quad] = [
        quad
        for quad in graph().quads()
        if quad.predicate == NamedNode(KG + "shown")
        and short(quad.subject).endswith("result/pivot-io-001-bempeg-nivolumab-os-median")
    ]
    assert quad.object == Literal("29.67")
