"""What to ask for where no row measures an endpoint: those in whose names its words stand."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.binding import given_terms
from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.search import STOP
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: The parameter that takes an endpoint.
MEASURED = "measured"
#: Endpoints that are tried, those with the shortest names first, and those that are named.
_TRIED, _NAMED = 100, 5
_ENDPOINTS = "SELECT DISTINCT ?e ?name { ?e a kg:Endpoint ; rdfs:label ?name } ORDER BY ?e ?name"
#: Words that records use for one another in names of endpoints: they propose, and join nothing.
_SAME = {"cv": "cardiovascular", "mortality": "death", "hospitalisation": "hospitalization"}


def near_endpoints(
    kg: Asked,
    question: Question,
    parameters: Mapping[str, object],
    rows: Callable[[Question, Mapping[str, object]], Table],
) -> str:
    """The endpoints with rows whose names hold the words of one that has none, and how to ask for them.

    Empty where no endpoint was given, or none has rows. `rows` answers the question with other endpoints.
    """
    if MEASURED not in parameters or question.parameter(MEASURED).type != "iri":
        return ""
    asked = {str(term.value) for term in given_terms(kg, question, parameters)[MEASURED]}
    names = table_of(kg, _ENDPOINTS)
    wanted = [_words(name) for iri, name in names if iri in asked]
    holding = sorted(
        (len(name), name, iri)
        for iri, name in names
        if iri not in asked and any(words and words <= _words(name) for words in wanted)
    )[:_TRIED]
    if not holding:
        return ""
    table = rows(question, {**parameters, MEASURED: [iri for *_, iri in holding]})
    if "endpoint" not in table.columns:
        return ""
    measured = [str(value) for value in table.column("endpoint")]
    counts = {iri: measured.count(name) + measured.count(iri) for _, name, iri in holding}
    listed = [f"{kg.names.shorten(iri)} ({count})" for iri, count in counts.items() if count]
    if not listed:
        return ""
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    shown = ", ".join(listed[:_NAMED])
    return f"rows by endpoints whose names hold these words, each a value of {MEASURED}: {shown}{more}"


def _words(name: str) -> set[str]:
    """The words of an endpoint's name, folded, without those that join them."""
    folded = (fold(word) for word in tokens(name) if word not in STOP)
    return {_SAME.get(word, word) for word in folded}
