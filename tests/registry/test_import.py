"""`bempeg-kg import` as a process: outputs, versions, reports, exit codes, and being cut off."""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.content.parse import parse_file
from bempeg_kg.content.writing import Unwritable
from bempeg_kg.registry import writer
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.mapping import map_record
from bempeg_kg.registry.run import import_records
from tests.conftest import ROOT, Cli
from tests.registry.test_mapping import minimal

_spec = importlib.util.spec_from_file_location(
    "registry_records", ROOT / "benchmarks" / "registry_records.py"
)
assert _spec is not None
assert _spec.loader is not None
registry_records = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(registry_records)


def dated(number: int, date: str, **more: Any) -> dict[str, Any]:
    collected: dict[str, Any] = registry_records.record(number)
    collected["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = {"date": date}
    collected["protocolSection"]["identificationModule"].update(more)
    return collected


def write_lines(path: Path, *records: object) -> Path:
    path.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in records))
    return path


def quads(path: Path) -> set[str]:
    return {str(quad) for quad in parse(path.read_bytes(), format=RdfFormat.N_QUADS)}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred made-up records as JSON lines."""
    path = tmp_path_factory.mktemp("many") / "records.jsonl"
    path.write_bytes(b"".join(registry_records.lines(300)))
    return path


@pytest.mark.thorough
def test_the_same_bytes_on_any_number_of_processes(many: Path, tmp_path: Path, cli: Cli) -> None:
    outputs = []
    for processes in ("1", "2", "3"):
        output = tmp_path / f"{processes}.nq"
        done = cli("import", str(many), "-o", str(output), "--processes", processes)
        assert done.returncode == 0, done.stderr
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]
    packed = tmp_path / "x.nq.gz"
    assert cli("import", str(many), "-o", str(packed)).returncode == 0
    assert gzip.decompress(packed.read_bytes()) == outputs[0]
    piped = cli("import", "-", input=many.read_text())
    assert piped.stdout.encode() == outputs[0]


def test_turtle_says_the_same_as_nquads(folder: Path, tmp_path: Path, cli: Cli) -> None:
    done = cli("import", str(folder / "NCT02210780.json"), "-o", str(tmp_path) + "/")
    assert done.returncode == 0, done.stderr
    assert cli("import", str(folder / "NCT02210780.json"), "-o", str(tmp_path / "x.nq")).returncode == 0
    turtle = set()
    for name in ("nct02210780", "registry-entities"):
        iri = f"https://w3id.org/bempeg-kg/data/trials/{name}.ttl"
        found = parse_file(str(tmp_path / f"{name}.ttl"), iri)
        turtle |= {str(quad) for quad in found if str(quad.subject) != f"<{iri}>"}
    assert turtle == quads(tmp_path / "x.nq")
    assert "\t" not in (tmp_path / "nct02210780.ttl").read_text()
    one = cli("import", str(folder / "NCT02210780.json"), "--format", "ttl")
    assert one.stdout.startswith("@prefix")


def test_turtle_keeps_signs_that_some_take_for_the_end_of_a_line(tmp_path: Path, cli: Cli) -> None:
    title = "one\u2028two\u2029three\x85four"
    source = write_lines(tmp_path / "in.jsonl", dated(1, "2019-01-01", briefTitle=title, acronym=title))
    for name in ("x.ttl", "folder/"):
        assert cli("import", str(source), "-o", f"{tmp_path}/{name}").returncode == 0
    for path in (tmp_path / "x.ttl", tmp_path / "folder" / "nct90000001.ttl"):
        found = {
            quad.object.value for quad in parse_file(str(path), "urn:x") if "label" in str(quad.predicate)
        }
        assert title in found


def test_an_older_record_does_not_replace_a_newer_one_of_an_earlier_run(tmp_path: Path, cli: Cli) -> None:
    dates = ("2019-01-01", "2020-01-01", "2021-01-01")
    sources = [
        write_lines(tmp_path / f"{date}.jsonl", dated(1, date, acronym=f"OF {date}"), dated(2, date))
        for date in dates
    ]
    folder = tmp_path / "trials"
    for source, expected in zip(
        (sources[1], sources[0], sources[2]), (dates[1], dates[1], dates[2]), strict=True
    ):
        done = cli("import", str(source), "-o", f"{folder}/", "--older", "keep")
        assert done.returncode == 0, done.stderr
        assert f'"OF {expected}"' in (folder / "nct90000001.ttl").read_text()
        told = "older than what is there" in done.stderr
        assert told == (source == sources[0])
    history = gzip.decompress((folder / "history.nq.gz").read_bytes()).decode().splitlines()
    graphs = {line.rpartition("/")[2] for line in history}
    assert {graph for graph in graphs if graph.startswith("nct90000001-2019-01-01")}
    assert {graph for graph in graphs if graph.startswith("nct90000001-2020-01-01")}
    assert not {graph for graph in graphs if "2021" in graph}
    assert any('"OF 2020-01-01"' in line for line in history)
    assert len(history) == len(set(history))


def test_what_records_share_is_described_once(folder: Path, tmp_path: Path, cli: Cli) -> None:
    into = str(tmp_path) + "/"
    assert cli("import", str(folder / "NCT00567567.json"), "-o", into).returncode == 0
    assert cli("import", str(folder / "NCT00716976.json"), "-o", into).returncode == 0
    described: dict[str, set[str]] = {}
    for path in tmp_path.glob("*.ttl"):
        for quad in parse_file(str(path), f"https://w3id.org/bempeg-kg/data/trials/{path.name}"):
            described.setdefault(f"{quad.subject} {quad.predicate} {quad.object}", set()).add(path.name)
    assert [triple for triple, files in described.items() if len(files) > 1] == []
    shared = (tmp_path / "registry-entities.ttl").read_text()
    assert "regional neuroblastoma" in shared, "what the first import put there stays"
    assert "central nervous system tumor" in shared


@pytest.mark.parametrize("runs", [1, 2])
def test_a_thing_that_records_spell_in_two_ways_has_one_label(runs: int, tmp_path: Path, cli: Cli) -> None:
    first, second = dated(1, "2020-01-01"), dated(2, "2020-01-01")
    first["protocolSection"]["conditionsModule"] = {"conditions": ["Left-sided : failure"]}
    second["protocolSection"]["conditionsModule"] = {"conditions": ["Left sided:failure"]}
    into = str(tmp_path / "made") + "/"
    for records in [[first, second]] if runs == 1 else [[first], [second]]:
        source = write_lines(tmp_path / "records.jsonl", *records)
        assert cli("import", str(source), "-o", into).returncode == 0
    path = tmp_path / "made" / "registry-entities.ttl"
    shared = path.read_text()
    assert 'rdfs:label "left sided:failure"' in shared
    assert shared.count('"left-sided : failure"') == shared.count('skos:altLabel "left-sided : failure"') == 1
    for again in (first, second):
        assert cli("import", str(write_lines(tmp_path / "again.jsonl", again)), "-o", into).returncode == 0
        assert path.read_text() == shared


@pytest.mark.parametrize("newer_first", [True, False])
def test_the_newer_record_wins_whichever_comes_first(newer_first: bool, tmp_path: Path, cli: Cli) -> None:
    old, new = dated(1, "2019-01-01", acronym="OLD"), dated(1, "2020-01-01", acronym="NEW")
    source = write_lines(
        tmp_path / "in.jsonl", *([new, old] if newer_first else [old, new]), dated(2, "2019-01-01")
    )
    output = tmp_path / "out.nq"
    done = cli("import", str(source), "-o", str(output), "--report", str(tmp_path / "report.json"))
    assert done.returncode == 0, done.stderr
    body = output.read_text()
    assert '"NEW"' in body
    assert '"OLD"' not in body
    counts = json.loads((tmp_path / "report.json").read_text())["records"]
    assert counts == {"mapped": 3, "landed": 2, "superseded": 1, "refused": 0}
    assert not (tmp_path / "out.history.nq.gz").exists()
    assert cli("import", str(source), "-o", str(output), "--older", "keep").returncode == 0
    history = gzip.decompress((tmp_path / "out.history.nq.gz").read_bytes()).decode()
    assert '"OLD"' in history
    for line in history.splitlines():
        assert line.endswith(
            ("data/history/nct90000001-2019-01-01-2026-03-06.ttl> .", "registry-entities.ttl> .")
        )


def test_duplicates_are_written_once_and_contradictions_reported(tmp_path: Path, cli: Cli) -> None:
    same, other = dated(1, "2019-01-01", acronym="ONE"), dated(1, "2019-01-01", acronym="TWO")
    source = write_lines(tmp_path / "in.jsonl", same, same, other)
    output = tmp_path / "out.nq"
    done = cli("import", str(source), "-o", str(output), "--report")
    assert done.returncode == 0
    assert "in.jsonl:3: NCT90000001 differs from" in done.stderr
    body = output.read_text()
    assert '"ONE"' in body
    assert '"TWO"' not in body
    assert len(body.splitlines()) == len(set(body.splitlines()))


@pytest.mark.thorough
def test_one_bad_record_in_ten_thousand(tmp_path: Path, cli: Cli) -> None:
    bare = [
        {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": "x"}}}
        for number in range(10_000)
    ]
    bare[6789]["protocolSection"]["identificationModule"]["nctId"] = "NCT12"
    bare[7890]["protocolSection"]["conditionsModule"] = {"conditions": {"not": "a list"}}
    source = write_lines(tmp_path / "in.jsonl", *bare)
    done = cli("import", str(source), "-o", str(tmp_path / "out.nq"), "--report", str(tmp_path / "r.json"))
    assert done.returncode == 1
    assert "in.jsonl:6790 at $.protocolSection.identificationModule.nctId: 'NCT12' is not" in done.stderr
    assert "1 x protocolSection.conditionsModule.conditions: a list was expected" in done.stderr
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["records"]["landed"] == 9_999
    (fault,) = report["refused"]
    assert fault["place"].endswith("in.jsonl:6790")


def test_exit_codes_and_messages(folder: Path, tmp_path: Path, cli: Cli) -> None:
    legacy = tmp_path / "old.json"
    legacy.write_text('{"FullStudiesResponse": {"FullStudies": []}}')
    done = cli("import", str(legacy), "-o", str(tmp_path / "x.nq"))
    assert done.returncode == 2
    assert f"{legacy} at $.FullStudiesResponse: this is the classic API" in done.stderr
    assert not (tmp_path / "x.nq").exists()
    record = str(folder / "NCT00763412.json")
    both = cli("import", str(legacy), record, "-o", str(tmp_path / "x.nq"))
    assert both.returncode == 1
    assert (tmp_path / "x.nq").exists()
    for arguments in (
        ["-o", str(tmp_path / "x.csv")],
        ["-o", str(tmp_path / "none" / "x.nq")],
        ["--format", "csv"],
        ["--processes", "0"],
        ["--load"],
    ):
        assert cli("import", record, *arguments).returncode == 2, arguments
    assert cli("import", str(tmp_path / "none.json")).returncode == 2
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_report_counts_what_was_not_mapped(folder: Path, tmp_path: Path, cli: Cli) -> None:
    done = cli("import", str(folder / "NCT02210780.json"), "-o", str(tmp_path / "x.nq"), "--report", "-")
    assert "names of persons, mail and telephone are not imported" in done.stderr
    assert "not mapped: " in done.stderr


def test_records_join_the_curated_graph(kg: KnowledgeGraph) -> None:
    joins = Joins.of_engine(kg.engine, kg.names.base)
    assert joins.trials["NCT03635983"] == "https://w3id.org/bempeg-kg/trial/pivot-io-001"
    assert joins.names["endpoint"]["objective response rate"] == "https://w3id.org/bempeg-kg/endpoint/orr"
    assert joins.names["drug"]["nivolumab"] == "https://w3id.org/bempeg-kg/drug/nivolumab"
    assert joins.papers


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start an import as a process of its own."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bempeg_kg", "import", *arguments],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.thorough
def test_killed_midway_leaves_the_old_output_and_a_second_run_completes(
    many: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]], cli: Cli
) -> None:
    output = tmp_path / "out.nq"
    output.write_bytes(b"what was there before\n")
    endless = tmp_path / "pipe"
    os.mkfifo(endless)
    process = started(str(endless), "-o", str(output), "--processes", "1")
    with endless.open("wb") as pipe:
        pipe.write(many.read_bytes())
        pipe.flush()
        end = time.monotonic() + 30
        while not [one for one in tmp_path.glob(".out.nq.*.part") if one.stat().st_size > 100_000]:
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert output.read_bytes() == b"what was there before\n"
    assert list(tmp_path.glob(".out.nq.*.part"))
    assert cli("import", str(many), "-o", str(output)).returncode == 0
    assert len(quads(output)) > 10_000
    assert not list(tmp_path.glob(".*.part")), "what the killed run left was swept away"


def test_a_folder_is_as_before_until_all_is_written_and_stale_parts_are_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "trials"
    stale = folder / ".import.999999999.folder.part"
    stale.mkdir(parents=True)
    (stale / "nct00763412.ttl").write_text("half of it")
    arguments = ["import", str(ROOT / "tests/registry/records"), "-o", f"{folder}/", "-q", "--processes", "1"]
    write_turtle, paths = writer._write_turtle, []

    def fail_at_the_second(path: str, *rest: Any) -> None:
        paths.append(path)
        if len(paths) > 1:
            raise OSError(28, "No space left on device")
        write_turtle(path, *rest)

    monkeypatch.setattr(writer, "_write_turtle", fail_at_the_second)
    assert main(arguments) == 2
    assert list(folder.iterdir()) == []
    monkeypatch.undo()
    assert main(arguments) == 0
    assert {path.name for path in folder.iterdir()} > {"nct00763412.ttl", "registry-entities.ttl"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_workers_end_with_the_process_that_started_them(
    many: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    endless = tmp_path / "pipe"
    os.mkfifo(endless)
    process = started(str(endless), "-o", str(tmp_path / "out.nq"), "--processes", "2")
    with endless.open("wb") as pipe:
        pipe.write(many.read_bytes())
        pipe.flush()
        end = time.monotonic() + 30
        while len(workers := list(tmp_path.glob(".out.nq.*.spool.*.part"))) < 2:
            assert time.monotonic() < end
            time.sleep(0.01)
        process.kill()
        process.wait()
        left = {int(one.name.split(".")[-2]) for one in workers}
        while left:
            assert time.monotonic() < end, "a worker outlived the process that started it"
            time.sleep(0.05)
            left = {one for one in left if is_running(one)}


def is_running(process: int) -> bool:
    """Whether it runs; one that ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_interrupted_is_130_and_leaves_no_files(
    many: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    endless = tmp_path / "pipe"
    os.mkfifo(endless)
    process = started(str(endless), "-o", str(tmp_path / "out.nq"), "--processes", "1")
    with endless.open("wb") as pipe:
        pipe.write(many.read_bytes())
        pipe.flush()
        end = time.monotonic() + 30
        while not list(tmp_path.glob(".out.nq.*.part")):
            assert time.monotonic() < end
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here, which takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_reported_and_leaves_no_files(
    many: Path, folder: Path, small_disk: Path, cli: Cli
) -> None:
    kept = small_disk / "out.nq"
    kept.write_bytes(b"what was there before\n")
    done = cli("import", str(many), "-o", str(kept), "--processes", "2")
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Free some room" in done.stderr
    assert kept.read_bytes() == b"what was there before\n"
    assert [path.name for path in small_disk.iterdir()] == ["out.nq"]
    assert cli("import", str(folder / "NCT00763412.json"), "-o", str(kept)).returncode == 0


def test_a_killed_worker_is_reported_and_leaves_no_files(
    many: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    endless, output = tmp_path / "pipe", tmp_path / "out.nq"
    os.mkfifo(endless)
    process = started(str(endless), "-o", str(output), "--processes", "2")
    with endless.open("wb") as pipe:
        pipe.write(many.read_bytes())
        pipe.flush()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        end = time.monotonic() + 30
        while not (workers := children.read_text().split()):
            assert time.monotonic() < end
            time.sleep(0.01)
        os.kill(int(workers[0]), signal.SIGKILL)
    assert process.wait(60) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe"]


def test_a_file_of_a_folder_that_cannot_be_read_is_refused_and_the_others_are_not(
    tmp_path: Path, cli: Cli
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.json").write_text(json.dumps(dated(1, "2020-01-01")))
    (source / "b.json").symlink_to(source / "nowhere.json")
    (source / "loop").symlink_to(tmp_path)
    done = cli("import", str(source), "-o", str(tmp_path / "o.nq"))
    assert (done.returncode, "1 trial" in done.stderr) == (1, True)
    assert f"refused: {source / 'b.json'}: no such file" in done.stderr


@pytest.mark.parametrize("output, asked", [("o.nq.gz", "ttl"), ("o.ttl", "nq"), ("o/", "nq")])
def test_a_format_that_the_name_contradicts_is_refused(
    output: str, asked: str, folder: Path, tmp_path: Path, cli: Cli
) -> None:
    done = cli("import", str(folder), "-o", f"{tmp_path}/{output}", "--format", asked)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])


def test_packed_n_quads_stay_packed_whatever_the_format_says(folder: Path, tmp_path: Path, cli: Cli) -> None:
    cli("import", str(folder), "-o", str(tmp_path / "o.nq.gz"), "--format", "nq")
    assert gzip.decompress((tmp_path / "o.nq.gz").read_bytes()).startswith(b"<")


def test_a_date_that_is_none_makes_no_graph(tmp_path: Path, cli: Cli) -> None:
    lines = write_lines(tmp_path / "in.jsonl", dated(1, "2020-x> <urn:x"), dated(1, "2021-01-01"))
    cli("import", str(lines), "-o", str(tmp_path / "o.nq"), "--older", "keep")
    older = gzip.decompress((tmp_path / "o.history.nq.gz").read_bytes())
    graphs = {quad.graph_name.value for quad in parse(older, format=RdfFormat.N_QUADS)}
    assert [one for one in graphs if "history" in one and "2020" in one] == []


def test_a_numbered_name_is_not_that_of_another(tmp_path: Path) -> None:
    record = minimal()
    record["protocolSection"]["armsInterventionsModule"] = {
        "armGroups": [
            {"label": "Arm", "type": "PLACEBO_COMPARATOR"},
            {"label": "Arm", "type": "EXPERIMENTAL"},
            {"label": "Arm 2", "type": "ACTIVE_COMPARATOR"},
        ]
    }
    body = map_record(record).body.decode()
    arms = re.findall(r"^<([^>]*/arm/[^>]*)> <[^>]*#type> <[^>]*#Arm>", body, re.MULTILINE)
    assert len(arms) == len(set(arms)) == 3


def test_an_incomplete_page_is_reported_and_a_refusal_even_quietly(tmp_path: Path, cli: Cli) -> None:
    studies = [{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}]
    page = {"totalCount": 2076, "nextPageToken": "x", "studies": studies}
    (tmp_path / "page.json").write_text(json.dumps(page))
    done = cli("import", str(tmp_path / "page.json"), "-o", str(tmp_path / "out.nq"), "-q")
    assert done.returncode == 0
    assert "page 1 of several: 1 of 2076 records" in done.stderr
    (tmp_path / "other.csv").write_text("x")
    (tmp_path / "bad.json").write_text('{"isrctn": "1"}')
    done = cli("import", str(tmp_path), "-o", str(tmp_path / "out.nq"), "-q")
    assert done.returncode == 1
    assert "ISRCTN" in done.stderr
    assert "not JSON were passed over: 1 .csv" in done.stderr
    assert "statements" not in done.stderr


def test_a_folder_changes_at_the_end_or_not_at_all(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "trials"
    left = output / ".import.999999999.folder.part"
    left.mkdir(parents=True)
    (left / "nct00000001.ttl").write_text("of a process that was killed")
    source = str(folder / "NCT00763412.json")
    import_records([source], f"{output}/", "folder", Joins())
    names = {path.name for path in output.iterdir()}
    assert names == {"nct00763412.ttl", "registry-entities.ttl"}
    before = {path.name: path.read_bytes() for path in output.iterdir()}

    def full(_: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("bempeg_kg.registry.writer.os.fsync", full)
    with pytest.raises(Unwritable):
        import_records([str(folder / "NCT02210780.json"), source], f"{output}/", "folder", Joins())
    assert {path.name: path.read_bytes() for path in output.iterdir()} == before


def test_turtle_and_n_quads_hold_the_same_statements(folder: Path, tmp_path: Path) -> None:
    source = str(folder / "NCT00567567.json")
    for form in ("nq", "ttl"):
        import_records([source], str(tmp_path / f"x.{form}"), form, Joins())
    import_records([source], f"{tmp_path}/trials/", "folder", Joins())

    def triples(path: Path) -> set[str]:
        quads = parse(path=str(path), base_iri="https://example.org/file")
        return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads}

    wanted = triples(tmp_path / "x.nq")
    assert triples(tmp_path / "x.ttl") == wanted
    inside = set().union(*(triples(path) for path in (tmp_path / "trials").iterdir()))
    assert {one for one in inside if not one.startswith("<https://example.org/file>")} == wanted
