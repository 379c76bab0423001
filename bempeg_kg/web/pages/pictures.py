"""Pictures of the package, embedded where they exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class View:
    """A picture's title, what it shows, and the question that says the same in rows."""

    title: str
    about: str
    question: str


VIEWS = {
    "signalling": View(
        "How the drug should work",
        "The steps from the drug to the tumour, each claimed by a source.",
        "mechanism-steps",
    ),
    "lineage": View("Which trial led to which", "The trials of the programme and how one grew out of another.", "trial-lineage"),
    "timeline": View("What happened when", "Events, decisions and agreements by their dates.", "programme-timeline"),
    "responses": View("Response rates", "Reported objective response rates with their intervals.", "response-rates"),
}
QUESTIONS = {
    "mechanism-steps": "signalling",
    "trial-lineage": "lineage",
    "programme-timeline": "timeline",
    "response-rates": "responses",
}


def for_question(kg: KnowledgeGraph, question: str) -> str:
    """The name of the view that draws a question's answer; empty for none."""
    return QUESTIONS.get(question, "")


def draw(kg: KnowledgeGraph, name: str, as_of: str) -> str:
    """The picture as SVG text; empty where the package cannot draw it."""
    return ""
