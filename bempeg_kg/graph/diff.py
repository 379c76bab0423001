"""What differs between two states of the graph: facts by subject, and questions that answer otherwise.

Facts are compared as printed (36.0 is not 36) and without regard to the file they stand in, so moving a
fact is no change. A property with one value before and one after is called changed.

>>> from bempeg_kg.content.parse import parse_text
>>> old = parse_text(b"<urn:a> <urn:p> 1 ; <urn:q> 2 .", "urn:g")
>>> new = parse_text(b"<urn:a> <urn:p> 3 ; <urn:r> 4 .", "urn:g")
>>> [(one.change, one.property, one.old, one.new) for one in changed_facts(old, new)]
[('changed', 'urn:p', '1', '3'), ('removed', 'urn:q', '2', ''), ('added', 'urn:r', '', '4')]
"""

from __future__ import annotations

import os
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from bempeg_kg.content.content import Content, Programme
from bempeg_kg.content.load import load_quads
from bempeg_kg.content.parse import parse_file
from bempeg_kg.errors import BempegError, InputError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.canonical import HASH, canonical
from bempeg_kg.rdf.names import BASE
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("what", "change", "subject", "label", "property", "old", "new", "reason")
_NAMING = ("http://www.w3.org/2000/01/rdf-schema#label", "http://purl.org/dc/terms/title")
_CHANGE_NOTE = "http://www.w3.org/2004/02/skos/core#changeNote"
_URI_SPACE = "http://rdfs.org/ns/void#uriSpace"


class Change(NamedTuple):
    """One fact that was added, removed or changed, or one question whose answer changed."""

    what: str
    change: str
    subject: str
    label: str
    property: str
    old: str
    new: str
    reason: str = ""


def diff(old: Graph, new: Graph, *, answers: bool = True) -> Table:
    """Facts that differ, then (with `answers`) questions of the new library that answer otherwise.

    Columns: what (fact, answer), change (added, removed, changed), subject, label, property, old, new,
    reason (`skos:changeNote` of the subject).
    """
    changes = changed_facts(old.quads(), new.quads())
    if answers and changes:
        changes += changed_answers(old, new)
    shorten = new.names.shorten
    rows = [
        [
            change.what,
            change.change,
            NamedNode(change.subject)
            if ":" in change.subject and not change.subject.startswith("_:")
            else None,
            change.label or None,
            shorten(change.property),
            change.old or None,
            change.new or None,
            change.reason or None,
        ]
        for change in changes
    ]
    table = Table.of(COLUMNS, rows, names=new.names)
    table.reason = "the two hold the same facts"
    return table


def open_state(path: str) -> Graph:
    """A graph from an export in any format of RDF, or from the folder of a programme.

    Raises InputError for a file or folder that is missing, malformed or empty.
    """
    if os.path.isdir(path):
        content = Content.find(path)
        quads = load_quads(content)
    else:
        quads = parse_file(path, f"{BASE}{os.path.basename(path)}")
        if not quads:
            raise InputError("there are no statements in it", file=path, cure="Give an export of a graph.")
        spaces = [quad.object for quad in quads if quad.predicate.value == _URI_SPACE]
        base = spaces[0].value if spaces and isinstance(spaces[0], Literal) else BASE
        content = Content([Programme(path, path, base)])
    return Graph.of_quads(content, quads)


def changed_facts(old: Iterable[Quad], new: Iterable[Quad]) -> list[Change]:
    """Facts added, removed and changed, sorted by subject and property; blank nodes have canonical names."""
    before, after = _facts(old), _facts(new)
    labels = {**_labels(before), **_labels(after)}
    notes = {subject: values for (subject, name), values in after.items() if name == _CHANGE_NOTE}
    changes = []
    for key in sorted({*before, *after}):
        gone = sorted(before.get(key, set()) - after.get(key, set()))
        come = sorted(after.get(key, set()) - before.get(key, set()))
        subject, name = key
        reason = " ".join(sorted(value for value, _ in notes.get(subject, ())))
        common = ("fact", subject, labels.get(subject, ""), name)
        if len(gone) == len(come) == 1:
            changes.append(_change(common, "changed", gone[0][0], come[0][0], reason))
            continue
        changes += [_change(common, "removed", value, "", reason) for value, _ in gone]
        changes += [_change(common, "added", "", value, reason) for value, _ in come]
    return changes


def changed_answers(old: Graph, new: Graph) -> list[Change]:
    """Questions of the new library, but the live ones, that give other rows with their default parameters."""
    changes = []
    for question in new.questions:
        if question.live:
            continue
        before, after = _answer(old, question), _answer(new, question)
        if before == after:
            continue
        lost, won = len(before - after), len(after - before)
        summary = f"{len(after)} rows: {won} new, {lost} gone"
        changes.append(
            Change("answer", "changed", "", question.summary, question.name, f"{len(before)} rows", summary)
        )
    return changes


def _answer(kg: Graph, question: Question) -> set[tuple[str, ...]]:
    """Rows as text, numbers by value; a question that cannot be answered gives its message."""
    try:
        table = kg.answer(question, {})
    except BempegError as error:
        return {(str(error),)}
    return {tuple("" if value is None else str(value) for value in row.values()) for row in table}


def _change(common: Sequence[str], change: str, old: str, new: str, reason: str) -> Change:
    what, subject, label, name = common
    return Change(what, change, subject, label, name, old, new, reason)


def _facts(quads: Iterable[Quad]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """(subject, property) -> values, each as (text, the whole term)."""
    facts: dict[tuple[str, str], set[tuple[str, str]]] = {}
    # the names of blank nodes depend on the graph they stand in, so that is left out first
    for quad in canonical(Quad(quad.subject, quad.predicate, quad.object) for quad in quads):
        if quad.predicate.value != HASH:
            subject = quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)
            value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else str(quad.object)
            facts.setdefault((subject, quad.predicate.value), set()).add((value, str(quad.object)))
    return facts


def _labels(facts: dict[tuple[str, str], set[tuple[str, str]]]) -> dict[str, str]:
    return {subject: min(values)[0] for (subject, name), values in facts.items() if name in _NAMING}
