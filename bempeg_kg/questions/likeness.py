"""Which of many phrases a sentence is most like: rare words that both have, and pairs of words, weigh most.

The measure is the cosine of term vectors weighted by frequency and rarity (Salton and Buckley 1988,
doi:10.1016/0306-4573(88)90021-0).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from functools import cache, lru_cache
from itertools import pairwise

from bempeg_kg.questions.search import STOP
from bempeg_kg.questions.synonyms import root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What a word without meaning of its own weighs against another one as rare.
_LITTLE = 0.3
#: Phrases of a key that count, each half as much as the one before.
_COUNTED = 4
#: Digits of a weight in a browser, where the same order comes out with half the text.
_DIGITS = 5


class Phrases:
    """The phrases of each key, weighed once.

    >>> phrases = Phrases({"deaths": ["who died", "fatal events"], "doses": ["dose given", "how often"]})
    >>> [key for key, _ in phrases.nearest("how many died after a dose, and who")]
    ['deaths', 'doses']
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        counted = [(key, _terms(phrase)) for key, listed in phrases.items() for phrase in listed]
        self._keys = [key for key, _ in counted]
        have = Counter(term for _, terms in counted for term in terms)
        #: the weight of a term that no phrase has
        self._rarest = math.log(len(counted) + 1)
        self._rarity = {term: math.log((len(counted) + 1) / (number + 1)) for term, number in have.items()}
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (_, terms) in enumerate(counted):
            for term, weight in self._weights(terms).items():
                self._places[term].append((place, weight))

    def to_data(self) -> dict[str, object]:
        """The weights, for a search that runs in a browser: key of each phrase, and phrases by term."""
        return {
            "keys": self._keys,
            "rarest": self._rarest,
            "rarity": {term: round(weight, _DIGITS) for term, weight in self._rarity.items()},
            "places": {
                term: [[place, round(weight, _DIGITS)] for place, weight in listed]
                for term, listed in self._places.items()
            },
            "counted": _COUNTED,
            "little": _LITTLE,
        }

    def nearest(self, sentence: str) -> list[tuple[str, float]]:
        """Keys with what they weigh, the likest first; none that shares only words such as `the`."""
        likeness: dict[int, float] = defaultdict(float)
        telling: set[str] = set()
        for term, weight in self._weights(_terms(sentence)).items():
            for place, other in self._places.get(term, ()):
                likeness[place] += weight * other
                if not _is_little(term):
                    telling.add(self._keys[place])
        by_key: dict[str, list[float]] = defaultdict(list)
        for place, value in likeness.items():
            if self._keys[place] in telling:
                by_key[self._keys[place]].append(value)
        totals = {
            key: sum(value / 2**at for at, value in enumerate(sorted(values, reverse=True)[:_COUNTED]))
            for key, values in by_key.items()
        }
        return sorted(totals.items(), key=lambda item: (-item[1], item[0]))

    def _weights(self, terms: Counter[str]) -> dict[str, float]:
        """The vector of a phrase, of length 1."""
        raw = {
            term: (1 + math.log(number))
            * self._rarity.get(term, self._rarest)
            * (_LITTLE if _is_little(term) else 1)
            for term, number in terms.items()
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / length for term, weight in raw.items()}


@cache
def _stop() -> frozenset[str]:
    return frozenset(root(word) for word in STOP)


@lru_cache(maxsize=20_000)
def _is_little(term: str) -> bool:
    """Whether a term is made of words without meaning of their own."""
    return _stop().issuperset(term.split())


def _terms(text: str) -> Counter[str]:
    """The stems of a text and their pairs."""
    stems = [root(word) for word in re.findall(r"\d+(?:\.\d+)+|[^\W_]+", text.lower())]
    return Counter([*stems, *(f"{first} {second}" for first, second in pairwise(stems))])
