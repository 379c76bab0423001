"""What the importer knows of the graph that it adds to: curated trials, known names, known papers.

A record of a trial that is already there joins it by registry number; a drug, disease, endpoint,
organisation, unit or adverse event that is already there joins by its label or synonym, and in no other way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bempeg_kg.engines.engine import Engine
from bempeg_kg.rdf.names import BASE
from bempeg_kg.rdf.ntriples import normal
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: class of the model -> kind, which is the prefix of its IRIs
_JOINED = {
    "Drug": "drug",
    "Disease": "disease",
    "Endpoint": "endpoint",
    "Organisation": "organisation",
    "AdverseEventTerm": "adverse-event",
    "Unit": "unit",
}

# Graphs of earlier imports do not count: what they say of a name, a new import says again.
_CURATED = r"""FILTER(!REGEX(STR(?graph), "/data/trials/(nct[0-9]{8}|registry-entities)\\.ttl$"))"""
_NAMES = """SELECT ?class ?entity ?name WHERE {
  VALUES ?class { %s } GRAPH ?graph { ?entity a ?class ; rdfs:label|skos:altLabel ?name } %s
} ORDER BY ?class ?entity ?name"""
_EQUAL = """SELECT ?endpoint ?name WHERE {
  GRAPH ?graph { ?endpoint a kg:Endpoint ; rdfs:label|skos:altLabel ?own } %s
  ?equality a kg:Equality ; rdfs:label ?first ; kg:sameName ?name .
  FILTER(LCASE(STR(?first)) = LCASE(STR(?own)))
} ORDER BY ?endpoint ?name"""
_TRIALS = """SELECT ?nct ?trial WHERE {
  GRAPH ?graph { ?trial a kg:Trial ; kg:nct ?nct } %s
} ORDER BY ?nct ?trial"""
_PAPERS = """SELECT ?pmid ?source WHERE {
  GRAPH ?graph { ?source kg:pmid ?pmid } %s
} ORDER BY ?pmid ?source"""


@dataclass(frozen=True, slots=True)
class Joins:
    """IRIs of what is already in the graph. Plain dictionaries, so that it travels to other processes."""

    base: str = BASE
    #: registry number -> IRI of the curated trial
    trials: Mapping[str, str] = field(default_factory=dict)
    #: kind -> normalised label -> IRI
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: PubMed number -> IRI of the source
    papers: Mapping[str, str] = field(default_factory=dict)
    #: IRI of the programme to which the imported trials belong, if that is known
    programme: str = ""
    #: normalised name -> IRI of the endpoint that the table of equalities takes it for
    equal_endpoints: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_engine(cls, engine: Engine, base: str = BASE) -> Joins:
        """Read from a graph, leaving out what earlier imports wrote. Raises what the engine raises."""
        names: dict[str, dict[str, str]] = {kind: {} for kind in _JOINED.values()}
        classes = " ".join(f"kg:{name}" for name in _JOINED)
        for class_iri, entity, name in _rows(engine, _NAMES % (classes, _CURATED)):
            names[_JOINED[class_iri.rpartition("#")[2]]].setdefault(normal(name), entity)
        equal = _first_of((name, iri) for iri, name in _rows(engine, _EQUAL % _CURATED))
        return cls(
            base,
            _first_of(_rows(engine, _TRIALS % _CURATED)),
            names,
            _first_of(_rows(engine, _PAPERS % _CURATED)),
            equal_endpoints={normal(name): iri for name, iri in equal.items()},
        )


def _first_of(rows: Iterator[tuple[str, ...]]) -> dict[str, str]:
    first: dict[str, str] = {}
    for key, value in rows:
        first.setdefault(key, value)
    return first


def _rows(engine: Engine, sparql: str) -> Iterator[tuple[str, ...]]:
    answer = engine.query(sparql)
    if isinstance(answer, Table):
        for row in answer.rows:
            yield tuple("" if term is None else str(getattr(term, "value", term)) for term in row)
