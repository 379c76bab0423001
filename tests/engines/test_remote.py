"""The remote engine against a store that misbehaves: busy, slow, closed, redirecting, locked."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from bempeg_kg.engines.http import Http
from bempeg_kg.engines.loading import graphs_of, load_file
from bempeg_kg.engines.remote import Remote
from bempeg_kg.errors import EngineError, EngineTimeout, QueryError, UsageError
from tests.engines.servers import free_port

Answer = tuple[int, dict[str, str], bytes]
QUERY = "SELECT ?n { ?s ?p ?n } ORDER BY ?n"


def table(numbers: range) -> bytes:
    rows = [{"n": {"type": "literal", "value": str(number)}} for number in numbers]
    return json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": rows}}).encode()


class Stub:
    """A store that answers as it is told: `answers` in turn, the last one again and again."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[int, str], Answer] = lambda count, query: (200, {}, table(range(1)))
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                stub.seen.append((self.command, self.path, headers, body))
                query = parse_qs(body.decode("utf-8", "replace")).get("query", [""])[0]
                status, extra, answer = stub.answer(len(stub.seen), query)
                self.send_response(status)
                for name, value in {"Content-Type": "application/sparql-results+json", **extra}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/query"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def remote(self, environment: dict[str, str] | None = None, **options: object) -> Remote:
        http = Http(self.address, timeout=2, wait=0.01, environment=environment or {})
        return Remote(self.address, http=http, **options)  # type: ignore[arg-type]


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.server.shutdown()
    server.server.server_close()


def test_a_busy_store_is_asked_again(stub: Stub) -> None:
    stub.answer = lambda count, _: (
        (503, {"Retry-After": "0"}, b"") if count < 3 else (200, {}, table(range(2)))
    )
    assert len(stub.remote().query(QUERY)) == 2  # type: ignore[arg-type]
    assert len(stub.seen) == 3


def test_a_store_that_stays_busy_is_given_up(stub: Stub) -> None:
    stub.answer = lambda count, _: (503, {}, b"come back later")
    with pytest.raises(EngineError, match="come back later"):
        stub.remote().query(QUERY)
    assert len(stub.seen) == 3


def test_a_failed_query_is_not_repeated(stub: Stub) -> None:
    stub.answer = lambda count, _: (400, {}, b"parse error at 1:8")
    with pytest.raises(QueryError) as error:
        stub.remote().query(QUERY)
    assert (error.value.line, error.value.column) == (1, 8)
    assert len(stub.seen) == 1


def test_a_slow_store_is_a_timeout(stub: Stub) -> None:
    def slow(count: int, _: str) -> Answer:
        time.sleep(1.5)
        return 200, {}, table(range(1))

    stub.answer = slow
    began = time.monotonic()
    with pytest.raises(EngineTimeout):
        Remote(stub.address, http=Http(stub.address, timeout=0.3, environment={})).query(QUERY)
    assert time.monotonic() - began < 1.4


def test_a_store_that_is_not_there() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(EngineError, match="cannot be reached"):
        Remote(address, http=Http(address, wait=0.01, environment={})).query(QUERY)


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.org"])
def test_a_name_that_no_host_can_have(host: str) -> None:
    with pytest.raises(EngineError, match="no valid host name"):
        Remote(f"http://{host}/sparql").query(QUERY)


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b'{"head":{}}', b'{"results":{"bindings":[{"n":{}}]}}']
)
def test_an_answer_that_is_none(stub: Stub, answer: bytes) -> None:
    stub.answer = lambda count, _: (200, {}, answer)
    with pytest.raises(EngineError):
        stub.remote().query(QUERY)


def test_basic_and_bearer_authentication_come_from_the_environment(stub: Stub) -> None:
    wanted = "Basic " + base64.b64encode(b"reader:secret").decode()

    def guarded(count: int, _: str) -> Answer:
        if stub.seen[-1][2].get("authorization") == wanted:
            return 200, {}, table(range(1))
        return 401, {"WWW-Authenticate": 'Basic realm="store"'}, b"who are you?"

    stub.answer = guarded
    user = {"BEMPEG_ENDPOINT_USER": "reader", "BEMPEG_ENDPOINT_PASSWORD": "secret"}
    assert stub.remote(user).query(QUERY)
    with pytest.raises(EngineError, match="refused access") as error:
        stub.remote({**user, "BEMPEG_ENDPOINT_PASSWORD": "wrong"}).query(QUERY)
    assert "wrong" not in str(error.value)
    stub.answer = lambda count, _: (200, {}, table(range(1)))
    stub.remote({"BEMPEG_ENDPOINT_TOKEN": "abc"}).query(QUERY)
    assert stub.seen[-1][2]["authorization"] == "Bearer abc"


def test_credentials_do_not_follow_a_redirect_to_another_host(stub: Stub) -> None:
    other = Stub()
    try:
        stub.answer = lambda count, _: (302, {"Location": other.address}, b"")
        with pytest.raises(EngineError, match="redirects to another host"):
            stub.remote({"BEMPEG_ENDPOINT_TOKEN": "abc"}).query(QUERY)
        assert other.seen == []
    finally:
        other.server.shutdown()
        other.server.server_close()


@pytest.mark.parametrize(
    "address", ["localhost:80/query", "ftp://x/query", "http://", "http://a:b@host/query"]
)
def test_an_address_that_is_none_or_holds_a_password(address: str) -> None:
    with pytest.raises(UsageError):
        Remote(address)


def paging(limit: int, total: int) -> Callable[[int, str], Answer]:
    """A store that sends at most `limit` rows and says so."""

    def answer(count: int, query: str) -> Answer:
        start, most = 0, limit
        if "OFFSET" in query:
            most = min(limit, int(query.rpartition("LIMIT")[2].split()[0]))
            start = int(query.rpartition("OFFSET")[2])
        end = min(start + most, total)
        cut = {"X-SPARQL-MaxRows": str(limit)} if end < total and most == limit else {}
        return 200, cut, table(range(start, end))

    return answer


@pytest.mark.parametrize("total", [9, 10, 11, 20, 25])
def test_a_cut_answer_is_asked_for_to_its_end(stub: Stub, total: int) -> None:
    stub.answer = paging(10, total)
    answer = stub.remote().query(QUERY)
    assert [int(row[0].value) for row in answer.rows] == list(range(total))  # type: ignore[union-attr]


def test_a_cut_answer_without_order_is_refused(stub: Stub) -> None:
    stub.answer = paging(10, 25)
    with pytest.raises(EngineError, match="cut the answer at 10 rows"):
        stub.remote().query("SELECT ?n { ?s ?p ?n }")


def test_pages_from_the_start_by_option(stub: Stub) -> None:
    stub.answer = paging(10, 25)
    assert len(stub.remote(page=7).query(QUERY)) == 25  # type: ignore[arg-type]
    assert "LIMIT 7 OFFSET 21" in parse_qs(stub.seen[-1][3].decode())["query"][0]


def test_loading_replaces_each_graph_once_and_loses_none(stub: Stub, tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(
        b'<urn:a> <urn:p> "x <urn:no> ." <urn:g1> .\n'
        b'<urn:a> <urn:p> "2" <urn:g2> .\n'
        b'<urn:b> <urn:p> "3" <urn:g1> .\n'
    )
    stub.answer = lambda count, _: (204, {}, b"")
    assert load_file(stub.address, str(path), http=Http(stub.address, environment={})) == 2
    assert [(method, path) for method, path, _, _ in stub.seen] == [
        ("PUT", "/store?graph=urn%3Ag1"),
        ("PUT", "/store?graph=urn%3Ag2"),
        ("POST", "/store?graph=urn%3Ag1"),
    ]
    assert stub.seen[0][3] == b'<urn:a> <urn:p> "x <urn:no> ." .\n'


def test_loading_by_update_where_there_is_no_graph_store(
    stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(b"".join(b'<urn:a> <urn:p> "%d" <urn:g> .\n' % number for number in range(4001)))
    monkeypatch.setenv("BEMPEG_GRAPH_STORE", "")
    monkeypatch.setenv("BEMPEG_UPDATE", stub.address)
    stub.answer = lambda count, _: (204, {}, b"")
    load_file(stub.address, str(path), http=Http(stub.address, environment={}))
    assert [body[:12] for _, _, _, body in stub.seen] == [b"DROP SILENT "] + [b"INSERT DATA "] * 3


def test_a_refused_graph_is_reported(stub: Stub, tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    path.write_bytes(b'<urn:a> <urn:p> "2" <urn:g> .\n')
    stub.answer = lambda count, _: (400, {}, b"no room")
    with pytest.raises(EngineError, match="no room"):
        load_file(stub.address, str(path), http=Http(stub.address, environment={}))


def test_graphs_are_separated_by_the_last_term() -> None:
    lines = [b'<urn:a> <urn:p> "a <urn:b> <urn:c> ." <urn:g> .\n', b"<urn:a> <urn:p> <urn:o> <urn:g> .\n"]
    assert list(graphs_of(lines)) == [
        ("urn:g", [b'<urn:a> <urn:p> "a <urn:b> <urn:c> ." .\n', b"<urn:a> <urn:p> <urn:o> .\n"])
    ]


def test_a_boolean_that_is_none_is_no_answer(stub: Stub) -> None:
    stub.answer = lambda count, query: (200, {}, b'{"head": {}, "boolean": "false"}')
    with pytest.raises(EngineError, match="not true or false"):
        stub.remote().query("ASK {}")


def test_a_truncated_answer_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(3):
                client, _ = listening.accept()
                with client, client.makefile("rb") as request:
                    # read whole: what is left unread would make the end of the connection a reset
                    head = list(iter(request.readline, b"\r\n"))
                    lengths = [line for line in head if line.lower().startswith(b"content-length:")]
                    request.read(int(lengths[0].split()[1]) if lengths else 0)
                    client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 100000\r\n\r\n" + table(range(5)))

        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/query"
        remote = Remote(address, http=Http(address, timeout=5, wait=0.01, environment={}))
        with pytest.raises(EngineError, match="cut off"):
            remote.query("SELECT * { ?s ?p ?o }")


def test_a_store_that_ignores_offset_is_reported(stub: Stub) -> None:
    stub.answer = lambda count, query: (200, {"X-SPARQL-MaxRows": "5"}, table(range(5)))
    with pytest.raises(EngineError, match="ignores OFFSET"):
        stub.remote().query(QUERY)


def test_equal_pages_of_a_store_that_pages_rightly_are_kept(stub: Stub) -> None:
    paged = paging(10, 30)

    def answer(count: int, query: str) -> Answer:
        status, headers, body = paged(count, query)
        same = re.sub(rb'"value": "\d+"', b'"value": "7"', body)
        return status, headers, same

    stub.answer = answer
    assert len(stub.remote().query(QUERY)) == 30  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"head": {"vars": ["n"]}, "results": {"bindings": [["a"]]}}',
        b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": "a"}]}}',
        b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": 5}}]}}',
        b'{"head": {"vars": 5}, "results": {"bindings": [{}]}}',
        b'{"head": [], "results": []}',
        b"[" * 100_000,
        b"5",
        b"",
    ],
)
def test_json_of_another_shape_is_reported(stub: Stub, answer: bytes) -> None:
    stub.answer = lambda count, query: (200, {}, answer)
    with pytest.raises(EngineError, match="SPARQL results JSON"):
        stub.remote().query("SELECT ?n { ?s ?p ?n }")


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"HTTP/1.1 200 OK\r\n"]
)
def test_an_answer_that_drips_ends_at_the_timeout(start: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            client, _ = listening.accept()
            client.recv(65_536)
            with contextlib.suppress(OSError):
                client.sendall(start)
                for number in range(300):
                    client.sendall(b"X-%d: 1\r\n" % number if start.count(b"\r\n") == 1 else b" ")
                    time.sleep(0.1)

        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/query"
        remote = Remote(address, http=Http(address, timeout=1, wait=0.01, environment={}))
        with pytest.raises(EngineTimeout, match="no answer within 1 s"):
            remote.query("SELECT ?n { ?s ?p ?n }")
