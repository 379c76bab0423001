"""Style and scripts: files of the package, addressed by their content so that browsers may keep them for
ever.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FONTS = (
    "source-sans-3-400.woff2", "source-sans-3-600.woff2", "source-sans-3-greek-400.woff2",
    "source-serif-4-600.woff2",
)  # fmt: skip
"""Fonts that the style sheet names by file; a font never changes under its name."""


@lru_cache(maxsize=64)
def read(name: str) -> bytes | None:
    """The content of an asset; None when it does not exist, as a bundle that was not built."""
    if "/" in name or "\\" in name or name.startswith("."):
        return None
    for folder in ("static", "dist"):
        path = resources.files("bempeg_kg.web") / folder / name
        if path.is_file():
            return path.read_bytes()
    return None


@lru_cache(maxsize=64)
def address(name: str) -> str:
    """The path of an asset with its content's hash; empty when it does not exist."""
    data = read(name)
    if data is None:
        return ""
    stem, _, suffix = name.rpartition(".")
    return f"/assets/{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"


def named(path: str) -> tuple[str, bytes, str] | None:
    """Name, content and media type of an asset by the last part of its address; None for none, or an old
    hash.
    """
    if path in FONTS:
        return path, read(path) or b"", TYPES[".woff2"]
    parts = path.split(".")
    if len(parts) != 3:
        return None
    name = f"{parts[0]}.{parts[2]}"
    data = read(name)
    if data is None or hashlib.sha256(data).hexdigest()[:10] != parts[1]:
        return None
    return name, data, TYPES.get("." + parts[2], "application/octet-stream")
