"""One line a request on standard error. A query shows as its shape: literals, numbers and comments are struck
out.
"""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime

from bempeg_kg.rdf.sparql.text import shape


def line(method: str, path: str, status: int, size: int, seconds: float, note: str) -> None:
    """Write a line: time, method, path, status, bytes, milliseconds, and what to say of the query."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    safe = path.encode("ascii", "backslashreplace").decode().replace("\n", "\\n").replace("\r", "\\r")[:300]
    sys.stderr.write(f"{now} {method} {safe} {status} {size} {seconds * 1000:.1f}ms{note}\n")


def query_note(query: str, *, whole: bool, kind: str, cached: bool) -> str:
    """What a line says about a query: a short hash, and its shape, or its text where that was asked for."""
    if not query:
        return ""
    digest = hashlib.blake2b(query.encode("utf-8", "replace"), digest_size=5).hexdigest()
    text = " ".join(query.split()) if whole else shape(query)
    told = f" stopped={kind}" if kind else " cached" if cached else ""
    return f" query={digest}{told} {text}"
