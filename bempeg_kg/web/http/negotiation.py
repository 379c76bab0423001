"""Content negotiation: which of the offered media types an Accept header prefers."""

from __future__ import annotations

from functools import lru_cache

SOLUTIONS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
HTML = "text/html"

SYNONYMS = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "text/json": ("application/sparql-results+json",),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/plain": ("application/n-triples",),
    "application/x-turtle": ("text/turtle",),
    "application/turtle": ("text/turtle",),
    "text/rdf+n3": ("text/turtle",),
}
"""Other names that clients use for our types; the answer bears the registered name."""

LONGEST = 1000
"""Characters of a header that is read; a browser sends some 150."""


def ranges(accept: str) -> tuple[tuple[str, float], ...]:
    """The media ranges of an Accept header with their q-values; a malformed q counts as 1.

    >>> ranges("text/csv;q=0.5, */*;q=0.1")
    (('text/csv', 0.5), ('*/*', 0.1))
    """
    media_ranges = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _quality(value)
        media_ranges.append((name.lower(), quality))
    return tuple(media_ranges)


def _quality(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 1.0) if value == value else 1.0


def best(accept: str, offered: tuple[str, ...]) -> str:
    """The offered type with the highest quality; among equals the one named first in the header, then in the
    offer.

    Empty when the header rules all of them out. No header, or one that is too long, means anything.

    >>> best("text/turtle;q=0.2, application/ld+json", GRAPHS)
    'application/ld+json'
    >>> best("", GRAPHS)
    'text/turtle'
    >>> best("image/png", GRAPHS)
    ''
    """
    return _best(accept if len(accept) <= LONGEST else "*/*", offered)


@lru_cache(maxsize=4096)
def _best(accept: str, offered: tuple[str, ...]) -> str:
    wanted = ranges(accept) or (("*/*", 1.0),)
    scored = [(*_score(media_type, wanted), -place, media_type) for place, media_type in enumerate(offered)]
    quality, _, _, media_type = max(scored)
    return media_type if quality > 0 else ""


def _score(media_type: str, wanted: tuple[tuple[str, float], ...]) -> tuple[float, float]:
    """Quality, and how early the range stands; the most specific range decides (RFC 9110, 12.5.1)."""
    family = media_type.partition("/")[0] + "/*"
    level, quality, place = -1, 0.0, 0.0
    for index, (name, value) in enumerate(wanted):
        here = (
            3
            if name == media_type
            else 2
            if media_type in SYNONYMS.get(name, ())
            else 1
            if name == family
            else -1
        )
        if name == "*/*":
            here = 0
        if here > level:
            level, quality, place = here, value, -float(index) if here > 1 else -1000.0
    return quality, place
