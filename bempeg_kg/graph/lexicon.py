"""Names of entities, folded to keys: built once for each snapshot, then read from it."""

from __future__ import annotations

import re
from functools import cached_property

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import (
    belonging,
    drugs_of_results,
    given_drugs,
    other_programmes,
    table_of,
    without_results,
)
from bempeg_kg.graph.kept import kept
from bempeg_kg.graph.keys import fold, key_of, kind_of
from bempeg_kg.graph.name_words import spellings
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.spoken import LAY, SAME, as_spoken, drug_names, families, organs, tokens
from bempeg_kg.graph.traits import subjects, traits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

#: Kinds that a sentence can name, the likelier first: a name shared by two means the first.
KINDS = (
    "trial", "drug", "protein", "complex", "cell", "disease", "endpoint", "adverse-event", "process",
    "organisation", "pathway", "compartment", "cohort", "programme",
)  # fmt: skip
#: Modules that decide what a lexicon holds.
_CODE = (
    "belonging.py",
    "keys.py",
    "lexicon.py",
    "name_words.py",
    "named_trials.py",
    "spoken.py",
    "traits.py",
)
#: The longest name in words that is looked for.
_LONGEST = 9
_RANKS = "rdfs:label kg:acronym kg:nct kg:nctAlias kg:eudract kg:otherIdentifier skos:altLabel kg:shortLabel"
_NAMES = f"SELECT ?s ?p ?o {{ VALUES ?p {{ {_RANKS} }} ?s ?p ?o }}"
#: The same of the nodes that a sentence can name: a large graph has forty times as many names.
_NAMES_OF_KINDS = f"""SELECT ?s ?p ?o {{
    {{ SELECT DISTINCT ?s {{ VALUES ?top {{ kg:Entity kg:Trial kg:Cohort kg:Programme }}
        ?class rdfs:subClassOf* ?top . ?s a ?class }} }}
    OPTIONAL {{ ?s ?p ?o FILTER(?p IN ({", ".join(_RANKS.split())})) }} FILTER(BOUND(?o)) }}"""


#: Kind -> the names that mean several of its entities together.
_GROUPS = {"disease": organs, "protein": families, "drug": drug_names}


class Lexicon:
    """Keys of names with the entities that have them, the best first; and what belongs to an entity."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.keys: dict[str, list[str]] = data["keys"]
        self.labels: dict[str, str] = data["labels"]
        self.names: dict[str, list[str]] = data["names"]
        #: nodes that are about an entity: the results of a disease, the trials of a phase
        self.about: dict[str, list[str]] = data["about"]
        self.narrower: dict[str, list[str]] = data["narrower"]
        #: printed number -> results and contrasts that print it
        self.numbers: dict[str, list[str]] = data["numbers"]
        self.empty: dict[str, list[str]] = data["empty"]
        #: trials of the loaded programmes, by IRI, label and number
        self.programme: list[str] = data["programme"]
        self.starts: dict[str, str] = data["starts"]
        #: keys that mean all their entities together: "lung" means every cancer of it
        self.groups: set[str] = set(data["groups"])
        #: keys of drugs and diseases of other programmes, which only the signal pairs hold -> label
        self.others: dict[str, str] = {
            key: label for key, label in data["others"].items() if key not in self.keys
        }
        #: organisations that sponsor the trials of the loaded programmes
        self.sponsors: list[str] = data["sponsors"]
        #: drug -> results and contrasts of arms that give it
        self.arms: dict[str, list[str]] = data["arms"]
        #: drug -> trials that give it
        self.given: dict[str, list[str]] = data["given"]
        #: names of what trials of records share, such as children; the trials are in `about`
        self.traits: set[str] = set(data["traits"])
        #: words of the conditions of records, whose trials are in `about`
        self.subjects: set[str] = set(data["subjects"])

    @cached_property
    def vocabulary(self) -> set[str]:
        """The words of all names, folded; those of a large graph take a third of a second."""
        return {fold(word) for one in self.names.values() for name in one for word in tokens(name)}

    @cached_property
    def outcomes(self) -> set[str]:
        """The words of the endpoints of records, folded; none where no record is loaded."""
        listed = [names for iri, names in self.names.items() if "/endpoint/" in iri] if self.subjects else ()
        return {fold(word) for names in listed for name in names for word in tokens(name)}

    def mentions(self, words: list[str]) -> list[tuple[int, int, list[str]]]:
        """Start, end and entities of each name in the words, the longest match first, none overlapping."""
        return _longest(words, self.keys)

    def foreign(self, words: list[str]) -> list[tuple[int, int, str]]:
        """Start, end and label of each drug or disease that only the signal pairs of others hold."""
        return _longest(words, self.others)


def _longest(words: list[str], keys: Mapping[str, Any]) -> list[tuple[int, int, Any]]:
    matches, start = [], 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST), start, -1):
            value = keys.get(key_of(words[start:end]))
            if value:
                matches.append((start, end, value))
                start = end - 1
                break
        start += 1
    return matches


def lexicon_of(kg: Asked) -> Lexicon:
    """The lexicon of a graph, from its snapshot if that has one; else built, and kept there if it can be."""
    return Lexicon(kept(kg.engine, "lexicon", lambda: _build(kg), code=_CODE))


def _build(kg: Asked) -> dict[str, Any]:
    ranked: dict[str, list[tuple[int, bool, int, str]]] = {}
    names: dict[str, list[str]] = {}
    labels: dict[str, str] = {}

    def add(name: str, rank: int, kind: int, iri: str, *, cut: bool = False) -> None:
        """Note a name of an entity, by its words and among the names of the entity.

        A name that was cut comes after the same in full: nausea before nausea (solicited).
        """
        key = key_of(tokens(name))
        if len(key) > 1 and (rank, cut, kind, iri) not in ranked.setdefault(key, []):
            ranked[key].append((rank, cut, kind, iri))
        if rank < len(order) and name not in names.setdefault(iri, []):
            names[iri].append(name)

    order = [kg.names.expand(one) for one in _RANKS.split()]
    _add_own(kg, add, order, labels)
    _add_borrowed(kg, add)
    groups = _add_groups(kg, names, labels, ranked)
    about, narrower = belonging(kg, labels)
    phases = table_of(kg, "SELECT ?s ?o { ?s kg:phase ?o ; kg:programme ?pr }")
    for number in ("1", "2", "3", "4"):
        pseudo = f"phase {number}"
        trials = [iri for iri, phase in phases if number in phase]
        if trials:
            about[pseudo], labels[pseudo] = trials, pseudo
            add(pseudo, 0, 0, pseudo)
    shared, of_conditions = traits(kg), subjects(kg)
    about |= of_conditions
    for iri in [one for one in labels if kind_of(kg.names, one) == "disease"] if of_conditions else ():
        of_name = named_trials(kg, "condition").trials(labels[iri])
        about[iri] = sorted({*about.get(iri, ()), *of_name})
    for trait, (worded, trials) in shared.items():
        about[trait] = trials
        for name in worded:  # a name of lower rank stands in no row
            add(name, len(order), 0, trait)
    starts = table_of(kg, "SELECT ?s ?o { ?s a kg:Trial ; kg:startDate ?o }")
    sponsors = "SELECT DISTINCT ?o { ?t kg:programme ?p ; kg:sponsor ?o } ORDER BY ?o"
    keys = {key: [iri for *_, iri in sorted(values)] for key, values in ranked.items()}
    return {
        "keys": keys, "labels": labels, "names": names, "about": about, "narrower": narrower,
        "numbers": _numbers(kg), "empty": without_results(kg),
        "programme": sorted(
            {
                value
                for row in table_of(kg, "SELECT ?t ?l { ?t a kg:Trial ; kg:programme ?p ; rdfs:label ?l }")
                for value in row
            }
        ),
        "sponsors": [row[0] for row in table_of(kg, sponsors)],
        "groups": groups, "traits": list(shared), "subjects": list(of_conditions),
        "others": other_programmes(kg),
        "given": given_drugs(kg), "arms": drugs_of_results(kg),
        "starts": {iri: day for iri, day in starts if len(day) == 10},
    }  # fmt: skip


def _add_own(kg: Asked, add: Any, order: list[str], labels: dict[str, str]) -> None:
    """Add the names of the graph's own entities, and what readers call them."""
    rows = table_of(kg, _NAMES_OF_KINDS if kg.content.is_large else _NAMES)
    for iri, prop, name in sorted(rows, key=lambda row: order.index(row[1])):
        kind = kind_of(kg.names, iri)
        rank = order.index(prop)
        if rank == 0 and (kind in KINDS or not kg.content.is_large):
            labels.setdefault(iri, name)
        if kind in KINDS:
            plain = re.sub(r"\s*\([^)]*\)", "", name)
            for one in dict.fromkeys((name, plain)):
                add(one, rank, KINDS.index(kind), iri, cut=one != name)
                for lay, term in LAY.items() if kind == "adverse-event" and one == name else ():
                    if term == one:
                        add(lay, 8, KINDS.index(kind), iri)
                for first, second in SAME if kind in ("disease", "endpoint") else ():
                    if first in one:
                        add(one.replace(first, second), 8, KINDS.index(kind), iri)
            if kind == "cell" and "-positive, alpha-beta T" in name:
                add(name.replace("-positive, alpha-beta T cell", ""), 8, 0, iri)
            for one in spellings(name) if kind == "disease" else ():
                add(one, 8, KINDS.index(kind), iri)
            for one in as_spoken(name) if kind in ("cell", "protein", "adverse-event") else ():
                add(one, 8, KINDS.index(kind), iri)


def _numbers(kg: Asked) -> dict[str, list[str]]:
    """Printed numbers, and counts such as 20/38, with their results; none of a registry, with its many."""
    numbers: dict[str, list[str]] = {}
    if kg.content.is_large:
        return numbers
    printed_by = "SELECT ?s ?o { ?s kg:printed ?o ; kg:endpoint ?e } ORDER BY ?s"
    for iri, printed in table_of(kg, printed_by):
        numbers.setdefault(printed, []).append(iri)
    counts = "SELECT ?s ?n ?m { ?s kg:numerator ?n ; kg:denominator ?m ; kg:endpoint ?e } ORDER BY ?s"
    for iri, count, size in table_of(kg, counts):
        numbers.setdefault(f"{count}/{size}", []).append(iri)
    return numbers


def _add_borrowed(kg: Asked, add: Any) -> None:
    """Names of outside classes: those matched to an own entity mean that, the others themselves."""
    query = """SELECT ?own ?id ?label { ?m owl:annotatedSource ?own ; owl:annotatedTarget ?id ;
        owl:annotatedProperty skos:exactMatch OPTIONAL { ?m sssom:object_label ?label } }"""
    for own, identifier, label in table_of(kg, query):
        kind = kind_of(kg.names, own)
        if kind not in KINDS:
            continue
        local = re.sub(r"^.*[/=#]", "", identifier)
        for name in (local, local.replace("_", " "), label):
            if name != "None" and not name.isdigit():
                add(name, 9, KINDS.index(kind), own)
    for iri, label in table_of(
        kg, "SELECT DISTINCT ?c ?l { ?x kg:kindOf ?c . ?c rdfs:label ?l } ORDER BY ?c"
    ):
        if kind_of(kg.names, iri) is None:
            add(label, 10, 99 if "/obo/CL_" not in iri else 90, iri)


def _add_groups(
    kg: Asked,
    names: dict[str, list[str]],
    labels: dict[str, str],
    ranked: dict[str, list[tuple[int, bool, int, str]]],
) -> list[str]:
    """Keys of an organ (all its cancers), a gene family (STAT5: A and B), a drug in several doses."""
    members: dict[str, set[str]] = {}
    for iri, listed in names.items():
        kind = kind_of(kg.names, iri)
        for name in listed:
            for group in _GROUPS[kind](name) if kind in _GROUPS else ():
                members.setdefault(key_of(tokens(group)), set()).add(iri)
    classes = """SELECT DISTINCT ?l ?own { ?own kg:kindOf ?c . ?c rdfs:label ?l
        FILTER(STRSTARTS(STR(?own), STR(disease:)) && CONTAINS(STR(?c), "/obo/")) }"""
    outside = set()
    for label, own in table_of(kg, classes):  # "skin cancer" means the melanomas
        outside.add(key_of(tokens(label)))
        members.setdefault(key_of(tokens(label)), set()).add(own)
    keys = []
    for key, iris in members.items():
        known = {iri for *_, iri in ranked.get(key, [])}
        if iris <= known or not key or (key in outside and any(kind_of(kg.names, iri) for iri in known)):
            continue
        keys.append(key)
        ranked.setdefault(key, []).extend(
            (11, False, 0, iri) for iri in sorted(iris - known, key=lambda iri: labels.get(iri, iri))
        )
    return keys
