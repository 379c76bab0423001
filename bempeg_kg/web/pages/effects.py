"""What a cell, drug, target or process does and what is done to it: sentence and table of its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages.band import Chip
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import Terms

EFFECTS = """SELECT ?step ?subject ?effect ?object (GROUP_CONCAT(DISTINCT ?cl; separator="|") AS ?cells)
  (GROUP_CONCAT(DISTINCT ?ql; separator="|") AS ?tissue)
  (GROUP_CONCAT(DISTINCT ?tl; separator="|") AS ?species) ?evidence
  (GROUP_CONCAT(DISTINCT ?dl; separator="|") AS ?disputed_by) ?source ?basis ?sign ?negated WHERE {
  VALUES ?node { %s } { ?step kg:subject ?node } UNION { ?step kg:object ?node }
  ?step a kg:MechanismAssociation ; kg:subject ?subject ; kg:object ?object ; kg:negated ?negated .
  OPTIONAL { ?step kg:sign ?sign } OPTIONAL { ?step kg:predicate ?p
    OPTIONAL { ?p rdfs:label ?pl } OPTIONAL { ?p kg:relationText ?said }
    OPTIONAL { ?p kg:negatedRelationText ?denied } }
  OPTIONAL { ?step kg:contextCell/rdfs:label ?c BIND(STR(?c) AS ?cl) }
  OPTIONAL { ?step kg:compartment/rdfs:label ?q BIND(STR(?q) AS ?ql) }
  OPTIONAL { ?step kg:species/rdfs:label ?t BIND(STR(?t) AS ?tl) }
  OPTIONAL { ?step kg:evidenceType/rdfs:label ?ev }
  BIND(REPLACE(STR(?ev), "( evidence)? used in manual assertion", "") AS ?evidence)
  OPTIONAL { ?dispute kg:disputes ?step .
    BIND(CONCAT("dispute:", STRAFTER(STR(?dispute), "/dispute/")) AS ?dl) }
  OPTIONAL { ?step kg:source ?source } OPTIONAL { ?step kg:basis/rdfs:label ?b }
  BIND(STR(?b) AS ?basis)
  BIND(COALESCE(IF(?negated, ?denied, ?said), STR(?pl), "") AS ?effect)
} GROUP BY ?step ?subject ?effect ?object ?evidence ?source ?basis ?sign ?negated ORDER BY ?effect ?step"""
_SHOWN = ("subject", "effect", "object", "tissue", "species", "evidence", "disputed_by", "source", "basis")
_LISTS = ("cells", "tissue", "species", "disputed_by")
_ARROWS = {"activates": "\N{UPWARDS ARROW}", "inhibits": "\N{DOWNWARDS ARROW}"}
"""Sign of an effect -> what stands before its words."""
_LETTERS = 300
"""Letters that the effects in the sentence of a page may have together."""
_MOST = 4
"""Effects that the sentence names at most."""


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of a thing: in a sentence, how certain and disputed they are, and as a table."""

    sentence: str = ""
    chips: list[Chip] = field(default_factory=list)
    grid: Grid | None = None


def effects(kg: Graph, terms: Terms, node: NamedNode) -> Effects:
    """Steps of mechanism with a node at one end: what acts on what, how, where, and what disputes it."""
    table = kg.select(EFFECTS % node)
    if not table.rows:
        return Effects()
    table.rows = [tuple(map(_in_order, row, table.columns)) for row in table.rows]
    rows = sorted(table, key=lambda row: (_rank(kg, row, node.value), str(row["step"])))
    order = {row["step"]: place for place, row in enumerate(rows)}
    at = table.columns.index("step")
    ordered = sorted(table.rows, key=lambda row: order[row[at].value])  # type: ignore[union-attr]
    return Effects(_sentence(terms, rows), _chips(rows), _grid(terms, table, ordered))


def _in_order(term: Term, column: str) -> Term:
    """What a step lists, sorted: engines differ in the order of GROUP_CONCAT."""
    return Literal(", ".join(sorted(term.value.split("|")))) if column in _LISTS and term else term  # type: ignore[union-attr]


def _rank(kg: Graph, row: Mapping[str, object], node: str) -> tuple[int, ...]:
    """What a drug does comes first, in patients before animals; what only holds or contains comes last."""
    by_drug = kg.names.kind_of(str(row["subject"])) == "drug"
    signed = _arrow(row) != "" or bool(row["negated"])
    of_drug = kg.names.kind_of(node) == "drug"
    on_node = str(row["object"]) == node or of_drug
    on_cell = kg.names.kind_of(str(row["object"])) == "cell"
    return (
        not (by_drug and on_node and signed),
        not signed,
        of_drug and not (on_cell and not row["negated"]),
        "human" not in str(row["species"]),
    )


def _arrow(row: Mapping[str, object]) -> str:
    """The arrow of an effect that is stated, none of one that is denied."""
    return "" if row["negated"] else _ARROWS.get(str(row["sign"] or "").rpartition("#")[2], "")


def _sentence(terms: Terms, rows: list[dict[str, object]]) -> str:
    told: list[str] = []
    for row in rows[:_MOST]:
        seen = ", ".join(filter(None, (str(row["tissue"] or ""), str(row["species"] or ""))))
        doubt = "disputed" if row["disputed_by"] else ""
        where = "; ".join(filter(None, (seen, doubt)))
        subject, thing = terms.label(str(row["subject"])), terms.label(str(row["object"]))
        clause = f"{subject} {row['effect']} {thing}" + (f" ({where})" if where else "")
        if told and sum(map(len, told)) + len(clause) > _LETTERS:
            break
        told.append(clause)
    left = len(rows) - len(told)
    text = "; ".join(told) + (f"; and {left} more effect{'' if left == 1 else 's'}" if left else "") + "."
    return text[:1].upper() + text[1:]


def _chips(rows: list[dict[str, object]]) -> list[Chip]:
    bases = Counter(str(row["basis"]) for row in rows if row["basis"])
    listed = ", ".join(f"{number} {name}" for name, number in bases.most_common())
    chips = [Chip(f"Basis: {listed}", "/about", "sure")] if listed else []
    if disputed := sum(1 for row in rows if row["disputed_by"]):
        text = f"{disputed} effect{'' if disputed == 1 else 's'} disputed"
        chips.append(Chip(text, "/question/disputed-claims", "doubt"))
    return chips


def _grid(terms: Terms, table: Table, rows: list[tuple[Term, ...]]) -> Grid:
    at = table.columns.index("effect")
    signed = [
        (*row[:at], Literal(f"{_arrow(said)} {said['effect']}".strip()), *row[at + 1 :])
        for row, said in zip(rows, Table(table.columns, rows, names=table.names), strict=True)
    ]
    filled = [
        name
        for place, name in enumerate(table.columns)
        if name not in ("sign", "negated") and any(getattr(row[place], "value", "") for row in signed)
    ]
    shown = Table(table.columns, signed, names=table.names).picked(filled)
    return terms.grid(shown, "Effects", main=_SHOWN)
