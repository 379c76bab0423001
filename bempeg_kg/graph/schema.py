"""The model of the graph, read from the ontology: classes, properties, and a drawing of the main ones."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.rdf.table import Table

#: Classes in the drawing of how evidence is linked.
DRAWN = (
    "Trial", "Arm", "Cohort", "AnalysisGroup", "AnalysisSet", "Result", "Contrast", "Claim", "Source",
    "Drug", "Intervention", "MechanismAssociation",
)  # fmt: skip
#: Properties that the drawing leaves out: relations within a class, and what says the same as `source`.
_NOT_DRAWN = frozenset(
    {
        "derivedFrom",
        "firstPublicSource",
        "subsetOf",
        "disjointFromSet",
        "mayOverlapSet",
        "overlapsSet",
        "concerns",
    }
)
_SCHEMA = """SELECT ?class ?property ?range (SAMPLE(?d) AS ?definition) {
    ?property rdfs:domain ?domain . FILTER(STRSTARTS(STR(?property), STR(kg:)))
    OPTIONAL { ?domain owl:unionOf/rdf:rest*/rdf:first ?member }
    BIND(COALESCE(?member, ?domain) AS ?class) FILTER(isIRI(?class))
    OPTIONAL { ?property rdfs:range ?to . FILTER(isIRI(?to)) } BIND(?to AS ?range)
    OPTIONAL { ?property skos:definition ?d } }
    GROUP BY ?class ?property ?range ORDER BY ?class ?property ?range"""


def schema_table(kg: Asked) -> Table:
    """The classes of the vocabulary with their properties; columns: class, property, range, definition."""
    table = kg.select(_SCHEMA)
    table.reason = "the vocabulary is not loaded"
    return table


def links_in_use(kg: Asked) -> list[tuple[str, str, str, int]]:
    """(class, property, class, statements) of each property that links two classes of DRAWN."""
    listed = " ".join(f"kg:{name}" for name in DRAWN)
    query = f"""SELECT ?from ?property ?to (COUNT(*) AS ?count) {{
        VALUES ?from {{ {listed} }} VALUES ?to {{ {listed} }}
        ?a a ?from ; ?property ?b . ?b a ?to FILTER(STRSTARTS(STR(?property), STR(kg:)))
        }} GROUP BY ?from ?property ?to ORDER BY ?from ?to DESC(?count) ?property"""
    shorten = kg.names.shorten
    return [
        (*(shorten(row[key]).partition(":")[2] for key in ("from", "property", "to")), row["count"])
        for row in kg.select(query)
    ]


def mermaid(kg: Asked) -> str:
    """The main classes and the properties that link them, as a class diagram of Mermaid."""
    lines = ["classDiagram", "    direction LR"]
    for source, prop, target, _ in links_in_use(kg):
        if prop not in _NOT_DRAWN and source != target:
            lines.append(f"    {source} --> {target} : {prop}")
    return "\n".join(lines) + "\n"
