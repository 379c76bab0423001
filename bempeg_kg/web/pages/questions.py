"""The library of questions on pages: which are listed, and what the form of one holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from bempeg_kg.errors import BempegError, UnknownName, UsageError
from bempeg_kg.graph.binding import bound_query
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table

Answer = Callable[[Question, Mapping[str, object]], Table]
"""Answers a question with its parameters."""

GROUPS = (
    "Did it work?",
    "Why did phase 3 not confirm phase 2?",
    "Was it safe?",
    "How should it work?",
    "Trials: design, patients, decisions",
    "Sources, and the audited guide",
    "Other programmes and outside data",
)
"""Headings of the questions page, in the order in which a reader comes to them."""
_OF_TAG = {
    **dict.fromkeys(("signals", "live", "linking"), 6),
    "safety": 2,
    "mechanism": 3,
    **dict.fromkeys(("design", "lineage", "flow"), 4),
    **dict.fromkeys(("guide", "provenance", "sources"), 5),
}
_REASONS = frozenset(("why", "phase 2", "certainty", "forensics", "maturity"))

SHARED = 3
"""Questions that a tag holds together before it stands open; the others fold away."""


def listed(library: Library, words: str, tag: str) -> list[Question]:
    """The questions that fit words, the best first, or all; held to a tag where one is given."""
    matches = [one for _, one in library.search(words)] if words.strip() else list(library)
    return [one for one in matches if tag in one.tags] if tag else matches


NEAR = 0.4
"""A question fits words less well than the best one, down to this part of its likeness."""


def nearest(library: Library, words: str) -> list[Question]:
    """The questions that fit words about as well as the best one does, the best first."""
    matches = library.search(words)
    return [one for likeness, one in matches if likeness >= NEAR * matches[0][0]]


def further(library: Library, name: str) -> list[Question]:
    """The questions that have most in common with one, the likest first."""
    if name not in library:
        return []
    question = library[name]
    near = library.search(f"{question.summary} {' '.join(question.tags)}")
    others = [(likeness, one) for likeness, one in near if one.name != name]
    return [one for likeness, one in others if likeness >= NEAR * others[0][0]]


def group(question: Question) -> str:
    """The heading of ``GROUPS`` that a question stands under, by its first tag."""
    if question.data == "signals" or question.live:
        return GROUPS[6]
    first = question.tags[0] if question.tags else ""
    if first in _OF_TAG:
        return GROUPS[_OF_TAG[first]]
    if "provenance" in question.tags:
        return GROUPS[5]
    return GROUPS[1 if _REASONS & set(question.tags) else 0]


def grouped(questions: Iterable[Question]) -> list[tuple[str, list[Question]]]:
    """Questions under their headings, without headings that have none."""
    by_group: dict[str, list[Question]] = {name: [] for name in GROUPS}
    for question in questions:
        by_group[group(question)].append(question)
    return [(name, listed) for name, listed in by_group.items() if listed]


def without_answer(kg: Graph, answer: Answer) -> frozenset[str]:
    """Names of questions that have no answer in this graph; none are looked for in a very large one.

    Questions that compute, need more data or ask an outside service are not tried.
    """
    if kg.content.is_large:
        return frozenset()
    tried = (one for one in kg.questions if not (one.live or one.computed or one.data))
    return frozenset(one.name for one in tried if _is_empty(one, answer))


def _is_empty(question: Question, answer: Answer) -> bool:
    try:
        return not answer(question, {}).rows
    except BempegError:  # a parameter without default, or a limit
        return False


def tags(library: Iterable[Question]) -> tuple[list[str], list[str]]:
    """The tags that many questions share, and the others."""
    uses = Counter(tag for question in library for tag in question.tags)
    named = sorted(uses, key=str.lower)
    return [tag for tag in named if uses[tag] >= SHARED], [tag for tag in named if uses[tag] < SHARED]


def filled(question: Question, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed for parameters of the question, by their names; blanks do not count."""
    known = {parameter.name for parameter in question.parameters}
    typed = {key.replace("-", "_"): value for key, value in given.items() if value.strip()}
    return {key: value for key, value in typed.items() if key in known}


def refuse_unknown(question: Question, given: Iterable[str]) -> None:
    """Raise UsageError for a name that no parameter of the question has."""
    for name in given:
        try:
            question.parameter(name)
        except UnknownName as error:
            raise UsageError(error.message, cure=error.cure) from None


def bound(kg: Graph, question: Question, given: Mapping[str, str]) -> str:
    """The SPARQL of a question with its parameters filled in; empty for one that computes."""
    if not question.sparql:
        return ""
    return bound_query(kg, question, given)
