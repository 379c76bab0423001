"""The endpoint against the native read-only Oxigraph server: same data, same queries, one run, turn by turn.

    python benchmarks/http_server.py [--seconds 3] [--rounds 3] [--servers native,ours] [--clients 1,8,64]

Needs the native server (the package ``oxigraph``) and ``wrk`` (Debian's package of that name). ``ours`` is
the server as ``bempeg-kg serve`` starts it; ``before`` is that of another checkout, which --before names;
``alone`` is ours without the low-priority lane; ``rdflib`` is ``rdflib-endpoint`` on the same statements;
``granian`` and ``uvicorn`` are the same application on that ASGI server (each has to be installed).

All traffic is on the loopback interface, bounded by --seconds and --rounds. Servers are measured in turn,
round by round, since a machine's speed drifts: read the ratios. All processes, the client too, are of one
session, since Linux otherwise shares the processors out among sessions before it looks at priorities, and a
client elsewhere would not feel that. Printed for each case are the median of the requests a second, the ratio
to the first server, the median of the percentiles, and the processor time a request took in all processes of
the server, which says what a busy machine does to the other figures.

Cases: ``small`` is a distinct SELECT for each request, so that nothing can be kept (our cache is off as
well); ``post`` is the same by POST; ``rows`` is 10,000 rows of JSON, streamed; ``runaway`` is ``small`` while
a query that has to be killed is asked again and again, and ``runaways`` while it is another one each time.
Each turn of these two has a server of its own, since the native one never stops such a query. ``cached`` is
one SELECT again and again with our cache on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SETTLED = 60
"""Seconds at most from a server's first answer until it is measured: ours prepares pages meanwhile."""

TICK = os.sysconf("SC_CLK_TCK")
JSON = "application/sparql-results+json"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TORMENTS = {"runaway": RUNAWAY, "runaways": RUNAWAY + " # NUMBER"}
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 10000"
CACHED = "SELECT ?p ?o { <https://w3id.org/bempeg-kg/trial/pivot-io-001> ?p ?o } LIMIT 9"
SMALL = """
local count = 0
local head = {["Accept"] = "application/sparql-results+json"}
local trials = {"pivot-02", "pivot-09", "pivot-10", "pivot-12", "pivot-io-001"}
local text = "PATH?query=PREFIX%20trial%3A%20%3Chttps%3A%2F%2Fw3id.org%2Fbempeg-kg%2Ftrial%2F%3E%20" ..
  "SELECT%20%3Fp%20%3Fo%20%7B%20trial%3A"
request = function()
  count = count + 1
  return wrk.format("GET", text .. trials[count % 5 + 1] .. "%20%3Fp%20%3Fo%20%7D%20LIMIT%20" ..
    (5 + count % 7) .. "%20%23" .. count, head)
end
"""
POST = """
local count = 0
local head = {["Accept"] = "application/sparql-results+json", ["Content-Type"] = "application/sparql-query"}
local trials = {"pivot-02", "pivot-09", "pivot-10", "pivot-12", "pivot-io-001"}
local text = "PREFIX trial: <https://w3id.org/bempeg-kg/trial/> SELECT ?p ?o { trial:"
request = function()
  count = count + 1
  return wrk.format("POST", "PATH", head, text .. trials[count % 5 + 1] .. " ?p ?o } LIMIT " ..
    (5 + count % 7) .. " #" .. count)
end
"""


@dataclass(slots=True)
class Server:
    """A running server: its endpoint, and the process whose children belong to it."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]


@dataclass(slots=True)
class Measured:
    """What one turn gave: requests a second, percentiles in ms, CPU in microseconds a request, MB."""

    rate: float
    p50: float
    p99: float
    cpu: float
    errors: int
    memory: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What is measured: a case, with so many clients, for so many seconds."""

    case: str
    clients: int
    seconds: float
    folder: Path


Start = Callable[[str], AbstractContextManager[Server]]
"""Starts a server by its name."""


def main() -> int:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(description="The endpoint against the native Oxigraph server.")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--servers", default="native,ours")
    parser.add_argument("--clients", default="1,8,64")
    parser.add_argument("--cases", default="small,post,rows,runaway,runaways,cached")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--before", default=str(ROOT), help="folder of another checkout")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed (apt-get install wrk)", file=sys.stderr)
        return 2
    names = options.servers.split(",")
    clients = [int(number) for number in options.clients.split(",")]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    chosen = options.cases.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name))
        for case in chosen:
            start = partial(
                started,
                folder=folder,
                processes=options.processes,
                workers=options.workers,
                checkout=options.before,
                cache=32 if case == "cached" else 0,
            )
            for count in clients:
                compare(names, start, Turn(case, count, options.seconds, folder), options.rounds)
    return 0


def prepared(folder: Path) -> Path:
    """A run folder with the snapshot, as the server makes it."""
    import pyoxigraph as ox

    from bempeg_kg.content.content import Content
    from bempeg_kg.web.opened import fill_run_folder

    fill_run_folder(str(folder), Content.find())
    triples = {quad.triple for quad in ox.Store.read_only(str(folder / "store"))}
    ox.serialize(triples, str(folder / "all.nt"), ox.RdfFormat.N_TRIPLES)
    return folder


@contextlib.contextmanager
def started(
    name: str, *, folder: Path, processes: int, workers: int, cache: int, checkout: str
) -> Iterator[Server]:
    """Start a server on the snapshot of ``folder``; stop it at the end."""
    from bempeg_kg.web.config import VARIABLE, Config
    from bempeg_kg.web.limits import Limits

    port = free_port()
    limits = replace(Limits(seconds=2.0, workers=workers), queue=512)
    if name == "alone":
        limits = replace(limits, slow_after=1000.0)
    config = json.loads(Config(str(folder), limits=limits, cache=cache << 20, log=False).to_json())
    if name == "before":  # options that it does not know
        config["limits"].pop("size")
        config.pop("verbose")
    root = checkout if name == "before" else str(ROOT)
    environment = {**os.environ, "PYTHONPATH": root, VARIABLE: json.dumps(config)}
    serve = (
        "from bempeg_kg.web.config import Config; "
        "from bempeg_kg.web.server.server import serve; import os, sys; "
    )
    serve += (
        f"serve(Config.from_json(os.environ['{VARIABLE}']), '127.0.0.1', {port}, {processes}, lambda: None)"
    )
    rdflib = f"rdflib-endpoint serve --port {port} --host 127.0.0.1 {folder}/all.nt"
    native = f"oxigraph serve-read-only -l {folder}/store -b 127.0.0.1:{port} --union-default-graph"
    uvicorn = f"-m uvicorn --factory bempeg_kg.web.server.app:create_app --port {port} --workers {processes}"
    granian = f"-m granian --interface asgi --factory --port {port} --workers {processes} --loop uvloop"
    commands = {
        "native": native.split(),
        **{key: [sys.executable, "-c", serve] for key in ("ours", "alone", "before")},
        "rdflib": rdflib.split(),
        "granian": [sys.executable, *granian.split(), "--no-ws", "bempeg_kg.web.server.app:create_app"],
        "uvicorn": [sys.executable, *uvicorn.split(), "--no-access-log", "--no-proxy-headers"],
    }
    program = shutil.which("oxigraph") or str(Path(sys.executable).parent / "oxigraph")
    command = [program if part == "oxigraph" else part for part in commands[name]]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
    )
    server = Server(name, port, {"native": "/query", "rdflib": "/"}.get(name, "/sparql"), process)
    try:
        deadline = time.monotonic() + 60
        while ask(server, "ASK {}", 2)[0] != 200:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.1)
        settle(process.pid)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # the native server does not stop while a query runs
            process.kill()
            process.wait(5)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(server: Server, query: str, timeout: float) -> tuple[int, float]:
    """Status (0 for none) and seconds of one query."""
    address = f"http://127.0.0.1:{server.port}{server.path}?" + urllib.parse.urlencode({"query": query})
    began = time.monotonic()
    try:
        with urllib.request.urlopen(address, timeout=timeout) as reply:
            reply.read()
            return reply.status, time.monotonic() - began
    except urllib.error.HTTPError as error:
        return error.code, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began


def compare(names: list[str], start: Start, turn: Turn, rounds: int) -> None:
    """Measure the servers in turn and print a line for each."""
    found: dict[str, list[Measured]] = {name: [] for name in names}
    if turn.case in TORMENTS:
        for _ in range(rounds):
            for name in names:
                with start(name) as server, tormented(server, TORMENTS[turn.case]):
                    found[name].append(measured(server, turn))
    else:
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(start(name)) for name in names]
            for _ in range(rounds):
                for server in servers:
                    found[server.name].append(measured(server, turn))
    base = statistics.median(one.rate for one in found[names[0]])
    for name, turns in found.items():
        rate, p50, p99, cpu = (
            statistics.median(getattr(one, field) for one in turns) for field in ("rate", "p50", "p99", "cpu")
        )
        memory = max(one.memory for one in turns)
        errors = sum(one.errors for one in turns)
        ratio = rate / base if base else 0
        print(
            f"{turn.case:8} {turn.clients:3} clients  {name:8} {rate:9.1f}/s  ratio {ratio:5.2f}  "
            f"p50 {p50:8.2f} ms  p99 {p99:8.2f} ms  cpu {cpu:8.1f} us  memory {memory:6.1f} MB"
            + (f"  {errors} errors" if errors else ""),
            flush=True,
        )


@contextlib.contextmanager
def tormented(server: Server, query: str) -> Iterator[None]:
    """Keep a runaway query going, and see to it that its client leaves when the turn is over."""
    over = threading.Event()

    def run() -> None:
        number = 0
        while not over.is_set():
            number += 1
            ask(server, query.replace("NUMBER", str(number)), 3)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    time.sleep(0.3)
    yield
    over.set()
    thread.join(5)


def measured(server: Server, turn: Turn) -> Measured:
    """One turn with wrk."""
    command = ["wrk", "-t1", f"-c{turn.clients}", f"-d{turn.seconds:g}s", "--latency", "--timeout", "10s"]
    address = f"http://127.0.0.1:{server.port}"
    if turn.case in ("rows", "cached"):
        query = ROWS if turn.case == "rows" else CACHED
        command += [
            "-H",
            f"Accept: {JSON}",
            f"{address}{server.path}?" + urllib.parse.urlencode({"query": query}),
        ]
    else:
        script = turn.folder / "requests.lua"
        script.write_text((POST if turn.case == "post" else SMALL).replace("PATH", server.path))
        command += ["-s", str(script), address]
    before = processor_time(server.process.pid)
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    if run.stderr:
        raise RuntimeError(f"wrk: {run.stderr}")
    text = run.stdout
    after = processor_time(server.process.pid)
    count = int(re.search(r"(\d+) requests in", text)[1])  # type: ignore[index]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    cpu = sum(after[pid] - before.get(pid, 0.0) for pid in after) / max(count, 1)
    return Measured(
        float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),  # type: ignore[index]
        milliseconds(re.search(r"^\s+50%\s+([\d.]+\w+)", text, re.MULTILINE)[1]),  # type: ignore[index]
        milliseconds(re.search(r"^\s+99%\s+([\d.]+\w+)", text, re.MULTILINE)[1]),  # type: ignore[index]
        cpu * 1e6,
        int(failed[1]) if failed else 0,
        memory_of(server.process.pid),
    )


def milliseconds(text: str) -> float:
    """A duration as wrk prints it."""
    number, unit = re.match(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    return found


def processor_time(pid: int) -> dict[int, float]:
    """Seconds of processor time of each process of a tree."""
    found = {}
    for one in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            found[one] = (int(fields[11]) + int(fields[12])) / TICK
    return found


def settle(pid: int) -> None:
    """Wait until the processes of a tree have used no processor time to speak of for three seconds."""
    deadline = time.monotonic() + SETTLED
    before = -1.0
    while (now := sum(processor_time(pid).values())) - before > 0.05 and time.monotonic() < deadline:
        before = now
        time.sleep(3)


def memory_of(pid: int) -> float:
    """Megabytes that a tree holds for itself: proportional set size."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


if __name__ == "__main__":
    sys.exit(main())
