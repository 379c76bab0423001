"""The few pieces of HTTP that the endpoint and the pages share, on bare ASGI."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bempeg_kg.web.http import negotiation

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
"""For pages as files, which cannot say it in a header."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

SAFE: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]

GZIP_FROM = 1024
"""Bytes from which an answer is worth compressing."""


class TooLarge(Exception):
    """A request body over the limit."""


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip, by that name or as any coding.

    >>> accepts_gzip("gzip;q=0.8, *;q=0"), accepts_gzip("br, *"), accepts_gzip("")
    (True, True, False)
    >>> accepts_gzip("gzip;q=0, *"), accepts_gzip("xgzip"), accepts_gzip("identity;q=0")
    (False, False, False)
    """
    if len(header) > negotiation.LONGEST:
        return False
    qualities = dict(negotiation.ranges(header))
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def gzipped(data: bytes) -> bytes:
    """``data`` as one gzip member."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def refusal(scope: Scope) -> tuple[int, str]:
    """The status and reason for a request with a malformed head; status 0 for a valid one.

    It has one Host (RFC 9112, section 3.2), no transfer coding but one ``chunked``, and no length beside it
    (sections 6.1 and 6.3); its target is a path.

    >>> refusal({"path": "/", "http_version": "1.1", "headers": []})
    (400, 'a request has one Host header')
    """
    hosts: list[bytes] = []
    codings: list[bytes] = []
    lengths = 0
    for name, value in scope["headers"]:
        if name == b"host":
            hosts.append(value)
        elif name == b"content-length":
            lengths += 1
        elif name == b"transfer-encoding":
            codings.append(value.strip().lower())
    if len(hosts) > 1 or (not any(hosts) and scope["http_version"] not in ("1", "1.0")):
        return 400, "a request has one Host header"
    if codings and (codings != [b"chunked"] or lengths):
        return 400, "a request body has one length, or the transfer coding chunked and no other"
    if not scope["path"].startswith("/") and (scope["method"], scope["path"]) != ("OPTIONS", "*"):
        return 400, "the target of a request is a path"
    return 0, ""


async def read_body(receive: Receive, limit: int) -> bytes:
    """The request body. Raises TooLarge past ``limit`` bytes, ConnectionResetError if the client is gone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def respond(send: Send, status: int, headers: Headers, body: bytes, *, head: bool = False) -> None:
    """Send a whole answer; for HEAD the headers alone."""
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
