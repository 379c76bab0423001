"""Plain requests: a GET that asks one query and nothing unusual, which is what nearly all clients send.

A request that is not plain for any reason is no error here: it goes the general way, which is also where
every error is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bempeg_kg.web import http, negotiation, safety
from bempeg_kg.web.headers import CHARSET, etag, stable
from bempeg_kg.web.operation import Problem, operation_of_get
from bempeg_kg.web.workers import frames

LONGEST = 16_384
"""Bytes of the longest request that is looked at as a plain one."""

START = b"GET /sparql?"
END = b"\r\n\r\n"

_HEAD = re.compile(rb"GET /sparql\?([!-~]+) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[ -~]*\r\n)+)\r\n")
_UNUSUAL = frozenset(
    (b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer", b"if-none-match")
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


def may_be(data: bytes) -> bool:
    """A quick look at the first bytes of a request: whether :func:`read` is worth trying."""
    return data.startswith(START) and data.endswith(END) and len(data) <= LONGEST


def line(data: bytes) -> bytes:
    """The first line of a request, which names its query."""
    return data.partition(b"\r\n")[0]


def read(data: bytes, content_hash: str) -> Plain | None:
    """One whole plain request; None for whatever is not one.

    >>> asked = read(b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n", "")
    >>> asked.request.query, asked.close
    ('ASK {}', False)
    >>> read(b"POST /sparql HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n", "") is None
    True
    """
    found = _HEAD.fullmatch(data)
    if found is None or len(data) > LONGEST:
        return None
    headers = _headers(found.group(2))
    if headers is None:
        return None
    try:
        operation = operation_of_get(found.group(1))
        text = safety.examine(operation.query)
    except (Problem, safety.Refused):
        return None
    accept = headers.get(b"accept", b"").decode("latin-1")
    solutions = negotiation.best(accept, negotiation.SOLUTIONS)
    graph = negotiation.best(accept, negotiation.GRAPHS)
    if not operation.query or not text.stable or "text/html" in accept or not (solutions or graph):
        return None
    request = frames.Request(
        operation.query,
        solutions,
        graph,
        operation.default_graphs,
        operation.named_graphs,
        text.has_dataset,
    )
    packed = http.accepts_gzip(headers.get(b"accept-encoding", b"").decode("latin-1"))
    close = headers.get(b"connection", b"").lower() == b"close"
    return Plain(request, etag(content_hash, request.wire), packed, close)


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
    if asked.packed and len(body) >= http.GZIP_FROM:
        body = http.gzipped(body)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    if asked.close:
        headers.append((b"connection", b"close"))
    return b"".join([b"%b: %b\r\n" % header for header in headers]) + b"\r\n" + body, len(body)
