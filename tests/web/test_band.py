"""The top of every question's page in Chromium: answer, certainty and doubt, and the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bempeg_kg import KnowledgeGraph
from tests.web.chromium import Watched
from tests.web.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MEASURED = """() => {
    const box = (name) => document.querySelector(`main ${name}`)?.getBoundingClientRect();
    const answer = box(".answer") ?? box(".caveat") ?? box(".problem");
    return {
        answer: [answer.top, answer.bottom],
        chips: box(".chips")?.bottom ?? 0,
        form: box(".ask")?.top ?? 0,
        width: document.documentElement.scrollWidth,
    };
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_answer_stands_at_the_top(browser: Browser, site: Server, width: int, height: int) -> None:
    watched = Watched(browser, site.url, viewport={"width": width, "height": height})
    watched.page.set_default_timeout(90_000)
    outside = {}
    for question in KnowledgeGraph.open().questions:
        reply = watched.page.goto(f"{site.url}/question/{question.name}")
        if reply is not None and reply.status == 504:  # a busy machine met the limit of a computation
            reply = watched.page.reload()
        assert reply is not None and reply.status == 200, question.name
        found = watched.page.evaluate(MEASURED)
        _, bottom = found["answer"]
        if width == 1280:  # all of it in the top 300 px, and the form begins there
            fits = max(bottom, found["chips"], found["form"]) <= 300
        else:  # a long answer is folded; the chips follow it in the first window
            fits = bottom <= 300 and found["chips"] <= 420
        if not fits or found["width"] > width:
            outside[question.name] = found
    watched.troubles = [said for said in watched.troubles if "504" not in said]
    watched.close()
    assert outside == {}


def test_a_long_answer_is_folded_on_a_phone(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{site.url}/question/treatment-effects")
    rest = page.locator(".answer .rest")
    assert rest.is_hidden()
    page.get_by_text("… the rest").click()
    assert rest.is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    assert rest.is_visible()
    assert page.get_by_text("… the rest").is_hidden()
    page.close()
