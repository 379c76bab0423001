"""Measures taken in Chromium: size of text, overlap, what print cuts off, what a finger can hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAGES = [
    *(
        "/",
        "/questions",
        "/question/treatment-effects",
        "/question/response-by-disease",
        "/trial/pivot-io-001",
    ),
    *("/cell/treg", "/drug/bempegaldesleukin", "/claim", "/compare", "/sparql", "/picture/signalling"),
    *("/picture/lineage", "/picture/timeline", "/picture/safety", "/question/signal-changes"),
]
PRINTED = 703
"""Width of an A4 page within margins of 12 mm, in CSS pixels."""

SMALL_TEXT = """([least]) => {
    const small = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim()) continue;
        if (one.closest("title, desc, script, style, .out, .skip")) continue;
        const box = one.getBoundingClientRect();
        if (!box.width || !one.checkVisibility()) continue;
        const scale = one instanceof SVGElement ? box.height / one.getBBox().height : 1;
        const size = parseFloat(getComputedStyle(one).fontSize) * scale;
        if (size < least - 0.05) small.push(`${one.textContent.trim().slice(0, 30)}: ${size.toFixed(1)}`);
    }
    // drawings whose text of 13 px is not in the page: images, and the parts of a tall one in print
    for (const one of document.querySelectorAll(".sheet, .picture img")) {
        const size = 13 * one.getBoundingClientRect().width / (one.naturalWidth ?? one.getAttribute("width"));
        if (one.checkVisibility() && size < least - 0.05) small.push(`${one.className}: ${size.toFixed(1)}`);
    }
    return small;
}"""
OVERLAPS = """() => {
    const found = [];
    for (const svg of document.querySelectorAll("main svg")) {
        const boxes = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim())
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect()]);
        boxes.forEach(([a, p], at) => boxes.slice(at + 1).forEach(([b, q]) => {
            const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (wide > 2 && high > 0.4 * Math.min(p.height, q.height)) found.push(`${a} / ${b}`);
        }));
    }
    return found;
}"""
CLIPPED = """(width) => ["td", "th", "p", "svg", "img", "h1", "figure"]
    .flatMap((name) => [...document.querySelectorAll(`main ${name}`)])
    .filter((one) => one.checkVisibility() && !one.closest(".out, svg svg"))
    .filter((one) => one.getBoundingClientRect().right > width + 1)
    .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 30)}`)"""
TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((one) => one.checkVisibility() && !one.closest("svg, td, th, li li, figcaption, dd, .skip"))
    .filter((one) => !one.closest("p:not(.chips):not(.tags)"))
    .map((one) => [one.textContent.trim().slice(0, 30) || one.name, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height < 23.5)
    .map(([name, box]) => `${name}: ${box.height.toFixed(1)}`)"""


def measured(
    browser: Browser,
    site: Server,
    width: int,
    script: str,
    *given: float,
    printed: bool = False,
    dark: bool = False,
) -> dict[str, object]:
    """What a script reports on each page; pages on which it reports nothing are left out."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media="print" if printed else "screen", color_scheme="dark" if dark else "light")
    reports = {}
    for path in PAGES:
        reply = page.goto(site.url + path, timeout=120_000)
        for _ in range(3):
            if reply is not None and reply.status == 504:  # a busy machine met the limit of a computation
                reply = page.reload(timeout=120_000)
        assert reply is not None and reply.status == 200, path
        reports[path] = page.evaluate(script, list(given) or width)
    page.close()
    return {path: report for path, report in reports.items() if report}


def test_no_text_is_smaller_than_twelve_pixels(browser: Browser, site: Server) -> None:
    assert measured(browser, site, 1280, SMALL_TEXT, 12) == {}


def test_no_text_on_a_phone_is_smaller_than_eleven_pixels(browser: Browser, site: Server) -> None:
    assert measured(browser, site, 390, SMALL_TEXT, 11) == {}


def test_no_printed_text_is_smaller_than_seven_points(browser: Browser, site: Server) -> None:
    assert measured(browser, site, PRINTED, SMALL_TEXT, 7 / 0.75, printed=True) == {}


def test_no_words_of_a_picture_overlap(browser: Browser, site: Server) -> None:
    assert measured(browser, site, 1280, OVERLAPS) == {}


def test_print_cuts_nothing_off(browser: Browser, site: Server) -> None:
    assert measured(browser, site, PRINTED, CLIPPED, printed=True) == {}


def test_what_a_finger_hits_is_high_enough(browser: Browser, site: Server) -> None:
    assert measured(browser, site, 390, TARGETS) == {}
