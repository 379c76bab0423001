"""Every broken file trips its shape or rule and nothing else, and reports say where and what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyshacl
import pytest
import rdflib

from bempeg_kg.checks.check import check, read_checks, read_rules
from bempeg_kg.checks.report import SEVERITIES, Check, Finding, Report
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.cli import main
from bempeg_kg.content.content import Content
from bempeg_kg.content.files import SourceFile
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError

BROKEN = Path(__file__).parents[1] / "broken"
CONTENT = Content.find()
CHECKS = {one.name: one for one in read_checks(CONTENT)}
SH = "http://www.w3.org/ns/shacl#"
SET = "https://w3id.org/bempeg-kg/set/"


@pytest.fixture(scope="module")
def shipped() -> Report:
    return check(CONTENT, further=())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """A programme that holds nothing yet: quick to check."""
    folder = tmp_path_factory.mktemp("programme")
    (folder / "catalogue.ttl").write_text(
        '<> <http://rdfs.org/ns/void#uriSpace> "https://w3id.org/bempeg-kg/" .'
    )
    return Content.find(folder)


@pytest.fixture(scope="module")
def tripped(shipped: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What each broken file adds to the findings of the shipped graph, by name of the file.

    All are checked in one run. So that they do not meddle with each other, the example of each gets a name
    and a registry number of its own first. What is found in no added file stands under the empty name.
    """
    folder = tmp_path_factory.mktemp("broken")
    for number, path in enumerate(sorted(BROKEN.iterdir())):
        text = re.sub(r"(?<=[:\- \"])example", path.stem, path.read_text())
        (folder / path.name).write_text(text.replace("NCT00000000", f"NCT{number:08}"))
    report = check(CONTENT, sorted(folder.iterdir()), further=())
    before = {finding.id for finding in shipped.findings}
    collected: dict[str, list[Finding]] = {path.stem: [] for path in BROKEN.iterdir()}
    for finding in report.findings:
        if finding.id not in before:
            home = Path(finding.file)
            collected.setdefault(home.stem if home.parent == folder else "", []).append(finding)
    return collected


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_broken_file_trips_exactly_its_check(name: str, tripped: dict[str, list[Finding]]) -> None:
    assert name in tripped, f"write the smallest file that trips it: tests/broken/{name}.ttl"
    found = tripped[name]
    assert {one.check for one in found} == {name}, [(one.check, one.problem) for one in found]
    assert {one.severity for one in found} == {CHECKS[name].severity}


def test_broken_files_do_not_make_the_shipped_nodes_look_broken(tripped: dict[str, list[Finding]]) -> None:
    assert "" not in tripped


def test_no_broken_file_is_left_over() -> None:
    assert {path.stem for path in BROKEN.iterdir()} == set(CHECKS)


def test_the_shipped_graph_has_no_violation(shipped: Report) -> None:
    assert shipped.conforms and shipped.exit_code == 0, shipped.to_text()
    assert shipped.counts["information"] > 0, "what is known to be wrong in sources is shown"
    assert shipped.checks == len(CHECKS)
    assert all(finding.file and finding.line for finding in shipped.findings)


@pytest.mark.thorough
def test_shapes_are_valid_shacl_and_say_what_they_are() -> None:
    shapes = Shapes.read(CONTENT)
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes.graph, meta_shacl=True)
    assert conforms, text
    named = [str(shape) for shape in shapes.graph.subjects(rdflib.URIRef(SH + "severity"))]
    assert sorted(shapes.checks) == sorted(named), "a shape has two severities, or is a blank node"
    for shape in shapes.checks:
        for name in ("name", "description", "message"):
            assert shapes.graph.value(rdflib.URIRef(shape), rdflib.URIRef(SH + name)), (
                f"{shape} has no sh:{name}"
            )


@pytest.mark.parametrize("rule", read_rules(CONTENT), ids=lambda rule: rule.name)
def test_a_rule_says_what_is_wrong_and_orders_its_rows(rule: Check) -> None:
    assert rule.severity in SEVERITIES and rule.cure and rule.tags
    assert not rule.message.endswith(".")
    bare = "\n".join(line for line in rule.sparql.splitlines() if not line.startswith("#"))
    assert "ORDER BY ?node" in bare
    assert " GRAPH " not in bare and "FROM " not in bare


def test_a_finding_says_where_and_what_to_do(tmp_path: Path, small: Content) -> None:
    path = tmp_path / "mine.ttl"
    path.write_bytes((BROKEN / "result-unit.ttl").read_bytes())
    report = check(small, [path], further=())
    [found] = [one for one in report.findings if one.check == "result-unit"]
    lines = path.read_text().splitlines()
    assert (found.file, lines[found.line - 1]) == (str(path), "result:example a kg:Result ;")
    assert found.id == "result-unit/result:example"
    assert "kg:unit" in found.cure
    assert found.kind == "shape"
    assert report.exit_code == 1
    assert found.cure in " ".join(report.to_text().split())
    document = json.loads(report.to_json())
    assert document["conforms"] is False
    assert document["counts"] == report.counts
    by_id = {one["id"]: one for one in document["findings"]}
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


def test_further_checks_add_findings(small: Content) -> None:
    def further(engine: Embedded) -> list[Finding]:
        assert engine.query("ASK { kg:Trial a owl:Class }") is True
        return [Finding("impossible", "forensics", "information", SET + "pivot-02-enrolled", "It cannot be")]

    report = check(small, further=[further])
    assert [finding.id for finding in report.findings] == ["impossible/set:pivot-02-enrolled"]
    assert report.exit_code == 0


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
    assert [finding.id for finding in report.findings] == ["z/set:a", "b/set:a", "b/set:a/2"]
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
        (["result-unit.ttl", "--format", "json"], 1, '{\n  "conforms": false'),
        (["endpoint-direction.ttl", "--format", "tsv"], 0, "?severity\t?check"),
        (["endpoint-direction.ttl"], 0, "endpoint-direction.ttl:6: endpoint-direction: warning:"),
        (["--list", "--format", "csv"], 0, "check,kind,severity"),
        (["--endpoint", "http://localhost:1/"], 2, ""),
        (["."], 2, ""),
    ],
)
def test_the_command(
    arguments: list[str],
    code: int,
    starts: str,
    small: Content,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(BROKEN)
    assert main(["check", "--data", small.programmes[0].root, *arguments]) == code
    assert capfd.readouterr().out.startswith(starts)


def test_near_equal_findings_are_one_group_with_a_count_and_three_examples() -> None:
    findings = [
        Finding(
            "a-rule", "rule", "warning", f"{SET}n{number}", "Odd", cure="Mend it", file="x.ttl", line=number
        )
        for number in range(1, 6)
    ]
    text = Report(findings, CONTENT.names).to_text()
    assert text.startswith("x.ttl:1: a-rule: warning: Odd (5 times)\n    set:n1\n    x.ttl:2: set:n2\n")
    assert "set:n3" in text and "set:n4" not in text and "and 2 more" in text and "Mend it" in text


def test_notes_are_counted_and_listed_only_where_asked() -> None:
    report = Report([Finding("a-note", "rule", "information", f"{SET}n", "Known")], CONTENT.names)
    assert "a-note" not in report.to_text() and "1 note" in report.to_text()
    assert "a-note: information: Known" in report.to_text(notes=True)
