"""What a reader means by the words typed into the search: one entity, several, or a name nearly like them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from bempeg_kg.errors import BempegError, close_names
from bempeg_kg.graph.entities import named, own_labels
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.large import names_in
from bempeg_kg.graph.links import Links
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages import answers
from bempeg_kg.web.pages.cells import Terms

_LATER = {"result": 1, "contrast": 1, "set": 2, "group": 2, "step": 3, "source": 4, "mapping": 5, "claim": 6}
NAMES = """SELECT ?s ?name { ?s ?p ?name
  VALUES ?p { rdfs:label skos:altLabel kg:acronym kg:nct } } ORDER BY ?s ?name"""
DISEASES = """SELECT DISTINCT ?name { VALUES ?p { rdfs:label skos:altLabel }
  { ?d a kg:Disease ; ?p ?n }
  UNION { ?any a kg:Disease ; kg:kindOf ?d . ?d ?p ?n FILTER(STRENDS(LCASE(STR(?n)), " cancer")) }
  BIND(LCASE(STR(?n)) AS ?name) } ORDER BY ?name"""
_SOON = {"trial": 0, "drug": 0, "disease": 0, "cell": 0, "protein": 1, "cohort": 1, "arm": 2, "complex": 1}
"""Kind -> how soon it is suggested while one types; the others come after these."""
CLASSES = 3
"""Classes of diseases that are suggested at most."""
MOST = 200
"""Entities that a search lists."""
_ASKS = re.compile(
    r"\s*(what|which|who|whom|whose|when|where|why|how|did|does|do|is|are|was|were|has|have|can)\s+\S+\s",
    re.I,
)
"""How a question begins, which names no entity."""


@dataclass(slots=True)
class Found:
    """``page`` is the path of the entity that was meant, where the words leave no doubt. Otherwise ``table``
    has what they may mean, and ``suggestions`` names nearly like them where that is nothing.
    """

    page: str = ""
    table: Table = field(default_factory=lambda: Table([], []))
    suggestions: list[str] = field(default_factory=list)

    def corrections(self, words: str, *, answered: bool) -> list[str]:
        """What may have been meant; beside an answer, and of a whole question, only another spelling, which
        has as many words.
        """
        listed = self.suggestions
        is_respelt = answered or _ASKS.match(words) is not None
        return [one for one in listed if len(one.split()) == len(words.split())] if is_respelt else listed


class Finder:
    """Finds the entities of a graph; what it reads once is kept."""

    def __init__(self, kg: Graph, terms: Terms) -> None:
        self.kg = kg
        self.terms = terms

    @cached_property
    def links(self) -> Links:
        """Outside identifiers of the entities."""
        return Links(self.kg)

    @cached_property
    def names(self) -> list[str]:
        """What a suggestion can be."""
        return [*own_labels(self.kg), *self.diseases]

    @cached_property
    def _vocabulary(self) -> list[str]:
        """The words of names, to suggest a correction of one word among several."""
        return sorted({word.lower() for name in self.names for word in re.findall(r"[^\W\d_]{4,}", name)})

    @cached_property
    def _own(self) -> list[tuple[int, int, str, str]]:
        """Rank, length, name and IRI of everything that has a page here, by each of its names."""
        if self.kg.content.is_large:
            names = [(iri, name) for name, iri in names_in(self.kg.lexicon)]
        else:
            rows = ((str(row["s"]), str(row["name"])) for row in self.kg.select(NAMES))
            names = [(iri, name) for iri, name in rows if iri in self.terms.entities]
        kind_of = self.kg.names.kind_of
        return sorted(
            (_SOON.get(kind_of(iri) or "", 3), len(name), name, iri)
            for iri, name in names
            if kind_of(iri) not in (None, "mapping")
        )

    @cached_property
    def diseases(self) -> list[str]:
        """Names of the programme's diseases, and how people call the classes above them; in small letters."""
        return [] if self.kg.content.is_large else list(map(str, self.kg.select(DISEASES).column("name")))

    @cached_property
    def endpoints(self) -> list[str]:
        """Labels and synonyms of endpoints, in small letters."""
        known = set(self.terms.of_kind(self.kg.names.prefixes["endpoint"]))
        return sorted({name.lower() for _, _, name, iri in self._own if iri in known})

    @cached_property
    def classes(self) -> list[str]:
        """Those of the diseases that are no name of an entity with a page here, such as kidney cancer."""
        own = {name.lower() for _, _, name, _ in self._own}
        return [name for name in self.diseases if name not in own]

    def suggestible(self) -> Iterator[tuple[str, str, str]]:
        """Every name of what has a page here, as text, address and kind, in the order of suggestions."""
        for _, _, name, iri in self._own:
            yield name, self.terms.href(iri), self.kg.names.kind_of(iri) or ""

    def starting(self, words: str, most: int) -> list[tuple[str, str, str]]:
        """Names in which a word starts with the words, classes of diseases first: text, address, kind."""
        wanted = re.compile(rf"\b{re.escape(words)}", re.IGNORECASE)
        found = [name for name in self.classes if wanted.search(name)][:CLASSES]
        hits = {name: (name, f"/search?{urlencode({'q': name})}", "disease") for name in found}
        for name, href, kind in self.suggestible():
            if len(hits) < most and wanted.search(name):
                hits.setdefault(href, (name, href, kind))
        return list(hits.values())

    def find(self, words: str) -> Found:
        """What is meant by the words."""
        if not words.strip():
            return Found()
        meant = self._meant(words)
        if len(meant) == 1 and self._may_lead(meant[0], words):
            return Found(page=self.terms.href(meant[0]))
        cited = [] if meant else self._cited(words)
        if len(cited) == 1 and cited[0][1].lower() == words.lower():
            return Found(page=self.terms.href(cited[0][0]))
        listed = self._listed([*((iri, words) for iri in meant), *cited], words)
        only = str(getattr(listed.rows[0][0], "value", "")) if len(listed.rows) == 1 else ""
        leads = only and self.terms.has_page(listed.rows[0][0]) and self._may_lead(only, words)
        if leads and _begin_words(words, str(getattr(listed.rows[0][1], "value", ""))):
            return Found(page=self.terms.href(str(listed.rows[0][0].value)))  # type: ignore[union-attr]
        return Found(table=listed, suggestions=[] if listed.rows else self._suggestions(words))

    def _may_lead(self, iri: str, words: str) -> bool:
        """Whether a search may go straight there: not to a claim, nor to a definition of the vocabulary; nor
        to a disease or endpoint, since what was seen of it stands on the page of the search; nor to a source
        by a word of its title.
        """
        kind = self.kg.names.kind_of(iri)
        if answers.intended(self.kg, words) or (kind == "source" and not re.search(r"\d", words)):
            return False
        return kind not in ("claim", "disease", "endpoint", None)

    def _meant(self, words: str) -> list[str]:
        """The entities with a page here that the words name as a whole: by IRI, CURIE, name or identifier."""
        iris = self._written(words) or named(self.kg, words) or self._resolved(words)
        own = [iri for iri in iris if self.terms.href(iri).startswith("/")]
        return own or list(dict.fromkeys(one for text in [words, *iris] for one in self._linked(text)))

    def _written(self, words: str) -> list[str]:
        """The IRI of this graph that is written out."""
        try:
            iri = self.kg.names.expand(words) if ":" in words else ""
        except BempegError:
            return []
        return [iri] if iri in self.terms.entities or iri in self.terms.labels else []

    def _resolved(self, words: str) -> list[str]:
        """The entity that the words name in another spelling."""
        try:
            iri = self.kg.resolve(words)
        except BempegError:
            return []
        parts = self.kg.names.kind_of(iri) in _LATER and not _begin_words(words, self.terms.label(iri))
        return [iri] if iri in self.terms.entities and not parts else []

    def _linked(self, text: str) -> list[str]:
        """The entities that an outside identifier stands for, exact matches before others."""
        try:
            return [iri for iri in self.links.inward(text).entities if self.terms.href(iri).startswith("/")]
        except BempegError:
            return []

    def _cited(self, words: str) -> list[tuple[str, str]]:
        """The sources whose short citation has all the words."""
        wanted = words.lower().split()
        known = self.terms.citations.items()
        return [(iri, text) for iri, text in known if all(word in text.lower() for word in wanted)]

    def _listed(self, first: Iterable[tuple[str, str]], words: str) -> Table:
        """Term, name and kind of what is known to fit and of what else has the words in a name."""
        matches = self.kg.find(words, limit=MOST)
        rows = sorted(matches.rows, key=lambda row: (not self.terms.has_page(row[0]), self._rank(row[0])))
        listed: dict[Term, tuple[Term, Term, Term]] = {
            NamedNode(iri): (NamedNode(iri), Literal(text), None) for iri, text in first
        }
        for term, _, kind, matched in rows:
            listed.setdefault(term, (term, matched, kind))
        return Table(
            ["term", "name", "kind"], list(listed.values()), names=matches.names, reason=matches.reason
        )

    def _rank(self, term: Term) -> int:
        """Entities of the programme before results, these before documents, claims last."""
        kind = self.kg.names.kind_of(str(getattr(term, "value", ""))) or ""
        return _LATER.get(kind, 0)

    def _suggestions(self, words: str) -> list[str]:
        corrected = self._corrected(words) if " " in words else []
        return corrected or close_names(words, self.names)

    def _corrected(self, words: str) -> list[str]:
        """The words with each that no name has in the spelling of one that is nearly like it."""
        known = set(self._vocabulary)
        asked = words.lower().split()[:8]
        corrected = [
            word if word in known else next(iter(close_names(word, known, 1)), word) for word in asked
        ]
        fits = corrected != asked and self.kg.find(" ".join(corrected), limit=1).rows
        return [" ".join(corrected)] if fits else []


def _begin_words(words: str, name: str) -> bool:
    """Whether each of the words begins one of a name.

    >>> _begin_words("mean age", "LS Mean Difference, Average"), _begin_words("ls diff", "LS Mean Difference")
    (False, True)
    """
    return all(re.search(rf"(?<!\w){re.escape(word)}", name, re.IGNORECASE) for word in words.split())
