"""Results, contrasts, sets and claims read out of a graph, whatever engine holds it."""

from __future__ import annotations

from functools import partial

from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.further import TrialDates
from bempeg_kg.evidence.model import AnalysisSet, Claim, Contrast, Evidence, Result
from bempeg_kg.evidence.nodes import (
    Node,
    code,
    decimal,
    last_part,
    nodes_at,
    nodes_of,
    nodes_of_trial,
    sources_of,
    text,
    texts,
    whole,
)
from bempeg_kg.registry.numbers import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RESULTS = ["Result", "AdverseEventResult"]
#: Classes below Result, which a loaded graph concludes and the nodes of a record do not say.
_BELOW_RESULT = frozenset(("BaselineMeasurement", "FlowCount"))
#: Properties that make two results of one endpoint different things.
DIMENSIONS = (
    "adverseEvent", "grade", "attribution", "serious", "timePointMonths", "threshold", "criteria",
    "classTitle", "categoryTitle", "trialEndpoint", "timeFrame", "organSystem", "sourceVocabulary",
    "assessmentType", "period", "milestone", "dropReason", "characteristic",
)  # fmt: skip


def read_evidence(engine: Engine, wanted: frozenset[str] | None = None) -> Evidence:
    """Everything that the rules look at. `wanted` narrows the subjects of verdicts, not what is read."""
    evidence = _evidence(partial(nodes_of, engine))
    evidence.wanted = wanted
    return evidence


def evidence_of_trial(
    engine: Engine, trial: str, nodes: dict[str, dict[str, Node]] | None = None
) -> Evidence:
    """What the rules look at in one trial, as a registry holds millions; and all claims.

    `nodes`: those of the trial, where they were read already.
    """
    known = nodes_of_trial(engine, trial) if nodes is None else nodes
    return _evidence(
        partial(_among, {**known, **_around(engine, trial), "Claim": nodes_of(engine, ["Claim"])})
    )


def evidence_around(nodes: dict[str, dict[str, Node]]) -> Evidence:
    """Some results and contrasts with their sets, as `nodes_around` gives them; no claims and no records."""
    return _evidence(partial(_among, {**nodes, "Trial": {}, "RegistryRecord": {}, "Claim": {}}))


def evidence_by_trial(engine: Engine) -> Iterator[Evidence]:
    """What the rules look at, one trial after the other, without claims."""
    records = nodes_of(engine, ["RegistryRecord"])
    for trial, about in nodes_of(engine, ["Trial"]).items():
        known = {"Trial": {trial: about}, "RegistryRecord": records, "Claim": {}}
        yield _evidence(partial(_among, {**nodes_of_trial(engine, trial), **known}))


def _among(known: dict[str, dict[str, Node]], classes: list[str]) -> dict[str, Node]:
    """The nodes of some classes, in the order of their IRIs."""
    first, *others = [known[name] for name in classes]
    return dict(sorted({**first, **{iri: node for one in others for iri, node in one.items()}}.items()))


def _around(engine: Engine, trial: str) -> dict[str, dict[str, Node]]:
    """The node of a trial, and those of its sources that are records of a registry."""
    about = nodes_at(engine, [trial])
    sources = nodes_at(engine, {source for node in about.values() for source in sources_of(node)})
    records = {
        iri: node for iri, node in sources.items() if "RegistryRecord" in map(last_part, node.get("type", ()))
    }
    return {"Trial": about, "RegistryRecord": records}


def evidence_of_nodes(nodes: dict[str, Node]) -> Evidence:
    """Everything that the rules look at among some nodes, such as those of one registry record."""
    by_class: dict[str, list[str]] = {}
    for iri, node in nodes.items():
        for kind in node.get("type", ()):
            name = last_part(kind)
            by_class.setdefault("Result" if name in _BELOW_RESULT else name, []).append(iri)
    return _evidence(
        lambda classes: {
            iri: nodes[iri] for iri in sorted({iri for name in classes for iri in by_class.get(name, ())})
        }
    )


def _evidence(take: Callable[[list[str]], dict[str, Node]]) -> Evidence:
    groups, records = take(["AnalysisGroup"]), take(["RegistryRecord"])
    return Evidence(
        {
            iri: _event(iri, node) if _is_event(node) else _result(iri, node)
            for iri, node in take(_RESULTS).items()
        },
        {iri: _contrast(iri, node) for iri, node in take(["Contrast"]).items()},
        {iri: _set(iri, node, groups) for iri, node in take(["AnalysisSet"]).items()},
        {iri: _claim(iri, node) for iri, node in take(["Claim"]).items()},
        {iri: _dates(iri, node, records) for iri, node in take(["Trial"]).items()},
    )


def _printed(node: Node, value: str = "value", printed: str = "printed") -> str:
    """A number as printed. One that can be read in two ways (1,313) is spelled as the value reads it."""
    as_printed = text(node, printed)
    if "," not in as_printed:
        return as_printed or text(node, value)
    forms = readings(as_printed.strip(" =%"))
    known = decimal(node, value)
    if len(forms) == 2 and known is not None:
        return next((form for form in forms if float(form) == known), as_printed)
    return as_printed


def _dimensions(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple([(name, " ".join(sorted(texts(node, name)))) for name in DIMENSIONS if name in node])


def _is_event(node: Node) -> bool:
    """Whether a result is a registry's count of patients with an adverse event, which has few properties."""
    return "assessmentType" in node and "adverseEvent" in node


def _event(iri: str, node: Node) -> Result:
    """The few fields that a count of patients with an adverse event has; the others would be empty."""
    return Result(
        iri,
        text(node, "label"),
        text(node, "trial"),
        text(node, "group"),
        text(node, "analysisSet"),
        text(node, "endpoint"),
        code(node, "statistic"),
        code(node, "unit"),
        _printed(node),
        whole(node, "numerator"),
        whole(node, "denominator"),
        dimensions=_dimensions(node),
        comment="; ".join(texts(node, "comment")),
        sources=sources_of(node),
        basis=code(node, "basis"),
    )


def _result(iri: str, node: Node) -> Result:
    return Result(
        iri=iri,
        label=text(node, "label"),
        trial=text(node, "trial"),
        group=text(node, "group"),
        analysis_set=text(node, "analysisSet"),
        endpoint=text(node, "endpoint"),
        statistic=code(node, "statistic"),
        unit=code(node, "unit"),
        printed=_printed(node),
        n=whole(node, "numerator"),
        total=whole(node, "denominator"),
        n_derived=code(node, "numeratorBasis") == "derived",
        lower=_printed(node, "lower", "lowerPrinted"),
        upper=_printed(node, "upper", "upperPrinted"),
        level=decimal(node, "level"),
        method=text(node, "intervalMethod"),
        dimensions=_dimensions(node),
        assessor=text(node, "assessor"),
        maturity=code(node, "maturity"),
        data_cut=text(node, "dataCut"),
        first_public=text(node, "firstPublic"),
        follow_up=text(node, "followUpPrinted"),
        conflicts=texts(node, "conflictsWith"),
        supersedes=texts(node, "supersedes"),
        sources=sources_of(node),
        basis=code(node, "basis"),
        verification=code(node, "verification"),
        note=text(node, "note"),
        class_title=text(node, "classTitle"),
        category=text(node, "categoryTitle"),
        estimated=tuple(last_part(term) for term in node.get("estimatedBy", ())),
        comment="; ".join(texts(node, "comment")),
        trial_endpoint=text(node, "trialEndpoint"),
        period=text(node, "period"),
        spread=_printed(node, "dispersion", "dispersionPrinted"),
    )


def _contrast(iri: str, node: Node) -> Contrast:
    return Contrast(
        iri=iri,
        label=text(node, "label"),
        trial=text(node, "trial"),
        endpoint=text(node, "endpoint"),
        analysis_set=text(node, "analysisSet"),
        measure=code(node, "measure"),
        printed=_printed(node),
        lower=_printed(node, "lower", "lowerPrinted"),
        upper=_printed(node, "upper", "upperPrinted"),
        level=decimal(node, "level"),
        p=_printed(node, "pValue", "pPrinted"),
        method=text(node, "method"),
        compared=text(node, "comparedResult"),
        reference=text(node, "referenceResult"),
        compared_group=text(node, "comparedGroup"),
        reference_group=text(node, "referenceGroup"),
        groups=len(node.get("comparedGroup", ())) + len(node.get("referenceGroup", ())),
        p_sides=whole(node, "pSides"),
        p_kind=code(node, "pKind"),
        hypothesis=code(node, "hypothesisType"),
        margin=decimal(node, "margin"),
        alpha=decimal(node, "alpha"),
        alpha_sides=whole(node, "alphaSides") or 2,
        tested_margin=_flag(node, "testedNonInferiority"),
        interval_sides=whole(node, "sides"),
        trial_endpoint=text(node, "trialEndpoint"),
        note="; ".join((*texts(node, "hypothesisComment"), *texts(node, "comment"), *texts(node, "note"))),
        conflicts=texts(node, "conflictsWith"),
        supersedes=texts(node, "supersedes"),
        sources=sources_of(node),
        basis=code(node, "basis"),
        assessor=text(node, "assessor"),
        maturity=code(node, "maturity"),
    )


def _flag(node: Node, name: str) -> bool | None:
    value = text(node, name)
    return value in ("true", "1") if value else None


def _dates(iri: str, node: Node, records: dict[str, Node]) -> TrialDates:
    days = [text(records[source], "firstSubmitted") for source in sources_of(node) if source in records]
    registered = min((day for day in (text(node, "firstSubmitted"), *days) if day), default="")
    return TrialDates(
        iri,
        text(node, "label"),
        registered,
        text(node, "startDate"),
        text(node, "primaryCompletionDate"),
        text(node, "completionDate"),
        sources_of(node),
        code(node, "basis"),
    )


def _set(iri: str, node: Node, groups: dict[str, Node]) -> AnalysisSet:
    group = text(node, "group")
    return AnalysisSet(
        iri=iri,
        label=text(node, "label"),
        trial=text(node, "trial"),
        group=group,
        arms=texts(groups.get(group, {}), "arm"),
        kind=code(node, "setKind"),
        size=whole(node, "size"),
        counted=text(node, "unitCounted"),
        definition=text(node, "setDefinition"),
        subset_of=texts(node, "subsetOf"),
        disjoint=texts(node, "disjointFromSet"),
        overlaps=texts(node, "overlapsSet"),
        may_overlap=texts(node, "mayOverlapSet"),
        sources=sources_of(node),
        basis=code(node, "basis"),
    )


def _claim(iri: str, node: Node) -> Claim:
    return Claim(
        iri=iri,
        label=text(node, "label"),
        document=text(node, "document"),
        printed=text(node, "claimedPrinted"),
        total=whole(node, "claimedDenominator"),
        concerns=texts(node, "concerns"),
        verdict=code(node, "verdict"),
        reason=text(node, "verdictReason"),
    )
