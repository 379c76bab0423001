"""Entities of a large graph by name: its lexicon is read, since to compare all names takes seconds."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.keys import kind_of
from bempeg_kg.graph.lexicon import KINDS, Lexicon, lexicon_of
from bempeg_kg.rdf.table import Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Names whose words are looked for and that the lexicon does not have.
_OTHERS = """SELECT DISTINCT ?s ?o { { ?s kg:sourceType ?type ; rdfs:label|dcterms:title ?o }
    UNION { ?s a kg:Intervention ; rdfs:label ?o } UNION { ?s a kg:Arm ; rdfs:label ?o } }"""


def lexicon_in(kg: Asked) -> Lexicon:
    """The lexicon that a graph keeps, else that of its snapshot."""
    return getattr(kg, "lexicon", None) or lexicon_of(kg)


def exactly_named(kg: Asked, text: str, naming: str, kind: str = "") -> list[str]:
    """IRIs with this name in any case, of this kind and whose label it is first; else as it is written."""
    lowered, lexicon = text.lower(), lexicon_in(kg)
    iris = [iri for name, iri in names_in(lexicon) if name.lower() == lowered]
    iris = [iri for iri in iris if kind and kind_of(kg.names, iri) == kind] or iris
    labelled = [iri for iri in iris if lexicon.labels.get(iri, "").lower() == lowered]
    if iris:
        return list(dict.fromkeys(labelled or iris))
    properties = ", ".join(naming.split())
    forms = [Literal(text), Literal(text, language="en"), Literal(lowered), Literal(text.upper())]
    parts = [f"{{ ?s ?p {form} FILTER(?p IN ({properties})) }}" for form in dict.fromkeys(forms)]
    query = f"SELECT DISTINCT ?s {{ {' UNION '.join(parts)} }} ORDER BY ?s"
    return [str(iri) for iri in kg.select(query).column("s")]


def with_slug(kg: Asked, slug: str) -> list[str]:
    """IRIs of the kinds that a sentence can name and that end in this slug."""
    nodes = [f"<{kg.names.prefixes[kind]}{slug}>" for kind in KINDS if kind in kg.names.prefixes]
    asked = " ".join(nodes) if slug.replace("-", "").replace(".", "").replace("_", "").isalnum() else ""
    query = f"SELECT DISTINCT ?s {{ VALUES ?s {{ {asked} }} ?s a ?class }} ORDER BY ?s"
    return [str(iri) for iri in kg.select(query).column("s")] if asked else []


def names_in(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Every name with its entity."""
    return ((name, iri) for iri, names in lexicon.names.items() for name in names)


def names_with(kg: Asked, words: Sequence[str]) -> list[tuple[str, str]]:
    """(name, IRI) of the entities, sources, arms and interventions whose name holds all the words."""
    begins = "-".join(words)
    others = ((str(row["o"]), str(row["s"])) for row in kg.select(_OTHERS))
    return [
        (name, iri)
        for name, iri in [*names_in(lexicon_in(kg)), *others]
        if all(word in name.lower() for word in words) or iri.rpartition("/")[2].startswith(begins)
    ]


def listed(kg: Asked, hits: Iterable[tuple[str, str]], limit: int) -> list[tuple[Term, ...]]:
    """Rows of term, label, kind and matched name, the shortest name first, each entity once."""
    first: dict[str, str] = {}
    for name, iri in sorted(hits, key=lambda hit: (len(hit[0]), hit[1])):
        if len(first) < limit:
            first.setdefault(iri, name)
    values = " ".join(f"<{iri}>" for iri in first)
    query = f"""SELECT ?term ?label ?kind {{ VALUES ?term {{ {values} }}
        OPTIONAL {{ ?term rdfs:label ?label }}
        OPTIONAL {{ ?term a ?kind FILTER NOT EXISTS {{ ?term a/rdfs:subClassOf+ ?kind }} }} }}
        ORDER BY ?kind"""
    rows = reversed(kg.select(query).rows) if values else ()
    about = {row[0].value: row for row in rows if isinstance(row[0], NamedNode)}
    return [(*about[iri], Literal(name)) for iri, name in first.items() if iri in about]
