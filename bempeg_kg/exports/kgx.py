"""KGX: nodes and edges as TSV, in the terms of the Biolink Model.

A node takes an outside identifier where an exact match gives one of the kind that Biolink prefers for its
category, so that it joins other graphs; all others keep our own. An edge is one step of mechanism, or the
fact that a trial gives a drug to patients with a disease; a step that is denied is an edge with `negated`.
"""

from __future__ import annotations

from typing import NamedTuple

from bempeg_kg.exports.source import Source
from bempeg_kg.rdf.names import EXTERNAL

NODE_COLUMNS = ("id", "category", "name", "synonym", "description", "xref", "iri", "provided_by")
EDGE_COLUMNS = (
    *("id", "subject", "predicate", "object", "category", "negated", "qualifier", "qualified_predicate"),
    *("object_aspect_qualifier", "object_direction_qualifier", "anatomical_context_qualifier"),
    *("publications", "has_evidence", "knowledge_level", "agent_type", "provided_by"),
)

#: class of the vocabulary -> category
CATEGORIES = {
    "kg:Drug": "biolink:Drug",
    "kg:ActiveSpecies": "biolink:ChemicalEntity",
    "kg:DrugComponent": "biolink:ChemicalEntity",
    "kg:DrugCombination": "biolink:ChemicalMixture",
    "kg:DrugClass": "biolink:ChemicalRole",
    "kg:Protein": "biolink:Protein",
    "kg:ProteinFamily": "biolink:ProteinFamily",
    "kg:ProteinComplex": "biolink:MacromolecularComplex",
    "kg:CellType": "biolink:Cell",
    "kg:Compartment": "biolink:AnatomicalEntity",
    "kg:BiologicalProcess": "biolink:BiologicalProcess",
    "kg:Pathway": "biolink:Pathway",
    "kg:Disease": "biolink:Disease",
    "kg:AdverseEventTerm": "biolink:PhenotypicFeature",
    "kg:Endpoint": "biolink:ClinicalAttribute",
    "kg:Trial": "biolink:ClinicalTrial",
    "kg:Organisation": "biolink:Agent",
}

#: category -> our prefixes whose exact matches can be the identifier of a node, best first
PREFERRED = {
    "biolink:Drug": ("rxnorm", "umls", "CHEBI", "unii", "chembl.compound", "drugbank", "mesh", "cas"),
    "biolink:Protein": ("uniprot", "PR"),
    "biolink:MacromolecularComplex": ("GO", "reactome", "chembl.target", "complexportal"),
    "biolink:Cell": ("CL", "umls", "NCIT", "mesh"),
    "biolink:AnatomicalEntity": ("UBERON", "NCIT", "mesh"),
    "biolink:BiologicalProcess": ("GO", "reactome"),
    "biolink:Pathway": ("GO", "reactome", "wikipathways"),
    "biolink:Disease": ("MONDO", "DOID", "EFO", "umls", "mesh", "NCIT"),
    "biolink:PhenotypicFeature": ("HP", "EFO", "NCIT", "umls", "mesh"),
    "biolink:ChemicalRole": ("CHEBI",),
}

#: our prefix -> how Biolink spells it, where that differs
SPELLED = {
    "atc": "ATC",
    "cas": "CAS",
    "chembl.compound": "CHEMBL.COMPOUND",
    "chembl.target": "CHEMBL.TARGET",
    "complexportal": "ComplexPortal",
    "drugbank": "DRUGBANK",
    "drugcentral": "DrugCentral",
    "fplx": "FPLX",
    "hgnc": "HGNC",
    "kegg.drug": "KEGG.DRUG",
    "mesh": "MESH",
    "reactome": "REACT",
    "rxnorm": "RXCUI",
    "umls": "UMLS",
    "unii": "UNII",
    "uniprot": "UniProtKB",
    "wikidata": "WIKIDATA",
    "wikipathways": "WIKIPATHWAYS",
}

#: relation of RO -> (aspect of the object, direction), for Biolink's `affects`
QUALIFIERS = {
    "RO:0002447": ("phosphorylation", "increased"),
    "RO:0002449": ("activity", "decreased"),
    "RO:0002450": ("activity", "increased"),
    "RO:0011008": ("expression", "increased"),
    "RO:0011013": ("activity", "increased"),
    "RO:0011016": ("activity", "decreased"),
    "RO:0011023": ("abundance", "decreased"),
    "RO:0011024": ("abundance", "increased"),
    "RO:0018027": ("activity", "increased"),
    "RO:0018029": ("activity", "decreased"),
}

#: how far a step was checked -> knowledge level
LEVELS = {
    "seenInSource": "knowledge_assertion",
    "curatorInference": "logical_entailment",
    "seedOnly": "not_provided",
}


class Tables(NamedTuple):
    """Rows of the two tables, each with the columns of NODE_COLUMNS and EDGE_COLUMNS."""

    nodes: list[dict[str, str]]
    edges: list[dict[str, str]]


def write(source: Source) -> dict[str, bytes]:
    """`nodes.tsv` and `edges.tsv`."""
    tables = make(source)
    return {
        "nodes.tsv": _tsv(NODE_COLUMNS, tables.nodes),
        "edges.tsv": _tsv(EDGE_COLUMNS, tables.edges),
    }


def make(source: Source) -> Tables:
    """Nodes and edges, sorted by identifier."""
    categories = {iri: category for name, category in CATEGORIES.items() for iri in source.of_class(name)}
    ids = {iri: node_id(source, iri, category) for iri, category in categories.items()}
    edges = [*_steps(source, ids), *_trials(source, ids)]
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
    return "bempeg:" + iri.removeprefix(source.names.base)


def _prefixed(source: Source, iris: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri in iris:
        prefix, colon, local = source.names.shorten(iri).partition(":")
        if colon and prefix in EXTERNAL:
            found.setdefault(prefix, []).append(local)
    return found


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
    context = [*source.take(step, "kg:contextCell"), *source.take(step, "kg:compartment")]
    checked = source.one(step, "kg:verification").rpartition("#")[2]
    return {
        "id": _own(source, step),
        "subject": ids[source.one(step, "kg:subject")],
        "predicate": predicate,
        "object": ids[source.one(step, "kg:object")],
        "category": "biolink:Association",
        "negated": source.one(step, "kg:negated"),
        "qualifier": " ".join(source.take(step, "kg:qualifier")),
        "qualified_predicate": "biolink:causes" if direction else "",
        "object_aspect_qualifier": aspect,
        "object_direction_qualifier": direction,
        "anatomical_context_qualifier": "|".join(ids[one] for one in context if one in ids),
        "publications": publications(source, step),
        "has_evidence": "|".join(map(source.names.shorten, source.take(step, "kg:evidenceType"))),
        "knowledge_level": LEVELS.get(checked, "not_provided"),
        "agent_type": "manual_agent",
        "provided_by": "bempeg-kg",
    }


def _trials(source: Source, ids: dict[str, str]) -> list[dict[str, str]]:
    """A drug is in clinical trials for a disease: read from the arms of a trial and what it recruits for."""
    given: dict[str, set[str]] = {}
    for intervention in source.of_class("kg:Intervention"):
        for trial in source.peek(intervention, "kg:trial"):
            given.setdefault(trial, set()).update(source.peek(intervention, "kg:drug"))
    edges = []
    for trial, drugs in sorted(given.items()):
        for drug in sorted(drugs):
            for disease in source.take(trial, "kg:condition"):
                if drug in ids and disease in ids:
                    edges.append(_trial(source, ids, trial, drug, disease))
    return edges


def _trial(source: Source, ids: dict[str, str], trial: str, drug: str, disease: str) -> dict[str, str]:
    parts = [one.rpartition("/")[2] for one in (trial, drug, disease)]
    edge = dict.fromkeys(EDGE_COLUMNS, "")
    return edge | {
        "id": f"bempeg:in-trial/{'--'.join(parts)}",
        "subject": ids[drug],
        "predicate": "biolink:in_clinical_trials_for",
        "object": ids[disease],
        "category": "biolink:Association",
        "negated": "false",
        "qualifier": source.label(trial),
        "publications": publications(source, trial, ids[trial]),
        "knowledge_level": "knowledge_assertion",
        "agent_type": "manual_agent",
        "provided_by": "bempeg-kg",
    }


def publications(source: Source, node: str, *more: str) -> str:
    """Sources of a statement as PMID, DOI or, without either, our own CURIE; joined by `|`."""
    found = [one for one in more if not one.startswith("bempeg:")]
    for paper in source.take(node, "prov:wasDerivedFrom"):
        pmid, doi = source.peek(paper, "kg:pmid"), source.peek(paper, "kg:doi")
        found.append(f"PMID:{pmid[0]}" if pmid else f"doi:{doi[0]}" if doi else _own(source, paper))
    return "|".join(dict.fromkeys(found))


def _tsv(columns: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    lines = ["\t".join(columns)]
    lines += ["\t".join(" ".join(row[column].split()) for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode()
