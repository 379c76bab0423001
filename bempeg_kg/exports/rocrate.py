"""RO-Crate 1.1: the release as a folder of files that `ro-crate-metadata.json` describes.

The dataset as N-Quads and the tidy tables, with title, licence, date, sizes and hashes
(https://www.researchobject.org/ro-crate/1.1/).
"""

from __future__ import annotations

import hashlib
import json

from bempeg_kg.exports import tidy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bempeg_kg.exports import Described
    from bempeg_kg.exports.source import Source

_FORMATS = {".nq": "application/n-quads", ".csv": "text/csv", ".json": "application/ld+json"}
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"


def write(source: Source, about: Described, dataset: bytes, maker: str) -> dict[str, bytes]:
    """The files of the crate: `dataset.nq`, the tables with their CSVW metadata, `ro-crate-metadata.json`."""
    files = {"dataset.nq": dataset, **tidy.write(source, licence=about.licence, title=about.title)}
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": f"{about.title}: N-Quads, and tables of results, contrasts, sets and trials.",
        "datePublished": about.modified,
        "license": {"@id": about.licence},
        "identifier": about.iri,
        "author": {"@id": "#maker"},
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
        {"@id": about.licence, "@type": "CreativeWork", "name": "Licence of the data", "url": about.licence},
        {"@id": "#maker", "@type": "Organization", "name": maker},
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
