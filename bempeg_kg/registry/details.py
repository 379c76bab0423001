"""What a record says besides, for which the model has no word of its own: kept as short texts on the record.

Dates of posting and of quality control, classes of organisations, facts on uploaded files, notices on the
record. Names of persons, mail addresses, telephone numbers and postal addresses are not read.
"""

from __future__ import annotations

from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.record import Record, maybe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_IDENTITY, _STATUS = "protocolSection.identificationModule", "protocolSection.statusModule"
_DESIGN, _DERIVED = "protocolSection.designModule", "derivedSection.miscInfoModule"
_SUBMISSION = f"{_DERIVED}.submissionTracking.submissionInfos[]"
_NOTES = "annotationSection.annotationModule"
#: what the text opens with, where the objects are, the fields to keep; the fields behind `|` say which
#: object it is, and are written only with one of those before
_DETAILS = (
    ("organisation", f"{_IDENTITY}.organization", "fullName class"),
    ("sponsor's number", f"{_IDENTITY}.orgStudyIdInfo", "type link | id"),
    ("further number", f"{_IDENTITY}.secondaryIdInfos[]", "type domain link | id"),
    ("submission passed quality control", _STATUS, "studyFirstSubmitQcDate"),
    ("results passed quality control", _STATUS, "resultsFirstSubmitQcDate"),
    ("request to delay results passed quality control", _STATUS, "dispFirstSubmitQcDate"),
    ("last update submitted", _STATUS, "lastUpdateSubmitDate"),
    ("posting delayed", _STATUS, "delayedPosting"),
    ("expanded access for single patients", f"{_DESIGN}.expandedAccessTypes", "individual"),
    ("expanded access for a group of patients", f"{_DESIGN}.expandedAccessTypes", "intermediate"),
    ("expanded access under a treatment protocol", f"{_DESIGN}.expandedAccessTypes", "treatment"),
    ("records that name this one as their expanded access", _DESIGN, "nPtrsToThisExpAccNctId"),
    ("first posted", f"{_STATUS}.studyFirstPostDateStruct", "type | date"),
    ("results posted", f"{_STATUS}.resultsFirstPostDateStruct", "type | date"),
    ("request to delay results posted", f"{_STATUS}.dispFirstPostDateStruct", "date type"),
    ("last update posted", f"{_STATUS}.lastUpdatePostDateStruct", "type | date"),
    (
        "responsible party",
        "protocolSection.sponsorCollaboratorsModule.responsibleParty",
        "investigatorAffiliation oldOrganization",
    ),
    ("official", "protocolSection.contactsLocationsModule.overallOfficials[]", "role affiliation"),
    ("contact for results", "resultsSection.moreInfoModule.pointOfContact", "organization"),
    ("version of the registry", _DERIVED, "versionHolder"),
    ("results expected", f"{_DERIVED}.submissionTracking", "estimatedResultsFirstSubmitDate"),
    ("results withdrawn", _SUBMISSION, "unreleaseDate | releaseDate"),
    ("results withdrawn on an unknown date", _SUBMISSION, "unreleaseDateUnknown | releaseDate"),
    ("release with comments of quality control", _SUBMISSION, "mcpReleaseN | releaseDate"),
    (
        "first comments of quality control posted",
        f"{_DERIVED}.submissionTracking.firstMcpInfo.postDateStruct",
        "date type",
    ),
    (
        "document",
        "documentSection.largeDocumentModule.largeDocs[]",
        "typeAbbrev uploadDate size | filename",
    ),
    ("no statistical analysis plan", "documentSection.largeDocumentModule", "noSap"),
    (
        "shown as percentages",
        "resultsSection.outcomeMeasuresModule.outcomeMeasures[]",
        "calculatePct | title",
    ),
    (
        "shown as percentages",
        "resultsSection.baselineCharacteristicsModule.measures[]",
        "calculatePct | title",
    ),
    (
        "notice of violation",
        f"{_NOTES}.violationAnnotation.violationEvents[]",
        "type description creationDate issuedDate releaseDate postedDate",
    ),
    ("results not yet posted", f"{_NOTES}.unpostedAnnotation.unpostedEvents[]", "type date dateUnknown"),
)


_MEASURES = (
    "resultsSection.outcomeMeasuresModule.outcomeMeasures[]",
    "resultsSection.baselineCharacteristicsModule.measures[]",
)


def map_details(record: Record, study: dict[str, Any]) -> None:
    """Write them on the record."""
    parts: list[str] = []
    for name, path, names in _DETAILS:
        kept, _, which = names.partition("|")
        for one in _objects(study, path.split(".")):
            details = [_words(one[key]) for key in kept.split() if one.get(key) is not None]
            if details:
                details += [_words(one[key]) for key in which.split() if one.get(key) is not None]
                maybe(parts, p.RECORD_DETAIL, f"{name}: {'; '.join(details)}")
    for path in _MEASURES:
        for measure in _objects(study, path.split(".")):
            maybe(parts, p.RECORD_DETAIL, _without_data(measure))
    if parts:
        record.node(record.source, list(dict.fromkeys(parts)))


def detail_fields() -> Iterator[str]:
    """Path of every field that is kept so."""
    for _, path, names in _DETAILS:
        yield from (f"{path}.{name}" for name in names.partition("|")[0].split())


def _without_data(measure: dict[str, Any]) -> str:
    """How a measure would have been reported for which no number is: nothing else could bear these words.

    >>> _without_data({"title": "Blood pressure", "paramType": "MEAN", "unitOfMeasure": "mmHg"})
    'without data: Blood pressure; MEAN; mmHg'
    >>> given = {"title": "Week 1", "categories": [{"measurements": [{"value": "3"}]}]}
    >>> _without_data({"title": "Pain", "classes": [given, {"title": "Week 3"}]})
    'without data: Pain; Week 3'
    """
    classes = measure.get("classes") or ()
    categories = [one for part in classes for one in part.get("categories") or ()]
    if any(one.get("measurements") for one in categories):
        left = [" ".join(words) for part in classes for words in _titles_without_data(part)]
        title = measure.get("title") or ""
        return f"without data: {title}; {'; '.join(left)}" if left else ""
    names = ("title", "paramType", "dispersionType", "unitOfMeasure", "populationDescription")
    words = [*(measure.get(name) for name in names), *(one.get("title") for one in (*classes, *categories))]
    return f"without data: {'; '.join(word for word in words if word)}"


def _titles_without_data(part: dict[str, Any]) -> Iterator[list[str]]:
    """Titles of a class and its categories of which no number is."""
    title = part.get("title") or ""
    categories = part.get("categories") or ()
    if not any(one.get("measurements") for one in categories):
        yield from [[title]] if title else []
    for one in categories:
        if not one.get("measurements") and one.get("title"):
            yield [name for name in (title, one["title"]) if name]


def _objects(where: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    for i, name in enumerate(path):
        where = (where or {}).get(name.removesuffix("[]"))
        if name.endswith("[]"):
            for one in where or ():
                yield from _objects(one, path[i + 1 :])
            return
    if where:
        yield where


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
