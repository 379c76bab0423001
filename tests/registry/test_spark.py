"""The import on Apache Spark: real local workers, one of which is killed; and its parts without Spark."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from bempeg_kg.errors import InputError, UsageError
from bempeg_kg.registry import Joins
from bempeg_kg.registry.reader import Document
from bempeg_kg.registry.run import import_records
from bempeg_kg.registry.shards import make_shard, settle
from bempeg_kg.registry.units import documents_of, fingerprint, units_of
from tests.conftest import ROOT
from tests.registry.test_import import dated, registry_records

MASTER = "local-cluster[2,1,2048]"


def records(count: int) -> bytes:
    """Made-up records, among them a bad one, a newer version far behind the older, and a duplicate."""
    made = list(registry_records.lines(count))
    made[count // 3] = b'{"protocolSection": {"identificationModule": {"nctId": "nonsense"}}}\n'
    made.append(json.dumps(dated(1, "2031-01-01", acronym="NEWER")).encode() + b"\n")
    made.append(made[2])
    return b"".join(made)


def single(source: Path, output: Path) -> list[bytes]:
    """The sorted lines that one process writes."""
    import_records([str(source)], str(output), "nq", Joins())
    return sorted(output.read_bytes().splitlines())


def sharded(output: Path) -> list[bytes]:
    assert (output / "_SUCCESS").exists()
    return sorted(b"".join(path.read_bytes() for path in sorted(output.glob("part-*.nq"))).splitlines())


def test_units_hold_every_line_once(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"".join(b'{"n": %d, "x": "%s"}\n' % (n, b"y" * (n % 97)) for n in range(500)))
    for size in (1, 7, 50, 1000, 10**6):
        bodies = [
            document.body
            for unit in units_of([str(source)], size)
            for document in documents_of(unit)
            if isinstance(document, Document)
        ]
        assert b"".join(bodies) == source.read_bytes(), size


def test_units_batch_files_and_refuse_standard_input(tmp_path: Path, folder: Path) -> None:
    assert [len(unit) for unit in units_of([str(folder)], 300_000)] == [1, 3]
    with pytest.raises(UsageError):
        units_of(["-"])
    with pytest.raises(InputError):
        units_of([str(tmp_path / "none.jsonl")])
    before = fingerprint([str(folder)], "a")
    assert before == fingerprint([str(folder)], "a")
    assert before != fingerprint([str(folder)], "b")


def test_shards_made_twice_and_settled_twice_are_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(records(60))
    stage, output = tmp_path / "stage", tmp_path / "out"
    stage.mkdir()
    output.mkdir()
    (output / "part-00099.nq").write_bytes(b"from an earlier run")
    units = units_of([str(source)], 100_000)
    assert len(units) > 3
    for number in reversed(range(len(units))):
        make_shard(str(stage), number, units[number], Joins())
    (stage / "00001.nq").unlink()
    (stage / "00001.json").unlink()
    for number, unit in enumerate(units):
        make_shard(str(stage), number, unit, Joins())
    report = settle(str(stage), str(output), len(units))
    wanted = single(source, tmp_path / "single.nq")
    assert sharded(output) == wanted
    assert (report.landed, report.superseded, len(report.refused)) == (59, 2, 1)
    (output / "_SUCCESS").unlink()
    assert settle(str(stage), str(output), len(units)).as_json() == report.as_json()
    assert sharded(output) == wanted
    assert not (output / "part-00099.nq").exists()


SCRIPT = """
import sys
from bempeg_kg.registry import Joins
from bempeg_kg.registry.spark import import_on_spark
report = import_on_spark(sys.argv[1], [sys.argv[2]], sys.argv[3], Joins(), unit=int(sys.argv[4]))
print(report.summary())
"""


def start(source: Path, output: Path, unit: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), MASTER, str(source), str(output), str(unit)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def executors(process: subprocess.Popen[str]) -> list[int]:
    """The Spark workers that descend from a process of ours."""
    parents: dict[int, int] = {}
    workers = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes():
                    workers.append(int(entry.name))
            except OSError:
                continue

    def is_ours(pid: int) -> bool:
        while pid > 1:
            if pid == process.pid:
                return True
            pid = parents.get(pid, 0)
        return False

    return [worker for worker in workers if is_ours(worker)]


def wait_for(process: subprocess.Popen[str], output: Path, pattern: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not list(output.glob(pattern)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.spark
def test_a_killed_worker_loses_and_doubles_nothing(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "shards"
    source.write_bytes(records(1200))
    wanted = single(source, tmp_path / "single.nq")
    process = start(source, output, 400_000)
    try:
        wait_for(process, output, ".stage-*/*.json")
        victims = executors(process)
        assert len(victims) == 2
        os.kill(victims[0], signal.SIGKILL)
        told, errors = process.communicate(timeout=300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, errors[-2000:]
    assert "1,199 trials" in told
    assert "1 refused" in told
    assert sharded(output) == wanted
    assert not list(output.glob(".*")), "the stage was cleared"


@pytest.mark.spark
def test_a_killed_run_resumes(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "shards"
    source.write_bytes(records(1000))
    process = start(source, output, 400_000)
    wait_for(process, output, ".stage-*/*.json")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (stage,) = output.glob(".stage-*")
    time.sleep(1)  # the workers notice that their driver has gone
    made = {path.name: path.stat().st_mtime_ns for path in stage.glob("*.json")}
    assert made
    assert not (output / "_SUCCESS").exists()
    again = start(source, output, 400_000)
    wait_for(again, output, ".stage-*/*.json")
    kept = {path.name: path.stat().st_mtime_ns for path in stage.glob("*.json") if path.name in made}
    told, errors = again.communicate(timeout=300)
    assert again.returncode == 0, errors[-2000:]
    assert "999 trials" in told
    assert all(made[name] == when for name, when in kept.items()), "what was made is not made again"
    assert sharded(output) == single(source, tmp_path / "single.nq")
