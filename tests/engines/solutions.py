"""Answers of SPARQL queries as test suites write them, and whether two of them are the same."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_EXACT = frozenset(XSD + name for name in ("decimal", "integer"))
_ROUNDED = frozenset(XSD + name for name in ("double", "float"))
_SOLUTIONS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
Row = tuple[object, ...]


@dataclass
class Answer:
    """Columns with rows; or a truth value (no columns, one row); or triples (column ``*``)."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    ordered: bool = False
    #: CSV as it was written, where that is what a test compares
    table: bytes = b""

    @classmethod
    def of_truth(cls, value: bool) -> Answer:
        """The answer of an ASK."""
        return cls([], [(value,)])

    @classmethod
    def of_triples(cls, triples: Iterable[ox.Triple]) -> Answer:
        """The answer of a CONSTRUCT or DESCRIBE: a set of triples."""
        return cls(["*"], list(dict.fromkeys((one.subject, one.predicate, one.object) for one in triples)))


def read_answer(made: object, form: str) -> Answer:
    """The answer that pyoxigraph gave, or that a server wrote in a format (media type or suffix)."""
    if isinstance(made, bytes):
        if form == "text/csv":
            return Answer([], table=made)
        if form == "application/n-triples":
            return Answer.of_triples(_triples(made, ox.RdfFormat.N_TRIPLES))
        return read_answer(ox.parse_query_results(made, format=_SOLUTIONS[form]), "")
    if isinstance(made, ox.QueryBoolean):
        return Answer.of_truth(bool(made))
    if isinstance(made, ox.QueryTriples):
        return Answer.of_triples(made)
    assert isinstance(made, ox.QuerySolutions)
    if form == ".csv":
        return Answer([], table=made.serialize(format=ox.QueryResultsFormat.CSV) or b"")
    return Answer([one.value for one in made.variables], [tuple(row) for row in made])


def expected(path: Path) -> Answer:
    """The answer that a file of a suite states."""
    if path.suffix == ".csv":
        return Answer([], table=path.read_bytes())
    if path.suffix in _SOLUTIONS:
        return read_answer(ox.parse_query_results(path.read_bytes(), format=_SOLUTIONS[path.suffix]), "")
    triples = _triples(path.read_bytes(), _GRAPHS[path.suffix], path.as_uri())
    if any(
        one.object == ox.NamedNode(RS + "ResultSet") or one.predicate.value == RS + "boolean"
        for one in triples
    ):
        return _result_set(triples)
    return Answer.of_triples(triples)


def _triples(body: bytes, form: ox.RdfFormat, base: str | None = None) -> list[ox.Triple]:
    parsed = ox.parse(body, format=form, base_iri=base)
    return [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in parsed]


def _result_set(triples: list[ox.Triple]) -> Answer:
    """An answer written as a graph, in the vocabulary of the first test suite."""
    about: defaultdict[object, defaultdict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for one in triples:
        about[one.subject][one.predicate.value.removeprefix(RS)].append(one.object)
    for values in about.values():
        if "boolean" in values:
            return Answer.of_truth(getattr(values["boolean"][0], "value", "") == "true")
    whole = next(values for values in about.values() if "resultVariable" in values or "solution" in values)
    columns = sorted(getattr(one, "value", "") for one in whole["resultVariable"])
    numbered = []
    for solution in whole["solution"]:
        bound = {
            getattr(about[one]["variable"][0], "value", ""): about[one]["value"][0]
            for one in about[solution]["binding"]
        }
        index = about[solution]["index"]
        place = int(getattr(index[0], "value", "0")) if index else 0
        numbered.append((place, tuple(bound.get(name) for name in columns)))
    ordered = any(place for place, _ in numbered)
    return Answer(columns, [row for _, row in sorted(numbered, key=lambda one: one[0])], ordered)


def comparable(term: object) -> object:
    """A term as it is compared: a number by its value and datatype (an engine may write 1.0 as 1)."""
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        try:
            if kind in _EXACT:
                return kind, Decimal(term.value.strip())
            if kind in _ROUNDED:
                return kind, f"{float(term.value):.6g}"
        except (InvalidOperation, ValueError):
            return term
    return term


def same(got: Answer, wanted: Answer, *, lax: bool = False) -> bool:
    """Whether two answers say the same: rows in any order unless it is stated, blank nodes by any name.

    With ``lax`` it does not matter how often a row comes.
    """
    if wanted.table or got.table:
        return _csv_lines(got.table) == _csv_lines(wanted.table)
    if sorted(got.columns) != sorted(wanted.columns):
        return False
    ours, theirs = _aligned(got), _aligned(wanted)
    if lax:
        ours, theirs = list(dict.fromkeys(ours)), list(dict.fromkeys(theirs))
    if wanted.ordered:
        return len(ours) == len(theirs) and _matched(list(zip(ours, theirs, strict=True)))
    return _some_order_matches(ours, theirs)


def _csv_lines(body: bytes) -> list[list[str]]:
    """The rows of a CSV answer with columns in order of name, sorted; blank nodes lose their name."""
    head, *rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    order = sorted(range(len(head)), key=lambda place: head[place])
    plain = [["_:" if cell.startswith("_:") else cell for cell in row] for row in rows]
    return [sorted(head), *sorted([row[place] for place in order] for row in plain)]


def _aligned(answer: Answer) -> list[Row]:
    """Rows with their columns in order of name."""
    if not answer.columns or answer.columns == ["*"]:
        return [tuple(map(comparable, row)) for row in answer.rows]
    order = sorted(range(len(answer.columns)), key=lambda place: answer.columns[place])
    return [tuple(comparable(row[place]) for place in order) for row in answer.rows]


def _shape(row: Row) -> Row:
    return tuple("blank" if isinstance(one, ox.BlankNode) else one for one in row)


def _pair(
    left: Row, right: Row, there: dict[object, object], back: dict[object, object]
) -> list[object] | None:
    """The blank nodes that become equal if two rows are; None if they cannot be."""
    if _shape(left) != _shape(right):
        return None
    new: list[object] = []
    for ours, theirs in zip(left, right, strict=True):
        if not isinstance(ours, ox.BlankNode):
            continue
        if ours in there or theirs in back:
            if there.get(ours) != theirs or back.get(theirs) != ours:
                for one in new:
                    del back[there.pop(one)]
                return None
        else:
            there[ours], back[theirs] = theirs, ours
            new.append(ours)
    return new


def _matched(pairs: list[tuple[Row, Row]]) -> bool:
    there: dict[object, object] = {}
    back: dict[object, object] = {}
    return all(_pair(left, right, there, back) is not None for left, right in pairs)


def _some_order_matches(ours: list[Row], theirs: list[Row]) -> bool:
    if Counter(map(_shape, ours)) != Counter(map(_shape, theirs)):
        return False
    left = [row for row in ours if any(isinstance(one, ox.BlankNode) for one in row)]
    waiting = [row for row in theirs if any(isinstance(one, ox.BlankNode) for one in row)]
    sizes = Counter(map(_shape, left))
    left.sort(key=lambda row: sizes[_shape(row)])
    there: dict[object, object] = {}
    back: dict[object, object] = {}

    def search(place: int, free: list[Row]) -> bool:
        if place == len(left):
            return True
        for number, candidate in enumerate(free):
            new = _pair(left[place], candidate, there, back)
            if new is None:
                continue
            if search(place + 1, free[:number] + free[number + 1 :]):
                return True
            for one in new:
                del back[there.pop(one)]
        return False

    return search(0, waiting)
