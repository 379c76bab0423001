"""Statements into a remote store: the Graph Store Protocol where it has one, else SPARQL Update.

A graph is replaced as a whole, so a load that was cut off is simply run again: nothing is doubled.
"""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from bempeg_kg.engines.http import Http, timeout_from
from bempeg_kg.errors import EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Statements a request, for stores that take only updates.
_BATCH = 2000
#: A graph that each load adds to, since it describes what records share; the others are replaced.
ADDED_TO = "/data/trials/registry-entities.ttl"
#: path of the query endpoint -> paths of the graph store and of updates, as servers lay them out
_LAYOUTS = {
    "/query": ("/store", "/update"),  # Oxigraph
    "/sparql": ("/sparql-graph-crud-auth", "/sparql-auth"),  # Virtuoso
}


class Addresses(NamedTuple):
    """Where a store takes graphs and updates; empty if it is not known."""

    graphs: str
    updates: str


def addresses_of(endpoint: str) -> Addresses:
    """Where a store takes data: by `BEMPEG_GRAPH_STORE` and `BEMPEG_UPDATE`, else by its layout.

    >>> addresses_of("http://127.0.0.1:7878/query").graphs
    'http://127.0.0.1:7878/store'
    """
    parts = urlsplit(endpoint)
    graphs, updates = "", ""
    for path, (store, update) in _LAYOUTS.items():
        if parts.path.rstrip("/").endswith(path):
            stem = parts.path.rstrip("/").removesuffix(path)
            graphs = urlunsplit((parts.scheme, parts.netloc, stem + store, "", ""))
            updates = urlunsplit((parts.scheme, parts.netloc, stem + update, "", ""))
    return Addresses(os.environ.get("BEMPEG_GRAPH_STORE", graphs), os.environ.get("BEMPEG_UPDATE", updates))


def load_file(
    endpoint: str, path: str, *, http: Http | None = None, progress: Callable[[str], None] | None = None
) -> int:
    """Load a file of N-Quads, replacing each graph in it; how many graphs there were.

    It is faster where the statements of a graph stand together, as `import` writes them. Raises EngineError
    if the store cannot be reached or refuses, OSError for the file.
    """
    with open(path, "rb") as stream:
        return load_graphs(endpoint, graphs_of(stream), http=http, progress=progress)


def graphs_of(lines: Iterable[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """(graph IRI, its statements as N-Triples) of N-Quads lines, as the graphs follow each other."""
    graph = b""
    triples: list[bytes] = []
    for line in lines:
        head, _, home = line.rstrip(b" .\n").rpartition(b" ")
        if home != graph:
            if triples:
                yield graph[1:-1].decode(), triples
            graph, triples = home, []
        triples.append(head + b" .\n")
    if triples:
        yield graph[1:-1].decode(), triples


def load_graphs(
    endpoint: str,
    graphs: Iterable[tuple[str, list[bytes]]],
    *,
    http: Http | None = None,
    progress: Callable[[str], None] | None = None,
) -> int:
    """Replace each graph in the store behind a query endpoint; how many different ones there were."""
    where = addresses_of(endpoint)
    if not (where.graphs or where.updates):
        raise EngineError(
            "no address for loading data into this store is known",
            where=endpoint,
            cure="Name the address in BEMPEG_GRAPH_STORE (Graph Store Protocol) or BEMPEG_UPDATE.",
        )
    http = http or Http(endpoint, timeout=timeout_from(os.environ, 300.0))
    seen: set[str] = set()
    for graph, triples in graphs:
        # A graph that comes back later in the file is added to, not replaced again.
        again = graph in seen or graph.endswith(ADDED_TO)
        seen.add(graph)
        if where.graphs:
            _store(http, where.graphs, graph, b"".join(triples), "POST" if again else "PUT")
        else:
            _update(http, where.updates, graph, triples, again)
        if progress:
            progress(graph)
    return len(seen)


def _store(http: Http, address: str, graph: str, body: bytes, method: str) -> None:
    # N-Triples is Turtle, and every store takes Turtle.
    url = f"{address}?graph={quote(graph, safe='')}"
    response = http.send(method, url, body, Content_Type="text/turtle; charset=utf-8")
    if response.status >= 300:
        excerpt = response.body[:300].decode("utf-8", "replace").strip()
        raise EngineError(f"the store refused a graph ({response.status}): {excerpt}", where=graph)


def _update(http: Http, address: str, graph: str, triples: list[bytes], again: bool) -> None:
    """Replace a graph by updates. Cut off in between it holds a part, and the next run replaces that."""
    if not again:
        _send_update(http, address, graph, f"DROP SILENT GRAPH <{graph}>".encode())
    for start in range(0, len(triples), _BATCH):
        body = b"".join(triples[start : start + _BATCH])
        _send_update(http, address, graph, f"INSERT DATA {{ GRAPH <{graph}> {{\n".encode() + body + b"} }")


def _send_update(http: Http, address: str, graph: str, update: bytes) -> None:
    response = http.send("POST", address, update, Content_Type="application/sparql-update")
    if response.status >= 300:
        excerpt = response.body[:300].decode("utf-8", "replace").strip()
        raise EngineError(f"the store refused an update ({response.status}): {excerpt}", where=graph)
