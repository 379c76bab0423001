"""What of an outcome's title names the endpoint, without assessor, time, place and the way of counting."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# bounded: a title of thousands of open brackets would take seconds
_BRACKETS = re.compile(r"\([^)]{0,500}\)")
_TAIL = re.compile(
    r"(?i)[\s,:;-]+(?:per|by|as|at|in|from|according|based|assessed|using|during|up to|through|\u2013|-)\s.*$"
)
_LEADING_TIME = re.compile(r"(?i)^\d+[- ](?:day|week|month|year)s?[- ]")
_WHEN = re.compile(r"(?i)[\s,:;]+(?:in|at|during|up to|through|within)\s.*$")
_COUNTED = re.compile(
    r"(?i)^(?:the |number of |(?:participants|patients|subjects) with (?:with )?"
    r"|(?:participants from )?time (?:(?:of|from) randomi[sz]ation )?to |first |occurr?ence of |adjudicated "
    r"|cumulative |reported |documented |confirmed )"
)
_SHARE = re.compile(
    r"(?i)^(?:the )?(?:percent(?:age)?|proportion|number|rate|count) of (?:participants|patients|subjects) "
    r"(?:(?:who (?:achieved|had|experienced)|with|in|achieving|having|experiencing) )"
    r"(?:an? |reported |documented |confirmed )*"
)
_COMPLETE = r"(?:s?CR[a-z]?|complete (?:response|remission))"
_PARTIAL = r"(?:PR|partial (?:response|remission))"
_ANY_PARTIAL = rf"(?:VG|n|very good |nodular )?{_PARTIAL}"
# A list that ends in a very good or a nodular partial response leaves the others out, so it is another rate.
_COMPLETE_OR_PARTIAL = re.compile(
    rf"(?i){_COMPLETE}(?:(?:, | ?/ ?| ?\+ ?| )(?:and |or )?(?:{_COMPLETE}|{_ANY_PARTIAL}))*?"
    rf"(?:, | ?/ ?| ?\+ ?| )(?:and |or )?{_PARTIAL}"
).fullmatch
# Words in a bracket or tail that make another endpoint of it: which deaths, or where a response was seen.
_WHICH_DEATHS = re.compile(
    r"(?i)\b(?:cardi\w*|CV|vascular|cancer|disease|tumou?r|relapse|liver|renal)[- ](?:specific|related|caus)"
    r"|\b(?:cardiovascular|cardiac|CV|non-?CV|sudden|vascular|infection|bleeding)\b"
    r"(?= deaths?| mortality| *;| *$)"
    r"|\bother than\b|\bexcluding\b|\bnon-?relapse|\b(?:due|related) to (?!any|all)"
    r"|\bPFS-?2\b|\bsecond progression"
    r"|\bgraft|\b[ac]?GVHD\b"
)
_IS_RESPONSE = re.compile(r"(?i)respon|remission|\bORR\b|\bCR\b")
_WHICH_RESPONSE = re.compile(
    r"(?i)\b(?:MRD|(?:minimal|measurable) residual|molecular|cytogenetic|metabolic|biochemical|hormonal|PSA"
    r"|CA-?125|virolog\w*|serolog\w*|immunolog\w*|symptom\w*|pain|histolog\w*|patholog\w*)\b"
)
_WHERE = re.compile(r"(?i)\b(?:CNS|intra-?cranial|central nervous|brain|local|distant)\b")


def _another(kept: str, title: str) -> bool:
    """Whether what was cut from a title says which deaths, or where a progression or response was seen."""
    if kept == title:
        return False
    cut = title[len(kept) :] if title.startswith(kept) else "".join(_BRACKETS.findall(title))
    cut = re.sub(r"[()]", ";", cut)
    return bool(
        _WHICH_DEATHS.search(cut)
        or ("overall" not in kept.lower() and _WHERE.search(cut))
        or (_IS_RESPONSE.search(kept) and _WHICH_RESPONSE.search(cut))
    )


#: Endpoints that are responses of a tumour, by the end of their IRI.
TUMOUR_RESPONSES = frozenset(
    (
        "orr", "dor", "best-overall-response", "clinical-benefit-rate", "complete-response",
        "disease-control-rate", "partial-response", "pathologic-complete-response", "progressive-disease",
        "stable-disease", "target-lesion-change", "target-lesion-clearance", "time-to-response",
        "tumour-response",
    )
)  # fmt: skip
_TUMOURS = re.compile(
    r"(?i)cancer|carcino|tumou?r|neoplas|lymphom|leuk[a-z]*mi|myelom|sarcom|melanom|gliom|blastom|malignan"
    r"|myelodysplas|metasta|mesotheliom|macroglobulin|histiocyt|thymom|seminom|germ cell|myelofibros"
    r"|polycyth|thrombocythem|\b(?:NSCLC|SCLC|AML|CLL|CML|MDS|DLBCL|RCC|HCC|GIST)\b"
)
#: Where these are treated, a response is theirs, also in patients with a tumour.
_OTHER_RESPONSES = re.compile(r"(?i)\bgraft|GVHD|nausea|vomit|emesis|\bCINV\b|mucositis|\bpain\b|prurit")


def is_of_tumours(conditions: Iterable[str]) -> bool:
    """Whether a response in a trial of these conditions is one of a tumour; true where none is named.

    >>> is_of_tumours(["Melanoma"]), is_of_tumours(["GVHD", "Leukemia"]), is_of_tumours(["Lupus"])
    (True, False, False)
    """
    words = "; ".join(conditions)
    return not words or bool(_TUMOURS.search(words) and not _OTHER_RESPONSES.search(words))


def share_of(title: str) -> str:
    """What a title counts participants with, in the words of an endpoint; `` if it counts none.

    >>> share_of("Percentage of Participants With Documented CR, CRi, or PR")
    'objective response rate'
    >>> share_of("Number of patients with a complete response (CR) at week 8"), share_of("Complete response")
    ('complete response', '')
    """
    start = _SHARE.match(title)
    if not start:
        return ""
    head = " ".join(head_of(title[start.end() :]).split())
    return "objective response rate" if _COMPLETE_OR_PARTIAL(head) else head


@lru_cache(1 << 13)
def head_of(title: str) -> str:
    """An outcome's title without brackets, up to a word that opens an assessor, a time or a population.

    The whole title where what would be cut names other events.

    >>> head_of("Overall Survival (OS) in PD-L1+ patients"), head_of("Objective response rate per RECIST 1.1")
    ('Overall Survival', 'Objective response rate')
    >>> head_of("6-month progression-free survival"), head_of("Overall survival (cancer-specific)")
    ('progression-free survival', 'Overall survival (cancer-specific)')
    """
    head = _LEADING_TIME.sub("", _TAIL.sub("", _BRACKETS.sub(" ", title)).strip(" ,:;-"))
    return title if _another(head, title) else head


def event_names(title: str) -> list[str]:
    """The names that a title can stand for once time, place and the way of counting are cut off.

    What comes behind "from", "by" or "or" is never cut: it says which deaths.

    >>> event_names("Time to First Occurrence of All-Cause Death (On-Study)")[1:]
    ['First Occurrence of All-Cause Death', 'Occurrence of All-Cause Death', 'All-Cause Death']
    >>> event_names("Time to Death (Cardiovascular)"), event_names("28-day all-cause mortality")
    (['Time to Death (Cardiovascular)'], ['all-cause mortality'])
    """
    name = _WHEN.sub("", _BRACKETS.sub(" ", title)).strip(" ,:;-")
    if _another(name, title):
        return [title]
    names = [_LEADING_TIME.sub("", name)]
    while (shorter := _COUNTED.sub("", names[-1])) != names[-1]:
        names.append(shorter)
    return names
