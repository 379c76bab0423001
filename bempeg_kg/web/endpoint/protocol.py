"""The SPARQL 1.1 Protocol for queries, on bare ASGI: this is the path that has to be fast.

The order of things: method, parameters, examination (no SERVICE, no update), negotiation, cache, pool,
answer. Nothing is sent before a query has either a complete short answer or 64 KiB of a long one, so a query
that is stopped before that gets a status; afterwards the connection is broken off, so that a cut answer can
never pass for a whole one.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.rdf.sparql.unknown import unknown_terms
from bempeg_kg.web.endpoint.description import addressed
from bempeg_kg.web.endpoint.mistakes import error_text
from bempeg_kg.web.endpoint.operation import (
    Operation,
    Problem,
    operation_of_get,
    operation_of_post,
    request_of,
)
from bempeg_kg.web.http import asgi, negotiation
from bempeg_kg.web.http.cache import Cache, Stored
from bempeg_kg.web.http.response_headers import CHARSET, COMMON, etag, stable
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.workers.pool import Pool
from bempeg_kg.web.workers.worker import Ticket

METHODS = "GET, HEAD, POST, OPTIONS"
BODY_SECONDS = 20.0
"""How long a client may take to send a request body."""

LONG = 16_384
"""Characters from which a query is looked through in a thread."""

PREFLIGHT: asgi.Headers = [
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
]


@dataclass(slots=True)
class Outcome:
    """What the log and the metrics want to know."""

    status: int = 0
    size: int = 0
    query: str = ""
    kind: str = ""
    cached: bool = False


class Endpoint:
    """``/sparql``. Call it for one request, as an ASGI application with an Outcome to fill for log and
    metrics.

    An answer that is stopped after its first byte raises PoolError; whoever called must break the connection
    off.
    """

    def __init__(
        self,
        pool: Pool,
        content_hash: str,
        *,
        prefixes: Mapping[str, str],
        cache: Cache[Stored],
        description: dict[str, bytes] | None = None,
        vocabulary: frozenset[str] = frozenset(),
    ) -> None:
        self.pool = pool
        self.content_hash = content_hash
        self.prefixes = prefixes
        self.cache = cache
        self.description = description or {}
        #: terms of the vocabulary; a query with another one is answered with a warning in its headers
        self.vocabulary = vocabulary

    async def __call__(
        self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, outcome: Outcome
    ) -> None:
        """Answer a request of the SPARQL protocol; ``outcome`` says what became of it."""
        headers = dict(scope["headers"])
        method = scope["method"]
        try:
            if method == "OPTIONS":
                await self._options(send, outcome)
                return
            operation = await self._read(scope, headers, receive)
            outcome.query = operation.query
            if not operation.query:
                await self._describe(scope, headers, send, outcome, head=method == "HEAD")
            else:
                await self._answer(operation, headers, receive, send, outcome, head=method == "HEAD")
        except Problem as problem:
            await self._fail(send, outcome, problem.status, problem.reason, head=method == "HEAD")
        except PoolError as error:
            outcome.kind = error.kind
            if outcome.status:
                raise  # the answer has begun: an incomplete response is the only way to signal the failure
            reason = error_text(error, outcome.query, self.prefixes)
            await self._fail(send, outcome, error.status, reason, head=method == "HEAD")

    async def _read(self, scope: asgi.Scope, headers: dict[bytes, bytes], receive: asgi.Receive) -> Operation:
        method = scope["method"]
        if len(scope["query_string"]) > self.pool.limits.body:
            raise Problem(414, "the address is too long")
        if method in ("GET", "HEAD"):
            return operation_of_get(scope["query_string"])
        if method != "POST":
            raise Problem(405, f"this endpoint accepts {METHODS}")
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise Problem(415, "a request body with a Content-Encoding is not supported")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await asgi.read_body(receive, self.pool.limits.body)
        except TimeoutError:
            raise Problem(408, f"the request body was not received within {BODY_SECONDS:g} seconds") from None
        except ConnectionResetError:
            raise Problem(400, "the request body is incomplete or malformed") from None
        except asgi.TooLarge:
            raise Problem(413, f"the request body is limited to {self.pool.limits.body} bytes") from None
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        return operation_of_post(content_type, scope["query_string"], body)

    async def _answer(
        self,
        operation: Operation,
        headers: dict[bytes, bytes],
        receive: asgi.Receive,
        send: asgi.Send,
        outcome: Outcome,
        *,
        head: bool,
    ) -> None:
        try:
            text = await self._examined(operation.query)
        except QueryError as refusal:
            raise Problem(guard.http_status(operation.query), str(refusal)) from None
        accept = operation.accept or headers.get(b"accept", b"").decode("latin-1")
        request = request_of(operation, accept, has_dataset=text.has_dataset)
        packed = asgi.accepts_gzip(headers.get(b"accept-encoding", b"").decode("latin-1"))
        warning = self._warning(operation.query)
        fixed = [*COMMON, *warning]
        if text.stable:
            tag = etag(self.content_hash, request.wire)
            fixed = [*stable(tag), *warning]
            known = headers.get(b"if-none-match", b"")
            if tag in known or known.strip() == b"*":
                outcome.status = 304
                await send({"type": "http.response.start", "status": 304, "headers": fixed})
                await send({"type": "http.response.body", "body": b""})
                return
        stored = self.cache.get(request.wire) if text.stable else None
        outcome.cached = stored is not None
        if stored is None:
            answer = await self.pool.run(request, _watcher(self.pool, receive))
            if answer.chunks is not None:
                await _stream(answer.media_type, answer.chunks, fixed, packed, send, outcome, head=head)
                return
            stored = Stored(answer.media_type, answer.body or b"")
            if text.stable:
                self.cache.put(request.wire, stored)
        await _whole(stored, fixed, packed, send, outcome, head=head)

    def _warning(self, query: str) -> asgi.Headers:
        """A header that names the terms of a query which the vocabulary lacks; none where it has all."""
        problems = unknown_terms(query, self.vocabulary, self.prefixes) if self.vocabulary else []
        text = "; ".join(problems).encode("ascii", "replace").replace(b'"', b"'")
        return [(b"warning", b'299 - "' + text + b'"')] if problems else []

    async def _examined(self, query: str) -> guard.Text:
        """Examining a long text takes long, and would block the event loop."""
        if len(query) > LONG:
            return await asyncio.to_thread(guard.examine, query)
        return guard.examine(query)

    async def _describe(
        self,
        scope: asgi.Scope,
        headers: dict[bytes, bytes],
        send: asgi.Send,
        outcome: Outcome,
        *,
        head: bool,
    ) -> None:
        media_type = negotiation.best(headers.get(b"accept", b"").decode("latin-1"), negotiation.GRAPHS)
        if not media_type or media_type not in self.description:
            raise Problem(406, "the service description is available as " + ", ".join(negotiation.GRAPHS))
        body = addressed(
            self.description[media_type], str(scope.get("scheme", "")), headers.get(b"host", b"")
        )
        outcome.status, outcome.size = 200, len(body)
        await asgi.respond(send, 200, [*COMMON, (b"content-type", CHARSET[media_type])], body, head=head)

    async def _options(self, send: asgi.Send, outcome: Outcome) -> None:
        outcome.status = 204
        headers = [*COMMON, *PREFLIGHT, (b"allow", METHODS.encode())]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _fail(self, send: asgi.Send, outcome: Outcome, status: int, reason: str, *, head: bool) -> None:
        outcome.status = status
        headers = [*COMMON, (b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
        if status == 405:
            headers.append((b"allow", METHODS.encode()))
        if status == 503 and outcome.kind in ("busy", "stopping", "crash"):
            headers.append((b"retry-after", b"2"))
        if status in (413, 414):
            headers.append((b"connection", b"close"))
        body = reason.encode() + b"\n"
        outcome.size = len(body)
        await asgi.respond(send, status, headers, body, head=head)


async def _whole(
    stored: Stored, fixed: asgi.Headers, packed: bool, send: asgi.Send, outcome: Outcome, *, head: bool
) -> None:
    headers = [*fixed, (b"content-type", CHARSET[stored.media_type])]
    body = stored.body
    if packed and len(body) >= asgi.GZIP_FROM:
        if not stored.packed:
            stored.packed = asgi.gzipped(body)
        body = stored.packed
        headers.append((b"content-encoding", b"gzip"))
    outcome.status, outcome.size = 200, len(body)
    await asgi.respond(send, 200, headers, body, head=head)


async def _stream(
    media_type: str,
    chunks: AsyncIterator[bytes],
    fixed: asgi.Headers,
    packed: bool,
    send: asgi.Send,
    outcome: Outcome,
    *,
    head: bool,
) -> None:
    headers = [*fixed, (b"content-type", CHARSET[media_type])]
    packer = zlib.compressobj(1, zlib.DEFLATED, 31) if packed else None
    if packer is not None:
        headers.append((b"content-encoding", b"gzip"))
    outcome.status = 200
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async for chunk in chunks:
        if head:
            continue
        data = chunk if packer is None else packer.compress(chunk)
        outcome.size += len(data)
        if data:
            await send({"type": "http.response.body", "body": data, "more_body": True})
    await send({"type": "http.response.body", "body": packer.flush() if packer and not head else b""})


def _watcher(pool: Pool, receive: asgi.Receive) -> Callable[[Ticket], None]:
    """Once a query is slow, stop it if its client goes away. Watching every request would cost more than it
    saves.
    """

    def watch(ticket: Ticket) -> None:
        """Stop the query of a ticket if its client goes away."""

        async def wait() -> None:
            """Wait for the end of the connection."""
            while (await receive())["type"] != "http.disconnect":
                pass
            if ticket.worker is not None:
                pool.abandon(ticket)

        task = asyncio.get_running_loop().create_task(wait())
        _WATCHING.add(task)
        task.add_done_callback(_WATCHING.discard)

    return watch


_WATCHING: set[asyncio.Task[None]] = set()
