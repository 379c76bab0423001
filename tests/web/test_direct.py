"""Plain queries answered by the process that runs them: the same answers, and none lost when it dies."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import serving
from serving import Server

from bempeg_kg.web.direct import messages, plain, state
from bempeg_kg.web.direct.state import State

pytestmark = pytest.mark.skipif(os.name != "posix" or not Path("/proc/self").exists(), reason="needs Linux")

LARGE = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 220"
"""Some 50 kB: still a short answer, and more than a small socket buffer takes."""

HEAD = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"

MEDIUM = "SELECT (COUNT(*) AS ?n) ('%s' AS ?id) { { SELECT * { ?a ?b ?c } LIMIT 200 } "
MEDIUM += "{ SELECT * { ?d ?e ?f } LIMIT %d } FILTER(STRLEN(CONCAT(MD5(STR(?c)), MD5(STR(?f)))) > 0) }"
"""Takes some tens of milliseconds."""


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one direct worker, and nothing kept."""
    options = ("--workers", "1", "--cache", "0", "--time-limit", "5", "--slow-after", "0.4", "--queue", "64")
    running = serving.start(tmp_path_factory.mktemp("direct") / "log", *options)
    yield running
    assert running.stop() == 0
    assert "Traceback" not in running.log.read_text()


def is_direct(headers: dict[str, str]) -> bool:
    """The HTTP server behind gives its name; a direct worker has none."""
    return "server" not in headers


def request(query: str, *lines: str) -> bytes:
    head = [f"GET /sparql?{urlencode({'query': query})} HTTP/1.1", "Host: here", *lines, "", ""]
    return "\r\n".join(head).encode()


class Connection:
    """A connection that stays open."""

    def __init__(self, server: Server) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()

    def get(self, query: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.link.request("GET", "/sparql?" + urlencode({"query": query}), headers=given)
        reply = self.link.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()


ACCEPTS = [
    "",
    "text/csv",
    "application/sparql-results+xml;q=0.5, text/tab-separated-values",
    "application/rdf+xml",
]
QUERIES = [
    "ASK {}",
    "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20",
    LARGE + " #",
    "CONSTRUCT { ?s a ?o } { ?s a ?o }",
    "SELECT * { GRAPH ?g { ?s a ?o } } ORDER BY ?g ?s ?o LIMIT 5",
    "PREFIX x: <urn:x> SELECT ('ü\"\\n' AS ?text) {}",
    "SELECT ?broken {",
    "SELECT (NOW() AS ?now) { FILTER(false) }",
]


@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("query", QUERIES)
def test_the_answer_is_that_of_the_general_way(
    single: Server, query: str, accept: str, encoding: str
) -> None:
    headers = {"Accept": accept, "Accept-Encoding": encoding}
    path = "/sparql?" + urlencode({"query": query})
    quick = single.request("GET", path, headers=headers)
    general = single.request("GET", path, headers={**headers, "TE": "trailers"})
    posted = single.request("POST", "/sparql", query, {**headers, "Content-Type": "application/sparql-query"})
    form = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    sent = single.request("POST", "/sparql", urlencode({"query": query}), form)
    for one in (quick, posted, sent):
        assert (one.status, one.body) == (general.status, general.body)
        for name in ("date", "server", "transfer-encoding"):
            one.headers.pop(name, None)
            general.headers.pop(name, None)
        assert one.headers == general.headers


def test_plain_queries_are_answered_directly_and_others_are_not(single: Server) -> None:
    assert is_direct(single.get("ASK {}").headers)
    direct = {"Content-Type": "application/sparql-query"}
    assert is_direct(single.request("POST", "/sparql", "ASK {}", direct).headers)
    assert not is_direct(single.get("ASK {").headers)
    assert not is_direct(single.get("SELECT (NOW() AS ?now) {}").headers)
    assert not is_direct(single.request("GET", "/").headers)
    assert not is_direct(single.request("HEAD", "/sparql?query=ASK%7B%7D").headers)
    assert not is_direct(single.get("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 9000").headers)


def test_a_connection_may_change_from_one_way_to_the_other(single: Server) -> None:
    with Connection(single) as link:
        kinds = []
        for query in ("ASK {}", "ASK { ?s ?p ?o }", "ASK {", "ASK { ?s ?p ?o }"):
            status, headers, _ = link.get(query)
            kinds.append((status, is_direct(headers)))
    assert kinds == [(200, True), (200, True), (400, False), (200, False)]


def test_requests_in_one_piece_or_in_many(single: Server) -> None:
    with single.connect() as link:  # two at once: answered in order
        link.sendall(
            request("SELECT ('one' AS ?x) {}") + request("SELECT ('two' AS ?x) {}", "Connection: close")
        )
        answers = b"".join(iter(lambda: link.recv(65536), b""))
        assert answers.count(b"HTTP/1.1 200") == 2
        assert answers.index(b'"one"') < answers.index(b'"two"')
    with single.connect() as link:  # byte by byte
        for byte in request("ASK {}", "Connection: close"):
            link.sendall(bytes([byte]))
        assert b'"boolean":true' in b"".join(iter(lambda: link.recv(65536), b""))
    head = POST + b"Content-Length: 6\r\n\r\n"
    with single.connect() as link:  # body behind head, at once and later
        for pause in (0.0, 0.05, 0.0):
            link.sendall(head)
            time.sleep(pause)
            link.sendall(b"ASK {}")
            assert b'"boolean":true' in link.recv(65536)


def test_a_reader_that_is_slow_gets_every_answer_whole(single: Server) -> None:
    expected = single.get(LARGE)
    assert is_direct(expected.headers)
    count = 200
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.connect(("127.0.0.1", single.port))
        for _ in range(count):
            link.sendall(request(LARGE))
            time.sleep(0.003)  # each is read for itself, and its answer fills the way to here
        stream = link.makefile("rb")
        kinds = []
        for _ in range(count):
            length, behind = 0, False
            while (line := stream.readline()) != b"\r\n":
                length = int(line[16:]) if line.startswith(b"content-length: ") else length
                behind = behind or line == b"server: granian\r\n"
            assert stream.read(length) == expected.body
            kinds.append(behind)
    assert not kinds[0]
    assert kinds[-1]  # a worker that cannot send all of an answer gives the connection back


def test_who_waits_behind_a_long_query_is_served_elsewhere(single: Server) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } # unheard of"
    with Connection(single) as neighbour, Connection(single) as idle, ThreadPoolExecutor(1) as pool:
        assert is_direct(neighbour.get("ASK {}")[1])
        assert is_direct(idle.get("ASK {}")[1])
        began = time.monotonic()
        stopped = pool.submit(single.get, runaway)
        time.sleep(0.015)
        assert neighbour.get("ASK { ?s ?p ?o }")[0] == 200
        assert time.monotonic() - began < 1
        assert stopped.result().status == 504
        assert 4.9 < time.monotonic() - began < 5.5
        assert is_direct(idle.get("ASK {}")[1])


def test_what_was_too_long_once_is_not_tried_directly_again(single: Server) -> None:
    query = MEDIUM % ("again", 150)
    assert not is_direct(single.get(query).headers)
    before = set(single.workers())
    assert not is_direct(single.get(query).headers)
    assert set(single.workers()) == before


def test_an_open_connection_outlives_the_process_that_served_it(single: Server) -> None:
    with Connection(single) as link:
        assert is_direct(link.get("ASK {}")[1])
        for pid in single.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert link.get("ASK { ?s ?p ?o }")[0] == 200
    deadline = time.monotonic() + 10
    while not is_direct(single.get("ASK {}").headers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nobody_gets_the_answer_of_another(tmp_path: Path) -> None:
    """Short, medium and long queries on open connections, while workers are killed all the time."""
    server = serving.start(tmp_path / "log", "--workers", "2", "--queue", "200", "--wait", "30")
    over = threading.Event()
    problems: list[str] = []
    counts = [0] * 12

    def ask(number: int) -> None:
        generator = random.Random(number)
        link = Connection(server)
        while not over.is_set():
            name = f"{number}-{counts[number]}"
            kind = generator.random()
            query = (
                f"SELECT ('{name}' AS ?id) {{}}"
                if kind < 0.9
                else MEDIUM % (name, generator.randint(20, 300))
            )
            try:
                status, _, body = link.get(query)
            except (OSError, http.client.HTTPException):
                link = Connection(server)  # broken off, as a cut answer has to be
                continue
            if status == 200:
                counts[number] += 1
                if json.loads(body)["results"]["bindings"][0]["id"]["value"] != name:
                    problems.append(name)
            elif status != 503:  # a killed worker of the general way
                problems.append(f"{status} {body!r}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(counts))]
    for thread in threads:
        thread.start()
    generator = random.Random(1)
    for _ in range(20):
        time.sleep(0.2)
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(generator.choice(server.workers()), signal.SIGKILL)
    over.set()
    for thread in threads:
        thread.join(30)
    assert not problems
    assert min(counts) > 5
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_nobody_is_broken_off_while_nobody_is_killed_but_for_long_queries(tmp_path: Path) -> None:
    """Connections go from worker to server and back, again and again, to the same worker too."""
    server = serving.start(tmp_path / "log", "--workers", "2", "--queue", "200", "--wait", "30")
    over = time.monotonic() + 4

    def ask(number: int) -> int:
        generator, done = random.Random(number), 0
        with Connection(server) as link:
            while time.monotonic() < over:
                name = f"{number}-{done}"
                long = generator.random() < 0.2
                status, _, body = link.get(MEDIUM % (name, 90) if long else f"SELECT ('{name}' AS ?id) {{}}")
                assert status == 200
                assert json.loads(body)["results"]["bindings"][0]["id"]["value"] == name
                done += 1
        return done

    with ThreadPoolExecutor(6) as pool:
        assert min(pool.map(ask, range(6))) > 5
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_a_client_that_waits_to_be_told_to_go_on_is_told(single: Server) -> None:
    with single.connect() as link:
        link.settimeout(3)
        link.sendall(POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n")
        assert link.recv(4096).startswith(b"HTTP/1.1 100")
        link.sendall(b"ASK {}")
        assert b'"boolean":true' in link.recv(4096)


def test_many_connections_and_a_body_apart_from_its_head(single: Server) -> None:
    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(single.connect()) for _ in range(300)]
        for link in links:
            link.sendall(request("ASK {}"))
        for link in links:
            assert b'"boolean":true' in link.recv(4096)
        for link in links:
            link.sendall(POST + b"Content-Length: 6\r\n\r\n")
        for link in links:
            link.sendall(b"ASK {}")
        for link in links:
            assert b'"boolean":true' in link.recv(4096)


def test_sigterm_finishes_a_direct_answer(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log", "--workers", "1")
    query = MEDIUM % ("last", 20)
    with Connection(server) as idle, ThreadPoolExecutor(1) as pool:
        assert idle.get("ASK {}")[0] == 200
        running = pool.submit(server.get, query)
        time.sleep(0.01)
        assert server.stop() == 0
        assert running.result(10).status == 200


def test_direct_answers_are_counted_and_logged(single: Server) -> None:
    def counted() -> int:
        text = single.request("GET", "/metrics").text
        return int(text.partition('{handler="sparql",status="200"} ')[2].partition("\n")[0])

    before = counted()
    assert is_direct(single.get("ASK { ?counted ?p 'secret' }").headers)
    assert counted() == before + 1
    lines = [line for line in single.log.read_text().splitlines() if "?counted" in line]
    assert len(lines) == 1
    assert " GET /sparql 200 " in lines[0]
    assert "secret" not in lines[0]


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD + b"\r\nGET",
        HEAD + b"Host: y\r\n\r\n",
        HEAD + b"Content-Length: 3\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Connection: upgrade\r\n\r\n",
        HEAD + b"If-None-Match: *\r\n\r\n",
        HEAD + b"Accept: text/html\r\n\r\n",
        HEAD + b"Accept: image/png\r\n\r\n",
        HEAD + b"X : y\r\n\r\n",
        HEAD + b" folded: y\r\n\r\n",
        HEAD.replace(b"Host: x\r\n", b"X: y\r\n") + b"\r\n",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n",
        HEAD.replace(b"GET", b"get") + b"\r\n",
        HEAD.replace(b"/sparql", b"/Sparql") + b"\r\n",
        HEAD.replace(b"query=", b"update=") + b"\r\n",
        HEAD.replace(b"ASK", b"%FF") + b"\r\n",
        HEAD.replace(b"ASK", b"ASK<") + b"\r\n",
        HEAD.replace(b"ASK", b"ASK#") + b"\r\n",
        POST + b"\r\nASK {}",
        POST + b"Content-Length: 06\r\n\r\nASK {}",
        POST + b"Content-Length: 5\r\n\r\nASK {}",
        POST.replace(b"-query", b"-update") + b"Content-Length: 8\r\n\r\nDROP ALL",
    ],
)
def test_what_is_not_plain_goes_the_general_way(data: bytes) -> None:
    assert plain.read(HEAD + b"\r\n", "") is not None
    assert plain.read(data, "") is None


def test_a_body_is_waited_for_only_where_it_can_be_plain() -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    assert plain.missing(head % 10 + b"ASK") == 7
    assert plain.missing(head % 3 + b"ASK") == 0
    assert plain.missing(head % 3 + b"ASK {}") == 0
    assert plain.missing(head % plain.LONGEST) == 0
    assert plain.missing(head[:-4] % 10) == 0
    assert plain.missing(HEAD + b"Content-Length: 10\r\n\r\n") == 0
    assert plain.missing(POST + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n") == 0
    assert plain.missing(POST + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n") == 0


def test_state_is_seen_from_the_other_side() -> None:
    descriptor, here = State.create()
    there = State(descriptor)
    os.close(descriptor)
    assert (here.since, here.phase, here.connection, here.request) == (0, state.IDLE, 0, b"")
    there.begin(7)
    there.welcomed = 3
    assert (here.phase, here.connection, here.welcomed) == (state.READING, 7, 3)
    assert 0 <= time.monotonic() - here.since < 1
    there.run(b"GET")
    assert (here.phase, here.request) == (state.RUNNING, b"GET")
    there.send()
    assert here.phase == state.SENDING
    there.end()
    assert (here.since, here.phase) == (0, state.IDLE)


def test_messages_carry_a_connection_and_outlive_their_sender() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours, theirs = socket.socketpair()
    with there, ours, theirs:
        with here:
            socket.send_fds(here, [messages.pack(messages.SEAT, 9, b"GET")], [ours.fileno()])
            message, descriptor = messages.receive(there)
            assert messages.unpack(message) == (messages.SEAT, 9, b"GET")
            with socket.socket(fileno=descriptor) as passed:
                passed.sendall(b"hello")
                assert theirs.recv(9) == b"hello"
            there.send(b"never read")
            here.send(messages.pack(messages.LEFT, 9))
        message, descriptor = messages.receive(there)  # the kernel tells of the reset first
        assert (messages.unpack(message)[:2], descriptor) == ((messages.LEFT, 9), -1)
        assert messages.receive(there) == (b"", -1)
