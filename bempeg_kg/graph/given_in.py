"""The trials that give a drug, study a condition or have a sponsor."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked

#: Kind of an entity -> how its trials are found.
PATTERNS = {
    "drug": "?given kg:drug <%s> . ?arm kg:intervention ?given ; kg:trial ?trial .",
    "disease": "?trial kg:condition <%s> .",
    "organisation": "?trial kg:sponsor|kg:collaborator <%s> .",
}
_TRIALS = """SELECT ?trial (MIN(?n) AS ?number) (MIN(?a) AS ?acronym) (MIN(?p) AS ?phase)
    (MIN(?st) AS ?status) {
    %s ?trial a kg:Trial . OPTIONAL { ?trial kg:nct ?n } OPTIONAL { ?trial kg:acronym ?a }
    OPTIONAL { ?trial kg:phase ?p } OPTIONAL { ?trial kg:status/rdfs:label ?l BIND(STR(?l) AS ?st) } }
    GROUP BY ?trial ORDER BY ?number ?trial"""


def trials_of(kg: Asked, iri: str) -> list[dict[str, str]]:
    """The trials of a drug, condition or organisation, by registry number; none of another kind.

    Each has `trial`, `number`, `acronym`, `phase` and `status`, empty where not stated.
    """
    pattern = PATTERNS.get(kg.names.kind_of(iri) or "")
    rows = kg.select(_TRIALS % (pattern % iri)) if pattern else ()
    return [{name: str(value or "") for name, value in row.items()} for row in rows]
