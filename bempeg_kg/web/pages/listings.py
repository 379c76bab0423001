"""All entities of a kind: the title of the page, its table, and how many there are."""

from __future__ import annotations

from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages import claims
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import Terms

TITLES = {
    "trial": "Trials",
    "drug": "Drugs",
    "protein": "Proteins and targets",
    "cell": "Cells",
    "source": "Sources",
    "claim": "Claims of the audited guide",
    "step": "Steps of mechanism",
}
COUNTED = {
    "trials": "kg:Trial",
    "results": "kg:Result",
    "steps": "kg:MechanismAssociation",
    "sources": "kg:Source",
    "claims": "kg:Claim",
}
"""What home says how many there are of, and its class."""


def title(kind: str) -> str:
    """The title of the page of a kind, which its prefix names."""
    return TITLES.get(kind, kind.replace("-", " ").capitalize() + "s")


def table(kg: Graph, terms: Terms, kind: str, caption: str) -> tuple[Grid | None, claims.Matrix | None]:
    """The table of a kind, and for claims the matrix by source; None where a plain list is enough."""
    if kind == "claim":
        return claims.listing(kg, terms, caption)
    if kind == "trial" and "programme-trials" in kg.questions:
        return terms.grid(kg.ask("programme-trials"), caption), None
    return None, None


def choices(kg: Graph, terms: Terms, kind: str) -> list[tuple[str, str]]:
    """Slugs with labels of a kind's entities, for a list of suggestions; none for what is not the graph's."""
    prefix = kg.names.prefixes.get(kind, "")
    if not prefix.startswith(terms.base):
        return []
    return sorted((kg.names.shorten(iri), terms.label(iri)) for iri in terms.of_kind(prefix))


def counts(kg: Graph) -> dict[str, dict[str, object]]:
    """How many entities of the main kinds there are."""
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a/rdfs:subClassOf* {} }}"
    return {
        name: {"what": name, "n": kg.select(query.format(kind))[0]["n"]} for name, kind in COUNTED.items()
    }
