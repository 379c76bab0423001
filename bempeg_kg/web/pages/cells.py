"""How terms show on a page: labels for IRIs, citations for titles, links where there is a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from bempeg_kg.identifiers import page_of_iri

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph
    from bempeg_kg.table import Table, Term

NUMBER = re.compile(r"[<>≤≥]?\s?[+-]?\d[\d.,]*(?:\s?%)?")
NUMERIC = frozenset("integer decimal double float int long nonNegativeInteger positiveInteger".split())
HEADINGS = {
    "n": "n",
    "N": "N",
    "p": "p",
    "iri": "IRI",
    "followUp": "follow-up, months",
    "level": "level, %",
}
STATEMENTS = frozenset("result contrast difference event claim step fact lineage dispute set group".split())
YES_NO = {"true": "yes", "false": "no"}
BASES = ("primary", "registry", "secondary", "seed", "derived")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, where it leads, and how it is set; ``spoken`` is added for screen readers."""

    text: str
    href: str = ""
    title: str = ""
    outside: bool = False
    numeric: bool = False
    basis: str = ""
    spoken: str = ""


@dataclass(slots=True)
class Grid:
    """A table ready for a template; ``numeric`` says which columns hold numbers."""

    columns: list[str]
    rows: list[list[Cell]]
    numeric: list[bool] = field(default_factory=list)
    caption: str = ""
    reason: str = ""
    total: int = 0


class Terms:
    """Labels, citations and addresses of everything in a graph, read once."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self.base = kg.names.base

    @cached_property
    def labels(self) -> dict[str, str]:
        """IRI -> label; an English one before others."""
        table = self.kg.select(
            "SELECT ?s ?label { ?s rdfs:label ?label } ORDER BY ?s DESC(LANG(?label)) ?label"
        )
        return {row["s"]: row["label"] for row in table if not row["s"].startswith("_:")}

    @cached_property
    def citations(self) -> dict[str, str]:
        """Source IRI -> a short citation: first author or venue, year."""
        rows = self.kg.select(
            "SELECT ?s ?creator ?venue ?year ?type { ?s kg:sourceType ?type "
            "OPTIONAL { ?s kg:creator ?creator } OPTIONAL { ?s kg:venue ?venue } "
            "OPTIONAL { ?s kg:year ?year } } "
            "ORDER BY ?s"
        )
        made = {}
        for row in rows:
            who = re.split(r"[,;]| et al", str(row["creator"] or ""))[0].strip()
            who = who.split()[0] if re.fullmatch(r"[\w'’-]+ [A-Z]{1,3}", who) else ""
            where = re.split(r"\s\d|[;(/]", str(row["venue"] or ""))[0].strip()
            made[row["s"]] = " ".join(
                str(part) for part in (who or where[:40] or row["type"], row["year"]) if part
            )
        return made

    @cached_property
    def accessions(self) -> dict[str, str]:
        """IRI -> accession of the dossier."""
        table = self.kg.select("SELECT ?s ?id { ?s dcterms:identifier ?id } ORDER BY ?s DESC(?id)")
        return {row["s"]: row["id"] for row in table if row["s"].startswith(self.base)}

    @cached_property
    def entities(self) -> frozenset[str]:
        """IRIs of this programme that are the subject of a statement, so that they have a page."""
        query = f"SELECT DISTINCT ?s {{ ?s a ?c FILTER(STRSTARTS(STR(?s), {Literal(self.base)})) }}"
        return frozenset(self.kg.select(query).column("s"))

    def has_page(self, term: Term) -> bool:
        """Whether a term is of this programme, so that its link stays here."""
        return isinstance(term, NamedNode) and term.value in self.entities

    def label(self, iri: str) -> str:
        """The label of an IRI, else its CURIE."""
        return self.labels.get(iri) or self.kg.names.shorten(iri)

    def href(self, iri: str) -> str:
        """The path of an IRI's page here, or the page for people outside; empty for no address."""
        if iri.startswith(self.base + "ontology#"):
            return "/ontology#" + iri.rpartition("#")[2]
        if iri in self.entities:
            return "/" + iri.removeprefix(self.base)
        if iri.startswith(self.kg.names.prefixes["kg"]):
            return "/ontology#" + iri.rpartition("#")[2]
        return page_of_iri(iri) if iri.startswith(("http://", "https://")) else ""

    def node(self, iri: str) -> Cell:
        """An IRI as a cell."""
        href = self.href(iri)
        text = self.citations.get(iri) or self.label(iri)
        return Cell(text, href, self.labels.get(iri, iri), outside=href.startswith("http"))

    def statement(self, iri: str) -> Cell:
        """A statement in a row that says already what it is about: its accession, else a bare link."""
        label = self.label(iri)
        accession = self.accessions.get(iri)
        return Cell(accession or "open", self.href(iri), label, spoken="" if accession else label)

    def cell(self, term: Term, column: str = "") -> Cell:
        """Any term as a cell."""
        if term is None:
            return Cell("")
        if isinstance(term, NamedNode):
            if column and self.kg.names.kind_of(term.value) in STATEMENTS:
                return self.statement(term.value)
            return self.node(term.value)
        if isinstance(term, Literal):
            text = term.value
            kind = term.datatype.value.rpartition("#")[2]
            if column == "basis" and text in BASES:
                return Cell(text, basis=text)
            if text.startswith(("http://", "https://")) and " " not in text:
                return Cell(text, text, outside=True)
            if kind == "boolean":
                return Cell(YES_NO.get(text, text))
            return Cell(text, numeric=kind in NUMERIC or NUMBER.fullmatch(text) is not None)
        return Cell(str(term))

    def grid(
        self, table: Table, caption: str = "", limit: int = 0, titles: Mapping[str, str] | None = None
    ) -> Grid:
        """A table for a template, up to ``limit`` rows; ``titles`` head columns in place of their names.

        Left out are columns that nobody fills, and those that only spell out the links of an earlier one.
        """
        filled = [
            place
            for place in range(len(table.columns))
            if any(row[place] is not None for row in table.rows) or not table.rows
        ]
        shown = table.rows[:limit] if limit else table.rows
        cells = [{place: self.cell(row[place], table.columns[place]) for place in filled} for row in shown]
        kept = [place for at, place in enumerate(filled) if not _spelled_out(cells, place, filled[:at])]
        rows = [[row[place] for place in kept] for row in cells]
        numeric = [
            bool(rows) and all(row[place].numeric or not row[place].text for row in rows)
            for place in range(len(kept))
        ]
        columns = [
            (titles or {}).get(table.columns[place]) or heading(table.columns[place]) for place in kept
        ]
        return Grid(columns, rows, numeric, caption, table.reason, len(table.rows))


def _spelled_out(rows: Sequence[Mapping[int, Cell]], place: int, earlier: Iterable[int]) -> bool:
    """Whether each cell of a column repeats the text of the same earlier column, whose cells are links."""
    return bool(rows) and any(
        all(row[one].href and row[one].text == row[place].text for row in rows) for one in earlier
    )


def p_value(printed: str) -> str:
    """A p-value as its source prints it, with the one sign that belongs to it, and never broken over lines.

    >>> [p_value(one).replace("\\N{NO-BREAK SPACE}", " ") for one in ("0.3988", "<0.001", "")]
    ['p = 0.3988', 'p < 0.001', '']
    """
    signed = re.fullmatch(r"([<>≤≥=])\s*(.+)", printed.strip())
    if signed:
        return f"p\N{NO-BREAK SPACE}{signed[1]}\N{NO-BREAK SPACE}{signed[2]}"
    return f"p\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{printed}" if printed else ""


def heading(name: str) -> str:
    """A column's name as words.

    >>> heading("lateFollowUp"), heading("N"), heading("early_group")
    ('late follow up', 'N', 'early group')
    """
    if name in HEADINGS:
        return HEADINGS[name]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return " ".join(word if word in ("N", "CI") else word.lower() for word in words.split())
