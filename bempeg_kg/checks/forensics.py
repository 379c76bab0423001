"""Forensic verdicts as findings: impossible and inconsistent numbers of sources."""

from __future__ import annotations

from collections.abc import Iterable

from bempeg_kg.checks.report import Finding
from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.forensics.examine import examine_graph
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, RULES


def findings(engine: Engine) -> Iterable[Finding]:
    """What `check` shows as information: impossible and inconsistent numbers of sources."""
    for one in examine_graph(engine):
        if one.verdict in (IMPOSSIBLE, INCONSISTENT):
            yield Finding(
                check=one.rule,
                kind="forensics",
                severity="information",
                node=one.subject,
                message=f"{one.verdict}: {one.about}",
                details={"inputs": one.inputs, "working": one.working},
                cure=RULES[one.rule],
            )
