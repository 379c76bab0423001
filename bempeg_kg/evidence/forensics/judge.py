"""All rules over some evidence."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.comparisons import examine_contrasts
from bempeg_kg.evidence.forensics.readable import examine_texts
from bempeg_kg.evidence.forensics.rules import examine_results
from bempeg_kg.evidence.forensics.verdicts import Verdict, in_order
from bempeg_kg.evidence.forensics.whole import examine_together
from bempeg_kg.evidence.model import Evidence


def examine(evidence: Evidence) -> list[Verdict]:
    """Every verdict on the subjects that the evidence asks for, gravest first."""
    rules = (examine_texts, examine_results, examine_contrasts, examine_together)
    return in_order([verdict for rule in rules for verdict in rule(evidence)])
