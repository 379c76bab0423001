"""How well a question fits a sentence: its cues (`asks:`), its own words, and what they leave unexplained."""

from __future__ import annotations

import functools
import re

from bempeg_kg.questions.question import Question
from bempeg_kg.questions.search import words
from bempeg_kg.questions.synonyms import root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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


#: What opens a cue that counts only beside the name of another programme's drug or disease.
OTHER = "{other}"


class Wording:
    """The words of a question, cut to stems once."""

    __slots__ = ("cues", "kinds", "main", "of_others", "question", "rest", "values")

    def __init__(self, question: Question) -> None:
        self.question = question
        self.cues = [_cut(cue) for cue in question.asks if not cue.startswith("{")]
        #: those that count beside the name of another programme's drug: `{other} phase 3`
        self.of_others = [_cut(cue[len(OTHER) :]) for cue in question.asks if cue.startswith(f"{OTHER} ")]
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

    def covered(self, stems: list[str], *, other: bool = False) -> tuple[set[int], float]:
        """Places of the sentence that cues cover, and what the longest of them weigh.

        `other`: the sentence names a drug or disease of another programme.
        """
        places: set[int] = set()
        present = set(stems)
        for cue in [*self.cues, *(self.of_others if other else ())]:
            if present.issuperset(cue):
                places |= _match(cue, stems)
        return places, _CUE * len(places)

    def chosen(self, stems: list[str]) -> tuple[dict[str, list[str]], set[int]]:
        """The values of parameters that the words of a sentence choose, and the places of these words."""
        found = [
            (name, value, set().union(*(_match(phrase, stems) for phrase in phrases)))
            for name, value, phrases in self.values
        ]
        places = set().union(*(held for *_, held in found))
        chosen: dict[str, list[str]] = {}
        for name, value, held in found:  # "not yet recruiting" is not recruiting
            if held and not any(held < other for *_, other in found):
                chosen.setdefault(name, []).append(value)
        return chosen, places

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
    return frozenset((joined | {word for wording in wordings for word in wording.main}) - alone - _WEIGHTY)


def known_words(wordings: Iterable[Wording]) -> set[str]:
    """Every stem that some question has."""
    known: set[str] = set()
    for wording in wordings:
        known |= wording.main | wording.rest
        known.update(word for cue in wording.cues for word in cue)
        known.update(word for *_, phrases in wording.values for phrase in phrases for word in phrase)
    return known
