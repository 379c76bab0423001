"""The record itself and the identity of its trial: names, numbers, dates, status, sponsor, references."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import FALSE, TRUE, date, digest, integer, kg, normal, text
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.naming import mesh
from bempeg_kg.registry.record import Record, maybe, texts
from bempeg_kg.registry.stops import stop_classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LISTED = p.VERIFICATION + kg("listedOnly")
_EUDRACT = re.compile(r"\d{4}-\d{6}-\d\d", re.ASCII).fullmatch
_PMID = re.compile(r"\d{1,8}", re.ASCII).fullmatch
#: by the type of the date: actual, estimated, not stated
_DATES = (
    ("startDateStruct", p.START_DATE, p.ESTIMATED_START_DATE, p.UNTYPED_START_DATE),
    (
        "primaryCompletionDateStruct", p.PRIMARY_COMPLETION_DATE, p.ESTIMATED_PRIMARY_COMPLETION_DATE,
        p.UNTYPED_PRIMARY_COMPLETION_DATE,
    ),
    (
        "completionDateStruct", p.COMPLETION_DATE, p.ESTIMATED_COMPLETION_DATE, p.UNTYPED_COMPLETION_DATE,
    ),
)  # fmt: skip
_REFERENCE_TYPES = {
    "RESULT": p.RESULT_REFERENCE, "BACKGROUND": p.BACKGROUND_REFERENCE, "DERIVED": p.DERIVED_REFERENCE,
}  # fmt: skip
_STATUS = "protocolSection.statusModule"


def version_of(record: dict[str, Any]) -> tuple[str, str]:
    """What orders two records of one trial: the date of its last update, then the date of the copy.

    Both are empty strings if the record does not say, or says what is no date; such a record counts as older
    than any that does.
    """
    status = record["protocolSection"].get("statusModule") or {}
    posted = (status.get("lastUpdatePostDateStruct") or {}).get("date") or status.get("lastUpdateSubmitDate")
    holder = ((record.get("derivedSection") or {}).get("miscInfoModule") or {}).get("versionHolder")
    return (str(posted)[:10] if date(posted) else "", str(holder)[:10] if date(holder) else "")


def map_identity(record: Record, study: dict[str, Any]) -> None:
    """Write the registry record as a source, and the identity of the trial."""
    protocol = study["protocolSection"]
    status = protocol.get("statusModule") or {}
    posted = date((status.get("resultsFirstPostDateStruct") or {}).get("date"))
    if posted:
        record.first_public = p.FIRST_PUBLIC + posted
    _source(record, study, status, posted)
    names = protocol["identificationModule"]
    parts: list[str] = []
    if not record.is_curated:
        parts = [
            p.A + kg("Trial"),
            p.LABEL + text(names.get("acronym") or names.get("briefTitle") or record.nct),
            p.NCT + text(record.nct),
            p.ACRONYM + text(names.get("acronym") or record.nct),
            *record.grounds,
        ]
        if record.joins.programme:
            parts.append(f"{p.PROGRAMME}<{record.joins.programme}>")
    else:
        maybe(parts, p.ACRONYM, names.get("acronym"))
    if record.is_curated or names.get("acronym"):
        maybe(parts, p.ALTERNATIVE, names.get("briefTitle"))
    maybe(parts, p.OFFICIAL_TITLE, names.get("officialTitle"))
    parts += _other_numbers(names)
    parts += _status(status)
    parts += _dates(record, status)
    parts += _sponsors(record, protocol.get("sponsorCollaboratorsModule") or {})
    words = protocol.get("descriptionModule") or {}
    maybe(parts, p.SUMMARY, words.get("briefSummary"))
    maybe(parts, p.DETAILED_DESCRIPTION, words.get("detailedDescription"))
    parts += _headings(study)
    parts += _places(protocol.get("contactsLocationsModule") or {})
    parts += _references(record, protocol.get("referencesModule") or {})
    record.node(record.facts, parts)


def _source(record: Record, study: dict[str, Any], status: dict[str, Any], posted: str | None) -> None:
    updated, _ = version_of(study)
    label = f"{record.nct} on ClinicalTrials.gov"
    parts = [
        p.A + kg("RegistryRecord"),
        p.LABEL + text(f"{label}, last update posted {updated}" if updated else label),
        p.IDENTIFIER + text(record.nct),
        p.SOURCE_TYPE + text("registry record"),
        p.VENUE + text("ClinicalTrials.gov"),
        p.URL + text(f"https://clinicaltrials.gov/study/{record.nct}"),
        p.REPORTS_ON + record.trial,
        p.VERIFICATION + kg("seenInSource"),
        p.HAS_RESULTS + (TRUE if study.get("resultsSection") else FALSE),
    ]
    first = (status.get("studyFirstPostDateStruct") or {}).get("date") or status.get("studyFirstSubmitDate")
    for predicate, printed in (
        (p.RECORD_VERSION, updated),
        (p.FIRST_POSTED, first),
        (p.VERIFIED_DATE, status.get("statusVerifiedDate")),
    ):
        written = date(printed) if printed else None
        if written:
            parts.append(predicate + written)
        elif printed:
            record.problem(_STATUS, "a date that is no date was left out")
    if posted:
        parts.append(p.RESULTS_FIRST_POSTED + posted)
    record.node(record.source, parts)


def _other_numbers(names: dict[str, Any]) -> list[str]:
    others: dict[str, None] = {}
    protocol_code = (names.get("orgStudyIdInfo") or {}).get("id")
    if protocol_code:
        others[protocol_code] = None
    eudract: dict[str, None] = {}
    for secondary_id_info in names.get("secondaryIdInfos") or ():
        number = (secondary_id_info.get("id") or "").strip()
        if not number:
            continue
        # Some are typed as such and are none, such as 2011-001234-12-NL; the type stays as a detail.
        if _EUDRACT(number):
            eudract[number] = None
        else:
            others[number] = None
    aliases = dict.fromkeys(texts(names, "nctIdAliases"))
    return [
        *(p.EUDRACT + text(number) for number in eudract),
        *(p.NCT_ALIAS + text(number) for number in aliases),
        *(p.OTHER_IDENTIFIER + text(number) for number in others),
    ]


def _status(status: dict[str, Any]) -> list[str]:
    printed = status.get("overallStatus")
    why = status.get("whyStopped")
    parts: list[str] = []
    code = codes.STATUS.get(printed or "")
    # Statuses of an expanded access are known and have no class here: their words are kept.
    absent = "notReported" if not printed else "unknown" if printed == "UNKNOWN" else "inText"
    parts.append(p.STATUS + code if code else p.STATUS_ABSENT + kg(absent))
    known = status.get("lastKnownStatus")
    words = [printed, f"last known {known}" if known else ""]
    maybe(parts, p.STATUS_PRINTED, ", ".join(one for one in words if one).replace("_", " ").capitalize())
    if why:
        parts.append(p.STOP_REASON + text(why))
    if why or printed in codes.STOPPED:
        parts += [p.STOP_REASON_CLASS + stop_cls for stop_cls in stop_classes(why)]
    return parts


def _dates(record: Record, status: dict[str, Any]) -> list[str]:
    parts = []
    for key, actual, estimated, untyped in _DATES:
        struct = status.get(key) or {}
        printed = struct.get("date")
        if not printed:
            continue
        written = date(printed)
        if written is None:
            record.problem(f"{_STATUS}.{key}.date", "a date that is no date was left out")
        else:
            parts.append(
                {"ACTUAL": actual, "ESTIMATED": estimated}.get(struct.get("type") or "", untyped) + written
            )
    return parts


def _sponsors(record: Record, module: dict[str, Any]) -> list[str]:
    lead = (module.get("leadSponsor") or {}).get("name")
    if lead:
        parts = [p.SPONSOR + record.shared("organisation", lead, "Organisation")]
    else:
        parts = [p.SPONSOR_STATUS + kg("notReported")]
    names = dict.fromkeys(collaborator.get("name") for collaborator in module.get("collaborators") or ())
    return parts + [
        p.COLLABORATOR + record.shared("organisation", name, "Organisation") for name in names if name
    ]


def _headings(study: dict[str, Any]) -> list[str]:
    derived = study.get("derivedSection") or {}
    iris: dict[str, None] = {}
    for module in ("conditionBrowseModule", "interventionBrowseModule"):
        for heading in (derived.get(module) or {}).get("meshes") or ():
            iri = mesh(heading.get("id") or "")
            if iri:
                iris[iri] = None
    return [p.SUBJECT + iri for iri in iris]


def _places(module: dict[str, Any]) -> list[str]:
    """How many sites there are, and in which countries; who works there is left out."""
    sites = module.get("locations") or ()
    if not sites:
        return []
    countries = sorted({site["country"] for site in sites if site.get("country")})
    return [p.SITE_COUNT + integer(len(sites)), *(p.COUNTRY + text(country) for country in countries)]


def _references(record: Record, module: dict[str, Any]) -> list[str]:
    iris: dict[str, None] = {}
    typed: dict[str, None] = {}
    for reference in module.get("references") or ():
        iri = _reference(record, reference)
        if iri:
            iris[iri] = None
            predicate = _REFERENCE_TYPES.get((reference.get("type") or "").upper())
            if predicate:
                typed[predicate + iri] = None
    for link in module.get("seeAlsoLinks") or ():
        address = link.get("url")
        if address:
            label = link.get("label") or address
            iri = f"<{record.base}source/link-{digest(address, label)}>"
            if iri not in iris:
                iris[iri] = None
                kind = p.SOURCE_TYPE + text("link in a registry record")
                about = [p.A + kg("Source"), p.LABEL + text(label), kind, p.URL + text(address), _LISTED]
                record.describe(iri, about)
        else:
            where = "protocolSection.referencesModule.seeAlsoLinks[].url"
            record.problem(where, "a link without an address was left out")
    return [*(p.REFERENCE + iri for iri in iris), *typed]


def _reference(record: Record, reference: dict[str, Any]) -> str | None:
    citation = " ".join((reference.get("citation") or "").split())
    pmid = reference.get("pmid") or ""
    kind = (reference.get("type") or "").lower()
    known = record.joins.papers.get(pmid)
    if known:
        iri = f"<{known}>"
        parts = []
    elif _PMID(pmid):
        iri = f"<{record.base}source/pmid-{pmid}>"
        parts = [
            p.A + kg("JournalArticle"),
            p.LABEL + text(f"PubMed {pmid}"),
            p.PMID + text(pmid),
            p.SOURCE_TYPE + text("journal article"),
            _LISTED,
        ]
    elif citation:
        iri = f"<{record.base}source/citation-{digest(normal(citation))}>"
        parts = [
            p.A + kg("Source"),
            p.LABEL + text(citation),
            p.SOURCE_TYPE + text("citation in a registry record"),
            _LISTED,
        ]
    else:
        return None
    if pmid and not known and not _PMID(pmid):
        where = "protocolSection.referencesModule.references[].pmid"
        record.problem(where, "a PubMed number that is none was left out")
    if citation and _PMID(pmid):
        parts.append(p.DESCRIPTION + text(citation))
    for notice in reference.get("retractions") or ():
        notice_source = " ".join(word for word in (notice.get("source"), notice.get("pmid")) if word)
        parts.append(p.SOURCE_FLAG + text(f"retracted: {notice_source}"))
    if parts:
        record.describe(iri, parts)
    if kind in ("result", "derived"):
        record.node(iri, [p.REPORTS_ON + record.trial])
    return iri
