"""A large content is checked in several processes, by nodes that were picked, with the same findings."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bempeg_kg.checks.check import check
from bempeg_kg.checks.report import Report
from bempeg_kg.cli import main
from bempeg_kg.content.content import Content

TESTS = Path(__file__).parents[1]
RECORD = TESTS / "registry" / "records" / "NCT00567567.json"


#: each content is opened and checked twice
pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme of the broken files, each with an example of its own name, and of an imported record.

    Claims are left out: with them, numbers are not judged trial by trial.
    """
    home = tmp_path_factory.mktemp("large")
    trials = home / "data" / "trials"
    trials.mkdir(parents=True)
    base = "https://w3id.org/bempeg-kg/"
    (home / "data" / "catalogue.ttl").write_text(f'<> <http://rdfs.org/ns/void#uriSpace> "{base}" .')
    for number, path in enumerate(sorted((TESTS / "broken").iterdir())):
        text = re.sub(r"(?<=[:\- \"])example", path.stem, path.read_text())
        if "kg:Claim" not in text:
            (trials / path.name).write_text(text.replace("NCT00000000", f"NCT{number:08}"))
    assert main(["--data", str(home), "import", str(RECORD), "-o", f"{trials}/", "-q"]) == 0
    return home


def findings(report: Report) -> list[tuple[object, ...]]:
    """The findings without the labels of blank nodes, which differ with each reading."""
    return [
        (one.check, one.severity, one.message, *one.details.items(), one.file, one.line)
        + (() if one.node.startswith("_:") else (one.id,))
        for one in report.findings
    ]


def test_a_large_content_has_the_findings_of_a_small_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = check(Content.find(folder))
    assert small.counts["violation"] > 50 and small.counts["information"] > 0
    monkeypatch.setattr(Content, "is_large", True)
    assert findings(check(Content.find(folder), processes=2)) == findings(small)


def test_a_large_content_with_claims_is_judged_as_a_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, tmp_path / "own")
    shutil.copy(TESTS / "broken" / "claim-contradicted.ttl", tmp_path / "own" / "data" / "trials")
    small = check(Content.find(tmp_path / "own"))
    monkeypatch.setattr(Content, "is_large", True)
    assert findings(check(Content.find(tmp_path / "own"))) == findings(small)
