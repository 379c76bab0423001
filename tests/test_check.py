"""Every broken file trips its shape or rule and nothing else, and reports say where and what to do."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad, Store

from bempeg_kg.check import check, read_checks, read_rules, run_rule
from bempeg_kg.cli import main
from bempeg_kg.content import Content, SourceFile
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError
from bempeg_kg.load import derived_quads, load_quads, parse_file
from bempeg_kg.report import SEVERITIES, Check, Finding, Report
from bempeg_kg.shapes import Shapes

BROKEN = Path(__file__).parent / "broken"
CONTENT = Content.find()
CHECKS = {one.name: one for one in read_checks(CONTENT)}
SH = "http://www.w3.org/ns/shacl#"
SET = "https://w3id.org/bempeg-kg/set/"


class Ground:
    """The shipped graph, to which the statements of a broken file are added for a while.

    Shapes see one node with its own statements and the classes (see test_shapes_look_at_one_node), so only
    the nodes that the file speaks of, with what the shipped graph says of them, are looked at again.
    """

    def __init__(self) -> None:
        quads = load_quads(CONTENT)
        self.store = Store()
        self.store.bulk_extend(quads)
        self.classes = [quad for quad in quads if quad.predicate.value.endswith("#subClassOf")]
        self.shapes = Shapes.read(CONTENT)
        self.rules = read_rules(CONTENT)
        self.before = Counter(map(_key, self.ruled()))

    def found_with(self, path: Path) -> list[Finding]:
        """What is found with a file that is not found without it."""
        added = parse_file(str(path), path.as_uri())
        about = {quad.subject for quad in added}
        shipped = [quad for node in about for quad in self.store.quads_for_pattern(node, None, None)]
        found = self.shapes.run([*self.classes, *shipped, *added])
        with self.holding(added):
            ruled = self.ruled()
        new = Counter(map(_key, ruled)) - self.before
        return found + [one for one in ruled if new[_key(one)]]

    def ruled(self) -> list[Finding]:
        """What the rules find now."""
        engine = Embedded(self.store, CONTENT.names)
        return [found for rule in self.rules for found in run_rule(rule, engine)]

    @contextmanager
    def holding(self, quads: list[Quad]) -> Iterator[None]:
        """The store with some statements and what is derived from them, and then without."""
        self.store.extend(quads)
        derived = [quad for quad in derived_quads(CONTENT, self.store) if quad not in self.store]
        self.store.extend(derived)
        yield
        for quad in [*quads, *derived]:
            self.store.remove(quad)


def _key(found: Finding) -> tuple[str, str, str]:
    return found.check, found.node, json.dumps(found.details)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    yield Ground()


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_broken_file_trips_exactly_its_check(name: str, ground: Ground) -> None:
    path = BROKEN / f"{name}.ttl"
    assert path.exists(), f"write the smallest file that trips {name}: {path}"
    found = ground.found_with(path)
    assert {one.check for one in found} == {name}, [one.problem for one in found]
    assert {one.severity for one in found} == {CHECKS[name].severity}


def test_no_broken_file_is_left_over() -> None:
    assert {path.stem for path in BROKEN.iterdir()} == set(CHECKS)


@pytest.fixture(scope="module")
def shipped() -> Report:
    return check(CONTENT, further=())


def test_the_shipped_graph_has_no_violation(shipped: Report) -> None:
    assert shipped.conforms and shipped.exit_code == 0, shipped.to_text(160)
    assert shipped.counts["information"] > 0, "what is known to be wrong in sources is shown"
    assert shipped.checks == len(CHECKS)
    assert all(found.file and found.line for found in shipped.findings)


def test_all_broken_files_together_trip_all_checks(tmp_path: Path) -> None:
    """The whole way in one run: files read, added, looked at. Each file gets nodes of its own first."""
    files = []
    for path in BROKEN.iterdir():
        files.append(tmp_path / path.name)
        files[-1].write_text(re.sub("(?<=[:\\- ])example", path.stem, path.read_text()))
    report = check(CONTENT, files, further=())
    tripped = {(found.check, Path(found.file).stem) for found in report.findings}
    assert {(name, name) for name in CHECKS} - tripped == set()


def test_shapes_look_at_one_node() -> None:
    """No shape follows a path of more than one step, a class of a value, or another shape by name."""
    shapes = Shapes.read(CONTENT).graph
    used = {
        str(predicate).rpartition("#")[2]
        for predicate in shapes.predicates()
        if str(predicate).startswith(SH)
    }
    assert not used & {"class", "node", "inversePath", "zeroOrMorePath", "oneOrMorePath", "sparql", "equals"}
    for path in shapes.objects(None, rdflib.URIRef(SH + "path")):
        assert isinstance(path, rdflib.URIRef) or shapes.value(path, rdflib.URIRef(SH + "alternativePath"))


def test_shapes_are_valid_shacl_and_say_what_they_are() -> None:
    shapes = Shapes.read(CONTENT)
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes.graph, meta_shacl=True)
    assert conforms, text
    named = [str(shape) for shape in shapes.graph.subjects(rdflib.URIRef(SH + "severity"))]
    assert sorted(shapes.checks) == sorted(named), "a shape has two severities, or is a blank node"
    for shape in shapes.checks:
        for said in ("name", "description", "message"):
            assert shapes.graph.value(rdflib.URIRef(shape), rdflib.URIRef(SH + said)), (
                f"{shape} has no sh:{said}"
            )


@pytest.mark.parametrize("rule", read_rules(CONTENT), ids=lambda rule: rule.name)
def test_a_rule_says_what_is_wrong_and_orders_its_rows(rule: Check) -> None:
    assert rule.severity in SEVERITIES and rule.cure and rule.tags
    assert not rule.message.endswith(".")
    bare = "\n".join(line for line in rule.sparql.splitlines() if not line.startswith("#"))
    assert "ORDER BY ?node" in bare
    assert " GRAPH " not in bare and "FROM " not in bare


def test_a_finding_says_where_and_what_to_do(tmp_path: Path, shipped: Report) -> None:
    path = tmp_path / "mine.ttl"
    path.write_bytes((BROKEN / "result-unit.ttl").read_bytes())
    report = check(CONTENT, [path], further=())
    [found] = [one for one in report.findings if one.check == "result-unit"]
    lines = path.read_text().splitlines()
    assert (found.file, lines[found.line - 1]) == (str(path), "result:example a kg:Result ;")
    assert found.id == "result-unit/result:example"
    assert "kg:unit" in found.cure
    assert found.kind == "shape"
    assert report.exit_code == 1
    assert found.cure in " ".join(report.to_text(None).split())
    made = json.loads(report.to_json())
    assert made["conforms"] is False
    assert made["counts"]["violation"] == shipped.counts["violation"] + 1
    by_id = {one["id"]: one for one in made["findings"]}
    assert by_id[found.id]["iri"] == "https://w3id.org/bempeg-kg/result/example"


def test_a_shipped_file_is_not_added_twice(shipped: Report) -> None:
    file = next(file for file in CONTENT.files() if file.name == "data/trials/pivot-02.ttl")
    assert check(CONTENT, [file.path], further=()).to_json() == shipped.to_json()


def test_a_node_of_the_shipped_graph_is_placed_where_it_was_broken(tmp_path: Path) -> None:
    path = tmp_path / "more.nt"
    larger, smaller = (f"{SET}pivot-io-001-nivolumab-{name}" for name in ("treated", "not-treated"))
    path.write_text(f"<{larger}> <https://w3id.org/bempeg-kg/ontology#subsetOf> <{smaller}> .\n")
    report = check(CONTENT, [path], further=())
    found = {one.check: one for one in report.findings if one.severity == "violation"}
    assert found["subset-larger-than-set"].where == str(path)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("bad.ttl", b"@prefix a: <urn:a> .\na:b a:c .\n", "bad.ttl:2:9: "),
        ("empty.ttl", b"", "the file is empty"),
        ("latin.ttl", b'<urn:a> <urn:b> "\xe9" .', "UTF-8"),
        ("what.xyz", b"x", "suffix"),
    ],
)
def test_an_unusable_file_is_one_message(tmp_path: Path, name: str, body: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(InputError) as caught:
        check(CONTENT, [path], further=())
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.ttl"):
        with pytest.raises(InputError, match=re.escape(str(path))):
            check(CONTENT, [path], further=())


def test_further_checks_add_findings(shipped: Report) -> None:
    def further(engine: Embedded) -> list[Finding]:
        assert engine.query("ASK { trial:pivot-02 a kg:Trial }") is True
        return [Finding("impossible", "forensics", "information", SET + "pivot-02-enrolled", "It cannot be")]

    report = check(CONTENT, further=[further])
    [found] = [one for one in report.findings if one.kind == "forensics"]
    assert found.id == "impossible/set:pivot-02-enrolled"
    assert report.exit_code == shipped.exit_code


def test_the_impossible_number_of_the_guide_is_information_not_violation() -> None:
    report = check(CONTENT)
    [found] = [one for one in report.findings if one.check == "percentage-of-whole-patients"]
    assert (found.node, found.severity) == ("https://w3id.org/bempeg-kg/claim/a048", "information")
    assert report.exit_code == 0


def test_findings_are_sorted_numbered_and_not_doubled() -> None:
    one = Finding("b", "rule", "warning", SET + "a", "Wrong", {"value": "1"})
    two = Finding("b", "rule", "warning", SET + "a", "Wrong", {"value": "2"})
    worst = Finding("z", "rule", "violation", SET + "a", "Wrong")
    report = Report([two, one, one, worst], CONTENT.names)
    assert [found.id for found in report.findings] == ["z/set:a", "b/set:a", "b/set:a/2"]
    assert report.counts == {"violation": 1, "warning": 2, "information": 0}


def test_a_rule_without_severity_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rule.rq"
    path.write_text("#+ summary: Wrong\nSELECT ?node { ?node ?p ?o }")
    broken = Content(CONTENT.programmes)
    broken.rules = lambda: [SourceFile(str(path), "queries/rules/rule.rq", "")]  # type: ignore[method-assign]
    with pytest.raises(InputError, match="severity"):
        read_rules(broken)


@pytest.mark.parametrize(
    ("arguments", "code", "starts"),
    [
        (["check", "--format", "json", str(BROKEN / "result-unit.ttl")], 1, '{\n  "conforms": false'),
        (["check", str(BROKEN / "trial-sponsor.ttl"), "--format", "tsv"], 0, "?severity\t?check"),
        (["check", "--list", "--format", "csv"], 0, "check,kind,severity"),
        (["check", "--endpoint", "http://localhost:1/"], 2, ""),
        (["check", str(BROKEN)], 2, ""),
    ],
)
def test_the_command(arguments: list[str], code: int, starts: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    assert capfd.readouterr().out.startswith(starts)
