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
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r" ?(?:mg|mcg|g|kg|ml|iu|units?|mmol|gy|%)(?![a-z])"
#: A dose with its unit and a numbered arm are one word each; a number alone tells nothing.
_WORD = re.compile(rf"{_NUMBER}{_UNIT}|\b(?:arm|group|cohort|regimen) (?:\d+|[a-z])\b|[a-z][a-z0-9]+")
#: The same for labels in any order. A number without a unit belongs to the word before it: `rx 2`, `dose 1`.
_PART = re.compile(
    rf"{_NUMBER}(?:{_UNIT})?|[^\W\d_]+[ -]?{_NUMBER}(?!\.?\d)(?!{_UNIT})[a-z]?\b"
    r"|\b(?:arm|group|cohort|regimen|dose|drug|treatment|therapy|study) (?:[a-z]\d*|[ivx]+)\b|[^\W\d_]+"
)
_MILLI = re.compile(r"\bmilligrams?\b(?: \(mg\))?")
_MICRO = re.compile(r"\bmicrograms?\b(?: \(mcg\))?|[\u00b5\u03bc]g\b")
_DOSE = re.compile(rf"\b{_NUMBER}{_UNIT}")
_DOSE_AGAIN = re.compile(rf"({_NUMBER}{_UNIT}) \(\1\)")
#: Words that say nothing of which arm a group is, and connectors.
_EMPTY = frozenset(
    (
        "active", "and", "arm", "by", "cohort", "dose", "drug", "followed", "for", "group", "in", "matching",
        "of", "on", "once", "or", "participants", "patients", "plus", "study", "subjects", "the", "therapy",
        "to", "treatment", "with",
    )
)  # fmt: skip
_CHANGE = re.compile(r">|\b(?:then|to|followed|first|from|before|after|switch\w*|cross\w*)\b")
#: The order of what stands around these matters, or what they say of it: `placebo matching RX` is not both.
_ORDERED = re.compile(rf"/|\b(?:or|for|match\w*)\b|{_CHANGE.pattern}")
#: Between these may stand two treatments, of which a dose is of one.
_JOINED = re.compile(r"[+&,;]| - |\b(?:and|plus|with)\b")


def in_mg(text: str) -> str:
    """A text in small letters with milligrams and micrograms written in one way.

    >>> in_mg("5 milligrams (mg)"), in_mg("5 \u00b5g")
    ('5 mg', '5 mcg')
    """
    return _MICRO.sub("mcg", _MILLI.sub("mg", text))


@lru_cache(1 << 12)
def words_of(label: str) -> frozenset[str]:
    """The telling words of the title of a group or the label of an arm.

    >>> sorted(words_of("Arm 2: Drug-7 (7.5 mg) plus Placebo"))
    ['7.5 mg', 'arm 2', 'placebo']
    """
    return frozenset({_spaced(word) for word in _WORD.findall(in_mg(label.lower()))} - _EMPTY)


def _spaced(word: str) -> str:
    """A dose with one space between number and unit; any other word as it is."""
    return re.sub(r"(?<=\d) ?(?=[a-z%])", " ", word) if word[0].isdigit() else word


@lru_cache(1 << 12)
def any_order(label: str) -> str:
    """The words of a label whose order says nothing, in one order; `` where it might say something.

    A dose may stand before or behind all other words, which then keep their order. With two doses, or one
    beside two treatments, the order says of which a dose is.

    >>> any_order("50 mg of RX-2") == any_order("rx 2, 50 mg"), any_order("Placebo, then RX-2")
    (True, '')
    >>> any_order("RX + QZ") == any_order("QZ + RX"), any_order("RX 10 mg + QZ")
    (True, '')
    """
    text = _DOSE_AGAIN.sub(r"\1", in_mg(label.lower()))
    if _ORDERED.search(text):
        return ""
    found = (re.sub(r"(?<=[a-z])[ -]?(?=\d)", " ", _spaced(part)) for part in _PART.findall(text))
    words = [word for word in found if word not in _EMPTY]
    doses = [word for word in words if word[0].isdigit()]
    if len(words) == 1:
        return words[0].removeprefix("arm ")  # `Arm 2` can be listed as `2`
    if not doses:
        return ", ".join(sorted(words))
    others = [word for word in words if word not in doses]
    at_an_end = doses[0] in (words[0], words[-1])
    treatments = [part for part in _JOINED.split(_DOSE.sub("", text)) if re.search(r"[a-z]", part)]
    if len(doses) > 1 or not at_an_end or len(treatments) > 1:
        return ""
    return ", ".join((*doses, *others))


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
