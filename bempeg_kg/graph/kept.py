"""What is read from the graph once and kept beside its snapshot."""

from __future__ import annotations

import marshal
import os
from contextlib import suppress

from bempeg_kg.content.writing import write_kept
from bempeg_kg.engines.engine import Engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def kept(engine: Engine, name: str, build: Callable[[], Any]) -> Any:
    """The value kept under a name in the folder of the engine's snapshot; else built, and kept if it can be.

    The value is made of what `marshal` writes: texts, numbers, lists, tuples and mappings.
    """
    folder = getattr(engine, "folder", "")
    path = os.path.join(folder, name) if folder else ""
    if path and os.path.isfile(path):
        try:
            with open(path, "rb") as stream:
                return marshal.loads(stream.read())
        except (OSError, ValueError, EOFError, TypeError):
            pass
    value = build()
    if path:
        with suppress(OSError):
            write_kept(path, marshal.dumps(value))
    return value
