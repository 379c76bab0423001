"""Our reading of the shapes finds what pyshacl finds, and the rules on classes what their queries find."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pyshacl
import pytest
import rdflib

from bempeg_kg.checks import vocabulary
from bempeg_kg.checks.check import read_rules, run_rule
from bempeg_kg.checks.constraints import Shape
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.checks.statements import File, Node, Statements
from bempeg_kg.content.content import Content
from bempeg_kg.content.load import derived_quads
from bempeg_kg.content.parse import parse_file, parse_text
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError

BROKEN = sorted((Path(__file__).parents[1] / "broken").glob("*.ttl"))
CONTENT = Content.find()
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
#: Each broken file with an example of its own name.
TEXTS = {path.as_uri(): re.sub(r"(?<=[:\- \"])example", path.stem, path.read_text()) for path in BROKEN}
FILES = [
    *(File(file.iri, partial(parse_file, file.path, file.iri), True) for file in CONTENT.files()),
    *(File(graph, partial(parse_text, text.encode(), graph), True) for graph, text in TEXTS.items()),
]


@pytest.fixture(scope="module")
def statements() -> Statements:
    return Statements(FILES)


@pytest.fixture(scope="module")
def nodes(statements: Statements) -> list[Node]:
    return [node for node in statements.nodes() if not node.key.startswith("_:")]


@pytest.fixture(scope="module")
def engine() -> Embedded:
    made = Embedded.of_quads((quad for file in FILES for quad in file.parse()), CONTENT.names)
    made.store.bulk_extend(derived_quads(CONTENT, made.store))
    return made


def test_shapes_find_what_pyshacl_finds(statements: Statements, nodes: list[Node]) -> None:
    shapes = Shapes.read(CONTENT)
    graph = rdflib.Graph()
    for file in CONTENT.vocabulary():
        graph.parse(file.path, format="turtle")
    for text in TEXTS.values():
        graph.parse(data=text, format="turtle")
    _, results, _ = pyshacl.validate(graph, shacl_graph=shapes.graph, inplace=True)
    expected = {
        (str(results.value(one, SH.sourceShape)).rpartition("#")[2], str(results.value(one, SH.focusNode)))
        for one in results.subjects(rdflib.RDF.type, SH.ValidationResult)
        if isinstance(results.value(one, SH.focusNode), rdflib.URIRef)
    }
    found = set()
    broken = set(map(str, graph.subjects()))
    for node in nodes:
        kind = statements.kind(node.key)
        kinds = frozenset() if kind is None else statements.kinds[kind]
        found |= {(one.check, one.node) for one in shapes.judge(node, kinds) if one.node in broken}
    assert len(expected) > 50
    assert found == expected


@pytest.mark.parametrize("name", vocabulary.NAMES)
def test_rules_on_classes_find_what_their_queries_find(
    name: str, engine: Embedded, statements: Statements, nodes: list[Node]
) -> None:
    [rule] = [one for one in read_rules(CONTENT) if one.name == name]
    stated = {node.key for node in nodes}
    expected = {
        (one.node, tuple(one.details.items()))
        for one in run_rule(rule, engine)
        if one.node in stated and one.details["property"] != "kg:derivedFrom"  # mostly derived, not stated
    }
    rules = vocabulary.ClassRules(engine, statements)
    rows = [row for node in nodes for row in rules.rows(node)]
    assert expected
    found = {
        (row.node, tuple(row.details.items()))
        for row in rows
        if row.rule == name and row.details["property"] != "kg:derivedFrom"
    }
    assert found == expected


def test_a_constraint_that_is_not_read_is_an_error() -> None:
    graph = rdflib.Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:shape> sh:path <urn:p> ; sh:uniqueLang true .""",
        format="turtle",
    )
    with pytest.raises(InputError, match="uniqueLang"):
        Shape(graph, "urn:shape")
