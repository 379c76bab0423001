"""The graph on disk: never stale, never half, safe with two processes, and not needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bempeg_kg import Content, KnowledgeGraph
from bempeg_kg.graph import lexicon, snapshot
from bempeg_kg.web.pages import Pages, dereference
from tests.conftest import ROOT, Cli

SLOW = {"rdflib", "networkx", "pyvis", "pyshacl", "numpy", "yaml", "jinja2", "inspect", "pathlib", "hashlib"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(folder))
    return folder


def snapshots(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "snapshots").iterdir())


def settle(folder: Path) -> None:
    """Make files look as if they had been left alone for an hour; their change time cannot be set."""
    before = time.time() - 3600
    for path in folder.rglob("*"):
        os.utime(path, (before, before))


def test_the_same_answers_as_in_memory(home: Path, kg: KnowledgeGraph) -> None:
    on_disk = KnowledgeGraph.open()
    assert on_disk.select(COUNT)[0] == kg.select(COUNT)[0]
    assert [one.to_dict() for one in on_disk.questions] == [one.to_dict() for one in kg.questions]
    assert on_disk.ask("programme-trials").rows == kg.ask("programme-trials").rows


def test_built_once(home: Path, programme: Path) -> None:
    for _ in range(3):
        KnowledgeGraph.open(programme)
    assert len(snapshots(home)) == 1


@pytest.mark.parametrize(
    "touch",
    [
        "same size and time",
        "question",
        *(pytest.param(one, marks=pytest.mark.thorough) for one in ("change", "add", "remove")),
    ],
)
def test_never_stale(home: Path, programme: Path, touch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_SETTLED_NS", 0)  # trust stamps at once: the harder case
    settle(programme)
    KnowledgeGraph.open(programme)
    trial = programme / "data" / "trial.ttl"
    text, times = trial.read_text(), (trial.stat().st_atime, trial.stat().st_mtime)
    if touch == "change":
        trial.write_text(text.replace("36.0", "36.5 , 37"))
    elif touch == "same size and time":
        trial.write_text(text.replace("36.0", "37.0"))
        os.utime(trial, times)
    elif touch == "add":
        (programme / "data" / "more.ttl").write_text("<urn:a> <urn:b> 37 .")
    elif touch == "remove":
        trial.unlink()
    else:
        question = programme / "queries" / "own-trials.rq"
        question.write_text(question.read_text().replace("(0)", "(99)"))
    on_disk, in_memory = KnowledgeGraph.open(programme), KnowledgeGraph.open(programme, engine="memory")
    everything = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } ORDER BY ?s ?p ?o"
    assert on_disk.select(everything).rows == in_memory.select(everything).rows
    assert on_disk.ask("own-trials").rows == in_memory.ask("own-trials").rows


def test_a_stamp_is_not_trusted_while_files_are_fresh(home: Path, programme: Path) -> None:
    (programme / "data" / "trial.ttl").touch()
    KnowledgeGraph.open(programme)
    assert not list(home.glob("stamp-*"))


def test_a_changed_question_needs_no_new_store(home: Path, programme: Path) -> None:
    KnowledgeGraph.open(programme).lexicon  # noqa: B018
    (folder,) = (home / "snapshots").iterdir()
    kept = sorted(path.name for path in folder.iterdir())
    question = programme / "queries" / "own-trials.rq"
    question.write_text(question.read_text().replace("(0)", "(99)"))
    KnowledgeGraph.open(programme).lexicon  # noqa: B018
    assert snapshots(home) == [folder.name]
    now = sorted(path.name for path in folder.iterdir())
    assert [name for name in kept if name not in now] == [
        name for name in kept if name.startswith("questions")
    ]
    assert len(now) == len(kept)


def test_changed_code_of_the_lexicon_builds_that_alone(
    home: Path, programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KnowledgeGraph.open(programme).lexicon  # noqa: B018
    (folder,) = (home / "snapshots").iterdir()
    (before,) = folder.glob("lexicon-*")
    monkeypatch.setattr(lexicon, "_CODE", ("keys.py",))
    KnowledgeGraph.open(programme).lexicon  # noqa: B018
    (after,) = folder.glob("lexicon-*")
    assert after.name != before.name


@pytest.mark.parametrize(
    ("module", "code"),
    [("bempeg_kg.content.load", snapshot.STORE_CODE), ("bempeg_kg.questions.library", snapshot.LIBRARY_CODE)],
)
def test_code_that_loads_is_part_of_the_key(module: str, code: tuple[str, ...]) -> None:
    read = f"import sys, {module}; print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('be')))"
    files = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, cwd=ROOT).stdout
    modules = {
        path for path in files.split() if not path.endswith(("__init__.py", "_version.py", "errors.py"))
    }
    assert modules
    assert modules <= set(snapshot._code(code))


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bempeg_kg", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.thorough
def test_two_processes_at_once(home: Path) -> None:
    running = [start("query", COUNT, "--format", "tsv") for _ in range(2)]
    answers = [one.communicate(timeout=120) for one in running]
    assert {answer for answer, _ in answers} == {cli_count()}
    assert [one.returncode for one in running] == [0, 0]
    assert len(snapshots(home)) == 1


def cli_count() -> str:
    return KnowledgeGraph.open(engine="memory").select(COUNT).to_tsv()


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.2, 0.4])
@pytest.mark.thorough
def test_killed_while_building(home: Path, delay: float, cli: Cli) -> None:
    running = start("query", COUNT)
    deadline = time.monotonic() + 60
    while not list(home.glob("snapshots/.new-*")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(delay)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    done = cli("query", COUNT, "--format", "tsv")
    assert (done.returncode, done.stdout) == (0, cli_count())


def test_what_a_killed_process_left_is_swept(home: Path, programme: Path) -> None:
    left = home / "snapshots" / ".new-left"
    left.mkdir(parents=True)
    os.utime(left, (1, 1))
    KnowledgeGraph.open(programme)
    assert not left.exists()


@pytest.mark.parametrize(
    "hurt",
    [
        "flipped",
        "manifest",
        *(
            pytest.param(hurt, marks=pytest.mark.thorough)
            for hurt in ("empty", "truncated", "no questions", "no record")
        ),
    ],
)
def test_a_damaged_snapshot_is_built_again(home: Path, programme: Path, hurt: str, cli: Cli) -> None:
    KnowledgeGraph.open(programme)
    folder = home / "snapshots" / snapshots(home)[0]
    (questions,) = (path.name for path in folder.glob("questions-*"))
    if hurt == "no questions":
        (folder / questions).unlink()
    if hurt == "no record":
        (folder / "store.files").unlink()
    if hurt == "manifest":
        (manifest,) = (folder / "store").glob("MANIFEST-*")
        manifest.write_bytes(manifest.read_bytes()[:100])
    if hurt == "flipped":
        largest = max((folder / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
        body = bytearray(largest.read_bytes())
        body[len(body) // 2] ^= 1
        largest.write_bytes(body)
    for path in (folder / "store").iterdir():
        if hurt == "empty":
            path.unlink()
        elif hurt == "truncated":
            path.write_bytes(path.read_bytes()[:10])
    done = cli("--data", str(programme), "ask", "own-trials", "--format", "tsv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "36" in done.stdout
    assert snapshot._open(str(folder), questions, Content.find(programme))[0].query(COUNT)


@pytest.mark.parametrize("place", ["/proc/no-such-place", "/dev/null/cache"])
def test_where_nothing_can_be_written_the_answer_is_the_same(cli: Cli, place: str) -> None:
    done = cli("query", COUNT, "--format", "tsv", env={**os.environ, "BEMPEG_KG_CACHE": place})
    assert (done.returncode, done.stdout) == (0, cli_count())


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/bempeg-kg"),
        ("linux", {"HOME": "/h"}, "/h/.cache/bempeg-kg"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/bempeg-kg"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/bempeg-kg"),
    ],
)
def test_the_cache_is_where_the_platform_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], folder: str
) -> None:
    for name in ("BEMPEG_KG_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert snapshot.cache_folder() == folder


def test_a_first_answer_imports_no_slow_module(home: Path) -> None:
    code = (  # the stamp is to be taken at once
        "import sys; from bempeg_kg.graph import snapshot; snapshot._SETTLED_NS = -10**18\n"
        "from bempeg_kg.cli import main; main(['ask', 'programme-trials', '-o', '/dev/null'])\n"
        f"print(sorted({SLOW!r} & set(sys.modules)))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_content_hash_depends_on_every_byte(programme: Path) -> None:
    before = Content.find(programme).hash()
    path = programme / "data" / "trial.ttl"
    path.write_text(path.read_text() + " ")
    assert Content.find(programme).hash() != before


@pytest.mark.thorough
def test_a_copy_in_memory_says_the_same_in_the_same_words(kg: KnowledgeGraph) -> None:
    on_disk = KnowledgeGraph.open()
    copy = on_disk.in_memory()
    assert copy is not on_disk and copy.select(COUNT).rows == on_disk.select(COUNT).rows
    assert kg.in_memory() is kg, "a graph in memory is not copied"
    iri, media_type = copy.resolve("cell:treg"), "text/turtle"
    assert dereference.entity(copy, iri, media_type) == dereference.entity(on_disk, iri, media_type)
    pages = [Pages(graph).entity(iri) for graph in (copy, on_disk)]
    assert pages[0] and pages[0] == pages[1], "lists of an effect have no fixed order"
