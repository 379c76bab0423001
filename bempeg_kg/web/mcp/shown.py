"""Answers and questions as a language model reads them, and the limits of its queries."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pyoxigraph import NamedNode

from bempeg_kg.errors import UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.sparql.text import shadow
from bempeg_kg.rdf.table import to_python

TELLING = 44
"""Statements that a description shows of its own accord."""


class TooMany(UsageError):
    """An answer with more rows than the limit."""


def limited(sparql: str, rows: int) -> str:
    """The query with a LIMIT of its own, or with a smaller one in place of that it has.

    >>> limited("SELECT * { ?s ?p ?o } LIMIT 9000 OFFSET 3", 200)
    'SELECT * { ?s ?p ?o } LIMIT 200 OFFSET 3'
    """
    bare = shadow(sparql)
    start = bare.rfind("}") + 1
    match = re.search(r"(?i)(?<![\w?$:.-])limit\s+(\d+)", bare[start:])
    if match is None:
        return f"{sparql}\nLIMIT {rows}"
    return f"{sparql[: start + match.start(1)]}{rows}{sparql[start + match.end(1) :]}"


def telling(rows: list[Any]) -> list[Any]:
    """Of many statements those that say most: some of each property, the thing's own first."""
    if len(rows) <= TELLING:
        return rows
    for each in (3, 2, 1):
        seen: Counter[Any] = Counter()
        chosen = [row for row in rows if (seen.update([row[:2]]) or seen[row[:2]]) <= each]
        if len(chosen) <= TELLING:
            break
    return chosen[:TELLING]


def details(question: Question) -> dict[str, Any]:
    """A question with what may be given for it."""
    return {
        "name": question.name,
        "question": question.summary,
        "description": question.description,
        "tags": question.tags,
        "parameters": [parameter.to_dict() for parameter in question.parameters],
    }


def plain(kg: Graph, term: Any) -> Any:
    """A term as JSON holds it: an IRI in its short form, else its value."""
    if isinstance(term, NamedNode):
        return kg.names.shorten(term.value)
    value = to_python(term)
    return value if isinstance(value, str | int | bool) else str(value)
