"""SERVICE: off by default; when on, within a list of hosts and limits, and never for ever.

The live questions run for real against a local server with a small slice in each service's own vocabulary.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from urllib.request import Request, urlopen

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.engines.federation import service_blocks
from bempeg_kg.engines.outside import PUBLIC_SERVICES, Guard, Limits
from bempeg_kg.errors import BempegError, EngineError, EngineTimeout, QueryError, UsageError

LIVE = Path(__file__).parents[1] / "live"
SERVICES = {
    "uniprot": "https://sparql.uniprot.org/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
    "chembl": "https://idsm.elixir-czech.cz/sparql/endpoint/idsm",
    "wikipathways": "https://sparql.wikipathways.org/sparql",
}
QUERY = """SELECT ?drug ?x { ?drug a kg:Drug SERVICE <https://service.example/> { ?drug <urn:p> ?x } }
    ORDER BY ?drug"""


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local SPARQL server with a graph a service; the union of them is its default graph."""
    program = Path(sys.executable).parent / "oxigraph"
    if not program.exists():
        pytest.skip("the package oxigraph has no server here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("oxigraph")
    command = [str(program), "serve", "-l", str(folder), "-b", f"127.0.0.1:{port}", "--union-default-graph"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(base)
        for name in SERVICES:
            body = (LIVE / f"{name}.ttl").read_bytes()
            put = Request(
                f"{base}/store?graph=urn:{name}", body, {"Content-Type": "text/turtle"}, method="PUT"
            )
            urlopen(put, timeout=10).close()
        yield base
    finally:
        process.terminate()
        process.wait(10)


def _wait(base: str) -> None:
    end = monotonic() + 20
    while True:
        try:
            urlopen(f"{base}/query?query=ASK%7B%7D", timeout=1).close()
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.05)
        else:
            return


def live(base: str, **options: object) -> KnowledgeGraph:
    """The graph with every service at a local address."""
    at = dict.fromkeys((*SERVICES.values(), "https://service.example/"), f"{base}/query")
    return graph().federated(allow=[base.removeprefix("http://")], at=at, **options)


def test_the_live_questions_join_by_identifier(server: str) -> None:
    kg = live(server)
    names = kg.names

    uniprot = {names.shorten(row["target"]): row for row in kg.ask("uniprot-entries")}
    assert set(uniprot) == {"protein:il2rb", "protein:pd1"}
    assert uniprot["protein:il2rb"]["mnemonic"] == "IL2RB_HUMAN"
    assert uniprot["protein:il2rb"]["gene"] == "IL2RB"
    assert uniprot["protein:pd1"]["gene"] is None

    (drug,) = kg.ask("wikidata-drugs")
    assert names.shorten(drug["drug"]) == "drug:nivolumab"
    assert (drug["chembl"], drug["ourChembl"], drug["agrees"]) == ("CHEMBL2108738", "CHEMBL2108738", True)
    assert drug["itemLabel"] == "nivolumab"

    (mechanism,) = kg.ask("chembl-mechanisms")
    assert (names.shorten(mechanism["drug"]), mechanism["action"]) == ("drug:nivolumab", "ANTAGONIST")

    (pathway,) = kg.ask("wikipathways-pathways")
    assert (names.shorten(pathway["target"]), pathway["title"]) == ("protein:il2rb", "IL2 signaling")


def test_every_live_question_is_marked_and_asks_a_listed_host() -> None:
    questions = [question for question in graph().questions if question.live]
    assert len(questions) == 4
    for question in questions:
        assert "live" in question.tags
        for block in service_blocks(question.sparql):
            assert block.service.split("/")[2] in PUBLIC_SERVICES


def test_service_is_off_by_default() -> None:
    with pytest.raises(QueryError, match="SERVICE is off"):
        graph().ask("uniprot-entries")
    with pytest.raises(QueryError, match="SERVICE is off"):
        graph().query(QUERY)


def test_a_query_without_service_is_answered_as_ever(server: str) -> None:
    assert live(server).query("ASK { drug:nivolumab a kg:Drug }") is True


def test_two_services_optional_parts_and_filters_on_what_a_service_binds(server: str) -> None:
    kg = live(server)
    table = kg.select(
        """PREFIX up: <http://purl.uniprot.org/core/> PREFIX wp: <http://vocabularies.wikipathways.org/wp#>
        SELECT ?protein ?mnemonic ?node { ?protein a kg:Target ; skos:exactMatch ?entry
            FILTER(STRSTARTS(STR(?entry), "http://purl.uniprot.org/"))
            SERVICE <https://sparql.uniprot.org/sparql> { ?entry up:mnemonic ?mnemonic }
            FILTER(STRSTARTS(?mnemonic, "IL2"))
            BIND(IRI(CONCAT("https://identifiers.org/uniprot/", STRAFTER(STR(?entry), "uniprot/"))) AS ?x)
            OPTIONAL { SERVICE <https://sparql.wikipathways.org/sparql> { ?node wp:bdbUniprot ?x } }
        } ORDER BY ?protein"""
    )
    assert [(kg.names.shorten(row["protein"]), row["mnemonic"]) for row in table] == [
        ("protein:il2rb", "IL2RB_HUMAN")
    ]
    assert table[0]["node"] == "https://example.org/node/1"


def test_ask_and_construct_with_service(server: str) -> None:
    kg = live(server)
    block = (
        "SERVICE <https://sparql.uniprot.org/sparql> { ?entry <http://purl.uniprot.org/core/mnemonic> ?m }"
    )
    assert kg.query(f"ASK {{ protein:il2rb skos:exactMatch ?entry {block} }}") is True
    made = kg.query(
        f"CONSTRUCT {{ ?entry rdfs:label ?m }} {{ protein:il2rb skos:exactMatch ?entry {block} }}"
    )
    assert isinstance(made, list)
    assert [triple.object.value for triple in made] == ["IL2RB_HUMAN"]


# what a service can do wrong


class Bad(BaseHTTPRequestHandler):
    """A service that misbehaves as its path says."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, f"_{self.path.strip('/')}")()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _start(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/sparql-results+json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _hang(self) -> None:
        sleep(30)

    def _error(self) -> None:
        self._start(500)
        self.wfile.write(b"the store is on fire")

    def _malformed(self) -> None:
        self._start()
        self.wfile.write(b'{"head": {"vars": ["drug"')

    def _html(self) -> None:
        self._start(200, **{"Content-Type": "text/html"})
        self.wfile.write(b"<html>busy</html>")

    def _badiri(self) -> None:
        self._rows([{"drug": {"type": "uri", "value": "not an iri <>"}}])

    def _endless(self) -> None:
        self._start()
        try:
            self.wfile.write(b'{"head": {"vars": ["drug"]}, "results": {"bindings": [')
            while True:
                self.wfile.write(b'{"drug": {"type": "literal", "value": "again"}},' * 1000)
        except OSError:
            return

    def _drip(self) -> None:
        self._start()
        try:
            for _ in range(300):
                self.wfile.write(b" ")
                self.wfile.flush()
                sleep(0.1)
        except OSError:
            return

    def _redirect(self) -> None:
        self._start(302, Location="http://169.254.169.254/")

    def _many(self) -> None:
        self._rows([{"drug": {"type": "literal", "value": str(n)}} for n in range(50)])

    def _cut(self) -> None:
        self._start(200, **{"Content-Length": "1000"})
        self.wfile.write(b"{")

    def _rows(self, rows: list[dict[str, dict[str, str]]]) -> None:
        self._start()
        body = {"head": {"vars": ["drug", "x"]}, "results": {"bindings": rows}}
        self.wfile.write(json.dumps(body).encode())


@pytest.fixture(scope="module")
def bad() -> Iterator[str]:
    service = ThreadingHTTPServer(("127.0.0.1", 0), Bad)
    service.daemon_threads = True
    threading.Thread(target=service.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_address[1]}"
    service.shutdown()


@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("hang", EngineTimeout, "within 1 s"),
        ("drip", EngineTimeout, "within 1 s"),
        ("error", EngineError, "answered 500: the store is on fire"),
        ("malformed", EngineError, "not SPARQL results"),
        ("html", EngineError, "not SPARQL results"),
        ("badiri", EngineError, "not SPARQL results"),
        ("endless", EngineError, "larger than 100,000 bytes"),
        ("redirect", EngineError, "redirects to http://169.254.169.254/"),
        ("many", EngineError, "more than 10 rows"),
        ("cut", EngineError, "closed the connection"),
    ],
)
def test_a_service_that_misbehaves_gives_a_clear_error_in_bounded_time(
    bad: str, path: str, error: type[Exception], said: str
) -> None:
    limits = Limits(seconds=1.0, bytes=100_000, rows=10)
    at = {"https://service.example/": f"{bad}/{path}"}
    host = bad.removeprefix("http://")
    begun = monotonic()
    with pytest.raises(error, match=said) as caught:
        graph().federated(allow=[host], at=at, limits=limits).query(QUERY)
    assert monotonic() - begun < 3.0
    assert isinstance(caught.value, BempegError)
    assert caught.value.exit_code == 3
    partial = graph().federated(allow=[host], at=at, limits=limits, partial=True)
    table = partial.select(QUERY)
    assert partial.engine.remarks  # type: ignore[attr-defined]
    if path != "many":
        assert len(table) == len(graph().select("SELECT ?d { ?d a kg:Drug }"))
        assert set(table.column("x")) == {None}


def test_a_refused_connection_is_reported() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    at = {"https://service.example/": f"http://{host}/"}
    with pytest.raises(EngineError, match="cannot be reached"):
        graph().federated(allow=[host], at=at).query(QUERY)


def test_silent_leaves_out_what_fails(bad: str) -> None:
    kg = graph().federated(
        allow=[bad.removeprefix("http://")], at={"https://service.example/": f"{bad}/error"}
    )
    table = kg.select(QUERY.replace("SERVICE", "SERVICE SILENT"))
    assert set(table.column("x")) == {None}
    assert "answered 500" in kg.engine.remarks[0]  # type: ignore[attr-defined]


# which services may be asked


@pytest.mark.parametrize(
    ("address", "allow", "said"),
    [
        ("https://evil.example/sparql", [], "not on the list"),
        ("https://sparql.uniprot.org:8443/sparql", [], "not on the list"),
        ("http://user:word@sparql.uniprot.org/sparql", [], "not the address of a service"),
        ("ftp://sparql.uniprot.org/", [], "not the address of a service"),
        ("file:///etc/passwd", [], "not the address of a service"),
        ("http://127.0.0.1/", [], "not on the list"),
        ("http://localhost/", [], "not on the list"),
        ("http://[::1]/", [], "not on the list"),
        (
            "http://[::ffff:127.0.0.1]/",
            ["::ffff:127.0.0.1", "::ffff:7f00:1"],
            "127.0.0.1, which is not a public",
        ),
        ("http://169.254.169.254/", [], "not on the list"),
    ],
)
def test_a_service_that_is_not_listed_or_not_public_is_refused(
    address: str, allow: list[str], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Guard([*PUBLIC_SERVICES, *allow]).select(address, "ASK {}", monotonic() + 5)


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.0.0.7",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "64:ff9b::a00:7",
        "2002:a00:7::1",
        "0.0.0.0",
    ],
)
def test_a_listed_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    told = [(family, socket.SOCK_STREAM, 6, "", (inside, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told)
    with pytest.raises(UsageError, match="not a public address"):
        Guard(PUBLIC_SERVICES).select("https://sparql.uniprot.org/sparql", "ASK {}", monotonic() + 5)


def test_a_look_up_that_hangs_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: sleep(20))
    begun = monotonic()
    with pytest.raises(EngineTimeout, match="not found in time"):
        Guard(PUBLIC_SERVICES).select("https://sparql.uniprot.org/sparql", "ASK {}", monotonic() + 0.3)
    assert monotonic() - begun < 2


def test_a_look_up_of_a_name_that_no_host_can_have() -> None:
    host = f"{'a' * 64}.org"
    with pytest.raises(EngineError, match="cannot be found: not a host name"):
        Guard([host]).select(f"https://{host}/sparql", "ASK {}", monotonic() + 5)


def test_no_proxy_of_the_environment_is_used(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert len(live(server).ask("chembl-mechanisms")) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?s skos:exactMatch ?u SERVICE ?u { ?a ?b ?c } }", "fixed address"),
        ("SELECT * { SERVICE <urn:a> { SERVICE <urn:b> { ?a ?b ?c } } }", "inside a SERVICE"),
        ("SELECT * { SERVICE <urn:a> ?x }", "has no pattern"),
        ("SELECT * { SERVICE <urn:a> { ?a ?b ?c }", "never closed"),
    ],
)
def test_a_service_that_cannot_be_asked_is_refused(query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        graph().federated().query(query)


def test_the_command_says_how_to_go_live(
    server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    assert main(["ask", "chembl-mechanisms"]) == 2
    assert "--live" in capfd.readouterr().err
    host = server.removeprefix("http://")
    there = ["--live", "--allow", host, "--service-at", f"{SERVICES['chembl']}={server}/query"]
    assert main(["ask", "chembl-mechanisms", *there, "--format", "csv"]) == 0
    assert "ANTAGONIST" in capfd.readouterr().out
    nowhere = [*there[:3], "--service-at", f"{SERVICES['chembl']}={server}/nowhere"]
    assert main(["ask", "chembl-mechanisms", *nowhere]) == 3
    assert main(["ask", "chembl-mechanisms", *nowhere, "--partial", "--format", "csv"]) == 0
    assert "left out" in capfd.readouterr().err
    assert main(["ask", "drug-targets", "--allow", host]) == 2
    assert main(["ask", "chembl-mechanisms", "--live", "--service-at", "nothing"]) == 2
    assert main(["ask", "chembl-mechanisms", "--live", "--seconds", "0"]) == 2
