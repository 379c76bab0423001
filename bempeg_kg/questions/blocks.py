"""The VALUES blocks of a query with parameters: read, and filled with other terms."""

from __future__ import annotations

import re

from bempeg_kg.errors import UsageError
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.sparql.text import shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# patterns, not compiled here: most runs need neither
_TERM = r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[^\s()]+)?|[^\s()]+'
_BLOCK = r"(?i)\s*VALUES\s*(?:\(\s*((?:[?$]\w+\s*)+)\)|([?$]\w+))\s*\{([^{}]*)\}"


def bind(question: Question, values: Mapping[str, Sequence[str]]) -> str:
    """The SPARQL text with the VALUES blocks of the named parameters filled by terms as SPARQL writes them.

    >>> from bempeg_kg.questions.question import Question
    >>> question = Question("q", "?", "SELECT ?t { VALUES (?t) { (UNDEF) } ?t a ?c }")
    >>> bind(question, {"t": ["<https://example.org/a>"]})
    'SELECT ?t { VALUES (?t) { (<https://example.org/a>) } ?t a ?c }'

    Once a parameter is given, blocks of others that bind nothing are left out; and so is, in any case, the
    filter of a text that is not given, `FILTER(?drug = "" || ...)`, which engines test for each row. A group
    inside the WHERE may open with a parameter's block as well and gets the same terms.
    """
    sparql = _without_filters(question, values)
    if not values:
        return sparql
    bare = shadow(sparql)
    known = {parameter.name for parameter in question.parameters} | values.keys()
    unseen, pieces, place = set(values), [], 0
    for opening in _groups(bare):
        while match := re.compile(_BLOCK).match(bare, opening):
            names = [name[1:] for name in (match[1] or match[2]).split()]
            if known.isdisjoint(names):
                opening = match.end()
                continue
            pieces += [
                sparql[place:opening],
                _filled(names, sparql[match.start(3) : match.end(3)], values, sparql[opening : match.end()]),
            ]
            place = opening = match.end()
            unseen -= set(names)
    if unseen:
        raise UsageError(f"{question.name} has no VALUES block for {', '.join(sorted(unseen))}")
    return "".join([*pieces, sparql[place:]])


def _without_filters(question: Question, values: Mapping[str, Sequence[str]]) -> str:
    """The SPARQL text without the filters of texts that are not given and by default are empty."""
    sparql = question.sparql
    for parameter in question.parameters:
        if parameter.type != "string" or parameter.name in values or parameter.default not in ("", "UNDEF"):
            continue
        opening = re.compile(rf'FILTER\(\?{parameter.name} = "" \|\|\s')
        while match := opening.search(sparql):
            end = _closing(shadow(sparql), match.start() + len("FILTER("))
            sparql = sparql[: match.start()] + "\n" * sparql.count("\n", match.start(), end) + sparql[end:]
    return sparql


def _closing(bare: str, start: int) -> int:
    """The place behind the bracket that closes what is open at a place."""
    depth = 1
    for place in range(start, len(bare)):
        depth += {"(": 1, ")": -1}.get(bare[place], 0)
        if not depth:
            return place + 1
    return len(bare)


def _groups(bare: str) -> list[int]:
    """Where groups open, from the WHERE on; a subquery or a branch of a UNION may repeat a parameter's block,
    so that engines which evaluate it by itself need not search everything.
    """
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    first = start.end() if start else len(bare)
    return [brace.end() for brace in re.finditer(r"\{", bare) if brace.end() >= first]


def declared_values(sparql: str) -> dict[str, list[str]]:
    """The terms of the VALUES blocks that open a WHERE: variable -> terms as written.

    >>> declared_values("SELECT * WHERE { VALUES (?a ?b) { (1 UNDEF) } }")
    {'a': ['1'], 'b': ['UNDEF']}
    """
    bare = shadow(sparql)
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    place = start.end() if start else len(sparql)
    values: dict[str, list[str]] = {}
    while match := re.compile(_BLOCK).match(bare, place):
        names = [name[1:] for name in (match[1] or match[2]).split()]
        terms = re.findall(_TERM, sparql[match.start(3) : match.end(3)])
        for i, name in enumerate(names):
            values[name] = terms[i :: len(names)]
        place = match.end()
    return values


def _filled(names: list[str], body: str, values: Mapping[str, Sequence[str]], whole: str) -> str:
    from itertools import product

    terms = re.findall(_TERM, body)
    if not values.keys() & set(names):
        # A block that binds nothing says nothing; beside one that binds, it makes engines search everything.
        return whole if set(terms) != {"UNDEF"} else "\n" * whole.count("\n")
    choices = [list(values.get(name, terms[i :: len(names)])) for i, name in enumerate(names)]
    rows = " ".join(f"({' '.join(row)})" for row in product(*choices))
    indent = whole[: len(whole) - len(whole.lstrip())]
    return f"{indent}VALUES ({' '.join('?' + name for name in names)}) {{ {rows} }}"
