"""Files of other registries and other shapes, recognised so that the error can name them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_AGAIN = "Download the JSON of the API v2: https://clinicaltrials.gov/api/v2/studies/NCT..."
_JSON_ZIP = "On clinicaltrials.gov choose Download, JSON; or use https://clinicaltrials.gov/api/v2/studies."
_OTHER = "Only records of ClinicalTrials.gov are read; where a trial has an NCT number, download that record."

#: (what it is, cure, pattern of the first bytes)
_TEXTS = (
    ("packed twice", "Unpack it once, and give the file or folder.", rb"^(?:\x1f\x8b|PK\x03\x04)"),
    ("XML of the classic ClinicalTrials.gov, retired in 2024", _AGAIN, rb"<clinical_study|<search_results"),
    ("an XML export of the ISRCTN registry", _OTHER, rb"<allTrials|isrctn\.com|<isrctn"),
    ("an XML export of the WHO's ICTRP", _OTHER, rb"<Trials_downloaded_from_ICTRP"),
    ("a web page", _JSON_ZIP, rb"(?i)<!doctype html|<html"),
    ("an XML file", _JSON_ZIP, rb"^\s*<"),
    ("a CSV file of ClinicalTrials.gov", _JSON_ZIP, rb'^"?(?:Rank"?,"?)?(?:NCT Number|nct_?id)"?,'),
    ("a TSV file of ClinicalTrials.gov", _JSON_ZIP, rb'^(?:Rank\t)?"?NCT Number"?\t'),
    ("a CSV file of the EU's CTIS", _OTHER, rb'^"?(?:Trial|EU CT) number"?[,;]'),
    ("a PDF file", _JSON_ZIP, rb"^%PDF-"),
    ("a file packed by bzip2, xz or zstd", "Unpack it; gzip and zip are read.",
     rb"^(?:BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)"),
    ("a table of the AACT database", _JSON_ZIP, rb"^(?:id\|)?nct_id\|"),
    ("a text export of the EU Clinical Trials Register", _OTHER, rb"EudraCT Number:"),
    ("a RIS file of references", _JSON_ZIP, rb"^TY  - "),
    ("a table", _JSON_ZIP, rb"^[^{}\[\]\n]*[,;\t|][^{}\[\]\n]*[,;\t|][^{}\[\]\n]*\n"),
)  # fmt: skip
# JSON begins with an ASCII character, so the zeros beside it tell the encoding where no mark does.
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|\0{1,3}[{\[]|[{\[]\0").match
_CLASSIC = ("FullStudiesResponse", "StudyFieldsResponse", "FullStudies", "Study", "StudyFields")
_REGISTERS = {
    "EUCTR": "the EU Clinical Trials Register",
    "CTIS": "the EU's CTIS",
    "ISRCTN": "the ISRCTN registry",
}
_BY_KEY = {
    "a2_eudract_number": "EUCTR", "a1_member_state_concerned": "EUCTR", "ctNumber": "CTIS",
    "authorizedApplication": "CTIS", "authorizedPartI": "CTIS", "isrctn": "ISRCTN",
}  # fmt: skip


def foreign_text(head: bytes) -> tuple[str, str] | None:
    """What a file that is not JSON is, and what to download instead; None if that is not known.

    >>> foreign_text(b'<?xml version="1.0"?><clinical_study>')[0]
    'XML of the classic ClinicalTrials.gov, retired in 2024'
    """
    if head[257:262] == b"ustar":
        return "a tar archive", "Unpack it, and give the folder."
    if _WIDE(head):
        name = "UTF-32" if b"\0\0" in head[:4] else "UTF-16"
        return f"a text in {name}", "Save it as UTF-8."
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next(((name, cure) for name, cure, pattern in _TEXTS if re.search(pattern, head)), None)


def foreign_record(record: dict[str, Any]) -> tuple[str, str, str] | None:
    """What a JSON object of another shape is, the JSON path that shows it, and what to download instead.

    >>> foreign_record({"FullStudiesResponse": {}})[0]
    'this is the classic API of ClinicalTrials.gov, which was retired in 2024'
    >>> foreign_record({"protocolSection": {}}) is None
    True
    """
    if "protocolSection" in record:
        return None
    listed = record.get("data")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict) and "ctNumber" in listed[0]:
        return f"this is a list of records of {_REGISTERS['CTIS']}", "$.data", _OTHER
    for name in _CLASSIC:
        if name in record:
            problem = "this is the classic API of ClinicalTrials.gov, which was retired in 2024"
            return problem, f"$.{name}", _AGAIN
    register = _REGISTERS.get(str(record.get("ctrname")))
    key = "ctrname" if register else next((key for key in _BY_KEY if key in record), "")
    if not register and isinstance(record.get("trial"), dict) and "isrctn" in str(record["trial"])[:2000]:
        key, register = "trial", _REGISTERS["ISRCTN"]
    if key:
        register = register or _REGISTERS[_BY_KEY[key]]
        return f"this is a record of {register}", f"$.{key}", _OTHER
    return None
