"""How pages look and read: what stands where in the HTML, and measures taken in Chromium."""

from __future__ import annotations

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.table import Table
from bempeg_kg.web.pages import Pages
from bempeg_kg.web.pages.cells import Grid, Terms


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.fixture(scope="module")
def pages(kg: KnowledgeGraph) -> Pages:
    return Pages(kg)


@pytest.fixture(scope="module")
def terms(pages: Pages) -> Terms:
    return pages.terms


def answered(kg: KnowledgeGraph, terms: Terms, question: str) -> Grid:
    return terms.grid(kg.ask(question))


def test_source_and_basis_stand_behind_the_value(kg: KnowledgeGraph, terms: Terms) -> None:
    grid = answered(kg, terms, "response-rates")
    at = grid.columns.index("value")
    assert grid.columns[at : at + 5] == ["value", "n", "N", "interval", "source and basis"]
    assert grid.pinned == at + 4
    source, basis = grid.rows[0][grid.pinned].parts
    assert source.href.startswith("/source/")
    assert basis.basis in ("primary", "registry", "secondary", "seed", "derived")


def test_a_joined_column_says_what_the_single_ones_said(kg: KnowledgeGraph, terms: Terms) -> None:
    table = kg.ask("treatment-effects")
    grid = terms.grid(table)
    at = grid.columns.index("interval")
    for said, shown in zip(table, grid.rows, strict=True):
        lower, upper, level = said["lower"], said["upper"], said["level"]
        wanted = f"{lower} to {upper} ({level}\N{NO-BREAK SPACE}%)" if lower else ""
        assert shown[at].text == wanted


def test_half_an_interval_and_a_status_keep_their_meaning(terms: Terms) -> None:
    rows = [("not reached", "months", "12.9", None, None), ("7.3", "ratio", None, None, 95)]
    grid = terms.grid(Table.of(["printed", "unit", "lower", "upper", "level"], [*rows, ("1", None, 2, 3, 9)]))
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["not reached", "from 12.9"],
        ["7.3", ""],
        ["1", "2 to 3 (9\N{NO-BREAK SPACE}%)"],
    ]


def test_an_answer_to_own_sparql_keeps_its_columns(terms: Terms) -> None:
    table = Table.of(["source", "basis", "printed", "unit"], [["a", "b", "1", "percent"]])
    assert terms.grid(table, as_asked=True).columns == ["source", "basis", "printed", "unit"]


def test_sources_and_names_in_texts_are_links(kg: KnowledgeGraph, terms: Terms, pages: Pages) -> None:
    grid = answered(kg, terms, "impossible-numbers")
    several = next(row[grid.pinned] for row in grid.rows if len(row[grid.pinned].parts) > 2)
    assert all(one.href.startswith("/source/") for one in several.parts[:-1])
    page = pages.question("mechanism-steps", {}).html
    assert '<td><a href="/cell/tumour-cell">malignant cell</a></td>' in page
    timeline = pages.picture("timeline", {})
    assert timeline is not None
    assert "source:" not in timeline.html
    assert '<a href="/trial/excel"' in timeline.html
    assert '<a href="/event/ind-submission"' in timeline.html
    assert '<span class="date">2015-10-07</span>' in timeline.html


def test_a_link_says_where_it_leads(kg: KnowledgeGraph, terms: Terms) -> None:
    for question in ("how-trials-differ", "set-relations", "response-rates"):
        grid = answered(kg, terms, question)
        assert all(cell.text != "open" for row in grid.rows for cell in row)
