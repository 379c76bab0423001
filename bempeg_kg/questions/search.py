"""Which text fits a sentence: the share of its words, rare ones weighing more, that the text has."""

from __future__ import annotations

import functools
import math
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

STOP = frozenset(
    (
        "a about all also am an and any are as at be been being between both but by can could did "
        "do does done for from had has have how i in into is it its made make me more most much my "
        "of on one or our out over per please said say see show tell than that the their them then "
        "there these they this those to under up us was we were what when where which who whom "
        "whose why will with would you your "
    ).split()
)
#: A word found only in the longer description counts this much of one found in name, summary or tags.
_IN_DESCRIPTION = 0.5


def words(text: str) -> list[str]:
    """Words in lower case, without the commonest, cut to a stem.

    >>> words("Which trials were stopped, and why?")
    ['trial', 'stop']
    """
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP]


def scores(sentence: str, texts: Mapping[str, tuple[str, str]]) -> list[tuple[str, float]]:
    """(key, share 0 to 1) for each text (main part, description), best first, ties by key."""
    asked = list(dict.fromkeys(words(sentence)))
    parts = {key: (set(words(main)), set(words(rest))) for key, (main, rest) in texts.items()}
    if not asked:
        return []
    weight = {word: _rarity(word, parts) for word in asked}
    total = sum(weight.values())
    scored = []
    for key, (main, rest) in parts.items():
        got = sum(
            weight[word] * (1.0 if word in main else _IN_DESCRIPTION) for word in asked if word in main | rest
        )
        scored.append((got / total, len(main.intersection(asked)) / len(main or asked), key))
    # of two that have the same words of the sentence, first the one that says little else
    return [
        (key, share) for share, _, key in sorted(scored, key=lambda match: (-match[0], -match[1], match[2]))
    ]


def _rarity(word: str, parts: Mapping[str, tuple[set[str], set[str]]]) -> float:
    have = sum(1 for main, rest in parts.values() if word in main or word in rest)
    return math.log(1 + len(parts) / (have + 0.5))


#: Endings that are cut, what is left in their place, and the least number of letters before them.
_ENDINGS = (
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
    for ending, left, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            short = word[: -len(ending)] + left
            doubled = len(short) > 4 and short[-1] == short[-2] and ending in ("ed", "ing")
            return short[:-1] if doubled else short
    return word
