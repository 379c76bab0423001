"""The limits on `docs/security.md` are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bempeg_kg.content.parse import DEEPEST_XML
from bempeg_kg.engines import http, outside
from bempeg_kg.graph.entities import LONGEST_NAME, MOST_WORDS
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.registry import reader
from bempeg_kg.web.limits import Limits
from bempeg_kg.web.server import server

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
LIVE = outside.Limits()
QUERY = Limits()


@pytest.mark.parametrize(
    "line",
    [
        f"| seconds for all its requests | {LIVE.seconds:g} |",
        f"| bytes of an answer | {LIVE.bytes:,} |",
        f"| rows of a service | {LIVE.rows:,} |",
        f"| nested brackets | {guard.DEEPEST} ",
        f"| operators or parts in one pair of brackets | {guard.LONGEST:,} |",
        f"| characters | {guard.LARGEST:,} |",
        f"| words and characters of a name that is looked for | {MOST_WORDS}, {LONGEST_NAME:,} |",
        f"| seconds a query may run | {QUERY.seconds:g} |",
        f"| memory of a query | {QUERY.memory >> 20:,} MB |",
        f"| size of an answer | {QUERY.size >> 20} MB |",
        f"| request body | {QUERY.body >> 10:,} KB |",
        f"| queries that wait | {QUERY.queue}, for {QUERY.wait:g} s |",
        f"| head of a request | {server.HEADER_BYTES >> 10} KB, sent within {server.HEADER_SECONDS} s |",
        f"| idle connection | {server.HEADER_SECONDS} s |",
        f"| open files needed | {server.FEWEST_FILES} |",
        f"| address space needed, where it is limited | {server.FEWEST_MEGABYTES:,} MB |",
        f"| running answers after SIGTERM | {server.STOP_SECONDS} s |",
        f"elements nested more than {DEEPEST_XML} deep",
        f"above {reader.LONGEST >> 20} MiB that is not JSON lines",
        f"(BEMPEG_ENDPOINT_TIMEOUT, {http.timeout_from({}):g} s)",
        f"above {http._LARGEST >> 30} GiB",
    ],
)
def test_a_limit_is_as_the_page_says(line: str) -> None:
    assert line in PAGE
