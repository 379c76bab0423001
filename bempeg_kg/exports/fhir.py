"""FHIR R5: trials as ResearchStudy, results and contrasts as Evidence, in one Bundle.

As the project EBM on FHIR uses the resources: an Evidence says for whom, what was measured, against what, and
the statistic with its interval. The number as printed is the description of the statistic, since FHIR has no
other place for it.
"""

from __future__ import annotations

import hashlib
import json

from bempeg_kg.exports.kgx import publications
from bempeg_kg.exports.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"
_REGISTRY = "https://clinicaltrials.gov"
_ID_LENGTH = 64


def write(source: Source, *, licence: str) -> dict[str, bytes]:
    """`evidence.json`: a Bundle of type collection, its entries sorted by IRI."""
    resources = [(iri, _study(source, iri)) for iri in source.of_class("kg:Trial")]
    resources += [(iri, _evidence(source, iri, licence)) for iri in source.of_class("kg:Result")]
    resources += [(iri, _evidence(source, iri, licence)) for iri in source.of_class("kg:Contrast")]
    entries = [{"fullUrl": iri, "resource": resource} for iri, resource in sorted(resources)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return {"evidence.json": (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()}


def _study(source: Source, iri: str) -> dict[str, Any]:
    arms = [arm for arm in source.of_class("kg:Arm") if iri in source.peek(arm, "kg:trial")]
    study: dict[str, Any] = {
        "resourceType": "ResearchStudy",
        "id": identifier(iri),
        "identifier": [{"system": _REGISTRY, "value": one} for one in source.take(iri, "kg:nct")],
        "title": source.one(iri, "rdfs:label"),
        "status": "active",
        "condition": [_concept(source.label(one)) for one in source.take(iri, "kg:condition")],
        "comparisonGroup": [
            {
                "linkId": identifier(arm),
                "name": source.one(arm, "rdfs:label"),
                "type": _concept(source.label(source.one(arm, "kg:armRole"))),
            }
            for arm in arms
        ],
    }
    phase = source.one(iri, "kg:phase")
    if phase:
        study["phase"] = _concept(phase)
    sponsors = [source.label(one) for one in source.take(iri, "kg:sponsor")]
    study["associatedParty"] = [{"name": sponsor, "role": _concept("sponsor")} for sponsor in sponsors]
    return _without_empty(study)


def _evidence(source: Source, iri: str, licence: str) -> dict[str, Any]:
    cited = publications(source, iri)
    return _without_empty(
        {
            "resourceType": "Evidence",
            "id": identifier(iri),
            "url": iri,
            "title": source.one(iri, "rdfs:label"),
            "status": "active",
            "copyright": licence,
            "relatedArtifact": [{"type": "derived-from", "citation": one} for one in cited.split("|") if one],
            "variableDefinition": _variables(source, iri),
            "statistic": [_statistic(source, iri)],
        }
    )


def _variables(source: Source, iri: str) -> list[dict[str, Any]]:
    """Who, what and against what, each with its role in the analysis."""
    roles = (
        ("population", "kg:analysisSet"),
        ("exposure", "kg:group"),
        ("exposure", "kg:comparedGroup"),
        ("referenceExposure", "kg:referenceGroup"),
        ("measuredVariable", "kg:endpoint"),
        ("measuredVariable", "kg:adverseEvent"),
    )
    return [
        {"variableRole": {"coding": [{"system": _ROLES, "code": role}]}, "description": source.label(one)}
        for role, name in roles
        for one in source.take(iri, name)
    ]


def _statistic(source: Source, iri: str) -> dict[str, Any]:
    kind = source.one(iri, "kg:statistic") or source.one(iri, "kg:measure")
    statistic: dict[str, Any] = {
        "description": source.one(iri, "kg:shown"),
        "statisticType": _concept(source.label(kind)),
        "attributeEstimate": _estimates(source, iri),
    }
    value = source.one(iri, "kg:value")
    if value:
        statistic["quantity"] = {"value": float(value), "unit": source.label(source.one(iri, "kg:unit"))}
    affected, size = source.one(iri, "kg:numerator"), source.one(iri, "kg:denominator")
    if affected:
        statistic["numberAffected"] = int(affected)
    if size:
        statistic["sampleSize"] = {"knownDataCount": int(size)}
    return _without_empty(statistic)


def _estimates(source: Source, iri: str) -> list[dict[str, Any]]:
    """The confidence interval with its level as a share, and the p-value with its printed sign."""
    limits = {
        end: {"value": float(source.one(iri, name))}
        for end, name in (("low", "kg:lower"), ("high", "kg:upper"))
        if source.peek(iri, name)
    }
    estimates = []
    if limits:
        interval: dict[str, Any] = {"type": _concept("confidence interval"), "range": limits}
        level = source.one(iri, "kg:level")
        estimates.append(interval | ({"level": float(level) / 100} if level else {}))
    p_value, printed = source.one(iri, "kg:pValue"), source.one(iri, "kg:pPrinted")
    if p_value:
        sign = {"comparator": printed[0]} if printed[:1] in ("<", ">") else {}
        estimates.append({"type": _concept("p-value"), "quantity": {"value": float(p_value), **sign}})
    return estimates


def identifier(iri: str) -> str:
    """A FHIR id for an IRI: its slug, cut and made unique by a hash where it is longer than 64 characters.

    >>> identifier("https://example.org/trial/pivot-02")
    'trial-pivot-02'
    """
    text = "-".join(iri.rsplit("/", 2)[-2:])
    if len(text) <= _ID_LENGTH:
        return text
    return f"{text[:47]}-{hashlib.sha256(iri.encode()).hexdigest()[:16]}"


def _concept(text: str) -> dict[str, str]:
    return {"text": text}


def _without_empty(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if value not in ("", [], {}, {"text": ""})}
