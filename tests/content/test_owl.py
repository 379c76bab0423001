"""The graph is OWL 2 DL: each term is declared, as one kind, and used as that; no tool of OWL is needed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, XSD, Literal, URIRef

from tests.reasoner.view import statements, view

KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
)
XSD_SPACE = "http://www.w3.org/2001/XMLSchema#"
#: the datatypes of OWL 2 that the graph uses
DATATYPES = {XSD.boolean, XSD.decimal, XSD.integer, XSD.string, XSD.dateTime, RDF.langString, None}


@cache
def graph() -> rdflib.Graph:
    return statements()


def kinds(term: rdflib.term.Node) -> set[rdflib.term.Node]:
    return {kind for kind in (*KINDS, OWL.Class) if (term, RDF.type, kind) in graph()}


def own(term: rdflib.term.Node) -> bool:
    return isinstance(term, URIRef) and not str(term).startswith(BUILT_IN)


def test_each_property_in_use_is_declared_as_one_kind() -> None:
    assert [one for one in set(graph().predicates()) if own(one) and len(kinds(one)) != 1] == []


def test_each_class_in_use_is_declared() -> None:
    used = {*graph().objects(None, RDF.type), *graph().objects(None, RDFS.subClassOf)}
    used |= {one for name in (RDFS.domain, RDFS.range) for one in graph().objects(None, name)}
    missing = {
        one
        for one in used
        if own(one) and not one.startswith(str(XSD)) and kinds(one) != {OWL.Class} and isinstance(one, URIRef)
    }
    assert missing == set()


def test_each_superproperty_is_declared_as_the_kind_of_what_is_below_it() -> None:
    pairs = graph().subject_objects(RDFS.subPropertyOf)
    assert [(below, above) for below, above in pairs if kinds(below) != kinds(above)] == []


def test_values_are_of_the_kind_that_the_property_asks_for() -> None:
    wrong = defaultdict(int)
    for _, predicate, value in graph():
        kind = kinds(predicate)
        if kind == {OWL.ObjectProperty} and isinstance(value, Literal):
            wrong[predicate] += 1
        if kind == {OWL.DatatypeProperty} and not isinstance(value, Literal):
            wrong[predicate] += 1
    assert wrong == {}


def test_no_class_and_no_property_is_an_individual() -> None:
    """Punning is legal there, yet none is meant: the relation that a step names is an annotation of it."""
    terms = {one for kind in (*KINDS, OWL.Class) for one in graph().subjects(RDF.type, kind)}
    typed = {one for one in terms if any(own(kind) for kind in graph().objects(one, RDF.type))}
    assert typed == set()
    data = {predicate for predicate in graph().predicates() if kinds(predicate) == {OWL.ObjectProperty}}
    named = {p for _, p, value in graph() if p in data and value in terms}
    assert named == set()


@pytest.mark.thorough
def test_datatypes_of_the_reasoners_view_are_those_of_owl_2() -> None:
    used = {value.datatype for value in view().objects() if isinstance(value, Literal)}
    assert used <= DATATYPES


def test_each_property_of_the_vocabulary_has_a_domain() -> None:
    space = "https://w3id.org/bempeg-kg/ontology#"
    bare = {
        one.removeprefix(space)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for one in graph().subjects(RDF.type, kind)
        if one.startswith(space) and (one, RDFS.domain, None) not in graph()
    }
    # of a dataset and of a MeSH heading, which are no classes of ours
    assert bare == {"contentHash", "heading"}
