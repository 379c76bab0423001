"""Which fields of a record the importer reads, and of what type each must be.

The one table serves two purposes: by it a record that is not of that shape is repaired, and it tells what a
record holds that was not mapped. A test changes each listed field and sees the output change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from bempeg_kg.registry.details import detail_fields

#: A module's path, then its fields with their types; `[]` marks a list, `count` a whole number or its digits.
_TABLE = """
protocolSection.identificationModule
  nctId text; nctIdAliases[] text; orgStudyIdInfo.id text; secondaryIdInfos[].id text
  secondaryIdInfos[].type text; briefTitle text; officialTitle text; acronym text
protocolSection.statusModule
  overallStatus text; lastKnownStatus text; whyStopped text; statusVerifiedDate text
  studyFirstSubmitDate text; startDateStruct.date text; startDateStruct.type text
  primaryCompletionDateStruct.date text; primaryCompletionDateStruct.type text
  completionDateStruct.date text; completionDateStruct.type text
  studyFirstPostDateStruct.date text; resultsFirstPostDateStruct.date text
  lastUpdatePostDateStruct.date text; lastUpdateSubmitDate text
  resultsFirstSubmitDate text; dispFirstSubmitDate text; resultsWaived bool
  expandedAccessInfo.hasExpandedAccess bool; expandedAccessInfo.nctId text
  expandedAccessInfo.statusForNctId text
protocolSection.sponsorCollaboratorsModule
  leadSponsor.name text; leadSponsor.class text; collaborators[].name text; collaborators[].class text
  responsibleParty.type text
protocolSection.oversightModule
  oversightHasDmc bool; isFdaRegulatedDrug bool; isFdaRegulatedDevice bool; isUnapprovedDevice bool
  isPpsd bool; isUsExport bool; fdaaa801Violation bool
protocolSection.ipdSharingStatementModule
  ipdSharing text; description text; infoTypes[] text; timeFrame text; accessCriteria text; url text
protocolSection.descriptionModule
  briefSummary text; detailedDescription text
protocolSection.conditionsModule
  conditions[] text; keywords[] text
protocolSection.designModule
  studyType text; phases[] text; enrollmentInfo.count count; enrollmentInfo.type text
  designInfo.allocation text; designInfo.interventionModel text
  designInfo.interventionModelDescription text; designInfo.primaryPurpose text
  designInfo.observationalModel text; designInfo.timePerspective text
  designInfo.maskingInfo.masking text; designInfo.maskingInfo.maskingDescription text
  designInfo.maskingInfo.whoMasked[] text; targetDuration text; patientRegistry bool
  bioSpec.retention text; bioSpec.description text
protocolSection.armsInterventionsModule
  armGroups[].label text; armGroups[].type text; armGroups[].description text
  armGroups[].interventionNames[] text; interventions[].type text; interventions[].name text
  interventions[].description text; interventions[].armGroupLabels[] text
  interventions[].otherNames[] text
protocolSection.outcomesModule
  primaryOutcomes[].measure text; primaryOutcomes[].description text
  primaryOutcomes[].timeFrame text; secondaryOutcomes[].measure text
  secondaryOutcomes[].description text; secondaryOutcomes[].timeFrame text
  otherOutcomes[].measure text; otherOutcomes[].description text; otherOutcomes[].timeFrame text
protocolSection.eligibilityModule
  eligibilityCriteria text; healthyVolunteers bool; sex text; minimumAge text; maximumAge text
  studyPopulation text; genderBased bool; genderDescription text; samplingMethod text; stdAges[] text
protocolSection.contactsLocationsModule
  locations[].country text; locations[].city text; locations[].state text; locations[].status text
  locations[].geoPoint.lat degrees; locations[].geoPoint.lon degrees
protocolSection.referencesModule
  references[].pmid text; references[].type text; references[].citation text
  references[].retractions[].pmid text; references[].retractions[].source text
  seeAlsoLinks[].label text; seeAlsoLinks[].url text
  availIpds[].type text; availIpds[].id text; availIpds[].url text; availIpds[].comment text
derivedSection
  miscInfoModule.versionHolder text; conditionBrowseModule.meshes[].id text
  interventionBrowseModule.meshes[].id text; conditionBrowseModule.meshes[].term text
  interventionBrowseModule.meshes[].term text; conditionBrowseModule.ancestors[].id text
  conditionBrowseModule.ancestors[].term text; interventionBrowseModule.ancestors[].id text
  interventionBrowseModule.ancestors[].term text; miscInfoModule.removedCountries[] text
  miscInfoModule.submissionTracking.submissionInfos[].releaseDate text
  miscInfoModule.submissionTracking.submissionInfos[].resetDate text
documentSection.largeDocumentModule
  largeDocs[].hasProtocol bool; largeDocs[].hasSap bool; largeDocs[].hasIcf bool; largeDocs[].label text
  largeDocs[].date text; largeDocs[].filename text
resultsSection.moreInfoModule
  limitationsAndCaveats.description text; certainAgreement.piSponsorEmployee bool
  certainAgreement.restrictionType text; certainAgreement.restrictiveAgreement bool
  certainAgreement.otherDetails text
resultsSection.baselineCharacteristicsModule
  populationDescription text; typeUnitsAnalyzed text; groups[].id text; groups[].title text
  groups[].description text; denoms[].units text; denoms[].counts[].groupId text
  denoms[].counts[].value count; measures[].title text; measures[].description text
  measures[].populationDescription text; measures[].paramType text; measures[].dispersionType text
  measures[].unitOfMeasure text; measures[].denomUnitsSelected text; measures[].denoms[].units text
  measures[].denoms[].counts[].groupId text; measures[].denoms[].counts[].value count
  measures[].classes[].title text; measures[].classes[].denoms[].units text
  measures[].classes[].denoms[].counts[].groupId text
  measures[].classes[].denoms[].counts[].value count; measures[].classes[].categories[].title text
  measures[].classes[].categories[].measurements[].groupId text
  measures[].classes[].categories[].measurements[].value text
  measures[].classes[].categories[].measurements[].spread text
  measures[].classes[].categories[].measurements[].lowerLimit text
  measures[].classes[].categories[].measurements[].upperLimit text
  measures[].classes[].categories[].measurements[].comment text
resultsSection.participantFlowModule
  preAssignmentDetails text; recruitmentDetails text; typeUnitsAnalyzed text
  groups[].id text; groups[].title text
  groups[].description text; periods[].title text; periods[].milestones[].type text
  periods[].milestones[].comment text; periods[].milestones[].achievements[].groupId text
  periods[].milestones[].achievements[].comment text
  periods[].milestones[].achievements[].numSubjects count
  periods[].milestones[].achievements[].numUnits count; periods[].dropWithdraws[].type text
  periods[].dropWithdraws[].comment text; periods[].dropWithdraws[].reasons[].groupId text
  periods[].dropWithdraws[].reasons[].comment text
  periods[].dropWithdraws[].reasons[].numSubjects count
  periods[].dropWithdraws[].reasons[].numUnits count
resultsSection.outcomeMeasuresModule.outcomeMeasures[]
  type text; title text; description text; populationDescription text; reportingStatus text
  timeFrame text; anticipatedPostingDate text; paramType text; dispersionType text
  unitOfMeasure text; typeUnitsAnalyzed text; denomUnitsSelected text; groups[].id text
  groups[].title text; groups[].description text; denoms[].units text
  denoms[].counts[].groupId text; denoms[].counts[].value count; classes[].title text
  classes[].denoms[].units text; classes[].denoms[].counts[].groupId text
  classes[].denoms[].counts[].value count; classes[].categories[].title text
  classes[].categories[].measurements[].groupId text
  classes[].categories[].measurements[].value text
  classes[].categories[].measurements[].spread text
  classes[].categories[].measurements[].lowerLimit text
  classes[].categories[].measurements[].upperLimit text
  classes[].categories[].measurements[].comment text; analyses[].groupIds[] text
  analyses[].groupDescription text; analyses[].paramType text; analyses[].paramValue text
  analyses[].dispersionType text; analyses[].dispersionValue text
  analyses[].statisticalMethod text; analyses[].statisticalComment text; analyses[].pValue text
  analyses[].pValueComment text; analyses[].ciNumSides text; analyses[].ciPctValue text
  analyses[].ciLowerLimit text; analyses[].ciUpperLimit text; analyses[].ciLowerLimitComment text
  analyses[].ciUpperLimitComment text; analyses[].estimateComment text
  analyses[].nonInferiorityType text; analyses[].nonInferiorityComment text
  analyses[].testedNonInferiority bool
  analyses[].otherAnalysisDescription text
resultsSection.adverseEventsModule
  frequencyThreshold text; timeFrame text; description text; allCauseMortalityComment text
  eventGroups[].id text; eventGroups[].title text; eventGroups[].description text
  eventGroups[].deathsNumAffected count; eventGroups[].deathsNumAtRisk count
  eventGroups[].seriousNumAffected count; eventGroups[].seriousNumAtRisk count
  eventGroups[].otherNumAffected count; eventGroups[].otherNumAtRisk count
  seriousEvents[].term text; seriousEvents[].organSystem text
  seriousEvents[].sourceVocabulary text; seriousEvents[].assessmentType text
  seriousEvents[].notes text; seriousEvents[].stats[].groupId text
  seriousEvents[].stats[].numEvents count; seriousEvents[].stats[].numAffected count
  seriousEvents[].stats[].numAtRisk count; otherEvents[].term text; otherEvents[].organSystem text
  otherEvents[].sourceVocabulary text; otherEvents[].assessmentType text; otherEvents[].notes text
  otherEvents[].stats[].groupId text; otherEvents[].stats[].numEvents count
  otherEvents[].stats[].numAffected count; otherEvents[].stats[].numAtRisk count
"""

#: What JSON of each kind of field is in Python, and what it is called.
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "count": (int, str),
    "bool": (bool,),
    "degrees": (int, float),
    "detail": (str, int, float, bool),
}
WORDS = {
    "text": "a text", "count": "a whole number", "bool": "true or false", "degrees": "a number",
    "detail": "a text, a number, true or false",
}  # fmt: skip


@cache
def mapped_fields() -> dict[str, str]:
    """Path -> type of every field that is read, such as `protocolSection.conditionsModule.conditions[]`."""
    types: dict[str, str] = {}
    module = ""
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            module = line.strip()
            continue
        for item in line.split(";"):
            path, kind = item.split()
            types[f"{module}.{path}"] = kind
    return dict.fromkeys(detail_fields(), "detail") | types


@cache
def field_tree() -> dict[str, Any]:
    """The fields as nested dictionaries: a leaf is the name of a type."""
    return nested(mapped_fields())


def nested(leaves: Mapping[str, object]) -> dict[str, Any]:
    """What stands at paths, as nested dictionaries; `[]` is the key of a list's items.

    >>> nested({"design.phases[]": "text", "design.type": "code"})
    {'design': {'phases': {'[]': 'text'}, 'type': 'code'}}
    """
    tree: dict[str, Any] = {}
    for path, leaf in leaves.items():
        *folders, last = path.replace("[]", ".[]").split(".")
        here = tree
        for name in folders:
            here = here.setdefault(name, {})
        here[last] = leaf
    return tree


def named(value: object) -> str:
    """What kind of JSON a value is, with its article."""
    names = {
        dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number",
        float: "a number",
    }  # fmt: skip
    return names.get(type(value), type(value).__name__)


def unmapped(study: dict[str, Any]) -> dict[str, int]:
    """Path -> how often, of every leaf of a record that the importer does not read.

    >>> unmapped({"hasResults": True, "protocolSection": {"identificationModule": {"nctId": "NCT01234567"}}})
    {'hasResults': 1}
    """
    counts: dict[str, int] = {}
    # A list of its own, not recursion: a record may be nested deeper than Python calls.
    waiting: list[tuple[Any, Any, str]] = [(study, field_tree(), "")]
    while waiting:
        value, shape, path = waiting.pop()
        below = shape if isinstance(shape, dict) else {}
        if isinstance(value, dict):
            inside = [
                (inner, below.get(key), f"{path}.{key}" if path else key) for key, inner in value.items()
            ]
            waiting += reversed(inside)
        elif isinstance(value, list):
            waiting += [(item, below.get("[]"), f"{path}[]") for item in reversed(value)]
        elif not isinstance(shape, str) and value is not None:
            counts[path] = counts.get(path, 0) + 1
    return counts


#: Why a field that the importer does not read is left out, by a part of its path.
_LEFT = (
    ("names of persons, mail and telephone are not imported",
     r"overallOfficials|pointOfContact|centralContacts|locations\[\]\.contacts|investigator|oldNameTitle"
     r"|unpostedResponsibleParty"),
    ("of a site its city is kept, not its name and address", r"locations\[\]\."),
    ("whether there are results is seen from them", r"^hasResults$"),
    ("the registry's own estimates", r"modelPredictions"),
    ("the registry's own index of headings, whose ancestors are kept", r"BrowseModule"),
)  # fmt: skip


def why_left(path: str) -> str:
    """Why the importer does not read a field; `` for one that it does not know.

    >>> why_left("protocolSection.contactsLocationsModule.overallOfficials[].name")
    'names of persons, mail and telephone are not imported'
    """
    return next((why for why, pattern in _LEFT if re.search(pattern, path)), "")
