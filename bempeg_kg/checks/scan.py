"""One reading of the files: what shapes and rules on classes see of each, in a large content also others.

A file is looked at on its own, so files can be looked at in several processes. A node that several files
describe is judged again at the end, with what all of them say of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bempeg_kg.checks.constraints import Term
from bempeg_kg.checks.forensics import findings_of_trials
from bempeg_kg.checks.report import Check, Finding
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.checks.statements import TYPE, File, Kind, Kinds, Node, merge, nodes_of
from bempeg_kg.checks.suspects import Suspects
from bempeg_kg.checks.vocabulary import ClassRules
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.rdf.names import STANDARDS, VOCAB

_TRIAL = VOCAB + "trial"
_ABOUT = (TYPE, STANDARDS["rdfs"] + "label")


class Part(NamedTuple):
    """What is seen of one file."""

    file: File
    #: of the rules on classes
    rows: list[Finding]
    #: of the shapes, by node
    judged: dict[str, list[Finding]]
    #: short digests of the nodes that have a class here; those that have none are kept whole
    typed: frozenset[int]
    untyped: list[Node]
    #: nodes of no trial that have a label, with class and label alone
    of_no_trial: list[Node]
    #: what is said of these trials
    trials: frozenset[str]
    #: forensic findings by trial that is described here; None if its sources are not
    forensic: dict[str, list[Finding] | None]
    #: what Suspects picked
    picked: dict[str, set[Term]]


class Seen(NamedTuple):
    """What is seen of all files."""

    findings: list[Finding]
    #: graphs of the files that state what is wrong with a node
    homes: dict[str, str]
    #: by rule, what its query is asked of; a rule that is not here is asked of everything
    picked: dict[str, set[Term]]
    forensic: list[Finding]
    #: trials whose numbers no file shows alone
    not_judged: frozenset[str]


class Scan:
    """Looks at files. `picking`: pick for the rules what they may find, and judge numbers trial by trial."""

    def __init__(
        self, engine: Embedded, shapes: Shapes, rules: list[Check], left_out: tuple[str, ...], picking: bool
    ) -> None:
        self.shapes = shapes
        self.rules = rules
        self.left_out = left_out
        self.picking = picking
        self._by_name = {rule.name: rule for rule in rules}
        self._kinds = Kinds(engine.store, left_out)
        self._class_rules = ClassRules(engine, self._kinds)
        self._suspects = Suspects(engine, self._kinds) if picking else None

    def part(self, file: File) -> Part:
        """What is seen of a file."""
        nodes = nodes_of(file)
        here = {key: self._kinds.of_node(node) for key, node in nodes.items()}
        rows, judged = self._judged(nodes, here) if file.stated else ([], {})
        part = Part(
            file,
            rows,
            judged,
            frozenset(_digest(key) for key, kind in here.items() if kind and file.stated),
            [node for key, node in nodes.items() if not here[key] and file.stated],
            [],
            frozenset(one.value for node in nodes.values() for one in node.properties.get(_TRIAL, ())),
            {},
            {},
        )
        if self._suspects is None:
            return part
        self._suspects.picked = {rule: set() for rule in self._suspects.picked}
        for node in nodes.values():
            self._suspects.look(node, nodes)
        self._suspects.look_at_labels({k: node for k, node in nodes.items() if _TRIAL in node.properties})
        return part._replace(
            of_no_trial=[_about(node) for node in nodes.values() if _has_no_trial(node)],
            forensic=findings_of_trials(nodes, here),
            picked=self._suspects.picked,
        )

    def _judged(
        self, nodes: dict[str, Node], here: dict[str, Kind]
    ) -> tuple[list[Finding], dict[str, list[Finding]]]:
        rows: list[Finding] = []
        judged: dict[str, list[Finding]] = {}
        for key, node in nodes.items():
            if wrong := list(self.shapes.judge(node, here[key])):
                judged[key] = wrong
            for row in self._class_rules.rows(node, here):
                rows.append(self._by_name[row.rule].finding(row.node, row.details))
        return rows, judged

    def joined(self, parts: Iterable[Part]) -> Seen:
        """What is seen of all parts together."""
        kept: list[Part] = []
        seen: set[int] = set()
        several: set[int] = set()
        for part in parts:
            digests = part.typed | {_digest(node.key) for node in part.untyped}
            several |= seen & digests
            seen |= digests
            kept.append(part)
        merged = _merged(kept, several)
        findings: list[Finding] = []
        homes: dict[str, str] = {}
        for part in kept:
            local = [
                *part.rows,
                *(one for key, wrong in part.judged.items() if key not in merged for one in wrong),
            ]
            homes |= {finding.node: part.file.graph for finding in local}
            findings += local
        for node in merged.values():
            kind = self._kinds.stored(node.key) | self._kinds.of_node(node)
            wrong = list(self.shapes.judge(node, kind))
            homes |= {finding.node: node.graph for finding in wrong}
            findings += wrong
        divided = _divided(kept)
        judged = {
            trial: wrong
            for part in kept
            for trial, wrong in part.forensic.items()
            if wrong is not None and trial not in divided
        }
        trials = frozenset(trial for part in kept for trial in part.forensic)
        return Seen(
            findings,
            homes,
            self._all_picked(kept, merged, divided),
            [finding for wrong in judged.values() for finding in wrong],
            trials.difference(judged),
        )

    def _all_picked(
        self, parts: list[Part], merged: dict[str, Node], divided: frozenset[str]
    ) -> dict[str, set[Term]]:
        if self._suspects is None:
            return {}
        self._suspects.picked = {rule: set() for rule in self._suspects.picked}
        for node in merged.values():
            self._suspects.look(node, {})
        of_no_trial = {node.key: node for part in parts for node in part.of_no_trial}
        of_no_trial |= {key: node for key, node in merged.items() if _TRIAL not in node.properties}
        self._suspects.look_at_labels(of_no_trial)
        picked = {
            rule: terms.union(*(part.picked[rule] for part in parts))
            for rule, terms in self._suspects.picked.items()
        }
        if divided:
            for rule in ("shared-label", "part-of-another-trial", "set-of-another-group"):
                del picked[rule]
        return picked


def _about(node: Node) -> Node:
    return node._replace(
        properties={name: node.properties[name] for name in _ABOUT if name in node.properties}
    )


def _has_no_trial(node: Node) -> bool:
    return _TRIAL not in node.properties and _ABOUT[1] in node.properties


def _merged(parts: Sequence[Part], several: set[int]) -> dict[str, Node]:
    """The nodes that several files describe, with all that these say."""
    merged: dict[str, Node] = {}
    for part in parts:
        again = nodes_of(part.file).values() if not several.isdisjoint(part.typed) else part.untyped
        for node in again:
            if _digest(node.key) not in several or node.key.startswith("_:"):
                continue
            if node.key in merged:
                merge(merged[node.key].properties, node.properties)
            else:
                merged[node.key] = node
    return merged


def _divided(parts: Sequence[Part]) -> frozenset[str]:
    seen: set[str] = set()
    divided: set[str] = set()
    for part in parts:
        divided |= seen & part.trials
        seen |= part.trials
    return frozenset(divided)


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
