"""Plain requests: one query by GET or POST and nothing unusual, which is what nearly all clients send.

A request that is not plain for any reason is no error here: it goes the general way, which is also where
every error is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.web.endpoint.operation import (
    Operation,
    Problem,
    operation_of_get,
    operation_of_post,
    request_of,
)
from bempeg_kg.web.http import asgi
from bempeg_kg.web.http.response_headers import CHARSET, etag, stable
from bempeg_kg.web.workers import frames

LONGEST = 16_384
"""Bytes of the longest request that is looked at as a plain one."""

_HEAD = re.compile(
    rb"(GET|POST) /sparql(?:\?([!$-;=?-~]*))? HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[ -~]*\r\n)+)\r\n", re.DOTALL
)
_LENGTH = re.compile(rb"[0-9]{1,5}")
_UNUSUAL = frozenset(
    (b"transfer-encoding", b"content-encoding", b"expect", b"upgrade", b"te", b"trailer", b"if-none-match")
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain request: what to run, its entity tag, whether gzip is welcome, whether the client closes after
    it.
    """

    request: frames.Request
    tag: bytes
    packed: bool
    close: bool


def missing(data: bytes) -> int:
    """How many bytes of the body of a POST are still to come before it can be plain; 0 for all else.

    >>> missing(b"POST /sparql HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 6\\r\\n\\r\\nASK")
    3
    """
    if not data.startswith(b"POST /sparql") or (head := _HEAD.match(data)) is None:
        return 0
    length = _LENGTH.fullmatch((_headers(head[3]) or {}).get(b"content-length", b""))
    size = head.end() + int(length[0]) if length else 0
    return max(0, size - len(data)) if size <= LONGEST else 0


def query(data: bytes) -> str | None:
    """The query of a request that may be plain; None for what is not."""
    found = _operation(data)
    return found[0].query if found else None


def read(data: bytes, content_hash: str) -> Plain | None:
    """One whole plain request; None for whatever is not one.

    >>> asked = read(b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n", "")
    >>> asked.request.query, asked.close
    ('ASK {}', False)
    >>> read(b"HEAD /sparql?query=ASK%20%7B%7D HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n", "") is None
    True
    """
    found = _operation(data)
    if found is None:
        return None
    operation, headers = found
    try:
        text = guard.examine(operation.query)
        accept = headers.get(b"accept", b"").decode("latin-1")
        request = request_of(operation, accept, has_dataset=text.has_dataset)
    except (Problem, QueryError):
        return None
    if not text.stable:
        return None
    packed = asgi.accepts_gzip(headers.get(b"accept-encoding", b"").decode("latin-1"))
    close = headers.get(b"connection", b"").lower() == b"close"
    return Plain(request, etag(content_hash, request.wire), packed, close)


def _operation(data: bytes) -> tuple[Operation, dict[bytes, bytes]] | None:
    """What a request asks, and its headers; None where it is unusual, not whole, or asks nothing."""
    if len(data) > LONGEST or (head := _HEAD.match(data)) is None:
        return None
    method, query_string, lines = head.groups(b"")
    headers = _headers(lines)
    body = data[head.end() :]
    if headers is None or headers.get(b"content-length", b"0") != b"%d" % len(body):
        return None
    if b"text/html" in headers.get(b"accept", b""):
        return None
    try:
        if method == b"POST":
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            operation = operation_of_post(content_type, query_string, body)
        elif not body:
            operation = operation_of_get(query_string)
        else:
            return None
    except Problem:
        return None
    return (operation, headers) if operation.query else None


def _headers(lines: bytes) -> dict[bytes, bytes] | None:
    """The headers by name; None where one is unusual, comes twice, or the host is missing."""
    split = lines[:-2].split(b"\r\n")
    headers = {}
    for line in split:
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    if len(headers) < len(split) or not headers.get(b"host") or not _UNUSUAL.isdisjoint(headers):
        return None
    if headers.get(b"connection", b"keep-alive").lower() not in (b"keep-alive", b"close"):
        return None
    return headers


def answer(asked: Plain, media_type: str, body: bytes) -> tuple[bytes, int]:
    """The bytes of an answer of status 200 from behind its date on, and how many of them are the body."""
    headers = [*stable(asked.tag), (b"content-type", CHARSET[media_type])]
    if asked.packed and len(body) >= asgi.GZIP_FROM:
        body = asgi.gzipped(body)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    if asked.close:
        headers.append((b"connection", b"close"))
    return b"".join([b"%b: %b\r\n" % header for header in headers]) + b"\r\n" + body, len(body)
