"""Terms of the vocabulary in a query that the vocabulary does not have: no error in SPARQL, and no rows."""

from __future__ import annotations

import re

from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.sparql.lexer import tokens
from bempeg_kg.rdf.sparql.mistakes import LONGEST, nearest
from bempeg_kg.rdf.sparql.text import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def unknown_terms(query: str, vocabulary: Collection[str], prefixes: Mapping[str, str]) -> list[str]:
    """Notes on terms that are not in the vocabulary, each with the nearest that is.

    `vocabulary` holds the names behind the namespace. A query of more than 5,000 characters is not read.

    >>> unknown_terms("ASK { ?x a kg:Trail }", {"Trial"}, {"kg": VOCAB})
    ['nothing in the graph is called kg:Trail; did you mean kg:Trial?']
    """
    if len(query) > LONGEST or (VOCAB not in query and "kg:" not in query):
        return []
    names = re.findall(r"kg:([\w.-]*)", query)
    if VOCAB not in query and all(name.rstrip(".") in vocabulary for name in names):
        return []  # to read the tokens would take longer
    spaces = {**prefixes, **declared(query)}
    notes = []
    for written in dict.fromkeys(_names(query)):
        prefix, _, local = written.partition(":")
        iri = written[1:-1] if written.startswith("<") else spaces.get(prefix, "") + local
        name = iri.removeprefix(VOCAB)
        if name == iri or not name or name in vocabulary:
            continue
        near = nearest(name, sorted(vocabulary))
        notes.append(
            f"nothing in the graph is called kg:{name}" + (f"; did you mean kg:{near}?" if near else "")
        )
    return notes


def _names(query: str) -> list[str]:
    return [token.text for token in tokens(query) if token.kind in ("name", "iri")]
