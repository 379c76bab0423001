"""What is kept beside a snapshot: built once, read afterwards, and built again where the file is damaged."""

from __future__ import annotations

import marshal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bempeg_kg.graph.kept import kept


def test_a_value_is_built_once(tmp_path: Path) -> None:
    engine: Any = SimpleNamespace(folder=str(tmp_path))
    assert kept(engine, "names", lambda: ["a", "b"]) == ["a", "b"]
    assert kept(engine, "names", lambda: ["c"]) == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["names-00000000"]


def test_a_damaged_file_is_built_again(tmp_path: Path) -> None:
    engine: Any = SimpleNamespace(folder=str(tmp_path))
    (tmp_path / "names-00000000").write_bytes(marshal.dumps(["a", "b"])[:-3])
    assert kept(engine, "names", lambda: ["c"]) == ["c"]
    assert kept(engine, "names", lambda: ["d"]) == ["c"]


def test_without_a_snapshot_it_is_built_each_time() -> None:
    engine: Any = SimpleNamespace(folder="")
    assert [kept(engine, "names", lambda value=value: value) for value in ("a", "b")] == ["a", "b"]
