"""What `--version` says: the release, and the hash of the content that it answers from."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bempeg_kg._version import __version__
from bempeg_kg.content.content import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.rdf.canonical import dataset_hash


def version_text(data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None) -> str:
    """Release and content hash, one a line."""
    content = Content.find(data)
    return f"bempeg-kg {__version__}\ncontent {content.base} sha256:{dataset_hash(load_quads(content))}\n"
