"""Forensic verdicts as findings: impossible and inconsistent numbers of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bempeg_kg.checks.report import Finding
from bempeg_kg.checks.statements import Kind, Node
from bempeg_kg.checks.suspects import sources_of
from bempeg_kg.engines.engine import Engine
from bempeg_kg.evidence.forensics.examine import examine_graph, examine_trial
from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.verdicts import IMPOSSIBLE, INCONSISTENT, RULES, Verdict
from bempeg_kg.evidence.nodes import Node as Values
from bempeg_kg.evidence.nodes import last_part
from bempeg_kg.evidence.reading import evidence_of_nodes
from bempeg_kg.rdf.names import VOCAB

_SOURCE = VOCAB + "source"
_TRIAL = VOCAB + "trial"
_OF_TRIALS = frozenset([VOCAB + "Trial"])
_RECORDS = frozenset([VOCAB + "RegistryRecord"])
_READ = (
    frozenset(
        VOCAB + name
        for name in ("Result", "AdverseEventResult", "Contrast", "AnalysisGroup", "AnalysisSet", "Trial")
    )
    | _RECORDS
)


def findings(engine: Engine) -> Iterable[Finding]:
    """What `check` shows as information: impossible and inconsistent numbers of sources."""
    return _as_findings(examine_graph(engine))


def findings_of_trial(engine: Engine, trial: str) -> list[Finding]:
    """What `check` shows of one trial."""
    return _as_findings(examine_trial(engine, trial))


def findings_of_trials(
    nodes: Mapping[str, Node], kinds: Mapping[str, Kind]
) -> dict[str, list[Finding] | None]:
    """What `check` shows of each trial that a file describes, by nodes and their classes.

    None of a trial whose sources the file does not describe.
    """
    records = [key for key, kind in kinds.items() if not kind.isdisjoint(_RECORDS)]
    by_trial: dict[str, list[str]] = {
        key: [key, *records] for key, kind in kinds.items() if not kind.isdisjoint(_OF_TRIALS)
    }
    for key, node in nodes.items():
        for one in node.properties.get(_TRIAL, ()):
            if one.value in by_trial and not kinds[key].isdisjoint(_READ):
                by_trial[one.value].append(key)
    found: dict[str, list[Finding] | None] = {}
    for trial, keys in by_trial.items():
        sources = nodes[trial].properties.get(_SOURCE, ())
        read = {key: _values(nodes[key], kinds[key]) for key in sorted(keys)}
        is_whole = all(kinds.get(one.value) for one in sources)
        found[trial] = _as_findings(examine(evidence_of_nodes(read))) if is_whole else None
    return found


def _values(node: Node, kind: Kind) -> Values:
    """A node as forensics reads it from a graph: superclasses and sources as they are derived there."""
    values: Values = {}
    for name, terms in node.properties.items():
        values[last_part(name)] = list(terms) if len(terms) == 1 else sorted(terms, key=str)
    values["type"] = [*sorted(kind)]
    if sources := sources_of(node.properties):
        values["derivedFrom"] = sorted(dict.fromkeys(sources), key=str)
    return values


def _as_findings(verdicts: Iterable[Verdict]) -> list[Finding]:
    return [
        Finding(
            check=one.rule,
            kind="forensics",
            severity="information",
            node=one.subject,
            message=f"{one.verdict}: {one.about}",
            details={"inputs": one.inputs, "working": one.working},
            cure=RULES[one.rule],
        )
        for one in verdicts
        if one.verdict in (IMPOSSIBLE, INCONSISTENT)
    ]
