"""What the editor can complete: prefixes, classes, properties, and things by all their names."""

from __future__ import annotations

import json

from bempeg_kg.graph.graph import Graph

USED = {
    "classes": "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY DESC(?n) ?t",
    "properties": "SELECT ?t (COUNT(*) AS ?n) { ?s ?t ?o } GROUP BY ?t ORDER BY DESC(?n) ?t",
}
LABELLED = "SELECT ?t (SAMPLE(?l) AS ?label) { ?t rdfs:label ?l } GROUP BY ?t ORDER BY ?t"
NAMED = """SELECT DISTINCT ?t ?name { ?t ?p ?name FILTER(STRSTARTS(STR(?t), '%s'))
    VALUES ?p { skos:altLabel kg:shortLabel kg:acronym kg:nct kg:eudract kg:otherIdentifier kg:pmid kg:doi
    skos:notation skos:exactMatch } } ORDER BY ?t ?name"""
VOCABULARY = "SELECT DISTINCT ?t ?kind { ?t a ?kind FILTER(STRSTARTS(STR(?t), STR(kg:))) } ORDER BY ?t"
TYPED = "SELECT DISTINCT ?t { ?t a ?kind FILTER(STRSTARTS(STR(?t), '%s')) } ORDER BY ?t"


def completion_terms(kg: Graph) -> str:
    """Prefixes as an object; lists of [CURIE, label] or [CURIE, label, other names]; JSON text.

    Classes and properties are those in use, the most used first, and then those only declared. Entities are
    the things that the graph is about; `values` are the terms of the vocabulary that stand as values.
    """
    own, vocabulary = kg.names.base, kg.names.prefixes["kg"]
    labels = {row["t"]: row["label"] for row in kg.select(LABELLED)}
    lists = {name: kg.select(query).column("t") for name, query in USED.items()}
    declared: dict[str, list[str]] = {"classes": [], "properties": [], "values": []}
    for row in kg.select(VOCABULARY):
        kind = str(row["kind"]).partition("#")[2]
        kind = "classes" if kind == "Class" else "properties" if kind.endswith("Property") else "values"
        declared[kind].append(row["t"])
    placed = {iri for used in lists.values() for iri in used}
    for name, iris in declared.items():
        fresh = [iri for iri in dict.fromkeys(iris) if iri not in placed]
        lists.setdefault(name, []).extend(fresh)
        placed.update(fresh)
    things = kg.select(TYPED % own).column("t")
    lists["entities"] = [
        iri for iri in things if not iri.startswith(vocabulary) and iri in labels and iri not in placed
    ]
    names: dict[str, list[str]] = {}
    for row in kg.select(NAMED % own):
        names.setdefault(row["t"], []).append(kg.names.shorten(str(row["name"])))
    terms: dict[str, object] = {"prefixes": dict(kg.names.prefixes)}
    for name, iris in lists.items():
        terms[name] = [_entry(kg.names.shorten(iri), labels.get(iri, ""), names.get(iri, [])) for iri in iris]
    return json.dumps(terms, ensure_ascii=False, separators=(",", ":"))


def _entry(curie: str, label: str, names: list[str]) -> list[object]:
    others = [name for name in dict.fromkeys(names) if name != label]
    return [curie, label, others] if others else [curie, label]
