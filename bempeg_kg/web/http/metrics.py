"""Counters of a server for ``/metrics``, kept by the package ``prometheus-client``.

With more than one server process, each writes its counters into files of the folder that
``PROMETHEUS_MULTIPROC_DIR`` names, and whichever process is asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)

from bempeg_kg.web.config import METRICS_FOLDER

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STATUSES = (200, 204, 301, 303, 304, 400, 403, 404, 405, 406, 408, 413, 414, 415, 500, 503, 504)
STOPS = ("time", "memory", "size", "busy", "crash", "stopping")


class Counts(Protocol):
    """Running totals of a pool."""

    spawned: int
    moved_aside: int
    refused: int
    stopped: dict[str, int]


class Pool(Protocol):
    """The pool whose workers and queries are counted."""

    @property
    def counts(self) -> Counts:
        """Totals since the start."""
        ...

    @property
    def busy(self) -> int:
        """Queries being run."""
        ...

    @property
    def waiting(self) -> int:
        """Queries waiting for a worker."""
        ...

    @property
    def workers(self) -> int:
        """Processes alive."""
        ...


class Metrics:
    """The counters of this process, and the text for all of them."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = CollectorRegistry()
        self.registry = registry

        def counter(name: str, text: str, *labels: str) -> Counter:
            """A counter of this package."""
            return Counter(f"bempeg_kg_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str) -> Gauge:
            """A gauge of this package, summed over the processes that live."""
            return Gauge(f"bempeg_kg_{name}", text, registry=registry, multiprocess_mode="livesum")

        self._requests = counter("requests", "Answered requests.", "handler", "status")
        self._seconds = Histogram(
            "bempeg_kg_request_seconds",
            "Time to the end of an answer.",
            ("handler",),
            registry=registry,
            buckets=BUCKETS,
        )
        self._stopped = counter("stopped", "Queries that got no full answer, by reason.", "reason")
        self._bytes = counter("sent_bytes", "Bytes of answer bodies.")
        self.cache_hits = counter("cache_hits", "Queries answered from the cache.")
        self._spawned = counter("workers_started", "Worker processes started.")
        self._aside = counter("moved_aside", "Queries that moved to the low-priority lane.")
        self._refused = counter("refused", "Queries refused because too many were waiting.")
        self._running = gauge("queries_running", "Queries being run.")
        self._waiting = gauge("queries_waiting", "Queries waiting for a worker.")
        self._workers = gauge("workers", "Worker processes.")
        self._counted: dict[str, int] = {}
        #: counters by handler and status: looking labels up takes longer than counting
        self._labelled: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        for reason in STOPS:
            self._stopped.labels(reason)

    def request(self, handler: str, status: int, seconds: float, size: int) -> None:
        """Count one request."""
        counters = self._labelled.get((handler, status))
        if counters is None:
            shown = str(status) if status in STATUSES else "other"
            counters = (self._requests.labels(handler, shown), self._seconds.labels(handler))
            self._labelled[handler, status] = counters
        counters[0].inc()
        counters[1].observe(seconds)
        self._bytes.inc(size)

    def read(self, pool: Pool) -> None:
        """Take over the totals of a pool, and how much it has to do now."""
        counts = pool.counts
        self._rise({reason: self._stopped.labels(reason) for reason in STOPS}, counts.stopped)
        totals = {"spawned": counts.spawned, "aside": counts.moved_aside, "refused": counts.refused}
        self._rise({"spawned": self._spawned, "aside": self._aside, "refused": self._refused}, totals)
        self._running.set(pool.busy)
        self._waiting.set(pool.waiting)
        self._workers.set(pool.workers)

    def _rise(self, counters: Mapping[str, Counter], totals: Mapping[str, int]) -> None:
        for name, counter in counters.items():
            total = totals.get(name, 0)
            counter.inc(total - self._counted.get(name, 0))
            self._counted[name] = total

    def text(self) -> bytes:
        """All counters in the Prometheus text format, added up over the processes of the server."""
        if METRICS_FOLDER not in os.environ:
            return bytes(generate_latest(self.registry))
        _forget_ended(os.environ[METRICS_FOLDER])
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return bytes(generate_latest(registry))


def _forget_ended(folder: str) -> None:
    """Drop the gauges of processes that have exited; their counters stay in the sums."""
    for name in os.listdir(folder):
        process = name.removesuffix(".db").rpartition("_")[2]
        if name.startswith("gauge_live") and process.isdigit() and not os.path.exists(f"/proc/{process}"):
            with suppress(OSError):
                multiprocess.mark_process_dead(int(process), folder)  # type: ignore[no-untyped-call]
