"""Pages, statements and tables as HTTP responses, each with the headers that keep it harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from bempeg_kg.rdf.table import Table
from bempeg_kg.web.http import asgi, negotiation
from bempeg_kg.web.pages import Page, dereference

if TYPE_CHECKING:
    from starlette.requests import Request

SAFE = {
    "content-security-policy": asgi.PAGE_POLICY,
    **{name.decode(): value.decode() for name, value in asgi.SAFE},
}
DATA = {**SAFE, "access-control-allow-origin": "*", "content-security-policy": asgi.DATA_POLICY}
TABLES = {
    "json": "application/sparql-results+json",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
FILES = frozenset((*TABLES, *dereference.SUFFIXES, "svg"))
"""Suffixes of the addresses that programs and images use."""


def html(page: Page) -> Response:
    """A page as a response."""
    cache = "no-cache" if page.status == 200 else "no-store"
    headers = {**SAFE, "vary": "Accept", "cache-control": cache}
    return Response(page.html, page.status, media_type="text/html; charset=utf-8", headers=headers)


def reason(status: int, message: str) -> Response:
    """What went wrong, for a program."""
    kind = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return Response(message + "\n", status, headers={**DATA, **kind})


def wants_data(request: Request) -> bool:
    """Whether a request names a file of data, or prefers a syntax of RDF: no page would be read there."""
    suffix = request.url.path.rpartition("/")[2].rpartition(".")[2]
    if suffix in FILES:
        return True
    return dereference.wanted(request.headers.get("accept", "")) != negotiation.HTML


def data(body: bytes, media_type: str) -> Response:
    """Statements as a response."""
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Response(body, headers={**DATA, "vary": "Accept", "content-type": kind})


def rows(table: Table, suffix: str) -> Response:
    """An answer in the syntax of a suffix of ``TABLES``."""
    text = {"json": table.to_json, "csv": table.to_csv, "tsv": table.to_tsv}[suffix]()
    return Response(text, headers={**DATA, "content-type": TABLES[suffix]})
