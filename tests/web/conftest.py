"""Servers for the tests, and the browser that looks at their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.web import chromium, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server with the small programme."""
    running = serving.start(tmp_path_factory.mktemp("serve") / "log")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server with the shipped programme."""
    running = serving.start(tmp_path_factory.mktemp("site") / "log", data=None)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file: while it runs, no other test can have an event loop."""
    with chromium.launched() as running:
        yield running
