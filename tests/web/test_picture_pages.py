"""Pictures on their pages in Chromium: legible at 1280 px, whole on A4, linked with the rows of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bempeg_kg.web.pages.pictures import VIEWS
from tests.web.chromium import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.serving import Server

pytestmark = pytest.mark.browser
#: A4 less its margins of 12 mm, at top and bottom of the sheet of a picture 8 mm, in px of 1/96 inch;
#: and the size of text in every picture (px of its own).
PAPER, SIZE = {"width": 703, "height": 1062}, 13
#: The picture that is shown, and how large a px of it is on the page.
SHOWN = """() => {
  const all = [...document.querySelectorAll(".picture svg, .picture img, .figure svg, .figure img")];
  const one = all.find((each) => each.getBoundingClientRect().width > 0);
  const { left, top, right, bottom, width } = one.getBoundingClientRect();
  const own = one.viewBox ? one.viewBox.baseVal.width : one.naturalWidth;
  return { left, top: top + scrollY, right, bottom: bottom + scrollY, zoom: width / own };
}"""
IS_SHOWN = """() => [...document.querySelectorAll(".picture svg, .picture img, .figure svg")].some(
  (one) => one.getBoundingClientRect().width > 0 && (one.viewBox || one.naturalWidth))"""


def drawn(site: Server, name: str) -> str:
    """The address of a page whose pictures are drawn: on a busy machine a first try may end early."""
    for path in (f"/picture/{name}", f"/picture/{name}.svg", f"/picture/{name}-narrow.svg"):
        assert any(site.request("GET", path).status == 200 for _ in range(4)), path
    return f"{site.url}/picture/{name}"


def opened(browser: Browser, url: str, width: int = 1280, height: int = 800) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(url, timeout=120_000)
    page.wait_for_function(IS_SHOWN, timeout=60_000)
    return page


@pytest.mark.parametrize("name", VIEWS)
def test_text_of_a_picture_can_be_read_on_a_page_and_on_a_phone(
    browser: Browser, site: Server, name: str
) -> None:
    for width in (1280, 390):
        page = opened(browser, drawn(site, name), width)
        shown = page.evaluate(SHOWN)
        assert SIZE * shown["zoom"] >= 12, width
        assert shown["left"] >= 0 and shown["right"] <= width
        assert page.locator(".sheet:visible").count() == 0, "parts for print"
        page.close()


@pytest.mark.parametrize("name", VIEWS)
def test_a_picture_stands_whole_on_the_first_sheet(browser: Browser, site: Server, name: str) -> None:
    page = opened(browser, drawn(site, name), **PAPER)
    page.emulate_media(media="print")
    shown = page.evaluate(SHOWN)
    assert shown["right"] <= PAPER["width"] + 1 and shown["bottom"] <= PAPER["height"], shown
    assert SIZE * shown["zoom"] * 0.75 >= 7, "pt"
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_interactive_graph_opens_on_the_page(browser: Browser, site: Server, width: int) -> None:
    watched = Watched(browser, site.url, viewport={"width": width, "height": 844})
    watched.page.goto(drawn(site, "signalling"), timeout=120_000)
    assert not watched.page.frames[-1].url, "it is loaded when it is asked for"
    watched.page.get_by_text("Explore the whole graph here").click()
    graph = watched.page.frame_locator(".explore iframe")
    graph.locator("canvas").wait_for(timeout=120_000)
    graph.get_by_label("Search").fill("CD25")
    graph.get_by_text("2 matches").wait_for()
    assert graph.locator("html").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    watched.close()


def test_a_row_lights_its_mark_and_a_mark_its_row(browser: Browser, site: Server) -> None:
    page = opened(browser, f"{site.url}/question/treatment-effects")
    row = page.locator("tbody tr", has_text="0.88 to 1.35").first
    row.hover()
    lit = page.locator(".figure .scroll .lit")
    assert lit.count() == 1 and "0.88 to 1.35" in str(lit.text_content())
    page.locator(".figure .scroll .row", has_text="0.56 to 1.21").locator("text").first.hover()
    assert "0.56 to 1.21" in str(page.locator("tr.lit").text_content())
    assert SIZE * page.evaluate(SHOWN)["zoom"] >= 12
    page.close()


def test_a_figure_is_legible_in_dark_mode(browser: Browser, site: Server) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    for name in ("treatment-effects", "same-pattern", "sources", "shrinkage-curve"):
        page.goto(f"{site.url}/question/{name}", timeout=120_000)
        ink = page.locator(".figure svg text").first.evaluate("(one) => getComputedStyle(one).fill")
        assert ink == "rgb(227, 230, 232)", name
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")], name
    page.close()
