"""Why phase 3 did not confirm phase 2: what is known, what can be computed, what cannot be separated."""

from __future__ import annotations

from bempeg_kg.evidence.reports import why_computed as computed
from bempeg_kg.evidence.reports import why_recorded as recorded
from bempeg_kg.evidence.reports.case import Case
from bempeg_kg.evidence.reports.page import Page
from bempeg_kg.evidence.reports.summary import paragraphs
from bempeg_kg.graph.graph import Graph


def page(
    kg: Graph,
    early: str = "result:pivot-02-melanoma-orr",
    late: str = "contrast:pivot-io-001-orr",
    benchmark: str = "",
) -> Page:
    """The page for an early result, the later comparison of the same endpoint, and an outside benchmark (left
    out: one of the graph with an interval, for the same disease and the drugs of the reference arm).

    Raises UsageError for a result or comparison that is not in the graph.
    """
    case = Case(kg, early, late, benchmark)
    before, after = case.name(case.early.trial), case.name(case.late.trial)
    opening = [
        *paragraphs(case),
        "The tables show what differs and how much each part could do, not which did it.",
    ]
    if kg.cut is not None:
        opening.append(kg.cut.summary() + ".")
    sections = [
        recorded.results(case),
        recorded.control(case),
        computed.surprise(case),
        computed.choice(case),
        recorded.maturing(case),
        recorded.differences(case),
        computed.shrinkage(case),
        recorded.mechanism(case),
        recorded.known(case),
        computed.numbers(case),
        computed.certainty(case),
        recorded.open_ends(case),
    ]
    return Page(f"Why {after} did not confirm {before}", opening, sections, answers=True)
