"""Pages and answers that are kept on disk, and what must not be kept."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bempeg_kg.content.content import Content
from bempeg_kg.engines.seal import damage
from bempeg_kg.knowledge_graph import KnowledgeGraph
from bempeg_kg.web import on_disk, opened
from bempeg_kg.web.on_disk import OnDisk
from bempeg_kg.web.pages import Page, Pages, pictures
from bempeg_kg.web.pages.kept import KeptPages
from bempeg_kg.web.pages.warming import Warming
from tests.web.serving import Server


def kept_pages(folder: Path, failures: int = 0) -> KeptPages:
    workers: Any = SimpleNamespace(failures=failures)
    return KeptPages(workers, OnDisk(str(folder)))


def test_what_is_put_is_there_for_the_next_server(tmp_path: Path) -> None:
    OnDisk(str(tmp_path)).put("a key / with ? signs", b"body")
    assert OnDisk(str(tmp_path)).get("a key / with ? signs") == b"body"
    assert OnDisk(str(tmp_path)).get("another key") is None


def test_a_damaged_file_is_not_answered(tmp_path: Path) -> None:
    disk = OnDisk(str(tmp_path))
    disk.put("key", b"body " * 100)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-5])
    assert disk.get("key") is None


def test_the_folder_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_disk, "FILES", 3)
    disk = OnDisk(str(tmp_path))
    for number in range(5):
        disk.put(str(number), b"body")
    disk.put("large", b"x" * (on_disk.LARGEST + 1))
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    disk = OnDisk(str(blocked / "pages"))
    disk.put("key", b"body")
    assert disk.get("key") is None


def test_the_folder_follows_the_content_and_old_ones_go(tmp_path: Path, kg: KnowledgeGraph) -> None:
    first = on_disk.of_content(str(tmp_path), kg.content)
    assert on_disk.of_content(str(tmp_path), kg.content).folder == first.folder
    for number in range(on_disk.VERSIONS + 2):
        (tmp_path / "served" / f"old-{number}").mkdir()
    on_disk.of_content(str(tmp_path), kg.content)
    folders = list((tmp_path / "served").iterdir())
    assert len(folders) == on_disk.VERSIONS
    assert Path(first.folder).parent in folders


def test_a_page_is_made_once_and_read_from_disk_by_the_next_server(tmp_path: Path) -> None:
    calls = []

    def make() -> Page:
        calls.append(1)
        return Page("<p>\N{GREEK SMALL LETTER ALPHA}")

    first = kept_pages(tmp_path)
    assert first.prepared(("home",), make) is first.prepared(("home",), make)
    assert kept_pages(tmp_path).prepared(("home",), make) == Page("<p>\N{GREEK SMALL LETTER ALPHA}")
    assert len(calls) == 1


@pytest.mark.parametrize("page", [Page("problem", 504), None])
def test_a_problem_is_not_kept(tmp_path: Path, page: Page | None) -> None:
    kept = kept_pages(tmp_path)
    assert kept.prepared(("home",), lambda: page) is page
    assert kept.get(("home",)) is None
    assert not list(tmp_path.iterdir())


def test_a_page_that_misses_a_part_is_not_kept(tmp_path: Path) -> None:
    kept = kept_pages(tmp_path)

    def make() -> Page:
        kept.workers.failures += 1  # a picture met its limit, and the page was made without it
        return Page("without a picture")

    kept.prepared(("home",), make)
    assert kept.get(("home",)) is None
    kept.prepared(("about",), lambda: Page("all there"))
    assert kept.get(("about",)) == Page("all there")
    assert not list(tmp_path.iterdir()), "what pages share may miss a part from now on"


def test_readers_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    waiting = [1, 1, 0]
    monkeypatch.setattr("bempeg_kg.web.pages.warming.time.sleep", waits.append)
    warming = Warming(None, kept_pages(tmp_path), lambda: waiting.pop(0))  # type: ignore[arg-type]
    warming._pause()
    assert len(waits) == 2


def test_every_question_and_picture_is_prepared(kg: KnowledgeGraph, tmp_path: Path) -> None:
    prepared = Warming(Pages(kg), kept_pages(tmp_path), lambda: 0).listed()
    assert {("question", one.name, "{}") for one in kg.questions} <= set(prepared)
    assert {("picture", name, "") for name in pictures.VIEWS} <= set(prepared)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Content:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    return Content.find([str(Path(__file__).parent / "data")])


def test_the_next_server_takes_the_kept_store(
    small: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        opened.fill_run_folder(str(tmp_path / name), small)
        monkeypatch.setattr(opened, "fill_store", None)  # the second is not filled
    hashes = [(tmp_path / name / "content-hash").read_text() for name in ("first", "second")]
    assert hashes[0] == hashes[1]
    assert not damage(str(tmp_path / "second" / "store"))


def test_a_damaged_kept_store_is_made_anew(small: Content, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        opened.fill_run_folder(str(tmp_path / name), small)
        (table, *_) = (tmp_path / "cache").rglob("store/*.sst")
        table.write_bytes(b"")
    assert not damage(str(tmp_path / "second" / "store"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/questions", "/questions%3F%26"),
        ("/questions?q=a%26b&tag=c", "/questions?q=a&tag=b%26c"),
    ],
)
def test_no_address_gives_the_page_of_another(server: Server, first: str, second: str) -> None:
    one, other = (server.request("GET", path) for path in (first, second))
    assert (one.status, one.body) != (other.status, other.body)
