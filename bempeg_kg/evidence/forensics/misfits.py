"""What several percentages say of those that fit no count: arms swapped, another N, no counts at all.

Chance is kept small: a percentage with d decimals fits a size N by chance with a probability of about
N / (100 x 10^d), so a size, or an exchange of two sizes, is named only where chance would seldom give it.
"""

from __future__ import annotations

from bempeg_kg.evidence.model import Evidence, Result
from bempeg_kg.evidence.percent import always_possible, counts_for, cut_off_counts_for
from bempeg_kg.evidence.printed import Printed, read

#: Largest probability of fitting by chance at which an exchange, or a common size, is named.
_CHANCE_OF_SWAP = 0.1
_CHANCE_OF_SIZE = 0.01
#: So many percentages of an outcome that fit no count, and so large a share of those that would not by
#: chance, are no counts.
_MANY, _SHARE = 3, 0.5
_LARGEST = 20_000


def swapped(result: Result, evidence: Evidence) -> tuple[str, str] | None:
    """(working, what fits) if this and another arm's percentage fit each other's N and not both their own."""
    mine, total = read(result.printed), result.total
    if mine is None or not total:
        return None
    beside = [
        (other, theirs)
        for other in evidence.rows_of(result)
        if _is_beside(result, other) and other.total and (theirs := read(other.printed)) is not None
    ]
    partners = [
        (other, theirs)
        for other, theirs in beside
        if other.total != total
        and counts_for(mine, other.total or 0)
        and counts_for(theirs, total)
        and 0 < theirs.value < 100
        and _chance(mine, other.total or 0) * _chance(theirs, total) <= _CHANCE_OF_SWAP
    ]
    if len(partners) != 1:
        return None
    other, theirs = partners[0]
    if not all(counts_for(one, row.total or 0) for row, one in beside if row.iri != other.iri):
        return None
    there, here = counts_for(mine, other.total or 0), counts_for(theirs, total)
    pair = f"{result.printed} as {there[0]}/{other.total} and {other.printed} as {here[0]}/{total}"
    return (
        f"the arms are probably swapped: each percentage fits the other's N ({other.printed} stands at "
        f"N = {other.total})",
        f"probably swapped: {pair}",
    )


def _is_beside(result: Result, other: Result) -> bool:
    """Whether two results say the same of two groups."""
    return (
        other.iri != result.iri
        and other.group != result.group
        and other.is_share
        and (other.class_title, other.category) == (result.class_title, result.category)
        and other.dimensions == result.dimensions
        and (other.assessor, other.data_cut) == (result.assessor, result.data_cut)
    )


def _chance(printed: Printed, size: int) -> float:
    """Probability that a percentage fits a size by chance; 0 and 100 fit every size."""
    return min(1.0, size / (100 * 10**printed.decimals)) if 0 < printed.value < 100 else 1.0


def common_size(result: Result, evidence: Evidence) -> tuple[str, str] | None:
    """(working, what fits) if all percentages of an arm that print this N fit one other N instead."""
    rows = [
        printed
        for one in evidence.rows_of(result)
        if (one.group, one.total) == (result.group, result.total)
        and one.is_share
        and (printed := read(one.printed)) is not None
    ]
    telling = {row.value: row for row in rows if 0 < row.value < 100}
    mine, top = read(result.printed), result.total or 0
    if len(telling) < _MANY or mine is None:
        return None
    largest = min(max(evidence.largest(result) or 0, top), _LARGEST)
    for size in range(1, largest + 1):
        chance = float(size)
        for share in telling.values():
            chance *= _chance(share, size)
        if chance > _CHANCE_OF_SIZE:
            return None
        if all(counts_for(one, size) for one in telling.values()):
            count = counts_for(mine, size)[0]
            return (
                f"N = {top} is probably wrong: all {len(rows)} percentages of this arm fit N = {size}",
                f"{count}/{size}",
            )
    return None


def many_misfits(result: Result, evidence: Evidence) -> str:
    """Why the percentages of an outcome, or of one class of it, are no counts; "" if they may be counts.

    Only outcomes of a registry, whose rows stand together; in anybody's own table each row counts.
    """
    if not result.trial_endpoint:
        return ""
    rows = evidence.rows_of(result)
    of_class = [row for row in rows if row.class_title == result.class_title]
    for name, some in (("outcome", rows), ("class", of_class)):
        judged, misses, by_chance = _misfits(some)
        if misses >= _MANY and misses >= _SHARE * by_chance:
            return (
                f"{misses} of {judged} percentages of this {name} fit no count of their N, about as many as "
                "would by chance, so they are probably estimates or have other denominators"
            )
    return ""


def _misfits(rows: list[Result]) -> tuple[int, int, float]:
    """(percentages that could fail to fit their N, those that do, those that would if N were another).

    Percentages that all fit with their decimals cut off are counts, and do not count as misfits.
    """
    judged, misses, by_chance, cut_off = 0, 0, 0.0, 0
    for row in rows:
        printed = read(row.printed)
        if printed is None or not row.is_share or not row.total or always_possible(printed, row.total):
            continue
        if 0 < printed.value < 100:
            judged += 1
            by_chance += 1 - _chance(printed, row.total)
            if not counts_for(printed, row.total):
                misses += 1
                cut_off += bool(cut_off_counts_for(printed, row.total))
    return (judged, 0, by_chance) if misses == cut_off else (judged, misses, by_chance)
