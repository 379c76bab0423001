"""The paragraph that opens the page: what was reported, in which order, against what, and how likely.

Every number is read from the graph or computed from it. What is not there is left out, and named where a
reader would look for it.
"""

from __future__ import annotations

from bempeg_kg.evidence.answers.order import CONTROL, PART, REPORTED, later_controls, order_of_patients
from bempeg_kg.evidence.answers.surprise import denominators, uncertain
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.reports.case import Case
from bempeg_kg.evidence.stats.intervals import clopper_pearson


def paragraph(case: Case) -> list[str]:
    """Sentences in the order of the argument; those that the graph cannot fill are left out."""
    parts = (_early(case), _order(case), _elsewhere(case), _late(case), _chance(case), _doubt(case))
    return [sentence for sentence in parts if sentence]


def _early(case: Case) -> str:
    early, facts = case.early, case.facts
    opening = f"In {case.name(early.trial)}, {facts.group_name(early.group)}, "
    if case.counts is None:
        return f"{opening}{early.printed} % was reported for {facts.what(early)}; its counts were not."
    shares = []
    for n, total, kind in denominators(facts, early):
        interval = clopper_pearson(n, total)
        limits = f"{100 * interval.lower:.1f} to {100 * interval.upper:.1f}"
        shares.append(f"{n} of {total} {kind} ({100 * n / total:.1f} %, exact 95 % interval {limits})")
    return f"{opening}{' or '.join(shares)} patients had a response ({facts.what(early)}), without a control."


def _order(case: Case) -> str:
    rows = [row for row in order_of_patients(case.kg, case.early.iri) if row["n"] is not None]
    derived = [row for row in rows if row["kind"] not in (REPORTED, CONTROL)]
    if not derived:
        return ""
    first, last = rows[0], derived[-1]
    controls = [one for one in later_controls(case.facts, case.early) if one.iri == case.reference.iri]
    later = "".join(
        f"; {case.facts.group_name(one.group)} in {case.name(one.trial)} had {one.printed} %"
        for one in controls
    )
    doubt = "" if last["relation"] == PART else ", which is not recorded,"
    return (
        f"Of the first {first['N']} patients {first['n']} responded; if they are among the later ones{doubt} "
        f"{last['n']} of the other {last['N']} did ({last['percent']} %, {last['lower']} to "
        f"{last['upper']}){later}."
    )


def _printed(case: Case, result: Result) -> str:
    if result.level is None:
        return f"{result.printed} %"
    return f"{result.printed} % ({result.lower} to {result.upper}, {result.level:g} % interval)"


def _elsewhere(case: Case) -> str:
    sentences = []
    for drug in case.drugs:
        outside = [one for one, _ in case.facts.outside_rates(case.early, {drug})]
        if outside:
            rates = " and ".join(f"{_printed(case, one)} in {case.name(one.trial)}" for one in outside)
            sentences.append(f"{case.facts.label(drug).capitalize()} alone gave {rates}.")
    if not sentences:
        control = case.facts.group_name(case.reference.group)
        return f"The graph holds no response rate of the control ({control}) from another trial."
    return " ".join(sentences)


def _late(case: Case) -> str:
    compared, reference = case.compared, case.reference
    p = f", p {case.late.p}" if case.late.p else ""
    sentence = (
        f"{case.name(case.late.trial)} then compared at random: {_printed(case, compared)} in "
        f"{case.facts.group_name(compared.group)} against {_printed(case, reference)} in "
        f"{case.facts.group_name(reference.group)}{p}"
    )
    silent = compared.total is None and reference.total is None
    return sentence + ("; the denominators were not published." if silent else ".")


def _chance(case: Case) -> str:
    if case.counts is None:
        return ""
    n, total = case.counts
    kinds = ("error and spread", "mean")
    cases = [
        one for drug in case.drugs for one in uncertain(case.facts, case.early, drug) if one.kind in kinds
    ]
    if not cases:
        return ""
    chances = [
        f"{100 * one.tail(n, total):.1f} % by "
        + (case.name(one.about.trial) if one.about else "the mean of the benchmarks")
        for one in cases
    ]
    listed = " and ".join(filter(None, (", ".join(chances[:-1]), chances[-1])))
    return (
        f"If the added drug did nothing, {n} or more of {total} would come up in {listed}, with the error of "
        "the benchmarks and the spread between trials."
    )


def _doubt(case: Case) -> str:
    differences = case.kg.ask("how-trials-differ", first=case.early.trial, second=case.late.trial)
    number = len(differences) or "no"
    return (
        f"The graph records {number} differences between the two trials. They came together, so no single "
        "cause can be isolated."
    )
