"""All rules over some evidence."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.comparisons import examine_contrasts
from bempeg_kg.evidence.forensics.rules import examine_results
from bempeg_kg.evidence.forensics.verdicts import Verdict, in_order
from bempeg_kg.evidence.forensics.whole import examine_together
from bempeg_kg.evidence.model import Evidence


def examine(evidence: Evidence) -> list[Verdict]:
    """Every verdict on the subjects that the evidence asks for, gravest first."""
    return in_order([*examine_results(evidence), *examine_contrasts(evidence), *examine_together(evidence)])
