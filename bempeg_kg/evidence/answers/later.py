"""Which trials a trial led to, by the links of lineage that the graph states."""

from __future__ import annotations

from bempeg_kg.evidence.facts import Facts
from bempeg_kg.evidence.nodes import nodes_of, text


def later_trials(facts: Facts, trial: str) -> list[str]:
    """IRIs of the trials that a trial led to, in order."""
    links = nodes_of(facts.kg.engine, ["LineageLink"]).values()
    return sorted({text(link, "toTrial") for link in links if text(link, "fromTrial") == trial} - {""})
