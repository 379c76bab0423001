"""The server while something fails around it: killed workers, signals, too few files, no network."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bempeg_kg.cli import main
from tests.web import serving
from tests.web.serving import BASE, ROOT, SMALL, Server

#: they start processes and watch the clock, so they run alone
pytestmark = pytest.mark.server
QUERIES = [
    f"SELECT ?n WHERE {{ ?t <{BASE}number> ?n }} ORDER BY ?n",
    f"SELECT (SUM(?n) AS ?sum) WHERE {{ ?t <{BASE}number> ?n }}",
    f"ASK {{ ?t <{BASE}number> 3 }}",
    f"CONSTRUCT {{ ?t <urn:p> ?n }} WHERE {{ ?t <{BASE}number> ?n FILTER(?n = 2) }}",
    f"SELECT ?s ?p ?o {{ ?s <{BASE}number> ?n ; ?p ?o }} ORDER BY ?s ?p ?o",
    "SELECT * { BROKEN",
]
ISOLATED = """
import socket, sys
from bempeg_kg.web.workers.network import leave_network

if not leave_network():
    sys.exit(7)
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
except OSError:
    sys.exit(0)
sys.exit(1)
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Server:
    return serving.start(tmp_path / "log", "--cache", "0")


def run_folder(server: Server) -> Path:
    return Path(server.log.read_text().partition("[run folder ")[2].partition("]")[0])


def asked(server: Server, query: str) -> tuple[int, bytes]:
    reply = server.get(query)
    return reply.status, reply.body


def test_eight_clients_get_the_answers_that_one_gets(fresh: Server) -> None:
    expected = [asked(fresh, query) for query in QUERIES]

    def client(number: int) -> list[tuple[int, tuple[int, bytes]]]:
        places = [(number + turn) % len(QUERIES) for turn in range(50)]
        return [(place, asked(fresh, QUERIES[place])) for place in places]

    with ThreadPoolExecutor(8) as pool:
        answers = [one for client_ in pool.map(client, range(8)) for one in client_]
    assert len(answers) == 400
    assert [one for one in answers if one[1] != expected[one[0]]] == []
    assert fresh.stop() == 0


def test_no_answer_is_wrong_while_workers_are_killed(fresh: Server) -> None:
    expected = [asked(fresh, query) for query in QUERIES[:5]]
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.2):
            for worker in fresh.workers()[-2:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    def client(number: int) -> list[tuple[int, bool]]:
        answers = []
        for turn in range(12):
            place = (number + turn) % len(expected)
            answer = asked(fresh, QUERIES[place])
            answers.append((answer[0], answer == expected[place]))
        return answers

    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(4) as pool:
        answers = [one for client_ in pool.map(client, range(4)) for one in client_]
    over.set()
    killer.join()
    assert {status for status, _ in answers} <= {200, 503}
    assert 200 in {status for status, _ in answers}
    assert all(equal for status, equal in answers if status == 200)
    deadline = time.monotonic() + 10
    while asked(fresh, QUERIES[0]) != expected[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert fresh.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_a_process_without_network_reaches_not_even_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-c", ISOLATED, str(listener.getsockname()[1])]
        code = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=30).returncode
    refused = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True).returncode != 0
    assert code == (7 if refused else 0)


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_workers_have_no_network_or_the_log_says_so(fresh: Server) -> None:
    own = os.readlink(f"/proc/{fresh.process.pid}/ns/net")
    others = {os.readlink(f"/proc/{worker}/ns/net") for worker in fresh.workers()}
    refused = "no network namespace here" in fresh.log.read_text()
    assert (own in others) == refused
    assert fresh.stop() == 0


def test_sigterm_lets_a_long_download_finish(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "log", "--time-limit", "20")
    query = "SELECT * { { SELECT * { ?a ?b ?c } LIMIT 200 } { SELECT * { ?d ?e ?f } LIMIT 200 } } LIMIT 30000"
    whole = server.get(query, accept="text/csv").body
    assert len(whole) > 1 << 20
    line = "GET /sparql?" + urlencode({"query": query + " "}) + " HTTP/1.0\r\nAccept: text/csv\r\n\r\n"
    with server.connect() as link:
        link.sendall(line.encode())
        parts = [link.recv(4096)]
        server.process.send_signal(signal.SIGTERM)
        server.closed = True
        while part := link.recv(1 << 16):
            parts.append(part)
            time.sleep(0.002)
    body = b"".join(parts).partition(b"\r\n\r\n")[2]
    assert body.endswith(whole[-100:])
    assert server.process.wait(40) == 0
    assert not run_folder(server).exists()


def test_sighup_ends_no_answer(fresh: Server) -> None:
    expected = asked(fresh, QUERIES[0])
    fresh.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 15
    while fresh.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            assert asked(fresh, QUERIES[0]) == expected
            break
        time.sleep(0.1)
    fresh.stop(signal.SIGTERM if fresh.process.poll() is None else 0)


def test_ipv6(tmp_path: Path) -> None:
    port = serving.free_port()
    command = [sys.executable, "-m", "bempeg_kg", "serve", "--host", "::1", "--port", str(port), "--data"]
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        # a machine without IPv6: one clear error
        done = subprocess.run([*command, str(SMALL)], capture_output=True, text=True, cwd=ROOT, timeout=60)
        assert (done.returncode, "::1" in done.stderr, "Traceback" in done.stderr) == (3, True, False)
        return
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, str(SMALL)], stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            with contextlib.suppress(OSError), socket.create_connection(("::1", port), timeout=5) as link:
                link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n")
                assert link.recv(4096).startswith(b"HTTP/1.")
                break
            time.sleep(0.1)
    finally:
        process.terminate()
        assert process.wait(40) == 0
    assert f"[::1]:{port}" in (tmp_path / "log").read_text()


def test_too_few_open_files_are_an_error_with_a_cure() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    command = [sys.executable, "-m", "bempeg_kg", "serve", "--port", str(serving.free_port())]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode != 0
    assert "ulimit -n" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_missing_tmpdir_is_no_traceback(tmp_path: Path) -> None:
    port = serving.free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "missing")}
    command = [sys.executable, "-m", "bempeg_kg", "serve", "--port", str(port), "--data", str(SMALL)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=environment)
    server = Server(process, port, tmp_path / "log")
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            assert server.get("ASK {}").status == 200
            break
        time.sleep(0.1)
    if process.poll() is None:
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_a_port_in_use_is_an_error(fresh: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(fresh.port), "--data", str(SMALL)]) == 3
    assert "Traceback" not in capsys.readouterr().err
    assert fresh.stop() == 0


def limited(megabytes: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def test_too_little_address_space_is_an_error_with_a_cure() -> None:
    command = [sys.executable, "-m", "bempeg_kg", "serve", "--port", str(serving.free_port())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=60, preexec_fn=limited(600), env=environment
    )
    assert run.returncode == 3
    assert "ulimit -v" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_server_with_limited_address_space_answers(tmp_path: Path) -> None:
    port = serving.free_port()
    command = [sys.executable, "-m", "bempeg_kg", "serve", "--port", str(port), "--data", str(SMALL)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=environment, preexec_fn=limited(1_100))
    server = Server(process, port, tmp_path / "log")
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, server.log.read_text()
        assert time.monotonic() < deadline
        with contextlib.suppress(OSError):
            assert server.get("ASK {}").status == 200
            break
        time.sleep(0.1)
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_one_server_for_ipv4_and_ipv6(tmp_path: Path) -> None:
    if not socket.has_dualstack_ipv6():
        return  # test_ipv6 looks at what a machine without IPv6 says
    server = serving.start(tmp_path / "log", "--host", "::")
    for host in ("127.0.0.1", "::1"):
        with socket.create_connection((host, server.port), timeout=10) as link:
            link.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n")
            assert link.recv(4096).startswith(b"HTTP/1.")
    assert server.stop() == 0


def test_no_limit_depends_on_the_time_of_day() -> None:
    """A clock that jumps ends or prolongs nothing: what waits or times out uses the monotonic clock."""
    users = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bempeg_kg" / "web").rglob("*.py")
        if re.search(r"\btime\.time\(|datetime\.now\(|\bCLOCK_REALTIME\b", path.read_text(encoding="utf-8"))
    ]
    assert users == ["bempeg_kg/web/http/log.py"], "only the log says the time of day"
