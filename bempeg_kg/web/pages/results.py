"""Tables of the results and comparisons that belong to an entity, as their sources print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import Terms

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

LINKS = (
    *("kg:trial", "kg:group", "kg:analysisSet", "kg:endpoint", "kg:adverseEvent", "kg:assessor"),
    *("kg:derivedFrom", "kg:group/kg:arm", "kg:group/kg:cohort"),
)

RESULTS = """SELECT ?result ?endpoint ?event ?grade ?trial ?group ?printed ?unit ?n ?N ?lower ?upper ?level
  ?followUp ?maturity ?source ?basis WHERE {
  VALUES ?node { %s } ?result %s ?node . ?result a ?class . VALUES ?class { kg:Result kg:AdverseEventResult }
  OPTIONAL { ?result kg:endpoint/rdfs:label ?e } OPTIONAL { ?result kg:adverseEvent/rdfs:label ?ae }
  OPTIONAL { ?result kg:grade/rdfs:label ?g } OPTIONAL { ?result kg:trial ?trial }
  OPTIONAL { ?result kg:group/kg:shortLabel ?group }
  OPTIONAL { ?result kg:printed ?p } OPTIONAL { ?result kg:valueStatus/rdfs:label ?vs }
  OPTIONAL { ?result kg:unit/rdfs:label ?u } OPTIONAL { ?result kg:numerator ?n }
  OPTIONAL { ?result kg:denominator ?d } OPTIONAL { ?result kg:denominatorStatus/rdfs:label ?ds }
  OPTIONAL { ?result kg:lowerPrinted ?lp } OPTIONAL { ?result kg:lowerStatus/rdfs:label ?ls }
  OPTIONAL { ?result kg:upperPrinted ?up } OPTIONAL { ?result kg:upperStatus/rdfs:label ?us }
  OPTIONAL { ?result kg:level ?level } OPTIONAL { ?result kg:followUpPrinted ?followUp }
  OPTIONAL { ?result kg:maturity/rdfs:label ?m } OPTIONAL { ?result kg:source ?source }
  OPTIONAL { ?result kg:basis/rdfs:label ?b }
  BIND(STR(?e) AS ?endpoint) BIND(STR(?ae) AS ?event)
  BIND(STR(?g) AS ?grade) BIND(STR(?m) AS ?maturity) BIND(STR(?b) AS ?basis)
  BIND(IF(BOUND(?p), STR(?u), ?none) AS ?unit)
  BIND(COALESCE(?p, STR(?vs)) AS ?printed) BIND(COALESCE(STR(?d), STR(?ds)) AS ?N)
  BIND(COALESCE(?lp, STR(?ls)) AS ?lower) BIND(COALESCE(?up, STR(?us)) AS ?upper)
} ORDER BY ?endpoint ?event ?grade ?trial ?group ?result"""

CONTRASTS = """SELECT ?contrast ?endpoint ?trial ?compared ?reference ?measure ?estimate ?lower ?upper ?level
  ?p ?alpha ?outcome ?source ?basis WHERE {
  VALUES ?node { %s } ?contrast %s ?node . ?contrast a kg:Contrast .
  OPTIONAL { ?contrast kg:endpoint/rdfs:label ?e } OPTIONAL { ?contrast kg:trial ?trial }
  OPTIONAL { ?contrast kg:comparedGroup/kg:shortLabel ?compared }
  OPTIONAL { ?contrast kg:referenceGroup/kg:shortLabel ?reference }
  OPTIONAL { ?contrast kg:measure/rdfs:label ?m } OPTIONAL { ?contrast kg:printed ?pr }
  OPTIONAL { ?contrast kg:valueStatus/rdfs:label ?vs }
  OPTIONAL { ?contrast kg:lowerPrinted ?lower } OPTIONAL { ?contrast kg:upperPrinted ?upper }
  OPTIONAL { ?contrast kg:level ?level }
  OPTIONAL { ?contrast kg:pPrinted ?p } OPTIONAL { ?contrast kg:alpha ?alpha }
  OPTIONAL { ?contrast kg:outcomeText ?outcome }
  OPTIONAL { ?contrast kg:source ?source } OPTIONAL { ?contrast kg:basis/rdfs:label ?b }
  BIND(STR(?e) AS ?endpoint) BIND(STR(?m) AS ?measure) BIND(STR(?b) AS ?basis)
  BIND(COALESCE(?pr, STR(?vs)) AS ?estimate)
} ORDER BY ?endpoint ?trial ?contrast"""


def grids(kg: Graph, terms: Terms, node: NamedNode, verdicts: Table | None) -> list[Grid]:
    """Comparisons and results that lead to a node by any of ``LINKS``, and what forensics says of it."""
    path = f"({'|'.join(LINKS)})"
    results = kg.select(RESULTS % (node, path))
    contrasts = kg.select(
        CONTRASTS % (node, path.replace("kg:group|", "kg:comparedGroup|kg:referenceGroup|"))
    )
    made = []
    if contrasts.rows:
        made.append(terms.grid(_about(contrasts, node), "Comparisons"))
    if results.rows:
        made.append(terms.grid(_about(results, node), "Results"))
    if verdicts is not None and verdicts.rows:
        made.append(terms.grid(verdicts, "What the printed numbers say for themselves"))
    return made


def _about(table: Table, node: NamedNode) -> Table:
    """The same rows once each, for a path can reach a row twice; without columns that only name ``node``."""
    rows = list(dict.fromkeys(table.rows))
    kept = [at for at in range(len(table.columns)) if any(row[at] != node for row in rows)]
    return Table(
        [table.columns[at] for at in kept], [[row[at] for at in kept] for row in rows], names=table.names
    )
