"""The words of a sentence, without the commonest, cut to stems."""

from __future__ import annotations

import functools
import re

STOP = frozenset(
    (
        "a about all also am an and any are as at be been being between both but by can could did "
        "do does done for from had has have how i in into is it its made make me more most much my "
        "of on one or our out over per please said say see show tell than that the their them then "
        "there these they this those to under up us was we were what when where which who whom "
        "whose why will with would you your "
    ).split()
)


def words(text: str) -> list[str]:
    """Words in lower case, without the commonest, cut to a stem.

    >>> words("Which trials were stopped, and why?")
    ['trial', 'stop']
    """
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP]


#: Endings that are cut, what is left in their place, and the least number of letters before them.
ENDINGS = (
    ("izations", "iz", 4),
    ("ization", "iz", 4),
    ("isations", "is", 4),
    ("isation", "is", 4),
    ("ifications", "ifi", 3),
    ("ification", "ifi", 3),
    ("ations", "at", 3),
    ("ation", "at", 3),
    ("ments", "", 4),
    ("ment", "", 4),
    ("ings", "", 4),
    ("ing", "", 4),
    ("ies", "y", 3),
    ("es", "", 4),
    ("ed", "", 4),
    ("s", "", 3),
    ("e", "", 4),
)


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word in lower case without its ending.

    >>> [stem(word) for word in ("stopped", "randomisation", "randomised", "activate", "activation")]
    ['stop', 'randomis', 'randomis', 'activat', 'activat']
    """
    for ending, left, least in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            short = word[: -len(ending)] + left
            doubled = len(short) > 4 and short[-1] == short[-2] and ending in ("ed", "ing")
            return short[:-1] if doubled else short
    return word
