"""How certain each conclusion is, and why.

Only what a rule can see is rated here, and it is called automatic: design, imprecision, inconsistency. Risk
of bias is a judgement; it is read from the data (kg:BiasJudgement) and never made up. While nobody has judged
it, the answer is an upper bound: "at most".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from bempeg_kg.evidence.answers.pooling import compared, study_of
from bempeg_kg.evidence.equalities import Equalities
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import Contrast, Result
from bempeg_kg.evidence.nodes import nodes_of, text, texts
from bempeg_kg.evidence.printed import number, usable_level
from bempeg_kg.evidence.stats.contrasts import Counts, risk_difference
from bempeg_kg.evidence.stats.intervals import Interval, at_level, clopper_pearson
from bempeg_kg.evidence.stats.pooling import mixed_values
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

GRADES = ("very low", "low", "moderate", "high")
#: Widest exact 95 percent interval of a share, in percentage points, that does not count as imprecise.
WIDEST = 20.0
RULES = {
    "design": "A randomised comparison starts at high, a single arm at low (the convention of GRADE).",
    "imprecision": "One step down if the 95 percent interval of a comparison holds no difference (one that "
    "was printed at another level is brought to 95 percent by the normal distribution, on the log scale for "
    "ratios), or if neither an interval nor counts are given; for a share if its exact 95 percent interval "
    f"is wider than {WIDEST:g} percentage points.",
    "inconsistency": "One step down if comparisons of the programme that could be pooled with it point both "
    "ways by their estimates; not rated for single arms or where there is no other.",
    "risk of bias": "Judged by people (RoB 2 for randomised, ROBINS-I for other comparisons), as data.",
}
_NOBODY = "nobody has judged it"


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain: by rule (automatic) or by people, the steps taken off, and the reason."""

    name: str
    how: str
    steps: int
    reason: str


def how_certain(kg: Graph, trial: str | None, explain: bool) -> Table:
    """Columns: statement, what, design, rating, automatic, judged ...; explained: a row a domain."""
    facts = Facts.near(kg, trial)
    judged = _judgements(kg)
    rows: list[list[object]] = []
    for conclusion, outcome, randomised in _conclusions(facts, trial):
        domains = _domains(facts, conclusion, randomised, judged)
        source = named(conclusion.sources[0] if conclusion.sources else "")
        if explain:
            rows += [
                [
                    named(conclusion.iri),
                    outcome,
                    domain.name,
                    domain.how,
                    domain.steps,
                    domain.reason,
                    RULES[domain.name],
                    source,
                    "derived",
                ]
                for domain in domains
            ]
        else:
            rows.append([named(conclusion.iri), outcome, *_rated(domains, randomised), source, "derived"])
    columns = ["statement", "what", "domain", "rated_by", "steps_down", "reason", "rule", "source", "basis"]
    if not explain:
        columns = ["statement", "what", "design", "rating", "automatic", "judged", "source", "basis"]
    table = Table.of(columns, rows, names=kg.names)
    table.reason = "" if rows else _why_none(facts, trial)
    return table


def _why_none(facts: Facts, trial: str | None) -> str:
    if trial is None:
        return "no trial of a programme has a comparison or a response rate with its counts"
    name = facts.trial_name(trial)
    if not facts.in_programme(trial):
        return f"{name} belongs to no programme of the graph, and only those of one are rated"
    if facts.is_randomised(trial):
        return f"the graph holds no comparison of the arms of {name}"
    return f"the graph holds neither a comparison nor a final share of patients of {name} with its counts"


def _conclusions(facts: Facts, trial: str | None) -> list[tuple[Contrast | Result, str, bool]]:
    """Contrasts of the programme, then final shares of response of single-arm trials."""
    conclusions: list[tuple[Contrast | Result, str, bool]] = []
    for contrast in facts.evidence.wanted_contrasts():
        if facts.in_programme(contrast.trial) and trial in (None, contrast.trial):
            conclusions.append((contrast, contrast.label, facts.is_randomised(contrast.trial)))
    for result in facts.evidence.wanted_results():
        early = facts.in_programme(result.trial) and not facts.is_randomised(result.trial)
        if early and trial in (None, result.trial) and result.is_share and facts.counts(result):
            good = "adverseEvent" not in dict(result.dimensions) and result.maturity == "final"
            if good:
                conclusions.append((result, result.label, False))
    return conclusions


def _domains(
    facts: Facts, statement: Contrast | Result, randomised: bool, judged: dict[str, list[str]]
) -> list[Domain]:
    start = "randomised comparison: starts at high" if randomised else "single arm: starts at low"
    return [
        Domain("design", "automatic", 0, start),
        _imprecision(facts, statement),
        _inconsistency(facts, statement),
        _bias(statement.iri, judged),
    ]


def _imprecision(facts: Facts, statement: Contrast | Result) -> Domain:
    if isinstance(statement, Contrast):
        limits = _limits(statement)
        if limits is None:
            return _from_counts(facts, statement)
        lower, upper = (limit or "no limit" for limit in (statement.lower, statement.upper))
        reason = f"{lower} to {upper} at {statement.level:g} percent"
        if statement.no_effect is None:
            measure = statement.measure.replace("-", " ")
            return Domain(
                "imprecision", "not rated", 0, f"{reason}; what {measure} is without effect is not known"
            )
        reason += _verdict(limits, statement.no_effect)
        usual = _at_95(limits, statement)
        if usual != limits:
            reason += (
                f"; {usual[0]:.2f} to {usual[1]:.2f} at 95 percent{_verdict(usual, statement.no_effect)}"
            )
        held = usual[0] <= statement.no_effect <= usual[1]
        return Domain("imprecision", "automatic", int(held), reason)
    counts = facts.counts(statement)
    if counts is None:
        return Domain("imprecision", "automatic", 1, "no n of N")
    interval = clopper_pearson(*counts)
    wide = 100 * interval.width
    reason = f"{counts[0]}/{counts[1]}: exact 95 percent interval {wide:.1f} points wide"
    return Domain("imprecision", "automatic", int(wide > WIDEST), reason)


def _limits(contrast: Contrast) -> tuple[float, float] | None:
    """The limits of an interval whose level is known; a one-sided one has no end on the other side."""
    from math import inf

    lower, upper = number(contrast.lower), number(contrast.upper)
    if usable_level(contrast.level) is None or (lower is None and upper is None):
        return None
    if (lower is None or upper is None) and 1 not in (contrast.sides, contrast.interval_sides):
        return None
    limits = (-inf if lower is None else lower, inf if upper is None else upper)
    return limits if limits[0] <= limits[1] else None  # the wrong way round they are no interval


def _verdict(limits: tuple[float, float], no_effect: float) -> str:
    return f" {'holds' if limits[0] <= no_effect <= limits[1] else 'leaves out'} {no_effect:g}"


def _at_95(limits: tuple[float, float], contrast: Contrast) -> tuple[float, float]:
    """Limits of the 95 percent interval, where the printed ones can be brought to it.

    A level that was chosen to spend alpha at an interim look says nothing of precision.
    """
    is_ratio = contrast.no_effect == 1
    if contrast.level is None or contrast.level == 95 or not all(map(isfinite, limits)):
        return limits
    if is_ratio and min(limits) <= 0:
        return limits
    interval = at_level(Interval(*limits, contrast.level), 95, is_ratio=is_ratio)
    return interval.lower, interval.upper


def _from_counts(facts: Facts, contrast: Contrast) -> Domain:
    """Imprecision of a comparison without a printed interval, from the counts of its arms."""
    arms = [facts.evidence.results.get(iri) for iri in (contrast.compared, contrast.reference)]
    counts = [facts.counts(result) if result else None for result in arms]
    if counts[0] is None or counts[1] is None:
        return Domain("imprecision", "automatic", 1, _no_interval(contrast))
    interval = risk_difference(Counts(*counts[0]), Counts(*counts[1])).interval
    if interval is None:
        return Domain("imprecision", "automatic", 1, "no interval can be made")
    held = interval.lower <= 0 <= interval.upper
    reason = (
        f"computed difference {100 * interval.lower:.1f} to {100 * interval.upper:.1f} points at 95 percent"
    )
    return Domain("imprecision", "automatic", int(held), f"{reason} {'holds' if held else 'leaves out'} 0")


def _no_interval(contrast: Contrast) -> str:
    if contrast.level is not None and usable_level(contrast.level) is None:
        return f"its level of {contrast.level:g} is no confidence level, and there are no counts"
    return "neither an interval with its level nor counts"


def _inconsistency(facts: Facts, statement: Contrast | Result) -> Domain:
    if not isinstance(statement, Contrast):
        return Domain("inconsistency", "not rated", 0, "a single arm has no comparison to agree with")
    if facts.only:
        return Domain(
            "inconsistency", "not rated", 0, "of a large folder, comparisons of other trials are not read"
        )
    equalities = Equalities.of(facts.kg)
    study = compared(study_of(facts, statement.iri), equalities)
    same = [statement] + [
        other
        for other in facts.evidence.contrasts.values()
        if other.iri != statement.iri
        and other.trial != statement.trial
        and other.measure == statement.measure
        and number(other.printed) is not None
        and facts.in_programme(other.trial)
        and not mixed_values([study, compared(study_of(facts, other.iri), equalities)])
    ]
    if len(same) < 2 or number(statement.printed) is None:
        return Domain("inconsistency", "not rated", 0, "no other comparison of the programme is like it")
    if statement.no_effect is None:
        return Domain("inconsistency", "not rated", 0, f"which way a {statement.measure} points is not known")
    below = {(number(other.printed) or 0) < statement.no_effect for other in same}
    values = "; ".join(f"{other.printed} ({facts.trial_name(other.trial)})" for other in same)
    return Domain("inconsistency", "automatic", int(len(below) > 1), values)


def _judgements(kg: Graph) -> dict[str, list[str]]:
    """What people judged, by what it is about: "domain: level (tool, judge): reason"."""
    judgements: dict[str, list[str]] = {}
    for node in nodes_of(kg.engine, ["BiasJudgement"]).values():
        judgement = f"{text(node, 'biasDomain')}: {text(node, 'biasLevel')}"
        judgement += f" ({text(node, 'biasTool')}, {text(node, 'judge')}): {text(node, 'reason')}"
        for about in texts(node, "concerns"):
            judgements.setdefault(about, []).append(judgement)
    return judgements


def _bias(iri: str, judged: dict[str, list[str]]) -> Domain:
    if iri not in judged:
        return Domain("risk of bias", "judged", 0, _NOBODY)
    return Domain("risk of bias", "judged", 0, "; ".join(sorted(judged[iri])))


def _rated(domains: list[Domain], randomised: bool) -> list[object]:
    start = GRADES.index("high" if randomised else "low")
    steps = sum(domain.steps for domain in domains)
    grade = GRADES[max(start - steps, 0)]
    automatic = "; ".join(
        f"{domain.name}: {domain.reason}" for domain in domains if domain.how == "automatic"
    )
    judged = next(domain.reason for domain in domains if domain.how == "judged")
    rating = f"at most {grade}" if judged == _NOBODY else f"{grade} by the automatic domains"
    return ["randomised" if randomised else "single arm", rating, automatic, f"risk of bias: {judged}"]
