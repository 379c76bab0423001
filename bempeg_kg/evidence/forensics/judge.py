"""All rules over some evidence."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.comparisons import examine_contrasts
from bempeg_kg.evidence.forensics.curves import examine_curves
from bempeg_kg.evidence.forensics.dates import examine_dates
from bempeg_kg.evidence.forensics.events import examine_events
from bempeg_kg.evidence.forensics.means import examine_means
from bempeg_kg.evidence.forensics.readable import examine_texts
from bempeg_kg.evidence.forensics.rules import examine_results
from bempeg_kg.evidence.forensics.statistics import examine_statistics
from bempeg_kg.evidence.forensics.sums import examine_sums
from bempeg_kg.evidence.forensics.verdicts import Verdict, in_order
from bempeg_kg.evidence.forensics.whole import examine_together
from bempeg_kg.evidence.model import Evidence

_RULES = (
    examine_texts,
    examine_results,
    examine_contrasts,
    examine_together,
    examine_means,
    examine_statistics,
    examine_events,
    examine_curves,
    examine_dates,
    examine_sums,
)


def examine(evidence: Evidence) -> list[Verdict]:
    """Every verdict on the subjects that the evidence asks for, gravest first."""
    return in_order([verdict for rule in _RULES for verdict in rule(evidence)])
