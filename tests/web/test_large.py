"""A content too large to be held in memory is served from its snapshot and looked up node by node."""

from __future__ import annotations

from pathlib import Path

from bempeg_kg import KnowledgeGraph
from bempeg_kg.engines.seal import damage
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.web.opened import fill_run_folder
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.verdicts import by_statement, of_statement


def test_its_store_is_that_of_the_snapshot(large: Graph, tmp_path: Path) -> None:
    fill_run_folder(str(tmp_path), large.content)
    snapshot = Path(open_snapshot(large.content)[0].folder)
    names = {path.name for path in (snapshot / "store").glob("*.sst")}
    assert names
    assert names == {path.name for path in (tmp_path / "store").glob("*.sst")}
    assert not damage(str(tmp_path / "store"))


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
