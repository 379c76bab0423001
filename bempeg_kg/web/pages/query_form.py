"""What the query page shows: its text box, its examples, and the answer where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages import assets

EMPTY: dict[str, Any] = {
    "grid": None,
    "boolean": None,
    "triples": None,
    "problem": "",
    "status": 200,
    "milliseconds": None,
}
"""The parts of an answer, before a query has run."""

EXAMPLE = """# Response rates of the programme, with the source of each
SELECT ?trial ?group ?rate ?source WHERE {
  ?result kg:endpoint endpoint:orr ;
          kg:trial/kg:acronym ?trial ;
          kg:group/kg:shortLabel ?group ;
          kg:printed ?rate ;
          kg:source ?source .
}
ORDER BY ?trial ?group ?rate
"""


def values(kg: Graph, query: str, results: Mapping[str, Any]) -> dict[str, Any]:
    """What the template takes, with the status of the page."""
    return {
        **EMPTY,
        **results,
        "query": query or EXAMPLE,
        "ran": bool(query),
        "link": "/sparql?" + urlencode({"query": query}, quote_via=quote) if query else "",
        "editor": assets.address("editor.js"),
        "examples": [question for question in kg.questions if question.sparql and not question.live],
    }
