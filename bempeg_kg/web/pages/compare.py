"""Two trials side by side: property by property, and what is known of how they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bempeg_kg.errors import close_names
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import entity
from bempeg_kg.web.pages.cell import Cell, Grid
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.same_endpoints import Shared, shared

QUESTION = "how-trials-differ"
USUAL = ("pivot-02", "pivot-io-001")
"""The two that the main finding is about."""


@dataclass(slots=True)
class Comparison:
    """Each side's page, the properties of both, and the differences one by one."""

    sides: list[entity.Entity | None]
    rows: list[tuple[Cell, list[list[Cell]]]]
    differences: Grid | None
    endpoints: list[Shared]


def pair(trials: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The two slugs to compare: those wanted, and usual ones in the place of what was left open.

    >>> pair(["a", "pivot-02", "pivot-io-001"], ["pivot-io-001", ""])
    ['pivot-io-001', 'pivot-02']
    """
    slugs = [slug.removeprefix("trial:") for slug in wanted]
    usual = iter([slug for slug in (*USUAL, *trials, *trials, "", "") if slug in trials or not slug])
    return [slug or next(one for one in usual if one not in slugs or not one) for slug in slugs]


def proposals(trials: Sequence[str], pair: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Each slug of a pair that no trial has, with those nearly like it and the address of their comparison.

    >>> proposals(["pivot-02", "excel"], ["pivot-2", "excel"])
    {'pivot-2': [('pivot-02', '/compare?a=pivot-02&b=excel')]}
    """
    proposed = {}
    for unknown in pair:
        if unknown and unknown not in trials:
            near = close_names(unknown, trials)
            proposed[unknown] = [(one, _address(pair, unknown, one)) for one in near]
    return proposed


def _address(pair: Sequence[str], unknown: str, instead: str) -> str:
    first, second = (instead if slug == unknown else slug for slug in pair)
    return "/compare?" + urlencode({"a": first, "b": second})


def compare(
    kg: Graph,
    terms: Terms,
    pair: Sequence[str],
    answer: Callable[[Question, Mapping[str, object]], Table],
) -> Comparison:
    """The comparison of two trials of the graph, by slug."""
    sides = [entity.describe(kg, terms, kg.names.expand(f"trial:{slug}")) for slug in pair]
    differences = None
    if QUESTION in kg.questions:
        table = answer(kg.questions[QUESTION], {"first": f"trial:{pair[0]}", "second": f"trial:{pair[1]}"})
        columns = zip(("inFirst", "inSecond"), sides, strict=True)
        titles = {column: side.title for column, side in columns if side}
        differences = terms.grid(
            table,
            "How they differ, and which way each difference would bias a comparison",
            titles=titles,
        )
    names = list(dict.fromkeys(property_.name for side in sides if side for property_ in side.properties))
    rows = [(name, [_values(side, name) for side in sides]) for name in names]
    endpoints = shared(kg, terms, [kg.names.expand(f"trial:{slug}") for slug in pair]) if all(pair) else []
    return Comparison(sides, rows, differences, endpoints)


def _values(side: entity.Entity | None, name: Cell) -> list[Cell]:
    return (
        next((property_.values for property_ in side.properties if property_.name == name), [])
        if side
        else []
    )
