"""The files of a large content, looked at in several processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from bempeg_kg.checks.report import Check
from bempeg_kg.checks.scan import Part, Scan
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.checks.statements import File
from bempeg_kg.content.content import Content
from bempeg_kg.errors import EngineError
from bempeg_kg.graph.snapshot import open_snapshot

_scan: Scan | None = None


def parts_of(scan: Scan, files: Sequence[File], processes: int, content: Content) -> Iterator[Part]:
    """What is seen of each file; in several processes the order is by size.

    A worker opens the snapshot of the content itself. Raises EngineError if a worker is killed.
    """
    if processes <= 1:
        yield from map(scan.part, files)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    arguments = (content, scan.rules, scan.left_out, scan.picking)
    with ProcessPoolExecutor(processes, initializer=_start, initargs=arguments) as pool:
        try:
            yield from pool.map(_part, sorted(files, key=_size, reverse=True))
        except BrokenProcessPool:
            raise EngineError(
                "a worker process was killed, probably because memory ran out",
                cure="Close other programs, or check fewer files at once.",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _size(file: File) -> int:
    path = file.parse.args[0] if hasattr(file.parse, "args") else ""
    return os.path.getsize(path) if os.path.exists(path) else 0


def _start(content: Content, rules: list[Check], left_out: tuple[str, ...], picking: bool) -> None:
    import gc

    global _scan
    _scan = Scan(open_snapshot(content)[0], Shapes.read(content), rules, left_out, picking)
    # What is read are trees without cycles: looking for cycles only costs.
    gc.set_threshold(100_000, 20, 20)


def _part(file: File) -> Part:
    assert _scan is not None
    return _scan.part(file)
