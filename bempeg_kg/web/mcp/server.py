"""Tools for language models, over standard input and output: questions, terms, read-only queries, always with
sources.

Queries go to the same worker processes as those of the web endpoint: no network, no files, no updates, and
limits of time, memory and rows. What the tools do is in :mod:`bempeg_kg.web.mcp.tools`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from bempeg_kg._version import __version__
from bempeg_kg.errors import BempegError, EngineError, UsageError
from bempeg_kg.web.config import Config
from bempeg_kg.web.endpoint.mistakes import tool_error_text
from bempeg_kg.web.limits import Limits, PoolError
from bempeg_kg.web.mcp.tools import Tools
from bempeg_kg.web.opened import open_graph, run_folder
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.pool import Pool

if TYPE_CHECKING:
    from mcp.server import MCPServer

LIMITS = Limits(seconds=10.0, memory=1 << 30, size=1 << 20, workers=1, slow=2)

ABOUT = (
    "An evidence graph of a drug programme: mechanism, trials, results as printed, comparisons, and what "
    "documents claim. Start with list_questions or find_terms; ask runs a question; query runs read-only "
    "SPARQL. Cite the sources that an answer carries, and say what basis it has: derived means computed "
    "here, seed means stated by one audited guide alone. Long answers are cut; a field 'cut' says so, and "
    "how to get the rest."
)


@contextmanager
def _tool_errors() -> Iterator[None]:
    """Raise errors of the package as those of a tool, which a model reads."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except BempegError as error:
        raise ToolError(tool_error_text(error)) from None


def build(tools: Tools) -> MCPServer:
    """The server with its tools."""
    from mcp.server import MCPServer

    server = MCPServer("bempeg-kg", version=__version__, instructions=ABOUT)

    async def list_questions(words: str = "") -> dict[str, Any]:
        """List the questions that the graph answers, a line each; with words, or a name, those that fit, with
        parameters and descriptions."""
        return await asyncio.to_thread(tools.list_questions, words)

    async def ask(name: str, parameters: dict[str, Any] | None = None, offset: int = 0) -> dict[str, Any]:
        """Answer a question, by its name as list_questions gives it or by a sentence; rows from offset on,
        with sources and basis."""
        with _tool_errors():
            return await tools.ask(name, parameters, offset)

    async def find_terms(words: str) -> dict[str, Any]:
        """Find entities by a part of a label, synonym or accession."""
        with _tool_errors():
            return await asyncio.to_thread(tools.find_terms, words)

    async def describe(term: str, property: str = "", offset: int = 0) -> dict[str, Any]:  # noqa: A002
        """What is stated about an entity (CURIE, IRI, accession or label), in both directions: counts by
        property and the most telling statements; with a property, such as kg:trial, all of that, from offset
        on."""
        with _tool_errors():
            return await tools.describe(term, property, offset)

    async def schema() -> dict[str, Any]:
        """Classes and properties in use, with counts, and the declared prefixes."""
        return await asyncio.to_thread(tools.schema)

    async def query(sparql: str) -> dict[str, Any]:
        """Run a read-only SPARQL query, ten seconds at most; declared prefixes are known. CONSTRUCT and
        DESCRIBE give triples as rows."""
        with _tool_errors():
            return await tools.query(sparql)

    for tool in (list_questions, ask, find_terms, describe, schema, query):
        server.add_tool(tool)
    return server


@asynccontextmanager
async def opened(data: list[str] | None) -> AsyncIterator[Tools]:
    """Tools over the graph, with a worker that ends with them."""
    with run_folder(data or ()) as folder:
        config = Config(folder, data=tuple(data or ()), limits=LIMITS)
        kg = open_graph(config)
        settings = frames.Settings(
            f"{folder}/store", LIMITS.seconds, LIMITS.memory, LIMITS.size, prefixes=dict(kg.names.prefixes)
        )
        spawner = Spawner(folder)
        pool = Pool(settings, LIMITS, spawner)
        computers = Pool(config, LIMITS.computing, spawner, "compute")
        try:
            await _start(pool)
            yield Tools(kg, pool, computers)
        finally:
            await pool.close()
            await computers.close()
            spawner.close()


async def _start(pool: Pool) -> None:
    try:
        await pool.start()
    except PoolError as error:
        raise EngineError(str(error), cure="Give it more memory, or load less data.") from None


def run(data: list[str] | None) -> None:
    """Serve until standard input ends. Raises UsageError without the package ``mcp``."""
    try:
        import mcp.server  # noqa: F401
    except ImportError:
        raise UsageError("the package mcp is not installed", cure="pip install 'bempeg-kg[mcp]'") from None

    async def serve() -> None:
        """Open the graph and answer on standard input and output until it ends."""
        async with opened(data) as tools:
            await build(tools).run_stdio_async()

    asyncio.run(serve())
