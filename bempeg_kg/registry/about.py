"""What else a record says of its trial: oversight, sponsor class, sites, headings, data sharing, documents.

The fields of persons (names, mail, telephone) are not read. Of a site stays its city. Mail addresses inside
texts are left out (`mapping.without_addresses`); a telephone number that somebody wrote into a text stays.
"""

from __future__ import annotations

from collections import Counter

from bempeg_kg.rdf.ntriples import FALSE, TRUE, date, decimal, digest, integer, kg, number, slug, text
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.naming import mesh
from bempeg_kg.registry.record import Record, maybe, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BROWSE = (
    ("conditionBrowseModule", p.CONDITION_MESH, p.CONDITION_MESH_ANCESTOR),
    ("interventionBrowseModule", p.INTERVENTION_MESH, p.INTERVENTION_MESH_ANCESTOR),
)
_OVERSIGHT = (
    ("oversightHasDmc", p.HAS_DATA_MONITORING_COMMITTEE),
    ("isFdaRegulatedDrug", p.IS_FDA_REGULATED_DRUG),
    ("isFdaRegulatedDevice", p.IS_FDA_REGULATED_DEVICE),
)
_OVERSIGHT_NOTES = (
    ("isUnapprovedDevice", "unapproved device"),
    ("isPpsd", "pediatric postmarket surveillance of a device"),
    ("isUsExport", "product exported from the United States"),
    ("fdaaa801Violation", "violation of FDAAA 801"),
)
_SUBMITTED = (
    (p.FIRST_SUBMITTED, "studyFirstSubmitDate"),
    (p.RESULTS_SUBMITTED, "resultsFirstSubmitDate"),
    (p.DELAY_CERTIFIED, "dispFirstSubmitDate"),
)
_ROUND = ((p.RESULTS_RELEASED, "releaseDate"), (p.RESULTS_RETURNED, "resetDate"))
_WHERE_ROUNDS = "derivedSection.miscInfoModule.submissionTracking.submissionInfos[]"
_WHERE_DOCUMENTS = "documentSection.largeDocumentModule.largeDocs[].date"


def words(code: str) -> str:
    """A code of the registry as words.

    >>> words("NON_PROBABILITY_SAMPLE")
    'non probability sample'
    """
    return code.replace("_", " ").lower()


def map_about(record: Record, study: dict[str, Any]) -> None:
    """Write what the record says besides design, arms and results."""
    protocol = study["protocolSection"]
    parts = [
        *_sponsor_classes(protocol.get("sponsorCollaboratorsModule") or {}),
        *_oversight(protocol.get("oversightModule") or {}),
        *_who(protocol.get("eligibilityModule") or {}),
        *_observational(protocol.get("designModule") or {}),
        *_access(protocol.get("statusModule") or {}),
        *_sharing(protocol),
        *_sites(record, protocol.get("contactsLocationsModule") or {}),
        *_headings(record, study.get("derivedSection") or {}),
        *_documents(record, study.get("documentSection") or {}),
    ]
    removed = ((study.get("derivedSection") or {}).get("miscInfoModule") or {}).get("removedCountries")
    parts += [p.REMOVED_COUNTRY + text(country) for country in dict.fromkeys(removed or ())]
    if parts:
        record.node(record.facts, parts)
    _results_note(record, study)


def flag(parts: list[str], predicate: str, value: object) -> None:
    """Add true or false if it is stated. Raises TypeError for anything else."""
    if value is None:
        return
    if not isinstance(value, bool):
        raise TypeError(predicate)
    parts.append(predicate + (TRUE if value else FALSE))


def _sponsor_classes(module: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    maybe(parts, p.SPONSOR_CLASS, words((module.get("leadSponsor") or {}).get("class") or ""))
    for collaborator in module.get("collaborators") or ():
        if collaborator.get("name") and collaborator.get("class"):
            parts.append(
                p.COLLABORATOR_CLASS + text(f"{collaborator['name']}: {words(collaborator['class'])}")
            )
    maybe(parts, p.RESPONSIBLE_PARTY, words((module.get("responsibleParty") or {}).get("type") or ""))
    return parts


def _oversight(module: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    for key, predicate in _OVERSIGHT:
        flag(parts, predicate, module.get(key))
    for key, note in _OVERSIGHT_NOTES:
        if module.get(key) is not None:
            parts.append(p.OVERSIGHT_NOTE + text(f"{note}: {'yes' if module[key] else 'no'}"))
    return parts


def _who(module: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    flag(parts, p.IS_GENDER_BASED, module.get("genderBased"))
    maybe(parts, p.GENDER_DESCRIPTION, module.get("genderDescription"))
    maybe(parts, p.SAMPLING_METHOD, words(module.get("samplingMethod") or ""))
    return parts + [p.AGE_GROUP + text(words(age)) for age in dict.fromkeys(texts(module, "stdAges"))]


def _observational(module: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    info = module.get("designInfo") or {}
    maybe(parts, p.INTERVENTION_MODEL, words(info.get("interventionModel") or ""))
    maybe(parts, p.OBSERVATIONAL_MODEL, words(info.get("observationalModel") or ""))
    maybe(parts, p.TIME_PERSPECTIVE, words(info.get("timePerspective") or ""))
    maybe(parts, p.TARGET_DURATION, module.get("targetDuration"))
    flag(parts, p.IS_PATIENT_REGISTRY, module.get("patientRegistry"))
    specimens = module.get("bioSpec") or {}
    maybe(parts, p.BIOSPECIMENS, words(specimens.get("retention") or ""))
    maybe(parts, p.BIOSPECIMENS, specimens.get("description"))
    return parts


def _access(status: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    access = status.get("expandedAccessInfo") or {}
    has_access = access.get("hasExpandedAccess")
    answer = ["not stated" if has_access is None else "yes" if has_access else "no"]
    answer += [one for one in (access.get("nctId"), words(access.get("statusForNctId") or "")) if one]
    if access:
        parts.append(p.EXPANDED_ACCESS + text(", ".join(answer)))
    return parts


def _sharing(protocol: dict[str, Any]) -> list[str]:
    module = protocol.get("ipdSharingStatementModule") or {}
    parts: list[str] = []
    maybe(parts, p.DATA_SHARING, words(module.get("ipdSharing") or ""))
    for key, name in (
        ("description", ""),
        ("timeFrame", "when: "),
        ("accessCriteria", "who: "),
        ("url", "where: "),
    ):
        if module.get(key):
            maybe(parts, p.DATA_SHARING_PLAN, f"{name}{module[key]}")
    for kind in dict.fromkeys(texts(module, "infoTypes")):
        parts.append(p.DATA_SHARING_PLAN + text(f"shared: {words(kind)}"))
    for avail_ipd in (protocol.get("referencesModule") or {}).get("availIpds") or ():
        fields = [avail_ipd.get("type"), avail_ipd.get("id"), avail_ipd.get("url"), avail_ipd.get("comment")]
        maybe(parts, p.AVAILABLE_DATA, "; ".join(part for part in fields if part))
    return parts


def _sites(record: Record, module: dict[str, Any]) -> list[str]:
    """The cities of the sites, which records share; the number of sites in each is not kept."""
    sites: dict[str, None] = {}
    statuses: Counter[str] = Counter()
    for location in module.get("locations") or ():
        if location.get("status"):
            statuses[words(location["status"])] += 1
        if location.get("city"):
            sites[_place(record, location)] = None
        else:
            where = "protocolSection.contactsLocationsModule.locations[].city"
            record.problem(where, "a site without a city is counted, and its country kept")
    counted = [f"{status}: {count}" for status, count in sorted(statuses.items())]
    return [*(p.SITE + iri for iri in sites), *(p.SITE_STATUS + text(one) for one in counted)]


def _place(record: Record, site: dict[str, Any]) -> str:
    names = [name for name in (site["city"], site.get("state"), site.get("country")) if name]
    where = site.get("geoPoint") or {}
    parts = [p.A + kg("Place"), p.CITY + text(site["city"])]
    maybe(parts, p.STATE, site.get("state"))
    maybe(parts, p.COUNTRY, site.get("country"))
    degrees = [
        lexical
        for key in ("lat", "lon")
        if isinstance(where.get(key), int | float) and (lexical := number(str(where[key]))) is not None
    ]
    if len(degrees) == 2:
        parts += (p.LATITUDE + decimal(degrees[0]), p.LONGITUDE + decimal(degrees[1]))
    # Copies of other dates may place a city elsewhere: each position is a place of its own.
    position = f" ({', '.join(degrees)})" if len(degrees) == 2 else ""
    parts.append(p.LABEL + text(", ".join(names) + position))
    mark = f"-{digest(*names, *degrees)}"
    return record.shared_node("place", slug("-".join(names), 60) + mark, parts)


def _headings(record: Record, derived: dict[str, Any]) -> list[str]:
    headings: dict[str, None] = {}
    for module, own, above in _BROWSE:
        for key, predicate in (("meshes", own), ("ancestors", above)):
            for heading in (derived.get(module) or {}).get(key) or ():
                iri = mesh(heading.get("id") or "")
                if iri:
                    headings[predicate + iri] = None
                    if heading.get("term"):
                        record.say(iri, p.HEADING + text(heading["term"]))
                else:
                    where = f"derivedSection.{module}.{key}[].id"
                    record.problem(where, "a heading whose number is none of MeSH was left out")
    return list(headings)


def _documents(record: Record, section: dict[str, Any]) -> list[str]:
    module = section.get("largeDocumentModule") or {}
    documents = []
    for large_doc in module.get("largeDocs") or ():
        name = large_doc.get("filename") or large_doc.get("label") or "document"
        parts = [
            p.A + kg("TrialDocument"),
            p.LABEL + text(f"{large_doc.get('label') or name}, {record.nct}"),
            p.SOURCE_TYPE + text(_kinds(large_doc)),
            p.VERIFICATION + kg("listedOnly"),
            p.REPORTS_ON + record.trial,
        ]
        maybe(parts, p.FILE_NAME, large_doc.get("filename"))
        written = date(large_doc.get("date"))
        if written:
            parts.append(p.DATED + written)
        elif large_doc.get("date"):
            record.problem(_WHERE_DOCUMENTS, "a date that is no date was left out")
        iri = record.own("source", f"document-{slug(name, 40)}")
        record.node(iri, parts)
        documents.append(p.DOCUMENT + iri)
    return documents


def _kinds(document: dict[str, Any]) -> str:
    kinds = (
        ("hasProtocol", "study protocol"),
        ("hasSap", "statistical analysis plan"),
        ("hasIcf", "informed consent form"),
    )
    return " and ".join(name for key, name in kinds if document.get(key)) or "document"


def _results_note(record: Record, study: dict[str, Any]) -> None:
    """Limitations, agreements on publishing and the history of submission, which describe the record."""
    status = study["protocolSection"].get("statusModule") or {}
    more = (study.get("resultsSection") or {}).get("moreInfoModule") or {}
    parts: list[str] = []
    maybe(parts, p.LIMITATIONS, (more.get("limitationsAndCaveats") or {}).get("description"))
    agreement = more.get("certainAgreement") or {}
    for key, label in (
        ("piSponsorEmployee", "investigator employed by the sponsor"),
        ("restrictiveAgreement", "restrictive agreement"),
    ):
        if agreement.get(key) is not None:
            parts.append(p.PUBLICATION_AGREEMENT + text(f"{label}: {'yes' if agreement[key] else 'no'}"))
    if agreement.get("restrictionType"):
        parts.append(p.PUBLICATION_AGREEMENT + text(f"restriction: {words(agreement['restrictionType'])}"))
    maybe(parts, p.PUBLICATION_AGREEMENT, agreement.get("otherDetails"))
    flag(parts, p.RESULTS_WAIVED, status.get("resultsWaived"))
    _dates(record, parts, status, study.get("derivedSection") or {})
    if parts:
        record.node(record.source, parts)


def _dates(record: Record, parts: list[str], status: dict[str, Any], derived: dict[str, Any]) -> None:
    tracking = (derived.get("miscInfoModule") or {}).get("submissionTracking") or {}
    rounds = tracking.get("submissionInfos")
    for predicate, key, where, module in (
        *((*one, "protocolSection.statusModule", status) for one in _SUBMITTED),
        *((*one, _WHERE_ROUNDS, submission) for submission in rounds or () for one in _ROUND),
    ):
        printed = module.get(key)
        written = date(printed) if printed else None
        if written:
            parts.append(predicate + written)
        elif printed:
            record.problem(f"{where}.{key}", "a date that is no date was left out")
    if rounds:
        parts.append(p.SUBMISSION_ROUNDS + integer(len(rounds)))
