"""The trials that give a drug, study a condition or have a sponsor."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.named_trials import named_trials

#: Kind of an entity -> by what its trials are found; those of others are joined by a pattern.
_BY_NAME = {"drug": "drug", "disease": "condition"}
_PATTERNS = {"organisation": "SELECT DISTINCT ?trial { ?trial kg:sponsor|kg:collaborator <%s> }"}
_LABEL = "SELECT ?label { <%s> rdfs:label ?label } ORDER BY ?label"
_TRIALS = """SELECT ?trial (MIN(?n) AS ?number) (MIN(?a) AS ?acronym) (MIN(?p) AS ?phase)
    (MIN(?st) AS ?status) {
    VALUES ?trial { %s } ?trial a kg:Trial . OPTIONAL { ?trial kg:nct ?n } OPTIONAL { ?trial kg:acronym ?a }
    OPTIONAL { ?trial kg:phase ?p } OPTIONAL { ?trial kg:status/rdfs:label ?l BIND(STR(?l) AS ?st) } }
    GROUP BY ?trial ORDER BY ?number ?trial"""


def trials_of(kg: Asked, iri: str) -> list[dict[str, str]]:
    """The trials of a drug, condition or organisation, by registry number; none of another kind.

    Those of a drug or condition are the ones that `--drug` and `--condition` find by its label. Each has
    `trial`, `number`, `acronym`, `phase` and `status`, empty where not stated.
    """
    kind = kg.names.kind_of(iri) or ""
    found: set[str] = set()
    if kind in _BY_NAME:
        labels = [label for (label,) in table_of(kg, _LABEL % iri)]
        found = {trial for label in labels for trial in named_trials(kg, _BY_NAME[kind]).trials(label)}
    elif kind in _PATTERNS:
        found = {trial for (trial,) in table_of(kg, _PATTERNS[kind] % iri)}
    rows = kg.select(_TRIALS % " ".join(f"<{trial}>" for trial in sorted(found))) if found else ()
    return [{name: str(value or "") for name, value in row.items()} for row in rows]
