"""What `--version` says: the release, and the hash of the content that it answers from."""

from __future__ import annotations

import os

from bempeg_kg import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Quad


def dataset_hash(quads: Iterable[Quad]) -> str:
    """SHA-256 of the canonical N-Quads (RDFC-1.0) of a dataset, in hexadecimal.

    >>> dataset_hash([])
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    import hashlib

    return hashlib.sha256(canonical_nquads(quads)).hexdigest()


def canonical_nquads(quads: Iterable[Quad]) -> bytes:
    """Canonical N-Quads: blank nodes named by RDFC-1.0, lines sorted, the same for the same statements."""
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, serialize

    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    made = serialize(dataset, format=RdfFormat.N_QUADS)
    return b"".join(sorted(made.splitlines(keepends=True))) if made else b""


def version_text(data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None) -> str:
    """Release and content hash, one a line."""
    from bempeg_kg.content import Content
    from bempeg_kg.load import load_quads

    content = Content.find(data)
    return f"bempeg-kg {__version__}\ncontent {content.base} sha256:{dataset_hash(load_quads(content))}\n"
