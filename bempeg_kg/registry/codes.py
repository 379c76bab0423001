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
    "cox proportional hazard": "hazard-ratio",
    "odds ratio": "odds-ratio",
    "risk ratio": "relative-risk",
    "relative risk": "relative-risk",
    "risk difference": "risk-difference",
    "percentage difference": "risk-difference",
    "difference in percentage": "risk-difference",
    "mean difference": "mean-difference",
    "ls mean difference": "least-squares-mean-difference",
    "least squares mean difference": "least-squares-mean-difference",
    "difference in ls mean": "least-squares-mean-difference",
    "difference in ls means": "least-squares-mean-difference",
    "median difference": "median-difference",
    "slope": "slope",
}

DISPERSION = {
    "standard deviation": kg("standardDeviation"),
    "standard error": kg("standardError"),
    "standard error of the mean": kg("standardError"),
    "standard error of mean": kg("standardError"),
    "full range": kg("fullRange"),
    "inter quartile range": kg("interQuartileRange"),
    "interquartile range": kg("interQuartileRange"),
    "geometric coefficient of variation": kg("geometricCoefficientOfVariation"),
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
_IS_PEOPLE = re.compile(rf"(?:number of |no of )?{_PEOPLE}").fullmatch
_IS_PERCENT_OF_PEOPLE = re.compile(rf"(?:percent|percentage|proportion)(?: of)? {_PEOPLE}\b.*").fullmatch
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
    if _IS_PERCENT_OF_PEOPLE(words) and "proportion" not in words:
        return "percent-of-people"
    return "percent" if _IS_PERCENT(words) else ""


def known_unit(printed: str) -> str | None:
    """The name under unit: of a unit that the shipped model already has, else None."""
    kind = unit_kind(printed)
    if kind:
        return "participants" if kind == "people" else "percent"
    return _TIME_UNITS.get(normal(printed))


def is_timed(title: str) -> bool:
    """Whether an outcome's title speaks of a rate over time, whose percentage is no count of patients."""
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
_BRACKETS = re.compile(r"\([^)]*\)")
_LEVEL = re.compile(r"(\d{2}(?:\.\d+)?)\s*%")


def measure(printed: str) -> str | None:
    """The name under statistic: of what an analysis estimates, else None."""
    return MEASURE.get(normal(_BRACKETS.sub(" ", printed)))


@lru_cache(1024)
def dispersion(printed: str) -> tuple[str | None, str | None]:
    """The code of a dispersion type, and the level if it is a confidence interval.

    >>> dispersion("95% Confidence Interval")[1], dispersion("STANDARD_DEVIATION")[0][-18:]
    ('95', 'standardDeviation>')
    """
    level = _LEVEL.search(printed)
    words = normal(printed[level.end() :] if level else printed.replace("_", " "))
    return DISPERSION.get(words), level[1] if level else None


_ABSENT = (
    (re.compile(r"(?i)not (?:yet |been )*reached|\bNR\b"), kg("notReached")),
    (
        re.compile(
            r"(?i)not (?:be )?(?:estimable|evaluable|calcul|estimated|determin|comput)|could not be|\bNE\b"
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


_NEGATED = re.compile(
    r"(?i)\b(?:no|not|without|unrelated|never)\b[^.;,]{0,50}?"
    r"\b(?:safety|efficacy|toxicit\w*|side effects?|adverse)"
)
_KEEP = re.compile(r"(?i)\b(?:lack of|no|insufficient|not (?:show|demonstrat|meet)\w*)[^.;,]{0,25}efficacy")
_STOP_REASONS = (
    ("futility", r"futil|(?:lack|absence) of (?:\w+ )?(?:efficacy|effect|benefit)|insufficient efficacy"),
    ("futility", r"no (?:clinical )?(?:efficacy|benefit)|fail\w* to (?:meet|show|demonstrat)|missed"),
    ("futility", r"(?:did|does|has|was) not (?:met|meet|reach|achiev|show|demonstrat)"),
    ("safetyReason", r"safety|toxic|adverse|side effect|clinical hold"),
    ("slowAccrual", r"accru|recruit|enrol|low inclusion|no (?:patients|participants|subjects)"),
    ("slowAccrual", r"insufficient (?:number|patients|participants)"),
    (
        "programmeStop",
        r"(?:program(?:me)?|development|compound|drug)\b[^.;]{0,40}"
        r"\b(?:discontinu|terminat|stopp|cancel|ended|halted)",
    ),
    (
        "programmeStop",
        r"(?:discontinu|terminat|stopp|cancel|end)\w*[^.;]{0,40}\b(?:program(?:me)?|development)\b",
    ),
    ("businessReason", r"business|strateg|portfolio|commercial|company decision|merger|acqui"),
    ("businessReason", r"sponsor.{0,12}(?:decision|decided)"),
    ("lackOfFunding", r"fund|financ|budget|grant"),
    ("supplyReason", r"suppl(?:y|ies)|drug availab|manufactur|unavailab|shortage"),
    ("externalEvent", r"covid|pandemic|sars-cov|war\b|hurricane|earthquake"),
    (
        "investigatorLeft",
        r"\bPI\b|investigator.{0,20}(?:left|leav|mov|retire|depart|relocat|death|died)|staff",
    ),
)
_STOP_PATTERNS = tuple((kg(name), re.compile(pattern, re.IGNORECASE)) for name, pattern in _STOP_REASONS)


def stop_classes(why: str | None) -> list[str]:
    """The classes of a stop reason, read from its words; denials ("not for safety reasons") do not count.

    >>> [code.rpartition('#')[2] for code in stop_classes("Sponsor decision, not related to safety")]
    ['businessReason>']
    >>> [code.rpartition('#')[2] for code in stop_classes("Slow accrual and lack of funding")]
    ['slowAccrual>', 'lackOfFunding>']
    """
    if not why or not why.strip():
        return [kg("reasonNotStated")]
    said = _NEGATED.sub(lambda found: found[0] if _KEEP.match(found[0]) else " ", why)
    found = list(dict.fromkeys(code for code, pattern in _STOP_PATTERNS if pattern.search(said)))
    return found or [kg("otherReason")]


_TAIL = re.compile(
    r"(?i)[\s,:;-]+(?:per|by|as|at|in|from|according|based|assessed|using|during|up to|through|\u2013|-)\s.*$"
)


@lru_cache(1 << 13)
def head_of(title: str) -> str:
    """An outcome's title up to the first bracket, or word that opens an assessor, a time or a population.

    >>> head_of("Overall Survival (OS) in PD-L1+ patients"), head_of("Objective response rate per RECIST 1.1")
    ('Overall Survival', 'Objective response rate')
    """
    return _TAIL.sub("", _BRACKETS.sub(" ", title)).strip(" ,:;-")
