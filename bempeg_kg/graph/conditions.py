"""Conditions of records that a sentence names in words, and the rows of their trials."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.filtering import rows_of_trials
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import mentions
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.spoken import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: The longest name of a condition in words that is looked for.
_LONGEST = 5


def rows_of_conditions(
    kg: Asked, lexicon: Lexicon, rows: Sequence[tuple[object, ...]], words: Sequence[str]
) -> Sequence[tuple[object, ...]]:
    """The rows of trials of records in a condition of that name, or of all these words; none for others."""
    if lexicon.subjects.isdisjoint((key_of(list(words)), *map(fold, words))):
        return []
    trials = named_trials(kg, "condition").trials(" ".join(words))
    return rows_of_trials(rows, trials)


def rows_of_either(
    kg: Asked, lexicon: Lexicon, rows: Sequence[tuple[object, ...]], names: Sequence[str]
) -> Sequence[tuple[object, ...]]:
    """The rows of trials of records in any of these conditions."""
    kept = {id(row) for name in names for row in rows_of_conditions(kg, lexicon, rows, tokens(name))}
    return [row for row in rows if id(row) in kept]


def conditions_in(kg: Asked, lexicon: Lexicon, text: str, unknown: Sequence[str]) -> list[str]:
    """The names of conditions of records, of several words, in a sentence that nothing else explains."""
    words, named = mentions(text, lexicon)
    inside = {at for one in named for at in range(one.start, one.end)}
    telling = lexicon.subjects.intersection(map(fold, unknown))
    trials = named_trials(kg, "condition").trials
    found: list[str] = []
    start = 0
    while telling and start < len(words):
        ends = range(min(len(words), start + _LONGEST), start + 1, -1)
        free = [end for end in ends if inside.isdisjoint(range(start, end))]
        free = [end for end in free if not telling.isdisjoint(map(fold, words[start:end]))]
        end = next((end for end in free if trials(" ".join(words[start:end]))), start)
        if end > start:
            found.append(" ".join(words[start:end]))
        start = max(end, start + 1)
    return found
