"""Composed pages: answers and computations under headings, each with where it comes from.

A page draws no conclusion of its own: it puts answers side by side, names the question or the method behind
each, and says what the data leave open.
"""

from __future__ import annotations

from bempeg_kg.errors import UnknownName
from bempeg_kg.evidence.reports.page import Page
from bempeg_kg.graph.graph import Graph

#: Name of a report -> module of this package that composes it, with `page(kg, **options)`.
REPORTS = {"why-phase-3": "why_phase_3", "coverage": "coverage"}


def compose(kg: Graph, name: str, **options: str) -> Page:
    """The page of a report. Raises UnknownName for a report or an option that does not exist."""
    from importlib import import_module
    from inspect import signature

    if name not in REPORTS:
        raise UnknownName("report", name, REPORTS, cure=f"Available: {', '.join(REPORTS)}.")
    make_page = import_module(f"bempeg_kg.evidence.reports.{REPORTS[name]}").page
    known = [parameter for parameter in signature(make_page).parameters if parameter != "kg"]
    given = {key.replace("-", "_"): value for key, value in options.items()}
    for key in given:
        if key not in known:
            raise UnknownName(f"option of report {name}", key, known, cure=f"It takes {', '.join(known)}.")
    page: Page = make_page(kg, **given)
    return page
