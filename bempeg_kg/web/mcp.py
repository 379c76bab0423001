"""Tools for language models, over standard input and output: questions, terms, read-only queries, always with
sources.

Queries go to the same worker processes as those of the web endpoint: no network, no files, no updates, and
limits of time, memory and rows. Every answer names the sources and the basis of what it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from bempeg_kg.errors import BempegError, UsageError
from bempeg_kg.table import to_python
from bempeg_kg.web import mistakes, safety
from bempeg_kg.web.results import read_table
from bempeg_kg.web.workers import computing, frames
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.limits import Limits, PoolError
from bempeg_kg.web.workers.pool import Pool

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from bempeg_kg.kg import KnowledgeGraph
    from bempeg_kg.table import Table

ROWS = 200
"""Rows of an answer; a model that needs more can page with LIMIT and OFFSET."""

LIMITS = Limits(seconds=10.0, memory=1 << 30, rows=5000, workers=1, slow=2)

ABOUT = (
    "An evidence graph of a drug programme: mechanism, trials, results as printed, comparisons, and what "
    "documents claim. Start with list_questions or find_terms; ask runs a question; query runs read-only "
    "SPARQL. Cite the sources that an answer carries, and say what basis it has: derived means computed "
    "here, seed means stated by one audited guide alone."
)


class Tools:
    """What the tools do, apart from the protocol."""

    def __init__(self, kg: KnowledgeGraph, pool: Pool, computers: Pool) -> None:
        self.kg = kg
        self.pool = pool
        self.computers = computers

    def list_questions(self, words: str = "") -> list[dict[str, Any]]:
        """Questions with their parameters, those that fit the words first."""
        found = (
            [one for _, one in self.kg.questions.search(words)] if words.strip() else list(self.kg.questions)
        )
        return [
            {
                "name": one.name,
                "question": one.summary,
                "description": one.description,
                "tags": one.tags,
                "parameters": [parameter.to_dict() for parameter in one.parameters],
            }
            for one in found
            if not one.live
        ]

    async def ask(self, name: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a question."""
        question = self.kg.questions[name]
        if question.live:
            raise UsageError(f"{name} asks outside services, which these tools do not")
        if question.computed:
            task = computing.answer_task(question.name, parameters or {})
            try:
                body = await self.computers.body(task)
            except PoolError as error:
                raise UsageError(str(error)) from None
            table = computing.read_answer(body, self.kg.names)
        else:
            from bempeg_kg.binding import bound_query

            text = await asyncio.to_thread(bound_query, self.kg, question, parameters or {})
            table = await self._run(text)
        made = await asyncio.to_thread(self._answer, table)
        if question.caveat:
            made["caveat"] = question.caveat
        if not table.rows:
            made["reason"] = table.reason or question.empty or "nothing in the graph matches"
        return made

    async def query(self, sparql: str) -> dict[str, Any]:
        """The answer to a read-only query."""
        return await asyncio.to_thread(self._answer, await self._run(sparql))

    async def describe(self, term: str) -> dict[str, Any]:
        """Everything stated about an entity."""
        iri = await asyncio.to_thread(self.kg.resolve, term)
        table = await asyncio.to_thread(self.kg.show, iri)
        made = await asyncio.to_thread(self._answer, table, [iri])
        return {"term": self.kg.names.shorten(iri), "iri": iri, **made}

    def find_terms(self, words: str) -> dict[str, Any]:
        """Entities whose names hold the words."""
        return self._answer(self.kg.find(words, limit=30))

    def schema(self) -> dict[str, Any]:
        """Classes and properties in use with their counts, and the prefixes that need no declaration."""
        counted = {
            "classes": "SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(DISTINCT ?s) AS ?n) { ?s a ?t . "
            "?t rdfs:label ?l "
            "FILTER(STRSTARTS(STR(?t), STR(kg:))) } GROUP BY ?t ORDER BY DESC(?n) ?t",
            "properties": "SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(*) AS ?n) { ?s ?t ?o . ?t rdfs:label ?l "
            "FILTER(STRSTARTS(STR(?t), STR(kg:))) } GROUP BY ?t ORDER BY DESC(?n) ?t",
        }
        made: dict[str, Any] = {
            name: [[self.kg.names.shorten(row["t"]), row["label"], row["n"]] for row in self.kg.select(query)]
            for name, query in counted.items()
        }
        made["prefixes"] = dict(self.kg.names.prefixes)
        made["note"] = (
            "Each result, comparison, step and claim is a node with kg:source, prov:wasDerivedFrom, kg:basis."
        )
        return made

    async def _run(self, sparql: str) -> Table:
        try:
            text = safety.examine(sparql)
            asked = frames.Request(sparql, graph="", has_dataset=text.has_dataset)
            body = await self.pool.body(asked)
        except safety.Refused as error:
            raise UsageError(str(error)) from None
        except PoolError as error:
            raise UsageError(mistakes.told(error, sparql, self.kg.names.prefixes)) from None
        return read_table(body, self.kg.names)

    def _answer(self, table: Table, about: Iterable[str] = ()) -> dict[str, Any]:
        shown = table.rows[:ROWS]
        rows = [
            {
                name: _plain(self.kg, term)
                for name, term in zip(table.columns, row, strict=True)
                if term is not None
            }
            for row in shown
        ]
        iris = dict.fromkeys(
            [*about, *(term.value for row in shown for term in row if isinstance(term, NamedNode))]
        )
        made: dict[str, Any] = {"rows": rows, "count": len(table.rows), **self._grounds(list(iris))}
        if len(table.rows) > ROWS:
            made["cut"] = f"the first {ROWS} of {len(table.rows)} rows"
        return made

    def _grounds(self, iris: list[str]) -> dict[str, Any]:
        """Sources behind the things named, with title, year and address, and the bases that occur."""
        own = [iri for iri in iris if iri.startswith(self.kg.names.base)][:1000]
        if not own:
            return {"sources": [], "basis": []}
        values = " ".join(str(NamedNode(iri)) for iri in own)
        rows = self.kg.select(
            f"""SELECT DISTINCT ?source ?title ?year ?doi ?url {{ VALUES ?x {{ {values} }}
            {{ ?x prov:wasDerivedFrom ?source }} UNION {{ ?x kg:sourceType ?t BIND(?x AS ?source) }}
            ?source rdfs:label ?title OPTIONAL {{ ?source kg:year ?year }} OPTIONAL {{ ?source kg:doi ?doi }}
            OPTIONAL {{ ?source kg:url ?url }} }} ORDER BY ?source"""
        )
        bases = self.kg.select(
            f"SELECT DISTINCT ?basis {{ VALUES ?x {{ {values} }} ?x kg:basis/rdfs:label ?basis }} "
            "ORDER BY ?basis"
        )
        sources = [
            {
                key: str(value)
                for key, value in {**row, "source": self.kg.names.shorten(row["source"])}.items()
                if value
            }
            for row in rows
        ]
        return {"sources": sources, "basis": bases.column("basis")}


def _plain(kg: KnowledgeGraph, term: Any) -> Any:
    if isinstance(term, NamedNode):
        return kg.names.shorten(term.value)
    value = to_python(term)
    return value if isinstance(value, str | int | bool) else str(value)


def build(tools: Tools) -> MCPServer:
    """The server with its tools."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    server = MCPServer("bempeg-kg", instructions=ABOUT)

    def told(error: BempegError) -> ToolError:
        return ToolError(str(error))

    async def list_questions(words: str = "") -> list[dict[str, Any]]:
        """List the questions that the graph answers, with their parameters; with words, those that fit."""
        return await asyncio.to_thread(tools.list_questions, words)

    async def ask(name: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer a question by its name, as list_questions gives it; rows with sources and basis."""
        try:
            return await tools.ask(name, parameters)
        except BempegError as error:
            raise told(error) from None

    async def find_terms(words: str) -> dict[str, Any]:
        """Find entities by a part of a label, synonym or accession."""
        try:
            return await asyncio.to_thread(tools.find_terms, words)
        except BempegError as error:
            raise told(error) from None

    async def describe(term: str) -> dict[str, Any]:
        """Everything stated about an entity (CURIE, IRI, accession or label), in both directions."""
        try:
            return await tools.describe(term)
        except BempegError as error:
            raise told(error) from None

    async def schema() -> dict[str, Any]:
        """Classes and properties in use, with counts, and the declared prefixes."""
        return await asyncio.to_thread(tools.schema)

    async def query(sparql: str) -> dict[str, Any]:
        """Run a read-only SPARQL SELECT or ASK query, ten seconds at most; declared prefixes are known."""
        try:
            return await tools.query(sparql)
        except BempegError as error:
            raise told(error) from None

    for tool in (list_questions, ask, find_terms, describe, schema, query):
        server.add_tool(tool)
    return server


@asynccontextmanager
async def opened(data: list[str] | None) -> AsyncIterator[Tools]:
    """Tools over the graph, with a worker that ends with them."""
    from bempeg_kg.content import Content
    from bempeg_kg.web.config import Config
    from bempeg_kg.web.graph import open_graph, run_folder

    with run_folder(Content.find(data)) as folder:
        config = Config(folder, data=tuple(data or ()), limits=LIMITS)
        kg = open_graph(config)
        settings = frames.Settings(
            f"{folder}/store", LIMITS.seconds, LIMITS.memory, LIMITS.rows, prefixes=dict(kg.names.prefixes)
        )
        spawner = Spawner(folder)
        pool = Pool(settings, LIMITS, spawner)
        computers = Pool(config, LIMITS.computing, spawner, "compute")
        await pool.start()
        try:
            yield Tools(kg, pool, computers)
        finally:
            await pool.close()
            await computers.close()
            spawner.close()


def run(data: list[str] | None) -> None:
    """Serve until standard input ends. Raises UsageError without the package ``mcp``."""
    try:
        import mcp.server  # noqa: F401
    except ImportError:
        raise UsageError("the package mcp is not installed", cure="pip install 'bempeg-kg[mcp]'") from None

    async def serve() -> None:
        async with opened(data) as tools:
            await build(tools).run_stdio_async()

    asyncio.run(serve())
