"""What the registry's codes and stock phrases become: tables, and the few rules that read text."""

from __future__ import annotations

import re
from functools import lru_cache

from bempeg_kg.rdf.ntriples import kg, normal

STATUS = {
    "COMPLETED": kg("completed"),
    "TERMINATED": kg("terminated"),
    "ACTIVE_NOT_RECRUITING": kg("activeNotRecruiting"),
    "RECRUITING": kg("recruiting"),
    "WITHDRAWN": kg("withdrawn"),
    "SUSPENDED": kg("suspended"),
    "NOT_YET_RECRUITING": kg("notYetRecruiting"),
    "ENROLLING_BY_INVITATION": kg("enrollingByInvitation"),
}
STOPPED = frozenset(("TERMINATED", "WITHDRAWN", "SUSPENDED"))

ARM_ROLE = {
    "EXPERIMENTAL": kg("experimental"),
    "ACTIVE_COMPARATOR": kg("activeComparator"),
    "PLACEBO_COMPARATOR": kg("placeboComparator"),
    "SHAM_COMPARATOR": kg("shamComparator"),
    "NO_INTERVENTION": kg("noIntervention"),
    "OTHER": kg("otherRole"),
}
COMPARATORS = frozenset(
    ARM_ROLE[kind]
    for kind in ("ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION")
)

ENDPOINT_ROLE = {
    "PRIMARY": kg("primaryEndpoint"),
    "SECONDARY": kg("secondaryEndpoint"),
    "OTHER_PRE_SPECIFIED": kg("otherEndpoint"),
    "OTHER": kg("otherEndpoint"),
    "POST_HOC": kg("postHocEndpoint"),
}

#: Interventions that put a substance into patients.
DRUG_TYPES = frozenset(("DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "GENETIC", "DIETARY_SUPPLEMENT"))

#: paramType of an outcome -> name under statistic:
STATISTIC = {
    "mean": "mean",
    "geometric mean": "geometric-mean",
    "geometric least squares mean": "geometric-least-squares-mean",
    "least squares mean": "least-squares-mean",
    "log mean": "log-mean",
    "median": "median",
    "number": "number",
    "count of participants": "count",
    "count of units": "count-of-units",
}

#: paramType of an analysis, without what stands in brackets -> name under statistic:
MEASURE = {
    "hazard ratio": "hazard-ratio",
    "cause specific hazard ratio": "hazard-ratio",
    "cox proportional hazard": "hazard-ratio",
    "odds ratio": "odds-ratio",
    "risk ratio": "relative-risk",
    "relative risk": "relative-risk",
    "risk difference": "risk-difference",
    "mean difference": "mean-difference",
    "ls mean difference": "least-squares-mean-difference",
    "least squares mean difference": "least-squares-mean-difference",
    "difference in ls mean": "least-squares-mean-difference",
    "difference in ls means": "least-squares-mean-difference",
    "median difference": "median-difference",
    "slope": "slope",
}

#: Those that are one of risks where the outcome counts patients, and of means elsewhere.
_DIFFERENCE_IN_PERCENT = frozenset(("percentage difference", "difference in percentage"))

DISPERSION = {
    "standard deviation": kg("standardDeviation"),
    "standard error": kg("standardError"),
    "standard error of the mean": kg("standardError"),
    "standard error of mean": kg("standardError"),
    "full range": kg("fullRange"),
    "inter quartile range": kg("interQuartileRange"),
    "interquartile range": kg("interQuartileRange"),
    "geometric coefficient of variation": kg("geometricCoefficientOfVariation"),
    "geometric coefficient": kg("geometricCoefficientOfVariation"),
    "confidence interval": kg("confidenceInterval"),
}

HYPOTHESIS = {
    "SUPERIORITY": kg("superiority"),
    "NON_INFERIORITY": kg("nonInferiority"),
    "EQUIVALENCE": kg("equivalence"),
    "OTHER": kg("otherHypothesis"),
    "SUPERIORITY_OR_OTHER": kg("superiorityOrOther"),
    "SUPERIORITY_OR_OTHER_LEGACY": kg("superiorityOrOther"),
    "NON_INFERIORITY_OR_EQUIVALENCE": kg("nonInferiorityOrEquivalence"),
    "NON_INFERIORITY_OR_EQUIVALENCE_LEGACY": kg("nonInferiorityOrEquivalence"),
}

_PEOPLE = r"(?:study )?(?:participants?|patients?|subjects?|persons?|people|individuals?)"
_IS_PEOPLE = re.compile(rf"(?:number of |no of |count of )?{_PEOPLE}").fullmatch
# Patient years and participants per year are no participants.
_IS_PERCENT_OF_PEOPLE = re.compile(
    rf"(?:percent|percentage)(?: of)? {_PEOPLE}(?<=[se])"
    r"(?! (?:per|years?|months?|weeks?|days?|nights?|hours?|time|visits?|cycles?|doses?|samples?)\b)\b.*"
    rf"|(?:percent|percentage)(?: of)? {_PEOPLE}"
).fullmatch
_IS_PERCENT = re.compile(r"percent(?:age)?\b.*").fullmatch
_TIMED = re.compile(r"(?i)kaplan|probabilit|cumulative incidence|surviv|rate at|event[- ]free")
_TIME_UNITS = {
    "month": "month",
    "months": "month",
    "week": "week",
    "weeks": "week",
    "year": "years",
    "years": "years",
}


@lru_cache(4096)
def unit_kind(printed: str) -> str:
    """`people`, `percent-of-people`, `percent`, or `` for a unit as the record words it.

    >>> unit_kind("Percentage of participants"), unit_kind("Patients"), unit_kind("percent probability")
    ('percent-of-people', 'people', 'percent')
    """
    words = normal(printed.replace("%", " percent "))
    if _IS_PEOPLE(words):
        return "people"
    if _IS_PERCENT_OF_PEOPLE(words):
        return "percent-of-people"
    return "percent" if _IS_PERCENT(words) else ""


def known_unit(printed: str) -> str | None:
    """The name under unit: of a unit that the shipped model already has, else None."""
    kind = unit_kind(printed)
    if kind:
        return "participants" if kind == "people" else "percent"
    return _TIME_UNITS.get(normal(printed))


def is_timed(title: str) -> bool:
    """Whether an outcome's title speaks of a rate over time, whose percentage is not a count of patients."""
    return _TIMED.search(title) is not None


#: Endpoints that are times to an event: the median of one is a Kaplan-Meier estimate.
_TIMES_TO_EVENT = frozenset(
    ("os", "pfs", "dor", "disease-free-survival", "event-free-survival", "recurrence-free-survival")
)


def time_statistic(endpoint: str, name: str, unit: str, words: str) -> str:
    """The statistic of a time-to-event endpoint: a Kaplan-Meier median or rate, if the record lets us say so.

    >>> time_statistic("https://w3id.org/bempeg-kg/endpoint/os", "median", "Months", "")
    'kaplan-meier-median'
    """
    if endpoint.rpartition("/")[2].rstrip(">") in _TIMES_TO_EVENT:
        if name == "median" and normal(unit) in _TIME_WORDS:
            return "kaplan-meier-median"
        is_rate = name in ("number", "proportion") and "percent" in unit_kind(unit)
        if is_rate and re.search(r"(?i)kaplan|product[- ]limit|probabilit", f"{words} {unit}"):
            return "kaplan-meier-rate"
    return name


_TIME_WORDS = frozenset(("day", "days", "week", "weeks", "month", "months", "year", "years"))
# bounded: a title of thousands of open brackets would take seconds
_BRACKETS = re.compile(r"\([^)]{0,500}\)")
_LEVEL = re.compile(r"(?<![\d.,])(\d{2}(?:\.\d+)?)\s*%")
_INTERVAL = re.compile(r"(?i)confidence|credible|\bCI\b").search
_CONFIDENCE = re.compile(r"CONFIDENCE_(\d{2,3}|OTHER)").fullmatch


_LOGARITHM = re.compile(r"(?i)\b(?:log|ln)(?:\d+|\b)").search


def measure(printed: str, unit: str) -> str | None:
    """The name under statistic: of what an analysis estimates, else None. `unit`: that of its outcome.

    >>> measure("Hazard Ratio (HR)", "months"), measure("Hazard Ratio (log)", "months")
    ('hazard-ratio', None)
    >>> measure("Percentage Difference", "percentage of participants"), measure("Percentage Difference", "mg")
    ('risk-difference', None)
    """
    if _LOGARITHM(printed):
        return None
    words = normal(_BRACKETS.sub(" ", printed))
    if words in _DIFFERENCE_IN_PERCENT:
        return "risk-difference" if unit_kind(unit) in ("people", "percent-of-people") else None
    return MEASURE.get(words)


@lru_cache(1024)
def dispersion(printed: str) -> tuple[str | None, str | None]:
    """The code of a dispersion type, and the level if it is a confidence interval.

    >>> dispersion("95% Confidence Interval")[1], dispersion("STANDARD_DEVIATION")[0][-18:]
    ('95', 'standardDeviation>')
    >>> dispersion("25% to 75% percentile"), dispersion("100% Confidence Interval")[1]
    ((None, None), None)
    >>> dispersion("CONFIDENCE_975")[1], dispersion("CONFIDENCE_OTHER")[1]
    ('97.5', None)
    """
    code = _CONFIDENCE(printed)
    if code:  # CONFIDENCE_95, CONFIDENCE_975, CONFIDENCE_OTHER
        return kg("confidenceInterval"), None if code[1] == "OTHER" else ".".join(
            (code[1][:2], code[1][2:])
        ).rstrip(".")
    level = _LEVEL.search(printed) if _INTERVAL(printed) else None
    words = normal(printed[level.end() :] if level else printed.replace("_", " "))
    return DISPERSION.get(words), level[1] if level else None


_ABSENT = (
    (re.compile(r"(?i)not (?:yet |been )*(?:reached|attained)|\bNR\b"), kg("notReached")),
    (
        re.compile(
            r"(?i)\b(?:no|zero|0|none of the) (?:\w+ ){0,2}"
            r"(?:participants?|patients?|subjects?|responders?)\b|\bnobody\b|no one "
        ),
        kg("noParticipants"),
    ),
    (
        re.compile(r"(?i)below (?:the )?(?:\w+ ){0,4}(?:quanti|detect)|\b(?:BLQ|BLOQ|LLOQ|LOQ)\b|undetect"),
        kg("belowQuantification"),
    ),
    (
        re.compile(
            r"(?i)(?:not|never) (?:\w+ )?(?:collected|assessed|measured|performed|analy[sz]ed|obtained)"
            r"|no data|data (?:were |was |are )?(?:not available|missing)"
        ),
        kg("notCollected"),
    ),
    (
        re.compile(
            r"(?i)not (?:be )?(?:estimable|evaluable|calcul|estimated|determin|comput|defin)"
            r"|could not be|cannot be|can not be|\bNE\b|insufficient|too few|too small|low number"
            r"|\b(?:only )?(?:one|1|single|a single) (?:participant|patient|subject)\b|\bn ?= ?1\b"
        ),
        kg("notEstimable"),
    ),
)


def absent(comment: str | None) -> str:
    """Why a value is missing, read from its comment; `not reported` if that does not say.

    >>> absent("Median was not reached at the data cut")[-11:]
    'notReached>'
    """
    for pattern, code in _ABSENT if comment else ():
        if pattern.search(comment or ""):
            return code
    return kg("notReported")


# Neither a body weight in kg nor a concentration or clearance (mg/dL, mL/min) is a dose; 5 mg/min is one.
_DOSE = re.compile(
    r"(?i)\d(?:\s*|-)(?:mg|mcg|\u00b5g|ug|\u03bcg|g|iu|units?|u|mmol|gy|mci|mbq|gbq|kbq|cells?|pfu|vg|ppm|%|puffs?"
    r"|drops?|tablets?|capsules?|doses?|sprays?|sachets?|patch(?:es)?|(?:milli|micro|nano)?grams?"
    r"|(?:micro|milli)?moles?|million|billion|(?:m?l|milliliters?)(?! ?/ ?min\b))"
    r"\b(?! ?/ ?d?l\b)(?!\w)|\d\s*%"
).search


def has_dose(words: str) -> bool:
    """Whether a text prints an amount such as 10 mg/kg.

    >>> has_dose("0.006 mg/kg every 3 weeks"), has_dose("Given on day 1 for 2 years")
    (True, False)
    >>> has_dose("an 840-mg loading dose"), has_dose("2 milligrams"), has_dose("40 kg, eGFR of 40 mL/min")
    (True, True, False)
    >>> has_dose("5  mg daily"), has_dose("infused at 5 mg/min"), has_dose("glucose of 126 mg/dL")
    (True, True, False)
    """
    return _DOSE(words) is not None
