"""RO-Crate 1.1: the release as a folder of files that `ro-crate-metadata.json` describes.

The dataset as N-Quads and the tidy tables, with title, licence, date, sizes and hashes
(https://www.researchobject.org/ro-crate/1.1/).
"""

from __future__ import annotations

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_FORMATS = {".nq": "application/n-quads", ".csv": "text/csv", ".json": "application/ld+json"}
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"


def write(
    files: dict[str, bytes],
    *,
    iri: str,
    title: str,
    licence: str,
    modified: str,
    maker: str,
    maker_iri: str,
) -> dict[str, bytes]:
    """The files given, and `ro-crate-metadata.json` about them and the dataset that they hold."""
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": f"{title}: N-Quads, and tables of results, contrasts, sets and trials.",
        "datePublished": modified,
        "license": {"@id": licence},
        "identifier": iri,
        "author": {"@id": maker_iri},
        "publisher": {"@id": maker_iri},
        "hasPart": [{"@id": name} for name in files],
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        root,
        {"@id": licence, "@type": "CreativeWork", "name": "Licence of the data", "url": licence},
        {"@id": maker_iri, "@type": "Organization", "name": maker, "url": maker_iri},
        *(_file(name, body) for name, body in files.items()),
    ]
    document = json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2) + "\n"
    return {**files, "ro-crate-metadata.json": document.encode()}


def _file(name: str, body: bytes) -> dict[str, Any]:
    suffix = name[name.rindex(".") :]
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": _FORMATS[suffix],
        "contentSize": str(len(body)),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
