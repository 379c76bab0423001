"""The query editor: where a mistake is marked and what is said of it, and what is offered for completion."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.sparql.mistakes import LONGEST, find_mistake
from bempeg_kg.rdf.sparql.problems import query_problem
from bempeg_kg.web.endpoint.mistakes import error_text
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.pages.completion import completion_terms
from tests.web import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = "¤"
#: (query with HERE before the place that is to be marked, a part of what is said, a part of the cure)
MISTAKES: list[tuple[str, str, str]] = [
    ("SELECT ?x { ?x a kg:Trial FILTER(?x ¤> ) }", "expected a value after >", "leave it out"),
    ("SELECT ?x { ?x a kg:Trial FILTER(¤> ?x) }", "expected a value before >", "leave it out"),
    ("SELECT ?x { ?x a kg:Trial FILTER(?x ¤&& ) ?x ?p ?o }", "expected a value after &&", "combine"),
    ("SELECT ?x { ?x kg:value ?n FILTER(?n ¤+ ) }", "expected a value after +", "compute"),
    ("SELECT ?x { ?x a kg:Trial ¤FILTER() }", "has no condition", "FILTER(?n > 1)"),
    ('SELECT ?x {\n  ?x rdfs:label ¤"abc }', "this string is never closed", "same line"),
    ("SELECT ?x { ?x rdfs:label ¤'abc }", "this string is never closed", "same line"),
    ("SELECT ?x { ?x rdfs:label 'it's¤' }", "this string is never closed", "\\'"),
    ("SELECT ?x { ?x a ¤<https://example.org/a }", "this IRI is never closed", "Close it with >"),
    ("SELECT ?x { ?x a ¤https://example.org/a }", "stands in angle brackets", "<https://"),
    ("SELECT ?x { ?x rdfs:label ¤“abc” }", "no quotation mark of SPARQL", "straight quotes"),
    ("SELECT ?x { ?x rdfs:label ¤‘abc’ }", "no quotation mark of SPARQL", "straight quotes"),
    ("SELECT ?x {¤\u00a0?x a kg:Trial }", "looks like a blank", "plain blank"),
    ("SELECT (COUNT(?x) ¤?n) { ?x a kg:Trial }", "AS is missing", "AS ?n)"),
    ("SELECT ?x { ?x a kg:Trial BIND(STR(?x) ¤?n) }", "AS is missing", "BIND(... AS ?n)"),
    ("SELECT (COUNT(?x) AS ¤n) { ?x a kg:Trial }", "a new name is a variable", "AS ?n"),
    ("SELECT ¤COUNT(?x) { ?x a kg:Trial }", "stands in parentheses", "(COUNT(...) AS ?name)"),
    ("SELECT ?x¤, ?y { ?x a ?y }", "without commas", "Leave the comma out"),
    ("SELECT ¤{ ?x a ?y }", "what to show", "*"),
    ("SELECT ?x { ?x a kg:Trial ¤?x rdfs:label ?l }", "a dot is missing", "with ;"),
    ("SELECT ?x {\n  ?x a kg:Trial\n  ¤?x rdfs:label ?l\n}", "a dot is missing", "with ;"),
    ("SELECT ?x { ?x a kg:Trial ; rdfs:label ?l ¤?x kg:phase ?p }", "a dot is missing", "with ;"),
    ("SELECT ?x { ?x a kg:Trial ¤rdfs:label ?l }", "a dot is missing", "with ;"),
    ("SELECT ?x { ¤?x a }", "has three parts", "?s ?p ?o"),
    ("SELECT ?x { ?x a kg:Trial ; ¤rdfs:label }", "expected a value after this property", "variable"),
    ("SELECT ?x { ?x a kg:Trial ¤, }", "expected a value after this comma", "Leave it out"),
    ("SELECT ?x ¤{ ?x a kg:Trial", "this brace is never closed", "Write its }"),
    ("SELECT ?x { ?x a kg:Trial } ¤}", "this brace closes nothing", "Leave it out"),
    ("SELECT ?x { ?x a kg:Trial FILTER¤(?x = trial:x }", "this parenthesis is never closed", "Write its )"),
    ("SELECT ?x { ?x a kg:Trial FILTER(BOUND(?x))¤) }", "this parenthesis closes nothing", "Leave it out"),
    ("SELECT ?x { ?x kg:trial ¤[ rdfs:label ?l }", "this bracket is never closed", "Write its ]"),
    ("SELECT ?x { ?x a ¤trail:x }", "the prefix trail: is not declared", "Did you mean trial:?"),
    ("SELECT ?x { ?x a ¤qqqq:x }", "the prefix qqqq: is not declared", "PREFIX qqqq: <...>"),
    ("PREFIX ¤ex <https://example.org/> SELECT * { ?s ?p ?o }", "ends with a colon", "PREFIX ex: <...>"),
    ("PREFIX ex: ¤https://example.org/ SELECT * { ?s ?p ?o }", "angle brackets", "PREFIX name: <"),
    (
        "SELECT ?x ¤?l (COUNT(*) AS ?n) { ?x a kg:Trial ; rdfs:label ?l } GROUP BY ?x",
        "?l is neither grouped nor aggregated",
        "Add ?l to GROUP BY",
    ),
    ("SELECT (COUNT(*) AS ?n) ¤?c { ?x a ?c }", "?c is neither grouped", "SAMPLE(?c)"),
    ("SELECT ¤* { ?x a ?c } GROUP BY ?c", "does not go with GROUP BY", "Name the grouped"),
    ("SELECT ?x ¤WHERE ?x a kg:Trial", "stands in braces", "WHERE { ... }"),
    ("¤SELECT ?x", "the pattern of this SELECT is missing", "{ ?s ?p ?o }"),
    ("SELECT ?x { ?x a ?c ¤OPTIONAL ?x rdfs:label ?l }", "stands in braces", "OPTIONAL { ... }"),
    ("¤SELCT ?x { ?x a kg:Trial }", "begins with SELECT", "Did you mean SELECT?"),
    ("SELECT ?x { ?x a kg:Trial ¤FILTR(?x > 1) }", "FILTR is not a SPARQL keyword", "Did you mean FILTER?"),
    (
        "SELECT ?x { ?x a ?c ¤OPTONAL { ?x rdfs:label ?l } }",
        "OPTONAL is not a SPARQL",
        "Did you mean OPTIONAL?",
    ),
    ("SELECT ?x { ?x a kg:Trial } ¤ODER BY ?x", "ODER is not a SPARQL keyword", "Did you mean ORDER?"),
    ("SELECT ?x { ?x a kg:Trial } ¤LIMT 3", "LIMT is not a SPARQL keyword", "Did you mean LIMIT?"),
    ("SELECT ?x { ?x a ¤Trial }", "Trial is not a SPARQL keyword", "A name has a prefix"),
    ("SELECT ?x { ?x a ?c FILTER(?x = ?c ¤AND ?c = ?x) }", "AND is not a SPARQL keyword", "Write &&"),
    ("SELECT ?x { ?x a ?c FILTER(?x ¤== ?c) }", "equality", "Write ="),
    ("SELECT ?x { ?x a ?c FILTER ¤?x = ?c }", "FILTER stands in parentheses", "FILTER(?x"),
    ('SELECT ?x { ?x a ?c FILTER(CONTAINS(?c ¤"x")) }', "a comma is missing", "in front of this"),
    ("SELECT ?x { VALUES ?x { trial:a¤, trial:b } ?x a ?c }", "without commas", "Leave the comma out"),
    ("SELECT ?x { ?x a ?c } ¤ORDER ?x", "BY is missing", "ORDER BY"),
    ("SELECT ?x { ?x a ?c } ORDER BY ¤DESC ?x", "DESC takes parentheses", "DESC(?x)"),
    ("SELECT ?x { ?x a ?c } ¤LIMIT", "LIMIT takes a number", "LIMIT 10"),
    (
        "SELECT ?x { ?x a ¤constructor:x }",
        "the prefix constructor: is not declared",
        "PREFIX constructor: <...>",
    ),
]
#: mistakes that no list holds
UNLISTED = [
    "SELECT ?x { ?x rdfs:label ?l FILTER(CONTAINS(?l)) }",
    "SELECT ?x { ?x a ?c BIND(1 AS ?c) }",
    "SELECT ?x { ?x a kg:Trial ] }",
    "SELECT ?x { ?x a (kg:a }\n",
    "SELECT ?x { ?x a ?c } HAVING\n\n",
]
#: valid queries, which no search may find fault with once a parser has refused something else
RIGHT = [
    "SELECT DISTINCT (COUNT(*) AS ?n) ?c { ?x a ?c . FILTER(?x != ?c) ?x ?p ?o } GROUP BY ?c HAVING(?n > 1)",
    "SELECT ?a { VALUES (?a ?b) { (UNDEF 1) (kg:x \"it's, a 'b' .\"@en) } ?a (kg:p|^kg:q)*/kg:r ?b , ?c }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . [] a kg:Trial ; rdfs:label [ kg:x 1.5 ] . } LIMIT 3",
    "ASK { ?s a ?c FILTER NOT EXISTS { ?s rdfs:label ?l } MINUS { ?s kg:a+ 1e6 } BIND(IF(?c, 1, 2) AS ?z) }",
    "SELECT * { { SELECT ?x ?y ?z ?w { ?x ?y ?z ; ?w 3 } } UNION { ?x a kg:T } OPTIONAL { ?x ?y -2 } }",
    "# it's a \"note\nPREFIX : <urn:a> DESCRIBE ?x :y { ?x :q '''a \" b''' } ORDER BY ASC(?x)",
    "SELECT ?group ?limit { ?where kg:group ?group ; kg:filter ?values . ?order kg:where kg:limit }",
]


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.mark.parametrize(("marked", "said", "cure"), MISTAKES)
def test_a_mistake_is_marked_where_it_is_with_its_cure(
    kg: KnowledgeGraph, marked: str, said: str, cure: str
) -> None:
    query = marked.replace(HERE, "")
    before = marked[: marked.index(HERE)]
    with pytest.raises(QueryError) as caught:
        kg.query(query)
    problem = caught.value
    assert said in problem.message
    assert (problem.line, problem.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert cure in problem.hint
    assert str(problem).endswith(problem.hint)


@pytest.mark.parametrize("query", RIGHT)
def test_what_is_right_is_not_found_fault_with(kg: KnowledgeGraph, query: str) -> None:
    kg.query(query)
    assert find_mistake(query, kg.names.prefixes, "unbound") is None


def test_the_shipped_questions_have_none_of_the_mistakes(kg: KnowledgeGraph) -> None:
    found = {one.name: find_mistake(one.sparql, kg.names.prefixes, "unbound") for one in kg.questions.all()}
    assert {name: mistake for name, mistake in found.items() if mistake} == {}


def test_the_server_tells_the_cure_in_a_line_of_its_own(kg: KnowledgeGraph) -> None:
    error = PoolError("syntax", "error at 1:10: expected CONSTRUCT")
    text = error_text(error, "SELCT ?x { ?x a kg:Trial }", kg.names.prefixes)
    assert text.startswith("line 1, column 1: a query begins with SELECT")
    assert text.endswith("\nDid you mean SELECT?")


def test_an_unknown_mistake_is_marked_at_the_word_where_the_parser_stopped() -> None:
    problem = query_problem("error at 1:18: expected OPTIONAL", "SELECT * { ?s ?predicate ?o }", {})
    assert (problem.line, problem.column) == (1, 15)
    assert "OPTIONAL" not in problem.message


def test_a_very_long_query_is_left_to_the_parser() -> None:
    query = f"SELECT ?x {{ {'?x a ?y . ' * LONGEST} FILTR(?x) }}"
    assert find_mistake(query, {}) is None


def test_the_offline_explorer_tells_the_same(kg: KnowledgeGraph) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    import pyoxigraph

    cases = []
    for query in [*(marked.replace(HERE, "") for marked, _, _ in MISTAKES), *UNLISTED]:
        with pytest.raises(SyntaxError) as caught:
            pyoxigraph.Store().query(query, prefixes=kg.names.prefixes)
        message = str(caught.value.args[0])
        cases.append((message, query, error_text(PoolError("syntax", message), query, kg.names.prefixes)))
    module = (Path(__file__).parents[2] / "bempeg_kg/web/src/mistakes.js").as_uri()
    script = f"""import {{ readable }} from {json.dumps(module)};
        import {{ readFileSync }} from "node:fs";
        const {{ cases, prefixes }} = JSON.parse(readFileSync(0));
        console.log(JSON.stringify(cases.map(([message, query]) => readable(message, query, prefixes))));"""
    done = subprocess.run(
        [node, "--input-type=module", "-e", script],
        input=json.dumps({"cases": cases, "prefixes": dict(kg.names.prefixes)}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if "ERR_IMPORT_A" in done.stderr or "Unexpected token 'with'" in done.stderr:
        pytest.skip("this Node reads no JSON modules")
    assert json.loads(done.stdout) == [expected for _, _, expected in cases]


def test_terms_have_their_other_names_and_come_once(kg: KnowledgeGraph) -> None:
    terms = json.loads(completion_terms(kg))
    lists = [terms[name] for name in ("classes", "properties", "entities", "values")]
    curies = [entry[0] for entries in lists for entry in entries]
    assert len(curies) == len(set(curies))
    assert not [entry[0] for entry in terms["entities"] if entry[0].startswith("kg:")]
    names = {entry[0]: entry[2] for entry in terms["entities"] if len(entry) > 2}
    assert {"CD25", "uniprot:P01589"} <= set(names["protein:il2ra"])
    assert "Opdivo" in names["drug:nivolumab"]
    assert "NCT02983045" in names["trial:pivot-02"]
    assert len(gzip.compress(json.dumps(terms).encode())) < 48_000


@pytest.fixture(scope="module")
def page(browser: Browser, site: serving.Server) -> Page:
    """The query page of a running server in Chromium."""
    made = browser.new_page()
    made.goto(f"{site.url}/sparql")
    return made


def put(page: Page, query: str, typed: str = "") -> None:
    page.get_by_role("textbox", name="SPARQL query").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.keyboard.type(typed)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("CD25", "protein:il2ra"),
        ("opdivo", "drug:nivolumab"),
        ("P14784", "protein:il2rb"),
        ("NCT02983045", "trial:pivot-02"),
        ("melanoma", "disease:melanoma"),
        ("cd8", "cell:cd8-t-cell"),
        ("kg:endp", "kg:endpoint"),
    ],
)
def test_an_entity_is_offered_first_by_any_of_its_names(page: Page, typed: str, first: str) -> None:
    put(page, "SELECT * { ?s ?p ", typed)
    offered = page.locator(".cm-tooltip-autocomplete li .cm-completionLabel")
    page.wait_for_function(
        """first => document.querySelector("form div").shadowRoot
            .querySelector(".cm-tooltip-autocomplete li .cm-completionLabel")?.textContent === first""",
        arg=first,
    )
    assert len(set(offered.all_inner_texts())) == offered.count()


@pytest.mark.browser
@pytest.mark.parametrize(("marked", "said", "cure"), MISTAKES[::6])
def test_the_page_underlines_what_is_wrong(page: Page, marked: str, said: str, cure: str) -> None:
    put(page, marked.replace(HERE, ""))
    page.keyboard.press("Control+Enter")
    page.locator("#problem", has_text=said).wait_for()
    assert cure in page.locator("#problem").inner_text()
    begins = marked.partition(HERE)[2].partition(" ")[0].partition("\n")[0]
    underlined = page.locator(".cm-lintRange-error").all_inner_texts()
    assert "".join(underlined).startswith(begins)


@pytest.mark.browser
def test_a_name_that_the_graph_has_not_is_a_warning(page: Page) -> None:
    put(page, "PREFIX design: <urn:d:> SELECT * { ?x a kg:Trial ; kg:phse ?p ; design:any ?q }")
    page.locator(".cm-lintRange-warning", has_text="kg:phse").wait_for()
    assert page.locator(".cm-lintRange-warning").count() == 1
    page.keyboard.press("Control+Enter")
    page.locator("#answer .caveat", has_text="nothing in the graph is called kg:phse").wait_for()
    assert "did you mean kg:phase?" in page.locator("#answer .caveat").inner_text()
    put(page, "SELECT * { ?x a kg:Trial ; kg:phase ?p ; kg:status kg:completed }")
    page.locator(".cm-lintRange-warning").first.wait_for(state="detached")
