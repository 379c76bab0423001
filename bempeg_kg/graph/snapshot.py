"""The graph on disk: a read-only store and the compiled library, built once, opened by every later process.

A snapshot is a folder named by a hash of every file that an answer can depend on, and of the code that
loads them, so it cannot be stale. It is built in a temporary folder and renamed, so another process, or a
killed one, never leaves half of it. A stamp (sizes and times of the files) saves hashing them at each
start; it is trusted only if the files had been left alone for a while when it was taken, as no clock tells
two changes within one tick apart.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib

from pyoxigraph import Store
from pyoxigraph import __version__ as _oxigraph

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import fill_store
from bempeg_kg.content.writing import write_kept
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.seal import damage, seal
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str], None]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MADE_BY = f"pyoxigraph {_oxigraph} {sys.implementation.cache_tag}"
_SETTLED_NS = 2_000_000_000
_KEPT = 8
_ABANDONED_S = 3600
#: Packages and files whose code decides what a snapshot holds.
_LOADING = ("content", "questions", "rdf", "rdf/sparql")
_MAKING = (
    "engines/seal.py",
    "graph/snapshot.py",
    # the names that sentences are read with, which are kept beside the store
    *(f"graph/{name}.py" for name in ("belonging", "kept", "keys", "lexicon", "spoken")),
)
#: Errors of the store and the library when their files were truncated or removed.
_DAMAGED = (OSError, RuntimeError, ValueError, EOFError, TypeError, KeyError)
_OLD_S = 86400


def open_snapshot(content: Content, *, progress: Progress | None = None) -> tuple[Embedded, Library]:
    """Engine and library of a content, from its snapshot; built first if there is none.

    Where no snapshot can be written (a read-only home, a full disk) both are made in memory.
    """
    root = cache_folder()
    try:
        folder = _stamped(root, content) or _built(root, content, progress)
        try:
            return _open(folder, content)
        except _DAMAGED:
            _discard(folder)
            return _open(_built(root, content, progress), content)
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


def _open(folder: str, content: Content) -> tuple[Embedded, Library]:
    # marshal: importing json takes longer than reading the questions; the key names the Python
    with open(os.path.join(folder, "questions"), "rb") as stream:
        library = Library(map(Question.from_dict, marshal.loads(stream.read())))
    store = os.path.join(folder, "store")
    if problem := damage(store):
        raise ValueError(problem)
    engine = Embedded(Store.read_only(store), content.names)
    engine.folder = folder
    return engine, library


def _discard(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _stamped(root: str, content: Content) -> str | None:
    """The snapshot that the stamp names, if no file has changed since it was taken."""
    try:
        with open(_stamp_path(root, content), encoding="utf-8") as stream:
            key, _, listing = stream.read().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    folder = os.path.join(root, "snapshots", key)
    return folder if listing == _listing(content)[0] and os.path.isdir(folder) else None


def _built(root: str, content: Content, progress: Progress | None) -> str:
    """The snapshot of the content as it is now, built if need be. Raises OSError where it cannot be."""
    import time

    now = time.time_ns()
    for _ in range(3):
        listing, newest = _listing(content)
        key = _key(content)
        folder = os.path.join(root, "snapshots", key)
        if not os.path.isdir(folder):
            _build(root, folder, content, progress)
        if key == _key(content):
            if newest < now - _SETTLED_NS:
                write_kept(_stamp_path(root, content), f"{key}\n{listing}".encode())
            return folder
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
        library = [question.to_dict() for question in Library.read(content).all()]
        write_kept(os.path.join(staging, "questions"), marshal.dumps(library))
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


def _key(content: Content) -> str:
    import hashlib

    digest = hashlib.sha256(f"{content.hash()} {_MADE_BY}".encode())
    for path in _code():
        with open(path, "rb") as stream:
            digest.update(stream.read())
    return digest.hexdigest()[:40]


def _code() -> list[str]:
    """Files of the code that a snapshot depends on."""
    folders = [os.path.join(_PACKAGE, *name.split("/")) for name in _LOADING]
    paths = [entry.path for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".py")]
    return sorted([*paths, *(os.path.join(_PACKAGE, *name.split("/")) for name in _MAKING)])


def _listing(content: Content) -> tuple[str, int]:
    """One line a file with what changes when it does, and the newest time among them in nanoseconds."""
    newest = 0
    lines = [_MADE_BY, content.base]
    for path in [*(file.path for file in content.all_files()), *_code()]:
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
