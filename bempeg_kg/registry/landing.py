"""Spools of mapped records as N-Quads; one version of each trial is kept.

Records arrive in the order of the input, appended here or by the workers that mapped them. Of two records of
one trial the newer wins, whichever comes first; of two of the same date the first. What lost is skipped when
the spools are read back, so nothing is ever rewritten in place, and memory holds one small row a trial.
"""

from __future__ import annotations

import contextlib
import os
from typing import NamedTuple

from bempeg_kg.content.writing import part_of, replacing
from bempeg_kg.registry.documents import Piece
from bempeg_kg.registry.record import GRAPH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


class Block(NamedTuple):
    """A record in a spool; `order` is its place in the input."""

    order: int
    version: tuple[str, str]
    spool: str
    offset: int
    length: int
    place: str
    statements: int = 0


class Landing:
    """The spools, open for writing, then for reading. A context manager that removes its files.

    `path` is what they stand beside, and what `publish` makes of them. `keep_older`: records that lost are
    kept, in graphs of their own, for `older`.
    """

    def __init__(self, path: str, *, keep_older: bool = False) -> None:
        #: the spool of this process; workers put theirs beside it, see `spool_of_worker`
        self.spool = part_of(path, "spool")
        self._files: dict[str, IO[bytes]] = {self.spool: open(self.spool, "w+b")}  # noqa: SIM115
        self._end = 0
        self._taken = 0
        self._kept: dict[str, Block] = {}
        self._older: list[tuple[str, Block]] = []
        self._keep_older = keep_older
        #: N-Quads of the previous output, in history graphs
        self._replaced: list[bytes] = []
        #: records of which a newer or equal version landed, or was there before
        self.superseded = 0
        #: statements of the records that stay
        self.statements = 0
        #: of those, records with the dates of the one that stays, and other content
        self.conflicts: list[str] = []

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._files.values():
            stream.close()
        folder, name = os.path.split(self.spool)
        with contextlib.suppress(OSError):
            for left in os.listdir(folder or "."):
                if left.startswith(name.removesuffix(".part")):
                    os.unlink(os.path.join(folder, left))

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, piece: Piece) -> None:
        """Take a record, or skip it if there is a newer one of the trial. Raises OSError."""
        known = self._kept.get(piece.nct)
        self.statements += piece.statements
        if known is None:
            self._kept[piece.nct] = self._place(piece)
            return
        self.superseded += 1
        self.statements -= piece.statements
        if piece.version > known.version:
            self.statements += piece.statements - known.statements
            self._older.append((piece.nct, known))
            self._kept[piece.nct] = self._place(piece)
        elif piece.version < known.version:
            if self._keep_older:
                self._older.append((piece.nct, self._place(piece)))
        elif self._read(known) != self._body(piece):
            self.conflicts.append(
                f"{piece.place}: {piece.nct} differs from {known.place}, which bears the same dates and stays"
            )

    def _place(self, piece: Piece) -> Block:
        self._taken += 1
        if piece.spooled:
            return Block(self._taken, piece.version, *piece.spooled, piece.place, piece.statements)
        own = self._files[self.spool]
        own.seek(self._end)
        own.write(piece.body)
        block = Block(
            self._taken, piece.version, self.spool, self._end, len(piece.body), piece.place, piece.statements
        )
        self._end += len(piece.body)
        return block

    def _body(self, piece: Piece) -> bytes:
        return self._read_from(*piece.spooled) if piece.spooled else piece.body

    def _read(self, block: Block) -> bytes:
        return self._read_from(block.spool, block.offset, block.length)

    def _read_from(self, spool: str, offset: int, length: int) -> bytes:
        stream = self._open(spool)
        stream.seek(offset)
        return stream.read(length)

    def _open(self, spool: str) -> IO[bytes]:
        stream = self._files.get(spool)
        if stream is None:
            stream = self._files[spool] = open(spool, "rb")  # noqa: SIM115 - closed on the way out
        return stream

    def _in_order(self) -> list[tuple[str, Block]]:
        return sorted(self._kept.items(), key=lambda item: item[1].order)

    def versions(self) -> dict[str, str]:
        """Registry number -> date of the last update, of each record that stays; `` if it says none."""
        return {nct: block.version[0] for nct, block in self._kept.items()}

    def pass_over(self, nct: str) -> None:
        """Drop a record, since the output holds a newer one of its trial."""
        block = self._kept.pop(nct)
        self.statements -= block.statements
        self.superseded += 1
        if self._keep_older:
            self._older.append((nct, block))

    def replace(self, body: bytes) -> None:
        """Keep the version that a kept record replaces, as N-Quads in a history graph."""
        if self._keep_older:
            self._replaced.append(body)

    def records(self) -> Iterator[tuple[str, bytes]]:
        """(registry number, N-Quads) of each record that stays, in the order in which they came."""
        for nct, block in self._in_order():
            yield nct, self._read(block)

    def older(self) -> Iterator[bytes]:
        """The N-Quads of each record that lost, in a graph named after its date: `data/history/...`."""
        yield from self._replaced
        for nct, block in sorted(self._older, key=lambda item: item[1].order):
            here = f"{GRAPH.format(nct.lower())}> .\n".encode()
            yield self._read(block).replace(here, f"{history_graph(nct, block.version)}> .\n".encode())

    def publish(self, path: str) -> None:
        """Make one file at `path` of what stays: by rename if the spool is just that, else by copying.

        Raises OSError.
        """
        blocks = [block for _, block in self._in_order()]
        own = self._files[self.spool]
        is_all = [(self.spool, 0, self._end)]
        if list(runs(blocks)) == is_all:
            own.flush()
            os.fsync(own.fileno())
            os.replace(self.spool, path)
            return
        own.flush()
        with replacing(path) as target:
            for spool, offset, length in runs(blocks):
                _copy(self._open(spool), offset, length, target)


def history_graph(nct: str, version: tuple[str, str]) -> str:
    """The graph of a version that lost, under the base.

    >>> history_graph("NCT01234567", ("2020-01-02", ""))
    'data/history/nct01234567-2020-01-02.ttl'
    """
    date = "-".join(part for part in version if part) or "undated"
    return f"data/history/{nct.lower()}-{date}.ttl"


def runs(blocks: list[Block]) -> Iterator[tuple[str, int, int]]:
    """(spool, offset, length) of blocks, those that follow each other in one spool as one."""
    spool, offset, length = "", 0, 0
    for block in blocks:
        if block.spool == spool and block.offset == offset + length:
            length += block.length
            continue
        if length:
            yield spool, offset, length
        spool, offset, length = block.spool, block.offset, block.length
    if length:
        yield spool, offset, length


def _copy(source: IO[bytes], offset: int, length: int, target: IO[bytes]) -> None:
    """Copy a range without reading it into this process, where the system can."""
    if not hasattr(os, "sendfile"):
        source.seek(offset)
        target.write(source.read(length))
        return
    target.flush()
    while length:
        done = os.sendfile(target.fileno(), source.fileno(), offset, length)
        if not done:
            raise OSError("a temporary file ended early")
        offset, length = offset + done, length - done


class WorkerSpool:
    """The spool of one worker, beside that of the process that lands the records."""

    def __init__(self, spool: str) -> None:
        self.path = f"{spool.removesuffix('.part')}.{os.getpid()}.part"
        self._stream = open(self.path, "ab", buffering=0)  # noqa: SIM115 - lives as long as the worker
        self._end = 0

    def put(self, piece: Piece) -> Piece:
        """Write the statements of a piece; the piece comes back without them. Raises OSError."""
        body = memoryview(piece.body)
        while body:
            body = body[self._stream.write(body) :]
        placed = piece._replace(body=b"", spooled=(self.path, self._end, len(piece.body)))
        self._end += len(piece.body)
        return placed
