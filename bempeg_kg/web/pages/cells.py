"""How terms show on a page: labels for IRIs, citations for titles, links where there is a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from pyoxigraph import Literal, NamedNode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.labels import labels_of
from bempeg_kg.rdf.identifiers import page_of_iri
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages import column_order
from bempeg_kg.web.pages.cell import Cell, Grid, is_number
from bempeg_kg.web.pages.looked_up import Entities, LookedUp, label_of

NUMERIC = frozenset("integer decimal double float int long nonNegativeInteger positiveInteger".split())
HEADINGS = {"n": "n", "N": "N", "p": "p", "iri": "IRI", "nct": "NCT number"}
HEADINGS |= {"followUp": "follow-up, months", "level": "level, %"}
STATEMENTS = frozenset("result contrast difference event claim step fact lineage dispute set group".split())
YES_NO = {"true": "yes", "false": "no"}
CURIES = re.compile(r"[a-z-]+:[\w.-]+(?:, [a-z-]+:[\w.-]+)*")
NAMED = frozenset("subject object trials actor acting receptor what marker carries".split())
"""Columns in which a name stands for the one entity that has it."""
BASES = ("primary", "registry", "secondary", "seed", "derived")


class Terms:
    """Labels, citations and addresses of everything in a graph, read once."""

    def __init__(self, kg: Graph) -> None:
        self.kg = kg
        self.base = kg.names.base

    @cached_property
    def labels(self) -> dict[str, str] | LookedUp:
        """IRI -> label; an English one before others."""
        if self.kg.content.is_large:
            return LookedUp(partial(label_of, self.kg))
        table = self.kg.select(
            "SELECT ?s ?label { ?s rdfs:label ?label } ORDER BY ?s DESC(LANG(?label)) ?label"
        )
        return {row["s"]: row["label"] for row in table if not row["s"].startswith("_:")}

    @cached_property
    def short_names(self) -> LookedUp:
        """Trial -> its acronym, or its registry number where it has none."""
        return LookedUp(lambda iri: labels_of(self.kg.engine, [iri]).get(iri))

    @cached_property
    def citations(self) -> dict[str, str] | LookedUp:
        """Source IRI -> a short citation: first author or venue, year; else its number in an index."""
        if self.kg.content.is_large:
            return LookedUp(lambda iri: self._cited(f"VALUES ?s {{ <{iri}> }}").get(iri))
        return self._cited()

    def _cited(self, only: str = "") -> dict[str, str]:
        rows = self.kg.select(
            f"SELECT ?s ?creator ?venue ?year ?type ?pmid ?doi {{ {only} ?s kg:sourceType ?type "
            "OPTIONAL { ?s kg:creator ?creator } OPTIONAL { ?s kg:venue ?venue } "
            "OPTIONAL { ?s kg:year ?year } OPTIONAL { ?s kg:pmid ?pmid } OPTIONAL { ?s kg:doi ?doi } } "
            "ORDER BY ?s"
        )
        citations = {}
        for row in rows:
            who = re.split(r"[,;]| et al", str(row["creator"] or ""))[0].strip()
            who = who.split()[0] if re.fullmatch(r"[\w'’-]+ [A-Z]{1,3}", who) else ""
            where = re.split(r"\s\d|[;(/]", str(row["venue"] or ""))[0].strip()
            number = f"PubMed {row['pmid']}" if row["pmid"] else f"doi:{row['doi']}" if row["doi"] else ""
            parts = (who or where[:40] or number or row["type"], row["year"])
            citations[row["s"]] = " ".join(str(part) for part in parts if part)
        return citations

    @cached_property
    def accessions(self) -> dict[str, str]:
        """IRI -> accession of the dossier."""
        if self.kg.content.is_large:
            return {}
        table = self.kg.select("SELECT ?s ?id { ?s dcterms:identifier ?id } ORDER BY ?s DESC(?id)")
        return {row["s"]: row["id"] for row in table if row["s"].startswith(self.base)}

    @cached_property
    def entities(self) -> frozenset[str] | Entities:
        """IRIs of this programme that are the subject of a statement, so that they have a page."""
        if self.kg.content.is_large:
            return Entities(self.kg)
        query = f"SELECT DISTINCT ?s {{ ?s a ?c FILTER(STRSTARTS(STR(?s), {Literal(self.base)})) }}"
        return frozenset(self.kg.select(query).column("s"))

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        """Class -> the classes above it."""
        above: dict[str, set[str]] = {}
        for row in self.kg.select("SELECT ?c ?d { ?c rdfs:subClassOf+ ?d FILTER(ISIRI(?c) && ISIRI(?d)) }"):
            above.setdefault(row["c"], set()).add(row["d"])
        return above

    def narrowest(self, classes: set[str]) -> set[str]:
        """Classes without those above another of them."""
        return classes - {one for kind in classes for one in self._above.get(kind, ())}

    @cached_property
    def named(self) -> dict[str, str]:
        """Label or acronym -> the IRI of the one entity that has it."""
        owners: dict[str, set[str]] = {}
        acronyms = self.kg.select("SELECT ?s ?name { ?s kg:acronym ?name } ORDER BY ?s")
        for iri, name in [*self.labels.items(), *((row["s"], row["name"]) for row in acronyms)]:
            if iri in self.entities and self.kg.names.kind_of(iri):
                owners.setdefault(name, set()).add(iri)
        return {name: next(iter(iris)) for name, iris in owners.items() if len(iris) == 1}

    def of_kind(self, prefix: str) -> list[str]:
        """IRIs of a kind, which their prefix names."""
        if self.kg.content.is_large and self.kg.names.kind_of(prefix + "x") == "trial":
            return self.kg.select("SELECT DISTINCT ?s { ?s a kg:Trial } ORDER BY ?s").column("s")
        return [iri for iri in self.entities if iri.startswith(prefix)]

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
        if iri.startswith(self.base):
            return ""
        return page_of_iri(iri) if iri.startswith(("http://", "https://")) else ""

    def node(self, iri: str) -> Cell:
        """An IRI as a cell."""
        href = self.href(iri)
        short = self.short_names.get(iri) if self.kg.names.kind_of(iri) == "trial" else ""
        text = self.citations.get(iri) or short or self.label(iri)
        return Cell(text, href, self.labels.get(iri, iri), outside=href.startswith("http"))

    def statement(self, iri: str) -> Cell:
        """A statement in a row that says already what it is about: its accession, else its label."""
        label = self.label(iri)
        return Cell(self.accessions.get(iri, label), self.href(iri), label)

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
            parts = self._listed(text, column)
            if parts:
                return (
                    parts[0] if len(parts) == 1 else Cell(", ".join(part.text for part in parts), parts=parts)
                )
            return Cell(text, numeric=kind in NUMERIC or is_number(text))
        return Cell(str(term))

    def _listed(self, text: str, column: str) -> tuple[Cell, ...]:
        """The entities that a text lists, by CURIE or in a column of names by name; none if one fails."""
        if CURIES.fullmatch(text):
            curies = [curie.partition(":") for curie in text.split(", ")]
            iris = [self.kg.names.prefixes.get(prefix, "") + slug for prefix, _, slug in curies]
        elif column in NAMED and text:
            iris = [self.named.get(name, "") for name in ([text] if text in self.named else text.split(", "))]
        else:
            return ()
        if not all(iri in self.entities for iri in iris):
            return ()
        cells = [self.node(iri) for iri in iris]
        if column in NAMED:
            names = [text] if len(cells) == 1 else text.split(", ")
            cells = [replace(cell, text=name) for cell, name in zip(cells, names, strict=True)]
        return tuple(cells)

    def grid(
        self,
        table: Table,
        caption: str = "",
        limit: int = 0,
        titles: Mapping[str, str] | None = None,
        *,
        as_asked: bool = False,
        main: Sequence[str] = (),
    ) -> Grid:
        """A table for a template, up to ``limit`` rows; ``titles`` head columns in place of their names, and
        columns that ``main`` does not name are hidden behind a control.

        Left out are columns that nobody fills, and those that only spell out the links of an earlier one;
        the others are joined and ordered by `column_order`, unless they are to stand ``as_asked``.
        """
        filled = _filled(table)
        shown = table.rows[:limit] if limit else table.rows
        cells = [{place: self.cell(row[place], table.columns[place]) for place in filled} for row in shown]
        linked = {place: _spelled_out(cells, place, filled[:at]) for at, place in enumerate(filled)}
        kept = [place for place in filled if linked[place] is None]
        names = [table.columns[place] for place in kept]
        rows = [[row[place] for place in kept] for row in cells]
        links = {table.columns[place]: table.columns[one] for place, one in linked.items() if one is not None}
        opened = column_order.main(names, [links.get(name, name) for name in main])
        if not as_asked:
            columns = column_order.shaped(names)
            named = [dict(zip(names, row, strict=True)) for row in rows]
            rows = [[make(row) for _, make in columns] for row in named]
            names = [name for name, _ in columns]
        return Grid(
            [(titles or {}).get(name) or heading(name) for name in names],
            rows,
            _numeric(rows, len(names)),
            caption,
            table.reason,
            len(table.rows),
            column_order.pinned(names),
            more=[not as_asked and name not in opened for name in names],
            value=column_order.first_value(names, opened),
            statements=[self._shown(row, table.columns) for row in shown] if not as_asked else [],
        )

    def _shown(self, row: Sequence[Term], columns: Sequence[str]) -> str:
        """The address of the statement that a row shows: of the first column that is named for one."""
        for name, term in zip(columns, row, strict=True):
            if name in STATEMENTS and self.has_page(term):
                return self.href(term.value)  # type: ignore[union-attr]
        return ""


class WiderTerms(Terms):
    """Terms of a graph, and labels and citations of a wider one, whose further entities have no page."""

    def __init__(self, kg: Graph, whole: Graph) -> None:
        super().__init__(kg)
        self.whole = Terms(whole)

    @cached_property
    def labels(self) -> dict[str, str] | LookedUp:
        """IRI -> label in the wider graph."""
        return self.whole.labels

    @cached_property
    def citations(self) -> dict[str, str] | LookedUp:
        """Source IRI -> short citation in the wider graph."""
        return self.whole.citations


def _spelled_out(rows: Sequence[Mapping[int, Cell]], place: int, earlier: Iterable[int]) -> int | None:
    """The earlier column of links whose texts a column repeats; None for none."""
    repeated = (
        one for one in earlier if all(row[one].href and row[one].text == row[place].text for row in rows)
    )
    return next(repeated, None) if rows else None


def heading(name: str) -> str:
    """A column's name as words.

    >>> heading("lateFollowUp"), heading("N"), heading("early_group")
    ('late follow up', 'N', 'early group')
    """
    if name in HEADINGS:
        return HEADINGS[name]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return " ".join(word if word in ("N", "CI") else word.lower() for word in words.split())


def _filled(table: Table) -> list[int]:
    """The places of columns that some row fills; all where there is no row."""
    every = range(len(table.columns))
    return [place for place in every if not table.rows or any(row[place] is not None for row in table.rows)]


def _numeric(rows: Sequence[Sequence[Cell]], columns: int) -> list[bool]:
    """Of each column, whether every filled cell is a number."""
    return [
        bool(rows) and all(row[place].numeric or not row[place].text for row in rows)
        for place in range(columns)
    ]
