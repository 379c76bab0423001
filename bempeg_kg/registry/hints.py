"""What the words beside a number say of how it was made: estimation, kind and sides of a p-value, margin."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import kg

_ESTIMATION = (
    (kg("kaplanMeierEstimate"), r"kaplan|product[- ]limit|life[- ]table|\bK-?M (?:estimat|method|curve)"),
    (kg("cumulativeIncidenceEstimate"), r"cumulative incidence|competing risk"),
    (kg("imputedEstimate"), r"\bimput|\b[LBW]OCF\b|observation carried|\bNRI\b|non-?responder"),
    (
        kg("modelEstimate"),
        r"model[- ](?:based|adjusted|estimat)|logistic regression|mixed[- ]effects?|mixed model|\bMMRM\b"
        r"|\bGEE\b|estimating equation|adjusted (?:percent|proportion|rate|mean)|weighted (?:percent|propor)",
    ),
)
_ESTIMATION_PATTERNS = tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _ESTIMATION)
#: Estimates over time: their percentages are no counts of patients.
OVER_TIME = frozenset((kg("kaplanMeierEstimate"), kg("cumulativeIncidenceEstimate")))


def estimation(words: str) -> list[str]:
    """How an outcome was estimated, by its title and descriptions: over time, with imputation, by a model.

    >>> [code[-20:] for code in estimation("Rate at 1 year by Kaplan-Meier; non-responder imputation")]
    ['kaplanMeierEstimate>', 'ogy#imputedEstimate>']
    """
    return [code for code, pattern in _ESTIMATION_PATTERNS if pattern.search(words)]


_ONE_SIDED = re.compile(r"(?i)\b(?:one|1)[- ]?(?:sided|tailed)").search
# The sides of an interval are not those of the p-value.
_INTERVAL = re.compile(
    r"(?i)\b(?:one|two|1|2)[- ]?(?:sided|tailed)(?: [\d.]+ ?%?)? ?(?:CIs?\b|confidence)"
    r"|(?:\bCI|confidence (?:interval|limit|bound)s?)[^.;,]{0,12}"
    r"\b(?:one|two|1|2)[- ]?(?:sided|tailed)(?! p\b| test)"
)
_TWO_SIDED = re.compile(r"(?i)\b(?:two|2)[- ]?(?:sided|tailed)").search


def p_sides(words: str) -> int | None:
    """The sides of a p-value by the words beside it; None if they name none or both.

    >>> p_sides("t-test, 1 sided"), p_sides("two-sided log-rank"), p_sides("ANCOVA")
    (1, 2, None)
    >>> p_sides("two-sided 95% CI; one-sided p-value"), p_sides("upper 1-sided 97.5% CI")
    (1, None)
    """
    words = _INTERVAL.sub(" ", words)
    one, two = _ONE_SIDED(words), _TWO_SIDED(words)
    return None if bool(one) == bool(two) else 1 if one else 2


_P_KINDS = (
    (
        kg("posteriorProbability"),
        re.compile(r"(?i)bayes|posterior (?:prob|distr|mean|median|odds)|predictive prob|credible"),
    ),
    (kg("exactP"), re.compile(r"(?i)\bexact\b")),
    (kg("logRankP"), re.compile(r"(?i)log[- ]?rank")),
)


def p_kind(words: str) -> str | None:
    """What a p-value is where the words beside it name a kind that fits no normal approximation.

    >>> p_kind("Fisher Exact")[-8:], p_kind("ANCOVA of posterior wall thickness")
    ('#exactP>', None)
    """
    return next((code for code, pattern in _P_KINDS if pattern.search(words)), None)


#: Numbers beside a margin that are none: of a visit, a test, a level.
_BESIDE_MARGIN = re.compile(
    r"(?i)\b(?:weeks?|days?|months?|years?|visit|cycle|alpha|level|power)(?: of| at)? ?[=:]? ?"
    r"\d+(?:\.\d+)?(?!\.?\d) ?%?|\bat \d+(?:\.\d+)? (?:weeks?|days?|months?|years?)\b|"
    r"\b\d+[- ](?:sided|tailed)\b"
)
#: The number directly behind the word, or behind "of", "was" and their like; not one of two limits.
_MARGIN = re.compile(
    r"(?i)\bmargins?(?:\b[^.;]{0,60}?\b(?:of|was|were|is|at|to|be|than))?(?:\s*[(=:<>]|\s)\s*"
    r"(?:\+ ?/ ?- ?|\u00b1 ?)?(minus )?([-+]?\d+(?:\.\d+)?)(?![\w.,]*\d|\s?%?\s?(?:CI|confid|to \d|- ?\d))"
)


def margin(words: str) -> str | None:
    """The margin of a non-inferiority or equivalence analysis: the number after the word, if just one.

    >>> margin("a non-inferiority margin of 1.25 was used"), margin("margin 10%, later margin 12%")
    ('1.25', None)
    >>> margin("the margin at Week 48 was -10%"), margin("margin for the 1-sided test (alpha 0.025) was 15%")
    ('-10', '15')
    >>> margin("the margin for HbA1c was 0.4%"), margin("margin (based on 2 trials) was \u221250 mL")
    ('0.4', '-50')
    >>> margin("margins of 0.80 to 1.25"), margin("a margin of minus 10 percentage points")
    (None, '-10')
    >>> margin("an equivalence margin of +/- 0.5"), margin("margins of the trial: see Table 2")
    ('0.5', None)
    """
    if "margin" not in words.lower():
        return None
    found = _MARGIN.findall(_BESIDE_MARGIN.sub("", words.replace("\N{MINUS SIGN}", "-")))
    numbers = {f"-{number}" if minus else number.removeprefix("+") for minus, number in found}
    return numbers.pop() if len(numbers) == 1 else None
