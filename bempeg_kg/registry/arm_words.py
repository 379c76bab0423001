"""Which arm a title names by words that no other arm has, where all groups of a list can be told apart so."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = TypeVar("Key")
#: A dose with its unit and a numbered arm are one word each; a number alone tells nothing.
_WORD = re.compile(
    r"\d+(?:\.\d+)? ?(?:mg|mcg|g|kg|ml|iu|units?|mmol|gy|%)(?![a-z])"
    r"|\b(?:arm|group|cohort|regimen) (?:\d+|[a-z])\b|[a-z][a-z0-9]+"
)
_MICRO = re.compile(r"[\u00b5\u03bc]g\b|\bmicrograms?\b")
_MILLI = re.compile(r"\bmilligrams?\b")
#: Words that say nothing of which arm a group is, and connectors.
_EMPTY = frozenset(
    (
        "active", "and", "arm", "by", "cohort", "dose", "drug", "followed", "for", "group", "in", "matching",
        "of", "on", "once", "or", "participants", "patients", "plus", "study", "subjects", "the", "therapy",
        "to", "treatment", "with",
    )
)  # fmt: skip
_CHANGE = re.compile(r">|\b(?:then|to|followed|first|from|before|after|switch\w*|cross\w*)\b")
#: The order of what stands around these matters.
_ORDERED = re.compile(rf"/|{_CHANGE.pattern}")


@lru_cache(1 << 12)
def words_of(label: str) -> frozenset[str]:
    """The telling words of the title of a group or the label of an arm.

    >>> sorted(words_of("Arm 2: Drug-7 (7.5 mg) plus Placebo"))
    ['7.5 mg', 'arm 2', 'placebo']
    """
    text = _MILLI.sub("mg", _MICRO.sub("mcg", label.lower()))
    words = {
        re.sub(r"(?<=\d) ?(?=[a-z%])", " ", word) if word[0].isdigit() else word
        for word in _WORD.findall(text)
    }
    return frozenset(words - _EMPTY)


@lru_cache(1 << 12)
def any_order(label: str) -> str:
    """The words of a label whose order says nothing, in one order; `` where it might say something.

    >>> any_order("50 mg of RX-2") == any_order("rx 2, 50 mg"), any_order("Placebo, then RX-2")
    (True, '')
    """
    text = _MILLI.sub("mg", _MICRO.sub("mcg", label.lower()))
    if _ORDERED.search(text):
        return ""
    words = re.findall(r"\d+(?:\.\d+)?|[a-z]+", text)
    return " ".join(sorted({word for word in words if word not in _EMPTY}))


def assigned(titles: Sequence[str], labels: Mapping[int, str]) -> dict[str, int]:
    """The arm of each of some groups, by its place, if there are as many arms and each group names another.

    A group names an arm by a word that no other of the arms has, and may hold such a word of no other. Nor
    may the label of another arm hold a word that only this group has. `2.5 to 10 mg` names none.
    """
    if len(titles) != len(labels) or any(_CHANGE.search(title.lower()) for title in titles):
        return {}
    arms = {place: words_of(label) for place, label in labels.items()}
    groups = {title: words_of(title) for title in titles}
    of_arms = _own(arms)
    of_groups = _own(groups)
    found: dict[str, int] = {}
    for title, words in groups.items():
        places = [place for place, own in of_arms.items() if own & words]
        if len(places) != 1:
            return {}
        if any(of_groups[title] & arms[place] for place in arms if place != places[0]):
            return {}
        found[title] = places[0]
    return found if len(set(found.values())) == len(found) else {}


def _own(words: Mapping[Key, frozenset[str]]) -> dict[Key, frozenset[str]]:
    """Of each its words that none of the others has."""
    counted = Counter(word for one in words.values() for word in one)
    return {key: frozenset(word for word in one if counted[word] == 1) for key, one in words.items()}
