"""A person's way through the pages in Chromium, those of the static site among them."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bempeg_kg import KnowledgeGraph
from tests.web.chromium import Watched, type_query
from tests.web.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

LOOKED_AT = [
    "/",
    "/questions",
    "/question/response-rates",
    "/trial/pivot-io-001",
    "/source/diab2023-jco",
    "/compare",
]
LOOKED_AT += [
    "/picture/signalling",
    "/picture/timeline",
    "/sparql",
    "/claim/a001",
    "/ontology",
    "/about",
    "/search?q=x",
]


@pytest.fixture
def watched(browser: Browser, site: Server) -> Iterator[Watched]:
    watched_page = Watched(browser, site.url, viewport={"width": 1280, "height": 900})
    watched_page.page.set_default_timeout(90_000)  # the first page of a server on a busy machine
    yield watched_page
    watched_page.close()


def test_from_the_finding_to_its_source(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(site.url)
    page.get_by_role("link", name="27.7 %").first.click()
    assert page.locator(".headline .big").inner_text() == "27.7 %"
    assert "denominator not published" in page.locator(".headline").inner_text()
    page.get_by_role("heading", name="Sources").wait_for()
    page.locator('a[href="/source/diab2023-jco"]').first.click()
    page.get_by_role("heading", name="Bempegaldesleukin Plus Nivolumab").wait_for()
    assert page.locator('a[href="https://doi.org/10.1200/JCO.23.00172"]').count() >= 1


def test_a_question_by_keyboard(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/questions")
    page.get_by_label("Words").fill("response rate")
    page.keyboard.press("Enter")
    page.locator('a[href="/question/response-rates"]').click()
    before = page.locator("tbody tr").count()
    page.get_by_label("trial", exact=True).focus()
    page.keyboard.type("PIVOT-02")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**trial=trial*")
    assert 0 < page.locator("tbody tr").count() < before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_everything_works_without_script(browser: Browser, site: Server) -> None:
    watched_page = Watched(browser, site.url, java_script_enabled=False)
    page = watched_page.page
    page.goto(f"{site.url}/sparql")
    page.locator("#query").fill("SELECT ?t { ?t a kg:Trial } ORDER BY ?t")
    page.get_by_role("button", name="Run").click()
    assert page.locator("tbody tr").count() > 10
    page.goto(f"{site.url}/search")
    page.locator("#find").fill("CD122")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="interleukin-2 receptor subunit beta").wait_for()
    watched_page.close()


def test_the_editor_runs_and_draws(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/sparql")
    type_query(
        page,
        "SELECT ?phase (COUNT(*) AS ?n) { ?t a kg:Trial ; kg:phase ?phase } GROUP BY ?phase ORDER BY ?phase",
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("radio", name="chart").check()
    assert not page.locator("#answer table").is_visible()
    assert page.locator("#answer tbody tr").count() == page.locator("svg.chart rect").count() > 1
    assert "query=SELECT" in page.url
    assert not page.get_by_text("Which adverse events were reported").is_visible(), "examples fold away"
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text().startswith("phase,n")
    link = page.get_by_role("link", name="Link to this query").get_attribute("href")
    type_query(page, "CONSTRUCT WHERE { ?a kg:ledTo ?b }")
    page.keyboard.press("Control+Enter")
    page.locator("svg.network circle").first.wait_for()
    assert page.locator("svg.network line").count() > 3
    page.get_by_role("radio", name="Turtle").check()
    assert page.get_by_label("Answer as Turtle").inner_text().startswith("@prefix")
    page.get_by_text("Your earlier queries").click()
    earlier = page.locator("#earlier li").all_inner_texts()
    assert [text.split()[0] for text in earlier] == ["CONSTRUCT", "SELECT"]
    page.get_by_role("radio", name="network").check()
    page.go_back()
    page.get_by_role("radio", name="chart").check()
    page.goto(site.url + str(link))
    page.get_by_role("radio", name="table").check()
    assert page.locator("#answer tbody tr").count() == page.locator("svg.chart rect").count()
    assert "rows" in page.get_by_role("status").inner_text()


def test_the_editor_underlines_where_the_error_is(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/sparql")
    type_query(page, "SELECT * {\n  ?s ?p }\n}")
    page.keyboard.press("Control+Enter")
    page.locator("#problem").wait_for()
    assert "line 3, column 1" in page.locator("#problem").inner_text()
    page.locator(".cm-lintRange-error").first.wait_for()
    type_query(page, "SELECT * { ?s a kgg:Trial }")
    page.keyboard.press("Control+Enter")
    page.locator("#problem", has_text="line 1, column 17: the prefix kgg: is not declared").wait_for()
    shared = page.get_by_role("link", name="Link to this query").get_attribute("href")
    page.goto(site.url + str(shared))
    page.locator(".cm-lintRange-error", has_text="kgg:Trial").wait_for()
    assert "the prefix kgg: is not declared" in page.locator("#problem").inner_text()
    watched.troubles = [
        said for said in watched.troubles if "400" not in said
    ]  # the browser reports the status


def test_the_editor_underlines_what_nothing_binds_or_knows(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/sparql")
    type_query(page, "SELECT ?x ?missing (COUNT(*) AS ?n) { ?x a kg:Trail } GROUP BY ?x ?missing")
    page.locator(".cm-lintRange-warning", has_text="kg:Trail").wait_for()
    assert set(page.locator(".cm-lintRange-warning").all_inner_texts()) == {"?missing", "kg:Trail"}


def test_the_editor_completes_from_this_graph(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/sparql")
    type_query(page, "")
    page.keyboard.type("SELECT * { ?r kg:endp")
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    assert "kg:endpoint" in page.locator(".cm-tooltip-autocomplete").inner_text()
    page.keyboard.press("Escape")
    type_query(page, "")
    page.keyboard.type("bempegaldes")
    first = page.locator(".cm-tooltip-autocomplete li").first
    first.filter(has_text="drug:bempegaldesleukin").wait_for()
    first.click()
    page.wait_for_function("document.querySelector('#query').value.includes('PREFIX drug:')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_and_axe_finds_nothing(browser: Browser, site: Server, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched_page = Watched(browser, site.url, viewport={"width": width, "height": 844}, color_scheme=scheme)
    violations = []
    for path in LOOKED_AT:
        watched_page.page.goto(site.url + path)
        assert watched_page.page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(watched_page.page).response["violations"]
        violations += [(path, one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    watched_page.close()
    assert violations == []


def test_a_picture_leads_to_what_it_shows(watched: Watched, site: Server) -> None:
    page = watched.page
    page.goto(f"{site.url}/picture/signalling")
    page.locator('svg a[href="/drug/bempegaldesleukin"] text').first.click()
    page.get_by_role("heading", name="bempegaldesleukin", exact=True).wait_for()


def test_yasgui_asks_from_a_page_of_another_origin(browser: Browser, site: Server, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    assert npm, "npm is not installed"
    for file in (Path(__file__).parent / "yasgui").iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path)
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    with folder_served(tmp_path) as origin:
        page = browser.new_page()
        page.route("http://prefix.cc/**", lambda route: route.abort())  # YASGUI looks prefixes up there
        page.goto(f"{origin}/?endpoint={site.url}/sparql")
        page.wait_for_function("window.yasgui")
        kind = "<https://w3id.org/bempeg-kg/ontology#Trial>"
        for query, rows, said in (
            (f"SELECT ?t {{ ?t a {kind} }} ORDER BY ?t LIMIT 5", 5, "bempeg-kg/trial/"),
            (f"CONSTRUCT WHERE {{ ?t a {kind} }} LIMIT 4", 4, "bempeg-kg/trial/"),
            (f"ASK {{ ?t a {kind} }}", 0, "True"),
            ("SELECT * { ?s ?p }", 0, "line 1, column 12"),
        ):
            page.evaluate(
                """async (query) => {
                    const editor = yasgui.getTab().yasqe;
                    editor.setValue(query);
                    await editor.query().catch(() => null);
                }""",
                query,
            )
            page.locator(".yasr", has_text=said).wait_for()
            assert page.locator(".yasr tbody tr").count() == rows
        page.close()


@contextlib.contextmanager
def folder_served(folder: Path) -> Iterator[str]:
    """A plain web server over a folder; its origin."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_the_static_site_works_below_any_folder(browser: Browser, tmp_path: Path) -> None:
    from bempeg_kg.web.site.static_site import write_site

    kg = KnowledgeGraph.open()
    write_site(kg, str(tmp_path / "below" / "some"))

    with folder_served(tmp_path) as origin:
        watched_page = Watched(browser, origin)
        page = watched_page.page
        page.goto(f"{origin}/below/some/")
        page.get_by_role("link", name="PIVOT IO 001").first.click()
        page.get_by_role("heading", name="PIVOT IO 001").wait_for()
        page.get_by_role("link", name="Questions").first.click()
        page.locator('a[href$="response-rates/index.html"]').first.click()
        page.locator("tbody tr").first.wait_for()
        for suffix in ("json", "csv", "tsv"):
            assert page.locator(f'a[href="../response-rates.{suffix}"]').count() == 1
        page.goto(f"{origin}/below/some/picture/timeline/")
        assert page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 0")
        page.goto(f"{origin}/below/some/picture/signalling/")
        assert page.locator("figure svg a").count() > 10
        page.goto(f"{origin}/below/some/trial/pivot-io-001")  # a plain server leads on to the folder
        page.get_by_role("heading", name="PIVOT IO 001").wait_for()
        page.goto(f"{origin}/below/some/404.html")
        page.get_by_text("No page has this address").wait_for()
        watched_page.close()
    for path in (tmp_path / "below" / "some").rglob("*.html"):
        assert 'http-equiv="Content-Security-Policy"' in path.read_text()
    missing = [link for link in _links(tmp_path / "below" / "some") if not link.exists()]
    assert missing == []


def _links(folder: Path) -> set[Path]:
    found = set()
    for path in folder.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#]+)', path.read_text()):
            if not link.startswith(("http:", "https:", "data:", "mailto:")):
                found.add(Path(os.path.normpath(path.parent / link)))
    return found
