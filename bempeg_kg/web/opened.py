"""The server's own copy of the graph."""

from __future__ import annotations

import glob
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pyoxigraph as ox

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import fill_store, load_quads
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.engines.seal import WRITTEN_ANEW, damage, record_of, seal
from bempeg_kg.errors import BempegError, EngineError
from bempeg_kg.exports import service_quads
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.snapshot import cache_folder, open_snapshot
from bempeg_kg.rdf.canonical import dataset_hash
from bempeg_kg.web import on_disk
from bempeg_kg.web.config import Config

_PREFIX = "bempeg-kg-serve-"
_HASH = "content-hash"


@contextmanager
def run_folder(data: Sequence[str]) -> Iterator[str]:
    """A temporary folder with a snapshot of the content in ``store``, gone afterwards.

    A snapshot in the shared cache could be removed; a server that has to start
    workers weeks later needs one that is its own.
    """
    Content.find(list(data) or None)  # what is wrong with the names of folders is reported from here
    _remove_abandoned()
    prefix = f"{_PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        _fill_elsewhere(folder, data)
        yield folder


def _fill_elsewhere(folder: str, data: Sequence[str]) -> None:
    """Fill the folder in a process that then ends, so that a server never holds what that takes."""
    command = [sys.executable, "-m", "bempeg_kg.web.opened", folder, *data]
    filled = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if filled.stdout:
        raise pickle.loads(filled.stdout)
    if filled.returncode:
        raise EngineError(
            f"the process that prepares the graph exited with code {filled.returncode}",
            cure="Give it more memory, or serve less data.",
        )


def fill_run_folder(folder: str, content: Content) -> None:
    """Write the snapshot of the content, its seal and its hash.

    That of a large content is the one that every command opens, by links to its files; another is kept for
    the next server.
    """
    if content.is_large and _link(folder, snapshot := open_snapshot(content)[0].folder):
        for names in glob.glob(os.path.join(glob.escape(snapshot), "lexicon-*")):
            shutil.copy2(names, folder)  # to read them anew takes seconds
        _write_hash(folder, content.hash())
        return
    kept = on_disk.folder_of(cache_folder(), content)
    if _copied(folder, kept):
        return
    store = ox.Store(os.path.join(folder, "store"))
    fill_store(store, content)
    store.bulk_extend(service_quads(content))
    store.optimize()
    store.flush()
    del store
    seal(os.path.join(folder, "store"))
    # computed here, so that no process that serves has to hold all statements as objects
    _write_hash(folder, dataset_hash(load_quads(content)))
    _keep(folder, kept)


def _copied(folder: str, kept: str) -> bool:
    """Give the run folder a copy of the store that an earlier server kept; whether there was a whole one."""
    try:
        if not os.path.exists(os.path.join(kept, _HASH)):
            return False
        _link(folder, kept, shutil.copy2)
        shutil.copyfile(os.path.join(kept, _HASH), os.path.join(folder, _HASH))
        if not damage(os.path.join(folder, "store")):
            return True
    except OSError:  # removed meanwhile
        pass
    shutil.rmtree(os.path.join(folder, "store"), ignore_errors=True)
    shutil.rmtree(kept, ignore_errors=True)
    return False


def _keep(folder: str, kept: str) -> None:
    """Keep the store of a run folder for the next server; the hash is written last and marks it as whole."""
    with suppress(OSError):
        if not os.path.exists(os.path.join(kept, _HASH)):
            shutil.rmtree(os.path.join(kept, "store"), ignore_errors=True)  # of a server that was killed
            _link(kept, folder, shutil.copy2)
            shutil.copyfile(os.path.join(folder, _HASH), os.path.join(kept, _HASH))


def _link(folder: str, snapshot: str, place: Callable[[str, str], object] = os.link) -> bool:
    """Give the run folder the store of a snapshot; whether there was one. Its files never change."""
    if not snapshot:
        return False
    home = os.path.join(folder, "store")
    os.makedirs(home)
    for entry in os.scandir(os.path.join(snapshot, "store")):
        if not entry.name.startswith(WRITTEN_ANEW):
            target = os.path.join(home, entry.name)
            try:
                place(entry.path, target)
            except OSError:  # another file system
                shutil.copy2(entry.path, target)
    shutil.copy2(record_of(os.path.join(snapshot, "store")), record_of(home))
    return True


def _write_hash(folder: str, text: str) -> None:
    with open(os.path.join(folder, _HASH), "w", encoding="ascii") as stream:
        stream.write(text)


def _remove_abandoned() -> None:
    """Remove folders of servers that were killed: their names hold the number of a process that is gone."""
    for path in glob.glob(os.path.join(glob.escape(tempfile.gettempdir()), f"{_PREFIX}*-*")):
        number = os.path.basename(path).removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to another user
        return True
    return True


def content_hash(config: Config) -> str:
    """The hash of the statements that a server serves."""
    with open(os.path.join(config.run_folder, _HASH), encoding="ascii") as stream:
        return stream.read()


def open_graph(config: Config) -> Graph:
    """The graph of a server's run folder, read-only."""
    content = Content.find(list(config.data) or None)
    store = ox.Store.read_only(os.path.join(config.run_folder, "store"))
    engine = Embedded(store, content.names)
    engine.folder = config.run_folder if content.is_large else ""
    return Graph(content, engine)


def _fill(folder: str, *data: str) -> None:
    """Be the process of :func:`_fill_elsewhere`: an error goes to standard output."""
    try:
        fill_run_folder(folder, Content.find(list(data) or None))
    except BempegError as error:
        sys.stdout.buffer.write(pickle.dumps(error))
    except KeyboardInterrupt:  # the server was ended, and says so
        sys.exit(130)


if __name__ == "__main__":
    _fill(*sys.argv[1:])
