"""Names of entities, folded to keys: built once for each snapshot, then read from it."""

from __future__ import annotations

import marshal
import os
import re

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.spoken import LAY, SAME, as_spoken, families, organs, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Kinds that a sentence can name, the likelier first: a name shared by two means the first.
KINDS = (
    "trial", "drug", "protein", "complex", "cell", "disease", "endpoint", "adverse-event", "process",
    "organisation", "pathway", "compartment", "cohort", "programme",
)  # fmt: skip
#: The longest name in words that is looked for.
_LONGEST = 9
_RANKS = "rdfs:label kg:acronym kg:nct kg:nctAlias kg:eudract kg:otherIdentifier skos:altLabel kg:shortLabel"


def fold(word: str) -> str:
    """A word without its plural, in British spelling.

    >>> [fold(word) for word in ("tregs", "tumors", "pembrolizumab", "analysis")]
    ['treg', 'tumour', 'pembrolizumab', 'analysis']
    """
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    return word.replace("tumor", "tumour").replace("signaling", "signalling")


def key_of(words: list[str]) -> str:
    """The key of a name: its folded words without a gap, so that PIVOT-IO 001 and pivotio001 are one."""
    return "".join(fold(word) for word in words)


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
        self.vocabulary = {fold(word) for one in self.names.values() for name in one for word in tokens(name)}

    def mentions(self, words: list[str]) -> list[tuple[int, int, list[str]]]:
        """Start, end and entities of each name in the words, the longest match first, none overlapping."""
        spans, start = [], 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST), start, -1):
                entities = self.keys.get(key_of(words[start:end]))
                if entities:
                    spans.append((start, end, entities))
                    start = end - 1
                    break
            start += 1
        return spans


def lexicon_of(kg: Asked) -> Lexicon:
    """The lexicon of a graph, from its snapshot if that has one; else built, and kept there if it can be."""
    folder = getattr(kg.engine, "folder", "")
    path = os.path.join(folder, "lexicon") if folder else ""
    if path and os.path.isfile(path):
        try:
            with open(path, "rb") as stream:
                return Lexicon(marshal.load(stream))
        except (OSError, ValueError, EOFError, TypeError, KeyError):
            pass
    data = _build(kg)
    if path:
        try:
            part = f"{path}.{os.getpid()}"
            with open(part, "wb") as stream:
                marshal.dump(data, stream)
            os.replace(part, path)
        except OSError:
            pass
    return Lexicon(data)


def _build(kg: Asked) -> dict[str, Any]:
    ranked: dict[str, list[tuple[int, int, str]]] = {}
    names: dict[str, list[str]] = {}
    labels: dict[str, str] = {}

    def add(name: str, rank: int, kind: int, iri: str) -> None:
        key = key_of(tokens(name))
        if len(key) > 1 and (rank, kind, iri) not in ranked.setdefault(key, []):
            ranked[key].append((rank, kind, iri))
        if rank < len(order) and name not in names.setdefault(iri, []):
            names[iri].append(name)

    order = [kg.names.expand(one) for one in _RANKS.split()]
    for iri, prop, name in _rows(kg, f"SELECT ?s ?p ?o {{ VALUES ?p {{ {_RANKS} }} ?s ?p ?o }}"):
        kind = kg.names.kind_of(iri)
        rank = order.index(prop)
        if rank == 0:
            labels.setdefault(iri, name)
        if kind in KINDS:
            plain = re.sub(r"\s*\([^)]*\)", "", name)
            for one in dict.fromkeys((name, plain)):
                add(one, rank, KINDS.index(kind), iri)
                for lay, term in LAY.items() if kind == "adverse-event" and one == name else ():
                    if term == one:
                        add(lay, 8, KINDS.index(kind), iri)
                for first, second in SAME if kind in ("disease", "endpoint") else ():
                    if first in one:
                        add(one.replace(first, second), 8, KINDS.index(kind), iri)
            if kind == "cell" and "-positive, alpha-beta T" in name:
                add(name.replace("-positive, alpha-beta T cell", ""), 8, 0, iri)
            for one in as_spoken(name) if kind in ("cell", "protein") else ():
                add(one, 8, KINDS.index(kind), iri)
    _add_borrowed(kg, add)
    groups = _add_groups(kg, names, labels, ranked)
    about, narrower = _belonging(kg, labels)
    phases = _rows(kg, "SELECT ?s ?o { ?s kg:phase ?o ; kg:programme ?pr }")
    for number in ("1", "2", "3"):
        pseudo = f"phase {number}"
        trials = [iri for iri, phase in phases if number in phase]
        if trials:
            about[pseudo], labels[pseudo] = trials, pseudo
            add(pseudo, 0, 0, pseudo)
    numbers: dict[str, list[str]] = {}
    for iri, printed in _rows(kg, "SELECT ?s ?o { ?s kg:printed ?o ; kg:endpoint ?e } ORDER BY ?s"):
        numbers.setdefault(printed, []).append(iri)
    starts = _rows(kg, "SELECT ?s ?o { ?s a kg:Trial ; kg:startDate ?o }")
    keys = {key: [iri for *_, iri in sorted(values)] for key, values in ranked.items()}
    return {
        "keys": keys, "labels": labels, "names": names, "about": about, "narrower": narrower,
        "numbers": numbers, "empty": _without_results(kg),
        "programme": sorted(
            {
                value
                for row in _rows(kg, "SELECT ?t ?l { ?t a kg:Trial ; kg:programme ?p ; rdfs:label ?l }")
                for value in row
            }
        ),
        "groups": groups,
        "starts": {iri: day for iri, day in starts if len(day) == 10},
    }  # fmt: skip


def _rows(kg: Asked, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(term, "value", term)) for term in row) for row in kg.select(query).rows]


def _add_borrowed(kg: Asked, add: Any) -> None:
    """Names of outside classes: those matched to an own entity mean that, the others themselves."""
    query = """SELECT ?own ?id ?label { ?m owl:annotatedSource ?own ; owl:annotatedTarget ?id ;
        owl:annotatedProperty skos:exactMatch OPTIONAL { ?m sssom:object_label ?label } }"""
    for own, identifier, label in _rows(kg, query):
        kind = kg.names.kind_of(own)
        if kind not in KINDS:
            continue
        local = re.sub(r"^.*[/=#]", "", identifier)
        for name in (local, local.replace("_", " "), label):
            if name != "None" and not name.isdigit():
                add(name, 9, KINDS.index(kind), own)
    for iri, label in _rows(kg, "SELECT DISTINCT ?c ?l { ?x kg:kindOf ?c . ?c rdfs:label ?l } ORDER BY ?c"):
        if kg.names.kind_of(iri) is None:
            add(label, 10, 99 if "/obo/CL_" not in iri else 90, iri)


def _add_groups(
    kg: Asked,
    names: dict[str, list[str]],
    labels: dict[str, str],
    ranked: dict[str, list[tuple[int, int, str]]],
) -> list[str]:
    """Keys of an organ (all its cancers) and of a gene family (STAT5: A and B)."""
    members: dict[str, set[str]] = {}
    for iri, listed in names.items():
        kind = kg.names.kind_of(iri)
        for name in listed:
            for group in organs(name) if kind == "disease" else families(name) if kind == "protein" else ():
                members.setdefault(key_of(tokens(group)), set()).add(iri)
    classes = """SELECT DISTINCT ?l ?own { ?own kg:kindOf ?c . ?c rdfs:label ?l
        FILTER(STRSTARTS(STR(?own), STR(disease:)) && CONTAINS(STR(?c), "/obo/")) }"""
    outside = set()
    for label, own in _rows(kg, classes):  # "skin cancer" means the melanomas
        outside.add(key_of(tokens(label)))
        members.setdefault(key_of(tokens(label)), set()).add(own)
    keys = []
    for key, iris in members.items():
        known = {iri for *_, iri in ranked.get(key, [])}
        if iris <= known or not key or (key in outside and any(kg.names.kind_of(iri) for iri in known)):
            continue
        keys.append(key)
        ranked.setdefault(key, []).extend(
            (11, 0, iri) for iri in sorted(iris - known, key=lambda iri: labels.get(iri, iri))
        )
    return keys


def _belonging(kg: Asked, labels: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    narrower: dict[str, list[str]] = {}
    query = """SELECT DISTINCT ?up ?down { ?down kg:kindOf ?c . ?up skos:exactMatch ?c FILTER(?up != ?down &&
        (STRSTARTS(STR(?down), STR(disease:)) || STRSTARTS(STR(?down), STR(cell:)))) } ORDER BY ?up ?down"""
    for above, below in _rows(kg, query):
        if below in labels:
            narrower.setdefault(above, []).append(below)
    about: dict[str, list[str]] = {}
    conditions: dict[str, list[str]] = {}
    for iri, node in _rows(kg, "SELECT DISTINCT ?d ?s { ?s kg:condition ?d } ORDER BY ?d ?s"):
        conditions.setdefault(node, []).append(iri)
    for node, listed in conditions.items():
        for iri in listed:
            # a result of several tumours pooled is about none of them
            if "/trial/" in node or set(listed) <= {iri, *narrower.get(iri, [])}:
                about.setdefault(iri, []).append(node)
    for iri, node in _rows(kg, "SELECT DISTINCT ?e ?s { ?s kg:endpoint ?e } ORDER BY ?e ?s"):
        about.setdefault(iri, []).append(node)
    families = """SELECT DISTINCT ?family ?one { ?step kg:subject ?one ; kg:object ?family ;
        kg:predicate <http://purl.obolibrary.org/obo/RO_0002350> } ORDER BY ?family ?one"""
    for family, member in _rows(kg, families):
        narrower.setdefault(family, []).append(member)
    for family in [iri for iri, label in labels.items() if label.endswith(" (family grouping)")]:
        name = labels[family].removesuffix(" (family grouping)")
        narrower.setdefault(family, []).extend(
            iri for iri, label in labels.items() if label.startswith(name) and iri != family
        )
    for trial, node in _rows(kg, "SELECT DISTINCT ?t ?s { ?s kg:trial ?t ; kg:endpoint ?e } ORDER BY ?t ?s"):
        about.setdefault(trial, []).append(node)
    parts = """SELECT DISTINCT ?part ?whole { ?step kg:subject ?whole ; kg:object ?part ;
        kg:predicate <http://purl.obolibrary.org/obo/BFO_0000051> } ORDER BY ?part ?whole"""
    for part, whole in _rows(kg, parts):
        about.setdefault(part, []).append(whole)
    return about, narrower


def _without_results(kg: Asked) -> dict[str, list[str]]:
    """Endpoints that no result or contrast is about, with the trials that set them."""
    query = """SELECT DISTINCT ?e ?t { ?x kg:endpoint ?e . FILTER(CONTAINS(STR(?e), "/endpoint/"))
        OPTIONAL { ?x kg:trial ?t }
        FILTER NOT EXISTS { ?r kg:endpoint ?e ; kg:statistic|kg:measure ?any } }"""
    trials: dict[str, list[str]] = {}
    for endpoint, trial in _rows(kg, query):
        trials.setdefault(endpoint, []).append(trial)
    return trials
