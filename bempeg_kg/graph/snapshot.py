"""The graph on disk: a read-only store and the compiled library, built once, opened by every later process.

A snapshot is a folder named by a hash of every file that its statements depend on, and of the code that
loads them, so it cannot be stale. The library in it is named by a hash of the questions and of the code that
reads them: a changed question costs no new store. A snapshot is built in a temporary folder and renamed, so
another process, or a killed one, never leaves half of it. A stamp (sizes and times of the files) saves
hashing them at each start; it is trusted only if the files had been left alone for a while when it was taken,
as no clock tells two changes within one tick apart.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from contextlib import suppress

from pyoxigraph import Store
from pyoxigraph import __version__ as _oxigraph

from bempeg_kg.content.content import Content, hash_of
from bempeg_kg.content.load import fill_store
from bempeg_kg.content.writing import write_kept
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.seal import damage, seal
from bempeg_kg.graph.kept import keep_alone
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Progress = Callable[[str], None]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MADE_BY = f"pyoxigraph {_oxigraph} {sys.implementation.cache_tag}"
_SETTLED_NS = 2_000_000_000
_KEPT = 8
#: How the name of a library's file begins.
_QUESTIONS = "questions"
_ABANDONED_S = 3600
#: Packages and files whose code decides what a store holds, and what a library holds.
STORE_CODE = ("content", "rdf/names.py", "engines/seal.py", "graph/snapshot.py")
LIBRARY_CODE = ("content", "questions", "rdf/names.py")
#: Errors of the store and the library when their files were truncated or removed.
_DAMAGED = (OSError, RuntimeError, ValueError, EOFError, TypeError, KeyError)
_OLD_S = 86400


def open_snapshot(content: Content, *, progress: Progress | None = None) -> tuple[Embedded, Library]:
    """Engine and library of a content, from its snapshot; built first if there is none.

    Where no snapshot can be written (a read-only home, a full disk) both are made in memory.
    """
    root = cache_folder()
    try:
        snapshot = _stamped(root, content) or _built(root, content, progress)
        try:
            return _open(*snapshot, content)
        except _DAMAGED:
            _discard(snapshot[0])
            return _open(*_built(root, content, progress), content)
    except OSError:
        return Embedded.in_memory(content), Library.read(content)


def cache_folder() -> str:
    """Where snapshots are kept: BEMPEG_KG_CACHE, or the platform's cache folder for this user."""
    configured = os.environ.get("BEMPEG_KG_CACHE")
    if configured:
        return configured
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        home = os.path.expanduser("~/Library/Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(home):  # the specification says to ignore a relative one
            home = os.path.expanduser("~/.cache")
    return os.path.join(home, "bempeg-kg")


def _open(folder: str, listed: str, content: Content) -> tuple[Embedded, Library]:
    library = _library(os.path.join(folder, listed), content)
    store = os.path.join(folder, "store")
    if problem := damage(store):
        raise ValueError(problem)
    engine = Embedded(Store.read_only(store), content.names)
    engine.folder = folder
    return engine, library


def _library(path: str, content: Content) -> Library:
    """The library kept at a path; read from its files, and kept there, where that is missing or damaged."""
    try:
        # marshal: importing json takes longer than reading the questions; the key names the Python
        with open(path, "rb") as stream:
            return Library(map(Question.from_dict, marshal.loads(stream.read())))
    except _DAMAGED:
        library = Library.read(content)
        with suppress(OSError):  # a cache that cannot be written to
            keep_alone(path, _QUESTIONS, [question.to_dict() for question in library.all()])
        return library


def _discard(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _stamped(root: str, content: Content) -> tuple[str, str] | None:
    """The snapshot and the library in it that the stamp names, if no file has changed since it was taken."""
    try:
        with open(_stamp_path(root, content), encoding="utf-8") as stream:
            keys, _, listing = stream.read().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    key, _, listed = keys.partition(" ")
    folder = os.path.join(root, "snapshots", key)
    return (folder, listed) if listing == _listing(content)[0] and os.path.isdir(folder) else None


def _built(root: str, content: Content, progress: Progress | None) -> tuple[str, str]:
    """The snapshot of the content as it is now, built if need be, and the name of the library in it.

    Raises OSError where it cannot be built.
    """
    import time

    now = time.time_ns()
    for _ in range(3):
        listing, newest = _listing(content)
        keys = key, listed = _keys(content)
        folder = os.path.join(root, "snapshots", key)
        if not os.path.isdir(folder):
            _build(root, folder, content, progress)
        if keys == _keys(content):
            if newest < now - _SETTLED_NS:
                write_kept(_stamp_path(root, content), f"{key} {listed}\n{listing}".encode())
            return folder, listed
    raise OSError("the files kept changing")


def _build(root: str, folder: str, content: Content, progress: Progress | None) -> None:
    import shutil
    import tempfile

    home = os.path.join(root, "snapshots")
    os.makedirs(home, mode=0o700, exist_ok=True)
    staging = tempfile.mkdtemp(prefix=".new-", dir=home)
    try:
        store = Store(os.path.join(staging, "store"))
        fill_store(store, content, progress=progress)
        store.optimize()
        store.flush()
        del store
        seal(os.path.join(staging, "store"))
        try:
            os.rename(staging, folder)
        except OSError:
            if not os.path.isdir(folder):  # else another process was first
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _sweep(home, keep=folder)


def _sweep(home: str, keep: str) -> None:
    """Remove what killed processes left, and all but the newest snapshots that are more than a day old."""
    import shutil
    import time

    now = time.time()
    ages = []
    for entry in os.scandir(home):
        try:
            ages.append((now - entry.stat().st_mtime, entry.path))
        except FileNotFoundError:
            continue
    for place, (age, path) in enumerate(sorted(ages)):
        abandoned = os.path.basename(path).startswith(".new-") and age > _ABANDONED_S
        if path != keep and (abandoned or (place >= _KEPT and age > _OLD_S)):
            shutil.rmtree(path, ignore_errors=True)


def _keys(content: Content) -> tuple[str, str]:
    """The name of the snapshot of a content, and that of the library in it."""
    return (
        _key(hash_of(content.graph_files()), STORE_CODE),
        f"{_QUESTIONS}-{_key(hash_of(content.queries()), LIBRARY_CODE)}",
    )


def _key(contents: str, code: Sequence[str]) -> str:
    import hashlib

    digest = hashlib.sha256(f"{contents} {_MADE_BY}".encode())
    for path in _code(code):
        with open(path, "rb") as stream:
            digest.update(stream.read())
    return digest.hexdigest()[:40]


def _code(names: Sequence[str]) -> list[str]:
    """Files of packages, and single modules, of this package."""
    paths: list[str] = []
    for name in names:
        path = os.path.join(_PACKAGE, *name.split("/"))
        if name.endswith(".py"):
            paths.append(path)
        else:
            paths += [entry.path for entry in os.scandir(path) if entry.name.endswith(".py")]
    return sorted(paths)


def _listing(content: Content) -> tuple[str, int]:
    """One line a file with what changes when it does, and the newest time among them in nanoseconds."""
    newest = 0
    lines = [_MADE_BY, content.base]
    for path in [*(file.path for file in content.all_files()), *_code([*STORE_CODE, *LIBRARY_CODE])]:
        try:
            status = os.stat(path)
        except FileNotFoundError:
            continue
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        lines.append(f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}")
    return "\n".join(lines), newest


def _stamp_path(root: str, content: Content) -> str:
    roots = "\n".join([_PACKAGE, *(programme.root for programme in content.programmes)])
    roots += "\nsignals" if content.signals else ""
    return os.path.join(root, f"stamp-{zlib.crc32(roots.encode()):08x}")
