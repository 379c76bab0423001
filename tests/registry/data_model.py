"""The data model of the ClinicalTrials.gov API v2: every path that its metadata lists.

Taken from public copies of `/studies/metadata` (fetched May 2026) and of its OpenAPI description, which also
lists the codes of `bempeg_kg.registry.known_codes`.
"""

from __future__ import annotations

from collections.abc import Iterator

_CONTACT = "name role phone phoneExt email"
_DENOMS = "denoms[].units denoms[].counts[].groupId denoms[].counts[].value"
_GROUPS = "groups[].id groups[].title groups[].description"
_CLASSES = (
    "classes[].title classes[].denoms[].units classes[].denoms[].counts[].groupId "
    "classes[].denoms[].counts[].value classes[].categories[].title "
    + " ".join(
        f"classes[].categories[].measurements[].{one}"
        for one in "groupId value spread lowerLimit upperLimit comment".split()
    )
)
_EVENTS = (
    "term organSystem sourceVocabulary assessmentType notes stats[].groupId stats[].numEvents "
    "stats[].numAffected stats[].numAtRisk"
)

#: where, and the fields there
_PATHS = (
    ("", "hasResults"),
    (
        "protocolSection.identificationModule",
        "nctId nctIdAliases[] orgStudyIdInfo.id orgStudyIdInfo.type orgStudyIdInfo.link "
        "secondaryIdInfos[].id secondaryIdInfos[].type secondaryIdInfos[].domain secondaryIdInfos[].link "
        "briefTitle officialTitle acronym organization.fullName organization.class",
    ),
    (
        "protocolSection.statusModule",
        "statusVerifiedDate overallStatus lastKnownStatus delayedPosting whyStopped "
        "expandedAccessInfo.hasExpandedAccess expandedAccessInfo.nctId expandedAccessInfo.statusForNctId "
        "startDateStruct.date startDateStruct.type primaryCompletionDateStruct.date "
        "primaryCompletionDateStruct.type completionDateStruct.date completionDateStruct.type "
        "studyFirstSubmitDate studyFirstSubmitQcDate studyFirstPostDateStruct.date "
        "studyFirstPostDateStruct.type resultsWaived resultsFirstSubmitDate resultsFirstSubmitQcDate "
        "resultsFirstPostDateStruct.date resultsFirstPostDateStruct.type dispFirstSubmitDate "
        "dispFirstSubmitQcDate dispFirstPostDateStruct.date dispFirstPostDateStruct.type "
        "lastUpdateSubmitDate lastUpdatePostDateStruct.date lastUpdatePostDateStruct.type",
    ),
    (
        "protocolSection.sponsorCollaboratorsModule",
        "responsibleParty.type responsibleParty.investigatorFullName responsibleParty.investigatorTitle "
        "responsibleParty.investigatorAffiliation responsibleParty.oldNameTitle "
        "responsibleParty.oldOrganization leadSponsor.name leadSponsor.class collaborators[].name "
        "collaborators[].class",
    ),
    (
        "protocolSection.oversightModule",
        "oversightHasDmc isFdaRegulatedDrug isFdaRegulatedDevice isUnapprovedDevice isPpsd isUsExport "
        "fdaaa801Violation",
    ),
    ("protocolSection.descriptionModule", "briefSummary detailedDescription"),
    ("protocolSection.conditionsModule", "conditions[] keywords[]"),
    (
        "protocolSection.designModule",
        "studyType nPtrsToThisExpAccNctId expandedAccessTypes.individual expandedAccessTypes.intermediate "
        "expandedAccessTypes.treatment patientRegistry targetDuration phases[] designInfo.allocation "
        "designInfo.interventionModel designInfo.interventionModelDescription designInfo.primaryPurpose "
        "designInfo.observationalModel designInfo.timePerspective designInfo.maskingInfo.masking "
        "designInfo.maskingInfo.maskingDescription designInfo.maskingInfo.whoMasked[] bioSpec.retention "
        "bioSpec.description enrollmentInfo.count enrollmentInfo.type",
    ),
    (
        "protocolSection.armsInterventionsModule",
        "armGroups[].label armGroups[].type armGroups[].description armGroups[].interventionNames[] "
        "interventions[].type interventions[].name interventions[].description "
        "interventions[].armGroupLabels[] interventions[].otherNames[]",
    ),
    *(
        ("protocolSection.outcomesModule", f"{kind}[].measure {kind}[].description {kind}[].timeFrame")
        for kind in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
    ),
    (
        "protocolSection.eligibilityModule",
        "eligibilityCriteria healthyVolunteers sex genderBased genderDescription minimumAge maximumAge "
        "stdAges[] studyPopulation samplingMethod",
    ),
    *(
        (f"protocolSection.contactsLocationsModule.{who}[]", _CONTACT)
        for who in ("centralContacts", "locations[].contacts")
    ),
    (
        "protocolSection.contactsLocationsModule",
        "overallOfficials[].name overallOfficials[].affiliation overallOfficials[].role "
        "locations[].facility locations[].status locations[].city locations[].state locations[].zip "
        "locations[].country locations[].geoPoint.lat locations[].geoPoint.lon",
    ),
    (
        "protocolSection.referencesModule",
        "references[].pmid references[].type references[].citation references[].retractions[].pmid "
        "references[].retractions[].source seeAlsoLinks[].label seeAlsoLinks[].url availIpds[].id "
        "availIpds[].type availIpds[].url availIpds[].comment",
    ),
    (
        "protocolSection.ipdSharingStatementModule",
        "ipdSharing description infoTypes[] timeFrame accessCriteria url",
    ),
    (
        "resultsSection.participantFlowModule",
        "preAssignmentDetails recruitmentDetails typeUnitsAnalyzed periods[].title "
        f"periods[].milestones[].type periods[].milestones[].comment {_GROUPS} "
        "periods[].milestones[].achievements[].groupId periods[].milestones[].achievements[].comment "
        "periods[].milestones[].achievements[].numSubjects periods[].milestones[].achievements[].numUnits "
        "periods[].dropWithdraws[].type periods[].dropWithdraws[].comment "
        "periods[].dropWithdraws[].reasons[].groupId periods[].dropWithdraws[].reasons[].comment "
        "periods[].dropWithdraws[].reasons[].numSubjects periods[].dropWithdraws[].reasons[].numUnits",
    ),
    (
        "resultsSection.baselineCharacteristicsModule",
        f"populationDescription typeUnitsAnalyzed {_GROUPS} {_DENOMS}",
    ),
    (
        "resultsSection.baselineCharacteristicsModule.measures[]",
        "title description populationDescription paramType dispersionType unitOfMeasure calculatePct "
        f"denomUnitsSelected {_DENOMS} {_CLASSES}",
    ),
    (
        "resultsSection.outcomeMeasuresModule.outcomeMeasures[]",
        "type title description populationDescription reportingStatus anticipatedPostingDate paramType "
        "dispersionType unitOfMeasure calculatePct timeFrame typeUnitsAnalyzed denomUnitsSelected "
        f"{_GROUPS} {_DENOMS} {_CLASSES}",
    ),
    (
        "resultsSection.outcomeMeasuresModule.outcomeMeasures[].analyses[]",
        "paramType paramValue dispersionType dispersionValue statisticalMethod statisticalComment pValue "
        "pValueComment ciNumSides ciPctValue ciLowerLimit ciUpperLimit ciLowerLimitComment "
        "ciUpperLimitComment estimateComment testedNonInferiority nonInferiorityType nonInferiorityComment "
        "otherAnalysisDescription groupDescription groupIds[]",
    ),
    (
        "resultsSection.adverseEventsModule",
        "frequencyThreshold timeFrame description allCauseMortalityComment eventGroups[].id "
        "eventGroups[].title eventGroups[].description eventGroups[].deathsNumAffected "
        "eventGroups[].deathsNumAtRisk eventGroups[].seriousNumAffected eventGroups[].seriousNumAtRisk "
        "eventGroups[].otherNumAffected eventGroups[].otherNumAtRisk",
    ),
    ("resultsSection.adverseEventsModule.seriousEvents[]", _EVENTS),
    ("resultsSection.adverseEventsModule.otherEvents[]", _EVENTS),
    (
        "resultsSection.moreInfoModule",
        "limitationsAndCaveats.description certainAgreement.piSponsorEmployee "
        "certainAgreement.restrictionType certainAgreement.restrictiveAgreement "
        "certainAgreement.otherDetails pointOfContact.title pointOfContact.organization "
        "pointOfContact.email pointOfContact.phone pointOfContact.phoneExt",
    ),
    (
        "annotationSection.annotationModule",
        "unpostedAnnotation.unpostedResponsibleParty unpostedAnnotation.unpostedEvents[].type "
        "unpostedAnnotation.unpostedEvents[].date unpostedAnnotation.unpostedEvents[].dateUnknown",
    ),
    (
        "annotationSection.annotationModule.violationAnnotation.violationEvents[]",
        "type description creationDate issuedDate releaseDate postedDate",
    ),
    ("documentSection.largeDocumentModule", "noSap"),
    (
        "documentSection.largeDocumentModule.largeDocs[]",
        "typeAbbrev hasProtocol hasSap hasIcf label date uploadDate filename size",
    ),
    (
        "derivedSection.miscInfoModule",
        "versionHolder removedCountries[] submissionTracking.estimatedResultsFirstSubmitDate "
        "submissionTracking.firstMcpInfo.postDateStruct.date "
        "submissionTracking.firstMcpInfo.postDateStruct.type "
        "submissionTracking.submissionInfos[].releaseDate submissionTracking.submissionInfos[].unreleaseDate "
        "submissionTracking.submissionInfos[].unreleaseDateUnknown "
        "submissionTracking.submissionInfos[].resetDate submissionTracking.submissionInfos[].mcpReleaseN "
        "modelPredictions.bmiLimits.minBmi modelPredictions.bmiLimits.maxBmi",
    ),
    *(
        (
            f"derivedSection.{module}",
            "meshes[].id meshes[].term ancestors[].id ancestors[].term browseLeaves[].id "
            "browseLeaves[].name browseLeaves[].asFound browseLeaves[].relevance browseBranches[].abbrev "
            "browseBranches[].name",
        )
        for module in ("conditionBrowseModule", "interventionBrowseModule")
    ),
)


def paths() -> Iterator[str]:
    """Every leaf of a record, such as `protocolSection.conditionsModule.conditions[]`."""
    for where, names in _PATHS:
        yield from (f"{where}.{name}" if where else name for name in names.split())
