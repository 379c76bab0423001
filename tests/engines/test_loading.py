"""Loading imported records into a store that runs for real: whole, twice, and killed midway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bempeg_kg import Table
from bempeg_kg.engines.http import Http
from bempeg_kg.engines.remote import Remote
from bempeg_kg.registry import map_record
from tests.conftest import ROOT
from tests.engines.servers import VIRTUOSO_ENVIRONMENT, oxigraph, virtuoso
from tests.registry.test_import import registry_records

COUNT = 400
GRAPHS = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s kg:nct ?n } }"
STATEMENTS = (
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/data/trials/nct9')) }"
)


def count(remote: Remote, sparql: str) -> int:
    answer = remote.query(sparql)
    assert isinstance(answer, Table)
    return int(answer[0]["n"])


def load(source: Path, endpoint: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bempeg_kg", "import", str(source), "--load", "--endpoint", endpoint]
    return subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"".join(registry_records.lines(COUNT)))
    return path


@pytest.mark.server
def test_a_killed_load_is_completed_by_the_next(source: Path, tmp_path: Path) -> None:
    with oxigraph(tmp_path) as endpoint:
        remote = Remote(endpoint, http=Http(endpoint, environment={}))
        first = load(source, endpoint, {})
        end = time.monotonic() + 60
        while (there := count(remote, GRAPHS)) < 20:
            assert time.monotonic() < end
            assert first.poll() is None, first.communicate()
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert there < COUNT
        for _ in range(2):
            again = load(source, endpoint, {})
            _, errors = again.communicate(timeout=120)
            assert again.returncode == 0, errors
            assert count(remote, GRAPHS) == COUNT
        bodies = [map_record(registry_records.record(number)).body for number in range(COUNT)]
        wanted = sum(body.count(b"/data/trials/nct") for body in bodies)
        assert count(remote, STATEMENTS) == wanted


@pytest.mark.virtuoso
def test_records_load_into_virtuoso_with_digest_authentication(tmp_path: Path) -> None:
    source = tmp_path / "records.jsonl"
    source.write_bytes(b"".join(registry_records.lines(40)))
    with virtuoso(tmp_path) as endpoint:
        refused = load(source, endpoint, {"BEMPEG_ENDPOINT_USER": "dba", "BEMPEG_ENDPOINT_PASSWORD": "wrong"})
        _, errors = refused.communicate(timeout=120)
        assert refused.returncode == 3, errors
        assert "refused access" in errors
        assert "wrong" not in errors
        done = load(source, endpoint, VIRTUOSO_ENVIRONMENT)
        _, errors = done.communicate(timeout=120)
        assert done.returncode == 0, errors
        remote = Remote(endpoint, http=Http(endpoint, environment={}))
        assert count(remote, GRAPHS) == 40
