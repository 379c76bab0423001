"""Sections of the page that put recorded answers side by side."""

from __future__ import annotations

from bempeg_kg.evidence.nodes import text
from bempeg_kg.evidence.reports.case import Case
from bempeg_kg.evidence.reports.page import Block, Section, chosen, where
from bempeg_kg.rdf.table import Table, to_term

_NO_DIFFERENCE = "no difference"


def results(case: Case) -> Section:
    """The same endpoints early and late."""
    columns = ["endpoint", "event", "early", "early_interval", "early_n", "early_N", "lateArm", "late"]
    columns += ["late_interval", "lateDenominator", "source"]
    block = case.ask(
        "The same endpoints early and late",
        "phase-2-against-phase-3",
        columns,
        _with_intervals,
        early_group=case.early.group,
        late_trial=case.late.trial,
    )
    note = "Side by side and not as a difference: the groups come from different trials."
    return Section("What was reported", [note], [block])


def _with_intervals(answer: Table) -> Table:
    """The answer with the limits of each side and their level as one column, as printed."""
    rows = []
    for terms, row in zip(answer.rows, answer, strict=True):
        intervals = []
        for side in ("early", "late"):
            lower, upper, level = (row[f"{side}{part}"] for part in ("Lower", "Upper", "Level"))
            limits = None if lower is None or upper is None else f"{lower} to {upper}"
            intervals.append(limits and (f"{limits} ({level:g} %)" if level is not None else limits))
        rows.append([*terms, *map(to_term, intervals)])
    columns = [*answer.columns, "early_interval", "late_interval"]
    return Table(columns, rows, names=answer.names, reason=answer.reason)


def control(case: Case) -> Section:
    """No control early, and what the control later did."""
    columns = ["endpoint", "measure", "estimate", "lower", "upper", "level", "p", "outcome", "source"]
    showed = "What the randomised comparison showed"
    blocks = [case.ask(showed, "treatment-effects", columns, trial=case.late.trial)]
    marks = ["true_rate", "what", "result", "source", "basis"]
    for drug in case.drugs:
        surprising = case.kg.ask("how-surprising", early=case.early.iri, comparator=drug)
        outside = chosen(where(surprising, "assumption", "taken as exact", "limit", "post hoc"), marks)
        outside.reason = f"the graph has no rate of {case.facts.label(drug)} alone in this disease"
        caption = case.caption("What the comparator did elsewhere, and later", drug)
        blocks.append(Block(caption, "question how-surprising", outside))
    sentence = (
        f"{case.name(case.early.trial)} had no control arm, so its rate holds whatever the comparator alone "
        "would have done. What the comparator did in other trials is given as a yardstick; the control arm "
        f"of {case.name(case.late.trial)} was known only afterwards."
    )
    if len(case.drugs) > 1:
        several = " and ".join(map(case.facts.label, case.drugs))
        sentence += (
            f" Its control gives {several}, together or by choice; what each did elsewhere is of that drug "
            "alone."
        )
    return Section("No control arm in phase 2", [sentence], blocks)


def maturing(case: Case) -> Section:
    """Successive reports of the same cohort."""
    columns = ["reportedAt", "dataCut", "firstPublic", "printed", "n", "N", "followUp", "maturity", "source"]
    block = case.ask(
        "Successive reports", "maturing", columns, cohort=case.cohort, measured=case.early.endpoint
    )
    columns = [
        "patient_order",
        "n",
        "denominator",
        "percent",
        "exact_lower",
        "exact_upper",
        "dataCut",
        "relation",
    ]
    columns += ["condition", "source"]
    order = case.ask("By order of patients", "order-of-patients", columns, early=case.early.iri)
    note = "Data cut and first publication are two things."
    return Section("The same cohort over time", [note], [block, order])


def differences(case: Case) -> Section:
    """On what the trials differ, with the likely direction."""
    columns = ["dimension", "inFirst", "inSecond", "bias", "reason", "source"]
    block = case.ask(
        "Dimensions and their likely direction",
        "how-trials-differ",
        columns,
        first=case.early.trial,
        second=case.late.trial,
    )
    note = "The facts are sourced; which way each would bias a comparison is a judgement, marked as derived."
    return Section("How the two trials differ", [note], [block])


def mechanism(case: Case) -> Section:
    """Claims of mechanism that were disputed."""
    columns = ["says", "against", "axis", "date", "source"]
    block = case.ask("Disputed steps", "disputed-claims", columns)
    note = (
        "A dispute limits or contradicts a step of mechanism; whether it explains the outcome is not known."
    )
    return Section("Claims of mechanism that were disputed", [note], [block])


def known(case: Case) -> Section:
    """What was public when the later trial began."""
    start = text(case.facts.trials.get(case.late.trial, {}), "startDate")
    if len(start) != len("2018-09-21"):
        return Section("What was known when phase 3 began", ["The day on which it began is not known."])
    columns = ["firstPublic", "what", "printed", "n", "denominator", "dataCut", "reportedAt", "source"]
    blocks = [
        case.ask(f"Public by {start}", "what-was-known", columns, as_of=start),
        case.ask(
            "What has no date that would tell", "undated-results", ["acronym", "dated", "undated", "basis"]
        ),
    ]
    note = (
        f"{case.name(case.late.trial)} began on {start}. A result cut before that day and shown after it is "
        "not here."
    )
    return Section("What was known when phase 3 began", [note], blocks)


def open_ends(case: Case) -> Section:
    """What the data cannot separate."""
    rows = case.kg.ask("how-trials-differ", first=case.early.trial, second=case.late.trial)
    apart = [str(row["dimension"]) for row in rows if row["bias"] != _NO_DIFFERENCE]
    same = [str(row["dimension"]) for row in rows if row["bias"] == _NO_DIFFERENCE]
    sentences = [
        "Luck in a small cohort, the choice of the cohort that was taken further, and the missing control "
        "all push the same way, and one early cohort cannot separate them.",
        f"The trials changed together in {len(apart)} recorded dimensions: {', '.join(apart)}. No result in "
        "the graph varies one of them with the others held.",
        "That the two trials differ in their rates does not show that the drug works, or that it does not, "
        "in anybody.",
    ]
    if same:
        sentences.append(f"The same in both, and so no explanation: {', '.join(same)}.")
    if case.compared.total is None or case.reference.total is None:
        sentences.append(
            "The numbers of patients behind the later response rates were not published, so no interval of "
            "their difference is given."
        )
    return Section("What cannot be separated", sentences)
