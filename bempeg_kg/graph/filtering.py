"""Rows that are about an entity, and those first that hold the words of a sentence."""

from __future__ import annotations

import re

from bempeg_kg.graph.lexicon import Lexicon, fold
from bempeg_kg.graph.mentions import LITTLE, Mention
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.search import stem
from bempeg_kg.questions.synonyms import forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Letters by which the words of a row are compared with those of a sentence.
_PREFIX = 7


def about_nodes(mention: Mention, lexicon: Lexicon) -> tuple[set[str], list[str]]:
    """Nodes that a row about a mention has, and texts of which it may hold one."""
    nodes: set[str] = set()
    texts: list[str] = [] if mention.type == "iri" else [mention.text]
    for entity in mention.meant:
        for one in [entity, *lexicon.narrower.get(entity, [])]:
            near = lexicon.about.get(one, [])
            nodes |= {one, *near}
            texts += lexicon.names.get(one, [])
            texts += [lexicon.labels[node] for node in near if "/complex/" in node]
            texts += [lexicon.labels[one]] if one in lexicon.labels and "/result/" not in one else []
    return nodes, texts


def rows_about(
    rows: Iterable[tuple[object, ...]], mention: Mention, lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows that name an entity, are results of it, or hold one of its names."""
    nodes, texts = about_nodes(mention, lexicon)
    alternatives = "|".join(
        re.escape(one.lower()) for one in sorted(set(texts), key=len, reverse=True) if len(one) > 1
    )
    if mention.type in ("month", "date"):
        return [row for row in rows if any(_is_dated(value, mention) for value in _texts(row))]
    pattern = re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?:s|e?d)?(?![a-z0-9])") if alternatives else None
    disease = any("/disease/" in entity for entity in mention.meant)
    return [row for row in rows if _is_about(row, nodes, pattern, disease)]


def _is_dated(value: str, mention: Mention) -> bool:
    """Whether a value is a date in, since or until the one named."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        return False
    if mention.since == "since":
        return value >= mention.text
    return value[: len(mention.text)] < mention.text if mention.since else value.startswith(mention.text)


def _is_about(
    row: tuple[object, ...], nodes: set[str], pattern: re.Pattern[str] | None, disease: bool
) -> bool:
    values = _texts(row)
    iris = [value for value in values if "://" in value]
    # a trial may have cohorts of several diseases, so a row's result decides where it has one
    exact = [iri for iri in iris if disease and re.search(r"/(result|contrast|cohort|group)/", iri)]
    if any(iri in nodes for iri in (exact or iris)):
        return True
    if pattern is None:
        return False
    return any(pattern.search(value.lower()) for value in values if "://" not in value)


def words_first(rows: Sequence[tuple[object, ...]], sentence: str) -> list[tuple[object, ...]]:
    """The rows with those first that hold more of the sentence's words; otherwise in their order."""
    asked = {stem(fold(word))[:_PREFIX] for word in tokens(sentence) if word not in LITTLE}
    held = [len(asked & _stems(row)) for row in rows]
    order = sorted(range(len(rows)), key=lambda place: -held[place])
    return [rows[place] for place in order]


def rows_with_word(rows: Sequence[tuple[object, ...]], word: str) -> list[tuple[object, ...]]:
    """The rows that hold a word, in any form of it, or one that means the same."""
    wanted = {stem(fold(word))[:_PREFIX], *(form[:_PREFIX] for form in forms(word))}
    return [row for row in rows if not wanted.isdisjoint(_stems(row))]


def _texts(row: tuple[object, ...]) -> list[str]:
    return [str(getattr(term, "value", term)) for term in row if term is not None]


def _stems(row: tuple[object, ...]) -> set[str]:
    text = " ".join(str(getattr(term, "value", term)) for term in row if term is not None)
    return {stem(fold(word))[:_PREFIX] for word in tokens(text)}


def rows_of_programme(
    rows: Sequence[tuple[object, ...]], columns: list[str], lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows of trials of the programme; all of them where there is no column `trial`."""
    if "trial" not in columns:
        return list(rows)
    place, known = columns.index("trial"), set(lexicon.programme)
    return [row for row in rows if row[place] is None or str(getattr(row[place], "value", "")) in known]
