"""What the editor can complete: this graph's prefixes, classes, properties, and entities by their labels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph

QUERIES = {
    "classes": """SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(*) AS ?n) { ?s a ?t
        OPTIONAL { ?t rdfs:label ?l } } GROUP BY ?t ORDER BY DESC(?n) ?t""",
    "properties": """SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(*) AS ?n) { ?s ?t ?o
        OPTIONAL { ?t rdfs:label ?l } } GROUP BY ?t ORDER BY DESC(?n) ?t""",
    "entities": """SELECT ?t (SAMPLE(?l) AS ?label) { ?t a ?c ; rdfs:label ?l
        FILTER(STRSTARTS(STR(?t), '%s')) } GROUP BY ?t ORDER BY ?t""",
}


def completion_terms(kg: KnowledgeGraph) -> str:
    """Prefixes as an object; classes, properties and entities as lists of [CURIE, label]; JSON text."""
    made: dict[str, object] = {"prefixes": dict(kg.names.prefixes)}
    for name, query in QUERIES.items():
        rows = kg.select(query % kg.names.base if "%s" in query else query)
        made[name] = [[kg.names.shorten(row["t"]), row["label"] or ""] for row in rows]
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
