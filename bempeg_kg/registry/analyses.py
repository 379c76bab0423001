"""Statistical analyses as contrasts: estimate, interval with level and sides, p-value, method, groups.

The registry lists the groups of an analysis in no stated order. Where one of two is a comparator arm and the
other is experimental, or one is called placebo or control, that one is taken as the reference, and
`kg:referenceGroupBasis` says that we concluded it.
"""

from __future__ import annotations

from bempeg_kg.rdf.ntriples import FALSE, TRUE, decimal, digest, integer, kg, slug, text
from bempeg_kg.registry import codes, hints
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.measurements import Written
from bempeg_kg.registry.numbers import number_in
from bempeg_kg.registry.outcome import Outcome
from bempeg_kg.registry.record import Group, Record, maybe, texts
from bempeg_kg.registry.values import interval_parts, sides_parts, value_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ANALYSES = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].analyses[]"
_GROUPS = f"{_ANALYSES}.groupIds[]"
_COMMENTS = (
    "groupDescription", "statisticalComment", "pValueComment", "estimateComment", "otherAnalysisDescription",
    "ciLowerLimitComment", "ciUpperLimitComment",
)  # fmt: skip
#: Where an analysis says what its p-value is, the nearest first.
_ON_THE_P_VALUE = (
    "pValueComment", "statisticalMethod", "statisticalComment", "nonInferiorityComment", "estimateComment",
    "groupDescription", "otherAnalysisDescription",
)  # fmt: skip
_CONTENT = (
    "groupDescription", "statisticalMethod", "statisticalComment", "paramType", "estimateComment",
    "otherAnalysisDescription", "nonInferiorityType", "nonInferiorityComment", "ciPctValue", "ciNumSides",
)  # fmt: skip


def map_analysis(record: Record, outcome: Outcome, analysis: dict[str, Any], written: Written) -> None:
    """Write one analysis of an outcome, of which `written` has the analysis sets and results."""
    groups = [
        outcome.groups.get(one) or record.unlisted(one, outcome.title, _GROUPS)
        for one in texts(analysis, "groupIds")
    ]
    printed = analysis.get("paramType")
    method = analysis.get("statisticalMethod")
    name = codes.measure(printed, outcome.printed_unit) if printed else "not-stated"
    measure = (
        record.term("statistic", name) if name else record.shared("statistic", printed or "", "Statistic")
    )
    measure_name = printed or method or "analysis"
    between = _sides(groups)
    label = ", ".join(part for part in (measure_name, outcome.title, between, record.nct) if part)
    parts = [
        p.A + kg("Contrast"),
        p.LABEL + text(label),
        p.ENDPOINT + (outcome.hazard_endpoint if name == "hazard-ratio" else outcome.endpoint),
        p.TRIAL_ENDPOINT + outcome.iri,
        p.MEASURE + measure,
    ]
    maybe(parts, p.MEASURE_PRINTED, printed)
    parts.append(p.UNIT + _unit(record, name, outcome))
    parts.append(p.ANALYSIS_SET + _set(record, outcome, groups, written))
    parts += _group_parts(groups, written)
    parts += _estimate(outcome, analysis)
    maybe(parts, p.METHOD, method)
    parts += _hypothesis(analysis)
    maybe(parts, p.COMMENT, "; ".join(analysis[key] for key in _COMMENTS if analysis.get(key)))
    content = digest(*(group.title for group in groups), *(str(analysis.get(key) or "") for key in _CONTENT))
    record.result("contrast", f"{outcome.local}-{slug(measure_name, 30)}-{content}", parts)


def _sides(groups: list[Group]) -> str:
    """The groups in words, the reference last; where none is known, none is set against another."""
    reference = reference_of(groups)
    if not reference:
        return " and ".join(group.title for group in groups)
    return f"{next(group.title for group in groups if group is not reference)} against {reference.title}"


def _estimate(outcome: Outcome, analysis: dict[str, Any]) -> list[str]:
    """Estimate, interval, p-value and spread of an analysis."""
    estimate, lower, upper, spread = (
        analysis.get(key) for key in ("paramValue", "ciLowerLimit", "ciUpperLimit", "dispersionValue")
    )
    numbers = outcome.numbers
    style = numbers.style(f"{_ANALYSES}.paramValue", estimate, lower, upper)
    style = style or numbers.style(f"{_ANALYSES}.dispersionValue", spread, None, None)
    for key in ("paramValue", "ciLowerLimit", "ciUpperLimit", "dispersionValue"):
        numbers.unread(f"{_ANALYSES}.{key}", analysis.get(key), style)
    numbers.level(f"{_ANALYSES}.ciPctValue", analysis.get("ciPctValue"))
    parts = value_parts(estimate, analysis.get("estimateComment"), style)
    parts += interval_parts(
        lower, upper, analysis.get("ciPctValue"),
        analysis.get("ciLowerLimitComment"), analysis.get("ciUpperLimitComment"), style,
    )  # fmt: skip
    parts += sides_parts(analysis.get("ciNumSides"))
    parts += numbers.p_value(f"{_ANALYSES}.pValue", analysis.get("pValue"))
    return parts + _dispersion(analysis, style)


def _hypothesis(analysis: dict[str, Any]) -> list[str]:
    """What the analysis set out to show, its margin, and what its p-value is by the words beside it."""
    parts: list[str] = []
    hypothesis = analysis.get("nonInferiorityType")
    if hypothesis:
        parts.append(p.HYPOTHESIS_TYPE + codes.HYPOTHESIS.get(hypothesis, kg("otherHypothesis")))
    comment = analysis.get("nonInferiorityComment")
    maybe(parts, p.HYPOTHESIS_COMMENT, comment)
    tested = analysis.get("testedNonInferiority")
    if tested is not None:
        parts.append(p.TESTED_NON_INFERIORITY + (TRUE if tested else FALSE))
    words = [analysis.get(key) or "" for key in _ON_THE_P_VALUE]
    margin = hints.margin(" ".join(words))
    if margin:
        parts.append(p.MARGIN + decimal(margin))
    if analysis.get("pValue"):
        sides = next((sides for word in words if (sides := hints.p_sides(word))), None)
        if sides:
            parts.append(p.P_SIDES + integer(sides))
        kind = hints.p_kind(" ".join(words))
        if kind:
            parts.append(p.P_KIND + kind)
    return parts


def _unit(record: Record, measure: str | None, outcome: Outcome) -> str:
    if measure and (measure.endswith("-ratio") or measure == "relative-risk"):
        return record.term("unit", "ratio")
    is_of_shares = measure == "risk-difference" and outcome.unit == record.term("unit", "participants")
    if measure and measure.endswith("-difference") and not is_of_shares:  # no number of participants
        return outcome.unit
    return record.term("unit", "not-stated")


def _set(record: Record, outcome: Outcome, groups: list[Group], written: Written) -> str:
    """The analysis set of an analysis: that of its one group, or one that holds those of all its groups."""
    only = written.only_set(groups[0].iri) if len(groups) == 1 else None
    if only:
        return only
    title = "; ".join(dict.fromkeys(group.title for group in groups)) or "Groups not stated"
    key = "\x1f".join((outcome.iri, *(group.iri for group in groups)))
    known = record.pooled.get(key)
    if known:
        return known
    arms = tuple(dict.fromkeys(arm for group in groups for arm in group.arms))
    is_pool = len(arms) > 1 and all(group.arms for group in groups)
    pool = groups[0] if len(groups) == 1 else record.group(title, arms=arms if is_pool else ())
    label = f"compared for {outcome.title}, {title}"
    parts = [
        p.A + kg("AnalysisSet"),
        p.LABEL + text(f"{label}, {record.nct}"),
        p.SHORT_LABEL + text(label),
        p.GROUP + pool.iri,
        p.SET_KIND + kg("analysed"),
        p.SIZE_STATUS + kg("notReported"),
    ]
    iri = record.pooled[key] = record.statement("set", f"compared-{outcome.local}-{slug(title, 40)}", parts)
    for group in groups:
        for inner in written.sets.get(group.iri, ()):
            record.node(inner, [p.SUBSET_OF + iri])
    return iri


def _group_parts(groups: list[Group], written: Written) -> list[str]:
    parts = []
    reference = reference_of(groups)
    for group in groups:
        if group is not reference:
            parts.append(p.COMPARED_GROUP + group.iri)
            result = written.only_result(group.iri)
            if result:
                parts.append(p.COMPARED_RESULT + result)
    if reference:
        parts += (p.REFERENCE_GROUP + reference.iri, p.REFERENCE_GROUP_BASIS + kg("derived"))
        result = written.only_result(reference.iri)
        if result:
            parts.append(p.REFERENCE_RESULT + result)
    parts.append(p.GROUPS_PRINTED + text("; ".join(group.title for group in groups) or "not stated"))
    return parts


def reference_of(groups: list[Group]) -> Group | None:
    """The comparator of two groups, by the roles of their arms or a title such as placebo; else None."""
    if len(groups) != 2:
        return None
    comparators = [group for group in groups if group.role in codes.COMPARATORS]
    experimental = [group for group in groups if group.role == codes.ARM_ROLE["EXPERIMENTAL"]]
    if len(comparators) == len(experimental) == 1:
        return comparators[0]
    # An experimental arm against one that is none would turn the direction round.
    tested = experimental if len(experimental) == 1 else []
    controls = [group for group in groups if group.is_control]
    return controls[0] if len(controls) == 1 and controls[0] not in tested else None


def _dispersion(analysis: dict[str, Any], style: str) -> list[str]:
    kind, printed = analysis.get("dispersionType"), analysis.get("dispersionValue")
    parts: list[str] = []
    if kind:
        parts.append(p.DISPERSION_TYPE_PRINTED + text(kind))
        code = codes.dispersion(kind)[0]
        if code:
            parts.append(p.DISPERSION_TYPE + code)
    if printed:
        bare = number_in(printed, style)
        parts.append(p.DISPERSION_PRINTED + text(printed))
        if bare is not None:
            parts.append(p.DISPERSION + decimal(bare))
    return parts
