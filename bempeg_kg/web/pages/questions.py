"""The library of questions on pages: which are listed, and what the form of one holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.binding import bound_query
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question

SHARED = 3
"""Questions that a tag holds together before it stands open; the others fold away."""


def listed(library: Library, words: str, tag: str) -> list[Question]:
    """The questions that fit words, the best first, or all; held to a tag where one is given."""
    matches = [one for _, one in library.search(words)] if words.strip() else list(library)
    return [one for one in matches if tag in one.tags] if tag else matches


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
