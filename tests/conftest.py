"""What all tests share: the graph on its engines, the command line as a process, and the tiers.

Tests with a marker of `TIERS` need programs that a fresh machine lacks, or minutes (`thorough`). They are
skipped, with a reason, unless the marker is asked for (`pytest -m browser`). With BEMPEG_NO_SKIP set a skip
is a failure, so that the later passes of `.ci/run` cannot pass by skipping.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content import content as content_module
from bempeg_kg.content.content import Content

TIERS = ("browser", "server", "virtuoso", "spark", "reasoner", "validators", "thorough")
ROOT = Path(__file__).resolve().parent.parent

Cli = Callable[..., "subprocess.CompletedProcess[str]"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # shells make what they start in the background deaf to Ctrl-C, and programs under test would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = config.getoption("markexpr") or ""
    for item in items:
        for tier in TIERS:
            if item.get_closest_marker(tier) and tier not in asked:
                item.add_marker(pytest.mark.skip(reason=f"tier {tier}: run with pytest -m {tier}"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get("BEMPEG_NO_SKIP") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, and here a skip is a failure: {reason}"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of the tests' own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEMPEG_KG_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def kg() -> KnowledgeGraph:
    """The shipped graph, in memory."""
    return KnowledgeGraph.open(engine="memory")


@pytest.fixture
def large(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> KnowledgeGraph:
    """The shipped graph, taken to be large."""
    assert not kg.content.is_large
    monkeypatch.setattr(content_module, "LARGE", 0)
    graph = KnowledgeGraph(Content.find(), kg.engine)
    assert graph.content.is_large
    return graph


@pytest.fixture(scope="session")
def rdflib_kg() -> KnowledgeGraph:
    """The shipped graph on rdflib."""
    return KnowledgeGraph.open(engine="rdflib")


@pytest.fixture(scope="session")
def cli(cache: Path) -> Cli:
    """Run `bempeg-kg` with arguments, in a process of its own; options as of subprocess.run."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        given = {
            "capture_output": True,
            "text": True,
            "encoding": "utf-8",
            "timeout": 120,
            "cwd": ROOT,
            **options,
        }
        return subprocess.run([sys.executable, "-m", "bempeg_kg", *arguments], **given)  # type: ignore[call-overload,no-any-return]

    # the first command builds the snapshot, and says so on standard error if that takes long
    run("stats", "--quiet")
    return run


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The smallest other programme: a catalogue, one trial, one question."""
    folder = tmp_path / "programme"
    (folder / "data").mkdir(parents=True)
    (folder / "queries").mkdir()
    (folder / "data" / "catalogue.ttl").write_text(
        '@prefix void: <http://rdfs.org/ns/void#> .\n<> void:uriSpace "https://example.org/other/" .\n'
    )
    (folder / "data" / "trial.ttl").write_text(
        "@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .\n"
        "@prefix trial: <https://example.org/other/trial/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'trial:first a kg:Trial ; rdfs:label "First trial" ; kg:value 36.0 .\n'
    )
    (folder / "queries" / "own-trials.rq").write_text(
        "#+ summary: Which trials does the other programme have?\n"
        "#+ parameters:\n"
        "#+   trial: {type: iri, default: UNDEF, kind: trial}\n"
        "#+   at_least: {type: decimal, default: '0', example: '3.5'}\n"
        "PREFIX kg: <https://w3id.org/bempeg-kg/ontology#>\n"
        "SELECT ?trial ?value WHERE {\n"
        "  VALUES (?trial) { (UNDEF) }\n"
        "  VALUES (?at_least) { (0) }\n"
        "  ?trial a kg:Trial ; kg:value ?value . FILTER(?value >= ?at_least)\n"
        "} ORDER BY ?trial\n"
    )
    return folder
