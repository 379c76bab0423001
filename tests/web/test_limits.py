"""A server under hostile or clumsy clients: every limit is kept, and others go on being answered."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web import serving
from tests.web.serving import BASE, Server

#: they start processes and watch the clock, so they run alone
pytestmark = pytest.mark.server

SECONDS = 1.0
SLACK = 0.25
NEIGHBOUR = f"SELECT ?n WHERE {{ ?thing a <{BASE}Thing> ; <{BASE}number> ?n }} ORDER BY ?n"
RUNAWAYS = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "group concat": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "order by over a product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a",
    "double path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?c (!<urn:x>|^!<urn:x>)* ?d }",
    "regular expression": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    'FILTER REGEX(CONCAT(STR(?c), STR(?f)), "(.*)*x(.*)*y$") }',
}
STREAMED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with tight limits."""
    running = serving.start(
        tmp_path_factory.mktemp("strict") / "log",
        *(
            "--time-limit",
            str(SECONDS),
            "--memory-limit",
            "200",
            "--answer-limit",
            "1",
            "--body-limit",
            "64",
        ),
        *("--workers", "2", "--queue", "4", "--wait", "2", "--slow", "4", "--cache", "0"),
    )
    yield running
    running.stop()


def elapsed(server: Server, query: str) -> tuple[int, float, str]:
    began = time.monotonic()
    reply = server.get(query)
    return reply.status, time.monotonic() - began, reply.text[:200]


def assert_well(server: Server, query: str = NEIGHBOUR) -> None:
    """The server answers, at once or as soon as what was done to it has passed."""
    deadline = time.monotonic() + 5
    while server.get(query).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_is_stopped_at_its_limit(strict: Server, name: str) -> None:
    status, seconds, reason = elapsed(strict, RUNAWAYS[name])
    assert status in (503, 504), reason
    assert "stopped" in reason or "memory" in reason or "longer" in reason
    assert seconds < SECONDS + SLACK
    assert_well(strict)


def test_a_streamed_product_is_broken_off_and_never_well_formed(strict: Server) -> None:
    began = time.monotonic()
    with pytest.raises(HTTPException):
        reply = strict.get(STREAMED)
        json.loads(reply.body)
    assert time.monotonic() - began < SECONDS + SLACK
    assert_well(strict)


def test_an_answer_above_its_size_is_broken_off(strict: Server) -> None:
    query = "SELECT ?text { ?a ?b ?c . ?d ?e ?f BIND('%s' AS ?text) } LIMIT %d"
    line = "x" * 98
    for accept in ("text/csv", "text/tab-separated-values", "application/sparql-results+json"):
        assert strict.get(query % (line, 5000), accept=accept).status == 200
        with pytest.raises(HTTPException):
            strict.get(query % (line, 12_000), accept=accept)
    graph = "CONSTRUCT { ?a <urn:p> ?d } { { SELECT DISTINCT ?a { ?a ?b ?c } LIMIT 300 } "
    graph += "{ SELECT DISTINCT ?d { ?d ?e ?f } LIMIT 300 } }"
    with pytest.raises(HTTPException):
        strict.get(graph)


def test_memory_is_capped(tmp_path: Path) -> None:
    roomy = serving.start(tmp_path / "log", "--time-limit", "30", "--memory-limit", "200", "--workers", "1")
    steps = "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(1, 34))
    query = f'SELECT (STRLEN(?x34) AS ?n) {{ BIND("aaaaaaaaaaaaaaaa" AS ?x1) {steps}}}'
    status, _, reason = elapsed(roomy, query)
    assert (status, "memory" in reason) == (503, True), reason
    assert_well(roomy)
    assert roomy.stop() == 0


def test_deep_nesting_does_not_take_the_server_down(strict: Server) -> None:
    depth = 4000
    for query in (
        "ASK " + "{" * depth + "}" * depth,
        "ASK { FILTER(" + "(" * depth + "1" + ")" * depth + ") }",
    ):
        reply = strict.request("POST", "/sparql", query, {"Content-Type": "application/sparql-query"})
        assert reply.status in (200, 400, 503)
    assert_well(strict)


def test_neighbours_go_on_being_answered_while_runaways_run(strict: Server) -> None:
    def measure() -> list[float]:
        times = []
        for _ in range(60):
            status, seconds, reason = elapsed(strict, NEIGHBOUR)
            assert status == 200, reason
            times.append(seconds)
        return times

    calm = measure()
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(elapsed, strict, RUNAWAYS["cartesian count"]) for _ in range(3)]
        time.sleep(0.05)
        busy = measure()
        ended = [future.result() for future in running]
    assert all(status in (503, 504) for status, _, _ in ended)
    assert statistics.median(busy) < 10 * statistics.median(calm) + 0.05
    assert max(busy) < 2 * SECONDS  # no longer than the queue allows: the first may wait for a fresh worker


def test_overload_is_refused_with_retry_after_and_passes(strict: Server) -> None:
    def ask(_: int) -> tuple[int, str, float]:
        began = time.monotonic()
        reply = strict.get(RUNAWAYS["cartesian count"])
        return reply.status, reply.headers.get("retry-after", ""), time.monotonic() - began

    with ThreadPoolExecutor(40) as pool:
        replies = list(pool.map(ask, range(40)))
    refused = [retry for status, retry, _ in replies if status == 503]
    assert refused
    assert all(refused)
    assert {status for status, _, _ in replies} <= {503, 504}
    assert max(seconds for _, _, seconds in replies) < 2 + SECONDS + 1.5
    assert_well(strict)


def test_a_client_that_leaves_frees_its_worker(strict: Server) -> None:
    line = "GET /sparql?" + urlencode({"query": RUNAWAYS["cartesian count"]}) + " HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(4):
        with strict.connect() as link:
            link.sendall(line.encode())
            time.sleep(0.02)
    began = time.monotonic()
    while strict.get(NEIGHBOUR).status != 200:
        assert time.monotonic() - began < SECONDS  # sooner than the limit would have ended them


def test_bodies_and_heads_have_limits(strict: Server) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    big = "ASK {} #" + "x" * 70_000
    assert strict.request("POST", "/sparql", big, direct).status == 413
    for head in (b"X-Long: " + b"a" * 200_000, b"\r\n".join(b"X-%d: 1" % i for i in range(20_000))):
        with strict.connect() as link, contextlib.suppress(OSError):
            link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
            link.settimeout(10)
            assert not link.recv(4096).startswith(b"HTTP/1.1 200")
    with strict.connect() as link, contextlib.suppress(OSError):
        link.sendall(b"GET /sparql?query=" + b"a" * 500_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not link.recv(4096).startswith(b"HTTP/1.1 200")
    assert_well(strict)


def test_slow_clients_do_not_block_others(strict: Server) -> None:
    links = []
    try:
        for place in range(100):
            link = strict.connect()
            link.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n" if place % 2 else b"GET /sp"
            )
            links.append(link)
        for _ in range(10):
            assert_well(strict)
            for link in links[:20]:
                link.sendall(b"a")
    finally:
        for link in links:
            link.close()


def test_half_closed_connections(strict: Server) -> None:
    for _ in range(20):
        with strict.connect() as link:
            link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
            link.shutdown(socket.SHUT_WR)
            link.settimeout(5)
            answer = link.recv(65536)
            assert answer == b"" or answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503"))
    assert_well(strict)


def test_clients_that_stop_reading_hold_no_worker(strict: Server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 19000"
    line = "GET /sparql?" + urlencode({"query": query}) + " HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.ExitStack() as stack:
        for _ in range(6):  # as many as workers and places in the queue
            link = stack.enter_context(strict.connect())
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.sendall(line.encode())
        time.sleep(SECONDS + 0.5)
        assert_well(strict)


def test_odd_parameters_and_headers_get_an_answer(strict: Server) -> None:
    generator = random.Random(7)
    letters = [
        "%00",
        "%FF",
        "%",
        "&",
        "=",
        "query",
        "update",
        "+",
        "default-graph-uri",
        "ü".encode().hex(),
        "{",
        "<a:b>",
    ]
    for _ in range(300):
        path = "/sparql?" + "".join(generator.choice(letters) for _ in range(generator.randint(1, 12)))
        reply = strict.request(
            "GET", path, headers={"Accept": generator.choice(["", ";", "q=1", "text/*;q=x", ",,"])}
        )
        assert reply.status < 500, path


def test_the_log_has_one_line_a_request_without_literals(strict: Server) -> None:
    assert_well(strict, 'SELECT * { ?patient ?p "Jane Doe of Ulm" }')
    deadline = time.monotonic() + 5  # the line is written once the answer is out
    while not (lines := [line for line in strict.log.read_text().splitlines() if "?patient" in line]):
        assert time.monotonic() < deadline
    lines = [line for line in lines if " 200 " in line]
    assert len(lines) == 1
    assert "Jane" not in strict.log.read_text()


def test_metrics_and_health(strict: Server) -> None:
    reply = strict.request("GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'bempeg_kg_requests_total{handler="sparql",status="200"}' in reply.text
    assert 'bempeg_kg_stopped_total{reason="time"}' in reply.text
    assert strict.request("GET", "/healthz").status == 200


def test_killed_workers_are_replaced(strict: Server) -> None:
    before = strict.workers()
    assert len(before) >= 2
    for worker in before:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while strict.get(NEIGHBOUR).status != 200:
        assert time.monotonic() < deadline
    assert set(strict.workers()).isdisjoint(before)


def test_sigterm_finishes_what_runs_and_leaves_nothing(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log", "--time-limit", "8", "--slow-after", "5")
    workers = server.workers()
    assert workers
    query = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c } LIMIT 600 } "
    query += "{ SELECT * { ?d ?e ?f } LIMIT 600 } FILTER(STRLEN(CONCAT(MD5(STR(?c)), MD5(STR(?f)))) > 0) }"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.get, query)
        time.sleep(0.15)
        code = server.stop()
        reply = running.result(20)
    assert reply.status == 200, reply.text
    assert json.loads(reply.body)["results"]["bindings"]
    assert code == 0
    assert not any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers)
    folder = (tmp_path / "log").read_text().partition("[run folder ")[2].partition("]")[0]
    assert not Path(folder).exists()


def test_all_processes_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log")
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    processes = [*server.workers(), *map(int, children)]
    assert len(processes) > 2
    server.stop(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{process}/cmdline").exists() for process in processes):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def resident(pid: int) -> int:
    """Pages of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def test_questions_that_compute_run_where_they_can_be_stopped(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log", "--time-limit", "7", data=None)
    assert server.request("GET", "/question/how-surprising").status == 200
    table = server.request("GET", "/question/how-surprising.json")
    assert json.loads(table.body)["results"]["bindings"]
    wrong = server.request("GET", "/question/how-surprising?early=no-such-result")
    assert (wrong.status, "no-such-result" in wrong.text) == (404, True)
    drawn = server.request("GET", "/picture/timeline.svg?as-of=2018-09-21")
    assert drawn.body.startswith(b"<svg")
    assert server.request("GET", "/picture/timeline.svg?as-of=yesterday").status == 400
    largest = max(server.workers(), key=resident)  # it has loaded our code and what that needs
    assert resident(largest) > 2 * min(map(resident, server.workers()))
    os.kill(largest, signal.SIGSTOP)  # as one that would never end
    began = time.monotonic()
    stopped = server.request("GET", "/question/how-surprising?rate=12.5")
    assert (stopped.status, "stopped after 7 seconds" in stopped.text) == (504, True)
    assert time.monotonic() - began < 7 + SLACK + 0.5
    assert server.request("GET", "/question/how-surprising?rate=12.5").status == 200
    assert server.stop() == 0


@pytest.mark.parametrize("harm", ["overwritten", "removed"])
def test_a_store_that_was_touched_is_refused(tmp_path: Path, harm: str) -> None:
    server = serving.start(tmp_path / "log")
    folder = Path((tmp_path / "log").read_text().partition("[run folder ")[2].partition("]")[0])
    assert server.get("ASK {}").status == 200
    if harm == "removed":
        shutil.rmtree(folder)
    else:
        largest = max((folder / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
        largest.write_bytes(largest.read_bytes()[:-100] + bytes(100))
    time.sleep(0.6)
    for reply in (server.get("SELECT * { ?s ?p ?o } LIMIT 7"), server.request("GET", "/")):
        assert (reply.status, "damaged" in reply.text) == (503, True)
    assert server.request("GET", "/healthz").status == 503
    assert "the graph on disk is damaged" in (tmp_path / "log").read_text()
    server.stop()


def test_the_folder_of_a_killed_server_is_removed_at_the_next_start(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log")
    folder = Path((tmp_path / "log").read_text().partition("[run folder ")[2].partition("]")[0])
    server.stop(signal.SIGKILL)
    assert folder.exists()
    following = serving.start(tmp_path / "next")
    assert not folder.exists()
    assert following.stop() == 0


def test_a_server_that_crashes_again_and_again_says_so(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log")
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    for _ in range(2):
        for child in map(int, children.read_text().split()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        time.sleep(1.5)
    assert server.process.wait(20) == 3
    assert "crashed twice" in (tmp_path / "log").read_text()
