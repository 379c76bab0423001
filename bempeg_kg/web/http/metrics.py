"""Counters of all processes of a server, for ``/metrics`` in the Prometheus text format.

Each process counts in a file of its own that it maps into memory, in the server's run folder; whichever
process is asked adds them up. A number has one writer, and is eight bytes, aligned: no locks.
"""

from __future__ import annotations

import mmap
import os

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
STATUSES = (200, 204, 301, 303, 304, 400, 403, 404, 405, 406, 408, 413, 414, 415, 500, 503, 504)
HANDLERS = ("sparql", "page")
STOPS = ("time", "memory", "rows", "busy", "crash", "stopping")
GAUGES = ("busy", "waiting", "workers")

_NAMES = (
    *(f"requests/{handler}/{status}" for handler in HANDLERS for status in (*STATUSES, "other")),
    *(f"bucket/{handler}/{bound}" for handler in HANDLERS for bound in (*BUCKETS, "inf")),
    *(f"seconds/{handler}" for handler in HANDLERS),
    *(f"stops/{kind}" for kind in STOPS),
    *(f"gauge/{name}" for name in GAUGES),
    *("bytes", "cached", "spawned", "aside", "refused"),
)
_PLACE = {name: place for place, name in enumerate(_NAMES)}
_SIZE = 8 * len(_NAMES)


class Metrics:
    """The counters of this process, and the sums over all of them."""

    def __init__(self, folder: str, name: str = "") -> None:
        """``name`` is that of a process which goes on counting where one before it stopped."""
        self.folder = os.path.join(folder, "counters")
        os.makedirs(self.folder, exist_ok=True)
        path = os.path.join(self.folder, name or str(os.getpid()))
        with open(path, "r+b" if name and os.path.exists(path) else "w+b") as stream:
            stream.truncate(_SIZE)
            self._map = mmap.mmap(stream.fileno(), _SIZE)
        self._own = memoryview(self._map).cast("d")

    def add(self, name: str, amount: float = 1) -> None:
        """Count."""
        self._own[_PLACE[name]] += amount

    def put(self, name: str, value: float) -> None:
        """Set a gauge or a total that is counted elsewhere."""
        self._own[_PLACE[name]] = value

    def request(self, handler: str, status: int, seconds: float, size: int) -> None:
        """Count one request."""
        known = status if status in STATUSES else "other"
        own = self._own
        own[_PLACE[f"requests/{handler}/{known}"]] += 1
        for bound in BUCKETS:
            if seconds <= bound:
                own[_PLACE[f"bucket/{handler}/{bound}"]] += 1
                break
        else:
            own[_PLACE[f"bucket/{handler}/inf"]] += 1
        own[_PLACE[f"seconds/{handler}"]] += seconds
        own[_PLACE["bytes"]] += size

    def totals(self) -> dict[str, float]:
        """All counters, added up over the processes of the server."""
        sums = [0.0] * len(_NAMES)
        for entry in os.scandir(self.folder):
            with open(entry.path, "rb") as stream:
                data = stream.read(_SIZE)
            if len(data) == _SIZE:
                for place, value in enumerate(memoryview(data).cast("d")):
                    sums[place] += value
        return dict(zip(_NAMES, sums, strict=True))

    def text(self) -> str:
        """The totals in the Prometheus text format."""
        totals = self.totals()
        lines = [
            "# HELP bempeg_kg_requests_total Answered requests.",
            "# TYPE bempeg_kg_requests_total counter",
        ]
        for handler in HANDLERS:
            for status in (*STATUSES, "other"):
                if count := totals[f"requests/{handler}/{status}"]:
                    lines.append(
                        f'bempeg_kg_requests_total{{handler="{handler}",status="{status}"}} {count:g}'
                    )
        lines += [
            "# HELP bempeg_kg_request_seconds Time to the end of an answer.",
            "# TYPE bempeg_kg_request_seconds histogram",
        ]
        for handler in HANDLERS:
            lines += _histogram(handler, totals)
        lines += [
            "# HELP bempeg_kg_stopped_total Queries that got no full answer, by reason.",
            "# TYPE bempeg_kg_stopped_total counter",
        ]
        lines += [f'bempeg_kg_stopped_total{{reason="{kind}"}} {totals[f"stops/{kind}"]:g}' for kind in STOPS]
        for name, kind, told, key in _SINGLE:
            lines += [f"# HELP bempeg_kg_{name} {told}", f"# TYPE bempeg_kg_{name} {kind}"]
            lines.append(f"bempeg_kg_{name} {totals[key]:g}")
        return "\n".join(lines) + "\n"


_SINGLE = (
    ("sent_bytes_total", "counter", "Bytes of answer bodies.", "bytes"),
    ("cache_hits_total", "counter", "Queries answered from the cache.", "cached"),
    ("workers_started_total", "counter", "Worker processes started.", "spawned"),
    ("moved_aside_total", "counter", "Queries that moved to the slow lane.", "aside"),
    ("refused_total", "counter", "Queries refused because too many were waiting.", "refused"),
    ("queries_running", "gauge", "Queries being run.", "gauge/busy"),
    ("queries_waiting", "gauge", "Queries waiting for a worker.", "gauge/waiting"),
    ("workers", "gauge", "Worker processes.", "gauge/workers"),
)


def _histogram(handler: str, totals: dict[str, float]) -> list[str]:
    lines, running = [], 0.0
    for bound in (*BUCKETS, "inf"):
        running += totals[f"bucket/{handler}/{bound}"]
        label = "+Inf" if bound == "inf" else f"{bound:g}"
        lines.append(f'bempeg_kg_request_seconds_bucket{{handler="{handler}",le="{label}"}} {running:g}')
    lines.append(f'bempeg_kg_request_seconds_sum{{handler="{handler}"}} {totals[f"seconds/{handler}"]:.6f}')
    lines.append(f'bempeg_kg_request_seconds_count{{handler="{handler}"}} {running:g}')
    return lines
