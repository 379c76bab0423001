"""Names folded to keys, and the kinds of what is named."""

from __future__ import annotations

from bempeg_kg.rdf.names import BASE, Names

#: The names of the shipped programme, under whose address stand the words that all programmes share.
_SHARED = Names(BASE)


def fold(word: str) -> str:
    """A word without its plural, in British spelling.

    >>> [fold(word) for word in ("tregs", "tumors", "toxicities", "analysis")]
    ['treg', 'tumour', 'toxicity', 'analysis']
    """
    if len(word) > 5 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    return word.replace("tumor", "tumour").replace("signaling", "signalling")


def key_of(words: list[str]) -> str:
    """The key of a name: its folded words without a gap, so that PIVOT-IO 001 and pivotio001 are one."""
    return "".join(fold(word) for word in words)


def meanings(names: Names, curie: str) -> set[str]:
    """The IRIs that a CURIE may have: that of a programme, and that of a word that all share."""
    return {names.expand(curie), _SHARED.expand(curie)}


def kind_of(names: Names, iri: str) -> str | None:
    """The kind of an entity of a programme, or of a word that all share, such as an endpoint.

    >>> kind_of(Names("https://example.org/p/"), f"{BASE}endpoint/os")
    'endpoint'
    """
    return names.kind_of(iri) or _SHARED.kind_of(iri)
