"""What a timeline draws: bars of trials, and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Bar:
    """A trial: name, phase and size, first and last day drawn, and whether its completion is known."""

    trial: str
    name: str
    details: str
    first: date
    last: date
    closed: bool


@dataclass(slots=True)
class Happening:
    """An event: number in the list, date as written, first and last day it can mean, type, trials."""

    number: int
    written: str
    first: date
    last: date
    type: str
    label: str
    trials: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Course:
    """All that a timeline draws; `cut` is the day as of which it was public.

    `undated` are the names of trials without a bar, `left_out` is the number of bars that are not drawn.
    """

    title: str
    bars: list[Bar]
    happenings: list[Happening]
    undated: list[str]
    cut: date | None
    left_out: int = 0
