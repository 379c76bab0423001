"""Files to statements: each file is a graph, named by the base and the file's path; `<>` is the file itself.

Terms come from the parser as they were written (`36.0` stays `36.0`). A store normalises numbers, so
whatever must keep them (export, round trip, SHACL, diff) works on `load_quads`, not on a store.
"""

from __future__ import annotations

import os
import re
from itertools import islice

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from bempeg_kg.content.content import Content
from bempeg_kg.content.files import SourceFile, file_problem, read_bytes, read_text
from bempeg_kg.content.joining import as_block
from bempeg_kg.content.mappings import read_tables
from bempeg_kg.content.memory import return_memory
from bempeg_kg.content.parse import format_of, parse_file, syntax_problem
from bempeg_kg.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Part of the graph name, under the base, of the statements that `ontology/derive/*.rq` make from the others.
DERIVED = "derived/"
#: Bytes of a file that the store reads itself: no statement of it becomes an object, but the load makes some
#: four files on disk.
_LARGE = 250_000
#: Bytes of small files that go into a store in one load, which holds all their statements.
_BATCH = 8_000_000
#: Bytes of large files that are joined for one load: fewer loads leave the store less to bring into order,
#: and each holds all its statements.
_JOINED = 8_000_000
#: Loads at a time. The engine lets other threads run meanwhile.
_LOADS = 2
#: Derived statements of one load.
_DERIVED_ROWS = 100_000
#: In a table with tabs between its columns.
_BLANK_NODE = re.compile(rb"(?m)(?:^|\t)_:")


def load_quads(content: Content, *, progress: Callable[[str], None] | None = None) -> list[Quad]:
    """All statements of a content as written: files, then mappings, then what is derived from them."""
    quads = [quad for file in content.files() for quad in _parsed(file, progress)]
    store = Store()
    store.bulk_extend(quads)
    return quads + mapping_quads(content, store) + derived_quads(content, store)


def fill_store(store: Store, content: Content, *, progress: Callable[[str], None] | None = None) -> None:
    """Load a content into a store, the same statements as `load_quads`, without holding them all at once.

    Small files go in together, as a store on disk makes files of its own of each load; large ones are joined
    to one document of some megabytes, which the store reads itself, two at a time. What is derived from large
    files has no graph of its own: that halves what the store writes for it.
    """
    import tempfile  # this and the next cost milliseconds, and reading a snapshot does not need them
    from concurrent.futures import ThreadPoolExecutor

    large: list[SourceFile] = []
    small: list[SourceFile] = []
    for file in content.files():
        (large if _is_large(file) else small).append(file)
    for batch in _batches(small, _BATCH):
        store.bulk_extend(quad for file in batch for quad in _parsed(file, progress))
    with ThreadPoolExecutor(_LOADS) as pool:
        list(pool.map(lambda batch: _bulk_load(store, batch, progress), _batches(large, _JOINED)))
    store.bulk_extend(mapping_quads(content, store))
    if large:
        store.optimize()  # queries over many small files on disk take twice as long
        return_memory()  # what the loads took
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "derived.tsv")
        for file in content.derivations():
            if progress:
                progress(file.name)
            _rows(file, store).serialize(path, QueryResultsFormat.TSV)
            if large:
                return_memory()  # the engine holds what a query has read until its end
            _load_rows(store, path, DefaultGraph() if large else _derived_graph(content, file))


def _load_rows(store: Store, path: str, home: NamedNode | DefaultGraph) -> None:
    """Load a table whose rows are statements, in parts, as a store holds all statements of a load in memory.

    Its terms are written as in Turtle, and a term object for each of them would cost time. Parts that name
    blank nodes, which a load would rename, go in as objects.
    """
    with open(path, "rb") as stream:
        next(stream)  # the names of the columns
        while rows := list(islice(stream, _DERIVED_ROWS)):
            text = b"".join(rows).replace(b"\n", b" .\n")
            if _BLANK_NODE.search(text):
                store.bulk_extend(
                    Quad(one.subject, one.predicate, one.object, home)
                    for one in parse(text, RdfFormat.TURTLE)
                )
            else:
                store.bulk_load(text, RdfFormat.TURTLE, to_graph=home)


def mapping_quads(content: Content, store: Store) -> list[Quad]:
    """Statements of the mapping tables of a content, whose files are in the store already.

    Raises InputError, with the line, for a row that cannot be read or does not fit what the store holds.
    """
    tables = content.mappings()
    if not tables:
        return []
    return read_tables(tables, content.names, store)


def derived_quads(content: Content, store: Store) -> list[Quad]:
    """What the queries `ontology/derive/*.rq` derive from a store's statements, sorted.

    The rows of a query are statements: subject, property, value. Each query has a graph of its own, named
    `derived/` and the stem of its file; none reads what another makes. Raises InputError with the file for
    one that is not SPARQL.
    """
    return [quad for file in content.derivations() for quad in _derived(content, file, store)]


def _derived(content: Content, file: SourceFile, store: Store) -> list[Quad]:
    home = _derived_graph(content, file)
    return sorted({Quad(row[0], row[1], row[2], home) for row in _rows(file, store)}, key=str)


def _derived_graph(content: Content, file: SourceFile) -> NamedNode:
    return NamedNode(content.base + DERIVED + os.path.basename(file.name).removesuffix(".rq"))


def _rows(file: SourceFile, store: Store) -> QuerySolutions:
    try:
        # SELECT and not CONSTRUCT, for which the engine holds all it has made, to leave out repetitions
        rows = store.query(read_text(file.path), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise InputError(str(error.args[0]), file=file.path) from None
    if not isinstance(rows, QuerySolutions) or len(rows.variables) != 3:
        raise InputError("this is no SELECT query with three columns", file=file.path)
    return rows


def _parsed(file: SourceFile, progress: Callable[[str], None] | None) -> list[Quad]:
    if progress:
        progress(file.name)
    return parse_file(file.path, file.iri)


def _is_large(file: SourceFile) -> bool:
    try:
        return os.path.getsize(file.path) > _LARGE and not format_of(file.path).supports_datasets
    except OSError as error:
        raise file_problem(file.path, error) from None


def _batches(files: list[SourceFile], most: int) -> Iterator[list[SourceFile]]:
    """The files in their order, a batch for each so many bytes."""
    batch: list[SourceFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += os.path.getsize(file.path)
        if size > most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bulk_load(store: Store, files: list[SourceFile], progress: Callable[[str], None] | None) -> None:
    """Let the store read files: those that can be joined as one document, the others one by one."""
    parts: list[bytes] = []
    alone: list[SourceFile] = []
    for file in files:
        if progress:
            progress(file.name)
        part = as_block(read_bytes(file.path), file.iri) if file.path.endswith(".ttl") else None
        if part is None:
            alone.append(file)
        else:
            parts.append(part)
    try:
        store.bulk_load(input=b"".join(parts), format=RdfFormat.TRIG)
    except SyntaxError:
        alone = files  # the one with the mistake is named by its own load
    for file in alone:
        _load_alone(store, file)


def _load_alone(store: Store, file: SourceFile) -> None:
    home = NamedNode(file.iri)
    try:
        store.bulk_load(path=file.path, format=format_of(file.path), base_iri=file.iri, to_graph=home)
    except SyntaxError as error:
        raise syntax_problem(error, file.path) from None
    except OSError as error:
        raise file_problem(file.path, error) from None
