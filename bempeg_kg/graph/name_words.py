"""The words of a name of a condition or drug, written in one way: what is given is compared by them."""

from __future__ import annotations

import re

from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.spoken import tokens

#: A word of a MeSH heading, folded, and those that MeSH itself has beside it.
USUAL = {"neoplasm": ("cancer", "tumour", "oncology"), "heart": ("cardiac",)}
#: Words before a number, which may be a Roman numeral ("type II") or not stand apart ("type2").
NUMBERED = ("type", "stage", "grade", "phase")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
_NUMERALS = "|".join(sorted(ROMAN, key=len, reverse=True))
#: Words between two such numbers.
BETWEEN = ("or", "and", "to")
#: Words that make another one of the next: non-small cell lung cancer is no small cell lung cancer.
NOT = ("non", "no", "not", "without")


def words_of(text: str, *, widened: bool = False) -> frozenset[str]:
    """The words of a name; `widened` by what people say for a word of MeSH.

    >>> sorted(words_of("Diabetes Mellitus, Type II")) == sorted(words_of("type2 diabetes mellitus"))
    True
    >>> words_of("small cell lung cancer") <= words_of("Carcinoma, Non-Small-Cell Lung", widened=True)
    False
    >>> words_of("lung cancer") <= words_of("Lung Neoplasms", widened=True)
    True
    """
    apart = re.sub(rf"\b({'|'.join(NUMBERED)})(\d+[a-c]?|{_NUMERALS})\b", r"\1 \2", text.lower())
    words: list[str] = []
    for word in map(fold, _numbered(tokens(apart))):
        words[-1:] = [words[-1] + word] if words and words[-1] in NOT else [*words[-1:], word]
    more = [one for word in words if widened for one in USUAL.get(word, ())]
    return frozenset((*words, *more))


def _numbered(words: list[str]) -> list[str]:
    """Words with each Roman numeral behind "type" or the like in Arabic figures."""
    made: list[str] = []
    is_numbered = False
    for word in words:
        numeral = re.fullmatch(rf"({_NUMERALS})([a-c]?)", word) if is_numbered else None
        made.append(ROMAN[numeral[1]] + numeral[2] if numeral else word)
        is_numbered = word in NUMBERED or (
            is_numbered and (numeral is not None or word[0].isdigit() or word in BETWEEN)
        )
    return made


def spellings(name: str) -> list[str]:
    """The orders and figures in which a name with a numbered type, stage or grade can be typed.

    >>> spellings("Diabetes, Type II")
    ['type ii diabetes', 'diabetes type ii', 'type 2 diabetes', 'diabetes type 2']
    >>> spellings("asthma")
    []
    """
    parted = re.fullmatch(
        rf"(.*?)[ ,]*\b({'|'.join(NUMBERED)}) ?(?:(\d+)|({_NUMERALS}))([a-c]?)\b[ ,]*(.*)", name.lower()
    )
    if not parted:
        return []
    before, word, figure, numeral, letter, behind = parted.groups()
    arabic = {roman: number for roman, number in ROMAN.items() if roman == numeral or number == figure}
    figures = dict.fromkeys([figure or numeral, *([*arabic] if figure else arabic.values())])
    numbered = [f"{word} {one}{letter}" for one in figures]
    if before and behind:
        return [f"{before} {one} {behind}" for one in numbered]
    rest = before or behind
    return [name for one in numbered if rest for name in (f"{one} {rest}", f"{rest} {one}")]
