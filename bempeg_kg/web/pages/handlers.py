"""What answers each address of the pages, as page or as data."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bempeg_kg.content.files import MAPPING_SUFFIX, read_bytes
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.keys import key_of
from bempeg_kg.graph.large import lexicon_in
from bempeg_kg.graph.snapshot import cache_folder
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.web import on_disk
from bempeg_kg.web.config import Config
from bempeg_kg.web.http import negotiation
from bempeg_kg.web.opened import content_hash
from bempeg_kg.web.pages import (
    Page,
    Pages,
    assets,
    dereference,
    parameters,
    pictures,
    query_page,
)
from bempeg_kg.web.pages.completion import completion_terms
from bempeg_kg.web.pages.from_workers import FromWorkers
from bempeg_kg.web.pages.kept import KeptPages, Key
from bempeg_kg.web.pages.responses import SAFE, TABLES, data, html, rows
from bempeg_kg.web.pages.warming import Warming
from bempeg_kg.web.workers.pool import Pool

if TYPE_CHECKING:
    from starlette.requests import Request

PARENTS = {
    "question": "/questions",
    "picture": "/picture/signalling",
    "report": "/report/why-phase-3",
    "data": "/.well-known/void",
}
"""Addresses above others that have no page of their own, and where they lead."""
NOTHING = "Nothing in the graph has this address."
NO_FILE = "No file of the graph has this address."
WARM_AFTER = 0.2
"""Seconds from the start until pages are prepared."""


class Site:
    """The pages of one server process."""

    def __init__(self, kg: Graph, config: Config, pool: Pool, computers: Pool, warmers: Pool) -> None:
        self.kg = kg
        self.pool = pool
        self.loop = asyncio.get_running_loop()
        disk = on_disk.of_content(cache_folder(), kg.content)
        self.workers = FromWorkers(kg, pool, computers, warmers, disk)
        self.pages = Pages(
            kg,
            answer=self.workers.answer,
            draw=self.workers.draw,
            report=self.workers.report,
            judge=self.workers.verdicts,
            content=content_hash(config),
        )
        self.kept = KeptPages(self.workers, disk)
        self.waiting = 0
        self.completion = ""

    def warm(self) -> None:
        """Prepare what the first request would wait for, shortly after the server is ready."""
        warming = Warming(self.pages, self.kept, lambda: self.waiting)
        self.loop.call_later(WARM_AFTER, warming.start)

    async def page(self, key: Key, make: Callable[[], Page | None]) -> Response:
        """A cached page, or one rendered in a thread. Raises HTTPException if there is none."""
        page = self.kept.get(key)
        if page is None:
            self.waiting += 1
            try:
                page = await run_in_threadpool(self.kept.prepared, key, make)
            finally:
                self.waiting -= 1
        if page is None:
            raise HTTPException(404, NOTHING)
        return html(page)

    # one method an address

    async def home(self, request: Request) -> Response:
        """The main finding, and what this is."""
        return await self.page(("home",), self.pages.home)

    async def questions(self, request: Request) -> Response:
        """All questions, or those with given words or a tag."""
        words, tag = request.query_params.get("q", "")[:200], request.query_params.get("tag", "")[:80]
        return await self.page(("questions", words, tag), lambda: self.pages.questions(words, tag))

    async def question(self, request: Request) -> Response:
        """A question with its form and answer; with a suffix, the answer as a file."""
        name, _, suffix = request.path_params["name"].partition(".")
        given = {key: value[:500] for key, value in parameters.given(request).items()}
        if name not in self.kg.questions:
            raise HTTPException(404, f"There is no question {name}.")
        if suffix:
            return await self._table(name, suffix, given)
        key = ("question", name, json.dumps(given, sort_keys=True))
        return await self.page(key, lambda: self.pages.question(name, given))

    async def _table(self, name: str, suffix: str, given: Mapping[str, str]) -> Response:
        if suffix not in TABLES:
            raise HTTPException(404, "Answers come as .json, .csv or .tsv.")
        return rows(await run_in_threadpool(self.pages.answer_table, name, given), suffix)

    async def entity(self, request: Request) -> Response:
        """An entity, as page or data by the Accept header, or by a suffix."""
        return await self._entity(request.path_params["path"], request)

    async def _entity(self, path: str, request: Request) -> Response:
        stem, _, suffix = path.rpartition(".")
        has_suffix = bool(stem) and suffix in dereference.SUFFIXES
        if other := await run_in_threadpool(self._meant, stem if has_suffix else path):
            address = f"/{quote(other)}.{suffix}" if has_suffix else f"/{quote(other)}"
            return RedirectResponse(address, 301, headers=SAFE)
        if has_suffix:
            return await self._data(self.kg.names.base + stem, dereference.SUFFIXES[suffix])
        iri = self.kg.names.base + path
        wanted = dereference.wanted(request.headers.get("accept", ""))
        if wanted != negotiation.HTML:
            return await self._data(iri, wanted)
        return await self.page(("entity", path), lambda: self.pages.entity(iri) if self._known(iri) else None)

    async def _data(self, iri: str, media_type: str) -> Response:
        def build() -> bytes | None:
            """The statements about the entity; None where the graph has none."""
            return dereference.entity(self.kg, iri, media_type) if self._known(iri) else None

        body = await run_in_threadpool(build)
        if body is None:
            raise HTTPException(404, NOTHING)
        return data(body, media_type)

    def _meant(self, path: str) -> str:
        """The address of the entity that another one means by capitals or a further name; empty for none."""
        base = self.kg.names.base
        if self._known(base + path):
            return ""
        if self._known(base + path.lower()):
            return path.lower()
        kind, _, name = path.partition("/")
        found = lexicon_in(self.kg).keys.get(key_of(tokens(name)), ())
        same = [iri for iri in found if self.kg.names.kind_of(iri) == kind and self._known(iri)]
        return same[0].removeprefix(base) if len(same) == 1 and same[0].startswith(base) else ""

    def _known(self, iri: str) -> bool:
        return iri in self.pages.terms.entities

    async def listing(self, request: Request) -> Response:
        """All entities of a kind, such as the trials; or an entity without a kind, such as the dataset."""
        kind = request.path_params["kind"]
        if kind in PARENTS:
            return RedirectResponse(PARENTS[kind], 303, headers=SAFE)
        if kind in self.kg.names.prefixes:
            return await self.page(("listing", kind), lambda: self.pages.listing(kind))
        return await self._entity(kind, request)

    async def vocabulary(self, request: Request) -> Response:
        """The ontology, as page or data by the Accept header."""
        wanted = dereference.wanted(request.headers.get("accept", ""))
        if wanted != negotiation.HTML:
            return data(await run_in_threadpool(dereference.vocabulary, self.kg, wanted), wanted)
        return await self.page(("ontology",), self.pages.vocabulary)

    async def file(self, request: Request) -> Response:
        """A file of the graph by the IRI of its named graph, as it was loaded."""
        wanted = dereference.wanted(request.headers.get("accept", ""))
        path = request.url.path.lstrip("/")
        if path.endswith(MAPPING_SUFFIX):
            return await self._mappings(path)
        return await self._file(path, "text/turtle" if wanted == negotiation.HTML else wanted)

    async def _mappings(self, path: str) -> Response:
        """A table of mappings, as it was written."""
        mapping_path = next((one.path for one in self.kg.content.mappings() if one.name == path), None)
        if mapping_path is None:
            raise HTTPException(404, NO_FILE)
        return data(await run_in_threadpool(read_bytes, mapping_path), "text/tab-separated-values")

    async def _file(self, path: str, media_type: str) -> Response:
        body = await run_in_threadpool(dereference.file, self.kg, path, media_type)
        if body is None:
            raise HTTPException(404, NO_FILE)
        return data(body, media_type)

    async def compare(self, request: Request) -> Response:
        """Two trials side by side."""
        first, second = (request.query_params.get(name, "")[:80] for name in ("a", "b"))
        return await self.page(("compare", first, second), lambda: self.pages.compare(first, second))

    async def search(self, request: Request) -> Response:
        """What fits the words typed; straight to the entity where there is no doubt which is meant."""
        words = " ".join(request.query_params.get("q", "").split())[:200]
        key = ("search", words)
        if page := self.kept.get(key):
            return html(page)
        matches = await run_in_threadpool(self.pages.finder.find, words)
        if matches.page:
            return RedirectResponse(matches.page, 303, headers=SAFE)
        return await self.page(key, lambda: self.pages.search(words, matches))

    async def suggest(self, request: Request) -> Response:
        """Names and questions for words that are being typed, as JSON: text, address, kind."""
        words = " ".join(request.query_params.get("q", "").split())[:80]
        listed = await run_in_threadpool(self.pages.suggested, words)
        headers = {**SAFE, "cache-control": "no-cache"}
        return Response(json.dumps(listed), media_type="application/json", headers=headers)

    async def picture(self, request: Request) -> Response:
        """A picture on its page; with a suffix, as an image."""
        name, _, suffix = request.path_params["name"].partition(".")
        graph = name.removesuffix("-graph")
        if suffix == "html" and graph != name and graph in pictures.VIEWS and pictures.VIEWS[graph].graph:
            return await self._interactive(graph)
        as_of = parameters.day(name, parameters.given(request))
        if suffix:
            return await self._drawing(name, suffix, as_of)
        return await self.page(("picture", name, as_of), lambda: self.pages.picture(name, as_of))

    async def _interactive(self, name: str) -> Response:
        """A graph as a document of its own, which asks nothing of any network; its script stands in it."""
        document = await self.workers.interactive(name)
        headers = {**SAFE, "content-security-policy": pictures.POLICY, "cache-control": "no-cache"}
        return Response(document.svg, headers=headers, media_type="text/html")

    async def _drawing(self, name: str, suffix: str, as_of: str) -> Response:
        """A picture as an image; its style stands in it, so its policy allows that and nothing else."""
        if suffix != "svg" or not pictures.is_drawn(name):
            raise HTTPException(404, "There is no such picture.")
        drawn = await self.workers.drawn(name, as_of)
        policy = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(
            drawn.svg,
            headers={**SAFE, **policy, "cache-control": "no-cache"},
            media_type="image/svg+xml",
        )

    async def report(self, request: Request) -> Response:
        """A composed report."""
        name = request.path_params["name"]
        return await self.page(("report", name), lambda: self.pages.report(name))

    async def about(self, request: Request) -> Response:
        """How to read the pages."""
        return await self.page(("about",), self.pages.about)

    async def terms(self, request: Request) -> Response:
        """The names that the editor completes, as JSON."""
        self.completion = self.completion or await run_in_threadpool(completion_terms, self.kg)
        headers = {**SAFE, "cache-control": "no-cache"}
        return Response(self.completion, media_type="application/json", headers=headers)

    async def asset(self, request: Request) -> Response:
        """A style sheet, script or other file of the pages."""
        asset = assets.named(request.path_params["name"])
        if asset is None:
            raise HTTPException(404, "There is no such file.")
        headers = {**SAFE, "cache-control": "public, max-age=31536000, immutable"}
        return Response(asset[1], headers={**headers, "content-type": asset[2]})

    async def void(self, request: Request) -> Response:
        """The dataset described by VoID, which the endpoint answers as a graph."""
        graph = f"{self.kg.names.base}.well-known/void"
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return RedirectResponse("/sparql?" + urlencode({"query": query, "format": "ttl"}), 303)

    async def sparql(self, request: Request) -> Response:
        """The query page; with a query, its answer below the form; by the name of a question, that of its
        query.
        """
        name = request.query_params.get("question", "")
        if name:
            if name not in self.kg.questions or not self.kg.questions[name].sparql:
                raise HTTPException(404, f"There is no query of a question {name}.")
            address = "/sparql?" + urlencode({"query": self.kg.questions[name].sparql}, quote_via=quote)
            return RedirectResponse(address, 303, headers=SAFE)
        query = request.query_params.get("query", "")
        if not query.strip():
            return await self.page(("sparql",), self.pages.sparql)
        return html(await query_page.answered(query, self.pages, self.pool))
