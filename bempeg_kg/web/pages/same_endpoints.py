"""What two trials report of the same endpoint, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.opening import roles
from bempeg_kg.rdf.units import with_unit
from bempeg_kg.web.pages import results
from bempeg_kg.web.pages.cell import Cell
from bempeg_kg.web.pages.cells import Terms

MOST = 6
"""Results of one trial that stand beside each other; the tables below have the others."""


@dataclass(slots=True)
class Shared:
    """An endpoint, or an adverse event, with the results of each trial and how many more each has."""

    name: str
    sides: list[list[Cell]]
    more: list[int]


def shared(kg: Graph, terms: Terms, trials: Sequence[str]) -> list[Shared]:
    """The endpoints that both trials (IRIs) report: primary ones first, then others, then adverse events."""
    sides = [_by_name(kg, terms, NamedNode(trial), _alike(kg, trials)) for trial in trials]
    both = [name for name in sides[0] if name in sides[1]]
    ranks = [roles(kg, trial) for trial in trials]

    def rank(name: tuple[str, str]) -> tuple[int, int, str]:
        """Adverse events come last, primary endpoints before others."""
        return (bool(name[1]), min(one.get(name[0], 3) for one in ranks), name[1] or name[0])

    endpoints = []
    for name in sorted(both, key=rank):
        listed = [side[name] for side in sides]
        more = [max(0, len(cells) - MOST) for cells in listed]
        endpoints.append(Shared(name[1] or name[0], [cells[:MOST] for cells in listed], more))
    return endpoints


def _alike(kg: Graph, trials: Sequence[str]) -> frozenset[str]:
    """Results in a disease that both trials recruited for."""
    first, second = (NamedNode(trial) for trial in trials)
    query = f"""SELECT DISTINCT ?result {{ VALUES ?trial {{ {first} {second} }} ?result kg:trial ?trial ;
        kg:condition ?c . {first} kg:condition|^kg:trial/kg:condition ?c .
        {second} kg:condition|^kg:trial/kg:condition ?c }}"""
    return frozenset(kg.select(query).column("result"))


MOST = 2000
"""Results of a trial that are compared, those of primary endpoints before others and events last."""


def _by_name(
    kg: Graph, terms: Terms, trial: NamedNode, alike: frozenset[str]
) -> dict[tuple[str, str], list[Cell]]:
    """Endpoint and event -> its results as cells: in a disease of both first, from the guide alone last."""
    by_name: dict[tuple[str, str], list[tuple[tuple[bool, bool], Cell]]] = {}
    reported = results.rows(kg, results.led(kg, trial).reported[:MOST])
    rows = {row["result"]: row for row in reported}
    for iri, row in rows.items():
        name = (str(row["endpoint"] or ""), str(row["event"] or ""))
        if row["printed"] is not None and any(name):
            cell = Cell(_described(row), terms.href(iri), terms.label(iri))
            by_name.setdefault(name, []).append(((row["basis"] == "seed", iri not in alike), cell))
    return {
        name: [cell for _, cell in sorted(cells, key=lambda one: one[0])] for name, cells in by_name.items()
    }


def _described(row: Mapping[str, Any]) -> str:
    """Group and value of a result, with counts and interval as far as printed."""
    value = with_unit(str(row["printed"]), str(row["unit"] or ""))
    inside = [f"{row['n']} of {row['N']}"] if row["n"] is not None and row["N"] is not None else []
    if row["lower"] is not None and row["upper"] is not None:
        inside.append(f"{row['lower']} to {row['upper']}")
    inside += [str(row["grade"])] if row["grade"] is not None else []
    counted = f" ({'; '.join(inside)})" if inside else ""
    return f"{row['group'] or 'all'}: {value}{counted}"
