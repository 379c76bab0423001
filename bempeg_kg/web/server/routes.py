"""Addresses of the pages, on Starlette: which function answers which path, and how errors are shown."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.config import Config
from bempeg_kg.web.http import asgi
from bempeg_kg.web.pages import problems
from bempeg_kg.web.pages.handlers import Site
from bempeg_kg.web.pages.responses import html, reason, wants_data
from bempeg_kg.web.workers.pool import Pool

if TYPE_CHECKING:
    from starlette.requests import Request


def build_pages(kg: Graph, config: Config, pool: Pool, computing: Pool, warming: Pool) -> asgi.Application:
    """The ASGI application of the pages."""
    site = Site(kg, config, pool, computing, warming)
    site.warm()

    def answer_problem(request: Request, status: int, message: str) -> Response:
        """A problem as data for a program, as a page for a reader."""
        if wants_data(request):
            return reason(status, message)
        return html(site.pages.problem(status, message))

    async def failed(request: Request, error: Exception) -> Response:
        """Answer an error; one that no route foresaw is printed for the log."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        message = error.detail if isinstance(error, HTTPException) else "Something went wrong on the server."
        if not isinstance(error, HTTPException):
            traceback.print_exception(error)
        return answer_problem(request, status, message)

    async def refused(request: Request, error: Exception) -> Response:
        """Answer an error of the graph by its own status and text."""
        problem = cast("BempegError", error)
        return answer_problem(request, problems.problem_status(problem), problems.problem_text(problem))

    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: failed,
        BempegError: refused,
        500: failed,
    }
    return Starlette(
        routes=_routes(site),
        exception_handlers=handlers,
        middleware=[Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)],
    )


def _routes(site: Site) -> list[Route]:
    return [
        Route("/", site.home),
        Route("/questions", site.questions),
        Route("/question/{name}", site.question),
        Route("/sparql", site.sparql),
        Route("/search", site.search),
        Route("/suggest", site.suggest),
        Route("/compare", site.compare),
        Route("/picture/{name}", site.picture),
        Route("/report/{name}", site.report),
        Route("/about", site.about),
        Route("/ontology", site.vocabulary),
        Route("/terms.json", site.terms),
        Route("/assets/{name}", site.asset),
        Route("/data/{rest:path}", site.file),
        Route("/ontology/{rest:path}", site.file),
        Route("/.well-known/void", site.void),
        Route("/{kind}", site.listing),
        Route("/{path:path}", site.entity),
    ]
