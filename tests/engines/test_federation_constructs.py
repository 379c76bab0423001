"""A query with SERVICE gives what the same query gives when the service's data are a graph of the store.

`GRAPH <urn:remote>` in place of `SERVICE <address>` has the same meaning, so the engine itself says what is
right. Every construct in which a block can stand is asked both ways.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.federation import Federated
from bempeg_kg.engines.outside import Limits
from bempeg_kg.errors import EngineError, QueryError
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table

SERVICE = "SERVICE <https://service.example/>"
REST = b"""<urn:b> <urn:p> <urn:y> . <urn:c> <urn:p> <urn:z> .
    <urn:a> <urn:name> "one" . <urn:b> <urn:name> "two" . <urn:d> <urn:name> "four" . <urn:e> <urn:p> _:n ."""
REMOTE = b"""<urn:x> <urn:q> 1 , 2 . <urn:y> <urn:q> 3 . <urn:w> <urn:q> 4 . <urn:a> <urn:q> 5 .
    <urn:x> <urn:r> <urn:y> . <urn:y> <urn:r> <urn:w> . <urn:q1> <urn:name> "one" . _:m <urn:q> 9 ."""
OTHER = b"<urn:a> <urn:p> <urn:x> , <urn:y> ."
LOCAL = REST + OTHER
CONSTRUCTS = {
    "joined": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } }",
    "service first": "SELECT * { $ { ?o <urn:q> ?n } ?s <urn:p> ?o }",
    "nothing shared": "SELECT * { ?s <urn:name> ?l $ { ?o <urn:q> ?n } }",
    "alone": "SELECT * { $ { ?o <urn:q> ?n } }",
    "then OPTIONAL": "SELECT * { $ { ?o <urn:q> ?n } OPTIONAL { ?s <urn:p> ?o } }",
    "then OPTIONAL on another variable": (
        "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } OPTIONAL { ?s <urn:name> ?l } }"
    ),
    "after OPTIONAL": "SELECT * { ?s <urn:p> ?o OPTIONAL { ?s <urn:name> ?l } $ { ?o <urn:q> ?n } }",
    "after OPTIONAL that binds its variable": (
        "SELECT * { ?s <urn:name> ?l OPTIONAL { ?s <urn:p> ?o } $ { ?o <urn:q> ?n } }"
    ),
    "in OPTIONAL": "SELECT * { ?s <urn:p> ?o OPTIONAL { $ { ?o <urn:q> ?n } } }",
    "in OPTIONAL with its own pattern": (
        "SELECT * { ?s <urn:name> ?l OPTIONAL { ?s <urn:p> ?o $ { ?o <urn:q> ?n } } }"
    ),
    "in OPTIONAL, pattern after it": (
        "SELECT * { ?s <urn:p> ?o OPTIONAL { $ { ?o <urn:q> ?n } } ?t <urn:p> ?o . ?t <urn:name> ?l }"
    ),
    "in OPTIONAL, its variable bound after it": (
        "SELECT * { ?s <urn:name> ?l OPTIONAL { $ { ?o <urn:q> ?n } } ?s <urn:p> ?o }"
    ),
    "in OPTIONAL with FILTER": (
        "SELECT * { ?s <urn:p> ?o OPTIONAL { $ { ?o <urn:q> ?n } FILTER(?n > 1 && ?s != <urn:b>) } }"
    ),
    "in UNION": "SELECT * { ?s <urn:p> ?o { ?s <urn:name> ?n } UNION { $ { ?o <urn:q> ?n } } }",
    "in both branches of UNION": "SELECT * { { $ { ?o <urn:q> ?n } } UNION { $ { ?o <urn:r> ?n } } }",
    "in a branch with a pattern": (
        "SELECT * { { ?s <urn:p> ?o $ { ?o <urn:q> ?n } } UNION { ?s <urn:name> ?n } }"
    ),
    "beside UNION": "SELECT * { { ?s <urn:p> ?o } UNION { ?o <urn:name> ?l } $ { ?o <urn:q> ?n } }",
    "in FILTER EXISTS": "SELECT * { ?s <urn:p> ?o FILTER EXISTS { $ { ?o <urn:q> ?n } } }",
    "in FILTER NOT EXISTS": "SELECT * { ?s <urn:p> ?o FILTER NOT EXISTS { $ { ?o <urn:q> ?n } } }",
    "in EXISTS within an expression": (
        "SELECT * { ?s <urn:p> ?o FILTER(?o = <urn:z> || EXISTS { $ { ?o <urn:q> 3 } }) }"
    ),
    "in MINUS": "SELECT * { ?s <urn:p> ?o MINUS { $ { ?o <urn:q> ?n } } }",
    "in MINUS with a pattern": "SELECT * { ?s <urn:p> ?o MINUS { ?s <urn:name> ?l $ { ?o <urn:q> ?n } } }",
    "beside MINUS": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } MINUS { ?s <urn:name> 'two' } }",
    "in a group": "SELECT * { ?s <urn:p> ?o { $ { ?o <urn:q> ?n } } }",
    "COUNT in a subselect": (
        "SELECT * { ?s <urn:p> ?o { SELECT (COUNT(*) AS ?k) { $ { ?o <urn:q> ?n } } } }"
    ),
    "in a subselect that projects": (
        "SELECT * { ?s <urn:p> ?o { SELECT ?o (MAX(?n) AS ?k) { $ { ?o <urn:q> ?n } } GROUP BY ?o } }"
    ),
    "equal names in a subselect": (
        "SELECT * { ?s <urn:name> ?l { SELECT ?n { ?t <urn:p> ?s $ { ?s <urn:q> ?n } } } }"
    ),
    "subselect with LIMIT": (
        "SELECT * { ?s <urn:p> ?o { SELECT ?o { $ { ?o <urn:q> ?n } } ORDER BY ?n LIMIT 2 } }"
    ),
    "beside a subselect": (
        "SELECT * { { SELECT ?o (COUNT(*) AS ?k) { ?s <urn:p> ?o } GROUP BY ?o } $ { ?o <urn:q> ?n } }"
    ),
    "BIND before": "SELECT * { ?s <urn:name> ?l BIND(STR(?l) AS ?m) $ { ?t <urn:name> ?m } }",
    "BIND after": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } BIND(?n + 1 AS ?k) }",
    "BIND that fails for some": (
        "SELECT * { ?s <urn:p> ?o BIND(IF(?o = <urn:x>, ?o, 1/0) AS ?u) $ { ?u <urn:q> ?n } }"
    ),
    "BIND on what is optional": (
        "SELECT * { ?s <urn:p> ?o OPTIONAL { ?s <urn:name> ?l } BIND(COALESCE(?l, 'one') AS ?m) $ { ?t "
        "<urn:name> ?m } }"
    ),
    "VALUES": "SELECT * { VALUES ?o { <urn:x> <urn:w> } $ { ?o <urn:q> ?n } }",
    "VALUES with UNDEF": "SELECT * { VALUES (?o ?z) { (<urn:x> 1) (UNDEF 2) } $ { ?o <urn:q> ?n } }",
    "FILTER on the service's value": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } FILTER(?n > 1) }",
    "FILTER on both": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n } FILTER(?n > 1 || ?s = <urn:b>) }",
    "FILTER within the service": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n FILTER(?n > 1) } }",
    "OPTIONAL within the service": (
        "SELECT * { ?s <urn:p> ?o $ { ?o <urn:q> ?n OPTIONAL { ?o <urn:r> ?t } } }"
    ),
    "UNION within the service": (
        "SELECT * { ?s <urn:p> ?o $ { { ?o <urn:q> ?n } UNION { ?t <urn:r> ?u } } }"
    ),
    "subselect within the service": (
        "SELECT * { ?s <urn:p> ?o $ { { SELECT (MAX(?n) AS ?k) { ?o <urn:q> ?n } } } }"
    ),
    "property path within the service": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:r>* ?t } }",
    "two, chained": "SELECT * { ?s <urn:p> ?o $ { ?o <urn:r> ?t } $ { ?t <urn:q> ?n } }",
    "two, the second first in the text": (
        "SELECT * { $ { ?t <urn:q> ?n } $ { ?o <urn:r> ?t } ?s <urn:p> ?o }"
    ),
    "in GRAPH": "SELECT * { GRAPH <urn:other> { ?s <urn:p> ?o $ { ?o <urn:q> ?n } } }",
    "duplicates": "SELECT ?n { ?s <urn:p> ?o $ { ?o <urn:q> ?n } }",
    "DISTINCT, ORDER and LIMIT": (
        "SELECT DISTINCT ?o { ?s <urn:p> ?o $ { ?o <urn:q> ?n } } ORDER BY ?o LIMIT 3"
    ),
    "GROUP BY": "SELECT ?s (SUM(?n) AS ?k) { ?s <urn:p> ?o $ { ?o <urn:q> ?n } } GROUP BY ?s",
    "literal with braces and SERVICE": (
        """SELECT * { ?s <urn:p> ?o FILTER(?o != "} SERVICE <urn:x> {") $ { ?o <urn:q> ?n } """
        """}"""
    ),
    "comment with braces": "SELECT * { ?s <urn:p> ?o # } OPTIONAL {\n $ { ?o <urn:q> ?n } }",
}


#: refused, each with the words that say why
REFUSED = {
    "a variable for the service": (
        "SELECT * { ?s <urn:p> ?o SERVICE ?s { ?o <urn:q> ?n } }",
        "a fixed address",
    ),
    "a service in a service": (
        "SELECT * { $ { ?o <urn:q> ?n $ { ?n <urn:q> ?k } } }",
        "SERVICE inside a SERVICE",
    ),
    "more rows than the limit": (
        "SELECT * { ?s <urn:name> ?l $ { ?a ?b ?c . ?d ?e ?f } }",
        "more than 50 rows",
    ),
}


def filled(graphs: dict[str | None, bytes]) -> Store:
    store = Store()
    for name, body in graphs.items():
        graph = NamedNode(name) if name else DefaultGraph()
        for quad in parse(body, RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    return store


class Service(BaseHTTPRequestHandler):
    """A SPARQL service over the remote data."""

    store = filled({None: REMOTE})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        rows = self.store.query(parse_qs(body)["query"][0])
        assert isinstance(rows, QuerySolutions)
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(rows.serialize(format=QueryResultsFormat.JSON) or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def federated() -> Iterator[Federated]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    local = Embedded(filled({"urn:local": REST, "urn:other": OTHER}))
    yield Federated(
        local,
        Names(),
        allow=[host],
        at={"https://service.example/": f"http://{host}/"},
        limits=Limits(rows=50),
    )
    server.shutdown()


def rows_of(columns: list[str], rows: list[list[object]]) -> Counter[tuple[tuple[str, str], ...]]:
    """Rows as a bag of named cells; blank nodes are all alike."""
    return Counter(
        tuple(
            sorted((name, label(cell)) for name, cell in zip(columns, row, strict=True) if cell is not None)
        )
        for row in rows
    )


def label(cell: object) -> str:
    return "blank" if isinstance(cell, BlankNode) or "urn:bempeg-kg:blank:" in str(cell) else str(cell)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_service_means_what_a_graph_of_the_same_data_means(federated: Federated, name: str) -> None:
    query = CONSTRUCTS[name]
    right = filled({None: LOCAL, "urn:other": OTHER, "urn:remote": REMOTE}).query(
        query.replace("$ {", "GRAPH <urn:remote> {")
    )
    assert isinstance(right, QuerySolutions)
    columns = [variable.value for variable in right.variables]
    answer = federated.query(query.replace("$ {", f"{SERVICE} {{"))
    assert isinstance(answer, Table)
    expected = rows_of(columns, [list(solution) for solution in right])
    assert rows_of(answer.columns, [list(row) for row in answer.rows]) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_answered_rightly_is_refused(federated: Federated, name: str) -> None:
    query, words = REFUSED[name]
    with pytest.raises((QueryError, EngineError), match=words):
        federated.query(query.replace("$ {", f"{SERVICE} {{"))
