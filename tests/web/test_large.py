"""A content too large to be held in memory is served from its snapshot and looked up node by node."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.engines.seal import damage
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.pictures import flow
from bempeg_kg.pictures.flow_drawing import Stage
from bempeg_kg.web.opened import fill_run_folder
from bempeg_kg.web.pages import incoming, results
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.entity import describe
from bempeg_kg.web.pages.finding import Finder, Found
from bempeg_kg.web.pages.pages import Pages
from bempeg_kg.web.pages.trial_results import OF_TRIAL
from bempeg_kg.web.pages.verdicts import by_statement, of_statement


def test_its_store_is_that_of_the_snapshot(large: Graph, tmp_path: Path) -> None:
    fill_run_folder(str(tmp_path), large.content)
    snapshot = Path(open_snapshot(large.content)[0].folder)
    names = {path.name for path in (snapshot / "store").glob("*.sst")}
    assert names
    assert names == {path.name for path in (tmp_path / "store").glob("*.sst")}
    assert not damage(str(tmp_path / "store"))
    names = [path.name for path in snapshot.glob("lexicon-*")]
    assert names == [path.name for path in tmp_path.glob("lexicon-*")]


def test_its_terms_are_those_that_are_read_at_once(kg: KnowledgeGraph, large: Graph) -> None:
    one_by_one, at_once = Terms(large), Terms(kg)
    assert sorted(one_by_one.of_kind(kg.names.prefixes["trial"])) == sorted(
        at_once.of_kind(kg.names.prefixes["trial"])
    )
    for iri in [*sorted(at_once.entities)[::40], "https://example.org/none", "not an IRI"]:
        assert one_by_one.label(iri) == at_once.label(iri)
        assert (iri in one_by_one.entities) == (iri in at_once.entities)
    for iri in sorted(at_once.citations)[::5]:
        assert one_by_one.node(iri) == at_once.node(iri)


def test_the_verdicts_on_a_statement_are_those_of_its_trial(kg: KnowledgeGraph, large: Graph) -> None:
    iri, whole = next(
        (iri, table)
        for iri, table in by_statement(kg).items()
        if kg.names.kind_of(iri) == "contrast" and "claim" not in str(table.rows)
    )
    alone = of_statement(large, iri)
    assert alone is not None
    assert {str(row[1]) for row in alone.rows} <= {str(row[1]) for row in whole.rows}
    assert of_statement(large, kg.names.expand("trial:pivot-09")) is None


def test_a_search_by_words_reads_the_lexicon_alone(
    kg: KnowledgeGraph, large: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = ("nivolumab", "objective response", "renal cell", "pivot")
    whole = {words: {str(row["term"]) for row in kg.find(words, limit=500)} for words in searched}
    asked: list[str] = []
    query = large.engine.query
    monkeypatch.setattr(large.engine, "query", lambda sparql: asked.append(sparql) or query(sparql))
    assert large.lexicon.names
    asked.clear()
    for words in searched:
        listed = {str(row["term"]) for row in large.find(words, limit=500)}
        assert listed, words
        assert listed <= whole[words], words
    assert not large.find("no such words")
    assert asked
    assert not [sparql for sparql in asked if "CONTAINS" in sparql]
    for name in ("PIVOT IO 001", "Nivolumab", "pivot-09"):
        assert large.resolve(name) == kg.resolve(name)


def test_a_search_lists_and_suggests_what_is_named(large: KnowledgeGraph) -> None:
    finder = Finder(large, Terms(large))
    assert finder.find("PIVOT IO 001").page == "/trial/pivot-io-001"
    assert finder.find("nivolumb").suggestions[0] == "nivolumab"
    near = Found(suggestions=["individual component of the primary endpoint- mortality"])
    assert not near.corrections("which trials met their primary endpoint", answered=False)
    assert near.corrections("primary endpoint", answered=False)
    assert ("NIVO", "/drug/nivolumab", "drug") in finder.starting("nivo", 5)


def test_the_page_of_a_trial_lists_the_first_results_and_leads_to_all(
    kg: KnowledgeGraph, large: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    iri = kg.resolve("pivot-02")
    whole = describe(kg, Terms(kg), iri)
    assert whole is not None
    count = sum(grid.total for grid in whole.grids if grid.caption in OF_TRIAL)
    monkeypatch.setattr(results, "LISTED", 5)
    monkeypatch.setattr(incoming, "LISTED", 5)
    page = Pages(large, content="test").entity(iri)
    assert page is not None
    events = '<a href="/question/adverse-events?trial=pivot-02">adverse-events</a>'
    every = '<a href="/question/results?trial=pivot-02">results</a>'
    assert re.search(rf"The first \d of \d+ rows; all of them: {re.escape(every)}", page.html)
    assert events in page.html
    assert "of which the first 5 are listed" in page.html
    shown = describe(large, Terms(large), iri)
    assert shown is not None
    assert sum(grid.total for grid in shown.grids if grid.caption in OF_TRIAL) == count
    counts = [
        {(one.kind, one.name.text): len(one.subjects) + one.left for one in entity.parts}
        for entity in (whole, shown)
    ]
    assert counts[0] == counts[1]


def test_the_flow_of_many_sets_draws_the_first_of_each_group(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = kg.plot("flow")
    monkeypatch.setattr(flow, "_MOST", 5)
    part = kg.plot("flow")
    assert len(part.to_bytes("svg")) < len(whole.to_bytes("svg"))
    assert b"more than 5 boxes cannot be read" in part.to_bytes("svg").replace(b"\n", b" ")
    assert len(part.table) == len(whole.table)


def test_no_more_groups_of_a_flow_are_kept_than_boxes() -> None:
    parts = [{str(number): [Stage(f"set {number}", "n = 1")] for number in range(200)}, {"a": []}]
    left = flow._keep_readable(parts)
    drawn = [stages for part in parts for stages in part.values()]
    assert (left, sum(map(len, drawn)), all(drawn)) == (110, 90, True)
