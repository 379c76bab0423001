"""Claims with their verdicts, and which source was read for each: a list and a matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages.band import Chip
from bempeg_kg.web.pages.cell import Cell, Grid
from bempeg_kg.web.pages.cells import Terms

COLUMNS = 16
"""Sources that have a column of their own in the matrix."""

CLAIMS = """SELECT ?claim ?says ?section ?verdict ?why ?document (GROUP_CONCAT(DISTINCT ?e; separator=" ")
  AS ?evidence) WHERE {
  ?claim a kg:Claim ; kg:claimText ?says . OPTIONAL { ?claim kg:section ?section }
  OPTIONAL { ?claim kg:verdict/rdfs:label ?v } OPTIONAL { ?claim kg:verdictReason ?why }
  OPTIONAL { ?claim kg:document ?document } OPTIONAL { ?claim kg:evidence ?read BIND(STR(?read) AS ?e) }
  BIND(STR(?v) AS ?verdict)
} GROUP BY ?claim ?says ?section ?verdict ?why ?document ORDER BY ?claim"""


@dataclass(slots=True)
class Row:
    """A claim in the matrix: its link, its verdict, and for each column whether that source was read."""

    claim: Cell
    verdict: str
    marks: list[bool]
    others: int


@dataclass(slots=True)
class Matrix:
    """Claims by the sources that were read for them; sources of fewer claims are counted in a last column."""

    sources: list[Cell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    tally: list[tuple[str, int]] = field(default_factory=list)


def judged(
    verdict: str, texts: Sequence[tuple[str, str]], facts: Mapping[str, Sequence[object]]
) -> tuple[str, list[Chip]]:
    """How a claim was judged, in a sentence, with how many sources were read for it."""
    told = dict(texts)
    why = told.get("Why", "")
    sentence = f"\u201c{told.get('', '').rstrip('.')}\u201d is {verdict}{': ' + why if why else ''}"
    read = len(facts.get("kg:evidence", ()))
    chips = [Chip(f"Judged by {read} source{'' if read == 1 else 's'}", "#stated", "sure")] if read else []
    if verdict != "confirmed":
        chips.append(Chip(verdict.capitalize(), "/claim", "doubt"))
    return sentence.rstrip(".") + ".", chips


def listing(kg: Graph, terms: Terms, title: str) -> tuple[Grid, Matrix]:
    """All claims with their verdicts as a table, and the matrix of claims by sources."""
    table = kg.select(CLAIMS)
    matrix = Matrix(tally=Counter(str(row["verdict"] or "no verdict") for row in table).most_common())
    read = {row["claim"]: sorted(str(row["evidence"] or "").split()) for row in table}
    uses = Counter(source for sources in read.values() for source in sources)
    columns = [source for source, _ in sorted(uses.items(), key=lambda one: (-one[1], one[0]))[:COLUMNS]]
    matrix.sources = [terms.node(source) for source in columns]
    for row in table:
        sources = read[row["claim"]]
        if sources:
            link = Cell(str(row["says"]), terms.href(row["claim"]), terms.label(row["claim"]))
            marks = [source in sources for source in columns]
            matrix.rows.append(Row(link, str(row["verdict"] or ""), marks, len(set(sources) - set(columns))))
    grid = terms.grid(table, title, main=("claim", "says", "section", "verdict", "why"))
    at = grid.columns.index("evidence") if "evidence" in grid.columns else -1
    for cells, row in zip(grid.rows, table, strict=True):
        if at >= 0:
            parts = tuple(terms.node(source) for source in read[row["claim"]])
            cells[at] = Cell(", ".join(part.text for part in parts), parts=parts)
    return grid, matrix
