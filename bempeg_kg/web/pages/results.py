"""Tables of the results and comparisons that belong to an entity, as their sources print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import trial_results
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

LISTED = 150
"""Results, and comparisons, that a page lists; the largest record of a registry has 13,000."""

RESULTS = """SELECT ?result ?endpoint ?timeFrame ?characteristic ?class ?category ?event ?serious
  ?organSystem ?grade ?attribution ?trial ?group ?printed ?unit ?n ?N ?lower ?upper ?level ?followUp
  ?maturity ?source ?basis WHERE {
  VALUES ?result { %s }
  OPTIONAL { ?result kg:endpoint/rdfs:label ?e } OPTIONAL { ?result kg:adverseEvent/rdfs:label ?ae }
  OPTIONAL { ?result kg:characteristic ?characteristic } OPTIONAL { ?result kg:serious ?serious }
  OPTIONAL { ?result kg:classTitle|kg:period ?class } OPTIONAL { ?result kg:categoryTitle ?ct }
  OPTIONAL { ?result kg:trialEndpoint/kg:timeFrame ?timeFrame }
  OPTIONAL { ?result kg:organSystem ?organSystem }
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


@dataclass(frozen=True, slots=True)
class Led:
    """Results and comparisons that lead to a node; of a trial in the order of its page, by section."""

    reported: list[str] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    #: caption -> the results under it, all of them
    sections: dict[str, list[str]] = field(default_factory=dict)


def led(kg: Graph, node: NamedNode) -> Led:
    """The results and comparisons that lead to a node by ``LINKS``; of a trial, the chief ones first."""
    if kg.names.kind_of(node.value) in WITHOUT_RESULTS:
        return Led()
    if _is_trial(kg, node):  # whose statements have their kind in their address
        by_caption, compared = trial_results.sections(kg, node)
        return Led([iri for iris in by_caption.values() for iri in iris], compared, by_caption)
    leading = list(kg.select(LED % node))
    reported, compared = (
        list(dict.fromkeys(row["s"] for row in leading if row["contrast"] is is_contrast))
        for is_contrast in (False, True)
    )
    return Led(reported, compared)


def grids(kg: Graph, terms: Terms, node: NamedNode, related: Led, verdicts: Table | None) -> list[Grid]:
    """Comparisons and results that lead to a node, ``LISTED`` of each; and what forensics says of it."""
    shown = []
    contrasts = rows(kg, related.compared[:LISTED], CONTRASTS)
    if contrasts.rows:
        table = _in_order(contrasts, related.compared) if _is_trial(kg, node) else contrasts
        grid = _with_measures(terms.grid(_about(table, node), "Comparisons", main=CONTRAST_COLUMNS))
        shown.append(_whole(kg, node, grid, len(related.compared) - LISTED))
    by_caption = related.sections or {"Results": related.reported}
    shares = trial_results.shares(by_caption, LISTED)
    chosen = {caption: iris[: shares[caption]] for caption, iris in by_caption.items()}
    results = rows(kg, [iri for iris in chosen.values() for iri in iris])
    for caption, iris in chosen.items():
        table = _in_order(results, iris, as_given=caption in trial_results.BY_RANK[:3])
        if table.rows:
            grid = _results(terms, _about(table, node), caption)
            shown.append(_whole(kg, node, grid, len(by_caption[caption]) - len(iris)))
    if verdicts is not None and verdicts.rows:
        shown.append(terms.grid(verdicts, "What the printed numbers say for themselves"))
    return shown


def rows(kg: Graph, iris: Sequence[str], query: str = RESULTS) -> Table:
    """What a page says of some results, or of comparisons."""
    listed = " ".join(f"<{iri}>" for iri in iris)
    return kg.select(query % listed) if listed else Table([], [], names=kg.names)


def _in_order(table: Table, iris: Sequence[str], *, as_given: bool = True) -> Table:
    """The rows of these statements, named in the first column: in their order, else in that of the table."""
    places = {iri: place if as_given else 0 for place, iri in enumerate(iris)}
    kept = [(places[row[0].value], row) for row in table.rows if row[0].value in places]  # type: ignore[union-attr]
    return Table(table.columns, [row for _, row in sorted(kept, key=itemgetter(0))], names=table.names)


def _whole(kg: Graph, node: NamedNode, grid: Grid, left: int) -> Grid:
    """A table that counts what it leaves out and, of a trial, links the questions that list all of it."""
    if left > 0:
        slug = kg.names.shorten(node.value).partition(":")[2]
        names = trial_results.QUESTIONS.get(grid.caption, ("results",)) if _is_trial(kg, node) else ()
        grid.total += left
        grid.rest = [Cell(one, f"/question/{one}?trial={slug}") for one in names if one in kg.questions]
    return grid


def _is_trial(kg: Graph, node: NamedNode) -> bool:
    return kg.names.kind_of(node.value) == "trial"


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
