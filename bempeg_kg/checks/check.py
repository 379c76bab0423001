"""SHACL shapes and rules over the content, optionally with further files.

A shape (`ontology/shapes.ttl`) checks one node: does it state all that it must? A rule
(`queries/rules/*.rq`) is a query that must return no rows; its `#+` header is its documentation::

    #+ summary: A subset is larger than the set it is part of
    #+ description: why that is wrong, and what to do about it
    #+ severity: violation                  (or warning, or information)
    #+ tags: [sets]

The variable ?node is what is wrong, the others say how. Shapes and the rules on classes are
judged node by node as the files are read, the other rules on Oxigraph.

Further checks are functions `further(engine) -> Iterable[Finding]`: those in FURTHER_CHECKS, or others that
are handed to `check`. Forensics adds in this way what cannot be true in a source.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from pyoxigraph import NamedNode

from bempeg_kg.checks import vocabulary
from bempeg_kg.checks.constraints import Term
from bempeg_kg.checks.forensics import findings as forensic_findings
from bempeg_kg.checks.forensics import findings_of_trial
from bempeg_kg.checks.report import SEVERITIES, Check, Finding, Report
from bempeg_kg.checks.scan import Part, Scan, Seen
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.checks.statements import TYPE, File, key_of
from bempeg_kg.checks.suspects import PICKED
from bempeg_kg.checks.workers import parts_of
from bempeg_kg.content.content import Content
from bempeg_kg.content.files import MAPPING_SUFFIX, SourceFile, read_text
from bempeg_kg.content.load import DERIVED, derived_quads
from bempeg_kg.content.mappings import read_tables
from bempeg_kg.content.parse import parse_file, stream_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError
from bempeg_kg.graph.snapshot import open_snapshot
from bempeg_kg.questions.header import read_header
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from pyoxigraph import Quad, Store

    Further = Callable[[Embedded], Iterable[Finding]]

#: Further checks of every graph.
FURTHER_CHECKS: tuple[Further, ...] = (forensic_findings,)

_BORROWED = "ontology/terms/"
#: A rule is asked of so many nodes by their names.
_MOST_PICKED = 2_000
_FIELDS = {"summary", "description", "severity", "tags"}
_BEGINS = re.compile(r"^(\S+)", re.MULTILINE)
_PREFIX = re.compile(r"(?i)\s*@?prefix\s+([^\s:]*:)\s*<([^>]*)>")


class Place(NamedTuple):
    """Where a graph comes from: the file's name for people, its path, whether it was added to the content."""

    name: str
    path: str
    added: bool


def check(
    content: Content,
    files: Sequence[str | os.PathLike[str]] = (),
    *,
    further: Sequence[Further] | None = None,
    processes: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """The report on a content, with the statements of `files` (RDF, or `.sssom.tsv`) added to it.

    `further` replaces FURTHER_CHECKS. A large content is read in several `processes`. `progress` gets the
    name of each file. Raises InputError with file, line and column for a file that cannot be read or parsed.
    """
    added = _added(content, files)
    engine = _engine(content, added, progress)
    places = {
        file.iri: Place(file.name, file.path, False) for file in (*content.files(), *content.mappings())
    }
    places |= {_file_graph(path): Place(path, path, True) for path in added}
    rules = read_rules(content)
    picking = content.is_large and not engine.query(f"ASK {{ ?claim a <{VOCAB}Claim> }}")
    scan = Scan(engine, Shapes.read(content), rules, _left_out(content), picking)
    parts = parts_of(scan, _files_to_read(content, added), processes if engine.folder else 1, content)
    seen = scan.joined(_reported(parts, places, progress))
    findings = seen.findings
    for rule in rules:
        if rule.name not in vocabulary.NAMES:
            findings += run_rule(rule, engine, seen.picked.get(rule.name))
    more = FURTHER_CHECKS if further is None else further
    for ask in more:
        findings += _of_trials(engine, seen) if picking and ask is forensic_findings else ask(engine)
    return Report(
        _placed(findings, engine.store, places, seen.homes),
        content.names,
        statements=len(engine.store),
        checks=len(scan.shapes.checks) + len(rules) + len(more),
    )


def _of_trials(engine: Embedded, seen: Seen) -> list[Finding]:
    """The forensic findings of the files, and of trials that no file shows alone."""
    return seen.forensic + [
        finding for trial in sorted(seen.not_judged) for finding in findings_of_trial(engine, trial)
    ]


def _reported(
    parts: Iterable[Part], places: dict[str, Place], progress: Callable[[str], None] | None
) -> Iterator[Part]:
    for part in parts:
        if progress:
            progress(places[part.file.graph].name)
        yield part


def _left_out(content: Content) -> tuple[str, ...]:
    """How the names of graphs begin that are no files of statements."""
    return (content.base + DERIVED, *(table.iri for table in content.mappings()))


def read_checks(content: Content) -> list[Check]:
    """All shapes and rules of a content, sorted by name."""
    return sorted([*Shapes.read(content).checks.values(), *read_rules(content)], key=lambda check: check.name)


def read_rules(content: Content) -> list[Check]:
    """The rules of a content. Raises InputError with the file whose header is missing or wrong."""
    return [_read_rule(file) for file in content.rules()]


def run_rule(rule: Check, engine: Embedded, picked: Collection[Term] | None = None) -> list[Finding]:
    """What a rule finds, of what was `picked` for it if that is given.

    Raises QueryError if it is not SPARQL, InputError if it has no ?node.
    """
    if picked is not None and not picked:
        return []
    table = engine.query(rule.sparql if picked is None else _narrowed(rule, picked))
    if not isinstance(table, Table) or "node" not in table.columns:
        raise InputError(f"the rule {rule.name} does not select ?node", cure="Name what is wrong ?node.")
    findings = []
    for row, cells in zip(table.rows, table.cells(), strict=True):
        named = dict(zip(table.columns, cells, strict=True))
        node = key_of(row[table.columns.index("node")])
        details = {name: text for name, text in named.items() if name != "node" and text}
        findings.append(rule.finding(node, details))
    return findings


def _narrowed(rule: Check, picked: Collection[Term]) -> str:
    """The query of a rule, asked of what was picked alone; of everything where that is too much to list."""
    if len(picked) > _MOST_PICKED:
        return rule.sparql
    values = f"VALUES ?{PICKED[rule.name]} {{ {' '.join(sorted(map(str, picked)))} }}"
    return re.sub(r"WHERE\s*\{", lambda match: f"{match[0]} {values}", rule.sparql, count=1)


def _read_rule(file: SourceFile) -> Check:
    text = read_text(file.path)
    header = read_header(text, file.path, _FIELDS)
    severity = header.get("severity")
    if severity not in SEVERITIES:
        raise InputError(
            f"the severity is {severity!r}", file=file.path, cure=f"Use one of {', '.join(SEVERITIES)}."
        )
    summary, cure = (" ".join(str(header.get(key, "")).split()) for key in ("summary", "description"))
    name = os.path.basename(file.name).removesuffix(".rq")
    return Check(name, "rule", severity, summary, cure, tuple(header.get("tags") or ()), text)


def _added(content: Content, files: Sequence[str | os.PathLike[str]]) -> list[str]:
    """The given files that are not part of the content."""
    known = {os.path.realpath(file.path) for file in (*content.files(), *content.mappings())}
    return [os.fspath(file) for file in files if os.path.realpath(file) not in known]


def _engine(content: Content, added: list[str], progress: Callable[[str], None] | None) -> Embedded:
    """The content's snapshot; with files added a store in memory, in which all is derived anew."""
    if not added:
        return open_snapshot(content, progress=progress)[0]
    engine = Embedded.in_memory(content)
    for path in added:
        engine.store.bulk_extend(_read(path, content, engine.store))
    engine.store.bulk_extend(derived_quads(content, engine.store))
    return engine


def _file_graph(path: str) -> str:
    from pathlib import Path

    return Path(path).absolute().as_uri()


def _read(path: str, content: Content, store: Store) -> list[Quad]:
    if path.endswith(MAPPING_SUFFIX):
        return read_tables([SourceFile(path, _file_graph(path), "")], content.names, store)
    return parse_file(path, _file_graph(path))


def _files_to_read(content: Content, added: list[str]) -> list[File]:
    """The files for the checks of nodes. Shapes do not see what is borrowed, mapped or derived."""
    shipped = [
        File(file.iri, partial(stream_file, file.path, file.iri), not file.name.startswith(_BORROWED))
        for file in content.files()
    ]
    given = [path for path in added if not path.endswith(MAPPING_SUFFIX)]
    return shipped + [
        File(_file_graph(path), partial(stream_file, path, _file_graph(path)), True) for path in given
    ]


def _placed(
    findings: Iterable[Finding], store: Store, places: dict[str, Place], homes: dict[str, str]
) -> list[Finding]:
    """The findings with the file that speaks of each node (one that was added, if any) and the line there."""
    findings = list(findings)
    graphs = {
        node: _home(node, store, places) or homes.get(node, "") for node in {one.node for one in findings}
    }
    lines: dict[str, dict[str, int]] = {}
    located = []
    for finding in findings:
        if place := places.get(graphs[finding.node]):
            if place.path not in lines:
                lines[place.path] = _subject_lines(place.path)
            finding = replace(finding, file=place.name, line=lines[place.path].get(finding.node))
        located.append(finding)
    return located


def _home(node: str, store: Store, places: dict[str, Place]) -> str:
    """The graph of the file that describes a node; empty for a blank node, whose label a store may change."""
    if node.startswith("_:"):
        return ""
    ranked = [
        (places[graph].added, quad.predicate.value == TYPE, graph)
        for quad in store.quads_for_pattern(NamedNode(node), None, None)
        if (graph := str(getattr(quad.graph_name, "value", ""))) in places
    ]
    return max(ranked, default=(False, False, ""))[2]


def _subject_lines(path: str) -> dict[str, int]:
    """Line of a Turtle file on which each node first begins: IRI -> number."""
    lines: dict[str, int] = {}
    if not path.endswith(".ttl"):
        return lines
    prefixes: dict[str, str] = {}
    text = read_text(path)
    number, place = 1, 0
    for begun in _BEGINS.finditer(text):
        number += text.count("\n", place, begun.start())
        place = begun.start()
        node = begun[1]
        if node.lower() in ("@prefix", "prefix"):
            if declared := _PREFIX.match(text, place):
                prefixes[declared[1]] = declared[2]
        elif node.startswith("<"):
            lines.setdefault(node.strip("<>"), number)
        elif ":" in node:
            prefix, _, local = node.partition(":")
            lines.setdefault(prefixes.get(f"{prefix}:", f"{prefix}:") + local, number)
    return lines
