"""The server's own copy of the graph."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import fill_store
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.exports import service_quads
from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.config import Config


@contextmanager
def run_folder(content: Content) -> Iterator[str]:
    """A temporary folder with a snapshot of the content in ``store``, gone afterwards.

    A snapshot of the shared cache would do until somebody clears the cache; a server that has to start
    workers weeks later needs one that is its own.
    """
    with tempfile.TemporaryDirectory(prefix="bempeg-kg-serve-", ignore_cleanup_errors=True) as folder:
        store = ox.Store(os.path.join(folder, "store"))
        fill_store(store, content)
        store.bulk_extend(service_quads(content))
        store.optimize()
        store.flush()
        del store
        yield folder


def open_graph(config: Config) -> Graph:
    """The graph of a server's run folder, read-only."""
    content = Content.find(list(config.data) or None)
    store = ox.Store.read_only(os.path.join(config.run_folder, "store"))
    return Graph(content, Embedded(store, content.names))
