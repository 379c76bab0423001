"""The main finding, read from the questions: what a small trial showed and a large one did not confirm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages.cell import Cell, p_value
from bempeg_kg.web.pages.cells import Terms

Answerer = Callable[[Question, Mapping[str, object]], Table]

BAR = 240
"""Width of a bar for one hundred per cent, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A percentage with whom it is about and where it comes from."""

    label: str
    printed: str
    counts: str
    width: float
    y: int
    tone: str
    href: str
    source: Cell
    #: exact 95 % limits in units of the drawing, and in words; empty where there are no counts
    low: float = 0.0
    high: float = 0.0
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A trial of the programme and why it ended, as recorded."""

    name: str
    href: str
    population: str
    reason: str
    source: Cell


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last decision of the programme, with its day and source."""

    day: str
    text: str
    source: Cell


@dataclass(frozen=True, slots=True)
class Effect:
    """A comparison of the late trial."""

    endpoint: str
    measure: str
    estimate: str
    interval: str
    p: str
    outcome: str
    href: str
    source: Cell


@dataclass(slots=True)
class Finding:
    """What the home page shows; empty lists where the graph has no such finding."""

    bars: list[Bar] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    early: str = ""
    late: str = ""
    early_href: str = ""
    late_href: str = ""


def graph_title(kg: Graph) -> str:
    """What the graph is about: the question of the shipped programme, else the titles in the catalogues."""
    if kg.content.has_shipped:
        return "What became of bempegaldesleukin plus nivolumab"
    titles = kg.select("SELECT DISTINCT ?t { ?d a dcat:Dataset ; dcterms:title ?t } ORDER BY ?t").column("t")
    return " · ".join(map(str, titles)) or "Evidence graph"


#: What people ask first -> where the answer stands, and the question of the library that it needs.
_DOORS = (
    ("Did it work?", "/question/treatment-effects", "treatment-effects"),
    ("Why not?", "/report/why-phase-3", "why-phase-3"),
    ("How should it work?", "/picture/signalling", "mechanism-steps"),
    ("Was it safe?", "/picture/safety", "grade-3-or-4-events"),
    ("What was known when?", "/question/what-was-known", "what-was-known"),
    ("Ask the graph", "/questions", ""),
)


def doors(kg: Graph) -> list[tuple[str, str, str]]:
    """Title, address and summary of what people ask first, as far as this graph can answer it."""
    return [
        (title, href, kg.questions[name].summary if name else "All questions, by topic or in your own words.")
        for title, href, name in _DOORS
        if (not name or name in kg.questions) and (kg.content.has_shipped or not href.startswith("/report/"))
    ]


def verdict(kg: Graph, terms: Terms) -> Verdict | None:
    """The last decision to stop of the programme; None where the graph has none."""
    query = """SELECT ?day ?label ?source { ?e kg:eventType "stop" ; kg:date ?day ; rdfs:label ?label ;
        kg:source ?source ; kg:concerns ?programme . ?programme a kg:Programme }
        ORDER BY DESC(?day) ?label LIMIT 1"""
    for row in kg.select(query):
        day = row["day"]
        written = f"{day.day} {day:%B %Y}" if hasattr(day, "day") else str(day)
        label = str(row["label"])
        return Verdict(written, label[:1].upper() + label[1:], terms.node(str(row["source"])))
    return None


def stopped_trials(kg: Graph, terms: Terms) -> list[Stopped]:
    """Trials of the programme that ended for futility, with the reason as recorded."""
    query = """SELECT ?trial ?name ?population ?reason ?source { ?trial kg:stopReasonClass kg:futility ;
        kg:acronym ?name ; kg:stopReason ?reason ; kg:source ?source ; kg:programme ?programme .
        OPTIONAL { ?trial kg:condition/rdfs:label ?disease }
        BIND(STR(?disease) AS ?population) } ORDER BY DESC(?reason) ?name LIMIT 6"""
    return [
        Stopped(
            str(row["name"]),
            terms.href(str(row["trial"])),
            str(row["population"] or ""),
            str(row["reason"]),
            terms.node(str(row["source"])),
        )
        for row in kg.select(query)
    ]


def main_finding(kg: Graph, terms: Terms, answer: Answerer) -> Finding:
    """The response rates of the early and the late trial side by side, and the contrasts of the late one.

    `answer` runs a question; exact intervals are computed where that may take its time.
    """
    finding = Finding()
    try:
        compared = list(kg.ask("phase-2-against-phase-3"))
        effects = list(kg.ask("treatment-effects"))
    except BempegError:
        return finding
    rates = [row for row in compared if row["endpoint"] == "objective response rate" and row["late"]]
    if not rates:
        return finding
    facts = _trials(kg, rates[0]["earlyResult"], rates[0]["lateResult"])
    finding.early, finding.early_href, finding.late, finding.late_href = (
        facts["early"],
        terms.href(facts["earlyTrial"]),
        facts["late"],
        terms.href(facts["lateTrial"]),
    )
    first = rates[0]
    counts = f"{first['early_n']} of {first['early_N']}" if first["early_n"] else ""
    finding.bars.append(
        _bar(0, f"{facts['early']}, {facts['earlyGroup']}", first["early"], counts, "early",
             first["earlyResult"], terms.node(first["earlySource"]), terms)
    )  # fmt: skip
    for row in rates:
        place = len(finding.bars)
        finding.bars.append(
            _bar(place, f"{facts['late']}, {row['lateArm']}", row["late"], _patients(row["lateDenominator"]),
                 "late" if place == 1 else "control", row["lateResult"], terms.node(row["source"]), terms)
        )  # fmt: skip
    finding.bars = _with_intervals(kg, finding.bars, facts["earlyTrial"], rates[0]["earlyResult"], answer)
    finding.effects = [
        _effect(row, terms)
        for row in effects
        if row["trial"] == facts["lateTrial"] and row["measure"] == "hazard ratio"
    ]
    return finding


def _with_intervals(kg: Graph, bars: list[Bar], trial: str, result: str, answer: Answerer) -> list[Bar]:
    """The bars, the first with its exact interval where its counts allow one."""
    if "exact-intervals" not in kg.questions:
        return bars
    try:
        table = answer(kg.questions["exact-intervals"], {"trial": trial})
    except BempegError:
        return bars
    for row in table:
        if row["result"] == result:
            low, high = float(row["exact_lower"]), float(row["exact_upper"])
            interval = f"{row['exact_lower']} to {row['exact_upper']}, exact 95 % interval"
            limits = (round(low / 100 * BAR, 1), round(high / 100 * BAR, 1))
            return [replace(bars[0], low=limits[0], high=limits[1], interval=interval), *bars[1:]]
    return bars


def _trials(kg: Graph, early: str, late: str) -> dict[str, str]:
    query = f"""SELECT ?early ?earlyTrial ?earlyGroup ?late ?lateTrial {{
        <{early}> kg:trial ?earlyTrial ; kg:group/kg:shortLabel ?earlyGroup . ?earlyTrial kg:acronym ?early .
        <{late}> kg:trial ?lateTrial . ?lateTrial kg:acronym ?late }}"""
    return dict(kg.select(query)[0])


def _patients(number: object) -> str:
    text = str(number or "")
    return f"of {text}" if text.isdigit() else f"denominator {text}" if text else ""


def _bar(
    place: int, label: str, printed: str, counts: str, tone: str, result: str, source: Cell, terms: Terms
) -> Bar:
    try:
        width = round(float(printed) / 100 * BAR, 1)
    except ValueError:
        width = 0.0
    return Bar(label, printed, counts, width, place * 46, tone, terms.href(result), source)


def _effect(row: dict[str, object], terms: Terms) -> Effect:
    interval = f"{row['lower']} to {row['upper']}" if row["lower"] else ""
    if interval and row["level"]:
        interval += f" ({row['level']} % interval)"
    return Effect(
        str(row["endpoint"]),
        str(row["measure"]),
        str(row["estimate"]),
        interval,
        p_value(str(row["p"] or "")),
        str(row["outcome"] or ""),
        terms.href(str(row["contrast"])),
        terms.node(str(row["source"])),
    )
