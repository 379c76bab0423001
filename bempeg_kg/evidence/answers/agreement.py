"""Statements about the same thing: do they agree, conflict, supersede each other, or stand apart?"""

from __future__ import annotations

from itertools import combinations

from bempeg_kg.evidence.citing import cited
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.forensics.whole import alike
from bempeg_kg.evidence.model import Claim, Contrast, Result
from bempeg_kg.evidence.nodes import nodes_of, text, texts
from bempeg_kg.evidence.printed import find, number, read
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

AGREE, CONFLICT, SUPERSEDE, APART = "agree", "conflict", "supersedes", "stand apart"
RELATIONS = (CONFLICT, SUPERSEDE, APART, AGREE)


def agreement(kg: Graph, relation: str | None = None, trial: str | None = None) -> Table:
    """Columns: relation, what, firstNode, secondNode, first, second (as printed), axes, resolution, source,
    all_sources, basis.
    """
    facts = Facts.near(kg, trial)
    resolved = _resolutions(kg)
    rows = [*_figures(facts, trial), *_ratios(facts, trial), *_claims(facts, trial)]
    for row in rows:
        pair = frozenset(str(getattr(term, "value", term)) for term in row[2:4])
        row[7] = resolved.get(pair, row[7])
    rows = [row for row in rows if relation in (None, row[0])]
    rows.sort(key=lambda row: (RELATIONS.index(str(row[0])), str(row[1]), str(row[2]), str(row[3])))
    columns = ["relation", "what", "firstNode", "secondNode", "first", "second", "axes", "resolution"]
    table = Table.of([*columns, "source", "all_sources", "basis"], rows, names=kg.names)
    table.reason = "no pair of statements stands in this relation"
    return table


def _resolutions(kg: Graph) -> dict[frozenset[str], str]:
    """Pairs of statements that a recorded resolution is about, with what stands and the reason."""
    resolutions = {}
    for node in nodes_of(kg.engine, ["Resolution"]).values():
        kept = ", ".join(kg.names.shorten(one) for one in texts(node, "stands")) or "neither"
        for pair in combinations(texts(node, "resolves"), 2):
            resolutions[frozenset(pair)] = f"stands: {kept}; reason: {text(node, 'reason')}"
    return resolutions


def _figures(facts: Facts, trial: str | None) -> Iterator[list[object]]:
    by_subject: dict[tuple[object, ...], list[Result]] = {}
    for result in facts.evidence.wanted_results():
        if trial in (None, result.trial):
            key = (result.trial, result.group, result.endpoint, result.statistic, result.dimensions)
            by_subject.setdefault(key, []).append(result)
    pairs = {
        frozenset((one.iri, other.iri))
        for same in by_subject.values()
        for one, other in combinations(same, 2)
    }
    pairs |= {
        frozenset((result.iri, other))
        for result in facts.evidence.wanted_results()
        for other in (*result.conflicts, *result.supersedes)
        if trial in (None, result.trial) and other in facts.evidence.results
    }
    for pair in sorted(sorted(pair) for pair in pairs):
        first, second = (facts.evidence.results[iri] for iri in pair)
        yield _row(facts, first, second, facts.what(first), _axes(facts, first, second))


def _axes(facts: Facts, first: Result, second: Result) -> dict[str, str]:
    """On what two results differ: axis -> the two values."""
    compared = {
        "value": (first.printed, second.printed),
        "denominator": (str(first.total or ""), str(second.total or "")),
        "population": (facts.set_name(first.analysis_set), facts.set_name(second.analysis_set)),
        "date": (first.data_cut or first.first_public, second.data_cut or second.first_public),
        "follow-up": (first.follow_up, second.follow_up),
        "assessor": (facts.label(first.assessor), facts.label(second.assessor)),
    }
    return {
        axis: f"{one or 'not stated'} / {other or 'not stated'}"
        for axis, (one, other) in compared.items()
        if one != other
    }


def _ratios(facts: Facts, trial: str | None) -> Iterator[list[object]]:
    alike: dict[tuple[str, str, str], list[Contrast]] = {}
    for contrast in facts.evidence.wanted_contrasts():
        if trial in (None, contrast.trial):
            key = (contrast.trial, contrast.endpoint, contrast.compared_group)
            alike.setdefault(key, []).append(contrast)
    for same in alike.values():
        for first, second in combinations(same, 2):
            yield _row(facts, first, second, facts.label(first.endpoint), _ratio_axes(first, second))


def _ratio_axes(first: Contrast, second: Contrast) -> dict[str, str]:
    compared = {"value": (first.printed, second.printed), "p": (first.p, second.p)}
    if first.measure == second.measure and first.no_effect is not None:
        none = first.no_effect
        values = [number(one.printed) for one in (first, second)]
        sides = [
            f"below {none}" if value < none else f"not below {none}" for value in values if value is not None
        ]
        if len(sides) == 2:
            compared["direction"] = (sides[0], sides[1])
    return {
        axis: f"{one or 'not stated'} / {other or 'not stated'}"
        for axis, (one, other) in compared.items()
        if one != other
    }


def _row(
    facts: Facts, first: Result | Contrast, second: Result | Contrast, measure: str, axes: dict[str, str]
) -> list[object]:
    relation, resolution = _relation(first, second, axes)
    differences = "; ".join(f"{axis} {values}" for axis, values in axes.items()) or "none"
    sources = [*first.sources[:1], *second.sources[:1]]
    return [
        relation,
        measure,
        named(first.iri),
        named(second.iri),
        first.printed or None,
        second.printed or None,
        differences,
        resolution,
        *cited(sources, facts.kg.names),
        "derived",
    ]


def _relation(
    first: Result | Contrast, second: Result | Contrast, axes: dict[str, str]
) -> tuple[str, str | None]:
    """The relation of two statements, and what the data record of it."""
    if second.iri in first.conflicts or first.iri in second.conflicts:
        return CONFLICT, "recorded as a conflict; no resolution is recorded"
    if second.iri in first.supersedes:
        return SUPERSEDE, "the first is recorded as replacing the second"
    if first.iri in second.supersedes:
        return SUPERSEDE, "the second is recorded as replacing the first"
    if "value" not in axes or _alike(first.printed, second.printed):
        return AGREE, None
    if first.sources == second.sources and len(first.sources) == 1 and len(axes) == 1:
        return APART, "one source has both, and does not say what tells them apart"
    return (APART if len(axes) > 1 else CONFLICT), None


def _alike(one: str, other: str) -> bool:
    first, second = read(one), read(other)
    return first is not None and second is not None and alike(first, second)


def _claims(facts: Facts, trial: str | None) -> Iterator[list[object]]:
    for claim in facts.evidence.claims.values():
        printed = find(claim.printed)
        for iri in claim.concerns if printed else ():
            result = facts.evidence.results.get(iri)
            if result is None or not result.printed or trial not in (None, result.trial):
                continue
            yield _claim_row(facts, claim, result, printed.text if printed else "")


def _claim_row(facts: Facts, claim: Claim, result: Result, printed: str) -> list[object]:
    axes = {}
    if not _alike(printed, result.printed):
        axes["value"] = f"{claim.printed} / {result.printed}"
    if claim.total is not None and claim.total != result.total:
        axes["denominator"] = (
            f"{claim.total} / {result.total if result.total is not None else 'not published'}"
        )
    differences = "; ".join(f"{axis} {values}" for axis, values in axes.items()) or "none"
    one_of_many = len([iri for iri in claim.concerns if iri in facts.evidence.results]) > 1
    relation = AGREE if not axes else APART if one_of_many and "value" in axes else CONFLICT
    verdict = f"{claim.verdict}: {claim.reason}" if claim.reason else claim.verdict
    return [
        relation,
        facts.what(result),
        named(claim.iri),
        named(result.iri),
        claim.printed,
        result.printed,
        differences,
        f"verdict on the claim: {verdict}",
        *cited([claim.document, *result.sources[:1]], facts.kg.names),
        "seed",
    ]
