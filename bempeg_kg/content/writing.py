"""Files that appear whole or not at all: written beside their place, and renamed into it."""

from __future__ import annotations

import contextlib
import os

from bempeg_kg.errors import BempegError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


class Unwritable(BempegError):
    """An output that cannot be written: no room, no permission, no such folder."""


@contextlib.contextmanager
def writing_errors(path: str) -> Iterator[None]:
    """Turn an OSError on an output into Unwritable, with the cure."""
    from errno import ENOENT, ENOSPC

    try:
        yield
    except OSError as error:
        cure = {
            ENOSPC: "Free some room and run it again: nothing was left half-written.",
            ENOENT: "Make the folder first.",
        }.get(error.errno or 0, "")
        raise Unwritable(f"cannot be written: {error.strerror or error}", where=path, cure=cure) from None


@contextlib.contextmanager
def replacing(path: str) -> Iterator[IO[bytes]]:
    """A file beside `path` that takes its place by rename once all is written and synced. Raises OSError."""
    part = part_of(path)
    try:
        with open(part, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise


def write_kept(path: str, body: bytes) -> None:
    """Write a file whole by rename. It is not synced: what is kept can be made again. Raises OSError."""
    part = f"{path}.{os.getpid()}"
    with open(part, "wb") as stream:
        stream.write(body)
    os.replace(part, path)


def part_of(path: str, kind: str = "new") -> str:
    """A name beside `path` for what is not yet finished; it holds the process, so that two do not collide.

    `kind` distinguishes several temporary files of one process beside the same file.

    Leftovers of killed processes are removed. Raises OSError if there is no such folder.
    """
    folder, name = os.path.split(path)
    for left in os.listdir(folder or "."):
        if left.startswith(f".{name}.") and left.endswith(".part"):
            owner = left[len(name) + 2 :].partition(".")[0]
            if owner.isdigit() and not _is_alive(int(owner)):
                _remove(os.path.join(folder, left))
    return os.path.join(folder, f".{name}.{os.getpid()}.{kind}.part")


def _remove(path: str) -> None:
    if os.path.isdir(path):
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            os.unlink(path)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
