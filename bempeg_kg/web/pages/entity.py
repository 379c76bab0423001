"""What the page of an entity shows: everything stated about it and by it, results first, sources always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from bempeg_kg.graph.given_in import trials_of
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.primary_words import p_is
from bempeg_kg.graph.sponsors import CLASSES, with_class
from bempeg_kg.rdf.identifiers import page_of_iri
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.rdf.units import with_unit
from bempeg_kg.web.pages import claims, results, trial
from bempeg_kg.web.pages.band import Chip
from bempeg_kg.web.pages.cell import Cell, Grid, p_value
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.effects import effects
from bempeg_kg.web.pages.incoming import Incoming, incoming, property_cell, statements_to, taken
from bempeg_kg.web.pages.trial_results import OF_TRIAL

_HIDDEN = (
    "rdf:type", "rdfs:label", "kg:basis", "kg:verification", "kg:source", "kg:derivedFrom", "skos:note",
    "dcterms:identifier", "skos:definition", "kg:claimText", "kg:verdict", "kg:verdictReason",
    "skos:altLabel", "kg:acronym", "kg:shortLabel",
)  # fmt: skip
_FIRST = (
    "kg:phase", "kg:status", "kg:condition", "kg:population", "kg:treatmentLine", "kg:design",
    "kg:allocation", "kg:masking", "kg:startDate", "kg:stopDate", "kg:stopReason", "kg:sponsor",
    "kg:collaborator", "kg:trial", "kg:group", "kg:analysisSet", "kg:endpoint", "kg:statistic",
    "kg:adverseEvent", "kg:grade", "kg:subject", "kg:predicate", "kg:object", "kg:sign", "kg:date",
    "kg:eventType", "kg:document", "kg:section",
)  # fmt: skip
_PARTS = ("arm", "cohort", "set")
"""Kinds of which a trial is made, in the order in which its page names them."""
_ACTING = ("cell", "drug", "protein", "complex", "process")
"""Kinds whose page has a table of what they do and what is done to them."""
_GRIDS_FIRST = ("trial", "result", "contrast", *_ACTING)
_MOST_TRIALS = 60
"""Trials that the page of a drug, condition or sponsor names, where it has nothing else to tell."""
_ROLES = {f"kg:{role}": role for role in CLASSES}
_MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")


@dataclass(slots=True)
class Property:
    """A property and its values; those that ``folded`` holds only follow from the others."""

    name: Cell
    values: list[Cell]
    folded: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Entity:
    """Everything a template needs to know about one entity."""

    iri: str
    curie: str
    title: str
    kinds: list[Cell] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    verdict: str = ""
    headline: str = ""
    beneath: str = ""
    basis: str = ""
    verification: str = ""
    sources: list[Cell] = field(default_factory=list)
    cited: Cell | None = None
    properties: list[Property] = field(default_factory=list)
    matches: list[Property] = field(default_factory=list)
    parts: list[Incoming] = field(default_factory=list)
    incoming: list[Incoming] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    address: list[Cell] = field(default_factory=list)
    #: whether the tables of results or effects stand before what else is stated
    grids_first: bool = False
    #: how many of them: of a trial the comparisons and results
    leading: int = 0
    #: what a reader asks first of a trial: name and value
    strip: list[tuple[str, str]] = field(default_factory=list)
    #: what a cell, drug or target does, or how a claim was judged: in a sentence, and how certain that is
    sentence: str = ""
    chips: list[Chip] = field(default_factory=list)

    @property
    def first(self) -> list[Grid]:
        """Tables before what else is stated."""
        return self.grids[: self.leading] if self.grids_first else []

    @property
    def later(self) -> list[Grid]:
        """Tables after it."""
        return self.grids[self.leading :] if self.grids_first else self.grids


def describe(kg: Graph, terms: Terms, iri: str, verdicts: Table | None = None) -> Entity | None:
    """The entity with its statements in both directions; None when there are none."""
    node = NamedNode(iri)
    out = kg.select(f"SELECT ?p ?o {{ {node} ?p ?o }} ORDER BY ?p ?o")
    related = results.led(kg, node)
    into = statements_to(kg, node, {*related.reported, *related.compared})
    if not out.rows and not into.table.rows:
        return None
    facts: dict[str, list[Term]] = {}
    for predicate, value in out.rows:
        facts.setdefault(kg.names.shorten(predicate.value), []).append(value)  # type: ignore[union-attr]
    entity = _head(kg, terms, iri, facts)
    entity.properties = [
        _stated(kg, terms, name, values, facts)
        for name, values in sorted(facts.items(), key=lambda item: _order(item[0]))
        if name not in _HIDDEN
        and name not in _MATCHES
        and not _repeats(name, facts)
        and not any(name == f"kg:{CLASSES[role]}" and f"kg:{role}" in facts for role in CLASSES)
    ]
    entity.matches = [
        Property(property_cell(kg, terms, name), [_outside(kg, terms, value) for value in facts[name]])
        for name in _MATCHES
        if name in facts
    ]
    kind = kg.names.kind_of(iri)
    entity.grids = results.grids(kg, terms, node, related, verdicts)
    if kind in _ACTING:
        acting = effects(kg, terms, node)
        entity.sentence, entity.chips = acting.sentence, acting.chips
        entity.grids[:0] = [acting.grid] if acting.grid else []
    elif entity.verdict:
        entity.sentence, entity.chips = claims.judged(entity.verdict, entity.texts, facts)
        entity.verdict, entity.texts = "", [one for one in entity.texts if one[0] == "Note"]
    if not entity.grids and not entity.sentence:
        _tell_trials(kg, terms, iri, entity)
    entity.grids_first = kind in _GRIDS_FIRST
    leading = [grid.caption in ("Comparisons", *OF_TRIAL) for grid in entity.grids]
    entity.leading = sum(leading) if kind == "trial" else len(entity.grids)
    if kind == "trial":
        entity.strip = trial.strip(kg, node)
    listed = {row[0].href for grid in entity.grids for row in grid.rows if row}
    entity.incoming = incoming(kg, terms, into, listed)
    if kind == "trial":
        entity.parts = taken(entity.incoming, [kg.names.prefixes[kind] for kind in _PARTS], terms)
    return entity


def _tell_trials(kg: Graph, terms: Terms, iri: str, entity: Entity) -> None:
    """Put the trials of a drug, condition or sponsor into an entity: how many, then their links."""
    found = [one["trial"] for one in trials_of(kg, iri)]
    if not found:
        return
    cells = [terms.node(trial) for trial in found[:_MOST_TRIALS]]
    if len(found) > _MOST_TRIALS:
        cells.append(Cell(f"and {len(found) - _MOST_TRIALS} more"))
    entity.sentence = f"In {len(found)} {'trial' if len(found) == 1 else 'trials'} of this graph."
    entity.properties.insert(0, Property(Cell("trials"), cells))


def _kinds(kg: Graph, terms: Terms, facts: Mapping[str, list[Term]]) -> list[str]:
    """Classes of the vocabulary that an entity has, without those above them."""
    classes = {kind.value for kind in facts.get("rdf:type", []) if isinstance(kind, NamedNode)}
    return sorted(kind for kind in terms.narrowest(classes) if kind.startswith(kg.names.prefixes["kg"]))


def _repeats(name: str, facts: Mapping[str, list[Term]]) -> bool:
    """Whether a derived first or last day only says again the whole date that is stated."""
    stem = name.removesuffix("Earliest").removesuffix("Latest")
    return stem != name and facts.get(stem) == facts[name]


def _stated(kg: Graph, terms: Terms, name: str, values: list[Term], facts: dict[str, list[Term]]) -> Property:
    """A property with its values; of the classes that it is a kind of, the matched ones stand open."""
    matched = [*facts.get("skos:exactMatch", []), *facts.get("skos:broadMatch", [])]
    shown = [value for value in values if value in matched] if name == "kg:kindOf" else values
    rest = [terms.cell(value) for value in values if value not in shown] if shown else []
    cells = [terms.cell(value) for value in shown or values]
    if name in _ROLES:
        classes = {
            stated: [str(getattr(value, "value", "")) for value in facts.get(f"kg:{stated}", ())]
            for stated in CLASSES.values()
        }
        cells = [replace(cell, text=with_class(_ROLES[name], cell.text, classes)) for cell in cells]
    return Property(property_cell(kg, terms, name), cells, rest)


def _head(kg: Graph, terms: Terms, iri: str, facts: dict[str, list[Term]]) -> Entity:
    def texts(name: str) -> list[str]:
        """The texts of a property."""
        return [value.value for value in facts.get(name, []) if value is not None and hasattr(value, "value")]

    sources = [terms.node(source) for source in texts("kg:derivedFrom")]
    main = texts("kg:source")
    long = [("", text) for name in ("kg:claimText", "skos:definition") for text in texts(name)]
    long += [("Why", text) for text in texts("kg:verdictReason")] + [
        ("Note", text) for text in texts("skos:note")
    ]
    headline, beneath = _headline(terms, facts)
    label = terms.label(iri)
    title = texts("kg:acronym")[0] if facts.get("kg:acronym") else label
    return Entity(
        iri,
        kg.names.shorten(iri),
        title,
        kinds=[terms.node(kind) for kind in _kinds(kg, terms, facts)],
        identifiers=texts("dcterms:identifier"),
        synonyms=[*([label] if label != title else []), *texts("skos:altLabel")],
        texts=long,
        headline=headline,
        beneath=beneath,
        verdict=next((terms.label(value) for value in texts("kg:verdict")), ""),
        basis=next((terms.label(value) for value in texts("kg:basis")), ""),
        verification=next((terms.label(value) for value in texts("kg:verification")), ""),
        sources=sources,
        cited=terms.node(main[0]) if main else None,
        address=_addresses(texts),
    )


def _addresses(texts: object) -> list[Cell]:
    """Where a source or a trial can be read outside."""
    assert callable(texts)
    cells = [Cell(f"doi:{doi}", f"https://doi.org/{doi}", outside=True) for doi in texts("kg:doi")]
    cells += [
        Cell(f"PubMed {text}", f"https://pubmed.ncbi.nlm.nih.gov/{text}/", outside=True)
        for text in texts("kg:pmid")
    ]
    cells += [
        Cell(text, f"https://pmc.ncbi.nlm.nih.gov/articles/{text}/", outside=True)
        for text in texts("kg:pmcid")
    ]
    cells += [
        Cell(text, f"https://clinicaltrials.gov/study/{text}", outside=True) for text in texts("kg:nct")
    ]
    cells += [
        Cell(text, text, outside=True) for text in texts("kg:url") if text.startswith(("http://", "https://"))
    ]
    return cells


def _order(name: str) -> tuple[int, str]:
    if name in _FIRST:
        return (_FIRST.index(name), name)
    return (len(_FIRST) + (0 if name.startswith("kg:") else 1), name)


def _headline(terms: Terms, facts: dict[str, list[Term]]) -> tuple[str, str]:
    """The number of a result or comparison as printed, and below it counts, interval and p-value."""

    def one(*names: str) -> str:
        """The text of the first of these properties that has a value; "" for none."""
        for name in names:
            if facts.get(name):
                return terms.cell(facts[name][0]).text
        return ""

    value = one("kg:printed", "kg:valueStatus")
    if not value:
        return "", ""
    kind = p_is({"hypothesis": one("kg:hypothesisType"), "pKind": one("kg:pKind")})
    p = p_value(one("kg:pPrinted"))
    p += f" ({kind})" if p and kind else ""
    if "kg:printed" not in facts and p:
        return p, f"estimate {value}"
    headline = with_unit(value, one("kg:unit")) if "kg:printed" in facts else value
    parts = []
    count, total = one("kg:numerator"), one("kg:denominator", "kg:denominatorStatus")
    if count and total:
        parts.append(f"{count} of {total}")
    elif total:
        parts.append(f"out of {total}" if total.isdigit() else f"denominator {total}")
    lower, upper = one("kg:lowerPrinted", "kg:lowerStatus"), one("kg:upperPrinted", "kg:upperStatus")
    if lower or upper:
        level = f" ({one('kg:level')} % interval)" if "kg:level" in facts else ""
        parts.append(f"{lower} to {upper}{level}")
    return headline, ", ".join([*parts, *filter(None, [p])])


def _outside(kg: Graph, terms: Terms, value: Term) -> Cell:
    if not isinstance(value, NamedNode):
        return terms.cell(value)
    curie = kg.names.shorten(value.value)
    label = terms.labels.get(value.value, "")
    return Cell(f"{curie} {label}".strip(), page_of_iri(value.value), value.value, outside=True)
