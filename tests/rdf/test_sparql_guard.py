"""What is refused before an engine sees it, and that looking takes time in proportion to the text."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

from bempeg_kg import KnowledgeGraph, QueryError
from bempeg_kg.cli import main
from bempeg_kg.rdf.sparql import guard, lexer, text

#: Texts that Oxigraph takes for a call of a service; PLACE is an address.
CALLS = {
    "plain": "SELECT * { SERVICE <PLACE> { ?s ?p ?o } }",
    "no space": "SELECT * {SERVICE<PLACE>{?s ?p ?o}}",
    "behind a blank node": "SELECT * { [] SERVICE<PLACE>{?s ?p ?o} }",
    "silent": "SELECT * { SeRvIcE SILENT <PLACE> { ?s ?p ?o } }",
    "behind a comparison": "SELECT * {VALUES(?a ?b){(1 2)}FILTER(?a<?b)SERVICE#>\n<PLACE>{?s ?p ?o}}",
    "comment that a carriage return ends": "SELECT * { #\rSERVICE <PLACE> { ?s ?p ?o } }",
    "comparison, then a long string in a comment": (
        "SELECT * {VALUES(?a ?b){(1 2)}FILTER(?a<?b#>'''\n)SERVICE <PLACE>{?s ?p ?o} #'''\n}"
    ),
    "comparison, then a string": "SELECT * { BIND(1 AS ?a) FILTER(?a<'#>') SERVICE <PLACE> {?s ?p ?o} #'\n}",
    "a number before it": "SELECT * { FILTER(1 = 1)SERVICE <PLACE> { ?s ?p ?o } }",
    "variable address": "SELECT * { VALUES ?a { <PLACE> } SERVICE ?a { ?s ?p ?o } }",
    "prefixed address": "PREFIX x: <PLACE> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "keyword that touches the address": "PREFIX x: <PLACE> SELECT * { SERVICEx: { ?s ?p ?o } }",
    "escaped": "SELECT * { \\u0053ERVICE <PLACE> { ?s ?p ?o } }",
}
#: Texts that say the word and call nothing.
HARMLESS = (
    "ASK { ?s ?p 'SERVICE' }",
    "ASK { ?s ?p '''say \"SERVICE\" ''' } # SERVICE <urn:a>",
    "ASK { ?service a <http://example.org/service#Kind> }",
    "ASK { ?s a ?c FILTER(?c = <http://example.org/service#Kind>) }",
    "SELECT * { VALUES (?a ?b) { (<urn:service#a> <urn:service#b>) (1 <urn:service#c>) } }",
    "PREFIX : <urn:> ASK { ?s :service :self-service }",
    "SELECT (COUNT(*) AS ?service) { ?s ?p ?o }",
)
#: Eighteen shapes that made patterns of ours or of others go back again and again.
SHAPES = (
    *('"\\', "<", "#PREFIX ", "PREFIX ", "'''", '"""a', "{", "(", "<a"),
    *("?a<", "a.", "ex:a.", "_:", "\n#", "@en-", "OPTIONAL{}", "PREFIX a:\t", "\\u0041"),
)


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that counts who calls."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/x", calls
    server.shutdown()


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


@pytest.mark.parametrize("name", CALLS)
def test_no_query_calls_a_service(name: str, kg: KnowledgeGraph, listener: tuple[str, list[str]]) -> None:
    place, calls = listener
    query = CALLS[name].replace("PLACE", place)
    with pytest.raises(QueryError):
        kg.query(query)
    assert main(["query", query]) == 2
    assert calls == []


@pytest.mark.parametrize("name", CALLS)
def test_no_live_query_calls_a_host_that_is_not_listed(
    name: str, kg: KnowledgeGraph, listener: tuple[str, list[str]]
) -> None:
    place, calls = listener
    with pytest.raises(Exception, match=r"SERVICE|allow|address|engine|expected|prefix|private|host"):
        kg.federated().query(CALLS[name].replace("PLACE", place))
    assert calls == []


@pytest.mark.parametrize("engine", ["memory", "rdflib"])
@pytest.mark.thorough
def test_from_fetches_nothing(engine: str, listener: tuple[str, list[str]]) -> None:
    place, calls = listener
    graph = KnowledgeGraph.open(engine=engine)
    assert graph.query(f"ASK FROM <{place}> {{ ?s ?p ?o }}") is False
    assert graph.query(f"ASK FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") is False
    assert calls == []


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_alone_calls_nothing(query: str, kg: KnowledgeGraph) -> None:
    assert guard.problem(query) is None
    kg.query(query)


def test_a_rule_of_a_data_folder_calls_no_service(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    place, calls = listener
    (tmp_path / "data").mkdir()
    (tmp_path / "queries" / "rules").mkdir(parents=True)
    catalogue = (
        '@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .\n<> kg:base "https://example.org/my/" .\n'
    )
    (tmp_path / "data" / "catalogue.ttl").write_text(catalogue)
    rule = CALLS["behind a comparison"].replace("PLACE", place)
    (tmp_path / "queries" / "rules" / "calls.rq").write_text(f"#+ summary: calls out\n{rule}\n")
    assert main(["--data", str(tmp_path), "check"]) != 0
    assert calls == []


@pytest.mark.parametrize(
    "deep",
    [
        "ASK { " + "{" * 3000 + "}" * 3000 + " }",
        "ASK { FILTER(" + "(" * 3000 + "true" + ")" * 3000 + ") }",
        "ASK { FILTER(" + "true || " * 10000 + "true) }",
        "ASK { " + "{} UNION " * 7000 + "{} }",
        "ASK { ?s " + "<urn:p>/" * 10000 + "<urn:p> ?o }",
        "ASK { FILTER(" + "STR(" * 3000 + "1" + ")" * 3001 + " }",
        "ASK { FILTER(" + "!" * 10000 + "true) }",
        "ASK { " + "OPTIONAL {} " * 5000 + "}",
        "ASK { ?s <urn:p> " + "[ <urn:p> " * 3000 + "1" + "]" * 3000 + " }",
    ],
)
def test_what_would_overflow_the_engine_is_refused(deep: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match=r"nested|operators or parts"):
        kg.query(deep)


def test_a_query_just_within_the_limits_runs(kg: KnowledgeGraph) -> None:
    nested = guard.DEEPEST - 2
    assert kg.query("ASK { FILTER(" + "(" * nested + "true" + ")" * nested + ") }") is True
    assert kg.query("ASK { FILTER(" + "true || " * (guard.LONGEST - 2) + "true) }") is True


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.thorough
def test_looking_at_a_text_takes_time_in_proportion(shape: str) -> None:
    def seconds(size: int) -> float:
        sample = shape * (size // len(shape))
        best = 60.0
        for _ in range(3):
            began = process_time()
            guard.problem(sample + " service now")
            text.shadow(sample)
            text.undeclared(sample)
            text.shape(sample)
            best = min(best, process_time() - began)
        return best

    small, middle, large = (seconds(size) for size in (1_000, 10_000, 60_000))
    # a quadratic pattern takes 100 and 3,600 times as long
    assert middle < 40 * small + 0.05
    assert large < 240 * small + 0.3


@pytest.mark.parametrize("sample", [*CALLS.values(), *HARMLESS, *SHAPES, "a.b-c ex:a.b. 1.5e3 _:x. é \x00"])
def test_tokens_joined_are_the_text(sample: str) -> None:
    assert "".join(token.text for token in lexer.tokens(sample)) == sample
    assert len(text.shadow(sample)) == len(sample)


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are limited on Linux only")
def test_a_confined_process_opens_no_socket_even_into_a_gap() -> None:
    program = """
import os, socket
from bempeg_kg.web.workers.process import confine
gap = os.open(os.devnull, os.O_RDONLY); high = os.open(os.devnull, os.O_RDONLY); os.close(gap)
confine(0, files=False)
for opened in (lambda: socket.socket(), lambda: open(os.devnull), lambda: os.pipe()):
    try:
        opened()
    except OSError:
        continue
    raise SystemExit("opened")
print("closed")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "closed", done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are limited on Linux only")
def test_a_confined_process_opens_the_files_of_a_large_store_and_no_more(tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"{number:06}.sst").touch()
    program = """
import os, sys
from bempeg_kg.web.workers import process
confined = process._opened_later(sys.argv[1])
process.confine(0, files=False, spare=confined)
opened = []
try:
    while True:
        opened.append(os.open(os.devnull, os.O_RDONLY))
except OSError:
    print(confined, len(opened))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["3", "3"], done.stderr
