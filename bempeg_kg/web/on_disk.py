"""Pages and computed answers kept on disk between runs of the server.

The folder is named by a hash of the content and of the package's own files, so what is in it is what would
be computed again. A file is compressed, and its checksum tells a damaged one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import zlib
from contextlib import suppress

from bempeg_kg.content.content import Content
from bempeg_kg.content.writing import write_kept

FILES = 2_000
"""Most files in a folder: readers choose parameters, and a disk is finite."""
LARGEST = 4 << 20
"""Bytes of the largest file that is kept."""
VERSIONS = 4
"""Folders kept: that of the current content and those last used before it."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class OnDisk:
    """Bytes by key in one folder; without a folder nothing is kept."""

    def __init__(self, folder: str = "") -> None:
        self.folder = folder
        self._count = FILES
        with suppress(OSError):
            if folder:
                os.makedirs(folder, mode=0o700, exist_ok=True)
                self._count = len(os.listdir(folder))

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None for nothing, or for a damaged file."""
        if not self.folder:
            return None
        try:
            with open(self._path(key), "rb") as stream:
                return zlib.decompress(stream.read())
        except (OSError, zlib.error):
            return None

    def put(self, key: str, body: bytes) -> None:
        """Keep bytes under a key, where there is room and the disk takes them."""
        if not self.folder or self._count >= FILES or len(body) > LARGEST:
            return
        with suppress(OSError):
            write_kept(self._path(key), zlib.compress(body, 1))
            self._count += 1

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, hashlib.sha256(key.encode()).hexdigest()[:40])


def of_content(root: str, content: Content) -> OnDisk:
    """The pages kept below ``root`` for the content as it is now."""
    return OnDisk(os.path.join(folder_of(root, content), "pages"))


def folder_of(root: str, content: Content) -> str:
    """The folder below ``root`` for what a server makes of the content as it is now; older ones go."""
    home = os.path.join(root, "served")
    folder = os.path.join(home, _key(content))
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.utime(folder)
        folders = sorted(os.scandir(home), key=lambda entry: entry.stat().st_mtime, reverse=True)
        for entry in folders[VERSIONS:]:
            shutil.rmtree(entry.path, ignore_errors=True)
    return folder


def _key(content: Content) -> str:
    whole = content.with_signals() if content.has_shipped else content
    digest = hashlib.sha256(f"{whole.hash()} {content.base} {sys.implementation.cache_tag}".encode())
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))
            digest.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:40]
