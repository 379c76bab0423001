"""Results, contrasts, sets and claims read out of a graph, whatever engine holds it."""

from __future__ import annotations

from pyoxigraph import NamedNode

from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.model import AnalysisSet, Claim, Contrast, Evidence, Result
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.table import Term

#: Values of a node by property.
Node = dict[str, list[Term]]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


_RESULTS = ("Result", "AdverseEventResult")
#: Properties that make two results of one endpoint different things.
DIMENSIONS = (
    *("adverseEvent", "grade", "attribution", "serious", "timePointMonths", "threshold"),
    *("criteria", "classTitle", "categoryTitle", "trialEndpoint", "timeFrame"),
    *("organSystem", "sourceVocabulary", "assessmentType"),
)


def read_evidence(engine: Engine, wanted: frozenset[str] | None = None, trial: str = "") -> Evidence:
    """Everything that the rules look at. `wanted` narrows the subjects of verdicts, not what is read.

    `trial`: read the results, contrasts and sets of this trial alone; a registry holds millions.
    """
    groups = nodes_of(engine, ["AnalysisGroup"], trial)
    results = {iri: _result(iri, node) for iri, node in nodes_of(engine, _RESULTS, trial).items()}
    contrasts = {iri: _contrast(iri, node) for iri, node in nodes_of(engine, ["Contrast"], trial).items()}
    sets = {iri: _set(iri, node, groups) for iri, node in nodes_of(engine, ["AnalysisSet"], trial).items()}
    claims = {iri: _claim(iri, node) for iri, node in nodes_of(engine, ["Claim"]).items()}
    return Evidence(results, contrasts, sets, claims, wanted)


def nodes_of(engine: Engine, classes: Sequence[str], trial: str = "") -> dict[str, Node]:
    """All instances of classes of the vocabulary: IRI -> property name -> values, in order.

    `trial`: only those that state this trial.
    """
    listed = " ".join(f"<{VOCAB}{name}>" for name in classes)
    of_trial = f"?s <{VOCAB}trial> {NamedNode(trial)} ." if trial else ""
    answer = engine.query(
        f"SELECT ?s ?p ?o WHERE {{ {of_trial} VALUES ?class {{ {listed} }} ?s a ?class ; ?p ?o }}"
    )
    found: dict[str, Node] = {}
    names: dict[str, str] = {}
    for subject, predicate, value in getattr(answer, "rows", ()):
        property_iri = predicate.value
        name = names.get(property_iri) or names.setdefault(property_iri, last_part(predicate))
        values = found.setdefault(subject.value, {}).setdefault(name, [])
        if value not in values:
            values.append(value)
    # Sorted here: an engine sorts every row, and all but a few properties have one value.
    for node in found.values():
        for values in node.values():
            if len(values) > 1:
                values.sort(key=str)
    return dict(sorted(found.items()))


def last_part(term: Term) -> str:
    """What stands after the last / or # of an IRI."""
    text = str(getattr(term, "value", term))
    return text.rstrip("/#").replace("#", "/").rpartition("/")[2]


def texts(node: Node, name: str) -> tuple[str, ...]:
    """All values of a property as text (IRIs whole)."""
    return tuple(str(getattr(term, "value", term)) for term in node.get(name, ()))


def text(node: Node, name: str) -> str:
    """The first value of a property as text, or "" if there is none."""
    return next(iter(texts(node, name)), "")


def code(node: Node, name: str) -> str:
    """The last part of the first value of a property, or ""."""
    return last_part(node[name][0]) if node.get(name) else ""


def whole(node: Node, name: str) -> int | None:
    """The first value of a property as a whole number, or None."""
    told = text(node, name)
    return int(float(told)) if told else None


def decimal(node: Node, name: str) -> float | None:
    """The first value of a property as a number, or None."""
    told = text(node, name)
    return float(told) if told else None


def sources_of(node: Node) -> tuple[str, ...]:
    """The sources of a statement, the one to cite first in front."""
    first = texts(node, "source")
    return first + tuple(one for one in texts(node, "derivedFrom") if one not in first)


def _printed(node: Node, value: str = "value", printed: str = "printed") -> str:
    return text(node, printed) or text(node, value)


def _result(iri: str, node: Node) -> Result:
    dimensions = tuple((name, " ".join(sorted(texts(node, name)))) for name in DIMENSIONS if node.get(name))
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
        dimensions=dimensions,
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
        sides=whole(node, "pSides") or whole(node, "sides") or 2,
        p_sides=whole(node, "pSides"),
        p_kind=code(node, "pKind"),
        hypothesis=code(node, "hypothesisType"),
        conflicts=texts(node, "conflictsWith"),
        supersedes=texts(node, "supersedes"),
        sources=sources_of(node),
        basis=code(node, "basis"),
        assessor=text(node, "assessor"),
        maturity=code(node, "maturity"),
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
