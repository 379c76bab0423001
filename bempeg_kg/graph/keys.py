"""Names folded to keys."""

from __future__ import annotations


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
