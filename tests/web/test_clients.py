"""Clients that people use, unchanged, against the endpoint."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.serving import BASE, Server

QUERY = f"SELECT ?n ?name WHERE {{ ?t a <{BASE}Thing> ; <{BASE}number> ?n ; <{BASE}name> ?name }} ORDER BY ?n"
EXPECTED = [(str(i), f"part {i}") for i in range(4)]


def test_sparqlwrapper(server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    for method in (wrapper.GET, wrapper.POST):
        for form in (wrapper.JSON, wrapper.XML, wrapper.CSV, wrapper.TSV):
            client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
            client.setMethod(method)
            client.setReturnFormat(form)
            client.setQuery(QUERY)
            found = client.queryAndConvert()
            if form == wrapper.JSON:
                rows = found["results"]["bindings"]
                assert [(row["n"]["value"], row["name"]["value"]) for row in rows] == EXPECTED
            else:
                text = found.toxml() if form == wrapper.XML else found.decode()
                assert all(name in text for _, name in EXPECTED)
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    for form in (wrapper.TURTLE, wrapper.RDFXML, wrapper.JSONLD):
        client.setQuery(f"CONSTRUCT WHERE {{ ?t <{BASE}number> ?n }}")
        client.setReturnFormat(form)
        assert client.queryAndConvert()
    client.setQuery(f"DESCRIBE <{BASE}thing1>")
    client.setReturnFormat(wrapper.RDFXML)
    assert len(client.queryAndConvert()) == 3


def test_rdflib_sparqlstore(server: Server) -> None:
    from rdflib import Graph, URIRef
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    for method in ("GET", "POST", "POST_FORM"):
        store = SPARQLStore(f"{server.url}/sparql", method=method)
        graph = Graph(store)
        assert [(str(row[0]), str(row[1])) for row in graph.query(QUERY)] == EXPECTED
        assert len(list(graph.triples((URIRef(f"{BASE}thing2"), None, None)))) == 3
        assert bool(graph.query("ASK {}"))
        assert len(graph.query(f"CONSTRUCT WHERE {{ ?t <{BASE}number> ?n }}").graph or []) == 4
    for form in ("xml", "json"):
        graph = Graph(SPARQLStore(f"{server.url}/sparql", returnFormat=form))
        assert len(list(graph.query(QUERY))) == 4
    named = Graph(
        SPARQLStore(f"{server.url}/sparql", context_aware=True), identifier=URIRef(f"{BASE}data/part1.ttl")
    )
    assert len(named) == 3


def test_curl(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")

    def run(*arguments: str) -> str:
        command = [curl, "-sS", "--fail", *arguments, f"{server.url}/sparql"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "part 3" in run("--data-urlencode", f"query={QUERY}", "-H", "Accept: text/csv")
    assert "part 3" in run("-G", "--compressed", "--data-urlencode", f"query={QUERY}")
    assert "part 3" in run("-H", "Content-Type: application/sparql-query", "--data-binary", QUERY)
    assert "sd:Service" in run()


def test_pandas_and_duckdb_read_the_csv_by_its_address(server: Server, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    address = f"{server.url}/sparql?" + urlencode({"query": QUERY, "format": "csv"})
    frame = pandas.read_csv(address)
    assert [(str(n), name) for n, name in zip(frame["n"], frame["name"], strict=True)] == EXPECTED
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "answer.csv"  # its own HTTP client is an extension that is fetched
    path.write_bytes(server.get(QUERY, accept="text/csv").body)
    rows = duckdb.sql(f"SELECT n, name FROM read_csv('{path}') ORDER BY n").fetchall()
    assert [(str(n), name) for n, name in rows] == EXPECTED


def test_the_package_itself_as_client(server: Server) -> None:
    from bempeg_kg import KnowledgeGraph

    kg = KnowledgeGraph.open(str(Path(__file__).parent / "data"), endpoint=f"{server.url}/sparql")
    assert [tuple(str(value) for value in row.values()) for row in kg.select(QUERY)] == EXPECTED


@pytest.mark.server
def test_comunica(server: Server, tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "npm is not installed"
    assert node, "node is not installed"
    source = Path(__file__).parent / "comunica"
    for name in ("package.json", "package-lock.json", "ask.mjs"):
        shutil.copy(source / name, tmp_path)
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    done = subprocess.run(
        [node, "ask.mjs", f"{server.url}/sparql", QUERY],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:4] == [f"{number}\t{name}" for number, name in EXPECTED]
