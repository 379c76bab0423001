"""Rules about a percentage of patients: does some whole number out of N give it, and what if none does."""

from __future__ import annotations

from fractions import Fraction

from bempeg_kg.evidence import percent
from bempeg_kg.evidence.forensics.about import verdict_on, why_no_count, why_perhaps_no_count
from bempeg_kg.evidence.forensics.misfits import common_size, many_misfits, swapped
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Evidence, Result
from bempeg_kg.evidence.printed import Printed, read, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = "percentage-of-whole-patients"
_MISSING = "the number of patients behind it"


def examine_percentage(result: Result, evidence: Evidence) -> Iterator[Verdict]:
    """Verdicts on a result whose unit is percent."""
    printed = read(result.printed)
    if printed is None or printed.bound:
        return
    reason = why_no_count(result, evidence)
    inputs = f"{result.printed} percent"
    if reason:
        yield verdict_on(_RULE, CANNOT_TELL, result, inputs, reason, missing=_MISSING)
    elif not printed.high >= 0 or printed.low > 100:
        yield _outside(result, inputs, evidence)
    elif result.total is None:
        yield _which_size(result, printed, evidence)
    elif result.total == 0:
        yield verdict_on(_RULE, IMPOSSIBLE, result, f"{inputs}, N = 0", "of nobody there is no percentage")
    else:
        if result.n is not None:
            yield _count_matches(result, printed, result.n, result.total)
        if result.n is None or not printed.holds(Fraction(100 * result.n, result.total)):
            yield _of_whole_patients(result, printed, result.total, evidence)


def _outside(result: Result, inputs: str, evidence: Evidence) -> Verdict:
    perhaps = why_perhaps_no_count(result, evidence)
    if perhaps:
        return verdict_on(_RULE, CANNOT_TELL, result, inputs, perhaps, missing=_MISSING)
    working = "a share of patients is from 0 to 100 percent"
    return verdict_on(_RULE, IMPOSSIBLE, result, inputs, working)


def _of_whole_patients(result: Result, printed: Printed, total: int, evidence: Evidence) -> Verdict:
    inputs = f"{result.printed} percent, N = {total}"
    verdict, working, fits = judge_percentage(printed, total)
    if verdict == CONSISTENT:
        return verdict_on(_RULE, verdict, result, inputs, working, expected=fits)
    reason, likely = _why_not_wrong(result, printed, total, evidence)
    if reason:
        return verdict_on(
            _RULE, CANNOT_TELL, result, inputs, f"{working}; {reason}", expected=likely, missing=_MISSING
        )
    better = swapped(result, evidence) or common_size(result, evidence)
    if better:
        verdict, working, fits = IMPOSSIBLE, f"{working}; {better[0]}", better[1]
    else:
        systematic = many_misfits(result, evidence)
        if systematic:
            return verdict_on(
                _RULE, CANNOT_TELL, result, inputs, f"{working}; {systematic}", missing=_MISSING
            )
        fits = fits or sizes_that_fit(result, printed, evidence)
    return verdict_on(_RULE, verdict, result, inputs, working, expected=fits)


def _why_not_wrong(result: Result, printed: Printed, total: int, evidence: Evidence) -> tuple[str, str]:
    """(why a percentage that fits no count need not be wrong, what it may be); "" if nothing says so."""
    if printed.value <= 1 and printed.decimals >= 2:
        shares = Printed(printed.text, printed.units, printed.decimals - 2)
        counts = percent.counts_for(shares, total)
        if counts:
            return "it fits if it is a fraction of 1 under a unit of percent", f"{counts[0]}/{total}"
    return why_perhaps_no_count(result, evidence), ""


def judge_percentage(printed: Printed, total: int) -> tuple[str, str, str]:
    """(verdict, working, what fits) for a percentage of a known number of patients.

    >>> judge_percentage(read("27.7"), 391)[:2]
    ('impossible', '108/391 = 27.6 and 109/391 = 27.9; no whole number between')
    """
    counts = percent.counts_for(printed, total)
    if counts:
        listed = f"{counts[0]}/{total}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} of {total}"
        note = ""
        if percent.always_possible(printed, total):
            note = "; with so many patients every percentage of these decimals is possible"
        return CONSISTENT, f"{listed} gives {printed.text}{note}", listed
    near = " and ".join(str(neighbour) for neighbour in percent.neighbours(printed, total))
    for way, fitting in (
        ("if decimals are cut off", percent.cut_off_counts_for(printed, total)),
        ("if it is rounded twice", percent.twice_rounded_counts_for(printed, total)),
    ):
        if fitting:
            return INCONSISTENT, f"{near}; {fitting[0]}/{total} gives it only {way}", f"{fitting[0]}/{total}"
    return IMPOSSIBLE, f"{near}; no whole number between", ""


def sizes_that_fit(result: Result, printed: Printed, evidence: Evidence) -> str:
    """Known sizes of the result's group that give the percentage, with the counts; then those that do not."""
    fitting, others = [], []
    for size in sorted({one.size for one in evidence.sizes_near(result) if one.size}):
        counts = percent.counts_for(printed, size)
        if counts:
            fitting.append(
                f"{counts[0]}/{size}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} of {size}"
            )
        else:
            others.append(str(size))
    parts = ["fits " + ", ".join(fitting[:_LISTED]) + _more(fitting)] if fitting else []
    parts += ["does not fit " + ", ".join(others[:_LISTED]) + _more(others)] if others else []
    return "; ".join(parts)


_LISTED = 6
#: Largest group size tried where N is not printed.
_LARGEST = 20_000


def _more(texts: list[str]) -> str:
    return f" and {len(texts) - _LISTED} more" if len(texts) > _LISTED else ""


def _which_size(result: Result, printed: Printed, evidence: Evidence) -> Verdict:
    top = min(evidence.largest(result) or 0, _LARGEST)
    sizes = percent.totals_for(printed, range(1, top + 1))
    working = (
        f"possible for {len(sizes)} of the group sizes 1 to {top}" if top else "no size of the group is known"
    )
    return verdict_on(
        "which-size-fits",
        CANNOT_TELL,
        result,
        f"{result.printed} percent, N not given",
        f"{working}; a size that fits is not thereby the one used",
        expected=sizes_that_fit(result, printed, evidence),
        missing="N",
    )


def _count_matches(result: Result, printed: Printed, n: int, total: int) -> Verdict:
    rule, inputs = "count-matches-percentage", f"{n} of {total}, {result.printed} percent"
    if n > total:
        return verdict_on(rule, IMPOSSIBLE, result, inputs, f"{n} is more than {total}")
    exact = Fraction(100 * n, total)
    working = f"100 x {n}/{total} = {show(exact, printed.decimals + 2)}"
    if result.n_derived:
        working += "; n was worked back from the percentage, so this is no independent check"
    if printed.holds(exact):
        return verdict_on(rule, CONSISTENT, result, inputs, working)
    return verdict_on(rule, INCONSISTENT, result, inputs, working, expected=show(exact, printed.decimals))
