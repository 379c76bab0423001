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
from bempeg_kg.checks.scan import Scan
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.checks.statements import File, Kinds, Node, nodes_of
from bempeg_kg.checks.suspects import PICKED
from bempeg_kg.content.content import Content
from bempeg_kg.content.load import DERIVED, derived_quads
from bempeg_kg.content.parse import parse_file, parse_text
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError
from bempeg_kg.rdf.names import VOCAB

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
def kinds(engine: Embedded) -> Kinds:
    return Kinds(engine.store, (CONTENT.base + DERIVED,))


@pytest.fixture(scope="module")
def files() -> list[dict[str, Node]]:
    """The nodes of each file, without blank ones."""
    return [{key: node for key, node in nodes_of(file).items() if not key.startswith("_:")} for file in FILES]


@pytest.fixture(scope="module")
def engine() -> Embedded:
    made = Embedded.of_quads((quad for file in FILES for quad in file.parse()), CONTENT.names)
    made.store.bulk_extend(derived_quads(CONTENT, made.store))
    return made


def test_shapes_find_what_pyshacl_finds(engine: Embedded, kinds: Kinds) -> None:
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
    scan = Scan(engine, shapes, read_rules(CONTENT), (CONTENT.base + DERIVED,), False)
    broken = set(map(str, graph.subjects()))
    seen = scan.joined(map(scan.part, FILES))
    found = {(one.check, one.node) for one in seen.findings if one.kind == "shape" and one.node in broken} - {
        (one.check, one.node) for one in seen.findings if one.node.startswith("_:")
    }
    assert len(expected) > 50
    assert found == expected


@pytest.mark.parametrize("name", vocabulary.NAMES)
def test_rules_on_classes_find_what_their_queries_find(
    name: str, engine: Embedded, kinds: Kinds, files: list[dict[str, Node]]
) -> None:
    [rule] = [one for one in read_rules(CONTENT) if one.name == name]
    stated = {key for nodes in files for key in nodes}
    expected = {
        (one.node, tuple(one.details.items()))
        for one in run_rule(rule, engine)
        if one.node in stated and one.details["property"] != "kg:derivedFrom"  # mostly derived, not stated
    }
    rules = vocabulary.ClassRules(engine, kinds)
    rows = []
    for nodes in files:
        here = {key: kinds.of_node(node) for key, node in nodes.items()}
        rows += [row for node in nodes.values() for row in rules.rows(node, here)]
    assert expected
    found = {
        (row.node, tuple(row.details.items()))
        for row in rows
        if row.rule == name and row.details["property"] != "kg:derivedFrom"
    }
    assert found == expected


@pytest.mark.parametrize("name", sorted(PICKED))
def test_a_rule_finds_among_what_was_picked_all_that_it_finds(
    name: str, engine: Embedded, files: list[dict[str, Node]]
) -> None:
    """A large content asks some queries of nodes that were picked while its files were read."""
    rules = read_rules(CONTENT)
    scan = Scan(engine, Shapes.read(CONTENT), rules, (CONTENT.base + DERIVED,), True)
    [(place, file)] = [(n, file) for n, file in enumerate(FILES) if file.graph.endswith(f"broken/{name}.ttl")]
    [rule] = [one for one in rules if one.name == name]
    expected = {
        (one.node, tuple(one.details.items())) for one in run_rule(rule, engine) if one.node in files[place]
    }
    seen = scan.joined([scan.part(file)])
    found = {(one.node, tuple(one.details.items())) for one in run_rule(rule, engine, seen.picked[name])}
    assert expected
    assert expected <= found


def test_what_several_files_say_of_a_node_is_judged_together(engine: Embedded) -> None:
    """Of two files that describe a node, the first alone leaves out what the second states."""
    prefix = f"@prefix kg: <{VOCAB}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    texts = {
        "urn:one": "<urn:arm> a kg:Arm .",
        "urn:two": "<urn:arm> rdfs:label 'Arm' .",
        "urn:three": "<urn:bare> a kg:Arm .",
        "urn:four": "<urn:bare> kg:trial <urn:trial> .",
    }
    files = [File(g, partial(parse_text, (prefix + text).encode(), g), True) for g, text in texts.items()]
    scan = Scan(engine, Shapes.read(CONTENT), read_rules(CONTENT), (), False)
    found = {one.node for one in scan.joined(map(scan.part, files)).findings if one.check == "label"}
    assert found == {"urn:bare"}


def test_a_constraint_that_is_not_read_is_an_error() -> None:
    graph = rdflib.Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:shape> sh:path <urn:p> ; sh:uniqueLang true .""",
        format="turtle",
    )
    with pytest.raises(InputError, match="uniqueLang"):
        Shape(graph, "urn:shape")
