"""Rules about several statements together: parts and wholes, equal sizes, sources that disagree."""

from __future__ import annotations

from itertools import combinations

from bempeg_kg.evidence.forensics.verdicts import (
    CANNOT_TELL,
    CONSISTENT,
    IMPOSSIBLE,
    INCONSISTENT,
    Verdict,
    verdict_on_set,
)
from bempeg_kg.evidence.model import AnalysisSet, Claim, Contrast, Evidence, Result
from bempeg_kg.evidence.printed import Printed, find, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SMALLEST = 10
#: A registry has a set of these kinds for every outcome and table, so that equal sizes say nothing.
_ONE_AN_OUTCOME = ("analysed", "atRisk")


def examine_together(evidence: Evidence) -> Iterator[Verdict]:
    """Every verdict on sets, on results that conflict, and on claims beside results."""
    sets = [evidence.sets[iri] for iri in sorted(evidence.sets)]
    for whole in sets:
        if whole.size is not None:
            yield from _parts(whole, evidence)
    yield from _same_sizes(sets, evidence)
    yield from _conflicts(evidence)
    yield from _unrecorded(evidence)
    for iri in sorted(evidence.claims):
        if evidence.wants(iri):
            yield from _claim(evidence.claims[iri], evidence)


def _parts(whole: AnalysisSet, evidence: Evidence) -> Iterator[Verdict]:
    parts = [part for part in evidence.index.parts_of.get(whole.iri, ()) if part.size is not None]
    parts.sort(key=lambda part: part.iri)
    size = whole.size or 0
    for part in parts:
        if (part.size or 0) > size and evidence.wants(whole.iri, part.iri):
            inputs = f"{part.size} in the part, {size} in the whole ({whole.label})"
            yield verdict_on_set(
                "parts-and-whole", IMPOSSIBLE, part, inputs, f"{part.size} is more than {size}"
            )
    for group in _disjoint_groups(parts):
        if evidence.wants(whole.iri, *(one.iri for one in group)):
            yield from _sum(whole, group)


def _disjoint_groups(parts: list[AnalysisSet]) -> list[list[AnalysisSet]]:
    """Largest groups of parts of which every two are stated to share no patient (two members or more)."""
    import networkx

    graph = networkx.Graph()
    graph.add_edges_from(
        (one.iri, other.iri)
        for one, other in combinations(parts, 2)
        if other.iri in one.disjoint or one.iri in other.disjoint
    )
    by_iri = {part.iri: part for part in parts}
    cliques = sorted(sorted(clique) for clique in networkx.find_cliques(graph))
    return [[by_iri[iri] for iri in clique] for clique in cliques]


def _sum(whole: AnalysisSet, group: list[AnalysisSet]) -> Iterator[Verdict]:
    size, total = whole.size or 0, sum(one.size or 0 for one in group)
    inputs = " + ".join(str(one.size) for one in group) + f" in {len(group)} parts, {size} in the whole"
    working = f"{' + '.join(str(one.size) for one in group)} = {total}"
    if total == size:
        yield verdict_on_set("parts-and-whole", CONSISTENT, whole, inputs, working)
    elif total > size:
        yield verdict_on_set(
            "parts-and-whole",
            IMPOSSIBLE,
            whole,
            inputs,
            f"{working}, more than {size}, and no patient is in two",
        )
    elif make_up_whole(whole, group):
        yield verdict_on_set("parts-and-whole", INCONSISTENT, whole, inputs, f"{working}, less than {size}")


def make_up_whole(whole: AnalysisSet, group: list[AnalysisSet]) -> bool:
    """Whether parts must add up to the whole: one a planned arm, all by the rule that made the whole; or
    those treated and those not treated."""
    kinds = {one.kind for one in group}
    if kinds == {"treated", "notTreated"}:
        return whole.kind == "randomised" and len({one.group for one in (*group, whole)}) == 1
    arms = [arm for one in group for arm in one.arms]
    return (
        kinds == {whole.kind}
        and all(len(one.arms) == 1 for one in group)
        and len(set(arms)) == len(arms)
        and set(arms) == set(whole.arms)
        and whole.kind in ("randomised", "treated", "enrolled", "planned")
    )


def _same_sizes(sets: list[AnalysisSet], evidence: Evidence) -> Iterator[Verdict]:
    by_size: dict[tuple[str, int], list[AnalysisSet]] = {}
    for analysis_set in sets:
        if (
            analysis_set.size is not None
            and analysis_set.size >= _SMALLEST
            and analysis_set.kind not in _ONE_AN_OUTCOME
        ):
            by_size.setdefault((analysis_set.trial, analysis_set.size), []).append(analysis_set)
    for (_, size), same in by_size.items():
        apart = [(one, other) for one, other in combinations(same, 2) if not _related(one, other, evidence)]
        named = {one.iri: one for pair in apart for one in pair}
        if named and evidence.wants(*named):
            first = same[0]
            labels = "; ".join(one.label for one in named.values())
            yield verdict_on_set(
                "same-size-other-set",
                CONSISTENT,
                first,
                f"N = {size} in {len(named)} sets of one trial",
                f"information, not an error: {labels}; the number alone does not make them the same patients",
            )


def _related(analysis_set: AnalysisSet, other: AnalysisSet, evidence: Evidence) -> bool:
    """Whether two sets are known to share patients."""
    linked = {*analysis_set.overlaps, *analysis_set.may_overlap} | evidence.holders(analysis_set.iri)
    back = {*other.overlaps, *other.may_overlap} | evidence.holders(other.iri)
    return other.iri in linked or analysis_set.iri in back


def _conflicts(evidence: Evidence) -> Iterator[Verdict]:
    """Results and comparisons that the data link as saying different things about one."""
    done: set[frozenset[str]] = set()
    everything: dict[str, Result | Contrast] = {**evidence.results, **evidence.contrasts}
    for iri in sorted(everything):
        record = everything[iri]
        for other_iri in record.conflicts:
            other = everything.get(other_iri)
            pair = frozenset((iri, other_iri))
            if other is None or pair in done or not evidence.wants(iri, other_iri):
                continue
            done.add(pair)
            yield Verdict(
                "sources-disagree",
                INCONSISTENT,
                iri,
                record.label,
                f"{_with_unit(record)} here; {_with_unit(other)} in {other.label}",
                "recorded as a conflict; both stand, none is picked",
                sources=tuple(dict.fromkeys((*record.sources, *other.sources))),
                basis=record.basis,
            )


def _unrecorded(evidence: Evidence) -> Iterator[Verdict]:
    """Results that agree in everything but their value, and that nothing in the data links."""
    for result, other in (pair for results in _of_one_subject(evidence) for pair in combinations(results, 2)):
        links = {*result.conflicts, *result.supersedes, *other.conflicts, *other.supersedes}
        first, second = read(result.printed), read(other.printed)
        if links & {result.iri, other.iri} or first is None or second is None or alike(first, second):
            continue
        if evidence.wants(result.iri, other.iri):
            # a record lists two terms, or two measures, in the same words
            is_one_record = result.basis == other.basis == "registry" and result.sources == other.sources
            yield Verdict(
                "sources-disagree",
                CANNOT_TELL if is_one_record else INCONSISTENT,
                result.iri,
                result.label,
                f"{_with_unit(result)} here; {_with_unit(other)} in {other.label}",
                "two rows of one record in the same words, which does not say what parts them"
                if is_one_record
                else "alike in group, set, endpoint and date, but not in value; no link says why",
                sources=tuple(dict.fromkeys((*result.sources, *other.sources))),
                basis=result.basis,
            )


def _of_one_subject(evidence: Evidence) -> Iterable[list[Result]]:
    """Results that agree in subject and circumstances, together."""
    same: dict[tuple[object, ...], list[Result]] = {}
    for iri in sorted(evidence.results):
        result = evidence.results[iri]
        subject = (
            result.trial,
            result.group,
            result.analysis_set,
            result.endpoint,
            result.statistic,
            result.unit,
            result.dimensions,
        )
        circumstances = (
            result.data_cut,
            result.first_public,
            result.follow_up,
            result.maturity,
            result.assessor,
            result.comment,
            result.category,
        )
        # what is not stated is not the same: two rows without a group may be of two groups
        if result.analysis_set and result.group and result.endpoint and read(result.printed):
            same.setdefault((*subject, *circumstances), []).append(result)
    return same.values()


def _with_unit(statement: Result | Contrast) -> str:
    unit = getattr(statement, "unit", "").replace("-", " ")
    return f"{statement.printed or 'no number'} {unit}".strip()


def _claim(claim: Claim, evidence: Evidence) -> Iterator[Verdict]:
    printed = find(claim.printed)
    about = [evidence.results[iri] for iri in claim.concerns if iri in evidence.results]
    numbers = [(result, read(result.printed)) for result in about if result.basis != "seed"]
    readable = [(result, number) for result, number in numbers if number is not None]
    if printed is None or not about:
        return
    rule, inputs = "claim-against-result", f"{claim.printed} in the document"
    if not readable:
        yield Verdict(
            rule,
            CANNOT_TELL,
            claim.iri,
            claim.label,
            inputs,
            "no other source with a number was found",
            missing="a source other than the document",
            sources=(claim.document,),
            basis="seed",
        )
        return
    same = [result for result, number in readable if alike(printed, number)]
    listed = "; ".join(
        f"{result.printed} ({result.label})" for result in (same or [pair[0] for pair in readable])
    )
    sources = tuple(
        dict.fromkeys((claim.document, *(source for result, _ in readable for source in result.sources)))
    )
    yield Verdict(
        rule,
        CONSISTENT if same else INCONSISTENT,
        claim.iri,
        claim.label,
        inputs,
        f"{'the sources print' if same else 'no source prints it:'} {listed}",
        sources=sources,
        basis="seed",
    )


def alike(one: Printed, other: Printed) -> bool:
    """Whether two printed numbers may be roundings of the same value.

    >>> from bempeg_kg.evidence.printed import read
    >>> alike(read("29"), read("29.0")), alike(read("53"), read("52.6")), alike(read("34"), read("34.7"))
    (True, True, False)
    """
    return one.low <= other.high and other.low <= one.high
