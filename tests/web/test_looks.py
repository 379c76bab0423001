"""How pages look and read: what stands where in the HTML, and measures taken in Chromium."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from markupsafe import Markup

from bempeg_kg import KnowledgeGraph
from bempeg_kg._version import __version__
from bempeg_kg.rdf.canonical import dataset_hash
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import Pages, dereference, pictures, print_sheets
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.site import static_site
from bempeg_kg.web.site.static_site import relative, write_site
from tests.web import serving
from tests.web.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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


@pytest.mark.thorough
def test_sources_and_names_in_texts_are_links(kg: KnowledgeGraph, terms: Terms, pages: Pages) -> None:
    grid = answered(kg, terms, "impossible-numbers")
    at = grid.columns.index("all sources")
    several = next(row[at] for row in grid.rows if len(row[at].parts) > 1)
    assert all(one.href.startswith("/source/") for one in several.parts)
    page = pages.question("mechanism-steps", {}).html
    assert '<a href="/cell/tumour-cell" title="malignant cell">tumour cell</a></td>' in page
    timeline = pages.picture("timeline")
    assert timeline is not None
    assert "source:" not in timeline.html
    assert '<a href="/trial/excel"' in timeline.html
    assert '<a href="/event/ind-submission"' in timeline.html
    assert '<span class="date">2015-10-07</span>' in timeline.html


def test_a_link_says_where_it_leads(kg: KnowledgeGraph, terms: Terms) -> None:
    for question in ("how-trials-differ", "set-relations", "response-rates"):
        grid = answered(kg, terms, question)
        assert all(cell.text != "open" for row in grid.rows for cell in row)


@pytest.mark.parametrize("head", [0, 60, 200, 400, 900])
def test_no_sheet_of_print_is_taller_than_the_paper(head: int) -> None:
    for height in range(1425, 9000, 233):
        for step in (21, 170, 600):
            lines = "".join(f'<text x="0" y="{y}" font-size="13">a</text>' for y in range(40, height, step))
            sheets = print_sheets.cut(944, height, lines, Markup("<use/>"), head)
            tall = [float(one) for one in re.findall(r'class="sheet" width="944" height="([\d.]+)"', sheets)]
            assert len(tall) > 1 and max(tall) <= print_sheets.WHOLE, (height, step)


def page_of(pages: Pages, path: str) -> str:
    """The HTML of an entity's page."""
    page = pages.entity(pages.terms.base + path.lstrip("/"))
    assert page is not None
    return page.html


def test_a_trial_page_names_its_arms_before_its_results(pages: Pages) -> None:
    html = page_of(pages, "/trial/pivot-02")
    places = [
        html.index(f'id="{name}"') for name in ("primary-endpoints", "flow", "stated", "parts", "sources")
    ]
    assert places == sorted(places)
    parts = html[places[3] : places[4]]
    assert parts.index("<h3>arm") < parts.index("<h3>cohort") < parts.index("<h3>analysis set")
    for name in ("stated", "parts", "primary-endpoints", "safety", "mentioned", "sources"):
        assert f'<a href="#{name}">' in html
    assert '<th scope="col">trial</th>' not in html


def test_wider_classes_and_mappings_are_folded(pages: Pages) -> None:
    html = page_of(pages, "/cell/cd8-t-cell")
    shown, _, folded = html.partition("<summary>")
    assert "CL_0000625" in shown
    assert ">eukaryotic cell</a>" not in shown and ">eukaryotic cell</a>" in folded
    assert "sssom:" not in html and "owl:annotatedSource" not in html
    assert "skos:exactMatch</a>" not in html and ">exact match</a>" in html


def test_a_source_page_names_each_statement_once(pages: Pages) -> None:
    html = page_of(pages, "/source/diab2023-jco")
    mentioned = html[html.index('id="mentioned"') :]
    assert mentioned.count('href="/group/pivot-io-001-nivolumab"') == 1
    assert mentioned.count('href="/set/pivot-io-001-nivolumab-randomised"') == 1
    assert ">derived from</a>" in mentioned, "statements that cite another source first stay"


def test_a_question_page_opens_with_its_answer(pages: Pages) -> None:
    html = pages.question("response-by-disease", {}).html
    answer = html.index('class="answer"')
    assert html.index("<h1>") < answer < html.index('class="ask"') < html.index("<table")
    assert "27.7" in html[answer : html.index("</p>", answer)]


def test_the_headline_of_a_comparison_without_estimate_is_its_p_value(pages: Pages) -> None:
    html = page_of(pages, "/contrast/pivot-io-001-orr")
    assert '<span class="big">p = 0.0311</span> <span>estimate not reported</span>' in html.replace(
        "\xa0", " "
    )
    assert '<span class="big">1.09</span>' in page_of(pages, "/contrast/pivot-io-001-pfs")


def test_the_list_of_trials_stands_once_and_whole(pages: Pages) -> None:
    page = pages.listing("trial")
    assert page is not None
    trials = [iri for iri in pages.terms.entities if iri.startswith(pages.terms.base + "trial/")]
    for iri in trials:
        assert page.html.count(f'<a href="{pages.terms.href(iri)}"') == 1, iri


def test_results_keep_what_their_sources_print(pages: Pages) -> None:
    html = page_of(pages, "/trial/pivot-02").replace("\xa0", " ")
    for shown in (
        "77.0 %",
        "60.4 to 87.3 (95 %)",
        "30.9 months",
        "5.3 to not estimable (95 %)",
        "not reached",
    ):
        assert f">{shown}</td>" in html, shown


def test_turtle_begins_with_the_prefixes_that_it_uses(kg: KnowledgeGraph) -> None:
    iri = kg.names.base + "trial/pivot-02"
    turtle = (dereference.entity(kg, iri, "text/turtle") or b"").decode()
    declared = re.findall(r"^@prefix ([\w.-]+):", turtle, re.MULTILINE)
    body = re.sub(r"^@prefix .*\n", "", turtle, flags=re.MULTILINE)
    assert 3 < len(declared) < 30
    assert [prefix for prefix in declared if not re.search(rf"(?<![\w-]){re.escape(prefix)}:", body)] == []
    assert "<http" not in body.replace("^^<http", ""), "every address has its prefix"
    read = {one.triple for one in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    assert read == set(kg.describe(iri))


@pytest.mark.thorough
def test_forms_say_what_is_meant_where_nothing_is_chosen(pages: Pages) -> None:
    assert '<option value="">all</option>' in pages.question("mechanism-steps", {}).html
    assert (
        '<option value="">impossible and inconsistent</option>'
        in pages.question("impossible-numbers", {}).html
    )
    assert '<option value="">nivolumab</option>' in pages.question("how-surprising", {}).html
    chosen = pages.question("response-rates", {"trial": "PIVOT-02"}).html
    assert '<option value="trial:pivot-02" selected>PIVOT-02</option>' in chosen
    assert '<span class="of">PIVOT-02</span></h1>' in chosen


def test_caveats_show_commands_as_code(pages: Pages) -> None:
    html = pages.question("mechanism-steps", {}).html
    assert "<code>bempeg-kg path</code> does so" in html
    assert "`" not in html.partition("<summary>SPARQL query")[0]


def test_a_timeline_before_everything_says_so(pages: Pages) -> None:
    page = pages.picture("timeline", "1900-01-01")
    assert page is not None
    assert "no trial and no event that was public by 1900-01-01 has a date" in page.html


def test_the_footer_says_version_and_hash(pages: Pages, kg: KnowledgeGraph) -> None:
    assert (
        f"version {__version__} · hash of the content {dataset_hash(kg.quads())[:12]}" in pages.about().html
    )


# in Chromium

NARROW = [
    *("/", "/questions", "/compare", "/about", "/ontology", "/sparql", "/search?q=interleukin", "/trial"),
    *("/source", "/claim", "/source/nct02983045-text2018", "/source/tannir2022-esmo", "/mapping"),
    *("/source/pivot02-sitc2020", "/source/diab2023-jco", "/trial/pivot-02", "/cell/cd8-t-cell"),
    *("/protein/il2ra", "/contrast/pivot-io-001-orr", "/result/pivot-io-001-bempeg-nivolumab-orr"),
    *("/claim/a001", "/step/bempeg-has-part-il2", "/drug/bempegaldesleukin", "/organisation/nektar"),
    *("/mapping/cell-cd8-t-cell-exactMatch-CL-0000625", "/question/response-rates"),
    *("/question/mechanism-steps", "/question/sources", "/picture/signalling", "/picture/timeline"),
]
WIDE = [
    *(
        "/question/response-rates",
        "/question/treatment-effects",
        "/question/serious-events",
        "/trial/pivot-02",
    ),
    *("/question/mechanism-steps", "/question/eligibility", "/question/plausible-gain", "/compare", "/trial"),
]
COLUMNS_IN_SIGHT = """() => {
    const edge = (one) => one.getBoundingClientRect().right;
    const heads = [...document.querySelectorAll("th.pinned")];
    return heads.map((one) => edge(one) <= edge(one.closest(".scroll")) + 1);
}"""


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    wide = {}
    for path in NARROW:
        reply = page.goto(site.url + path)
        assert reply is not None and reply.status == 200, path
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 375:
            wide[path] = width
    page.close()
    assert wide == {}


@pytest.mark.browser
def test_a_phone_shows_the_first_rows_of_a_long_table(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(site.url + "/question/sources")
    rows = page.locator(".evidence tbody > tr:visible")
    whole = page.locator(".evidence tbody > tr").count()
    assert rows.count() == 20 < whole
    page.get_by_text(f"Show all {whole} rows").click()
    assert rows.count() == whole
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    assert rows.count() == whole and not page.locator(".rows-control").is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 1920])
def test_source_and_basis_are_in_sight(browser: Browser, site: Server, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in WIDE:
        page.goto(site.url + path)
        in_sight = page.evaluate(COLUMNS_IN_SIGHT)
        assert in_sight and all(in_sight), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


@pytest.mark.browser
def test_what_scrolls_shows_it_and_is_reached_by_keyboard(browser: Browser, site: Server) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site.url + "/question/plausible-gain")
    page.get_by_label("more columns").check()
    region = page.get_by_role("region", name="What gain over the benchmark")
    assert region.evaluate("(box) => box.scrollWidth > box.clientWidth")
    assert "gradient" in region.evaluate("(box) => getComputedStyle(box).backgroundImage")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert region.evaluate("(box) => box.scrollLeft") > 0
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["signalling", "lineage"])
def test_a_graph_fits_the_page_and_stands_alone(browser: Browser, site: Server, name: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site.url}/picture/{name}")
    picture = page.locator(".picture .scroll")
    assert picture.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    page.set_viewport_size({"width": 375, "height": 700})
    phone = page.locator("img.phone")
    if pictures.VIEWS[name].narrow:  # drawn anew for a phone, not scrolled
        phone.scroll_into_view_if_needed()
        phone.evaluate("image => image.decode()")
        assert phone.evaluate("image => image.naturalWidth") == 358 and phone.get_attribute("alt")
        assert not page.locator(".picture svg").is_visible()
    else:
        assert page.get_by_text("scroll it").is_visible()
    page.get_by_role("link", name="Open the picture alone").click()
    assert page.url == f"{site.url}/picture/{name}.svg"
    assert page.evaluate("document.documentElement.tagName") == "svg"
    page.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small programme as files."""
    folder = tmp_path_factory.mktemp("written") / "site"
    write_site(KnowledgeGraph.open(serving.SMALL), str(folder))
    return folder


def test_pages_as_files_have_tags_and_a_search(written: Path) -> None:
    questions = (written / "questions" / "index.html").read_text()
    tags = re.findall(r'<a href="([\w-]+\.html)"', questions.partition("by tag</summary>")[2])
    assert "safety.html" in tags and len(tags) > 20
    tagged = (written / "questions" / "safety.html").read_text()
    assert "../question/serious-events/index.html" in tagged
    assert "../question/drug-targets/index.html" not in tagged
    assert '<form class="find" action="../search/index.html"' in tagged
    assert "script-src 'self'" in unescape(tagged)


@pytest.mark.thorough
def test_two_processes_write_what_one_writes(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    second = static_site._second_process

    def counted() -> Any:
        started.append(True)
        return second()

    monkeypatch.setattr(static_site, "LARGE", 1)
    monkeypatch.setattr(static_site, "_second_process", counted)
    count = write_site(KnowledgeGraph.open(serving.SMALL), str(tmp_path / "site"))
    assert started == [True]
    files = {path.relative_to(tmp_path / "site") for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert files == {path.relative_to(written) for path in written.rglob("*") if path.is_file()}
    assert count > len(files) - 20
    for name in sorted(files):
        assert (tmp_path / "site" / name).read_bytes() == (written / name).read_bytes(), name


def test_a_graph_as_a_file_leads_to_files(kg: KnowledgeGraph) -> None:
    drawn = relative(pictures.graph_svg(kg, "signalling"), "/picture/signalling.svg", {"/cell/nk-cell"})
    assert 'href="../cell/nk-cell/index.html"' in drawn
    assert 'href="/' not in drawn


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_the_search_of_pages_as_files(browser: Browser, written: Path, script: bool) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(written.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        page = browser.new_page(java_script_enabled=script)
        troubles: list[str] = []
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(f"http://127.0.0.1:{running.server_port}/site/about/index.html")
        page.get_by_label("Search names and synonyms").fill("hazard RATIO")
        page.keyboard.press("Enter")
        page.wait_for_url("**/site/search/index.html?q=hazard+RATIO")
        shown = page.locator("#names li:visible")
        if script:
            assert 0 < shown.count() < page.locator("#names li").count()
            page.get_by_label("Search names and synonyms").fill("no such name")
            assert page.get_by_role("status").inner_text().startswith("No names have")
            page.get_by_label("Search names and synonyms").fill("treatment-effects")
        else:
            assert shown.count() == page.locator("#names li").count() > 50
        page.locator('#names a[href$="treatment-effects/index.html"]').click()
        page.locator("h1").wait_for()
        page.close()
        running.shutdown()
    assert troubles == []
