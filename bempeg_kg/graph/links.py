"""Links between our entities and identifiers outside, both ways, one at a time or for a column of a table.

>>> from bempeg_kg import KnowledgeGraph
>>> links = Links(KnowledgeGraph.open(engine="memory"))
>>> [link.entity for link in links.inward("UNIPROTKB:P14784").links]
['https://w3id.org/bempeg-kg/protein/il2rb']
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import NamedNode

from bempeg_kg.errors import NoAnswer, UnknownName
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.entities import node_of
from bempeg_kg.rdf.identifiers import FORMS, Identifier, page, read_identifier
from bempeg_kg.rdf.names import EXTERNAL, KINDS
from bempeg_kg.rdf.table import Table

#: Columns of the answer of `Links.table`.
COLUMNS = (
    "entity",
    "label",
    "match",
    "identifier",
    "identifierLabel",
    "page",
    "justification",
    "checked",
    "note",
)
#: Kinds of match, best first. The last two are ours: a number that the entity carries, and membership.
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "identifier", "kindOf")
#: Property of the vocabulary -> prefix of the number that it holds.
_NUMBERS = {
    "nct": "clinicaltrials",
    "eudract": "euclinicaltrials",
    "doi": "doi",
    "pmid": "pubmed",
    "pmcid": "pmc",
}
_MAPPINGS = """SELECT ?entity ?label ?match ?id ?idLabel ?why ?checked ?modifier ?comment {
    ?m a sssom:Mapping ; owl:annotatedSource ?entity ; owl:annotatedProperty ?match ;
        owl:annotatedTarget ?id ; sssom:mapping_justification ?why .
    OPTIONAL { ?entity rdfs:label ?label } OPTIONAL { ?m sssom:object_label ?idLabel }
    OPTIONAL { ?m sssom:mapping_date ?checked } OPTIONAL { ?m sssom:predicate_modifier ?modifier }
    OPTIONAL { ?m sssom:comment ?comment } } ORDER BY ?entity ?match ?id"""
_RETIRED = """SELECT ?id ?label ?instead { ?id owl:deprecated true . OPTIONAL { ?id rdfs:label ?label }
    OPTIONAL { ?id obo:IAO_0100001 ?instead } } ORDER BY ?id"""
_NAMED = """SELECT DISTINCT ?e ?name { ?class rdfs:subClassOf* kg:Entity . ?e a ?class .
    ?e rdfs:label|skos:altLabel ?name } ORDER BY ?e ?name"""
_KINDS = "SELECT ?entity ?label {{ ?entity kg:kindOf {} ; rdfs:label ?label }} ORDER BY ?entity"


class Link(NamedTuple):
    """One link: the entity here, how it matches, and the identifier outside."""

    entity: str
    label: str
    match: str
    identifier: Identifier | None
    iri: str
    identifier_label: str = ""
    justification: str = ""
    checked: str = ""
    note: str = ""


class Found(NamedTuple):
    """Links that were found, best match first, and remarks on ambiguous or obsolete identifiers."""

    links: list[Link]
    remarks: list[str]

    @property
    def entities(self) -> list[str]:
        """IRIs of the entities of the best kind of match, each once."""
        best = self.links[0].match if self.links else ""
        return list(dict.fromkeys(link.entity for link in self.links if link.match == best))


class Links:
    """All links of a graph, read once, so that a column of identifiers needs no query for each."""

    def __init__(self, kg: Asked) -> None:
        self.kg = kg
        self.names = kg.names
        self._by_entity: dict[str, list[Link]] = {}
        self._by_identifier: dict[str, list[Link]] = {}
        self._by_local: dict[str, list[Identifier]] = {}
        self._denied: dict[str, list[Link]] = {}
        self._retired: dict[str, tuple[str, str]] = {}
        self._by_name: dict[str, list[Link]] = {}
        self._labels: dict[str, str] = {}
        self._read_mappings()
        self._read_numbers()
        for row in kg.select(_RETIRED):
            one = self._identifier_of(row["id"])
            if one is not None:
                self._retired[one.key] = (str(row["label"] or ""), str(row["instead"] or ""))

    def outward(self, entity: str) -> Found:
        """Outside identifiers of an entity, given by its IRI."""
        links = sorted(self._by_entity.get(entity, []), key=_rank)
        denied = [link for several in self._denied.values() for link in several if link.entity == entity]
        remarks = [f"{link.identifier or link.iri} is not the same: {link.note}" for link in denied]
        return Found(links, remarks)

    def inward(self, text: str) -> Found:
        """Entities that an outside identifier stands for, in any spelling that `read_identifier` takes.

        A retired identifier is followed to what replaced it. Raises UnknownName or UsageError for text that
        cannot be an identifier.
        """
        read = read_identifier(text) or self._by_local.get(text.strip().lower(), [])
        links: list[Link] = []
        remarks: list[str] = []
        linked = []
        for one in read:
            current, notes = self._current(one)
            remarks += notes
            if current.key in self._by_identifier:
                linked.append(one)
            links += self._by_identifier.get(current.key, [])
            remarks += [
                f"{one} is not {self.names.shorten(link.entity)}: {link.note}"
                for link in self._denied.get(current.key, [])
            ]
            if not links:
                links += self._members(current)
        links = sorted(links, key=_rank)
        return Found(links, remarks + self._ambiguity(text, linked or read, links))

    def find(self, term: str) -> Found:
        """Links of a term: an entity by CURIE, IRI or label (outward), or an identifier (inward).

        Raises UnknownName for a term that is neither, UsageError for an identifier that cannot be right,
        NoAnswer for an identifier that nothing is linked to.
        """
        own = self.own(term)
        if own is not None:
            return self.outward(own)
        if not read_identifier(term):
            try:
                named = self.kg.resolve(term)
                return self.outward(named) if named.startswith(self.names.base) else self.inward(named)
            except UnknownName:
                if term.strip().lower() not in self._by_local:
                    raise
        matched = self.inward(term)
        if not matched.links:
            raise NoAnswer(f"nothing here is linked to {term}", cure="\n".join(matched.remarks))
        return matched

    def named(self, text: str) -> Found | None:
        """The entities whose label or synonym this is, whatever its case; None if there is none."""
        if not self._by_name:
            for row in self.kg.select(_NAMED):
                link = Link(row["e"], self.label(row["e"]), "label", None, row["e"])
                same = self._by_name.setdefault(str(row["name"]).lower(), [])
                if link not in same:
                    same.append(link)
        links = self._by_name.get(text.strip().lower())
        if links is None:
            return None
        listed = ", ".join(self.names.shorten(link.entity) for link in links)
        return Found(links, [f"ambiguous: the name of {len(links)} entities: {listed}"] if links[1:] else [])

    def label(self, entity: str) -> str:
        """The label of an entity; empty if it has none."""
        if not self._labels:
            rows = self.kg.select("SELECT ?e ?label { ?e rdfs:label ?label } ORDER BY ?e ?label")
            self._labels = {row["e"]: str(row["label"]) for row in reversed(list(rows))}
        return self._labels.get(entity, "")

    def table(self, matched: Found) -> Table:
        """The links as a table with the columns of COLUMNS."""
        rows = [
            (
                NamedNode(link.entity),
                link.label,
                self._match_node(link.match),
                NamedNode(link.iri),
                link.identifier_label or None,
                page(link.identifier) if link.identifier else link.iri,
                NamedNode(link.justification) if link.justification else None,
                link.checked or None,
                link.note or None,
            )
            for link in matched.links
        ]
        return Table.of(COLUMNS, rows, names=self.names)

    def own(self, term: str) -> str | None:
        """The IRI of an entity, if the term is its CURIE or its IRI (http or https). Raises UnknownName."""
        plain = term.strip().strip("<>")
        if plain.startswith("http://") and self.names.base.startswith("https://"):
            plain = "https://" + plain.removeprefix("http://")
        if plain.startswith(self.names.base) or plain.partition(":")[0] in KINDS:
            return self.kg.resolve(plain)
        return None

    def _read_mappings(self) -> None:
        for row in self.kg.select(_MAPPINGS):
            link = Link(
                row["entity"],
                str(row["label"] or ""),
                row["match"].rpartition("#")[2],
                self._identifier_of(row["id"]),
                row["id"],
                str(row["idLabel"] or ""),
                row["why"],
                str(row["checked"] or ""),
                str(row["comment"] or ""),
            )
            if row["modifier"] == "Not":
                self._denied.setdefault(_key(link), []).append(link)
            else:
                self._add(link)

    def _read_numbers(self) -> None:
        for name, prefix in _NUMBERS.items():
            query = f"SELECT ?e ?label ?n {{ ?e kg:{name} ?n ; rdfs:label ?label }} ORDER BY ?e ?n"
            for row in self.kg.select(query):
                one = Identifier(prefix, str(row["n"]))
                self._add(Link(row["e"], str(row["label"]), "identifier", one, page(one)))

    def _add(self, link: Link) -> None:
        self._by_entity.setdefault(link.entity, []).append(link)
        self._by_identifier.setdefault(_key(link), []).append(link)
        if link.identifier is not None:
            same = self._by_local.setdefault(link.identifier.local.lower(), [])
            if link.identifier not in same:
                same.append(link.identifier)

    def _identifier_of(self, iri: str) -> Identifier | None:
        prefix, colon, local = self.names.shorten(iri).partition(":")
        if colon and prefix in FORMS:
            return Identifier(prefix, local)
        return next(iter(read_identifier(iri)), None)

    def _current(self, identifier: Identifier) -> tuple[Identifier, list[str]]:
        """The identifier that took the place of a retired one, and the remark that says so."""
        if identifier.key not in self._retired:
            return identifier, []
        label, instead = self._retired[identifier.key]
        called = f" ({label})" if label else ""
        new = self._identifier_of(instead) if instead else None
        if new is None:
            return identifier, [f"{identifier}{called} is obsolete, and nothing is recorded to replace it"]
        return new, [f"{identifier}{called} is obsolete: replaced by {new}"]

    def _members(self, identifier: Identifier) -> list[Link]:
        """Entities that a class of a term slice subsumes, for a class that nothing is linked to itself."""
        iri = EXTERNAL.get(identifier.prefix, "") + identifier.local
        node = node_of(iri)
        if identifier.prefix not in EXTERNAL or node is None:
            return []
        return [
            Link(row["entity"], str(row["label"]), "kindOf", identifier, iri, note=f"a kind of {identifier}")
            for row in self.kg.select(_KINDS.format(node))
        ]

    def _ambiguity(self, text: str, read: list[Identifier], links: list[Link]) -> list[str]:
        best = Found(links, []).entities
        remarks = []
        if len(read) > 1:
            remarks.append(f"'{text}' can be read as {' or '.join(map(str, read))}")
        if len(best) > 1 and links[0].match != "kindOf":
            listed = ", ".join(map(self.names.shorten, best))
            remarks.append(f"ambiguous: {links[0].match} of {len(best)} entities: {listed}")
        return remarks

    def _match_node(self, match: str) -> NamedNode:
        space = "kg" if match == "kindOf" else "dcterms" if match == "identifier" else "skos"
        return NamedNode(self.names.prefixes[space] + match)


def _key(link: Link) -> str:
    return link.identifier.key if link.identifier else link.iri


def _rank(link: Link) -> tuple[int, str, str]:
    place = MATCHES.index(link.match) if link.match in MATCHES else len(MATCHES)
    return place, link.entity, link.iri
