"""Results and comparisons from a table of one's own, so that anybody's numbers can be examined.

One result a row; the first line names the columns, see `columns` and docs/forensics.md. A percent without a
statistic counts as a proportion. A row whose unit is `participants` and whose endpoint ends in randomised,
treated or enrolled gives the size of its arm. A row that cannot be read is skipped and named.
"""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.errors import InputError
from bempeg_kg.evidence.forensics.columns import COMPARISONS, TEST_STATISTICS
from bempeg_kg.evidence.forensics.judgement import Skipped
from bempeg_kg.evidence.forensics.rows import BadRow, Row, rows_of_table
from bempeg_kg.evidence.further import TestStatistic, TrialDates
from bempeg_kg.evidence.model import AnalysisSet, Contrast, Evidence, Result

_KINDS = ("randomised", "randomized", "treated", "enrolled")
_SPELLED = {"randomized": "randomised"}


def read_table(path: str) -> tuple[Evidence, list[Skipped]]:
    """The evidence of a table, and the rows that could not be read.

    Raises InputError for a file that is no table, or whose columns hold no numbers.
    """
    evidence, skipped = Evidence(), []
    rows = []
    for row in rows_of_table(path):
        if isinstance(row, BadRow):
            skipped.append(Skipped(f"{path}:{row.line}", row.about, row.reason))
            continue
        if row.iri in evidence.results or row.iri in evidence.contrasts or row.iri in evidence.tests:
            skipped.append(Skipped(f"{path}:{row.line}", row.label, f"the id {row.iri} stands twice"))
            continue
        rows.append(row)
        _take(evidence, row)
    if not rows and skipped:
        first = skipped[0]
        raise InputError(f"no row can be judged; the first: {first.reason}", file=path)
    evidence.contrasts.update(_pairs(evidence, rows))
    return evidence, skipped


def _take(evidence: Evidence, row: Row) -> None:
    """Put what a row says into the evidence."""
    if row.statistic in TEST_STATISTICS:
        evidence.tests[row.iri] = _test(row)
        return
    if row.registered or row.start or row.completion:
        name = row.trial or row.iri
        evidence.trials[name] = TrialDates(
            name, name, row.registered, row.start, completion=row.completion, sources=row.sources
        )
        if not row.value and row.n is None:
            return
    if row.statistic in COMPARISONS:
        evidence.contrasts[row.iri] = _contrast(row)
        return
    evidence.results[row.iri] = _result(row)
    analysis_set = _size(row)
    if analysis_set is not None:
        evidence.sets[analysis_set.iri] = analysis_set


def _result(row: Row) -> Result:
    return Result(
        iri=row.iri,
        label=row.label,
        trial=row.trial,
        group=row.arm,
        analysis_set=f"{row.trial}, {row.arm}, {row.set}",
        endpoint=row.endpoint,
        statistic=row.statistic,
        unit=row.unit,
        printed=row.value,
        n=row.n,
        total=row.total,
        lower=row.lower,
        upper=row.upper,
        level=row.level,
        method=row.method,
        dimensions=(("timePoint", row.time),) if row.time else (),
        sources=row.sources,
        note=row.note,
        category=row.category,
        spread=row.spread,
        data=row.data,
        items=row.items,
    )


def _contrast(row: Row) -> Contrast:
    return Contrast(
        iri=row.iri,
        label=row.label,
        trial=row.trial,
        endpoint=row.endpoint,
        measure=row.statistic,
        printed=row.value,
        lower=row.lower,
        upper=row.upper,
        level=row.level,
        p=row.p,
        method=row.method,
        p_sides=row.sides,
        hypothesis=row.hypothesis,
        margin=row.margin,
        events=row.n,
        total=row.total,
        compared_group=row.arm,
        reference_group=row.comparator,
        note=row.note,
        sources=row.sources,
    )


def _test(row: Row) -> TestStatistic:
    return TestStatistic(
        row.iri, row.label, row.statistic, row.value, row.df, row.df2, row.p, row.sides, row.sources
    )


def _size(row: Row) -> AnalysisSet | None:
    kind = next((kind for kind in _KINDS if row.endpoint.lower().endswith(kind)), "")
    if row.unit != "participants" or not kind or not row.value.isdigit():
        return None
    kind = _SPELLED.get(kind, kind)
    return AnalysisSet(f"{row.iri} ({kind})", row.label, row.trial, row.arm, (row.arm,), kind, int(row.value))


def _pairs(evidence: Evidence, rows: list[Row]) -> dict[str, Contrast]:
    """Comparisons of two shares that name each other and print one p-value."""
    shares: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        if row.p and row.comparator and row.iri in evidence.results:
            shares.setdefault((row.trial, row.endpoint, row.set, row.arm), row)
    contrasts: dict[str, Contrast] = {}
    for (trial, endpoint, one_set, arm), row in shares.items():
        other = shares.get((trial, endpoint, one_set, row.comparator))
        if other is None or f"{other.iri} against {row.iri}" in contrasts or other.p != row.p:
            continue
        name = f"{row.iri} against {other.iri}"
        contrasts[name] = Contrast(
            iri=name,
            label=f"{endpoint}, {arm} against {row.comparator}, {trial}",
            trial=trial,
            endpoint=endpoint,
            measure="not-stated",
            p=row.p,
            method=row.method,
            p_sides=row.sides,
            hypothesis=row.hypothesis,
            compared=row.iri,
            reference=other.iri,
        )
    for name, contrast in evidence.contrasts.items():
        joined = _with_results(evidence, contrast)
        if joined is not None:
            contrasts[name] = joined
    return contrasts


def _with_results(evidence: Evidence, contrast: Contrast) -> Contrast | None:
    """A comparison with the shares of its two arms, if the table has one of each for its endpoint."""
    sides = []
    for group in (contrast.compared_group, contrast.reference_group):
        fitting = [
            result.iri
            for result in evidence.results.values()
            if group
            and (result.trial, result.endpoint, result.group) == (contrast.trial, contrast.endpoint, group)
            and result.statistic in ("proportion", "count")
        ]
        if len(fitting) != 1:
            return None
        sides.append(fitting[0])
    return replace(contrast, compared=sides[0], reference=sides[1])
