"""The paragraph that opens the page: what was reported, in which order, against what, and how likely.

Every number is read from the graph or computed from it. What is not there is left out, and named where a
reader would look for it.
"""

from __future__ import annotations

from bempeg_kg.evidence.answers.order import CONTROL, PART, REPORTED, later_controls, order_of_patients
from bempeg_kg.evidence.answers.surprise import denominators, uncertain
from bempeg_kg.evidence.facts import Facts, named
from bempeg_kg.evidence.model import Result
from bempeg_kg.evidence.reports.case import Case
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.units import with_p

DIFFERENCES = "what else differed"
"""The aspect that the short answer tells as it is."""
_COLUMNS = ["aspect", "finding", "brief", "question", "added_drug", "disease", "trial", "source", "basis"]


def why_not_confirmed(kg: Graph, early: str, late: str, disease: str | None = None) -> Table:
    """Why a later comparison did not confirm an early rate: a sentence a row, in the order of the argument.

    With a disease, the early rate and the comparison of the programme in that disease are taken instead.
    Columns: aspect, finding, brief (what the short answer says of it), question (that has the rows behind
    it), added_drug (to the control), disease, trial (the later one), source, basis.
    Raises UsageError for a result or comparison that is not in the graph.
    """
    if disease:
        pair = _pair_in(kg, disease, late)
        if pair is None:
            name = Facts.of(kg).label(disease)
            return _empty(kg, f"the graph holds no early rate with a later comparison in {name}")
        early, late = pair
    case = Case(kg, early, late, "")
    added = sorted(case.facts.drugs(case.compared.group) - set(case.drugs))
    about = [
        named(added[0]) if added else None,
        case.facts.population(case.late.trial, case.late.compared_group),
        named(case.late.trial),
    ]
    rows = []
    for aspect, (question, sentence, short) in _aspects(case).items():
        sources = (case.late.sources if aspect == "phase 3" else case.early.sources)[:1]
        source = named(sources[0]) if sources else None
        rows.append([aspect, sentence, short or None, question, *about, source, "derived"])
    return Table.of(_COLUMNS, rows, names=kg.names)


def _empty(kg: Graph, reason: str) -> Table:
    table = Table.of(_COLUMNS, [], names=kg.names)
    table.reason = reason
    return table


def _pair_in(kg: Graph, disease: str, late: str) -> tuple[str, str] | None:
    """The largest single-arm result and the later comparison of its endpoint in a disease or a kind of it."""
    facts = Facts.of(kg)
    kinds = kg.select(f"""SELECT ?d {{ {named(disease)} skos:exactMatch ?class .
        ?d <{kg.names.expand("kg:kindOf")}> ?class }}""")
    names = {facts.label(disease), *(facts.label(row["d"]) for row in kinds)}
    wanted = facts.evidence.contrasts[kg.names.expand(late)].endpoint
    for contrast in sorted(facts.evidence.contrasts.values(), key=lambda one: one.iri):
        population = facts.population(contrast.trial, contrast.compared_group)
        if population not in names or contrast.endpoint != wanted or not facts.in_programme(contrast.trial):
            continue
        results = [
            one
            for one in facts.evidence.results.values()
            if (one.endpoint, one.statistic) == (wanted, "proportion")
            and facts.in_programme(one.trial)
            and not facts.is_randomised(one.trial)
            and facts.population(one.trial, one.group) in names
            and one.total is not None
        ]
        replaced = {iri for one in results for iri in one.supersedes}
        current = sorted(
            (one for one in results if one.iri not in replaced), key=lambda one: (-(one.total or 0), one.iri)
        )
        if current:
            return current[0].iri, contrast.iri
    return None


def paragraphs(case: Case) -> list[str]:
    """Why a rate was not confirmed: the short answer, and all that it rests on."""
    told = _aspects(case)
    short = " ".join(brief for _, _, brief in told.values() if brief)
    return [short, " ".join(said for aspect, (_, said, _) in told.items() if aspect != DIFFERENCES)]


def _aspects(case: Case) -> dict[str, tuple[str, str, str]]:
    """Aspect -> the question that has its rows, the sentence, and what the short answer says of it.

    What the graph cannot fill is left out.
    """
    aspects = {
        "early rate": ("phase-2-against-phase-3", *_early(case)),
        "order of patients": ("order-of-patients", _order(case), ""),
        "control elsewhere": ("benchmarks", _elsewhere(case), ""),
        "phase 3": ("treatment-effects", *_late(case)),
        "chance": ("how-surprising", *_chance(case)),
        DIFFERENCES: ("how-trials-differ", *_doubt(case)),
    }
    return {aspect: told for aspect, told in aspects.items() if told[1]}


def _early(case: Case) -> tuple[str, str]:
    early, facts = case.early, case.facts
    opening = f"In {case.name(early.trial)}, {facts.group_name(early.group)}, "
    if case.counts is None:
        text = f"{opening}{early.printed} % was reported for {facts.what(early)}; its counts were not."
        return text, text
    shares = []
    for n, total, kind in denominators(facts, early):
        interval = clopper_pearson(n, total)
        limits = f"{100 * interval.lower:.1f} to {100 * interval.upper:.1f}"
        shares.append((f"{n} of {total}", kind, f"({100 * n / total:.1f} %, exact 95 % interval {limits})"))
    listed = " or ".join(" ".join(share) for share in shares)
    counted, _, rate = shares[0]
    short = f"In {case.name(early.trial)}, without a control, {counted} responded {rate}."
    return f"{opening}{listed} patients had a response ({facts.what(early)}), without a control.", short


def _order(case: Case) -> str:
    rows = [row for row in order_of_patients(case.kg, case.early.iri) if row["n"] is not None]
    derived = [row for row in rows if row["part"] not in (REPORTED, CONTROL)]
    if not derived:
        return ""
    first, last = rows[0], derived[-1]
    controls = [one for one in later_controls(case.facts, case.early) if one.iri == case.reference.iri]
    later = "".join(
        f"; {case.facts.group_name(one.group)} in {case.name(one.trial)} had {one.printed} %"
        for one in controls
    )
    doubt = "" if last["relation"] == PART else ", which is not recorded,"
    interval = f"exact {last['level']} % interval {last['exact_lower']} to {last['exact_upper']}"
    return (
        f"Of the first {first['denominator']} patients {first['n']} responded; if they are among the later "
        f"ones{doubt} {last['n']} of the other {last['denominator']} did ({last['percent']} %, "
        f"{interval}){later}."
    )


def _printed(result: Result) -> str:
    if result.level is None or not (result.lower and result.upper):
        return f"{result.printed} %"
    return f"{result.printed} % ({result.lower} to {result.upper}, {result.level:g} % interval)"


def _elsewhere(case: Case) -> str:
    sentences = []
    for drug in case.drugs:
        outside = [one for one, _ in case.facts.outside_rates(case.early, {drug})]
        if outside:
            rates = " and ".join(f"{_printed(one)} in {case.name(one.trial)}" for one in outside)
            sentences.append(f"{case.facts.label(drug).capitalize()} alone gave {rates}.")
    if not sentences:
        control = case.facts.group_name(case.reference.group)
        return f"The graph holds no response rate of the control ({control}) from another trial."
    return " ".join(sentences)


def _late(case: Case) -> tuple[str, str]:
    compared, reference = case.compared, case.reference
    p = f", {with_p(case.late.p)}" if case.late.p else ""
    sentence = (
        f"{case.name(case.late.trial)} then compared at random: {_printed(compared)} in "
        f"{case.facts.group_name(compared.group)} against {_printed(reference)} in "
        f"{case.facts.group_name(reference.group)}{p}"
    )
    silent = compared.total is None and reference.total is None
    short = (
        f"{case.name(case.late.trial)} then compared at random: {compared.printed} % against "
        f"{reference.printed} % in {case.facts.group_name(reference.group)}{p}."
    )
    return sentence + ("; the denominators were not published." if silent else "."), short


def _chance(case: Case) -> tuple[str, str]:
    if case.counts is None:
        return "", ""
    n, total = case.counts
    kinds = ("error and spread", "mean")
    cases = [
        one for drug in case.drugs for one in uncertain(case.facts, case.early, drug) if one.kind in kinds
    ]
    if not cases:
        return "", ""
    tails = [100 * one.tail(n, total) for one in cases]
    chances = [
        f"{tail:.1f} % by " + (case.name(one.about.trial) if one.about else "the mean of the benchmarks")
        for one, tail in zip(cases, tails, strict=True)
    ]
    listed = " and ".join(filter(None, (", ".join(chances[:-1]), chances[-1])))
    opening = f"If the added drug did nothing, {n} or more of {total} would come up in"
    between = " to ".join(dict.fromkeys(f"{tail:.1f}" for tail in (min(tails), max(tails))))
    return (
        f"{opening} {listed}, with the error of the benchmarks and the spread between trials.",
        f"{opening} {between} %.",
    )


def _doubt(case: Case) -> tuple[str, str]:
    differences = case.kg.ask("how-trials-differ", first=case.early.trial, second=case.late.trial)
    bias = differences.columns.index("bias")
    number = sum(getattr(row[bias], "value", "") != "no difference" for row in differences.rows) or "no"
    return (
        f"The graph records {number} differences between the two trials. They came together, so no single "
        "cause can be isolated.",
        f"They differ in {number} ways; no single cause can be isolated.",
    )
