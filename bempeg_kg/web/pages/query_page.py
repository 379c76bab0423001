"""The query page of the server, for a browser without script: the form, and the answer below it."""

from __future__ import annotations

import json
import time

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.web.endpoint import mistakes
from bempeg_kg.web.endpoint.emptiness import why_empty
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.pages import Page, Pages, dereference
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.pool import Pool

PAGE_BYTES = 4 << 20
"""The longest answer that the query page shows."""


async def answered(query: str, pages: Pages, pool: Pool) -> Page:
    """The page with the answer to ``query``, or with what is wrong with it."""
    began = time.perf_counter()
    try:
        text = guard.examine(query)
        media_type, body = await _run(frames.Request(query, has_dataset=text.has_dataset), pool)
    except QueryError as refusal:
        return pages.sparql(query, problem=str(refusal), status=guard.http_status(query))
    except PoolError as error:
        return pages.sparql(
            query, problem=mistakes.error_text(error, query, pages.kg.names.prefixes), status=error.status
        )
    spent = round((time.perf_counter() - began) * 1000)
    return await run_in_threadpool(_rendered, pages, query, media_type, body, spent)


async def _run(request: frames.Request, pool: Pool) -> tuple[str, bytes]:
    answer = await pool.run(request)
    if answer.chunks is None:
        return answer.media_type, answer.body or b""
    parts, size = [], 0
    async for chunk in answer.chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > PAGE_BYTES:
            raise PoolError(
                "size", "the answer is too long for a page; ask the endpoint for CSV or add a LIMIT"
            )
    return answer.media_type, b"".join(parts)


def _rendered(pages: Pages, query: str, media_type: str, body: bytes, spent: int) -> Page:
    if media_type == "text/turtle":
        triples = [one.triple for one in ox.parse(body, format=ox.RdfFormat.TURTLE)]
        shown = dereference.written(pages.kg, triples, media_type) or b""
        return pages.sparql(query, triples=shown.decode(), milliseconds=spent)
    answer = json.loads(body)
    if "boolean" in answer:
        return pages.sparql(query, boolean=answer["boolean"], milliseconds=spent)
    table = read_table(body, pages.kg.names)
    if not table.rows:
        table.reason = why_empty(pages.kg, query)
    grid = pages.terms.grid(table, "Answer", limit=1000, as_asked=True)
    return pages.sparql(query, grid=grid, milliseconds=spent)
