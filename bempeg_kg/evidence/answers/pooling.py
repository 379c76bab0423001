"""Can these results be pooled, and if forced, what comes out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import exp, isfinite, log

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.equalities import Equalities
from bempeg_kg.evidence.facts import Facts, spaced
from bempeg_kg.evidence.model import AnalysisSet, Contrast, Result
from bempeg_kg.evidence.printed import number, usable_level
from bempeg_kg.evidence.rounding import chance, fixed, written
from bempeg_kg.evidence.stats.contrasts import Counts
from bempeg_kg.evidence.stats.intervals import Interval, log_standard_error
from bempeg_kg.evidence.stats.pooling import Pooled, Study, pool, refusals
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_COLUMNS = ["part", "text", "pooling_model", "computed", "computed_lower", "computed_upper", "level"]
_COLUMNS += ["computed_p", "unit", "basis", "method"]
_LONGEST_NAME = 60
#: Words of endpoints that somebody has to judge, from scans or samples.
_JUDGED = ("progression", "response", "remission", "disease control", "recurrence", "relapse")


def pool_results(
    kg: Graph,
    results: str | list[str] | None = None,
    measured: str | None = None,
    condition: str = "",
    phase: str = "",
    drug: str = "",
    force: bool = False,
    level: Decimal | float = 95,
    equal: str | list[str] | None = None,
    allow_unstated: bool = False,
) -> Table:
    """Why some results or comparisons cannot be pooled, or what comes out.

    Columns: part (study, equality, refusal, warning, estimate, prediction interval, heterogeneity), text,
    pooling_model, computed, computed_lower, computed_upper, level (percent), computed_p, unit, basis, method.
    `results` left out are the hazard ratios of `measured`, `condition`, `phase` and `drug`, and with none of
    these the programme's comparisons of overall survival; `level` is a percentage; `equal`
    names what to take for one, as "one name = another name"; `force` pools in spite of refusals, and
    `allow_unstated` takes what a study does not state to be as in the others. Raises UsageError for what is
    neither a result nor a comparison, and where none is named and the graph has none.
    """
    chosen = {"measured": measured, "condition": condition, "phase": phase, "drug": drug}
    named = [results] if isinstance(results, str) else list(results or ())
    if not named:
        is_chosen = any(chosen.values()) or not kg.content.has_shipped
        named = _hazard_ratios(kg, chosen) if is_chosen else _of_overall_survival(kg)
    facts = Facts.around(kg, named)
    equalities = Equalities.of(kg, [equal] if isinstance(equal, str) else equal or [])
    given = [study_of(facts, iri) for iri in named]
    studies = [compared(study, equalities) for study in given]
    overlaps = overlaps_of(facts, studies)
    reasons = refusals(studies, overlaps, allow_unstated)
    rows: list[list[object]] = [
        ["study", f"{facts.label(iri)}: {_described(study)}", *[None] * 7, "derived", None]
        for iri, study in zip(named, studies, strict=True)
    ]
    rows += [["equality", one, *[None] * 7, "derived", "rule"] for one in _taken_for_one(given, equalities)]
    rows += [["refusal", f"not pooled: {reason}", *[None] * 7, "derived", "rule"] for reason in reasons]
    if force or not reasons:
        pooled = pool(
            studies, overlaps=overlaps, force=force, level=float(level), allow_unstated=allow_unstated
        )
        rows += _outcome(pooled)
    return Table.of(_COLUMNS, rows, names=kg.names)


def _hazard_ratios(kg: Graph, chosen: dict[str, str | None]) -> list[str]:
    """The hazard ratios of an endpoint, condition, phase and drug. Raises UsageError if there is none."""
    given = {name: value for name, value in chosen.items() if value}
    found = kg.ask("hazard-ratios", **{"measured": "endpoint:os", **given})
    named = sorted({str(one) for one in found.column("contrast")})
    if not named:
        words = ", ".join(f"{name} {value}" for name, value in chosen.items() if value)
        cure = "hazard-ratios lists those that are loaded; --measured names another endpoint."
        cure += f" It says: {found.reason}." if found.reason else ""
        raise UsageError(f"no hazard ratio to pool{' for ' if words else ''}{words}", cure=cure)
    return named


def _of_overall_survival(kg: Graph) -> list[str]:
    """The programme's comparisons of overall survival that have a number. Raises UsageError for none."""
    query = """SELECT DISTINCT ?c { ?c a kg:Contrast ; kg:endpoint endpoint:os ; kg:trial ?trial .
        ?trial kg:programme ?programme . { ?c kg:printed ?n } UNION { ?c kg:value ?n } } ORDER BY ?c"""
    found = [str(contrast) for contrast in kg.select(query).column("c")]
    if found:
        return found
    raise UsageError(
        "what to pool is not named", cure="Name results or comparisons: --results IRI, repeated."
    )


def _described(study: Study) -> str:
    alone = "one arm of a randomised trial" if study.is_arm else "no control"
    against = f"against {study.comparator}" if study.comparator else alone
    number = str(study.counts) if study.counts else f"{study.measure}"
    intervention = study.intervention or "intervention not stated"
    return f"{number}, {study.endpoint}, {study.analysis_set or 'set not stated'}, {intervention}, {against}"


def compared(study: Study, equalities: Equalities) -> Study:
    """A study under the names by which it is compared with others."""

    def name(stated: str | None) -> str:
        """The name that stands for a stated one; "" for none."""
        return equalities.name(stated) if stated else ""

    return replace(
        study,
        endpoint=name(study.endpoint),
        intervention=name(study.intervention),
        comparator=name(study.comparator),
        population=name(study.population),
    )


def _taken_for_one(studies: list[Study], equalities: Equalities) -> list[str]:
    """Names of the studies that differ and mean the same, each pair with the reason."""
    pairs = []
    for word in ("endpoint", "intervention", "comparator", "population"):
        first, *others = dict.fromkeys(getattr(study, word) or "" for study in studies)
        for other in others:
            reason = equalities.reason(first, other)
            if reason and equalities.name(first) == equalities.name(other):
                pairs.append(f"{word}: '{first}' and '{other}' are taken for one: {reason}")
    return pairs


def study_of(facts: Facts, iri: str) -> Study:
    """What decides whether a result or comparison may be pooled. Raises UsageError for anything else."""
    if iri in facts.evidence.contrasts:
        return _of_ratio(facts, facts.evidence.contrasts[iri])
    if iri in facts.evidence.results:
        return _of_figure(facts, facts.evidence.results[iri])
    raise UsageError(f"{facts.kg.names.shorten(iri)} is neither a result nor a comparison")


def _short_name(facts: Facts, statement: Contrast | Result) -> str:
    """The CURIE; in place of a long IRI the name of the trial and what was printed."""
    curie = facts.kg.names.shorten(statement.iri)
    return (
        curie if len(curie) <= _LONGEST_NAME else f"{facts.trial_name(statement.trial)} ({statement.printed})"
    )


def _of_ratio(facts: Facts, contrast: Contrast) -> Study:
    # Only ratios are pooled, on the log scale: what is not above 0 is none.
    values = [number(text) or 0 for text in (contrast.printed, contrast.lower, contrast.upper)]
    # Limits the wrong way round are no interval.
    whole = min(values) > 0 and values[1] <= values[2] and contrast.no_effect == 1
    level = usable_level(contrast.level)
    known = whole and level is not None
    error = None
    if known and level is not None:
        error = log_standard_error(Interval(values[1], values[2], level))
    analysis_set = facts.evidence.sets.get(contrast.analysis_set)
    return Study(
        name=_short_name(facts, contrast),
        trial=contrast.trial,
        endpoint=facts.label(contrast.endpoint),
        analysis_set=spaced(analysis_set.kind) if analysis_set else "",
        intervention=_drug_names(facts, contrast.compared_group),
        comparator=_drug_names(facts, contrast.reference_group),
        assessor=facts.label(contrast.assessor),
        maturity=contrast.maturity,
        randomised=facts.is_randomised(contrast.trial),
        measure=contrast.measure.replace("-", " "),
        estimate=log(values[0]) if known else None,
        standard_error=error,
        level_missing=whole and level is None,
        sets=frozenset([contrast.analysis_set]),
        population=facts.population(contrast.trial, contrast.compared_group),
        is_judged=_is_judged(facts.label(contrast.endpoint)),
    )


def _of_figure(facts: Facts, result: Result) -> Study:
    counts = facts.counts(result)
    analysis_set = facts.evidence.sets.get(result.analysis_set)
    return Study(
        name=_short_name(facts, result),
        trial=result.trial,
        endpoint=facts.what(result),
        analysis_set=spaced(analysis_set.kind) if analysis_set else "",
        intervention=_drug_names(facts, result.group),
        assessor=facts.label(result.assessor),
        maturity=result.maturity,
        time_point=dict(result.dimensions).get("timePointMonths", ""),
        is_arm=facts.is_randomised(result.trial),
        randomised=facts.is_randomised(result.trial),
        counts=Counts(*counts) if counts else None,
        sets=frozenset([result.analysis_set]),
        population=facts.population(result.trial, result.group),
        is_judged=_is_judged(facts.label(result.endpoint)),
    )


def _is_judged(endpoint: str) -> bool:
    return any(word in endpoint.casefold() for word in _JUDGED)


def _drug_names(facts: Facts, group: str) -> str:
    return " + ".join(sorted(facts.label(drug) for drug in facts.drugs(group))) or facts.group_name(group)


def overlaps_of(facts: Facts, studies: list[Study]) -> dict[frozenset[str], str]:
    """What the data say of each pair of analysis sets: overlapping, possibly overlapping, disjoint."""
    sets = sorted({iri for study in studies for iri in study.sets})
    overlaps = {}
    for one, other in product(sets, sets):
        first, second = facts.evidence.sets.get(one), facts.evidence.sets.get(other)
        kind = _relation(facts, first, second) if first and second and one < other else ""
        if kind:
            overlaps[frozenset((one, other))] = kind
    return overlaps


def _relation(facts: Facts, first: AnalysisSet, second: AnalysisSet) -> str:
    one, other = ({iri, *facts.evidence.holders(iri)} for iri in (first.iri, second.iri))
    for a, b in product(sorted(one), sorted(other)):
        held, holding = facts.evidence.sets.get(a), facts.evidence.sets.get(b)
        if held and holding and (b in held.disjoint or a in holding.disjoint):
            return "disjoint"
    if (
        second.iri in one
        or first.iri in other
        or second.iri in first.overlaps
        or first.iri in second.overlaps
    ):
        return "overlapping"
    if second.iri in first.may_overlap or first.iri in second.may_overlap:
        return "possibly overlapping"
    return ""


def _outcome(pooled: Pooled) -> list[list[object]]:
    is_ratio = pooled.scale == "log ratio"

    def back(value: float) -> Decimal:
        """A value on the scale of the sources: a ratio, or a rate in percent."""
        return fixed(exp(value), 3) if is_ratio else fixed(100 / (1 + exp(-value)), 1)

    unit, method = ("ratio", "inverse variance") if is_ratio else ("percent", "binomial likelihood")
    rows: list[list[object]] = [
        ["warning", warning, *[None] * 7, "derived", None] for warning in pooled.warnings
    ]
    for estimate in pooled.estimates:
        interval = estimate.interval
        limits = (back(interval.lower), back(interval.upper), written(interval.level))
        p = None if estimate.p is None else chance(estimate.p)
        rows.append(
            ["estimate", None, estimate.model, back(estimate.estimate), *limits, p, unit, "derived", method]
        )
    if pooled.prediction is not None:
        limits = (
            back(pooled.prediction.lower),
            back(pooled.prediction.upper),
            written(pooled.prediction.level),
        )
        rows.append(
            [
                "prediction interval",
                pooled.prediction.method,
                None,
                None,
                *limits,
                None,
                unit,
                "derived",
                method,
            ]
        )
    rows.append(["heterogeneity", _heterogeneity(pooled), *[None] * 7, "derived", method])
    return rows


def _heterogeneity(pooled: Pooled) -> str:
    tau = f"tau squared {pooled.tau_squared:.4f} over {pooled.studies} studies"
    if pooled.tau_interval is not None:
        interval = pooled.tau_interval
        upper = f"{interval.upper:.4f}" if isfinite(interval.upper) else "no upper limit"
        tau += f" ({interval.level:g} percent interval {interval.lower:.4f} to {upper}, {interval.method})"
    if pooled.q is None or pooled.q_p is None or pooled.i_squared is None:
        return tau
    return f"Q {pooled.q:.2f}, p {pooled.q_p:.3f}; I squared {pooled.i_squared:.1f} percent (from Q); {tau}"
