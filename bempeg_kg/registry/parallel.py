"""The same mapping on several cores: documents go out in batches, and come back in the order of the input."""

from __future__ import annotations

import os
import time
from collections import deque

from bempeg_kg.errors import EngineError
from bempeg_kg.rdf.names import Names
from bempeg_kg.registry.documents import Piece, map_document
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.landing import WorkerSpool
from bempeg_kg.registry.reader import Document, Fault
from bempeg_kg.registry.turtle import Turtle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

#: A batch is sent once its documents reach so many bytes, or are so many.
_BATCH_BYTES = 1 << 20
_BATCH_DOCUMENTS = 512
#: Batches that may wait for each process: this bounds memory.
_AHEAD = 2

#: Seconds between two looks at whether the parent is still there.
_LOOK_EVERY = 0.5

_joins: Joins | None = None
_count_left = False
_spool: WorkerSpool | None = None
_turtle: Turtle | None = None


def mapped_in_order(
    documents: Iterable[Document | Fault],
    joins: Joins,
    spool: str,
    *,
    processes: int = 1,
    count_left: bool = False,
    packed: bool = False,
) -> Iterator[Piece | Fault]:
    """Mapped records and faults in the order of the input; the same ones whatever the number of processes.

    Several processes write their statements into spools beside `spool` and send back where they stand, for
    through a pipe they would take longer than to make.

    `packed`: as Turtle, see `Turtle.packed`. Memory is bounded by `processes` times a few batches.
    Raises EngineError if a worker is killed; nothing has been written by then.
    """
    if processes <= 1:
        yield from _mapped_here(documents, joins, count_left=count_left, packed=packed)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    waiting: deque[Future[list[Piece | Fault]]] = deque()
    arguments = (joins, count_left, packed, spool, os.getpid())
    with ProcessPoolExecutor(processes, initializer=_start, initargs=arguments) as pool:
        try:
            for batch in batches(documents):
                waiting.append(pool.submit(_map_batch, batch))
                if len(waiting) > processes * _AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool:
            raise EngineError(
                "a worker process was killed, probably because memory ran out",
                cure="Run it again with --processes 1: nothing was left half-written.",
            ) from None
        finally:
            # Waits for the workers: otherwise a worker may outlive this process.
            pool.shutdown(cancel_futures=True)


def _mapped_here(
    documents: Iterable[Document | Fault], joins: Joins, *, count_left: bool, packed: bool
) -> Iterator[Piece | Fault]:
    """Mapped records and faults, in this process."""
    turtle = Turtle(Names(joins.base)) if packed else None
    for document in documents:
        if isinstance(document, Fault):
            yield document
        else:
            yield from map_document(document, joins, count_left=count_left, turtle=turtle)


def batches(documents: Iterable[Document | Fault]) -> Iterator[list[Document | Fault]]:
    """Documents in lists of about a megabyte, so that sending one costs little beside mapping it."""
    batch: list[Document | Fault] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.body) if isinstance(document, Document) else 0
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_DOCUMENTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _start(joins: Joins, count_left: bool, packed: bool, spool: str, parent: int) -> None:
    import gc
    from threading import Thread

    Thread(target=_end_with, args=(parent,), daemon=True).start()

    global _joins, _count_left, _spool, _turtle
    _joins, _count_left, _spool = joins, count_left, WorkerSpool(spool)
    _turtle = Turtle(Names(joins.base)) if packed else None
    # Records are trees without cycles: looking for cycles ten times a record only costs.
    gc.set_threshold(100_000, 20, 20)


def _end_with(parent: int) -> None:
    """End this worker once the process that started it is gone, however it went.

    Workers hold the ends of each other's pipes, so none of them sees that nobody will send more; they would
    stay for ever, and with them the room that their spools take.
    """
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)


def _map_batch(batch: list[Document | Fault]) -> list[Piece | Fault]:
    assert _joins is not None
    assert _spool is not None
    outcomes: list[Piece | Fault] = []
    for document in batch:
        if isinstance(document, Fault):
            outcomes.append(document)
        else:
            for piece in map_document(document, _joins, count_left=_count_left, turtle=_turtle):
                outcomes.append(piece if isinstance(piece, Fault) else _spool.put(piece))
    return outcomes
