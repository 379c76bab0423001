"""An outcome that has been written: what its results and analyses need of it."""

from __future__ import annotations

from typing import NamedTuple

from bempeg_kg.registry.record import Group
from bempeg_kg.registry.values import Numbers


class Outcome(NamedTuple):
    """An outcome that has been written: what its results need of it."""

    local: str
    title: str
    iri: str
    endpoint: str
    #: that of its hazard ratios: one of death from any cause is one of overall survival
    hazard_endpoint: str
    groups: dict[str, Group]
    unit: str
    #: as the record words it
    printed_unit: str
    numbers: Numbers
