"""One line a request on standard error. A query shows as its shape: literals, numbers and comments are struck
out.
"""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import UTC, datetime

from bempeg_kg.rdf.sparql.text import shape

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def line(method: str, path: str, status: int, size: int, seconds: float, note: str) -> None:
    """Write a line: time, method, path, status, bytes, milliseconds, and what to say of the query."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    text = plain(f"{method} {path[:300]} {status} {size} {seconds * 1000:.1f}ms{note}")
    sys.stderr.write(f"{now} {text}\n")


def plain(text: str) -> str:
    """The text in ASCII, with every control character written out: a terminal would execute them.

    >>> plain("caf\\xe9 \\x1b[2J")
    'caf\\\\xe9 \\\\x1b[2J'
    """
    escaped = text.encode("ascii", "backslashreplace").decode()
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", escaped)


def query_note(query: str, *, whole: bool, kind: str, cached: bool) -> str:
    """What a line says about a query: a short hash, and its shape, or its text where that was asked for."""
    if not query:
        return ""
    digest = hashlib.blake2b(query.encode("utf-8", "replace"), digest_size=5).hexdigest()
    text = " ".join(query.split()) if whole else shape(query)
    state = f" stopped={kind}" if kind else " cached" if cached else ""
    return f" query={digest}{state} {text}"
