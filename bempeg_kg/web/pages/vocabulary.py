"""The terms that the graph is written in, as rows of a page."""

from __future__ import annotations

from typing import Any

from bempeg_kg.graph.graph import Graph

TERMS = """SELECT ?term (SAMPLE(?label) AS ?name) (SAMPLE(?said) AS ?definition)
  (SAMPLE(?shown) AS ?example) (GROUP_CONCAT(DISTINCT ?k; separator=", ") AS ?kind) {
  ?term a ?class ; rdfs:label ?label FILTER(STRSTARTS(STR(?term), "%s"))
  OPTIONAL { ?term skos:definition ?said } OPTIONAL { ?term skos:example ?shown }
  BIND(STRAFTER(STR(?class), "#") AS ?k) } GROUP BY ?term ORDER BY ?term"""

BASES = """SELECT ?label ?definition { ?b a kg:Basis ; rdfs:label ?label ; skos:definition ?definition }
  ORDER BY ?b"""


def terms(kg: Graph) -> list[dict[str, Any]]:
    """The terms of the ontology with label, definition and example, and the ``id`` that an IRI leads to."""
    rows = list(kg.select(TERMS % kg.names.prefixes["kg"]))
    for row in rows:
        row["id"] = row["term"].rpartition("#")[2]
        row["kind"] = ", ".join(sorted(row["kind"].split(", ")))  # engines differ in their order
    return rows


def bases(kg: Graph) -> list[dict[str, Any]]:
    """The kinds of ground that a statement can rest on."""
    return list(kg.select(BASES))
