"""How well a question fits a sentence: its cues (`asks:`), its own words, and what they leave unexplained."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bempeg_kg.questions.question import Question
from bempeg_kg.questions.search import words
from bempeg_kg.questions.synonyms import root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: What the words of a cue, of the question's name or summary, and of its description weigh.
_CUE, _MAIN, _REST, _LITTLE = 1.0, 0.5, 0.2, 0.35
#: Words that change what is asked, though they help to word a question.
_WEIGHTY = frozenset(
    root(word)
    for word in "cost price economic value brain metastases blood hair heart weight children age elderly "
    "approved share worth quality life sequence mutation brand name ratio".split()
)
#: Words of a cue may stand this many words apart in the sentence.
_GAP = 2


#: A cue that counts only beside a name of a kind: `{other} phase 3`, `{endpoint} hazard ratios`.
_BESIDE = re.compile(r"\{([\w-]+)\} (.+)")
#: Words that ask for all but what follows, and those that end their reach.
_NEGATIONS = frozenset(map(root, "not no non never without except excluding than neither nor".split()))
_NEW_CLAUSE = frozenset({"and", "but", "that", "which", "who"})


class Chosen(NamedTuple):
    """What words of a sentence choose: values by parameter, the words' places, and those behind "not"."""

    values: dict[str, list[str]]
    places: set[int]
    negated: set[int]


class Wording:
    """The words of a question, cut to stems once."""

    __slots__ = ("beside", "cues", "kinds", "main", "question", "rest", "values")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.cues = [_cut(cue) for cue in question.asks if not cue.startswith("{")]
        #: a kind of name (`other` for one of another programme), and a cue that counts beside such a name
        self.beside = [(found[1], _cut(found[2])) for found in map(_BESIDE.fullmatch, question.asks) if found]
        #: kinds of a name that mean this question by themselves: `{adverse-event}` among the cues
        self.kinds = {cue.strip("{}") for cue in question.asks if re.fullmatch(r"\{.*\}", cue)}
        #: parameter, a value of it, and the phrases that choose this value
        self.values = [
            (parameter.name, value, [_cut(phrase) for phrase in listed])
            for parameter in question.parameters
            for value, listed in parameter.words.items()
        ]
        main = " ".join([question.name.replace("-", " "), question.summary, *question.tags])
        self.main = {root(word) for word in words(main)}
        self.rest = {root(word) for word in words(question.description)}

    def covered(self, stems: list[str], kinds: Collection[str | None] = ()) -> tuple[set[int], float]:
        """Places of the sentence that cues cover, and what the longest of them weigh.

        `kinds`: those of the names in the sentence, `other` for one of another programme.
        """
        places: set[int] = set()
        present = set(stems)
        for cue in [*self.cues, *(cue for kind, cue in self.beside if kind in kinds)]:
            if present.issuperset(cue):
                places |= _match(cue, stems)
        return places, _CUE * len(places)

    def chosen(self, stems: list[str], cued: set[int], named: set[int]) -> Chosen:
        """The values of parameters that the words of a sentence choose.

        `cued`: the places that cues cover; `named`: those in names, whose words choose nothing by themselves.
        """
        found = [
            (name, value, set().union(*(held for held in matched if held and not held <= named)))
            for name, value, phrases in self.values
            for matched in [[_match(phrase, stems) for phrase in phrases]]
        ]
        # "not yet recruiting" is not recruiting
        found = [one for one in found if one[2] and not any(one[2] < held for *_, held in found)]
        places = set().union(*(held for *_, held in found))
        negations = [
            at for at, stem in enumerate(stems) if stem in _NEGATIONS and at not in places | cued | named
        ]
        negated = {
            at
            for *_, held in found
            for no in negations
            if no < max(held) and _NEW_CLAUSE.isdisjoint(stems[no : max(held)])
            for at in [no, *held]
        }
        if self.values:  # "not stopped" asks for no reason to stop
            negated |= {place for no in negations if no + 1 in cued for place in (no, no + 1)}
        chosen: dict[str, list[str]] = {}
        for name, value, _ in found:
            chosen.setdefault(name, []).append(value)
        return Chosen(chosen, places, negated)

    def weight(self, word: str) -> float:
        """What a word outside any cue weighs for this question."""
        return _MAIN if word in self.main else _REST if word in self.rest else 0.0


def _cut(cue: str) -> list[str]:
    return [root(word) for word in cue.lower().replace("-", " ").split()]


@functools.lru_cache(maxsize=1_000)
def wording_of(question: Question) -> Wording:
    """The words of a question, cut once."""
    return Wording(question)


def _match(cue: list[str], stems: list[str]) -> set[int]:
    for start, word in enumerate(stems):
        if word != cue[0]:
            continue
        places, at = {start}, start
        for wanted in cue[1:]:
            later = [i for i in range(at + 1, min(len(stems), at + 2 + _GAP)) if stems[i] == wanted]
            if not later:
                break
            at = later[0]
            places.add(at)
        else:
            return places
    return set()


@functools.lru_cache(maxsize=8)
def spellings(library: Iterable[Question]) -> frozenset[str]:
    """Every word of a cue and of a question, as it is spelt."""
    texts = (" ".join([question.summary, *question.asks]) for question in library)
    return frozenset(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))


@functools.lru_cache(maxsize=8)
def ordinary_words(library: Iterable[Question]) -> frozenset[str]:
    """Stems that help to word some question and mean none by themselves: an answer may leave them out."""
    wordings = [wording_of(question) for question in library]
    alone = {cue[0] for wording in wordings for cue in wording.cues if len(cue) == 1}
    joined = {word for wording in wordings for cue in wording.cues for word in cue}
    main = {word for wording in wordings for word in wording.main}
    return frozenset((joined | main) - alone - _WEIGHTY)


@functools.lru_cache(maxsize=8)
def choosing_words(library: Iterable[Question]) -> frozenset[str]:
    """Stems that choose a value of some question by themselves: no other question may leave them out."""
    values = (listed for question in library for *_, listed in wording_of(question).values)
    return frozenset(cue[0] for listed in values for cue in listed if len(cue) == 1)


def known_words(wordings: Iterable[Wording]) -> set[str]:
    """Every stem that some question has."""
    known: set[str] = set()
    for wording in wordings:
        known |= wording.main | wording.rest
        known.update(word for cue in wording.cues for word in cue)
        known.update(word for *_, phrases in wording.values for phrase in phrases for word in phrase)
    return known
