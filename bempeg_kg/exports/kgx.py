"""KGX: nodes and edges as TSV, in the terms of the Biolink Model.

A node takes an outside identifier where an exact match gives one of the kind that Biolink prefers for its
category, so that it joins other graphs; all others keep our own, as a CURIE with a prefix for each kind
(`bempeg.disease:mibc`), which `prefixes.json` resolves. An edge is one step of mechanism, or the fact that
trials give a drug, in an experimental arm, to patients with a disease; a step that is denied is an edge with
`negated`.

Loaders that know an edge by its ends and relation alone merge a step that is claimed for one cell and denied
for another: load by `id`, or read `negated` with `anatomical_context_qualifier`.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from bempeg_kg.exports.biolink import CATEGORIES, LEVELS, PREFERRED, QUALIFIERS, SPELLED, association
from bempeg_kg.exports.source import Source
from bempeg_kg.rdf.names import EXTERNAL

NODE_COLUMNS = ("id", "category", "name", "synonym", "description", "xref", "iri", "provided_by")
EDGE_COLUMNS = (
    "id", "subject", "predicate", "object", "category", "negated", "qualifier", "qualified_predicate",
    "object_aspect_qualifier", "object_direction_qualifier", "anatomical_context_qualifier",
    "species_context_qualifier", "publications", "has_evidence", "knowledge_level", "agent_type",
    "provided_by",
)  # fmt: skip


class Tables(NamedTuple):
    """Rows of the two tables, each with the columns of NODE_COLUMNS and EDGE_COLUMNS."""

    nodes: list[dict[str, str]]
    edges: list[dict[str, str]]


def write(source: Source) -> dict[str, bytes]:
    """`nodes.tsv`, `edges.tsv`, and `prefixes.json` with the namespaces of our own prefixes."""
    tables = make(source)
    return {
        "nodes.tsv": _tsv(NODE_COLUMNS, tables.nodes),
        "edges.tsv": _tsv(EDGE_COLUMNS, tables.edges),
        "prefixes.json": _prefixes(tables, source.names.base),
    }


def make(source: Source) -> Tables:
    """Nodes and edges, sorted by identifier."""
    categories = {iri: category for name, category in CATEGORIES.items() for iri in source.of_class(name)}
    ids = {iri: node_id(source, iri, category) for iri, category in categories.items()}
    edges = [*_steps(source, ids), *_trials(source, ids)]
    category_of = {ids[iri]: category for iri, category in categories.items()}
    for edge in edges:
        ends = category_of[edge["subject"]], category_of[edge["object"]]
        edge["category"] = association(ends[0], edge["predicate"], ends[1])
    nodes = [_node(source, iri, ids[iri], category) for iri, category in sorted(categories.items())]
    return Tables(sorted(nodes, key=lambda node: node["id"]), sorted(edges, key=lambda edge: edge["id"]))


def node_id(source: Source, iri: str, category: str) -> str:
    """The identifier of a node: an outside one if an exact match gives it, else our own CURIE."""
    if category == "biolink:ClinicalTrial":
        numbers = source.take(iri, "kg:nct")
        return f"CLINICALTRIALS:{numbers[0]}" if numbers else _own(source, iri)
    exact = _prefixed(source, source.take(iri, "skos:exactMatch"))
    for prefix in PREFERRED.get(category, ()):
        if prefix in exact:
            return spelled(f"{prefix}:{exact[prefix][0]}")
    return _own(source, iri)


def spelled(curie: str) -> str:
    """A CURIE as Biolink spells its prefix.

    >>> spelled("uniprot:P14784")
    'UniProtKB:P14784'
    """
    prefix, _, local = curie.partition(":")
    return f"{SPELLED.get(prefix, prefix)}:{local}"


def _own(source: Source, iri: str) -> str:
    kind, slash, slug = iri.removeprefix(source.names.base).partition("/")
    return f"bempeg.{kind}:{slug.replace('/', '.')}" if slash else f"bempeg:{kind}"


def _prefixes(tables: Tables, base: str) -> bytes:
    """A JSON-LD context with each of our prefixes that the tables use."""
    cells = [cell for rows in tables for row in rows for value in row.values() for cell in value.split("|")]
    used = {cell.partition(":")[0] for cell in cells if cell.startswith(("bempeg.", "bempeg:"))}
    context = {one: f"{base}{one.removeprefix('bempeg.')}/" if "." in one else base for one in sorted(used)}
    return (json.dumps({"@context": context}, indent=2) + "\n").encode()


def _prefixed(source: Source, iris: list[str]) -> dict[str, list[str]]:
    by_prefix: dict[str, list[str]] = {}
    for iri in iris:
        prefix, colon, local = source.names.shorten(iri).partition(":")
        if colon and prefix in EXTERNAL:
            by_prefix.setdefault(prefix, []).append(local)
    return by_prefix


def _node(source: Source, iri: str, identifier: str, category: str) -> dict[str, str]:
    source.take(iri, "rdf:type")
    exact = _prefixed(source, source.take(iri, "skos:exactMatch"))
    xrefs = sorted(spelled(f"{prefix}:{local}") for prefix, several in exact.items() for local in several)
    return {
        "id": identifier,
        "category": category,
        "name": source.one(iri, "rdfs:label"),
        "synonym": "|".join(source.take(iri, "skos:altLabel")),
        "description": " ".join(source.take(iri, "skos:note")),
        "xref": "|".join(xref for xref in xrefs if xref != identifier),
        "iri": iri,
        "provided_by": "bempeg-kg",
    }


def _steps(source: Source, ids: dict[str, str]) -> list[dict[str, str]]:
    edges = []
    for step in source.of_class("kg:MechanismAssociation"):
        subject, target = source.peek(step, "kg:subject"), source.peek(step, "kg:object")
        predicate = source.peek(step, "kg:biolinkPredicate")
        if predicate and subject[0] in ids and target[0] in ids:
            edges.append(_step(source, step, ids))
    return edges


def _step(source: Source, step: str, ids: dict[str, str]) -> dict[str, str]:
    source.take(step, "rdf:type")
    relation = source.names.shorten(source.one(step, "kg:predicate"))
    predicate = source.names.shorten(source.one(step, "kg:biolinkPredicate"))
    aspect, direction = QUALIFIERS.get(relation, ("", "")) if predicate == "biolink:affects" else ("", "")
    aspect = source.one(step, "kg:objectAspect") or aspect
    direction = source.one(step, "kg:objectDirection") or direction
    context = [*source.take(step, "kg:contextCell"), *source.take(step, "kg:compartment")]
    checked = source.one(step, "kg:verification").rpartition("#")[2]
    return {
        "id": _own(source, step),
        "subject": ids[source.one(step, "kg:subject")],
        "predicate": predicate,
        "object": ids[source.one(step, "kg:object")],
        "negated": source.one(step, "kg:negated"),
        "qualifier": " ".join(source.take(step, "kg:qualifier")),
        "qualified_predicate": "biolink:causes" if direction else "",
        "object_aspect_qualifier": aspect,
        "object_direction_qualifier": direction,
        "anatomical_context_qualifier": "|".join(ids[one] for one in context if one in ids),
        "species_context_qualifier": "|".join(ids[one] for one in source.take(step, "kg:species")),
        "publications": publications(source, step),
        "has_evidence": "|".join(map(source.names.shorten, source.take(step, "kg:evidenceType"))),
        "knowledge_level": LEVELS.get(checked, "not_provided"),
        "agent_type": "manual_agent",
        "provided_by": "bempeg-kg",
    }


def _trials(source: Source, ids: dict[str, str]) -> list[dict[str, str]]:
    """A drug is in clinical trials for a disease: read from experimental arms and what they recruit for.

    A comparator is not tried for the disease, and a placebo is for none. Biolink has the relation for
    substances: classes of drugs and procedures are left out.
    """
    substances = ids.keys() & source.of_class("kg:Drug")
    trials: dict[tuple[str, str], set[str]] = {}
    for arm in source.of_class("kg:Arm"):
        if source.names.expand("kg:experimental") in source.peek(arm, "kg:armRole"):
            given = source.peek(arm, "kg:intervention")
            drugs = {drug for one in given for drug in source.peek(one, "kg:drug") if drug in substances}
            for trial in source.peek(arm, "kg:trial"):
                diseases = source.take(arm, "kg:condition") or source.take(trial, "kg:condition")
                for pair in ((drug, disease) for drug in drugs for disease in diseases if disease in ids):
                    trials.setdefault(pair, set()).add(trial)
    return [_trial(source, ids, *pair, sorted(of)) for pair, of in sorted(trials.items())]


def _trial(source: Source, ids: dict[str, str], drug: str, disease: str, trials: list[str]) -> dict[str, str]:
    parts = [one.rpartition("/")[2] for one in (drug, disease)]
    cited = [publications(source, trial, ids[trial]) for trial in trials]
    edge = dict.fromkeys(EDGE_COLUMNS, "")
    return edge | {
        "id": f"bempeg.in-trial:{'--'.join(parts)}",
        "subject": ids[drug],
        "predicate": "biolink:in_clinical_trials_for",
        "object": ids[disease],
        "negated": "false",
        "qualifier": "; ".join(source.label(trial) for trial in trials),
        "publications": "|".join(dict.fromkeys(one for text in cited for one in text.split("|"))),
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        "provided_by": "bempeg-kg",
    }


def publications(source: Source, node: str, *more: str) -> str:
    """Sources of a statement as PMID, DOI or, without either, our own CURIE; joined by `|`."""
    cited = [one for one in more if not one.startswith("bempeg")]
    for paper in source.take(node, "kg:derivedFrom"):
        pmid, doi = source.peek(paper, "kg:pmid"), source.peek(paper, "kg:doi")
        cited.append(f"PMID:{pmid[0]}" if pmid else f"doi:{doi[0]}" if doi else _own(source, paper))
    return "|".join(dict.fromkeys(cited))


def _tsv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(row[column].split()) for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode()
