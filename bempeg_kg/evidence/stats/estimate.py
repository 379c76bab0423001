"""A pooled estimate and how far the studies differ."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.evidence.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A pooled estimate by one model; on the log scale for ratios, the logit scale for proportions."""

    model: str
    estimate: float
    standard_error: float
    interval: Interval
    p: float | None = None
