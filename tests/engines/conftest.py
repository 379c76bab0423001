"""The engines that the compliance suite runs on, each with the same statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from pyoxigraph import Quad, Store

from bempeg_kg import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.http import Http
from bempeg_kg.engines.loading import load_file
from bempeg_kg.engines.rdflib_engine import Rdflib
from bempeg_kg.engines.remote import Remote
from bempeg_kg.errors import EngineError
from tests.engines.servers import VIRTUOSO_ENVIRONMENT, oxigraph, virtuoso

if TYPE_CHECKING:
    from bempeg_kg.engines.engine import Engine

    Open = Callable[[str, list[Quad]], Engine]

ENGINES = [
    "memory",
    "disk",
    "rdflib",
    pytest.param("oxigraph", marks=pytest.mark.server),
    pytest.param("virtuoso", marks=pytest.mark.virtuoso),
]
DATA = Path(__file__).parent / "compliance.ttl"
GRAPH = "https://example.org/compliance"
#: What the suite loads besides: enough rows that a store which cuts answers at 1,000 has to be asked thrice.
MANY = 2_500


def many() -> list[Quad]:
    """Statements of a second graph, one a number."""
    from pyoxigraph import Literal, NamedNode

    return [
        Quad(
            NamedNode(f"https://example.org/n/{number:05}"),
            NamedNode("https://example.org/number"),
            Literal(number),
            NamedNode(GRAPH + "/many"),
        )
        for number in range(MANY)
    ]


def write_nquads(quads: list[Quad], path: Path) -> None:
    """Write statements a graph at a time, as the importer does."""
    from pyoxigraph import RdfFormat, serialize

    ordered = sorted(quads, key=lambda quad: str(quad.graph_name))
    path.write_bytes(serialize(ordered, format=RdfFormat.N_QUADS) or b"")


@pytest.fixture(scope="session")
def open_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A function from the name of an engine and statements to an engine that holds them."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def opened(name: str, quads: list[Quad]) -> Engine:
            if name == "memory":
                return Embedded.of_quads(quads)
            if name == "rdflib":
                return Rdflib(quads)
            folder = tmp_path_factory.mktemp(name)
            if name == "disk":
                store = Store(str(folder / "store"))
                store.bulk_extend(quads)
                store.flush()
                del store
                return Embedded(Store.read_only(str(folder / "store")))
            write_nquads(quads, folder / "data.nq")
            if name == "oxigraph":
                endpoint = stack.enter_context(oxigraph(folder))
                load_file(endpoint, str(folder / "data.nq"), http=Http(endpoint, environment={}))
            else:
                endpoint = stack.enter_context(virtuoso(folder, rows=1_000))
                http = Http(endpoint, environment=VIRTUOSO_ENVIRONMENT)
                load_file(endpoint, str(folder / "data.nq"), http=http)
            return Remote(endpoint, http=Http(endpoint, environment={}))

        yield opened


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, open_engine: Open) -> Engine:
    """Each engine with the data of the compliance suite."""
    return open_engine(request.param, [*parse_file(str(DATA), GRAPH), *many()])


class Reviving:
    """A server that is started anew when it is gone, twice at most.

    Virtuoso 7.2.5 has been seen to end with a segmentation fault at a question that it answers the next time;
    one that ends it each time still fails.
    """

    def __init__(self, start: Callable[[], Engine]) -> None:
        self._start = start
        self._engine = start()
        self._lives = 2

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def query(self, sparql: str) -> object:
        """The answer, of a fresh server if the one before is gone."""
        try:
            return self._engine.query(sparql)
        except EngineError as error:
            if "cannot be reached" not in str(error) or not self._lives:
                raise
        self._lives -= 1
        self._engine = self._start()
        return self._engine.query(sparql)


@pytest.fixture(scope="session", params=ENGINES[3:])
def server(request: pytest.FixtureRequest, open_engine: Open) -> Engine:
    """Each server with the shipped graph."""
    return cast("Engine", Reviving(lambda: open_engine(request.param, load_quads(Content.find()))))
