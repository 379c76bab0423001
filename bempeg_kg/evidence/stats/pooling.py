"""Meta-analysis that refuses unsuitable studies: it gives the reasons, and pools them only by force.

Ratios are pooled on the log scale by inverse variance, see `random_effects`. Proportions go through a
binomial model with a normal spread of logits, see `binomial`. The prediction interval is Higgins, Thompson
and Spiegelhalter's (JRSS A 2009;172:137): t with k - 2 degrees of freedom, none for two studies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.binomial import by_t, common_rate, normal_spread
from bempeg_kg.evidence.stats.contrasts import Counts
from bempeg_kg.evidence.stats.estimate import Estimate
from bempeg_kg.evidence.stats.intervals import Interval, check_level
from bempeg_kg.evidence.stats.random_effects import pooled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


@dataclass(frozen=True, slots=True)
class Study:
    """One result to pool, with what decides whether it may be.

    `estimate` and `standard_error` are on the log scale of a ratio; a proportion has `counts` instead.
    `sets` name the patients: analysis sets, of which two studies must share none. Names are compared as they
    stand: whoever knows that two mean the same gives both the same name. "" means not stated, None that it
    plays no part.
    """

    name: str
    trial: str
    endpoint: str
    analysis_set: str
    comparator: str = ""
    randomised: bool = False
    measure: str = "proportion"
    estimate: float | None = None
    standard_error: float | None = None
    counts: Counts | None = None
    level_missing: bool = False
    sets: frozenset[str] = frozenset()
    population: str | None = None
    intervention: str | None = None
    assessor: str | None = None
    time_point: str | None = None
    maturity: str | None = None
    #: one arm of a trial that has several, without its comparator
    is_arm: bool = False
    #: whether the endpoint is what somebody judges (a response, progression), so that the assessor matters
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Pooled:
    """All models side by side; `warnings` begins with the reasons against pooling if it was forced."""

    scale: str
    studies: int
    estimates: list[Estimate]
    q: float | None
    q_p: float | None
    i_squared: float | None
    tau_squared: float
    prediction: Interval | None
    warnings: list[str] = field(default_factory=list)
    #: interval of tau squared: by the Q profile for ratios, by the profile likelihood for proportions
    tau_interval: Interval | None = None


def refusals(
    studies: Sequence[Study],
    overlaps: dict[frozenset[str], str] | None = None,
    allow_unstated: bool = False,
) -> list[str]:
    """Reasons not to pool these studies; empty if there is none.

    `overlaps` says for a pair of analysis sets that their patients are the same ("overlapping") or may be
    ("possibly overlapping"). Two results of one trial count as possibly overlapping unless the pair is given
    as "disjoint". With `allow_unstated` what a study does not state is taken to be as in the others.
    """
    if len(studies) < 2:
        return ["fewer than two studies: there is nothing to pool"]
    reasons = [
        reason for reason in (_mixed_designs(studies), *mixed_values(studies, allow_unstated)) if reason
    ]
    reasons += _missing(studies)
    for first, second in combinations(studies, 2):
        if first.trial == second.trial and first.is_arm and second.is_arm:
            reasons.append(
                f"two arms of one randomised trial, which compares them: {first.name} and {second.name}"
            )
            continue
        kind = _overlap(first, second, overlaps or {})
        if kind:
            reasons.append(f"{kind} patients: {first.name} and {second.name}")
    return reasons


def pool(
    studies: Sequence[Study],
    *,
    overlaps: dict[frozenset[str], str] | None = None,
    force: bool = False,
    level: float = 95.0,
    allow_unstated: bool = False,
) -> Pooled:
    """The pooled estimates. Raises UsageError with every reason against it, unless forced.

    Even by force there must be two studies with a number each, all of one measure.
    """
    check_level(level)
    reasons = refusals(studies, overlaps, allow_unstated)
    if reasons and not force:
        raise UsageError("these should not be pooled: " + "; ".join(reasons), cure="Force it if you must.")
    usable = [study for study in studies if _has_number(study)]
    if len(usable) < 2 or len({study.measure for study in usable}) > 1:
        raise UsageError("cannot be pooled even by force: " + "; ".join(reasons))
    pooled = _pool_counts(usable, level) if usable[0].measure == "proportion" else _pool_ratios(usable, level)
    warnings = [f"pooled by force although: {reason}" for reason in reasons]
    warnings += _unstated(usable, allow_unstated) + _small_warnings(len(usable), pooled)
    return Pooled(**{**_fields(pooled), "warnings": warnings})


def _fields(pooled: Pooled) -> dict[str, Any]:
    return {name: getattr(pooled, name) for name in pooled.__slots__}


def _small_warnings(k: int, pooled: Pooled) -> list[str]:
    warnings = []
    if k == 2:
        warnings.append("two studies: no prediction interval, and tau squared is hardly estimable")
        if pooled.q is not None:
            warnings.append(
                "two studies: Knapp-Hartung rests on one degree of freedom; take it as a warning sign"
            )
    elif k < 5:
        warnings.append(f"{k} studies: the spread between them is poorly known")
    if pooled.q is not None and pooled.estimates[3].interval.width < pooled.estimates[0].interval.width:
        warnings.append(
            "the Knapp-Hartung interval is narrower than that of the common effect, as the estimates lie "
            "closer together than chance would have them; take the wider one"
        )
    return warnings


def _has_number(study: Study) -> bool:
    if study.measure == "proportion":
        return study.counts is not None
    return study.estimate is not None and bool(study.standard_error)


def _mixed_designs(studies: Sequence[Study]) -> str:
    if len({study.randomised for study in studies}) == 1:
        return ""
    single = ", ".join(study.name for study in studies if not study.randomised)
    return f"single-arm with randomised: {single} has no randomised control"


#: What must be stated and equal, or the studies do not estimate one quantity: word, attribute.
_NEEDED = (
    ("measures", "measure"),
    ("endpoints", "endpoint"),
    ("interventions", "intervention"),
    ("comparators", "comparator"),
    ("analysis sets", "analysis_set"),
    ("populations", "population"),
)
#: What must not differ; many sources leave it out for every study, which is a warning.
_COMPARED = (("assessors", "assessor"), ("time points", "time_point"), ("maturities", "maturity"))


def mixed_values(studies: Sequence[Study], allow_unstated: bool = False) -> list[str]:
    """What is not the same for all studies, or not stated: reasons not to take them for one quantity."""
    reasons = []
    for word, name in _NEEDED:
        stated = {study.name: getattr(study, name) for study in studies}
        if name == "comparator":
            stated = {study: value or "none" for study, value in stated.items()}
        values = sorted({value for value in stated.values() if value})
        if len(values) > 1:
            reasons.append(f"different {word}: {', '.join(values)}")
        silent = [study for study, value in stated.items() if value == ""]
        if silent and not allow_unstated:
            reasons.append(f"{name.replace('_', ' ')} not stated: {', '.join(silent)}")
    for word, name in _COMPARED:
        stated_values = {getattr(study, name) for study in studies} - {None}
        values = sorted(value or "not stated" for value in stated_values if value or not allow_unstated)
        if len(values) > 1:
            reasons.append(f"different {word}: {', '.join(values)}")
    if not allow_unstated and all(study.is_judged and study.assessor == "" for study in studies):
        reasons.append(f"assessor not stated: {', '.join(study.name for study in studies)}")
    return reasons


def _unstated(studies: Sequence[Study], allow_unstated: bool) -> list[str]:
    """Warnings: what no study states, so that it could not be compared; what some do not, if allowed."""
    warnings = []
    silent = {name: [study.name for study in studies if getattr(study, name) == ""] for _, name in _COMPARED}
    if allow_unstated:
        silent |= {
            name: [study.name for study in studies if getattr(study, name) == ""] for _, name in _NEEDED
        }
        del silent["comparator"]  # a study without one has none
    nowhere = [name.replace("_", " ") for name, names in silent.items() if len(names) == len(studies)]
    if nowhere:
        warnings.append(f"not stated for any study, so not compared: {', '.join(nowhere)}")
    for name, names in silent.items():
        if 0 < len(names) < len(studies):
            word = name.replace("_", " ")
            warnings.append(f"{word} not stated and taken to be as in the others: {', '.join(names)}")
    return warnings


def _missing(studies: Sequence[Study]) -> list[str]:
    reasons = []
    for study in studies:
        if study.level_missing:
            reasons.append(f"its interval has no usable level: {study.name}")
        elif not _has_number(study):
            what = "n or N" if study.measure == "proportion" else "an estimate with its interval"
            reasons.append(f"{what} is missing: {study.name}")
    return reasons


def _overlap(first: Study, second: Study, known: dict[frozenset[str], str]) -> str:
    kinds = {
        known.get(frozenset((analysis_set, other)), "")
        for analysis_set in first.sets
        for other in second.sets
    }
    if first.sets & second.sets or "overlapping" in kinds:
        return "overlapping"
    if "possibly overlapping" in kinds or (first.trial == second.trial and "disjoint" not in kinds):
        return "possibly overlapping"
    return ""


def _pool_ratios(studies: Sequence[Study], level: float) -> Pooled:
    y = [study.estimate or 0.0 for study in studies]
    v = [(study.standard_error or 0.0) ** 2 for study in studies]
    estimates, spread = pooled(y, v, level)
    middle = estimates[2]
    return Pooled(
        "log ratio",
        len(studies),
        estimates,
        spread.q,
        spread.q_p,
        spread.i_squared,
        spread.tau_squared,
        prediction_interval(middle.estimate, middle.standard_error, spread.tau_squared, len(studies), level),
        tau_interval=spread.tau_interval,
    )


def _pool_counts(studies: Sequence[Study], level: float) -> Pooled:
    counts = [study.counts for study in studies if study.counts is not None]
    spread = normal_spread(counts, level)
    return Pooled(
        "logit of a proportion",
        len(counts),
        [common_rate(counts, level), spread.estimate, by_t(spread, len(counts), level)],
        None,
        None,
        None,
        spread.tau_squared,
        prediction_interval(
            spread.estimate.estimate, spread.estimate.standard_error, spread.tau_squared, len(counts), level
        ),
        tau_interval=spread.tau_interval,
    )


def prediction_interval(
    estimate: float, standard_error: float, tau_squared: float, studies: int, level: float = 95.0
) -> Interval | None:
    """Prediction interval for the true effect of a new study; None for fewer than three studies."""
    if studies < 3:
        return None
    from scipy.special import stdtrit

    half = float(stdtrit(studies - 2, 0.5 + check_level(level) / 200))
    half *= (tau_squared + standard_error**2) ** 0.5
    return Interval(estimate - half, estimate + half, level, "prediction, t with k - 2")
