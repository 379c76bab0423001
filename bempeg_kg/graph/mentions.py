"""The names, numbers and dates in a sentence."""

from __future__ import annotations

import re

from bempeg_kg.graph.abbreviations import MONTHS
from bempeg_kg.graph.keys import key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.search import STOP

#: Words that carry no meaning of their own in a question.
LITTLE = STOP | set(
    "drug medicine medication therapy agent compound "
    "treatment treated trial study patient people happen get got come still same many occur occurred "
    "anyone anybody "
    "someone everyone anything something ever really actually exactly "
    "combo combination doublet regimen arm group tumour tumor cancer give gave put list find "
    "number amount report reported state stated like just so name use seen observed found shown test tested "
    "month months appear versus plus via due please percent should must may might".split()
)
#: Words that ask for all but what follows.
NEGATIONS = frozenset("not no non nor never without outside except excluding exclude excludes".split())
#: Names of classes so wide that they tell nothing apart here.
_WIDE = frozenset({"neoplasm", "cancer"})
_DATE = r"\d{4}-\d\d-\d\d"


class Mention:
    """A name, number or date in a sentence, and the entities it may mean."""

    __slots__ = ("columns", "end", "entities", "every", "since", "start", "text", "type")

    def __init__(
        self,
        start: int,
        end: int,
        text: str,
        entities: list[str],
        type: str = "iri",  # noqa: A002
        *,
        every: bool = False,
        since: str = "",
    ) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.entities = entities
        #: `iri`, `date`, `month` (also a year), `number`, `percent`, or `other`: a name of another programme
        self.type = type
        #: whether it means all its entities and not the first alone
        self.every = every
        #: of a date or month: `since` it, `until` it, or empty for in it
        self.since = since
        #: of a date or month: the columns in which it is looked for, if the sentence named any
        self.columns: list[str] = []

    @property
    def meant(self) -> list[str]:
        """The entities that it means."""
        return self.entities if self.every or self.type != "iri" else self.entities[:1]


def mentions(sentence: str, lexicon: Lexicon) -> tuple[list[str], list[Mention]]:
    """The words of a sentence, and the names, numbers and dates among them."""
    words = tokens(sentence)
    listed = [
        Mention(
            start,
            end,
            " ".join(words[start:end]),
            entities,
            every=key_of(words[start:end]) in lexicon.groups or _is_one_drug(entities),
        )
        for start, end, entities in lexicon.mentions(words)
        if not (end - start == 1 and words[start] in LITTLE) and not _is_wide(entities)
    ]
    _events_first(listed, lexicon)
    taken = {place for one in listed for place in range(one.start, one.end)}
    for start, end, label in lexicon.foreign(words):
        if taken.isdisjoint(range(start, end)):
            listed.append(Mention(start, end, label, [], "other"))
            taken |= set(range(start, end))
    for place, word in enumerate(words):
        if place in taken:
            continue
        pair, width = _count(words, place)
        if pair in lexicon.numbers:
            listed.append(Mention(place, place + width, pair, lexicon.numbers[pair], "number"))
            taken |= set(range(place, place + width))
        elif re.fullmatch(_DATE, word):
            listed.append(Mention(place, place + 1, word, [], "date", since=_since(words, place)))
        elif re.fullmatch(r"(?!9[059])\d\d?", word) and words[place + 1 : place + 2] == ["percent"]:
            listed.append(Mention(place, place + 2, word, lexicon.numbers.get(word, []), "percent"))
            taken.add(place + 1)
        elif re.fullmatch(r"\d+\.\d+", word):
            listed.append(Mention(place, place + 1, word, lexicon.numbers.get(word, []), "number"))
        elif re.fullmatch(r"(19|20)\d\d", word):
            month = words[place - 1] if place else ""
            named = month in MONTHS and place - 1 not in taken
            text = f"{word}-{MONTHS.index(month) + 1:02}" if named else word
            since = _since(words, place - named)
            listed.append(Mention(place - named, place + 1, text, [], "month", since=since))
    return words, sorted(listed, key=lambda one: one.start)


def _events_first(named: list[Mention], lexicon: Lexicon) -> None:
    """Put an adverse event before the disease of its name where no trial named is in that disease."""
    trials = {entity for one in named for entity in one.entities if "/trial/" in entity}
    for one in named:
        diseases = [entity for entity in one.entities if "/disease/" in entity]
        wide = [near for entity in diseases for near in [entity, *lexicon.narrower.get(entity, [])]]
        in_it = {node for near in wide for node in lexicon.about.get(near, [])}
        if trials and diseases and trials.isdisjoint(in_it):
            one.entities = sorted(one.entities, key=lambda entity: "/adverse-event/" not in entity)


def _count(words: list[str], place: int) -> tuple[str, int]:
    """A count such as 20 of 38 or 20/38 at a place, as 20/38, and how many words it takes."""
    width = 3 if words[place + 1 : place + 2] == ["of"] else 2
    parts = [word for word in words[place : place + width] if word.isdigit()]
    return ("/".join(parts), width) if len(parts) == 2 else ("", 0)


def _since(words: list[str], place: int) -> str:
    """Whether the word before a date asks for what came since or until it."""
    before = words[place - 1] if place else ""
    return (
        "since"
        if before in ("since", "after", "from")
        else "until"
        if before in ("before", "until", "by")
        else ""
    )


def _is_one_drug(entities: list[str]) -> bool:
    """Whether all are drugs: records name one with and without its brand in brackets."""
    return len(entities) > 1 and all("/drug/" in one for one in entities)


def _is_wide(entities: list[str]) -> bool:
    return entities[0].rpartition("/")[2] in _WIDE
