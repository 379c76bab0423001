"""What is read from the graph once and kept beside its snapshot."""

from __future__ import annotations

import marshal
import os
import zlib
from contextlib import suppress

from bempeg_kg.content.writing import write_kept
from bempeg_kg.engines.engine import Engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


_HERE = os.path.dirname(os.path.abspath(__file__))


def kept(engine: Engine, name: str, build: Callable[[], Any], *, code: Sequence[str] = ()) -> Any:
    """The value kept under a name in the folder of the engine's snapshot; else built, and kept if it can be.

    The value is made of what `marshal` writes: texts, numbers, lists, tuples and mappings. `code` names the
    modules of this package that build it: where they changed, it is built anew.
    """
    folder = getattr(engine, "folder", "")
    path = os.path.join(folder, f"{name}-{_checksum(code)}") if folder else ""
    if path and os.path.isfile(path):
        try:
            with open(path, "rb") as stream:
                return marshal.loads(stream.read())
        except (OSError, ValueError, EOFError, TypeError):
            pass
    value = build()
    if path:
        with suppress(OSError):
            keep_alone(path, name, value)
    return value


def keep_alone(path: str, name: str, value: Any) -> None:
    """Write a value to a file, and remove the others of the folder whose names begin with the same word.

    Raises OSError.
    """
    write_kept(path, marshal.dumps(value))
    for entry in os.scandir(os.path.dirname(path)):
        if entry.name.startswith(f"{name}-") and entry.path != path:
            with suppress(OSError):
                os.unlink(entry.path)


def _checksum(code: Sequence[str]) -> str:
    checksum = 0
    for name in code:
        with open(os.path.join(_HERE, name), "rb") as stream:
            checksum = zlib.crc32(stream.read(), checksum)
    return f"{checksum:08x}"
