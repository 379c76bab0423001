"""The script of a page: how tables sort, and what the key "/" does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bempeg_kg.web.pages import assets
from tests.web.chromium import type_query
from tests.web.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

COLUMNS = [
    ["2018", "2018-02-09", "2018-02-10", "2018-11-05", "2019-01"],
    ["9 to 100", "20 to 3", "100 to 2"],
    ["4.17 to 5", "4.2 to 4.9", "4.2 to 5"],
    ["3/38", "20/38", "20/391", "100/9"],
    ["-7.6 percentage points", "−2.5", "+3", "4.17 months", "4.2 months", "not reached", ""],
    ["<0.001", "0.02", "1.5e1", "98 %", "1,234", "not published", "unknown"],
]
"""Columns in ascending order; an empty cell stands last in both orders."""


@pytest.mark.parametrize("ordered", COLUMNS)
def test_a_table_sorts_by_each_number_of_a_cell(browser: Browser, ordered: list[str]) -> None:
    page = browser.new_page()
    rows = "".join(f"<tr><td>{one.replace('<', '&lt;')}" for one in ordered[1::2] + ordered[::2])
    page.set_content(
        f'<div class="scroll"><table class="cards-on-phone"><thead><tr><th>a<tbody>{rows}</table></div>'
    )
    page.add_script_tag(content=(assets.read("page.js") or b"").decode())
    page.evaluate("bempegTables(document)")
    cells = page.locator("tbody td")
    filled = [one for one in ordered if one]
    page.get_by_role("button", name="a", exact=True).click()
    assert cells.all_inner_texts() == ordered
    page.get_by_role("button", name="a", exact=True).click()
    assert cells.all_inner_texts()[: len(filled)] == filled[::-1]
    page.close()


def test_a_slash_goes_to_the_search_and_stays_in_the_editor(browser: Browser, site: Server) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/sparql")
    type_query(page, "SELECT * { ?s kg:trial")
    page.keyboard.type("/rdfs:label ?o }")
    editor = page.get_by_role("textbox", name="SPARQL query")
    assert "kg:trial/rdfs:label" in editor.inner_text()
    page.get_by_role("heading").first.click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.close()
