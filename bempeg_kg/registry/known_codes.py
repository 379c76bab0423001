"""The codes that the registry's data model lists, field by field; any other is kept as printed, and told.

Without this a new code would lose its meaning in silence: an arm of a new type has the role "not stated".
"""

from __future__ import annotations

from functools import cache

from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.fields import nested
from bempeg_kg.registry.record import Record, maybe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ACCESS = "AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING"
_RECRUITING = (
    "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION NOT_YET_RECRUITING RECRUITING SUSPENDED"
    " TERMINATED WITHDRAWN"
)
_STATUS = f"{_RECRUITING} {_ACCESS} WITHHELD UNKNOWN"
_AGENCY = "NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN"
_DATE = "ACTUAL ESTIMATED"
_PARAM = (
    "GEOMETRIC_MEAN GEOMETRIC_LEAST_SQUARES_MEAN LEAST_SQUARES_MEAN LOG_MEAN MEAN MEDIAN NUMBER"
    " COUNT_OF_PARTICIPANTS COUNT_OF_UNITS"
)
_ID = "NIH FDA VA CDC AHRQ SAMHSA"
#: module -> field -> its codes
_CODES = {
    "protocolSection.identificationModule": {
        "orgStudyIdInfo.type": _ID,
        "secondaryIdInfos[].type": f"{_ID} OTHER_GRANT EUDRACT_NUMBER CTIS REGISTRY OTHER",
        "organization.class": _AGENCY,
    },
    "protocolSection.statusModule": {
        "overallStatus": _STATUS,
        "lastKnownStatus": _STATUS,
        "expandedAccessInfo.statusForNctId": _ACCESS,
        "startDateStruct.type": _DATE,
        "primaryCompletionDateStruct.type": _DATE,
        "completionDateStruct.type": _DATE,
        "studyFirstPostDateStruct.type": _DATE,
        "resultsFirstPostDateStruct.type": _DATE,
        "dispFirstPostDateStruct.type": _DATE,
        "lastUpdatePostDateStruct.type": _DATE,
    },
    "protocolSection.sponsorCollaboratorsModule": {
        "leadSponsor.class": _AGENCY,
        "collaborators[].class": _AGENCY,
        "responsibleParty.type": "SPONSOR PRINCIPAL_INVESTIGATOR SPONSOR_INVESTIGATOR",
    },
    "protocolSection.designModule": {
        "studyType": "EXPANDED_ACCESS INTERVENTIONAL OBSERVATIONAL",
        "phases[]": "NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4",
        "designInfo.allocation": "RANDOMIZED NON_RANDOMIZED NA",
        "designInfo.interventionModel": "SINGLE_GROUP PARALLEL CROSSOVER FACTORIAL SEQUENTIAL",
        "designInfo.primaryPurpose": "TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING"
        " HEALTH_SERVICES_RESEARCH BASIC_SCIENCE DEVICE_FEASIBILITY OTHER",
        "designInfo.observationalModel": "COHORT CASE_CONTROL CASE_ONLY CASE_CROSSOVER"
        " ECOLOGIC_OR_COMMUNITY FAMILY_BASED DEFINED_POPULATION NATURAL_HISTORY OTHER",
        "designInfo.timePerspective": "RETROSPECTIVE PROSPECTIVE CROSS_SECTIONAL OTHER",
        "designInfo.maskingInfo.masking": "NONE SINGLE DOUBLE TRIPLE QUADRUPLE",
        "designInfo.maskingInfo.whoMasked[]": "PARTICIPANT CARE_PROVIDER INVESTIGATOR OUTCOMES_ASSESSOR",
        "bioSpec.retention": "NONE_RETAINED SAMPLES_WITH_DNA SAMPLES_WITHOUT_DNA",
        "enrollmentInfo.type": _DATE,
    },
    "protocolSection.armsInterventionsModule": {
        "armGroups[].type": "EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR"
        " NO_INTERVENTION OTHER",
        "interventions[].type": "BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST"
        " DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE RADIATION OTHER",
    },
    "protocolSection.eligibilityModule": {
        "sex": "FEMALE MALE ALL",
        "stdAges[]": "CHILD ADULT OLDER_ADULT",
        "samplingMethod": "PROBABILITY_SAMPLE NON_PROBABILITY_SAMPLE",
    },
    "protocolSection.contactsLocationsModule": {
        "locations[].status": f"{_RECRUITING} AVAILABLE",
        "overallOfficials[].role": "STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR",
    },
    "protocolSection.referencesModule": {"references[].type": "BACKGROUND RESULT DERIVED"},
    "protocolSection.ipdSharingStatementModule": {
        "ipdSharing": "YES NO UNDECIDED",
        "infoTypes[]": "STUDY_PROTOCOL SAP ICF CSR ANALYTIC_CODE",
    },
    "resultsSection.moreInfoModule": {"certainAgreement.restrictionType": "LTE60 GT60 OTHER"},
    "resultsSection.baselineCharacteristicsModule.measures[]": {
        "paramType": _PARAM,
        "dispersionType": "NA STANDARD_DEVIATION STANDARD_ERROR INTER_QUARTILE_RANGE FULL_RANGE"
        " CONFIDENCE_80 CONFIDENCE_90 CONFIDENCE_95 CONFIDENCE_975 CONFIDENCE_99 CONFIDENCE_OTHER"
        " GEOMETRIC_COEFFICIENT",
    },
    "resultsSection.outcomeMeasuresModule.outcomeMeasures[]": {
        "type": "PRIMARY SECONDARY OTHER_PRE_SPECIFIED POST_HOC",
        "reportingStatus": "NOT_POSTED POSTED",
        "paramType": _PARAM,
        "analyses[].dispersionType": "STANDARD_DEVIATION STANDARD_ERROR_OF_MEAN",
        "analyses[].ciNumSides": "ONE_SIDED TWO_SIDED",
        "analyses[].nonInferiorityType": "SUPERIORITY NON_INFERIORITY EQUIVALENCE OTHER"
        " NON_INFERIORITY_OR_EQUIVALENCE SUPERIORITY_OR_OTHER NON_INFERIORITY_OR_EQUIVALENCE_LEGACY"
        " SUPERIORITY_OR_OTHER_LEGACY",
    },
    "resultsSection.adverseEventsModule": {
        f"{kind}Events[].assessmentType": "NON_SYSTEMATIC_ASSESSMENT SYSTEMATIC_ASSESSMENT"
        for kind in ("serious", "other")
    },
    "annotationSection.annotationModule": {
        "unpostedAnnotation.unpostedEvents[].type": "RESET RELEASE UNRELEASE",
        "violationAnnotation.violationEvents[].type": "VIOLATION_IDENTIFIED CORRECTION_CONFIRMED"
        " PENALTY_IMPOSED",
    },
}


@cache
def known_codes() -> dict[str, frozenset[str]]:
    """Path -> its codes, such as `protocolSection.designModule.phases[]`."""
    return {
        f"{module}.{name}": frozenset(codes.split())
        for module, fields in _CODES.items()
        for name, codes in fields.items()
    }


@cache
def _tree() -> dict[str, Any]:
    """The same as nested dictionaries: a leaf is (its path, its codes)."""
    return nested({path: (path, codes) for path, codes in known_codes().items()})


def map_codes(record: Record, study: dict[str, Any]) -> None:
    """Keep each code that no list has as a text on the record, and tell it."""
    unknown = list(_unknown(study, _tree()))
    parts: list[str] = []
    for path, code in unknown:
        record.problem(path, f"{code!r} is no code that the importer knows: kept as printed")
    for path, code in dict.fromkeys(unknown):
        maybe(parts, p.RECORD_DETAIL, f"code not known: {path.partition('.')[2]}: {code}")
    if parts:
        record.node(record.source, parts)


def _unknown(value: Any, shape: Any) -> Iterator[tuple[str, str]]:
    """(path, code) of each code below a value that is not in its list."""
    if isinstance(shape, tuple):
        path, codes = shape
        if value != "" and str(value) not in codes:
            yield path, str(value)
    elif "[]" in shape:
        inner = shape["[]"]
        for one in value:
            yield from _unknown(one, inner)
    else:
        for key, inner in shape.items():
            below = value.get(key)
            if below is not None:
                yield from _unknown(below, inner)
