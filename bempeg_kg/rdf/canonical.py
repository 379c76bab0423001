"""Canonical N-Quads (RDFC-1.0) and the hash of a dataset."""

from __future__ import annotations

from bempeg_kg.rdf.names import STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad


#: The property that states the hash of a dataset; statements of it are left out of the hash.
HASH = STANDARDS["kg"] + "contentHash"


def dataset_hash(quads: Iterable[Quad]) -> str:
    """SHA-256 of the canonical N-Quads (RDFC-1.0) of a dataset without what states its hash, in hexadecimal.

    >>> dataset_hash([])
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    import hashlib

    return hashlib.sha256(
        canonical_nquads(quad for quad in quads if quad.predicate.value != HASH)
    ).hexdigest()


def stated_hash(quads: Iterable[Quad], dataset: str, names: Names) -> Quad:
    """The statement of a dataset's hash, to be put into an export of it."""
    from pyoxigraph import Literal, NamedNode, Quad

    value = Literal(f"sha256:{dataset_hash(quads)}")
    return Quad(NamedNode(dataset), NamedNode(HASH), value, NamedNode(names.base + "data/catalogue.ttl"))


def canonical_nquads(quads: Iterable[Quad]) -> bytes:
    """Canonical N-Quads: blank nodes named by RDFC-1.0, lines sorted, the same for the same statements."""
    from pyoxigraph import RdfFormat, serialize

    nquads = serialize(canonical(quads), format=RdfFormat.N_QUADS)
    return b"".join(sorted(nquads.splitlines(keepends=True))) if nquads else b""


def canonical(quads: Iterable[Quad]) -> Iterable[Quad]:
    """The statements, each once, with blank nodes named by RDFC-1.0."""
    from pyoxigraph import CanonicalizationAlgorithm, Dataset

    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset
