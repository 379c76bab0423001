"""What may be asked by an address: nothing from outside, nothing that takes the server apart."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import serving
from serving import Reply, Server

from bempeg_kg.content import Content
from bempeg_kg.questions import Library

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LIVE = [one.name for one in Library.read(Content.find()).all() if one.live]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serving.start(tmp_path_factory.mktemp("safety") / "log", data=None)
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text()


def get(site: Server, path: str) -> Reply:
    return site.request("GET", path, headers=HTML)


@pytest.mark.parametrize("name", LIVE)
def test_no_address_puts_a_question_to_an_outside_service(site: Server, name: str) -> None:
    for suffix in ("csv", "json", "tsv"):
        reply = site.request("GET", f"/question/{name}.{suffix}")
        assert (reply.status, reply.kind) == (403, "text/plain")
        assert "outside service" in reply.text
    page = get(site, f"/question/{name}")
    assert page.status == 200
    assert "not run here" in page.text
    query = Library.read(Content.find())[name].sparql
    assert get(site, "/sparql?" + urlencode({"query": query})).status == 403
    assert site.get(query).status == 403


def test_every_live_question_is_known_here() -> None:
    assert len(LIVE) >= 4
