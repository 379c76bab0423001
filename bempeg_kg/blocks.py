"""The VALUES blocks that open the WHERE of a query with parameters: read, and filled with other terms."""

from __future__ import annotations

import re

from bempeg_kg.errors import UsageError
from bempeg_kg.sparql import shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bempeg_kg.questions import Question

# patterns, not compiled here: most runs need neither
_TERM = r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[^\s()]+)?|[^\s()]+'
_BLOCK = r"(?i)\s*VALUES\s*(?:\(\s*((?:[?$]\w+\s*)+)\)|([?$]\w+))\s*\{([^{}]*)\}"


def bind(question: Question, values: Mapping[str, Sequence[str]]) -> str:
    """The SPARQL text with the VALUES blocks of the named parameters filled by terms as SPARQL writes them.

    >>> from bempeg_kg.questions import Question
    >>> question = Question("q", "?", "SELECT ?t { VALUES (?t) { (UNDEF) } ?t a ?c }")
    >>> bind(question, {"t": ["<https://example.org/a>"]})
    'SELECT ?t { VALUES (?t) { (<https://example.org/a>) } ?t a ?c }'

    Once a parameter is given, blocks of others that bind nothing are left out.
    """
    if not values:
        return question.sparql
    sparql, waiting = question.sparql, dict(values)
    bare = shadow(sparql)
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    pieces, place = [], start.end() if start else len(sparql)
    pieces.append(sparql[:place])
    while found := re.compile(_BLOCK).match(bare, place):
        names = [name[1:] for name in (found[1] or found[2]).split()]
        body = sparql[found.start(3) : found.end(3)]
        pieces.append(_filled(names, body, waiting, sparql[place : found.end()]))
        place = found.end()
    if waiting:
        raise UsageError(f"{question.name} has no VALUES block for {', '.join(sorted(waiting))}")
    return "".join([*pieces, sparql[place:]])


def declared_values(sparql: str) -> dict[str, list[str]]:
    """The terms of the VALUES blocks that open a WHERE: variable -> terms as written.

    >>> declared_values("SELECT * WHERE { VALUES (?a ?b) { (1 UNDEF) } }")
    {'a': ['1'], 'b': ['UNDEF']}
    """
    bare = shadow(sparql)
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    place = start.end() if start else len(sparql)
    made: dict[str, list[str]] = {}
    while found := re.compile(_BLOCK).match(bare, place):
        names = [name[1:] for name in (found[1] or found[2]).split()]
        terms = re.findall(_TERM, sparql[found.start(3) : found.end(3)])
        for i, name in enumerate(names):
            made[name] = terms[i :: len(names)]
        place = found.end()
    return made


def _filled(names: list[str], body: str, waiting: dict[str, Sequence[str]], whole: str) -> str:
    from itertools import product

    terms = re.findall(_TERM, body)
    if not waiting.keys() & set(names):
        # A block that binds nothing says nothing; beside one that binds, it makes engines search everything.
        return whole if set(terms) != {"UNDEF"} else "\n" * whole.count("\n")
    choices = [list(waiting.pop(name, terms[i :: len(names)])) for i, name in enumerate(names)]
    rows = " ".join(f"({' '.join(row)})" for row in product(*choices))
    indent = whole[: len(whole) - len(whole.lstrip())]
    return f"{indent}VALUES ({' '.join('?' + name for name in names)}) {{ {rows} }}"
