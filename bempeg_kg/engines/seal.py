"""A record of the files of a store on disk, to notice that one was cut short, changed or removed.

The engine reads its files when it needs them. One that another program has overwritten can give wrong rows
without an error, so whoever opens a store looks at the record first: size and time of each file, and where
the time differs, its checksum. That costs some twenty calls of ``stat``. A bit that flips on the disk itself
changes neither; it is left to the engine's own checksums and to the file system.
"""

from __future__ import annotations

import os
import zlib

_NAME = "files"
#: What the engine writes anew at each start, or never reads.
WRITTEN_ANEW = ("LOG", "LOCK")


def seal(folder: str) -> None:
    """Record the files of the store in ``folder`` in a file beside it. Raises OSError."""
    lines = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not entry.name.startswith(WRITTEN_ANEW):
            status = entry.stat()
            lines.append(f"{entry.name} {status.st_size} {status.st_mtime_ns} {_checksum(entry.path)}\n")
    with open(record_of(folder), "w", encoding="ascii") as file:
        file.writelines(lines)


def damage(folder: str) -> str:
    """What is wrong with the files of the store in ``folder``, or an empty text.

    A store without a record is taken as damaged: its files cannot be verified.
    """
    try:
        with open(record_of(folder), encoding="ascii") as file:
            lines = file.read().splitlines()
        for line in lines:
            name, size, time, checksum = line.split(" ")
            path = os.path.join(folder, name)
            status = os.stat(path)
            if status.st_size != int(size):
                return f"{name} has {status.st_size:,} bytes instead of {int(size):,}"
            if status.st_mtime_ns != int(time) and _checksum(path) != int(checksum):
                return f"{name} was changed"
    except FileNotFoundError as error:
        return f"{os.path.basename(str(error.filename))} is missing"
    except (OSError, ValueError) as error:
        return f"its files cannot be read: {error}"
    return "" if lines else "the record of its files is empty"


def record_of(folder: str) -> str:
    """The file beside a store with the record of its files."""
    return f"{folder}.{_NAME}"


def _checksum(path: str) -> int:
    checksum = 0
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            checksum = zlib.crc32(chunk, checksum)
    return checksum
