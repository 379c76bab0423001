"""Words of method that all programmes share, such as `statistic:hazard-ratio`, in a query of another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bempeg_kg.rdf.names import BASE, KINDS
from bempeg_kg.rdf.sparql.lexer import tokens
from bempeg_kg.rdf.sparql.text import declared

_NAMES_ENTITY = rf"\b(?:{'|'.join(KINDS)}):\w"


def with_shared_words(sparql: str, prefixes: Mapping[str, str], in_graph: Callable[[str], bool]) -> str:
    """The query, in another programme with the IRIs of shared words that it names by a prefix.

    `endpoint:orr` is the programme's own endpoint if it has one of that name, else the shared one. A prefix
    that the query declares means what it declares.

    >>> own = {"endpoint": "https://example.org/endpoint/"}
    >>> with_shared_words("ASK { ?r ?p endpoint:orr }", own, lambda iri: iri.startswith(BASE))
    'ASK { ?r ?p <https://w3id.org/bempeg-kg/endpoint/orr> }'
    """
    if prefixes.get("endpoint") == f"{BASE}endpoint/" or not re.search(_NAMES_ENTITY, sparql):
        return sparql
    own = declared(sparql)
    parts = []
    for token in tokens(sparql):
        kind, _, slug = token.text.partition(":") if token.kind == "name" else ("", "", "")
        shared = f"{BASE}{kind}/{slug}"
        may_be_shared = slug and kind in KINDS and kind in prefixes and kind not in own
        if may_be_shared and not in_graph(prefixes[kind] + slug) and in_graph(shared):
            parts.append(f"<{shared}>")
        else:
            parts.append(token.text)
    return "".join(parts)
