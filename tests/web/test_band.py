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
        top, bottom = found["answer"]
        if width == 1280:  # all of it in the top 300 px, and the form begins there
            fits = max(bottom, found["chips"], found["form"]) <= 300
        else:  # the answer begins in the top 210 px, and answer and chips stand in the first window
            fits = top <= 210 and max(bottom, found["chips"]) <= 600
        if not fits or found["width"] > width:
            outside[question.name] = found
    watched.troubles = [said for said in watched.troubles if "504" not in said]
    watched.close()
    assert outside == {}
