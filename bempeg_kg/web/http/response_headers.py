"""Headers of every answer of the endpoint, whichever process sends it."""

from __future__ import annotations

import hashlib

from bempeg_kg.web.http import asgi, negotiation

CHARSET = {
    media_type: f"{media_type}; charset=utf-8".encode()
    if media_type.startswith("text/")
    else media_type.encode()
    for media_type in (*negotiation.SOLUTIONS, *negotiation.GRAPHS)
}
"""The content type of each media type."""

COMMON: asgi.Headers = [
    *asgi.SAFE,
    (b"content-security-policy", asgi.DATA_POLICY.encode()),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag"),
    (b"vary", b"Accept, Accept-Encoding"),
]


def etag(content_hash: str, wire: bytes) -> bytes:
    """A weak validator: the same content, query, graphs and media types give an equivalent answer."""
    digest = hashlib.blake2b(content_hash.encode() + wire, digest_size=12)
    return b'W/"' + digest.hexdigest().encode() + b'"'


def stable(tag: bytes) -> asgi.Headers:
    """The headers of an answer that stays the same as long as the content does."""
    return [*COMMON, (b"etag", tag), (b"cache-control", b"no-cache")]
