"""The SPARQL 1.1 Protocol and its neighbours, each test named by the clause that it holds.

Clauses of the protocol: 2.1 query operation (2.1.1 GET, 2.1.2 POST form, 2.1.3 POST direct, 2.1.4 dataset,
2.1.5 accepted formats, 2.1.6 success, 2.1.7 failure), 2.2 update operation. The names after the clause are
those of the W3C's protocol test cases where there is one.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from tests.web.serving import BASE, Reply, Server

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
THINGS = f"SELECT ?n WHERE {{ ?thing a <{BASE}Thing> ; <{BASE}number> ?n }} ORDER BY ?n"
IN_GRAPHS = (
    f"SELECT DISTINCT ?n WHERE {{ GRAPH ?g {{ ?thing a <{BASE}Thing> ; <{BASE}number> ?n }} }} ORDER BY ?n"
)
BOTH = f"ASK {{ ?thing <{BASE}number> 0 . GRAPH ?g {{ ?other <{BASE}number> 1 }} }}"
JSON = "application/sparql-results+json"


def part(number: int) -> str:
    return f"{BASE}data/part{number}.ttl"


def numbers(reply: Reply) -> list[int]:
    assert reply.status == 200, reply.text
    return [int(row["n"]["value"]) for row in json.loads(reply.body)["results"]["bindings"]]


# 2.1.1 to 2.1.3: the three ways to send a query


def test_2_1_1_query_get(server: Server) -> None:
    assert numbers(server.get(THINGS)) == [0, 1, 2, 3]


def test_2_1_2_query_post_form(server: Server) -> None:
    reply = server.request("POST", "/sparql", urlencode({"query": THINGS}), FORM)
    assert numbers(reply) == [0, 1, 2, 3]


def test_2_1_2_query_post_form_with_charset(server: Server) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert numbers(server.request("POST", "/sparql", urlencode({"query": THINGS}), headers)) == [0, 1, 2, 3]


def test_2_1_3_query_post_direct(server: Server) -> None:
    assert numbers(server.request("POST", "/sparql", THINGS, DIRECT)) == [0, 1, 2, 3]


def test_2_1_3_query_post_direct_with_letters_outside_ascii(server: Server) -> None:
    reply = server.request("POST", "/sparql", 'SELECT ("γ → β" AS ?n) {}', DIRECT)
    assert json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] == "γ → β"


def test_2_1_1_plus_and_percent_are_decoded(server: Server) -> None:
    reply = server.request("GET", "/sparql?query=SELECT+(1%2B1+AS+%3Fn)%7B%7D")
    assert numbers(reply) == [2]


# 2.1.4: the dataset


def test_2_1_4_default_is_the_union_of_all_graphs(server: Server) -> None:
    assert numbers(server.get(THINGS)) == numbers(server.get(IN_GRAPHS))


def test_2_1_4_query_dataset_default_graph(server: Server) -> None:
    assert numbers(server.get(THINGS, default_graph_uri=part(1))) == [1]


def test_2_1_4_query_dataset_default_graphs_get(server: Server) -> None:
    assert numbers(server.get(THINGS, default_graph_uri=[part(1), part(2)])) == [1, 2]


def test_2_1_4_query_dataset_default_graphs_post(server: Server) -> None:
    fields = [("query", THINGS), ("default-graph-uri", part(1)), ("default-graph-uri", part(3))]
    assert numbers(server.request("POST", "/sparql", urlencode(fields), FORM)) == [1, 3]


def test_2_1_4_query_dataset_default_graphs_post_direct(server: Server) -> None:
    path = "/sparql?" + urlencode({"default-graph-uri": part(2)})
    assert numbers(server.request("POST", path, THINGS, DIRECT)) == [2]


def test_2_1_4_query_dataset_named_graphs_get(server: Server) -> None:
    assert numbers(server.get(IN_GRAPHS, named_graph_uri=[part(1), part(2)])) == [1, 2]


def test_2_1_4_query_dataset_named_graphs_post(server: Server) -> None:
    fields = [("query", IN_GRAPHS), ("named-graph-uri", part(0)), ("named-graph-uri", part(3))]
    assert numbers(server.request("POST", "/sparql", urlencode(fields), FORM)) == [0, 3]


def test_2_1_4_named_graphs_alone_leave_the_default_graph_empty(server: Server) -> None:
    assert numbers(server.get(THINGS, named_graph_uri=part(1))) == []


def test_2_1_4_query_dataset_full(server: Server) -> None:
    def found(default: int, named: int) -> bool:
        reply = server.get(BOTH, default_graph_uri=part(default), named_graph_uri=part(named))
        return bool(json.loads(reply.body)["boolean"])

    assert found(0, 1)
    assert not found(0, 2)
    assert not found(1, 1)


def test_2_1_4_query_multiple_dataset_the_protocol_wins_over_from(server: Server) -> None:
    query = THINGS.replace("WHERE", f"FROM <{part(0)}> WHERE")
    assert numbers(server.get(query)) == [0]
    assert numbers(server.get(query, default_graph_uri=part(2))) == [2]


def test_2_1_4_from_named(server: Server) -> None:
    query = IN_GRAPHS.replace("WHERE", f"FROM NAMED <{part(3)}> WHERE")
    assert numbers(server.get(query)) == [3]


def test_2_1_4_an_unknown_graph_is_empty(server: Server) -> None:
    assert numbers(server.get(THINGS, default_graph_uri="https://example.org/nowhere")) == []


def test_2_1_4_a_graph_name_that_is_no_iri_is_refused(server: Server) -> None:
    assert server.get(THINGS, default_graph_uri="not an iri").status == 400


# 2.1.5 and 2.1.6: formats


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.4", "application/sparql-results+xml"),
        ("text/csv, */*;q=0.1", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("image/png, text/csv;q=0.001", "text/csv"),
    ],
)
def test_2_1_5_query_content_type_select(server: Server, accept: str | None, kind: str) -> None:
    reply = server.get(THINGS, accept=accept)
    assert (reply.status, reply.kind) == (200, kind)


@pytest.mark.parametrize(
    "kind", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
)
def test_2_1_5_query_content_type_ask(server: Server, kind: str) -> None:
    reply = server.get("ASK {}", accept=kind)
    assert (reply.status, reply.kind) == (200, kind)
    assert b"true" in reply.body


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
@pytest.mark.parametrize("query", [f"DESCRIBE <{BASE}thing1>", f"CONSTRUCT WHERE {{ <{BASE}thing1> ?p ?o }}"])
def test_2_1_5_query_content_type_describe_and_construct(
    server: Server, kind: str, form: ox.RdfFormat, query: str
) -> None:
    reply = server.get(query, accept=kind)
    assert (reply.status, reply.kind) == (200, kind)
    assert len(list(ox.parse(reply.body, form))) == 3


def test_2_1_5_nothing_acceptable(server: Server) -> None:
    assert server.get(THINGS, accept="image/png").status == 406
    assert server.get(THINGS, accept="text/turtle").status == 406
    assert server.get("CONSTRUCT WHERE {?s ?p ?o}", accept="text/csv").status == 406


def test_2_1_6_the_four_formats_say_the_same(server: Server) -> None:
    query = f"SELECT ?n ?name WHERE {{ ?t <{BASE}number> ?n ; <{BASE}name> ?name }} ORDER BY ?n"
    expected = [(str(i), f"part {i}") for i in range(4)]
    rows = json.loads(server.get(query).body)["results"]["bindings"]
    assert [(row["n"]["value"], row["name"]["value"]) for row in rows] == expected
    text = server.get(query, accept="text/csv").text
    assert [tuple(row) for row in csv.reader(io.StringIO(text))][1:] == expected
    text = server.get(query, accept="text/tab-separated-values").text
    assert text.splitlines()[0] == "?n\t?name"
    assert [tuple(line.replace('"', "").split("\t")) for line in text.splitlines()[1:]] == expected
    tree = ElementTree.fromstring(server.get(query, accept="application/sparql-results+xml").body)
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = [tuple(binding[0].text for binding in result) for result in tree.iter(f"{space}result")]
    assert found == expected


# 2.1.7: failure


def test_2_1_7_bad_query_syntax_says_where(server: Server) -> None:
    reply = server.get("SELECT * WHERE { ?s ?p }")
    assert reply.status == 400
    assert reply.kind == "text/plain"
    assert reply.text.startswith("line 1, column 18: ")


def test_2_1_7_bad_query_method(server: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        reply = server.request(method, "/sparql?" + urlencode({"query": THINGS}))
        assert reply.status == 405
        assert "GET" in reply.headers["allow"]


def test_2_1_7_bad_multiple_queries(server: Server) -> None:
    assert (
        server.request("GET", "/sparql?" + urlencode([("query", "ASK {}"), ("query", THINGS)])).status == 400
    )
    body = urlencode([("query", "ASK {}"), ("query", THINGS)])
    assert server.request("POST", "/sparql", body, FORM).status == 400


def test_2_1_7_bad_query_wrong_media_type(server: Server) -> None:
    assert server.request("POST", "/sparql", "ASK {}", {"Content-Type": "text/plain"}).status == 415


def test_2_1_7_bad_query_missing_form_type(server: Server) -> None:
    assert server.request("POST", "/sparql", urlencode({"query": "ASK {}"})).status == 415


def test_2_1_7_bad_query_missing_direct_type(server: Server) -> None:
    assert server.request("POST", "/sparql", "ASK {}").status == 415


def test_2_1_7_bad_query_non_utf8(server: Server) -> None:
    assert server.request("POST", "/sparql", 'SELECT ("é" AS ?n) {}'.encode("latin-1"), DIRECT).status == 400
    assert server.request("GET", "/sparql?query=ASK%7B%7D%E9").status == 400
    headers = {"Content-Type": "application/sparql-query; charset=UTF-16"}
    assert server.request("POST", "/sparql", "ASK {}".encode("utf-16"), headers).status == 415


def test_2_1_7_form_without_query(server: Server) -> None:
    assert server.request("POST", "/sparql", urlencode({"q": "ASK {}"}), FORM).status == 400
    assert server.get("  ").status == 400


# 2.2: no updates


def test_2_2_update_post_form_is_refused(server: Server) -> None:
    reply = server.request("POST", "/sparql", urlencode({"update": "CLEAR ALL"}), FORM)
    assert reply.status == 403
    assert "no updates" in reply.text


def test_2_2_update_post_direct_is_refused(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-update"}
    assert server.request("POST", "/sparql", "CLEAR ALL", headers).status == 403


def test_2_2_bad_update_get(server: Server) -> None:
    assert server.request("GET", "/sparql?" + urlencode({"update": "CLEAR ALL"})).status == 400


@pytest.mark.parametrize(
    "update",
    [
        "CLEAR ALL",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <a:> <b:> <c:> }",
        "DROP ALL",
        "CREATE GRAPH <a:>",
    ],
)
def test_2_2_an_update_as_query_is_no_query(server: Server, update: str) -> None:
    assert server.get(update).status == 400
    assert len(numbers(server.get(THINGS))) == 4


# federation


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9999/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9999/> { ?s ?p ?o } }",
        "PREFIX s: <http://127.0.0.1:9999/> SELECT * { SERVICE s:x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:9999/> SELECT * { ?a ?b 1SERVICE:x { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?x SERVICE ?x { ?s ?p ?o } }",
        'ASK { ?s ?p "\\u0022" . SERVICE <http://127.0.0.1:9999/> { ?s ?p "\\u0022" } }',
    ],
)
def test_service_outside_the_list_is_refused(server: Server, query: str) -> None:
    reply = server.get(query)
    assert reply.status == 403
    assert "SERVICE" in reply.text


def test_the_word_service_elsewhere_is_no_matter(server: Server) -> None:
    query = '# SERVICE <x>\nSELECT ?service { ?service ?p "SERVICE <x>" }'
    assert server.get(query).status == 200


# what HTTP adds


def test_head_is_get_without_a_body(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": THINGS})
    get, head = server.request("GET", path), server.request("HEAD", path)
    assert head.status == 200
    assert head.body == b""
    assert head.headers["content-length"] == str(len(get.body))
    assert head.headers["etag"] == get.headers["etag"]


def test_options_tells_the_methods_and_allows_other_origins(server: Server) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    reply = server.request("OPTIONS", "/sparql", headers=headers)
    assert reply.status == 204
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert "content-type" in reply.headers["access-control-allow-headers"].lower()
    assert server.get(THINGS).headers["access-control-allow-origin"] == "*"
    assert server.get("nonsense").headers["access-control-allow-origin"] == "*"


def test_etag_saves_the_second_answer(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": THINGS})
    etag = server.request("GET", path).headers["etag"]
    again = server.request("GET", path, headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")
    other = server.request("GET", path, headers={"If-None-Match": etag, "Accept": "text/csv"})
    assert other.status == 200
    assert other.headers["etag"] != etag


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_what_changes_by_itself_has_no_etag_and_is_not_kept(server: Server, function: str) -> None:
    first, second = (server.get(f"SELECT ({function} AS ?x) {{}}") for _ in range(2))
    assert "etag" not in first.headers
    assert first.body != second.body


def test_gzip_where_the_client_takes_it(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 100"})
    plain = server.request("GET", path)
    packed = server.request("GET", path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert (
        "content-encoding" not in server.request("GET", path, headers={"Accept-Encoding": "gzip;q=0"}).headers
    )
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("accept", [JSON, "text/csv", "application/sparql-results+xml"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_large_answers_stream_whole(server: Server, accept: str, encoding: str) -> None:
    query = "SELECT ?a ?b { { SELECT ?a { ?a ?p ?o } LIMIT 100 } { SELECT ?b { ?b ?q ?r } LIMIT 100 } }"
    headers = {"Accept": accept, "Accept-Encoding": encoding}
    reply = server.request("GET", "/sparql?" + urlencode({"query": query}), headers=headers)
    body = gzip.decompress(reply.body) if encoding == "gzip" else reply.body
    assert reply.headers.get("transfer-encoding") == "chunked"
    if accept == JSON:
        assert len(json.loads(body)["results"]["bindings"]) == 10_000
    elif accept == "text/csv":
        assert body.count(b"\n") == 10_001
    else:
        assert body.count(b"<result>") == 10_000
        ElementTree.fromstring(body)


@pytest.mark.parametrize(
    "kind", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_service_description(server: Server, kind: str) -> None:
    reply = server.get(accept=kind)
    assert (reply.status, reply.kind) == (200, kind)
    form = ox.RdfFormat.from_media_type(kind)
    assert form is not None
    store = ox.Store()
    store.bulk_load(reply.body, form)
    prefix = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>"
    results = store.query(
        f"{prefix} ASK {{ ?service a sd:Service ; sd:supportedLanguage sd:SPARQL11Query ; "
        f"sd:endpoint <{server.url}/sparql> ; sd:feature sd:UnionDefaultGraph ; "
        f"sd:defaultDataset/sd:namedGraph/sd:name <{part(2)}> }}"
    )
    assert bool(results)


def test_declared_prefixes_need_no_prefix_line(server: Server) -> None:
    assert server.get("SELECT * { ?s a owl:Class ; rdfs:label ?label } LIMIT 1").status == 200
    assert server.get("SELECT * { ?s a nowhere:Class }").status == 400


def test_safe_headers_everywhere(server: Server) -> None:
    for reply in (
        server.get(THINGS),
        server.get("nonsense"),
        server.get(),
        server.request("GET", "/healthz"),
    ):
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_printed_numbers_survive(server: Server) -> None:
    reply = server.get('SELECT ("36.0" AS ?n) {}')
    assert json.loads(reply.body)["results"]["bindings"][0]["n"]["value"] == "36.0"


@pytest.mark.parametrize(
    ("name", "media_type"), [("csv", "text/csv"), ("json", "application/sparql-results+json"), ("ttl", "")]
)
def test_a_format_can_be_asked_for_by_name(server: Server, name: str, media_type: str) -> None:
    reply = server.request("GET", "/sparql?" + urlencode({"query": "SELECT * {} LIMIT 1", "format": name}))
    if media_type:
        assert (reply.status, reply.kind) == (200, media_type)
    else:
        assert reply.status == 406


def test_a_format_that_is_not_served_is_named(server: Server) -> None:
    reply = server.request("GET", "/sparql?" + urlencode({"query": "ASK {}", "format": "xlsx"}))
    assert reply.status == 400
    assert "csv" in reply.text


def test_an_empty_default_graph_is_none(server: Server) -> None:
    reply = server.request("GET", "/sparql?" + urlencode({"query": "ASK {}", "default-graph-uri": ""}))
    assert reply.status == 200


def test_if_none_match_any(server: Server) -> None:
    headers = {"If-None-Match": "*"}
    reply = server.request("GET", "/sparql?" + urlencode({"query": "ASK {}"}), headers=headers)
    assert reply.status == 304


def test_utf8_without_a_hyphen_is_a_charset(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=utf8"}
    assert server.request("POST", "/sparql", b"ASK {}", headers).status == 200


def test_the_well_known_place_leads_to_the_description(server: Server) -> None:
    reply = server.request("GET", "/.well-known/void")
    assert reply.status == 303
    described = server.request("GET", reply.headers["location"])
    assert (described.status, described.kind) == (200, "text/turtle")
    assert b"void#Dataset" in described.body or b"void:Dataset" in described.body
