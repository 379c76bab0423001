"""Sections of the page that compute: surprise, choice, shrinkage, numbers, certainty."""

from __future__ import annotations

from bempeg_kg.evidence.answers.later import later_trials
from bempeg_kg.evidence.answers.surprise import ANY_TUMOUR, denominators, named_cohorts, uncertain
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.verdicts import CONSISTENT, as_table
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.reports.case import Case
from bempeg_kg.evidence.reports.curve import Curve
from bempeg_kg.evidence.reports.page import Block, Section, chosen, where
from bempeg_kg.evidence.stats.surprise import best_of, upper_tail
from bempeg_kg.rdf.table import Table


def surprise(case: Case) -> Section:
    """The chance of the early count over true rates."""
    blocks = _chances(case)
    points = case.kg.ask("surprise-curve", early=case.early.iri)
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in points:
        name = f"{row['n']} of {row['denominator']}, {row['set_kind']}"
        lines.setdefault(name, []).append((float(row["true_rate"]), float(row["chance"])))
    marks = [
        (float(one.printed), f"{case.facts.trial_name(one.trial)} {one.printed} ({kind})")
        for drug in case.drugs
        for one, kind in case.facts.benchmarks(case.early, {drug})
    ]
    curve = Curve(
        "Chance of the early result over true response rates",
        "true response rate, percent",
        "chance of at least as many responders",
        lines,
        marks,
        first=10,
        last=70,
    )
    picture = Block("The curve", "question surprise-curve; binomial upper tail", curve=curve)
    sentence = (
        "The chance says how often such a count would come up by luck alone; it is not the chance that the "
        "drug adds nothing."
    )
    larger = denominators(case.facts, case.early)[1:] if case.counts else []
    if larger:
        _, total, kind = larger[-1]
        outside = (
            f"Patients outside the set that was analysed count as not responding among the {total} {kind}."
        )
        sentence = f"{outside} {sentence}"
    return Section("How surprising the early rate is", [sentence], [*blocks, picture])


def _chances(case: Case) -> list[Block]:
    """The chance by each drug of the reference arm, and the rate over all treated."""
    columns = ["assumption", "true_rate", "what", "n", "denominator", "chance", "larger_denominator"]
    columns += ["larger_chance", "source"]
    asked = {"early": case.early.iri}
    caption = "Chance of at least as many responders"
    blocks = [
        case.ask(case.caption(caption, drug), "how-surprising", columns, comparator=drug, **asked)
        for drug in case.drugs
    ]
    if case.counts and len(denominators(case.facts, case.early)) > 1:
        columns = ["case", "n", "denominator", "percent", "exact_lower", "exact_upper", "chance", "chance_is"]
        caption = "Bounds over all treated"
        blocks.append(case.ask(caption, "response-bounds", columns, comparator=case.drug, **asked))
    return blocks


def choice(case: Case) -> Section:
    """How many cohorts there were to choose from."""
    asked = case.kg.ask("cohorts", trial=case.early.trial)
    name = case.name(case.early.trial)
    block = Block(
        f"Cohorts of {name}",
        f"question cohorts --trial {case.kg.names.shorten(case.early.trial)}",
        chosen(asked, ["label", "disease", "results", "note", "source"]),
    )
    cohorts = [str(cohort) for cohort in asked.column("cohort")]
    named = named_cohorts(case.facts, case.early.trial)
    sentences = [
        f"The graph lists {len(set(cohorts))} cohorts of {name}, {named} of them for one named tumour; "
        "some have no result in the sources seen.",
        *_went_on(case, asked),
    ]
    if case.counts and case.benchmark is not None and named:
        exact = upper_tail(*case.counts, float(case.benchmark.printed) / 100)
        tails = {"its rate taken as exact": exact}
        for assumption in uncertain(case.facts, case.early, case.drug):
            if assumption.kind == "error and spread" and assumption.about == case.benchmark:
                tails["its error and the spread"] = assumption.tail(*case.counts)
        chances = "; ".join(
            f"{best_of(tail, named):.3f} with {how}, against {tail:.4f} for one named beforehand"
            for how, tail in tails.items()
        )
        sentences.append(
            f"If {named} cohorts were alike, each with the true rate of the benchmark "
            f"({case.benchmark.printed} percent), the chance that at least one does as well is {chances}. "
            "They were not alike, so this is a yardstick and no correction (method: 1 - (1 - p) to the power "
            "of the number of cohorts)."
        )
    return Section("How many cohorts there were to choose from", sentences, [block])


def _went_on(case: Case, cohorts: Table) -> list[str]:
    """Which cohorts with results led to a trial of their own in the same disease."""
    later = {trial: case.facts.population(trial, "") for trial in later_trials(case.facts, case.early.trial)}
    iris = [str(cohort) for cohort in cohorts.column("cohort")]
    single = [
        (str(row["label"]), str(row["disease"]))
        for row, iri in zip(cohorts, iris, strict=True)
        if iris.count(iri) == 1 and row["results"] and ANY_TUMOUR not in str(row["disease"])
    ]
    followed = {
        label: [case.name(trial) for trial, population in sorted(later.items()) if population == disease]
        for label, disease in single
    }
    if not followed:
        return []
    listed = "; ".join(f"{label} ({', '.join(trials) or 'none'})" for label, trials in followed.items())
    number = sum(bool(trials) for trials in followed.values())
    return [
        f"Of the {len(followed)} cohorts for one named tumour that have results, {number} led to a later "
        f"trial in the same disease: {listed}. Whether a cohort was chosen for its rate cannot be told from "
        "these."
    ]


def shrinkage(case: Case) -> Section:
    """The early rate under stated priors."""
    title = "What the early rate is worth beside a benchmark"
    if case.benchmark is None:
        return Section(title, ["The graph holds no outside benchmark with an interval for this comparison."])
    asked = {
        "early": case.early.iri,
        "benchmark": case.benchmark.iri,
        "comparator": case.drug,
        "late": case.late.iri,
    }
    table = case.kg.ask("plausible-gain", **asked)
    worth = ["prior", "n", "denominator", "posterior_mean", "posterior_lower", "posterior_upper"]
    over = ["prior", "n", "denominator", "excess_mean", "excess_lower", "excess_upper", "chance_of_excess"]
    ahead = ["prior", "n", "denominator", "predicted_difference", "predicted_lower", "predicted_upper"]
    ahead += ["observed_difference", "chance_at_or_below_observed"]
    origin = "question plausible-gain; beta-binomial, benchmark with its error and the spread between trials"
    blocks = [
        Block("The early rate under stated priors, percent", origin, chosen(table, worth)),
        Block("Excess over the benchmark, points; no treatment effect", origin, chosen(table, over)),
        Block("The later difference that this would predict, points", origin, chosen(table, ahead)),
        *_design(case, asked),
    ]
    sentence = (
        "A small early rate is pulled towards the prior; the benchmark's error and the spread between trials "
        "are carried through. The excess is over a benchmark of another trial and is no treatment effect."
    )
    picture = Block(
        "The curve", "question shrinkage-curve; beta densities", curve=_curve(case, case.benchmark)
    )
    return Section(title, [sentence], [*blocks, picture])


def _curve(case: Case, benchmark: Result) -> Curve:
    """Prior and posterior densities of the early rate, with the benchmark marked."""
    points = case.kg.ask(
        "shrinkage-curve", early=case.early.iri, benchmark=benchmark.iri, comparator=case.drug
    )
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in points:
        for kind in ("prior", "posterior"):
            if "20 patients" in str(row["prior"]):
                lines.setdefault(f"{kind} ({row['prior']})", []).append(
                    (float(row["true_rate"]), float(row[f"{kind}_density"]))
                )
    top = max((y for line in lines.values() for _, y in line), default=1.0)
    return Curve(
        "Prior and posterior of the early response rate",
        "response rate, percent",
        "density per percent",
        lines,
        [(float(benchmark.printed), f"benchmark {benchmark.printed}")],
        top=top,
        first=10,
        last=80,
    )


def _design(case: Case, asked: dict[str, str]) -> list[Block]:
    """How likely the later design was to find what the early rate promised; nothing without arm sizes."""
    if None in (case.facts.evidence.largest(case.compared), case.facts.evidence.largest(case.reference)):
        return []
    columns = ["part", "what", "chance", "true_effect", "true_control", "sizes", "alpha", "alpha_from"]
    columns += ["bits", "source"]
    caption = "Power and assurance of the later design"
    return [case.ask(caption, "phase-3-power", columns, **asked)]


def numbers(case: Case) -> Section:
    """Verdicts on the printed numbers."""
    iris = {case.early.iri, case.compared.iri, case.reference.iri, case.late.iri}
    claims = {claim.iri for claim in case.facts.evidence.claims.values() if iris & set(claim.concerns)}
    verdicts = [
        one
        for one in examine(case.facts.evidence)
        if one.subject in iris | claims and one.verdict != CONSISTENT
    ]
    table = as_table(verdicts, case.kg.names)
    table.reason = "every number of this comparison that can be checked is consistent"
    columns = ["verdict", "statement", "inputs", "working", "expected", "missing", "source"]
    block = Block("Verdicts that are not 'consistent'", "bempeg-kg forensics", chosen(table, columns))
    note = "Counts that are worked back are derived, at best probable, and never a reported fact."
    return Section("Whether the printed numbers can be true", [note], [block])


def certainty(case: Case) -> Section:
    """The automatic ratings."""
    columns = ["what", "design", "rating", "automatic", "judged"]
    early = where(case.kg.ask("how-certain", trial=case.early.trial), "statement", case.early.iri)
    blocks = [
        Block(
            f"The early result, {case.name(case.early.trial)}", "question how-certain", chosen(early, columns)
        ),
        case.ask(
            f"Comparisons of {case.name(case.late.trial)}", "how-certain", columns, trial=case.late.trial
        ),
    ]
    note = "Automatic ratings, upper bounds: risk of bias was judged by nobody unless a judge is named."
    return Section("How certain each result can be at most", [note], blocks)
