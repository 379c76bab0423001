"""The pages of the shipped graph, as a browser without script and as a program get them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.menus import menus
from bempeg_kg.web.pages.questions import GROUPS
from tests.web import serving
from tests.web.serving import Reply, Server

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    *(
        "/",
        "/questions",
        "/questions?tag=evidence",
        "/questions?q=response+rate",
        "/compare",
        "/about",
        "/ontology",
    ),
    *(
        "/trial",
        "/source",
        "/claim",
        "/drug",
        "/cell",
        "/protein",
        "/sparql",
        "/search?q=interleukin+receptor",
    ),
    *("/trial/pivot-io-001", "/cohort/pivot-02-melanoma", "/arm/pivot-io-001-nivolumab", "/claim/a001"),
    *("/result/pivot-io-001-bempeg-nivolumab-orr", "/drug/bempegaldesleukin", "/protein/il2rb"),
    "/step/bempeg-has-part-il2",
    *("/cell/treg-cd4-cd25", "/source/diab2023-jco", "/contrast/pivot-io-001-pfs", "/organisation/nektar"),
    *(
        "/question/response-rates",
        "/question/response-rates?trial=trial:pivot-02",
        "/question/how-trials-differ",
    ),
    *(
        "/picture/signalling",
        "/picture/lineage",
        "/picture/timeline",
        "/picture/responses",
        "/picture/hazard-ratios",
    ),
    "/picture/timeline?as-of=2019-06-30",
]
VOID = {"source", "meta", "link", "input", "br", "img", "hr", "rect", "path", "circle", "line", "polygon"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serving.start(tmp_path_factory.mktemp("site") / "log", data=None)
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text()


class Reading(HTMLParser):
    """Checks that elements close, and gathers what a test asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        assert not [name for name in found if name.startswith("on") or name == "style"], (tag, found)
        if tag == "script":
            assert found.get("src", "") and not (found["src"] or "").startswith("http")
        if tag in ("img", "script", "link"):
            address = found.get("src") or found.get("href") or ""
            assert not address.startswith(("http:", "https:", "//")), "a request to somebody else"
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        if tag == "label":
            self.labelled.add(found.get("for") or "")
        if tag in ("input", "select", "textarea") and found.get("type") != "hidden":
            self.inputs.append(found)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open.pop() == tag, tag


def get(site: Server, path: str) -> Reply:
    return site.request("GET", path, headers=HTML)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(site: Server, path: str) -> None:
    reply = get(site, path)
    assert (reply.status, reply.kind) == (200, "text/html"), reply.text[:300]
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    reading = Reading(reply.text)
    assert reading.headings.count(1) == 1
    assert reading.headings[0] == 1
    assert len(reading.ids) == len(set(reading.ids))
    assert all(field.get("id") in reading.labelled for field in reading.inputs)


@pytest.mark.thorough
def test_every_link_of_the_pages_leads_somewhere(site: Server) -> None:
    links = set()
    for path in PAGES:
        links |= {link for link in Reading(get(site, path).text).links if link.startswith("/")}
    assert len(links) > 300
    broken = []
    for link in sorted(links)[::4]:
        reply = get(site, link.partition("#")[0])
        if reply.status not in (200, 303):
            broken.append((link, reply.status))
    assert not broken


@pytest.mark.parametrize("path", ["/dataset", "/derived/edges", "/contributors"])
def test_what_has_no_kind_has_a_page_and_data_all_the_same(site: Server, path: str) -> None:
    links = {link for link in Reading(get(site, path).text).links if link.startswith("/")}
    assert {f"{path}.ttl", f"{path}.jsonld", f"{path}.nt"} <= links
    assert not [link for link in sorted(links) if get(site, link.partition("#")[0]).status != 200]
    reply = site.request("GET", path, headers={"Accept": "text/turtle"})
    assert (reply.status, reply.kind) == (200, "text/turtle")


def test_the_mappings_come_as_they_were_written(site: Server) -> None:
    reply = site.request("GET", "/data/mappings.sssom.tsv")
    assert (reply.status, reply.kind) == (200, "text/tab-separated-values")
    assert reply.body == (serving.ROOT / "data" / "mappings.sssom.tsv").read_bytes()


def test_the_home_page_shows_the_finding_with_figures_of_the_graph(site: Server) -> None:
    kg = KnowledgeGraph.open()
    text = get(site, "/").text
    for slug in ("pivot-02-melanoma-orr", "pivot-io-001-bempeg-nivolumab-orr", "pivot-io-001-nivolumab-orr"):
        printed = kg.select(f"SELECT ?p {{ result:{slug} kg:printed ?p }}")[0]["p"]
        assert f"{printed} %" in text
        assert f'href="/result/{slug}"' in text
    for slug in ("pivot-io-001-pfs", "pivot-io-001-os"):
        row = kg.select(f"SELECT ?printed ?p {{ contrast:{slug} kg:printed ?printed ; kg:pPrinted ?p }}")[0]
        assert f'href="/contrast/{slug}">{row["printed"]}</a>' in text
        assert f"p\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{row['p']}" in text


def test_a_question_links_to_its_rows(site: Server) -> None:
    kg = KnowledgeGraph.open()
    table = kg.ask("response-rates", trial="trial:pivot-02")
    path = "/question/response-rates"
    assert f'href="{path}.csv?trial=trial%3Apivot-02"' in get(site, f"{path}?trial=trial:pivot-02").text
    assert site.request("GET", f"{path}.csv?trial=trial:pivot-02").body.decode() == table.to_csv()
    assert site.request("GET", f"{path}.tsv?trial=trial:pivot-02").body.decode() == table.to_tsv()
    assert site.request("GET", f"{path}.json?trial=trial:pivot-02").body.decode() == table.to_json()


def test_rows_are_as_harmless_as_pages(site: Server) -> None:
    for suffix in ("json", "csv", "tsv"):
        headers = site.request("GET", f"/question/response-rates.{suffix}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["access-control-allow-origin"] == "*"


def test_a_question_shows_its_picture(site: Server) -> None:
    text = get(site, "/question/response-rates").text
    assert '<figure class="figure large" id="picture">' in text
    drawn = get(site, "/question/response-rates?trial=pivot-02").text
    assert "CheckMate" in text.partition("</figure>")[0]
    assert "CheckMate" not in drawn.partition("<figure")[2].partition("</figure>")[0]
    assert "<svg" in get(site, "/question/mechanism-steps").text


def test_columns_say_which_trial_and_links_say_what_they_open(site: Server) -> None:
    text = get(site, "/compare?a=pivot-02&b=pivot-io-001").text
    assert '<th scope="col">PIVOT-02</th><th scope="col">PIVOT IO 001</th>' in text
    assert ">open<" not in text
    assert re.search(r'<a href="/difference/[^"]+" title="[^"]+">assessor of response</a>', text)


def test_the_search_lists_pages_here_first_and_says_no_name_twice(site: Server) -> None:
    text = get(site, "/search?q=interleukin").text
    assert re.search(r'<td[^>]*><a href="/', text).start() < text.index('class="outside"')
    assert '<th scope="col">label</th>' not in text  # the link has it


def test_tags_fold_away(site: Server) -> None:
    text = get(site, "/questions").text
    assert text.index("by tag</summary>") < text.index(">evidence</a>") < text.index(">receptors</a>")
    chosen = get(site, "/questions?tag=receptors").text
    assert chosen.index('aria-current="true">receptors</a>') < chosen.index("by tag</summary>")


def test_questions_stand_in_seven_groups_and_each_stands_once(site: Server) -> None:
    text = get(site, "/questions").text
    listed = text[: text.index("by tag</summary>")]
    assert re.findall(r'<h2 id="group-\d">([^<]+)</h2>', listed) == [*GROUPS]
    for question in KnowledgeGraph.open().questions:
        assert listed.count(f'href="/question/{question.name}"') == 1, question.name
    line = next(line for line in listed.splitlines() if "/question/registered-outcomes" in line)
    assert "no answer in this graph" in line


@pytest.mark.parametrize(
    ("accept", "kind", "form"),
    [
        ("text/turtle", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml, text/html;q=0.5", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_an_entity_comes_as_data_by_its_accept_header(
    site: Server, accept: str, kind: str, form: ox.RdfFormat
) -> None:
    reply = site.request("GET", "/trial/pivot-02", headers={"Accept": accept})
    assert (reply.status, reply.kind) == (200, kind)
    subject = ox.NamedNode("https://w3id.org/bempeg-kg/trial/pivot-02")
    quads = list(ox.parse(reply.body, form))
    assert [quad for quad in quads if quad.subject == subject]
    assert [quad for quad in quads if quad.object == subject]
    assert "Accept" in reply.headers["vary"]


def test_suffixes_and_files_of_the_graph(site: Server) -> None:
    for suffix, kind in (
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
    ):
        assert site.request("GET", f"/trial/pivot-02.{suffix}").kind == kind
    reply = site.request("GET", "/data/trials/pivot-02.ttl")
    assert len(list(ox.parse(reply.body, ox.RdfFormat.TURTLE))) > 100
    assert site.request("GET", "/ontology", headers={"Accept": "text/turtle"}).kind == "text/turtle"


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/trial/nowhere", "/question/nowhere", "/picture/nowhere", "/trial/pivot-02.exe"),
        *("/assets/../app.py", "/assets/%2e%2e%2fapp.py", "/..%2f..%2fetc/passwd", "/data/../../etc/passwd"),
        *(
            "/data/%2e%2e/%2e%2e/etc/passwd",
            "/assets/app.py",
            "/trial/" + "a" * 3000,
            "/trial/%00",
            "/trial/%ff",
        ),
        *("/trial/<script>", "/trial/%3E%20%7D%20DROP%20ALL", "/question/response-rates.exe"),
    ],
)
def test_what_is_not_there_is_a_404_and_reads_no_file(site: Server, path: str) -> None:
    reply = site.request("GET", quote(path, safe="/%.?=&"), headers=HTML)
    assert reply.status == 404
    assert b"root:" not in reply.body
    Reading(reply.text)


@pytest.mark.parametrize(
    ("name", "word", "near"), [("drug", "nivolumob", "nivolumab"), ("condition", "melanoms", "Melanoma")]
)
def test_a_word_that_nothing_has_is_named_with_those_near(
    site: Server, name: str, word: str, near: str
) -> None:
    reply = site.request("GET", f"/question/hazard-ratios?{name}={word}", headers=HTML)
    assert reply.status == 404
    assert f"There is no {name} '{word}'" in unescape(reply.text)
    assert f"Did you mean '{near}'" in unescape(reply.text)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/trial/PIVOT-02", "/trial/pivot-02"),
        ("/trial/NCT02983045", "/trial/pivot-02"),
        ("/trial/nct02983045.ttl", "/trial/pivot-02.ttl"),
        ("/drug/NKTR-214", "/drug/bempegaldesleukin"),
        ("/Trial/Pivot-02", "/trial/pivot-02"),
    ],
)
def test_an_address_in_capitals_or_by_a_further_name_leads_to_the_page(
    site: Server, path: str, page: str
) -> None:
    reply = site.request("GET", path, headers=HTML)
    assert (reply.status, reply.headers["location"]) == (301, page)
    assert get(site, page).status == 200


@pytest.mark.parametrize(
    "nasty", ['"><script>alert(1)</script>', "' onload=alert(1) x='", "{{ 7*7 }}", "\x1f", "%s"]
)
def test_what_a_person_types_is_escaped(site: Server, nasty: str) -> None:
    for path in (
        "/search?" + urlencode({"q": nasty}),
        "/questions?" + urlencode({"q": nasty, "tag": nasty}),
        "/question/response-rates?" + urlencode({"trial": nasty}),
        "/compare?" + urlencode({"a": nasty, "b": nasty}),
        "/sparql?" + urlencode({"query": nasty}),
        "/picture/timeline?" + urlencode({"as-of": nasty}),
    ):
        reply = get(site, path)
        assert reply.status in (200, 400, 404), path
        assert "<script>alert" not in reply.text
        Reading(reply.text)


def test_values_of_the_graph_are_escaped(site: Server) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) (<http://e.org/?"onload=1> AS ?y) {}'
    reply = get(
        site,
        "/sparql?"
        + urlencode({"query": query.replace('<http://e.org/?"onload=1>', "<javascript:alert(1)>")}),
    )
    assert reply.status == 200
    assert "<script>alert" not in reply.text
    assert 'href="javascript' not in reply.text


def test_a_wrong_parameter_is_reported_on_the_page(site: Server) -> None:
    reply = get(site, "/question/response-rates?trial=trial:nowhere")
    assert reply.status in (400, 404)
    assert 'role="alert"' in reply.text


def test_an_unknown_trial_is_named_beside_those_that_exist(site: Server) -> None:
    reply = get(site, "/compare?a=pivot-02&b=pivot-oi-001")
    assert reply.status == 404
    assert "There is no trial “pivot-oi-001”" in reply.text
    assert '<a href="/compare?a=pivot-02&amp;b=pivot-io-001">pivot-io-001</a>' in reply.text
    assert '<a href="/trial/pivot-io-001">' in reply.text
    assert "PIVOT-02 beside" not in reply.text
    Reading(reply.text)


def test_a_comparison_fills_in_the_trial_that_was_left_out(site: Server) -> None:
    assert "<h1>PIVOT IO 001 beside PIVOT-02</h1>" in get(site, "/compare?a=pivot-io-001").text
    assert "<h1>PIVOT-02 beside PIVOT IO 001</h1>" in get(site, "/compare?a=trial:pivot-02").text


@pytest.mark.parametrize("suffix", ["", ".csv", ".json", ".tsv"])
def test_a_parameter_that_a_question_does_not_have_is_refused(site: Server, suffix: str) -> None:
    reply = get(site, f"/question/response-rates{suffix}?trail=pivot-02")
    assert reply.status == 400
    assert reply.kind == ("text/plain" if suffix else "text/html")
    assert re.search("Did you mean ('|&#39;)trial('|&#39;)", reply.text)
    twice = get(site, f"/question/response-rates{suffix}?trial=pivot-02&trial=pivot-io-001")
    assert (twice.status, "given twice" in twice.text) == (400, True)


def test_a_picture_that_takes_no_day_says_so(site: Server) -> None:
    for path in ("/picture/responses", "/picture/responses.svg", "/picture/signalling"):
        reply = get(site, f"{path}?as-of=2018-09-21")
        assert (reply.status, "Only the timeline" in reply.text) == (400, True)
    assert get(site, "/picture/timeline?as_of=2018-09-21").status == 400
    assert get(site, "/picture/timeline?as-of=2018-09-21x").status == 400
    assert get(site, "/picture/timeline?as-of=").status == 200


def test_pages_name_fields_and_not_options(site: Server) -> None:
    for path in (
        "/question/response-rates?trial=nope",
        "/question/response-rates.csv?trial=nope",
        "/question/what-was-known?as_of=soon",
        "/question/mechanism-steps?branch=nope",
    ):
        reply = get(site, path)
        said = reply.text.partition('role="alert">')[2].partition("</p>")[0] or reply.text
        assert reply.status >= 400
        assert "--" not in said
        assert "bempeg-kg" not in said, path


def test_the_query_page_without_script(site: Server) -> None:
    reply = get(site, "/sparql?" + urlencode({"query": "SELECT ?t { ?t a kg:Trial } ORDER BY ?t"}))
    assert reply.status == 200
    assert "PIVOT IO 001" in reply.text
    assert "<td" in reply.text
    wrong = get(site, "/sparql?" + urlencode({"query": "SELECT * { ?s ?p }"}))
    assert wrong.status == 400
    assert re.search(r"line 1, column 1\d", wrong.text)
    assert get(site, "/sparql?" + urlencode({"query": "ASK { ?t a kg:Trial }"})).text.count("yes") >= 1
    assert (
        "kg:Trial" in get(site, "/sparql?" + urlencode({"query": "CONSTRUCT WHERE { ?t a kg:Trial }"})).text
    )


def test_the_query_page_is_light_and_its_samples_are_links(site: Server) -> None:
    reply = get(site, "/sparql")
    assert len(reply.body) < 20_000
    assert '<a href="/sparql?question=response-rates">' in reply.text
    led = get(site, "/sparql?question=response-rates")
    assert led.status == 303
    assert led.headers["location"].startswith("/sparql?query=")
    assert "<td" in get(site, led.headers["location"]).text
    assert get(site, "/sparql?question=nope").status == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?t a kg:Trail }", "kg:Trail is not used in the graph. Did you mean kg:Trial"),
        ("SELECT * { ?r kg:printd ?x }", "kg:printd is not used in the graph. Did you mean kg:printed"),
        ("PREFIX e: <urn:e:> SELECT * { ?s e:p ?o }", "e:p is not used in the graph."),
        ("SELECT * { ?s <urn:x> ?o }", "&lt;urn:x&gt; is not used in the graph."),
        ("SELECT * { ?s kg:reportingStatus ?o }", "kg:reportingStatus is declared, and nothing in the graph"),
        ("SELECT * { ?t a kg:Trial ; kg:acronym 'none' }", "nothing fits all of it"),
        ("SELECT * { ?t a kg:Trial ; kg:acronym 'kg:x' OPTIONAL { ?t kg:y ?y } }", "nothing fits all of it"),
    ],
)
def test_an_answer_without_rows_says_why(site: Server, query: str, said: str) -> None:
    reply = get(site, "/sparql?" + urlencode({"query": query}))
    assert reply.status == 200
    assert said in reply.text.partition("No rows:")[2]


def test_an_accession_or_a_name_leads_straight_to_its_page(site: Server) -> None:
    for words, path in (
        ("C008", "/result/pivot-io-001-bempeg-nivolumab-orr"),
        ("bempegaldesleukin", "/drug/bempegaldesleukin"),
        ("pivot-io-001", "/trial/pivot-io-001"),  # a slug
        ("NCT03635983", "/trial/pivot-io-001"),
        ("Diab 2023", "/source/diab2023-jco"),  # how pages cite it
        ("P01589", "/protein/il2ra"),
        ("uniprot:P01589", "/protein/il2ra"),
        ("http://purl.uniprot.org/uniprot/P01589", "/protein/il2ra"),
        ("CL:0000625", "/cell/cd8-t-cell"),
    ):
        reply = get(site, "/search?" + urlencode({"q": words}))
        assert (reply.status, reply.headers["location"]) == (303, path)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("PFS", "survival-medians"),
        ("progression free survival", "survival-medians"),
        ("ORR", "response-rates"),
        ("deaths", "toxicity-stops-and-deaths"),
        ("adverse events", "adverse-events"),
        ("phase 3 results", "treatment-effects"),
        ("timeline", "programme-timeline"),
    ],
)
def test_words_that_name_no_thing_are_answered(site: Server, words: str, question: str) -> None:
    reply = get(site, "/search?" + urlencode({"q": words}))
    assert reply.status == 200, "a search does not lead to a definition"
    assert f'Taken as: <a href="/question/{question}' in reply.text


def test_a_word_of_a_title_does_not_lead_to_the_document(site: Server) -> None:
    assert get(site, "/search?q=eosinophilia").status == 200


def test_the_search_proposes_what_is_spelled_nearly_alike(site: Server) -> None:
    for words, meant in (("nivolumba", "nivolumab"), ("nivolumba melanoma", "nivolumab melanoma")):
        text = get(site, "/search?" + urlencode({"q": words})).text
        assert f'Did you mean <a href="/search?{urlencode({"q": meant})}">' in text.replace("%20", "+")
        assert "<table" not in text


def test_the_search_shows_no_empty_table_beside_questions(site: Server) -> None:
    text = get(site, "/search?q=why+did+phase+3+fail").text
    assert "/question/" in text
    assert "<table" not in text


def test_a_class_elsewhere_leads_to_the_entities_here(site: Server) -> None:
    reply = get(site, "/search?q=GO:0008150")
    assert reply.status == 200
    assert 'href="/process/' in reply.text


def test_assets_may_be_kept_for_ever(site: Server) -> None:
    address = re.search(r'href="(/assets/[^"]+\.css)"', get(site, "/").text)
    assert address
    reply = site.request("GET", address[1])
    assert reply.kind == "text/css"
    assert "immutable" in reply.headers["cache-control"]


def test_completion_knows_the_terms_of_this_graph(site: Server) -> None:
    import json

    terms = json.loads(site.request("GET", "/terms.json").body)
    assert "kg" in terms["prefixes"]
    assert ["kg:Trial", "trial"] in terms["classes"]
    assert "kg:printed" in {row[0] for row in terms["properties"]}
    assert "drug:bempegaldesleukin" in {row[0] for row in terms["entities"]}


def test_a_graph_to_explore_asks_nothing_of_any_network(site: Server) -> None:
    reply = get(site, "/picture/lineage-graph.html")
    assert (reply.status, reply.kind) == (200, "text/html")
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert "PIVOT IO 001" in reply.text
    assert get(site, "/picture/responses-graph.html").status == 404


def test_no_form_shows_an_identifier() -> None:
    kg = KnowledgeGraph.open()
    terms = Terms(kg)
    shown = [
        (question.name, words)
        for question in kg.questions
        if not question.data
        for menu in menus(kg, terms, question, {})
        for words in (menu.standing, *(text for _, text in menu.options))
    ]
    assert [one for one in shown if re.fullmatch(r"[a-z]+:[\w-]+", one[1])] == []


def test_an_entity_of_any_kind_is_named_in_words(site: Server) -> None:
    page = get(site, "/question/what-is?entity=trial:pivot-10").text
    assert 'value="PIVOT-10"' in page
    assert "trial:pivot-10" not in re.sub(r'(?:href|action)="[^"]*"', "", page).partition("</form>")[0]


def test_a_declared_figure_has_a_shape_for_a_phone(site: Server) -> None:
    page = get(site, "/question/hazard-ratios").text
    found = re.findall(r'<svg class="plot phone"[^>]* aria-label="([^"]+)">(.*?)</svg>', page, re.S)
    [(words, drawn)] = found
    assert "0.59 to 1.48 (99.929 %)" in drawn
    assert words


def test_stopped_trials_have_their_registry_numbers(kg: KnowledgeGraph) -> None:
    grid = Terms(kg).grid(kg.ask("stopped-trials"))
    trial, number = grid.columns.index("trial"), grid.columns.index("NCT number")
    assert ("PIVOT IO 001", "NCT03635983") in {(row[trial].text, row[number].text) for row in grid.rows}
    assert not grid.more[number]
