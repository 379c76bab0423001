"""What belongs to an entity: its results, its trials, the arms that give it, what is narrower."""

from __future__ import annotations

import re

from bempeg_kg.content.files import read_text
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.keys import key_of
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.rdf.names import BASE

#: Words that make of a condition another one: non-small cell lung cancer.
_OTHERWISE = frozenset({"non", "no", "not", "without"})
#: What a death from any cause is called: counted as such, and as a time to event overall survival.
_DEATHS = re.compile(r"(?:all[- ]cause )?(?:mortality|deaths?)|deaths? (?:from|due to) any cause")


def table_of(kg: Asked, query: str) -> list[tuple[str, ...]]:
    """The rows of a query as texts."""
    return [tuple(str(getattr(term, "value", term)) for term in row) for row in kg.select(query).rows]


def belonging(kg: Asked, labels: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Entity -> narrower entities, and entity -> the results and trials that are about it.

    Of a large content trials alone: its many results are chosen by the words of their rows.
    """
    narrower = _narrower(kg, labels)
    about = _by_condition(kg, narrower)
    if not kg.content.is_large:
        about |= _by_measurement(kg)
    parts = """SELECT DISTINCT ?part ?whole { ?step kg:subject ?whole ; kg:object ?part ;
        kg:predicate <http://purl.obolibrary.org/obo/BFO_0000051> } ORDER BY ?part ?whole"""
    for part, whole in table_of(kg, parts):
        about.setdefault(part, []).append(whole)
    return about, narrower


def _narrower(kg: Asked, labels: dict[str, str]) -> dict[str, list[str]]:
    """Entity -> those of its kind that are narrower, and the members of a family."""
    narrower: dict[str, list[str]] = {}
    query = """SELECT DISTINCT ?up ?down { ?down kg:kindOf ?c . ?up skos:exactMatch ?c FILTER(?up != ?down &&
        (STRSTARTS(STR(?down), STR(disease:)) || STRSTARTS(STR(?down), STR(cell:)))) } ORDER BY ?up ?down"""
    for above, below in table_of(kg, query):
        if below in labels:
            narrower.setdefault(above, []).append(below)
    for above, below in _by_words(kg):
        narrower.setdefault(above, []).append(below)
    rate, response = (f"{BASE}endpoint/{one}" for one in ("orr", "tumour-response"))
    narrower.setdefault(response, []).append(rate)
    if not kg.content.has_shipped:  # of records, which count deaths under many names
        shared = [f"{BASE}endpoint/{one}" for one in ("death-from-any-cause", "os")]
        for iri, label in labels.items():
            if "/endpoint/" in iri and _DEATHS.fullmatch(label.lower()):
                narrower.setdefault(iri, []).extend(one for one in shared if one != iri and one in labels)
    families = """SELECT DISTINCT ?family ?one { ?step kg:subject ?one ; kg:object ?family ;
        kg:predicate <http://purl.obolibrary.org/obo/RO_0002350> } ORDER BY ?family ?one"""
    for family, member in table_of(kg, families):
        narrower.setdefault(family, []).append(member)
    for family in [iri for iri, label in labels.items() if label.endswith(" (family grouping)")]:
        name = labels[family].removesuffix(" (family grouping)")
        narrower.setdefault(family, []).extend(
            iri for iri, label in labels.items() if label.startswith(name) and iri != family
        )
    return narrower


def _by_words(kg: Asked) -> list[tuple[str, str]]:
    """Pairs of conditions of records, the second with all words of the first: nothing else joins them.

    Of two names with the same words each is narrower than the other.
    """
    query = """SELECT DISTINCT ?d ?l { ?d a kg:Disease ; rdfs:label ?l
        FILTER NOT EXISTS { ?d skos:exactMatch|skos:broadMatch ?any } } ORDER BY ?d ?l"""
    words = {iri: set(tokens(label)) for iri, label in table_of(kg, query)}
    having: dict[str, list[str]] = {}
    for iri, some in words.items():
        for word in some:
            having.setdefault(word, []).append(iri)
    return [
        (above, below)
        for above, few in words.items()
        if few
        for below in min((having[word] for word in few), key=len)
        if above != below and few <= words[below] and _OTHERWISE.isdisjoint(words[below] - few)
    ]


def _by_condition(kg: Asked, narrower: dict[str, list[str]]) -> dict[str, list[str]]:
    """Disease -> its trials and, unless the content is large, its results."""
    conditions: dict[str, list[str]] = {}
    whose = "?s a kg:Trial ; kg:condition ?d" if kg.content.is_large else "?s kg:condition ?d"
    for iri, node in table_of(kg, f"SELECT DISTINCT ?d ?s {{ {whose} }} ORDER BY ?d ?s"):
        conditions.setdefault(node, []).append(iri)
    about: dict[str, list[str]] = {}
    for node, listed in conditions.items():
        for iri in listed:
            # a result of several tumours pooled is about none of them
            if "/trial/" in node or set(listed) <= {iri, *narrower.get(iri, [])}:
                about.setdefault(iri, []).append(node)
    return about


def _by_measurement(kg: Asked) -> dict[str, list[str]]:
    """Endpoint, and trial -> the results that measure it, or are of it."""
    about: dict[str, list[str]] = {}
    for whose in ("?s kg:endpoint ?e", "?s kg:trial ?e ; kg:endpoint ?measured"):
        for iri, node in table_of(kg, f"SELECT DISTINCT ?e ?s {{ {whose} }} ORDER BY ?e ?s"):
            about.setdefault(iri, []).append(node)
    return about


def given_drugs(kg: Asked) -> dict[str, list[str]]:
    """The trials that give each drug."""
    given: dict[str, list[str]] = {}
    # with its class, since every result has a trial too
    query = """SELECT DISTINCT ?d ?t {
        ?arm a kg:Arm ; kg:trial ?t ; kg:intervention/kg:drug ?d } ORDER BY ?d ?t"""
    for drug, trial in table_of(kg, query):
        given.setdefault(drug, []).append(trial)
    return given


def drugs_of_results(kg: Asked) -> dict[str, list[str]]:
    """The results and contrasts of arms that give each drug; none of a large content."""
    arms: dict[str, list[str]] = {}
    query = """SELECT DISTINCT ?d ?r { ?r kg:group|kg:comparedGroup|kg:referenceGroup ?g .
        ?g kg:arm/kg:intervention/kg:drug ?d } ORDER BY ?d ?r"""
    for drug, node in [] if kg.content.is_large else table_of(kg, query):
        arms.setdefault(drug, []).append(node)
    return arms


def other_programmes(kg: Asked) -> dict[str, str]:
    """What the drugs and diseases of other programmes are called, as their file says."""
    names: dict[str, str] = {}
    for file in kg.content.with_signals().files() if kg.content.has_shipped else ():
        if file.name.endswith("signals/entities.ttl"):
            for block in read_text(file.path).split("\n\n"):
                if re.match(r"(?:drug|disease):", block):
                    listed = re.findall(r'"([^"]+)"', re.sub(r"skos:note.*", "", block, flags=re.DOTALL))
                    names |= {key_of(tokens(one)): listed[0] for one in listed}
    return names


def without_results(kg: Asked) -> dict[str, list[str]]:
    """Endpoints that no result or contrast is about, with the trials that set them (none if large)."""
    trials: dict[str, list[str]] = {}
    if kg.content.is_large:
        return trials
    # two sets and their difference: a query without those with results looks at all of these each time
    results = "SELECT DISTINCT ?e { ?r kg:endpoint ?e ; kg:statistic|kg:measure ?any }"
    with_results = {endpoint for (endpoint,) in table_of(kg, results)}
    query = """SELECT DISTINCT ?e ?t {
        ?x kg:endpoint ?e FILTER(CONTAINS(STR(?e), "/endpoint/")) OPTIONAL { ?x kg:trial ?t } }"""
    for endpoint, trial in table_of(kg, query):
        if endpoint not in with_results:
            trials.setdefault(endpoint, []).append(trial)
    return trials
