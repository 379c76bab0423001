"""What a SERVICE block may be narrowed by: the patterns that are joined with it in every solution.

Only the rows of a service that fit the rest of the query are needed, so the values that the rest gives go
with the block. That is right only for patterns which are joined with the block itself. From the block
outwards these are the triple patterns, VALUES, BIND and plain filters of

* the group that holds the block;
* the groups around it, as long as they are joined: a group in a group, a branch of UNION, GRAPH, EXISTS;
* for OPTIONAL, what stands before it (what stands after it is joined later).

A subselect has variables of its own, and MINUS takes away whole solutions: nothing outside them narrows. What
is optional or stands in another branch never narrows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bempeg_kg.errors import QueryError
from bempeg_kg.rdf.sparql.lexer import Token, code

_KEYWORDS = {"OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "GRAPH", "SERVICE", "UNION"}
#: expressions that look beyond the variables they name, or give another value each time
_UNSTABLE = ("EXISTS", "RAND", "UUID", "STRUUID", "BNODE", "NOW")
_CLOSES = {"{": "}", "(": ")"}


class Part(NamedTuple):
    """A part of a group: its kind, its tokens, and where its own group stands among them (or -1)."""

    kind: str
    tokens: Sequence[Token]
    opening: int

    @property
    def start(self) -> int:
        """Where the part begins in the query."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end


class Certain(NamedTuple):
    """Patterns that hold in every solution of a group, and the variables that they bind."""

    patterns: list[str]
    variables: set[str]


def narrowing(text: str, start: int, end: int) -> Certain:
    """Patterns that are joined with what stands from `start` to `end` in a query, and their variables.

    >>> query = "SELECT * { ?s a ?c OPTIONAL { ?s ?p ?o } SERVICE <urn:a> { ?s ?q ?r } }"
    >>> narrowing(query, query.index("SERVICE"), query.index("?r }") + 4).patterns
    ['?s a ?c']

    Raises QueryError if the place is in no group.
    """
    tokens = code(text)
    opening = _outermost(tokens)
    group = tokens[opening + 1 : closing(tokens, opening)]
    return _along(text, group, start, end)


def certain(text: str) -> Certain:
    """Patterns of a group's text that hold in every one of its solutions, and their variables.

    >>> sorted(certain("?s ?p ?o OPTIONAL { ?o ?q ?r } BIND(STR(?o) AS ?name)").variables)
    ['name', 'o', 'p', 's']
    """
    return _certain(text, _parts(code(text)))


def _along(text: str, group: Sequence[Token], start: int, end: int) -> Certain:
    """What narrows a place within a group, from this group and those in it that hold the place."""
    parts = _parts(group)
    if any(part.kind == "SELECT" for part in parts):
        inner = next(part for part in parts if part.kind == "SELECT")
        opening = next(at for at, token in enumerate(inner.tokens) if token.text == "{")
        return _along(text, inner.tokens[opening + 1 : closing(inner.tokens, opening)], start, end)
    for number, part in enumerate(parts):
        if part.start <= start and end <= part.end:
            return _within(text, parts, number, start, end)
    raise QueryError("a SERVICE is not allowed here", cure="Put it into the WHERE part of the query.")


def _within(text: str, parts: Sequence[Part], number: int, start: int, end: int) -> Certain:
    part = parts[number]
    if part.kind == "SERVICE" and (part.start, part.end) == (start, end):
        return _certain(text, parts)
    around = _certain(text, parts[:number] if part.kind == "OPTIONAL" else parts)
    opening = _holder(part.tokens, start, end)
    inner_tokens = part.tokens[opening + 1 : closing(part.tokens, opening)]
    inner = _along(text, inner_tokens, start, end)
    if part.kind == "MINUS" or any(one.kind == "SELECT" for one in _parts(inner_tokens)):
        return inner
    if part.kind == "GRAPH":
        within = " . ".join(inner.patterns)
        graph = part.tokens[1].text
        inner = Certain([f"GRAPH {graph} {{ {within} }}"] if within else [], inner.variables)
    return Certain([*around.patterns, *inner.patterns], around.variables | inner.variables)


def _holder(tokens: Sequence[Token], start: int, end: int) -> int:
    """The opening brace, not within another, of the group that holds a place."""
    at = 0
    while at < len(tokens):
        if tokens[at].text == "{" and tokens[at].kind == "mark":
            last = closing(tokens, at)
            if tokens[at].start <= start and end <= tokens[last].end:
                return at
            at = last
        at += 1
    raise QueryError("a SERVICE is not allowed here", cure="Put it into the WHERE part of the query.")


def _certain(text: str, parts: Sequence[Part]) -> Certain:
    patterns: list[str] = []
    variables: set[str] = set()
    for part in parts:
        own = _variables(part.tokens)
        source = text[part.start : part.end]
        if part.kind == "triples" or (part.kind == "VALUES" and not _has(part.tokens, "UNDEF")):
            patterns.append(source)
            variables |= own
        elif part.kind == "BIND":
            target = part.tokens[-2].text[1:]
            if own - {target} <= variables and not _has(part.tokens, *_UNSTABLE):
                patterns.append(source)
                variables.add(target)
    filters = [part for part in parts if part.kind == "FILTER" and not _has(part.tokens, *_UNSTABLE)]
    patterns += [text[part.start : part.end] for part in filters if _variables(part.tokens) <= variables]
    return Certain([pattern.strip(". \n\t") for pattern in patterns], variables)


def _parts(group: Sequence[Token]) -> list[Part]:
    """The parts of a group, from the tokens between its braces."""
    if group and group[0].text.upper() == "SELECT" and group[0].kind == "word":
        return [Part("SELECT", group, -1)]
    parts: list[Part] = []
    at = 0
    while at < len(group):
        first = group[at]
        word = first.text.upper() if first.kind == "word" else ""
        if word in _KEYWORDS:
            last, opening = _keyword_end(group, at, word)
            parts.append(Part(word, group[at : last + 1], opening - at if opening >= 0 else -1))
        elif first.text == "{" and first.kind == "mark":
            last = closing(group, at)
            parts.append(Part("group", group[at : last + 1], 0))
        else:
            last = at
            while last + 1 < len(group) and not _begins(group[last + 1]):
                last += 1
            if any(token.kind == "variable" or token.text != "." for token in group[at : last + 1]):
                parts.append(Part("triples", group[at : last + 1], -1))
        at = last + 1
    return parts


def _begins(token: Token) -> bool:
    """Whether a token ends a run of triple patterns."""
    return (token.kind == "word" and token.text.upper() in _KEYWORDS) or (
        token.kind == "mark" and token.text == "{"
    )


def _keyword_end(group: Sequence[Token], at: int, word: str) -> tuple[int, int]:
    """The last token of a part that a keyword begins, and the opening brace of its group (or -1)."""
    if word == "UNION":
        return at, -1
    wanted = "({" if word in ("FILTER", "BIND") else "{"
    for place in range(at + 1, len(group)):
        if group[place].kind == "mark" and group[place].text in wanted:
            return closing(group, place), place if group[place].text == "{" else -1
    raise QueryError(f"{word} has no group", cure="Write the group in braces after it.")


def closing(tokens: Sequence[Token], opening: int) -> int:
    """The place of the brace or parenthesis that closes one. Raises QueryError if there is none."""
    up = tokens[opening].text
    depth = 0
    for place in range(opening, len(tokens)):
        if tokens[place].kind == "mark":
            depth += (tokens[place].text == up) - (tokens[place].text == _CLOSES[up])
            if depth == 0:
                return place
    raise QueryError(f"this {up} is never closed", cure="Close it.")


def _outermost(tokens: Sequence[Token]) -> int:
    """The opening brace of the WHERE part."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    at = next(
        (n for n, token in enumerate(tokens) if token.kind == "word" and token.text.upper() in forms), 0
    )
    if tokens and tokens[at].text.upper() == "CONSTRUCT" and tokens[at + 1].text == "{":
        at = closing(tokens, at + 1)
    for place in range(at, len(tokens)):
        if tokens[place].kind == "mark" and tokens[place].text == "{":
            return place
    raise QueryError("the query has no pattern", cure="Write WHERE { ... }.")


def _variables(tokens: Sequence[Token]) -> set[str]:
    return {token.text[1:] for token in tokens if token.kind == "variable"}


def _has(tokens: Sequence[Token], *words: str) -> bool:
    return any(token.kind == "word" and token.text.upper() in words for token in tokens)
