"""Rules about one figure: its percentage, its counts, its limits. Its interval as such: see `solving`."""

from __future__ import annotations

from bempeg_kg.evidence import percent
from bempeg_kg.evidence.forensics.about import figure_verdict, why_no_count
from bempeg_kg.evidence.forensics.solving import examine_interval
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT, Verdict
from bempeg_kg.evidence.printed import Printed, find, read, show
from bempeg_kg.evidence.records import Assertion, Dossier, Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def examine_figures(dossier: Dossier) -> Iterator[Verdict]:
    """Every verdict on single figures, and on the percentages that claims state with an N."""
    for figure in dossier.of_figures():
        if figure.unit == "percent":
            yield from _percentage(figure, dossier)
        elif figure.n is not None and figure.total is not None and figure.n > figure.total:
            working = f"{figure.n} counted of {figure.total} patients"
            yield figure_verdict("parts-and-whole", IMPOSSIBLE, figure, working, working)
        yield from _limits(figure)
        if figure.is_share and figure.lower and figure.upper:
            yield from examine_interval(figure, dossier)
    for iri in sorted(dossier.assertions):
        if dossier.wants(iri):
            yield from _claimed_percentage(dossier.assertions[iri], dossier)


def _percentage(figure: Figure, dossier: Dossier) -> Iterator[Verdict]:
    printed = read(figure.printed)
    if printed is None:
        return
    reason = why_no_count(figure, dossier)
    rule, inputs = "percentage-of-whole-patients", f"{figure.printed} percent"
    if reason:
        yield figure_verdict(
            rule, CANNOT_TELL, figure, inputs, reason, missing="the number of patients behind it"
        )
    elif figure.total is None:
        yield _which_size(figure, printed, dossier)
    else:
        if figure.n is not None:
            yield _count_matches(figure, printed, figure.n, figure.total)
        if figure.n is None or not printed.holds(100 * figure.n / figure.total):
            verdict, working, fits = judge_percentage(printed, figure.total)
            told = fits or _sizes_that_fit(figure, printed, dossier) if verdict == IMPOSSIBLE else fits
            yield figure_verdict(
                rule, verdict, figure, f"{inputs}, N = {figure.total}", working, expected=told
            )


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
    near = " and ".join(str(one) for one in percent.neighbours(printed, total))
    cut = percent.cut_off_counts_for(printed, total)
    if cut:
        return (
            INCONSISTENT,
            f"{near}; {cut[0]}/{total} gives it only if decimals are cut off",
            f"{cut[0]}/{total}",
        )
    return IMPOSSIBLE, f"{near}; no whole number between", ""


def _sizes_that_fit(figure: Figure, printed: Printed, dossier: Dossier) -> str:
    """Known sizes of the figure's group, each with the counts that give the percentage or with none."""
    told = []
    for size in sorted({one.size for one in dossier.sizes_near(figure) if one.size}):
        counts = percent.counts_for(printed, size)
        listed = (
            f"{counts[0]}/{size}"
            if len(counts) == 1
            else f"{counts[0]} to {counts[-1]} of {size}"
            if counts
            else ""
        )
        told.append(f"fits {listed}" if counts else f"does not fit {size}")
    return "; ".join(told)


def _which_size(figure: Figure, printed: Printed, dossier: Dossier) -> Verdict:
    top = dossier.largest(figure) or 0
    sizes = percent.totals_for(printed, range(1, top + 1))
    working = (
        f"possible for {len(sizes)} of the group sizes 1 to {top}" if top else "no size of the group is known"
    )
    return figure_verdict(
        "which-size-fits",
        CANNOT_TELL,
        figure,
        f"{figure.printed} percent, N not given",
        f"{working}; a size that fits is not thereby the one used",
        expected=_sizes_that_fit(figure, printed, dossier),
        missing="N",
    )


def _count_matches(figure: Figure, printed: Printed, n: int, total: int) -> Verdict:
    inputs = f"{n} of {total}, {figure.printed} percent"
    if n > total:
        return figure_verdict(
            "count-matches-percentage", IMPOSSIBLE, figure, inputs, f"{n} is more than {total}"
        )
    exact = show(100 * n / total, printed.decimals + 2)
    working = f"100 x {n}/{total} = {exact}"
    if figure.n_derived:
        working += "; n was worked back from the percentage, so this is no independent check"
    verdict = CONSISTENT if printed.holds(100 * n / total) else INCONSISTENT
    fits = "" if verdict == CONSISTENT else show(100 * n / total, printed.decimals)
    return figure_verdict("count-matches-percentage", verdict, figure, inputs, working, expected=fits)


def _limits(figure: Figure) -> Iterator[Verdict]:
    estimate, lower, upper = (read(text) for text in (figure.printed, figure.lower, figure.upper))
    found = judge_limits(estimate, lower, upper)
    if found:
        inputs = f"{figure.printed or 'no estimate'} ({figure.lower or '?'} to {figure.upper or '?'})"
        yield figure_verdict("estimate-in-interval", found[0], figure, inputs, found[1])


def judge_limits(
    estimate: Printed | None, lower: Printed | None, upper: Printed | None
) -> tuple[str, str] | None:
    """(verdict, working) for an estimate and its limits; None where there is nothing to compare."""
    if lower and upper and lower.low > upper.high:
        return IMPOSSIBLE, f"the lower limit {lower.text} lies above the upper limit {upper.text}"
    if estimate is None or (lower is None and upper is None):
        return None
    if lower and estimate.high < lower.low:
        return IMPOSSIBLE, f"{estimate.text} lies below its lower limit {lower.text}"
    if upper and estimate.low > upper.high:
        return IMPOSSIBLE, f"{estimate.text} lies above its upper limit {upper.text}"
    return CONSISTENT, "the estimate lies between the limits that are given"


def _claimed_percentage(claim: Assertion, dossier: Dossier) -> Iterator[Verdict]:
    printed = find(claim.printed) if "%" in claim.printed else None
    if printed is None or claim.total is None:
        return
    about = [dossier.figures[iri] for iri in claim.concerns if iri in dossier.figures]
    inputs = f"{printed.text} percent, N = {claim.total} as the document gives it"
    rule = "percentage-of-whole-patients"
    if about and not any(figure.is_share for figure in about):
        reason = why_no_count(about[0], dossier)
        yield Verdict(
            rule,
            CANNOT_TELL,
            claim.iri,
            claim.label,
            inputs,
            reason,
            missing="the number of patients behind it",
            sources=(claim.document,),
            basis="seed",
        )
        return
    verdict, working, fits = judge_percentage(printed, claim.total)
    if verdict == IMPOSSIBLE and about:
        fits = _sizes_that_fit(about[0], printed, dossier)
    yield Verdict(
        rule, verdict, claim.iri, claim.label, inputs, working, fits, sources=(claim.document,), basis="seed"
    )
