"""The ASGI application: the endpoint on the fast path, pages behind it, health and metrics beside them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace

from bempeg_kg.engines.seal import damage
from bempeg_kg.web.config import PARENT, READY, VARIABLE, Config
from bempeg_kg.web.endpoint.description import service_description
from bempeg_kg.web.endpoint.protocol import Endpoint, Outcome
from bempeg_kg.web.http import asgi, log, negotiation
from bempeg_kg.web.http.cache import Cache
from bempeg_kg.web.http.metrics import Metrics
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.opened import open_graph
from bempeg_kg.web.server.routes import build_pages
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.frames import Settings
from bempeg_kg.web.workers.pool import Pool

ENDPOINT = "/sparql"
#: Seconds between two looks at the files of the store.
_LOOK = 0.25


class App:
    """One process of the server. ``/sparql``, ``/healthz`` and ``/metrics`` are answered here, the rest by
    the pages.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spawner: Spawner | None = None
        self.pool: Pool | None = None
        self.computing: Pool | None = None
        self.warming: Pool | None = None
        self.endpoint: Endpoint | None = None
        self.metrics = Metrics()
        self.pages: asgi.Application | None = None
        self._orphaned: asyncio.Task[None] | None = None
        self._damage = ""
        self._looked = 0.0

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer a request, or take part in the start and the end of the server."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: asgi.Receive, send: asgi.Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except (PoolError, OSError) as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        """Open the graph and start the workers."""
        config = self.config
        kg = await asyncio.to_thread(open_graph, config)
        settings = Settings(
            snapshot=os.path.join(config.run_folder, "store"),
            seconds=config.limits.seconds,
            memory=config.limits.memory,
            size=config.limits.size,
            prefixes=dict(kg.names.prefixes),
        )
        self.spawner = Spawner(config.run_folder, verbose=config.verbose)
        self.pool = Pool(settings, config.limits, self.spawner)
        await self.pool.start()
        content_hash = kg.content.hash()
        self.endpoint = Endpoint(
            self.pool,
            content_hash,
            prefixes=settings.prefixes,
            cache=Cache(config.cache),
            description=service_description(kg, config),
            vocabulary=kg.vocabulary,
        )
        self.computing = Pool(config, config.limits.computing, self.spawner, "compute")
        patient = config.limits.warming
        self.warming = Pool(replace(config, limits=patient), patient, self.spawner, "compute")
        self.pages = build_pages(kg, config, self.pool, self.computing, self.warming)
        if ready := os.environ.get(READY):
            with suppress(OSError):  # not handed down where processes are not forked
                os.write(int(ready), b"1")
        if os.environ.get(PARENT) == str(os.getppid()):
            self._orphaned = asyncio.create_task(self._end_with_parent(os.getppid()))

    async def _end_with_parent(self, parent: int) -> None:
        """A killed server cannot stop its processes, so each checks whether the server still runs."""
        while os.getppid() == parent:
            await asyncio.sleep(1)
        await self.stop()
        os._exit(1)

    async def stop(self) -> None:
        """End the workers."""
        for pool in (self.pool, self.computing, self.warming):
            if pool is not None:
                await pool.close()
        if self.spawner is not None:
            self.spawner.close()

    async def _http(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        path = scope["path"]
        started = time.perf_counter()
        status, reason = asgi.refusal(scope)
        if status:
            await self._refuse(scope, send, status, reason)
        elif self._is_damaged(started):
            await self._refuse(scope, send, 503, self._damage)
        elif path in (ENDPOINT, "*") and self.endpoint is not None and not _wants_page(scope):
            await self._sparql(self.endpoint, scope, receive, send, started)
        elif path == "/healthz":
            await self._health(scope, send)
        elif path == "/metrics":
            await self._metrics(scope, send)
        elif self.pages is not None:
            await self._page(self.pages, scope, receive, send, started)

    def _is_damaged(self, now: float) -> bool:
        """Whether another program has changed the files of the store; later answers may be wrong."""
        if not self._damage and now - self._looked > _LOOK:
            self._looked = now
            if self.pool is not None:
                self.metrics.read(self.pool)  # for another process that is asked for the sums
            if problem := damage(os.path.join(self.config.run_folder, "store")):
                self._damage = f"the graph on disk is damaged ({problem}); start the server anew"
                print(f"bempeg-kg: {self._damage}", file=sys.stderr, flush=True)
        return bool(self._damage)

    async def _refuse(self, scope: asgi.Scope, send: asgi.Send, status: int, reason: str) -> None:
        """Answer with an error; after a malformed request nothing more is read from its connection."""
        headers = [
            *asgi.SAFE,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"cache-control", b"no-store"),
        ]
        if status == 400:
            headers.append((b"connection", b"close"))
        await asgi.respond(send, status, headers, f"{reason}\n".encode(), head=scope["method"] == "HEAD")

    async def _sparql(
        self, endpoint: Endpoint, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, started: float
    ) -> None:
        outcome = Outcome()
        try:
            await endpoint(scope, receive, send, outcome)
        except PoolError:
            raise AnswerCutOff from None
        finally:
            seconds = time.perf_counter() - started
            self.metrics.request("sparql", outcome.status, seconds, outcome.size)
            if outcome.cached:
                self.metrics.cache_hits.inc()
            if self.config.log:
                note = log.query_note(
                    outcome.query,
                    whole=self.config.log_queries,
                    kind=outcome.kind,
                    cached=outcome.cached,
                )
                log.line(scope["method"], ENDPOINT, outcome.status, outcome.size, seconds, note)

    async def _page(
        self,
        pages: asgi.Application,
        scope: asgi.Scope,
        receive: asgi.Receive,
        send: asgi.Send,
        started: float,
    ) -> None:
        sent = {"status": 500, "size": 0}

        async def watch(message: asgi.Message) -> None:
            """Note status and size of an answer as it is sent."""
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
            else:
                sent["size"] += len(message.get("body", b""))
            await send(message)

        try:
            await pages(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - started
            self.metrics.request("page", sent["status"], seconds, sent["size"])
            if self.config.log:
                log.line(scope["method"], scope["path"], sent["status"], sent["size"], seconds, "")

    async def _health(self, scope: asgi.Scope, send: asgi.Send) -> None:
        well = self.pool is not None and self.pool.workers > 0 and not self.pool.closing
        body = b"ok\n" if well else b"no worker\n"
        headers = [
            *asgi.SAFE,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"cache-control", b"no-store"),
        ]
        await asgi.respond(send, 200 if well else 503, headers, body, head=scope["method"] == "HEAD")

    async def _metrics(self, scope: asgi.Scope, send: asgi.Send) -> None:
        if self.pool is not None:
            self.metrics.read(self.pool)
        headers = [*asgi.SAFE, (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]
        body = self.metrics.text()
        await asgi.respond(send, 200, headers, body, head=scope["method"] == "HEAD")


class AnswerCutOff(Exception):
    """An answer that had begun was stopped; the server breaks the connection off, so that the client can
    tell.
    """


def _wants_page(scope: asgi.Scope) -> bool:
    """Whether a browser asks: its Accept header prefers HTML."""
    if scope["method"] not in ("GET", "HEAD"):
        return False
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    if b"text/html" not in accept:
        return False
    offered = (*negotiation.SOLUTIONS, *negotiation.GRAPHS, negotiation.HTML)
    return negotiation.best(accept.decode("latin-1"), offered) == negotiation.HTML


def create_app() -> App:
    """The application from the settings in the environment; what the ASGI server calls in each of its
    processes.
    """
    return App(Config.from_json(os.environ[VARIABLE]))
