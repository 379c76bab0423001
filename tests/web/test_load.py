"""Many requests at a server: malformed ones, slow ones, and eight clients whose every answer is compared."""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bempeg_kg.web.endpoint.protocol import BODY_SECONDS
from bempeg_kg.web.server.server import HEADER_SECONDS
from tests.web import serving
from tests.web.serving import BASE, Server

pytestmark = pytest.mark.server

MALFORMED = 10_000
CLIENTS, EACH = 8, 2_000
SEEDS = [
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: text/csv;q=0.5\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 6\r\n\r\nASK {}",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nquery\r\n0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b'GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/"a"\r\n\r\n',
    b"GET /search?q=orr&page=2 HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nAccept-Encoding: gzip;q=1\r\n\r\n",
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its usual limits."""
    server = serving.start(tmp_path_factory.mktemp("load") / "log")
    yield server
    server.stop()


def mangled(generator: random.Random) -> bytes:
    """A request with one to eight changes: other, missing, added and repeated bytes."""
    data = bytearray(generator.choice(SEEDS))
    for _ in range(generator.randint(1, 8)):
        place = generator.randrange(len(data) + 1)
        action = generator.randrange(4)
        if action == 0 and place < len(data):
            data[place] = generator.randrange(256)
        elif action == 1:
            del data[place : place + generator.randint(1, 6)]
        elif action == 2:
            data[place:place] = bytes(generator.randrange(256) for _ in range(generator.randint(1, 6)))
        else:
            data[place:place] = data[: generator.randint(1, 30)]
    return bytes(data)


def status_of(server: Server, data: bytes) -> int:
    """The status that the server gives to some bytes; 0 if it closes without, or waits for more."""
    with server.connect() as link, contextlib.suppress(OSError):
        link.settimeout(0.02)
        link.sendall(data)
        answer = link.recv(4096)
        return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0
    return 0


def memory(server: Server) -> float:
    """Proportional memory of a server and all its processes, in MB."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    total, waiting = 0, [server.process.pid]
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, [])
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def settled_memory(server: Server) -> float:
    """Memory once what a server prepares after its start is done: less than 1 MB more within 3 seconds."""
    last = memory(server)
    for _ in range(20):
        time.sleep(3)
        now = memory(server)
        if abs(now - last) < 1:
            return now
        last = now
    raise AssertionError("the memory of the server does not settle")


def test_ten_thousand_malformed_requests_are_no_error_and_cost_no_memory(running: Server) -> None:
    generator = random.Random(20221122)
    requests = [mangled(generator) for _ in range(MALFORMED)]

    def send(batch: list[bytes]) -> list[tuple[int, bytes]]:
        return [(status_of(running, data), data) for data in batch]

    def rounds(part: list[bytes]) -> list[tuple[int, bytes]]:
        with ThreadPoolExecutor(CLIENTS) as pool:
            batches = pool.map(send, [part[place::CLIENTS] for place in range(CLIENTS)])
            return [one for batch in batches for one in batch]

    for path in ("/search?q=response", "/search?q=nosuchword", "/trial/none"):
        running.request("GET", path, headers={"Accept": "text/html"})  # what all pages share is read once
    answers = rounds(requests[: MALFORMED // 2])
    before = settled_memory(running)
    answers += rounds(requests[MALFORMED // 2 :])
    assert len(answers) == MALFORMED
    assert [data for status, data in answers if status >= 500] == []
    assert sum(status == 400 for status, _ in answers) > MALFORMED / 10
    assert running.get("ASK {}").status == 200
    assert settled_memory(running) < before + 10
    assert "Traceback" not in running.log.read_text()


def gone_after(link: socket.socket, seconds: float) -> tuple[float, bytes]:
    """Seconds until the server closes a connection, and what it sent before."""
    began, parts = time.monotonic(), []
    link.settimeout(seconds)
    with contextlib.suppress(ConnectionError):
        while part := link.recv(4096):
            parts.append(part)
    return time.monotonic() - began, b"".join(parts)


def test_slow_heads_and_bodies_end_in_time(running: Server) -> None:
    """A byte a second keeps no connection open for ever, and nobody else waits meanwhile."""
    over = threading.Event()

    def slowly(start: bytes) -> tuple[float, bytes]:
        with running.connect() as link:
            link.sendall(start)

            def drip() -> None:
                with contextlib.suppress(OSError):
                    while not over.wait(1):
                        link.sendall(b"a")

            dripping = threading.Thread(target=drip)
            dripping.start()
            try:
                return gone_after(link, 40)
            finally:
                over.wait(0)
                with contextlib.suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)
                dripping.join(3)

    body = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    starts = [b"GET /sparql?query=", body + b"X-A: ", body + b"Content-Length: 1000\r\n\r\nASK {} #"]
    with ThreadPoolExecutor(3) as pool:
        ended = pool.map(slowly, starts)
        for _ in range(20):
            began = time.monotonic()
            assert running.get("ASK {}").status == 200
            assert time.monotonic() - began < 2
            time.sleep(0.1)
        (head, _), (header, _), (late, answer) = ended
    over.set()
    assert head < HEADER_SECONDS + 4
    assert header < HEADER_SECONDS + 4
    assert late < BODY_SECONDS + 4
    assert answer.startswith(b"HTTP/1.1 408")


def queries() -> list[tuple[str, str]]:
    """Mixed queries with the format in which each is asked: small and long, right and wrong, all forms."""
    forms = ["application/sparql-results+json", "text/csv", "text/tab-separated-values"]
    made = [
        (f"SELECT ?t ?n {{ ?t <{BASE}number> ?n FILTER(?n >= {number % 5}) }} ORDER BY ?n #{number}", form)
        for number in range(60)
        for form in forms
    ]
    made += [(f"ASK {{ ?t <{BASE}number> {number} }}", forms[0]) for number in range(20)]
    made += [(f"DESCRIBE <{BASE}thing{number}>", "application/n-triples") for number in range(6)]
    made += [(f"CONSTRUCT WHERE {{ ?t <{BASE}number> {number} }}", "text/turtle") for number in range(6)]
    made += [(f"SELECT * {{ BROKEN {number}", forms[0]) for number in range(10)]
    # the order of a scan of a store that does not change is the same each time
    made += [(f"SELECT * {{ ?a ?b ?c }} LIMIT {size}", "text/csv") for size in (100, 3000)]
    return made


def test_eight_clients_with_two_thousand_queries_each_get_the_right_answers(running: Server) -> None:
    asked = queries()
    wanted = [(reply.status, reply.body) for reply in (running.get(*one) for one in asked)]
    assert {status for status, _ in wanted} == {200, 400}

    def client(number: int) -> list[str]:
        """What was wrong, of one client that keeps its connection."""
        order = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        wrong = []
        for _ in range(EACH):
            place = order.randrange(len(asked))
            query, accept = asked[place]
            connection.request("GET", "/sparql?" + urlencode({"query": query}), headers={"Accept": accept})
            answer = connection.getresponse()
            if (answer.status, answer.read()) != wanted[place]:
                wrong.append(query)
        connection.close()
        return wrong

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert [one for wrong in pool.map(client, range(CLIENTS)) for one in wrong] == []
