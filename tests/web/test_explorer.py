"""The offline explorer: one file that opens from disk, answers like the command line and refuses what that
refuses.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import BempegError, UnknownName, UsageError
from bempeg_kg.web.pages import Pages, assets, column_order, pictures
from bempeg_kg.web.pages.cell import Cell
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.problems import problem_text
from bempeg_kg.web.site import explorer
from tests.web.chromium import Watched, type_query
from tests.web.serving import SMALL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from bempeg_kg.questions.question import Parameter, Question

Cli = Callable[..., "subprocess.CompletedProcess[str]"]

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WRONG = {
    "date": ["hello", "2022-99-99", "2022-02-30", "0000-01-01", "2022-1-1", "1e3"],
    "decimal": ["many", "1,5", "1.", "0x10"],
    "integer": ["1.5", "many"],
    "boolean": ["yes", "TRUE"],
    "iri": ["nope", "trial:nope", "nopre:fix", "no such thing at all"],
    "string": ["zzz", "pd-1 axes"],
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, kg: KnowledgeGraph) -> Path:
    path = tmp_path_factory.mktemp("explorer") / "bempeg.html"
    path.write_bytes(explorer.write_explorer(kg))
    return path


@pytest.fixture
def watched(browser: Browser, file: Path) -> Iterator[Watched]:
    watched_page = Watched(browser, file.as_uri(), viewport={"width": 1280, "height": 900})
    watched_page.context.set_offline(True)
    watched_page.page.goto(file.as_uri())
    ready(watched_page.page)
    yield watched_page
    watched_page.close()


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=yes]", timeout=60_000)


def go(page: Page, place: str) -> None:
    page.evaluate("place => { location.hash = place; }", place)


def answer(page: Page, name: str, **given: str) -> Any:
    """Rows, or the message of what is wrong."""
    script = """async ([name, given]) => {
        try { return (await bempeg.answer(name, given)).rows; } catch (error) { return error.message; }
    }"""
    return page.evaluate(script, [name, given])


def rows(kg: KnowledgeGraph, question: Question, **given: str) -> Any:
    return json.loads(kg.answer(question, given).to_json())["results"]["bindings"]


def asked(kg: KnowledgeGraph) -> list[tuple[Question, Parameter]]:
    """Every parameter of a question that the file puts to its graph."""
    return [
        (one, parameter)
        for one in kg.questions
        if one.sparql and not one.live and not one.data
        for parameter in one.parameters
    ]


@pytest.mark.browser
def test_every_question_answers_like_the_command_line(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    shown = [one for one in kg.questions if not one.live]
    assert page.evaluate("bempeg.names") == [one.name for one in shown]
    different = [one.name for one in shown if answer(page, one.name) != rows(kg, one)]
    assert different == []
    assert page.evaluate("bempeg.run('ASK { ?t a kg:Trial }').then((found) => found.boolean)") is True


@pytest.mark.browser
def test_another_programme_answers_like_the_command_line(browser: Browser, tmp_path: Path) -> None:
    kg = KnowledgeGraph.open(SMALL)
    path = tmp_path / "other.html"
    path.write_bytes(explorer.write_explorer(kg))
    watched_page = Watched(browser, path.as_uri())
    watched_page.page.goto(path.as_uri())
    ready(watched_page.page)
    different = []
    for question in (one for one in kg.questions if not one.live and not one.data):
        try:
            expected = rows(kg, question)
        except BempegError as error:
            expected = str(error) if question.computed else problem_text(error)
        if answer(watched_page.page, question.name) != expected:
            different.append(question.name)
    assert different == []
    watched_page.close()


@pytest.mark.browser
def test_every_parameter_answers_like_the_command_line(watched: Watched, kg: KnowledgeGraph) -> None:
    different = []
    for question, parameter in asked(kg):
        for value in filter(
            None, [parameter.example, *parameter.allowed, parameter.example.partition(":")[2]]
        ):
            try:
                expected = rows(kg, question, **{parameter.name: value.strip("<>")})
            except BempegError:
                continue
            if answer(watched.page, question.name, **{parameter.name: value.strip("<>")}) != expected:
                different.append((question.name, parameter.name, value))
    assert different == []
    for spelled in ("pivot-02", "PIVOT-02", "PIVOT IO 001", "NCT03635983"):
        given = {"trial": spelled}
        expected = rows(kg, kg.questions["response-rates"], **given)
        assert expected
        assert answer(watched.page, "response-rates", **given) == expected


@pytest.mark.browser
def test_wrong_values_are_refused_in_the_words_of_the_server(watched: Watched, kg: KnowledgeGraph) -> None:
    different, kinds = [], set()
    for question, parameter in asked(kg):
        for value in WRONG[parameter.type]:
            try:
                kg.answer(question, {parameter.name: value})
            except BempegError as error:
                found = answer(watched.page, question.name, **{parameter.name: value})
                if isinstance(error, UnknownName) and parameter.name == "phase":
                    assert found == []  # only the server knows all phases
                    continue
                kinds.add("allowed" if parameter.allowed else parameter.type)
                if found != problem_text(error):
                    different.append((question.name, value, problem_text(error), str(found)[:200]))
    assert different == []
    assert kinds >= {"date", "iri", "allowed"}


@pytest.mark.browser
def test_an_unknown_parameter_is_refused(watched: Watched, kg: KnowledgeGraph) -> None:
    for question in (one for one in kg.questions if not one.live and not one.data):
        with pytest.raises(BempegError) as refused:
            kg.answer(question, {"trail": "x"})
        assert answer(watched.page, question.name, trail="x") == problem_text(refused.value)


@pytest.mark.browser
def test_a_page_says_why_there_is_nothing(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    for place, said in (
        ("#/q/what-was-known?as_of=hello", "“as of” takes a date, such as 2022-03-14, not 'hello'"),
        ("#/q/what-was-known?as-of=2022-99-99", "2022-99-99 is not a date"),
        ("#/q/response-rates?trial=nope", "There is no trial 'nope'"),
        ("#/q/mechanism-steps?branch=zzz", "There is no value for “branch” 'zzz'"),
    ):
        go(page, place)
        page.locator(".problem", has_text=said).wait_for()
        assert page.locator("tbody tr").count() == 0
    go(page, "#/q/how-trials-differ?first=trial:pivot-02&second=trial:pivot-02")
    page.locator("main", has_text=kg.questions["how-trials-differ"].empty).wait_for()
    go(page, "#/q/survival-medians?trial=trial:excel")
    page.locator("main", has_text="the graph holds nothing for trial = trial:excel").wait_for()


@pytest.mark.browser
def test_a_query_that_runs_away_is_stopped(watched: Watched) -> None:
    page = watched.page
    started: list[Any] = []
    page.on("worker", lambda worker: started.append(worker))
    go(page, "#/sparql")
    type_query(page, HEAVY)
    page.keyboard.press("Control+Enter")
    page.locator("[role=timer]", has_text="Running for 1 s").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.locator(".problem", has_text="It was stopped.").wait_for()
    page.get_by_label("Stop after").fill("1")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".problem", has_text="It was stopped after 1 seconds").wait_for()
    page.get_by_label("Stop after").fill("30")
    type_query(
        page, "SELECT (7 AS ?seven) {}"
    )  # answered once the new worker is up: only then is there a run to leave
    page.keyboard.press("Control+Enter")
    page.locator("tbody td", has_text="7").wait_for(timeout=15_000)
    type_query(page, HEAVY)
    page.keyboard.press("Control+Enter")
    page.locator("[role=timer]", has_text="Running for 0 s").wait_for()
    go(page, "#/q/response-rates")  # who leaves does not wait for it
    page.locator("tbody tr").first.wait_for(timeout=15_000)
    if len(started) < 3:  # the rows may be there before the next worker is
        page.wait_for_event("worker", timeout=15_000)
    assert len(started) == 3


@pytest.mark.browser
def test_the_graph_is_opened_once(browser: Browser, file: Path) -> None:
    watched_page = Watched(browser, file.as_uri())
    started: list[Any] = []
    watched_page.page.on("worker", lambda worker: started.append(worker))
    watched_page.page.goto(file.as_uri())
    ready(watched_page.page)
    assert len(started) == 1
    watched_page.close()


@pytest.mark.browser
def test_addresses_that_lead_nowhere_say_so(watched: Watched) -> None:
    page = watched.page
    for place, said in (
        ("#/q/%", "There is no question '%'"),
        ("#/q/respnse-rates", "Did you mean 'response-rates'"),
        ("#/q/wikidata-drugs", "asks an outside service"),
        ("#/e/nope", "There is no entity 'nope'"),
        ("#/e/trial:pivto-02", "Did you mean 'trial:pivot-02'"),
        ("#/e/<a b>", "There is no"),
        ("#/g/nothing", "There is no page 'g/nothing'"),
        ("#/g/constructor", "There is no page 'g/constructor'"),
        ("#/p/toString", "There is no page 'toString'"),
        ("#/e/constructor", "There is no entity 'constructor'"),
        ("#/e/constructor:x", "There is no prefix 'constructor'"),
    ):
        go(page, place)
        page.locator(".problem", has_text=said).wait_for()
    go(page, "#/e/nivolumba")
    page.locator("#main li a", has_text=re.compile("^nivolumab$")).click()
    page.locator("code", has_text="/drug/nivolumab").wait_for()


@pytest.mark.browser
def test_an_entity_shows_the_page_of_the_server(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    for path in ("cell/treg", "trial/pivot-io-001", "result/pivot-02-melanoma-orr"):
        whole = Pages(kg, static=True).entity(kg.names.base + path)
        assert whole is not None
        go(page, f"#/e/{path.replace('/', ':')}")
        page.locator("code", has_text=f"/{path}").wait_for()
        headings = re.findall(r"<h[12][^>]*>(.*?)</h", whole.html)
        assert page.locator("main h1, main h2").all_text_contents() == list(map(unescape, headings)), path
        assert page.locator('main a[href^="/"]').count() == 0, path
    page.get_by_text("Every statement about it").click()
    page.locator("details tbody tr").first.wait_for()


@pytest.mark.browser
def test_entities_are_found_by_any_name(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    for term in ("trial:pivot-02", "PIVOT-02", f"{kg.names.base}trial/pivot-02"):
        go(page, f"#/e/{term}")
        page.locator("code", has_text="/trial/pivot-02").wait_for()
        page.locator("tbody tr").first.wait_for()
        go(page, "#/")
    for words, thing in (
        ("CD122", "protein/il2rb"),
        ("P01589", "protein/il2ra"),
        ("opdivo", "drug/nivolumab"),
        ("Diab 2023", "source/diab2023-jco"),
        ("pivot-io-001", "trial/pivot-io-001"),
    ):
        page.get_by_label("Search names and synonyms").fill(words)
        page.keyboard.press("Enter")
        page.locator("h1", has_text=words).wait_for()
        page.locator(f'#main li a[href="#/e/{quote(kg.names.base + thing, safe="")}"]').first.wait_for()


@pytest.mark.browser
def test_names_are_resolved_as_on_the_command_line(watched: Watched, kg: KnowledgeGraph) -> None:
    script = """async (text) => {
        try { return await bempeg.resolve(text); } catch (error) { return error.message; }
    }"""
    different = []
    for text in ("nivolumab", "opdivo", "CD25", "P01589", "melanoma", "pivot-02", "objective response rate",
                 "nivolumba", "nope", "constructor", "toString", "kidney", "uniprot:P01589",
                 "CL:0000625", "diab"):  # fmt: skip
        try:
            expected = kg.resolve(text)
        except BempegError as error:
            expected = problem_text(error)
        found = watched.page.evaluate(script, text)
        if found != expected:
            different.append((text, expected, found))
    assert different == []


@pytest.mark.browser
def test_the_home_shows_the_finding_of_the_server(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    section = re.search(r'<section class="finding".*?</section>', Pages(kg).home().html, re.DOTALL)
    assert section
    script = "html => new DOMParser().parseFromString(html, 'text/html').body.textContent"
    words = page.evaluate(script, section[0])
    assert page.locator("section.finding").text_content().split() == words.split()  # type: ignore[union-attr]
    assert "27.7" in words
    page.locator("section.finding a", has_text="27.7 %").first.click()
    page.locator("code", has_text="/result/").wait_for()
    go(page, "#/")
    left = page.locator("#left-out ~ *").all_inner_texts()
    for live in (one for one in kg.questions if one.live):
        assert any(f"bempeg-kg ask {live.name} --live" in text for text in left)


@pytest.mark.browser
def test_all_pictures_are_there(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    for name, view in pictures.VIEWS.items():
        go(page, f"#/g/{name}")
        page.locator("h1", has_text=view.title).wait_for()
        if view.graph:
            page.locator("figure svg a").first.wait_for()
        else:
            shown = page.locator("figure img")
            shown.evaluate("image => image.decode()")
            assert shown.get_attribute("alt")
        go(page, f"#/q/{view.question}")
        page.locator("h1", has_text=kg.questions[view.question].summary).wait_for()
        page.locator("figure.picture, figure.figure").first.wait_for()


COLUMNS = """trial printed unit N lower upper level set source basis
step tissue species source basis
difference dimension
estimate unit p alpha value n N basis source note
estimate lower upper level intervalNote p source basis"""


def test_columns_are_joined_as_on_the_server() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    listed = [line.split() for line in COLUMNS.splitlines()]
    module = (Path(__file__).parents[2] / "bempeg_kg/web/src/cells.js").as_uri()
    held = json.dumps({"headings": {}, "short": {}, "columns": explorer.columns_told()})
    script = f"""import {{ worded }} from {json.dumps(module)};
        const text = (value) => ({{ type: "literal", value }});
        const tools = worded({{ shorten: String, label: () => "", place: () => "" }}, {held}, () => "");
        console.log(JSON.stringify({json.dumps(listed)}.map((names) => {{
            const value = (name) => (name === "unit" ? "month" : `${{name}} 1`);
            const row = Object.fromEntries(names.map((name) => [name, text(value(name))]));
            const shown = tools.shaped(names, [row]);
            return shown.columns.map((name) => [name, shown.rows[0][name].value ?? ""]);
        }})));"""
    done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, check=True)
    for names, found in zip(listed, json.loads(done.stdout), strict=True):
        row = {name: Cell("month" if name == "unit" else f"{name} 1") for name in names}
        made = [[name, cell(row)] for name, cell in column_order.shaped(names)]
        assert found == [[name, "" if cell.parts else cell.text] for name, cell in made]


@pytest.mark.browser
def test_tables_stand_as_on_the_pages_of_the_server(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    terms = Terms(kg)
    script = """() => [...document.querySelectorAll("#main tr")]
        .map((row) => [...row.cells].map((cell) => cell.textContent.trim().replace(/\\s+/g, " ")))"""
    different = []
    for question, parameter in asked(kg):
        if not parameter.example:
            continue
        value = parameter.example.strip("<>")
        grid = terms.grid(kg.answer(question, {parameter.name: value}))
        expected = [grid.columns, *([" ".join(cell.text.split()) for cell in row] for row in grid.rows)]
        go(page, f"#/q/{question.name}?{parameter.name}={quote(value)}")
        page.locator("h1", has_text=question.summary).wait_for()
        page.locator("#main .formats").first.wait_for()
        page.locator(".running").wait_for(state="detached")
        found = page.evaluate(script)
        if grid.rows and found != expected:
            rows = [pair for pair in zip(found, expected, strict=False) if pair[0] != pair[1]]
            different.append((question.name, len(found), len(expected), rows[:1]))
    assert different == []


@pytest.mark.browser
def test_a_question_shows_the_page_of_the_server(watched: Watched, kg: KnowledgeGraph) -> None:
    page = watched.page
    pages = Pages(kg, static=True)
    for name in ("response-by-disease", "treatment-effects", "how-surprising", "mechanism-steps"):
        whole = pages.question(name, {}).html
        go(page, f"#/q/{name}")
        page.locator("h1", has_text=kg.questions[name].summary).wait_for()
        said = re.search(r'<p class="answer">(.*?)</p>', whole)
        assert said and page.locator(".answer").text_content() == unescape(re.sub("<.*?>", "", said[1]))
        chips = re.findall(r'<a class="chip[^>]*>(.*?)</a>', whole)
        assert page.locator(".chip").all_text_contents() == list(map(unescape, chips))
        assert page.locator(".figure").count() == whole.count('<figure class="figure ')
        shown = page.locator("form option, form input").evaluate_all(
            "all => all.map((one) => one.placeholder ?? one.text)"
        )
        assert [text for text in shown if re.fullmatch(r"[a-z]+:[\w-]+", text)] == []


@pytest.mark.browser
def test_the_home_page_shows_before_any_script_runs(browser: Browser, file: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(file.as_uri())
    assert "27.7 %" in page.locator("main").inner_text()
    page.close()


@pytest.mark.browser
def test_computed_questions_say_what_they_leave_out(watched: Watched) -> None:
    page = watched.page
    go(page, "#/q/exact-intervals")
    page.locator(
        "code", has_text="bempeg-kg ask exact-intervals --trial trial:pivot-02 --level 95"
    ).wait_for()
    assert page.locator("tbody tr").count()
    go(page, "#/q/exact-intervals?trial=trial:pivot-09")
    page.locator(".problem code", has_text="bempeg-kg ask exact-intervals --trial trial:pivot-09").wait_for()
    assert page.locator("tbody tr").count() == 0


@pytest.mark.browser
def test_a_person_with_a_phone(browser: Browser, file: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    address = file.as_uri()
    watched_page = Watched(browser, address, viewport={"width": 390, "height": 844})
    page = watched_page.page
    page.goto(address)
    ready(page)
    go(page, "#/questions")
    page.get_by_label("Words").fill("response rate")
    page.get_by_role("link", name="What was the objective response rate in each cohort and arm?").click()
    page.locator("tbody tr").first.wait_for()
    for name, shown in (("Mechanism", "figure img.phone"),):
        page.get_by_role("link", name=name, exact=True).click()
        page.locator(shown).first.wait_for()
    page.get_by_role("link", name="SPARQL", exact=True).click()
    type_query(page, "SELECT ?t { ?t a kgg:Trial }")
    page.keyboard.press("Control+Enter")
    page.locator(".problem", has_text="the prefix kgg: is not declared").wait_for()
    type_query(page, "SELECT ?t (COUNT(*) AS ?n) { ?r kg:trial ?t } GROUP BY ?t ORDER BY ?t")
    page.keyboard.press("Control+Enter")
    page.get_by_label("chart").check()
    page.locator("svg.chart rect").first.wait_for()
    assert page.locator("svg.chart rect").count() == page.locator("tbody tr").count()
    link = page.get_by_role("link", name="Link to this query").get_attribute("href")
    page.go_back()
    page.locator(".problem").wait_for()
    page.goto(address + str(link))
    page.locator("svg.chart rect").first.wait_for()
    visited = ("", "q/response-rates", "q/exact-intervals", "e/trial:pivot-02", "find?q=CD122", "g/timeline")
    for place in visited:
        go(page, f"#/{place}")
        page.locator("h1").wait_for()
        page.locator(".running").wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
        violations = Axe().run(page).response["violations"]
        assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == [], place
    watched_page.close()


def test_parameters_stand_in_blocks_of_their_own(kg: KnowledgeGraph) -> None:
    for question, parameter in asked(kg):
        made = explorer._question(kg, question)
        assert f"VALUES (?{parameter.name}) {{ (<urn:parameter:{parameter.name}>) }}" in made["template"]


def test_only_a_page_is_written(cli: Cli, tmp_path: Path) -> None:
    for name in ("bempeg.txt", "bempeg", "bempeg.html.gz"):
        done = cli("explorer", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (2, "")
        assert ".html" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_front_end_that_was_not_built_gives_a_clear_error(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "read", lambda name: None)
    with pytest.raises(UsageError) as refused:
        explorer.write_explorer(kg)
    assert "never built" in str(refused.value)
    assert "npm run build" in refused.value.cure
