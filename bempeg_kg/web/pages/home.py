"""The main finding, read from the questions: what a small trial showed and a large one did not."""

from __future__ import annotations

from dataclasses import dataclass, field

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.web.pages.cell import Cell
from bempeg_kg.web.pages.cells import Terms, p_value

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


def main_finding(kg: Graph, terms: Terms) -> Finding:
    """The response rates of the early and the late trial side by side, and the contrasts of the late one."""
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
            _bar(place, f"{facts['late']}, {row['lateArm']}", row["late"], _patients(row["late_N"]),
                 "late" if place == 1 else "control", row["lateResult"], terms.node(row["source"]), terms)
        )  # fmt: skip
    finding.effects = [
        _effect(row, terms)
        for row in effects
        if row["trial"] == facts["lateTrial"] and row["measure"] == "hazard ratio"
    ]
    return finding


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
