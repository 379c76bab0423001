"""Where mapped records land: a spool of N-Quads, in which one version of each trial is kept.

Records arrive in the order of the input and are appended. Of two records of one trial the newer wins,
whichever comes first; of two of the same date the first. What lost is skipped when the spool is read back, so
nothing is ever rewritten in place, and memory holds one small row a trial.
"""

from __future__ import annotations

import contextlib
import os
from typing import NamedTuple

from bempeg_kg.registry.files import part_of
from bempeg_kg.registry.record import GRAPH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from bempeg_kg.registry.documents import Piece


class Block(NamedTuple):
    """A record in the spool."""

    version: tuple[str, str]
    offset: int
    length: int
    place: str


class Landing:
    """The spool, open for writing, then for reading. A context manager: it leaves nothing behind.

    `path` is what the spool stands beside, and may become by `publish`. `keep_older`: records that lost are
    kept, in graphs of their own, for `older`.
    """

    def __init__(self, path: str, *, keep_older: bool = False) -> None:
        self._part = part_of(path, "spool")
        self._spool = open(self._part, "w+b")  # noqa: SIM115 - closed on the way out
        self._end = 0
        self._kept: dict[str, Block] = {}
        self._older: list[tuple[str, Block]] = []
        self._keep_older = keep_older
        #: records of which a newer or equal version landed
        self.superseded = 0
        #: of those, records with the dates of the one that stays, and other content
        self.conflicts: list[str] = []

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()
        with contextlib.suppress(OSError):
            os.unlink(self._part)

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, piece: Piece) -> None:
        """Append a record, or pass it over if a newer one of the trial is there. Raises OSError."""
        known = self._kept.get(piece.nct)
        if known is None:
            self._kept[piece.nct] = self._append(piece)
            return
        self.superseded += 1
        if piece.version > known.version:
            self._older.append((piece.nct, known))
            self._kept[piece.nct] = self._append(piece)
        elif piece.version < known.version:
            if self._keep_older:
                self._older.append((piece.nct, self._append(piece)))
        elif self._read(known) != piece.body:
            self.conflicts.append(
                f"{piece.place}: {piece.nct} differs from {known.place}, which bears the same dates and stays"
            )

    def _append(self, piece: Piece) -> Block:
        self._spool.seek(self._end)
        self._spool.write(piece.body)
        block = Block(piece.version, self._end, len(piece.body), piece.place)
        self._end += len(piece.body)
        return block

    def _read(self, block: Block) -> bytes:
        self._spool.seek(block.offset)
        return self._spool.read(block.length)

    def records(self) -> Iterator[tuple[str, bytes]]:
        """(registry number, N-Quads) of each record that stays, in the order in which they came."""
        for nct, block in sorted(self._kept.items(), key=lambda item: item[1].offset):
            yield nct, self._read(block)

    def older(self) -> Iterator[bytes]:
        """The N-Quads of each record that lost, in a graph named after its date: `data/history/...`."""
        for nct, block in sorted(self._older, key=lambda item: item[1].offset):
            name = nct.lower()
            date = "-".join(part for part in block.version if part) or "undated"
            here = f"{GRAPH.format(name)}> .\n".encode()
            yield self._read(block).replace(here, f"data/history/{name}-{date}.ttl> .\n".encode())

    def publish(self, path: str) -> bool:
        """Make the spool the file at `path` by rename, if all of it stays. Raises OSError."""
        if self.superseded and self._older:
            return False
        self._spool.flush()
        os.fsync(self._spool.fileno())
        os.replace(self._part, path)
        return True
