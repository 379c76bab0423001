"""SHACL shapes and rules over the content, optionally with further files.

A shape (`ontology/shapes.ttl`) checks one node: does it state all that it must? A rule
(`queries/rules/*.rq`) is a query that must return no rows; its `#+` header is its documentation::

    #+ summary: A subset is larger than the set it is part of
    #+ description: why that is wrong, and what to do about it
    #+ severity: violation                  (or warning, or information)
    #+ tags: [sets]

The variable ?node is what is wrong, the others say how. Shapes run on rdflib, rules on Oxigraph.

Further checks are functions `further(engine) -> Iterable[Finding]`: those in FURTHER_CHECKS, or others that
are handed to `check`. Forensics adds in this way what cannot be true in a source.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import BlankNode

from bempeg_kg.checks.forensics import findings as forensic_findings
from bempeg_kg.checks.report import SEVERITIES, Check, Finding, Report
from bempeg_kg.checks.shacl import Shapes
from bempeg_kg.content.content import Content
from bempeg_kg.content.files import MAPPING_SUFFIX, SourceFile, read_text
from bempeg_kg.content.load import derived_quads, load_quads
from bempeg_kg.content.mappings import read_tables
from bempeg_kg.content.parse import parse_file
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import InputError
from bempeg_kg.questions.header import read_header
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from pyoxigraph import Quad, Store

    Further = Callable[[Embedded], Iterable[Finding]]

#: Further checks of every graph.
FURTHER_CHECKS: tuple[Further, ...] = (forensic_findings,)

_BORROWED = "ontology/terms/"
_FIELDS = {"summary", "description", "severity", "tags"}
_PREFIX = re.compile(r"(?i)\s*@?prefix\s+([^\s:]*:)\s*<([^>]*)>")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


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
) -> Report:
    """The report on a content, with the statements of `files` (RDF, or `.sssom.tsv`) added to it.

    `further` replaces FURTHER_CHECKS. Raises InputError with file, line and column for a file that
    cannot be read or parsed.
    """
    quads, store, places = _load(content, files)
    engine = Embedded(store, content.names)
    shapes = Shapes.read(content)
    rules = read_rules(content)
    findings = shapes.run(quad for quad in quads if _is_stated(quad, places))
    for rule in rules:
        findings += run_rule(rule, engine)
    more = FURTHER_CHECKS if further is None else further
    for ask in more:
        findings += ask(engine)
    return Report(
        _placed(findings, quads, places),
        content.names,
        statements=len(store),
        checks=len(shapes.checks) + len(rules) + len(more),
    )


def read_checks(content: Content) -> list[Check]:
    """All shapes and rules of a content, sorted by name."""
    return sorted([*Shapes.read(content).checks.values(), *read_rules(content)], key=lambda one: one.name)


def read_rules(content: Content) -> list[Check]:
    """The rules of a content. Raises InputError with the file whose header is missing or wrong."""
    return [_read_rule(file) for file in content.rules()]


def run_rule(rule: Check, engine: Embedded) -> list[Finding]:
    """What a rule finds. Raises QueryError if it is not SPARQL, InputError if it has no ?node."""
    table = engine.query(rule.sparql)
    if not isinstance(table, Table) or "node" not in table.columns:
        raise InputError(f"the rule {rule.name} does not select ?node", cure="Name what is wrong ?node.")
    findings = []
    for row, cells in zip(table.rows, table.cells(), strict=True):
        named = dict(zip(table.columns, cells, strict=True))
        node = _key(row[table.columns.index("node")])
        details = {name: text for name, text in named.items() if name != "node" and text}
        findings.append(rule.finding(node, details))
    return findings


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


def _load(
    content: Content, files: Sequence[str | os.PathLike[str]]
) -> tuple[list[Quad], Store, dict[str, Place]]:
    """All statements as written, a store of them, and for each graph the name and the path of its file."""
    from pyoxigraph import Store

    quads = load_quads(content)
    shipped = [*content.files(), *content.mappings()]
    places = {file.iri: Place(file.name, file.path, False) for file in shipped}
    known = {os.path.realpath(file.path) for file in shipped}
    added = [os.fspath(file) for file in files if os.path.realpath(file) not in known]
    store = Store()
    store.bulk_extend(quads)
    for path in added:
        for quad in _read(path, content, store):
            quads.append(quad)
            places[quad.graph_name.value] = Place(path, path, True)  # type: ignore[union-attr]
    if added:
        store.bulk_extend(quads)
        store.bulk_extend(derived_quads(content, store))
    return quads, store, places


def _read(path: str, content: Content, store: Store) -> list[Quad]:
    from pathlib import Path

    graph = Path(path).absolute().as_uri()
    if path.endswith(MAPPING_SUFFIX):
        return read_tables([SourceFile(path, graph, "")], content.names, store)
    return parse_file(path, graph)


def _is_stated(quad: Quad, places: dict[str, Place]) -> bool:
    """Whether the statement is written here, not derived, mapped or borrowed. Shapes see only these."""
    place = places.get(quad.graph_name.value)  # type: ignore[union-attr]
    return (
        place is not None and not place.name.startswith(_BORROWED) and not place.name.endswith(MAPPING_SUFFIX)
    )


def _placed(findings: Iterable[Finding], quads: Iterable[Quad], places: dict[str, Place]) -> list[Finding]:
    """The findings with the file that describes each node (an added one, if any) and the line in it."""
    findings = list(findings)
    wanted = {finding.node for finding in findings}
    homes: dict[str, tuple[bool, bool, str]] = {}
    for quad in quads:
        graph = quad.graph_name.value  # type: ignore[union-attr]
        node = _key(quad.subject)
        if node in wanted and graph in places:
            typed = quad.predicate.value == _TYPE
            homes[node] = max(homes.get(node, (False, False, "")), (places[graph].added, typed, graph))
    lines: dict[str, dict[str, int]] = {}
    located = []
    for finding in findings:
        if finding.node in homes:
            place = places[homes[finding.node][2]]
            if place.path not in lines:
                lines[place.path] = _subject_lines(place.path)
            finding = replace(finding, file=place.name, line=lines[place.path].get(finding.node))
        located.append(finding)
    return located


def _key(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def _subject_lines(path: str) -> dict[str, int]:
    """Line of a Turtle file on which each node first begins: IRI -> number."""
    lines: dict[str, int] = {}
    if not path.endswith(".ttl"):
        return lines
    prefixes: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if declared := _PREFIX.match(line):
            prefixes[declared[1]] = declared[2]
        elif line and not line[0].isspace():
            node = line.split(maxsplit=1)[0]
            if node.startswith("<"):
                lines.setdefault(node.strip("<>"), number)
            elif ":" in node:
                prefix, _, local = node.partition(":")
                lines.setdefault(prefixes.get(f"{prefix}:", f"{prefix}:") + local, number)
    return lines
