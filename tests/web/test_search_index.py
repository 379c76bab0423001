"""The search where no server answers: the same order as in Python, and the answers of the server."""

from __future__ import annotations

import csv
import json
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.web.pages import Pages, answers, assets, questions
from bempeg_kg.web.site import search_index, static_site
from bempeg_kg.web.site.explorer import write_explorer
from tests.web.chromium import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SENTENCES = Path(__file__).parent.parent / "questions" / "sentences.tsv"
ASKED = (
    ("why did it fail", "20 of 38"),
    ("did it work", "27.7 v 36.0"),
    ("safety", "21.7"),
    ("kidney cancer", "34.7 % (17 of 49)"),
    ("bladder cancer", "35 % (13 of 37)"),
    ("lung cancer", "non-small cell lung cancer"),
)
"""What a reader types, and a part of the answer."""


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(KnowledgeGraph.open(), static=True)


@pytest.fixture(scope="module")
def index(pages: Pages) -> str:
    return search_index.index(pages.kg, pages, search_index.named(pages.kg, pages), lambda path: path)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Path:
    """The search page of the static site, with what it loads."""
    folder = tmp_path_factory.mktemp("searched")
    known = {"/search", "/question/survival-medians", "/about"}
    diseases = search_index.named(pages.kg, pages)
    searched = search_index.searched(pages.kg, pages, diseases)
    static_site._write_pages(chain(searched, [("/about", pages.about())]), str(folder), known)
    script = search_index.script(pages.kg, pages, diseases, partial(static_site._from, "/search"))
    static_site._write(str(folder), pages.search_script.lstrip("/"), script.encode())
    for name in ("style.css", "find.js", "page.js"):
        static_site._write(str(folder), assets.address(name).lstrip("/"), assets.read(name) or b"")
    return folder / "search" / "index.html"


@pytest.mark.parametrize("words", ["did it work", "kidney cancer", "safety", "why did it fail"])
def test_further_questions_are_like_the_one_that_was_understood(pages: Pages, words: str) -> None:
    asked = answers.understood(pages.kg, words, pages.answer, pages.compose)
    assert asked is not None
    further = [one.name for one in questions.further(pages.kg.questions, asked.name)]
    assert further and "mechanism-steps" not in further
    assert pages.suggested(words)[0][1] in (asked.href, asked.href.partition("?")[0], "/question/cohorts")


@pytest.mark.thorough
def test_an_index_cannot_end_the_element_in_which_it_stands(index: str) -> None:
    assert "<" not in index
    held = json.loads(index)
    assert {"why did it fail", "kidney cancer"}.isdisjoint(held["questions"])
    assert held["named"]["kidney cancer"]["href"] == "/question/response-by-disease?disease=kidney+cancer"


@pytest.mark.browser
def test_questions_are_ranked_as_in_python(browser: Browser, pages: Pages, index: str) -> None:
    with SENTENCES.open(encoding="utf-8") as stream:
        sentences = [row["sentence"] for row in csv.DictReader(stream, delimiter="\t")]
    page = browser.new_page()
    page.add_script_tag(content=(assets.read("ranked.js") or b"").decode())
    script = """([index, sentences]) => sentences.map((one) => {
        const found = bempegRanked(JSON.parse(index), one);
        return found.answer ? null : found.questions.map((question) => question.href);
    })"""
    found = dict(zip(sentences, page.evaluate(script, [index, sentences]), strict=True))
    page.close()
    library = pages.kg.questions
    expected = {
        one: [
            f"/question/{question.name}" for question in questions.nearest(library, one) if not question.live
        ]
        for one, listed in found.items()
        if listed is not None
    }
    assert len(expected) > 30
    assert {one: found[one] for one in expected} == expected


TYPED = ("treg", "PIVOT", "safety", "NCT0298", "kidney", "CD8", "why did it fail", "IL-2R(", "x", "zzzz")


@pytest.mark.browser
def test_suggestions_are_those_of_the_server(browser: Browser, pages: Pages, index: str) -> None:
    page = browser.new_page()
    page.add_script_tag(content=(assets.read("ranked.js") or b"").decode())
    script = "([index, typed]) => typed.map((words) => bempegSuggested(JSON.parse(index), words))"
    found = page.evaluate(script, [index, TYPED])
    page.close()
    live = {question.summary for question in pages.kg.questions if question.live}
    expected = [[one[::2] for one in pages.suggested(words) if one[0] not in live] for words in TYPED]
    assert [[(text, kind) for text, _, kind in listed] for listed in found] == expected
    assert ["kidney cancer", "/question/response-by-disease?disease=kidney+cancer", "disease"] in found[4]
    assert any(one[2] == "cell" for one in found[0])


@pytest.mark.browser
def test_every_page_as_a_file_suggests_while_one_types(browser: Browser, searched: Path) -> None:
    about = searched.parent.parent / "about" / "index.html"
    watched = Watched(browser, about.as_uri().partition("/about")[0])
    watched.page.goto(about.as_uri())
    watched.page.keyboard.press("/")
    watched.page.keyboard.type("kidney can")
    watched.page.locator("#suggestions li").first.wait_for()
    watched.page.locator("#suggestions li", has_text="kidney cancer").first.click()
    watched.page.locator("h1 .of", has_text="kidney cancer").wait_for()
    watched.page.wait_for_load_state("networkidle")
    watched.troubles = [one for one in watched.troubles if "woff2" not in one and "FILE_NOT_FOUND" not in one]
    watched.close()


@pytest.mark.browser
def test_names_of_properties_of_objects_are_words_like_others(browser: Browser, index: str) -> None:
    page = browser.new_page()
    page.add_script_tag(content=(assets.read("ranked.js") or b"").decode())
    script = "([index, words]) => words.map((one) => bempegRanked(JSON.parse(index), one))"
    words = ["constructor", "toString", "__proto__", "valueOf constructor"]
    assert page.evaluate(script, [index, words]) == [{"answer": None, "questions": []}] * len(words)
    page.close()


@pytest.mark.browser
def test_the_search_of_pages_as_files_answers(browser: Browser, searched: Path) -> None:
    watched = Watched(browser, searched.as_uri().partition("/search")[0])
    for words, said in ASKED:
        watched.page.goto(f"{searched.as_uri()}?q={words}")
        assert said in watched.page.locator("#asked .answer").inner_text()
    watched.page.get_by_label("Search names and synonyms").fill("median PFS PIVOT IO 001")
    first = watched.page.locator("#asked li").first
    assert "4.17 months (95 % interval 3.52 to 5.55)" in first.inner_text().replace("\xa0", " ")
    watched.page.goto(f"{searched.as_uri()}?q=kidney cancer")
    link = watched.page.locator("#asked .kicker a").get_attribute("href")
    assert (searched.parent / str(link)).resolve().is_file(), "the answer has a page of its own"
    watched.troubles = [one for one in watched.troubles if "woff2" not in one and "FILE_NOT_FOUND" not in one]
    watched.close()


@pytest.mark.browser
def test_the_search_of_the_explorer_answers(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "explorer.html"
    file.write_bytes(write_explorer(KnowledgeGraph.open()))
    watched = Watched(browser, file.as_uri())
    search = partial(watched.page.get_by_label("Search names and synonyms").fill)
    watched.page.goto(file.as_uri())
    for words, said in ASKED:
        watched.page.keyboard.press("/")
        search(words)
        watched.page.keyboard.press("Enter")
        watched.page.locator(".answer", has_text=said).wait_for()
    watched.page.goto(f"{file.as_uri()}#/find?q=kidney cancer")
    watched.page.locator(".kicker a").click()
    watched.page.locator("tbody tr", has_text="34.7").wait_for()
    watched.close()
