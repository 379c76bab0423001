"""Tables of the results and comparisons that belong to an entity, as their sources print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.opening import roles
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages.cell import Cell, Grid, is_number
from bempeg_kg.web.pages.cells import Terms

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

LINKS = (
    "kg:trial", "kg:group", "kg:analysisSet", "kg:endpoint", "kg:adverseEvent", "kg:assessor",
    "kg:derivedFrom", "kg:group/kg:arm", "kg:group/kg:cohort",
)  # fmt: skip

WITHOUT_RESULTS = frozenset(
    "step claim result contrast intervention trial-endpoint event process protein drug fact cell".split()
)
"""Kinds to which none of ``LINKS`` leads."""

LED = f"""SELECT DISTINCT ?s ?contrast {{ VALUES ?node {{ %s }}
  ?s ({"|".join((*LINKS, "kg:comparedGroup", "kg:referenceGroup"))}) ?node
  VALUES (?class ?contrast) {{ (kg:Result false) (kg:AdverseEventResult false) (kg:Contrast true) }}
  ?s a ?class }} ORDER BY ?s"""
"""What leads to a node. Asked first, as the long queries take milliseconds to plan even for no rows."""

PRIMARY = """SELECT DISTINCT ?s { ?s kg:trial %s ; kg:trialEndpoint ?e .
  ?e kg:endpointRole kg:primaryEndpoint }"""
"""The results of a trial for its primary endpoints."""

EVENTS = "SELECT DISTINCT ?s { ?s kg:trial %s ; kg:adverseEvent ?e }"
"""Those of adverse events, the most numerous of a registry's record."""

LISTED = 150
"""Results, and comparisons, that a page lists; the largest record of a registry has 13,000."""

_STATEMENTS = ("result", "contrast")
"""Kinds that a page of a trial lists in tables."""

RESULTS = """SELECT ?result ?endpoint ?characteristic ?class ?category ?event ?serious ?grade ?attribution
  ?trial ?group ?printed ?unit ?n ?N ?lower ?upper ?level ?followUp ?maturity ?source ?basis WHERE {
  VALUES ?result { %s }
  OPTIONAL { ?result kg:endpoint/rdfs:label ?e } OPTIONAL { ?result kg:adverseEvent/rdfs:label ?ae }
  OPTIONAL { ?result kg:characteristic ?characteristic } OPTIONAL { ?result kg:serious ?serious }
  OPTIONAL { ?result kg:classTitle|kg:period ?class } OPTIONAL { ?result kg:categoryTitle ?ct }
  OPTIONAL { ?result kg:milestone ?ms } OPTIONAL { ?result kg:dropReason ?dr }
  BIND(COALESCE(?ct, IF(BOUND(?dr), CONCAT(LCASE(?ms), ": ", ?dr), LCASE(?ms))) AS ?category)
  OPTIONAL { ?result kg:grade/rdfs:label ?g } OPTIONAL { ?result kg:attribution/rdfs:label ?at }
  OPTIONAL { ?result kg:trial ?trial }
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
  BIND(STR(?g) AS ?grade) BIND(STR(?at) AS ?attribution) BIND(STR(?m) AS ?maturity) BIND(STR(?b) AS ?basis)
  BIND(IF(BOUND(?p), STR(?u), ?none) AS ?unit)
  BIND(COALESCE(?p, STR(?vs)) AS ?printed) BIND(COALESCE(STR(?d), STR(?ds)) AS ?N)
  BIND(COALESCE(?lp, STR(?ls)) AS ?lower) BIND(COALESCE(?up, STR(?us)) AS ?upper)
} ORDER BY ?endpoint ?characteristic ?class ?category ?event ?serious ?grade ?trial ?group ?result"""

CONTRASTS = """SELECT ?contrast ?endpoint ?trial ?compared ?reference ?measure ?estimate ?lower ?upper ?level
  ?p ?alpha ?outcome ?source ?basis WHERE {
  VALUES ?contrast { %s } ?contrast a kg:Contrast .
  OPTIONAL { ?contrast kg:endpoint/rdfs:label ?e } OPTIONAL { ?contrast kg:trial ?trial }
  OPTIONAL { ?contrast kg:comparedGroup/kg:shortLabel ?compared }
  OPTIONAL { ?contrast kg:referenceGroup/kg:shortLabel ?reference }
  OPTIONAL { ?contrast kg:measure/rdfs:label ?m } OPTIONAL { ?contrast kg:printed ?pr }
  OPTIONAL { ?contrast kg:valueStatus/rdfs:label ?vs }
  OPTIONAL { ?contrast kg:lowerPrinted ?lower } OPTIONAL { ?contrast kg:upperPrinted ?upper }
  OPTIONAL { ?contrast kg:level ?level }
  OPTIONAL { ?contrast kg:pPrinted ?pp } OPTIONAL { ?contrast kg:alpha ?alpha }
  OPTIONAL { ?contrast kg:hypothesisType/rdfs:label ?h }
  BIND(COALESCE(STR(?h), "") AS ?test)
  BIND(IF(STRSTARTS(?test, "non-inferiority") || ?test = "equivalence", CONCAT(" (", ?test, ")"), "") AS ?of)
  BIND(IF(BOUND(?pp), CONCAT(STR(?pp), ?of), ?none) AS ?p)
  OPTIONAL { ?contrast kg:outcomeText ?outcome }
  OPTIONAL { ?contrast kg:source ?source } OPTIONAL { ?contrast kg:basis/rdfs:label ?b }
  BIND(STR(?e) AS ?endpoint) BIND(STR(?m) AS ?measure) BIND(STR(?b) AS ?basis)
  BIND(COALESCE(?pr, STR(?vs)) AS ?estimate)
} ORDER BY ?endpoint ?trial ?contrast"""


CONTRAST_COLUMNS = (
    *("endpoint", "compared", "reference", "estimate", "lower", "upper", "level", "p", "source", "basis"),
)
RESULT_COLUMNS = (
    *("endpoint", "characteristic", "event", "serious", "grade", "attribution", "group", "printed"),
    *("lower", "upper", "level", "N", "n", "source", "basis"),
)

SEED_ONLY = "Results that rest on the audited guide only"
SAFETY = "Safety"
BY_RANK = ("Primary endpoints", "Secondary endpoints", "Other endpoints", "Other results")
"""Captions of results by the role of their endpoint, as ``roles`` counts them; the last without a role."""
OF_TRIAL = (*BY_RANK[:3], SAFETY, BY_RANK[3], SEED_ONLY)
"""Captions of a trial's results, in the order in which its page has them."""
_SAFETY = ("adverse event", "death from treatment", "discontinuation for an adverse event")
"""Endpoints of a trial's safety, beside every result of an adverse event."""


def by_role(ranks: Mapping[str, int], table: Table) -> dict[str, Table]:
    """Caption of ``OF_TRIAL`` -> the results of a trial that stand under it, by the roles of endpoints."""
    at, event, basis = (table.columns.index(name) for name in ("endpoint", "event", "basis"))
    listed: dict[str, list[tuple[Term, ...]]] = {caption: [] for caption in OF_TRIAL}
    for row in table.rows:
        endpoint = getattr(row[at], "value", "")
        if getattr(row[basis], "value", "") == "seed":
            listed[SEED_ONLY].append(row)
        elif row[event] is not None or endpoint in _SAFETY:
            listed[SAFETY].append(row)
        else:
            listed[BY_RANK[ranks.get(endpoint, 3)]].append(row)
    return {
        caption: Table(table.columns, rows, names=table.names) for caption, rows in listed.items() if rows
    }


@dataclass(frozen=True, slots=True)
class Led:
    """Results and comparisons that lead to a node."""

    reported: list[str] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)


def led(kg: Graph, node: NamedNode) -> Led:
    """The results and comparisons that lead to a node by any of ``LINKS``; of many, the chief ones first."""
    if kg.names.kind_of(node.value) in WITHOUT_RESULTS:
        return Led()
    if kg.names.kind_of(node.value) == "trial":  # whose statements have their kind in their address
        iris = sorted(set(kg.select(f"SELECT ?s {{ ?s kg:trial {node} }}").column("s")))
        reported, compared = ([iri for iri in iris if kg.names.kind_of(iri) == kind] for kind in _STATEMENTS)
    else:
        leading = list(kg.select(LED % node))
        reported, compared = (
            list(dict.fromkeys(row["s"] for row in leading if row["contrast"] is kind))
            for kind in (False, True)
        )
    if len(reported) > LISTED:
        primary, events = (set(kg.select(query % node).column("s")) for query in (PRIMARY, EVENTS))
        reported.sort(key=lambda iri: 0 if iri in primary else 2 if iri in events else 1)
    return Led(reported, compared)


def grids(kg: Graph, terms: Terms, node: NamedNode, related: Led, verdicts: Table | None) -> list[Grid]:
    """Comparisons and results that lead to a node, the first ``LISTED`` of each; and what forensics says."""
    shown = _grids(kg, terms, node, related, verdicts)
    wholes = {"Comparisons": len(related.compared), "Results": len(related.reported)}
    for grid in reversed(shown):  # what a trial's page leaves out is named behind the last of its results
        left = wholes.pop("Results" if grid.caption in OF_TRIAL else grid.caption, 0) - LISTED
        if left > 0:
            grid.total += left
            grid.rest = _questions(kg, node, grid.caption)
    return shown


def rows(kg: Graph, iris: Sequence[str], query: str = RESULTS) -> Table:
    """What a page says of some results, or of comparisons."""
    listed = " ".join(f"<{iri}>" for iri in iris)
    return kg.select(query % listed) if listed else Table([], [], names=kg.names)


def _questions(kg: Graph, node: NamedNode, caption: str) -> list[Cell]:
    """Links to the questions that list all results or comparisons of a trial."""
    slug = kg.names.shorten(node.value).partition(":")[2]
    names = ("treatment-effects",) if caption == "Comparisons" else ("results", "adverse-events")
    of_trial = kg.names.kind_of(node.value) == "trial"
    return [
        Cell(name, f"/question/{name}?trial={slug}") for name in names if of_trial and name in kg.questions
    ]


def _grids(kg: Graph, terms: Terms, node: NamedNode, related: Led, verdicts: Table | None) -> list[Grid]:
    results = rows(kg, related.reported[:LISTED])
    contrasts = rows(kg, related.compared[:LISTED], CONTRASTS)
    shown = []
    is_trial = kg.names.kind_of(node.value) == "trial"
    ranks = roles(kg, node.value) if is_trial else {}
    if contrasts.rows:
        if is_trial:
            at = contrasts.columns.index("endpoint")
            contrasts.rows.sort(key=lambda row: ranks.get(getattr(row[at], "value", ""), 2))
        grid = terms.grid(_about(contrasts, node), "Comparisons", main=CONTRAST_COLUMNS)
        shown.append(_with_measures(grid))
    if results.rows and is_trial:
        for caption, table in by_role(ranks, results).items():
            shown.append(_results(terms, _about(table, node), caption))
    elif results.rows:
        shown.append(_results(terms, _about(results, node), "Results"))
    if verdicts is not None and verdicts.rows:
        shown.append(terms.grid(verdicts, "What the printed numbers say for themselves"))
    return shown


def _with_measures(grid: Grid) -> Grid:
    """Comparisons whose estimates say what they are: "hazard ratio 0.73"."""
    if {"measure", "estimate"} <= set(grid.columns):
        measure, estimate = (grid.columns.index(name) for name in ("measure", "estimate"))
        for row in grid.rows:
            if is_number(row[estimate].text):
                text = f"{row[measure].text} {row[estimate].text}".strip()
                row[estimate] = replace(row[estimate], text=text)
    return grid


def _results(terms: Terms, table: Table, caption: str) -> Grid:
    """A table of results, with the columns that tell its rows apart."""
    usual = [name for name in RESULT_COLUMNS if name in table.columns]
    return terms.grid(table, caption, main=table.telling(usual))


def _about(table: Table, node: NamedNode) -> Table:
    """The same rows once each, for a path can reach a row twice; without columns that only name ``node``."""
    rows = list(dict.fromkeys(table.rows))
    kept = [at for at in range(len(table.columns)) if any(row[at] != node for row in rows)]
    return Table(
        [table.columns[at] for at in kept], [[row[at] for at in kept] for row in rows], names=table.names
    )
