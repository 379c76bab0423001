"""Servers for the tests: one with default limits, shared."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A server with the small programme."""
    running = serving.start(tmp_path_factory.mktemp("serve") / "log")
    yield running
    assert running.stop() == 0
