"""HTTP as clients and proxies send it: framing, methods, negotiation, caching; byte for byte where it counts.

The rules are those of RFC 9110 (semantics) and RFC 9112 (HTTP/1.1).
"""

from __future__ import annotations

import contextlib
import gzip
from urllib.parse import quote, urlencode

import pytest

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.rdf.canonical import dataset_hash
from tests.web.serving import BASE, SMALL, Reply, Server

GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BODY = b"6\r\nASK {}\r\n0\r\n\r\n"
LENGTH = b"Content-Length: 6\r\n"
#: a request that asks for the connection to be closed, so that the answers before it end
LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#: more than one chunk of an answer, so that it is streamed
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1000"


def exchange(server: Server, data: bytes, seconds: float = 5) -> bytes:
    """All that a server sends for some bytes, until it closes the connection."""
    parts = []
    with server.connect() as link, contextlib.suppress(OSError):
        link.settimeout(seconds)
        link.sendall(data)
        while part := link.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def statuses(answer: bytes) -> list[int]:
    """The status of each answer in a row of short ones."""
    return [int(piece[2:5]) for piece in answer.split(b"HTTP/1.")[1:]]


SOUND = {
    "equal lengths": POST + LENGTH * 2 + b"\r\nASK {}",
    "a length with leading zeros": POST + b"Content-Length: 006\r\n\r\nASK {}",
    "chunked": POST + CHUNKED + b"\r\n3\r\nASK\r\n3;name=value\r\n {}\r\n0\r\nX-Trailer: 1\r\n\r\n",
    "HTTP/1.0 without a host": b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n",
    "HTTP/1.0 that keeps the connection": b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n"
    b"Connection: keep-alive\r\n\r\n",
    "the whole address": b"GET http://x/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n",
    "lines that end in a line feed": b"GET /sparql?query=ASK%7B%7D HTTP/1.1\nHost: x\n\n",
    "an empty line before": b"\r\n" + GET + b"\r\n",
    "an upgrade that is not offered": GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "an expectation that is not known": GET + b"Expect: something\r\n\r\n",
}
UNSOUND = {
    "conflicting lengths": POST + LENGTH + b"Content-Length: 7\r\n\r\nASK {}",
    "conflicting lengths the other way": POST + b"Content-Length: 7\r\n" + LENGTH + b"\r\nASK {}",
    "lengths in a list": POST + b"Content-Length: 6, 6\r\n\r\nASK {}",
    "a negative length": POST + b"Content-Length: -6\r\n\r\nASK {}",
    "a signed length": POST + b"Content-Length: +6\r\n\r\nASK {}",
    "a length beyond 64 bits": POST + b"Content-Length: 99999999999999999999999\r\n\r\nASK {}",
    "a coding that is not chunked": POST + b"Transfer-Encoding: identity\r\n\r\nASK {}",
    "a coding like chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
    "chunked before another coding": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n" + BODY,
    "another coding before chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + BODY,
    "chunked twice": POST + CHUNKED * 2 + b"\r\n" + BODY,
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n" + BODY,
    "a chunk size that is no number": POST + CHUNKED + b"\r\nzz\r\nASK {}\r\n0\r\n\r\n",
    "a negative chunk size": POST + CHUNKED + b"\r\n-3\r\nASK\r\n0\r\n\r\n",
    "a chunk size beyond 64 bits": POST + CHUNKED + b"\r\nFFFFFFFFFFFFFFFFFF\r\nASK\r\n0\r\n\r\n",
    "obsolete folding": GET + b"X-Folded: a\r\n b\r\n\r\n",
    "obsolete folding with a tab": GET + b"X-Folded: a\r\n\tb\r\n\r\n",
    "NUL in a value": GET + b"X-Nul: a\0b\r\n\r\n",
    "NUL in a name": GET + b"X\0Nul: a\r\n\r\n",
    "NUL in the target": b"GET /sparql?query=ASK\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the query": b"GET /sparql?query=ASK%00%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n",
    "a lone carriage return": b"GET /sparql HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
    "no host": b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "a target that is no path": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/0.9": b"GET /sparql\r\n",
    "HTTP/2 by name": b"GET /sparql HTTP/2.0\r\nHost: x\r\n\r\n",
    "TLS": bytes.fromhex("1603010200010001fc0303"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_request_is_answered(server: Server, name: str) -> None:
    wanted = [200] if name == "HTTP/1.0 without a host" else [200, 200]
    assert statuses(exchange(server, SOUND[name] + LAST)) == wanted


@pytest.mark.parametrize("name", UNSOUND)
def test_a_malformed_request_is_refused_and_what_follows_is_not_read(server: Server, name: str) -> None:
    answer = exchange(server, UNSOUND[name] + LAST)
    if name == "NUL in the query":  # the request is sound, and so is the next one
        assert statuses(answer) == [400, 200]
    else:
        assert statuses(answer) == [400]
    assert b"Traceback" not in answer


def test_the_start_of_http2_is_not_answered(server: Server) -> None:
    assert statuses(exchange(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) in ([], [400])


@pytest.mark.parametrize("length", [b"4", b"6", b"60"])
def test_a_length_beside_chunked_smuggles_no_request(server: Server, length: bytes) -> None:
    answer = exchange(server, POST + b"Content-Length: " + length + b"\r\n" + CHUNKED + b"\r\n" + BODY + LAST)
    assert statuses(answer) in ([200], [400])


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    asked = [quote(f"SELECT (({number} + 0) AS ?n) {{}}").encode() for number in range(5)]
    lines = [b"GET /sparql?query=%b HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n" % one for one in asked]
    answer = exchange(server, b"".join(lines) + POST + CHUNKED + b"\r\n" + BODY + LAST)
    assert statuses(answer) == [200] * 7
    bodies = [piece.partition(b"\r\n\r\n")[2] for piece in answer.split(b"HTTP/1.")[1:6]]
    assert bodies == [b"n\r\n%d\r\n" % number for number in range(5)]


def test_a_client_that_expects_100_continue_gets_it(server: Server) -> None:
    with server.connect() as link:
        link.settimeout(5)
        link.sendall(POST + LENGTH + b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
        assert link.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        link.sendall(b"ASK {}")
        assert statuses(link.recv(65_536)) == [200]


def test_an_old_client_gets_a_long_answer_without_chunks(server: Server) -> None:
    line = f"GET /sparql?{urlencode({'query': LONG})} HTTP/1.0\r\nAccept: text/csv\r\n\r\n"
    head, _, body = exchange(server, line.encode()).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert body == server.get(LONG, "text/csv").body


def test_an_address_may_be_almost_64_kb_long(server: Server) -> None:
    def asked(size: int) -> list[int]:
        line = b"GET /sparql?query=ASK%7B%7D%23" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        return statuses(exchange(server, line + (LAST if size < 65_000 else b"")))

    assert asked(64_900) == [200, 200]
    assert asked(66_000) in ([414], [431])
    assert asked(500_000) in ([414], [431], [])  # it may close while the client still sends


# Negotiation


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv;q=0.5, application/sparql-results+json;q=0.4", "text/csv"),
        ("text/csv;q=0.4, application/sparql-results+json;q=0.5", "application/sparql-results+json"),
        ("text/csv;charset=utf-8", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv ; q = 0.9 , */* ; q=0.1", "text/csv"),
        ("*/*;q=0, text/csv", "text/csv"),
        ("text/*, application/sparql-results+xml;q=0.9", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ('text/csv;profile="a,b";q=0.3, text/tab-separated-values;q=0.2', "text/csv"),
        (",,, ,text/csv,,", "text/csv"),
        ("text/csv;q=nonsense", "text/csv"),
    ],
)
def test_accept_is_read_with_its_weights(server: Server, accept: str, kind: str) -> None:
    reply = server.get("SELECT * { ?s ?p ?o } LIMIT 1", accept)
    assert (reply.status, reply.kind) == (200, kind)


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "text/html;q=0.1, image/*"])
def test_what_cannot_be_had_is_406(server: Server, accept: str) -> None:
    reply = server.request("POST", "/sparql", "ASK {}", {**DIRECT, "Accept": accept})
    assert reply.status == 406
    assert "text/csv" in reply.text


DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.mark.parametrize("charset", ["", ";charset=utf-8", "; charset=UTF-8", ';charset="utf-8"'])
def test_the_text_of_a_query_comes_as_utf_8(server: Server, charset: str) -> None:
    kind = {"Content-Type": f"application/sparql-query{charset}", "Accept": "text/csv"}
    reply = server.request("POST", "/sparql", "SELECT ('\u00e9' AS ?x) {}", kind)
    assert (reply.status, reply.text) == (200, "x\r\n\u00e9\r\n")
    assert "utf-8" in reply.headers["content-type"]


def test_another_charset_is_refused(server: Server) -> None:
    kind = {"Content-Type": "application/sparql-query;charset=iso-8859-1"}
    assert server.request("POST", "/sparql", "ASK {}", kind).status == 415


# Methods


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/healthz", "/", "/metrics", "/no-such-page"])
def test_head_has_the_head_of_get_and_no_body(server: Server, path: str) -> None:
    whole = server.request("GET", path)
    head = server.request("HEAD", path)
    assert (head.status, head.body) == (whole.status, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    if path != "/metrics":  # it counts requests, so its length changes
        assert head.headers.get("content-length") == whole.headers.get("content-length")


def test_head_of_a_long_answer_has_no_body(server: Server) -> None:
    line = f"HEAD /sparql?{urlencode({'query': LONG})} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head, _, body = exchange(server, line.encode()).partition(b"\r\n\r\n")
    assert statuses(head) == [200]
    assert body == b""


@pytest.mark.parametrize("target", ["/sparql", "*"])
def test_options_lists_the_methods(server: Server, target: str) -> None:
    answer = exchange(server, f"OPTIONS {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + LAST)
    assert statuses(answer) == [204, 200]
    assert b"\r\nallow: GET, HEAD, POST, OPTIONS\r\n" in answer


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW", "get"])
def test_other_methods_are_405(server: Server, method: str) -> None:
    reply = server.request(method, "/sparql?query=ASK%7B%7D")
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS"


# Caching and compression


def cached(server: Server, known: str) -> Reply:
    path = "/sparql?" + urlencode({"query": f"SELECT ?t {{ ?t a <{BASE}Thing> }}"})
    return server.request("GET", path, headers={"If-None-Match": known} if known else {})


def test_if_none_match_takes_lists_weak_tags_and_a_star(server: Server) -> None:
    tag = cached(server, "").headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', f'W/"a" , {tag},"b"', "*"):
        reply = cached(server, known)
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag), known
    for unknown in ('"other"', "", tag.strip('"'), tag[:-2] + '"', '"*"'):
        assert cached(server, unknown).status == 200, unknown


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip;q=0.1, br", True),
        ("deflate, GZIP", True),
        ("gzip;q=0.8, *;q=0", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, identity", False),
        ("*, gzip;q=0", False),
        ("xgzip", False),
    ],
)
def test_gzip_is_used_where_it_is_accepted(server: Server, accepted: str, packed: bool) -> None:
    for query in ("SELECT * { ?s ?p ?o } LIMIT 50", LONG):
        path = "/sparql?" + urlencode({"query": query})
        reply = server.request("GET", path, headers={"Accept-Encoding": accepted})
        assert (reply.headers.get("content-encoding") == "gzip") is packed
        body = gzip.decompress(reply.body) if packed else reply.body
        assert body == server.request("GET", path).body
        assert "Accept-Encoding" in reply.headers["vary"]


def test_a_packed_request_body_is_refused(server: Server) -> None:
    body = gzip.compress(b"ASK {}")
    assert server.request("POST", "/sparql", body, {**DIRECT, "Content-Encoding": "gzip"}).status == 415


def test_pages_of_a_server_show_the_hash_of_its_content(server: Server) -> None:
    expected = dataset_hash(load_quads(Content.find([str(SMALL)])))
    assert expected[:12] in server.request("GET", "/").text
