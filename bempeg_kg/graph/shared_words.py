"""Words of method that all programmes share, such as `statistic:hazard-ratio`, in a query of another one."""

from __future__ import annotations

import re

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.entities import expand
from bempeg_kg.rdf.names import BASE, KINDS
from bempeg_kg.rdf.sparql.lexer import tokens
from bempeg_kg.rdf.sparql.text import declared

_NAMES_ENTITY = rf"\b(?:{'|'.join(KINDS)}):\w"


def with_shared_words(kg: Asked, sparql: str) -> str:
    """The query, in another programme with the IRIs of shared words that it names by a prefix.

    `endpoint:orr` is the programme's own endpoint if it has one of that name, else the shared one. A prefix
    that the query declares means what it declares.
    """
    if kg.names.base == BASE or not re.search(_NAMES_ENTITY, sparql):
        return sparql
    own = declared(sparql)
    parts = []
    for token in tokens(sparql):
        kind, _, slug = token.text.partition(":") if token.kind == "name" else ("", "", "")
        iri = expand(kg, token.text) if slug and kind in KINDS and kind not in own else ""
        is_shared = iri and iri != kg.names.expand(token.text)
        parts.append(f"<{iri}>" if is_shared else token.text)
    return "".join(parts)
