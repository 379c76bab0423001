"""SSSOM tables to statements: the SKOS match itself, and a node that says how it was justified and when.

A table is tab-separated below a commented YAML head (`#curie_map:`, `#mapping_date:`). A row with
`predicate_modifier` Not says that two things are *not* the same: it gives the node and no match.
"""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Quad

from bempeg_kg.content.files import SourceFile, read_text
from bempeg_kg.errors import InputError, UnknownName
from bempeg_kg.rdf.names import STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from pyoxigraph import Store

#: What follows the IRI of a table in the name of the graph of `kg:kindOf` that its rows give.
KINDS = "#kinds"

_RDF, _OWL, _SSSOM = STANDARDS["rdf"], STANDARDS["owl"], STANDARDS["sssom"]
_TYPE = NamedNode(_RDF + "type")
_DEPRECATED = NamedNode(_OWL + "deprecated")
_REPLACED_BY = NamedNode(STANDARDS["obo"] + "IAO_0100001")
_SUBCLASS = NamedNode(STANDARDS["rdfs"] + "subClassOf")
_KIND_OF = NamedNode(STANDARDS["kg"] + "kindOf")
_UPWARD = (STANDARDS["skos"] + "exactMatch", STANDARDS["skos"] + "broadMatch")
_XSD_DATE = NamedNode(STANDARDS["xsd"] + "date")
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_TEXTS = ("predicate_modifier", "object_label", "object_source", "object_source_version", "comment")


class MappingRow:
    """One row of a table: `cells` by column, the four IRIs, and the `line` where it stands."""

    __slots__ = ("cells", "date", "justification", "line", "predicate", "subject", "table", "target")

    def __init__(
        self, table: SourceFile, line: int, cells: dict[str, str], date: str, iris: list[NamedNode]
    ) -> None:
        self.table = table
        self.line = line
        self.cells = cells
        self.date = date
        self.subject, self.predicate, self.target, self.justification = iris

    @property
    def negated(self) -> bool:
        """Whether the row says that the two are not to be linked."""
        return self.cells.get("predicate_modifier", "") == "Not"

    def problem(self, message: str, cure: str) -> InputError:
        """An InputError that names the file and line of this row."""
        return InputError(message, file=self.table.path, line=self.line, cure=cure)


def read_tables(tables: Iterable[SourceFile], names: Names, store: Store) -> list[Quad]:
    """Statements of SSSOM tables, each in the graph of its file, held against a store that has the rest.

    Raises InputError with the line; see `mapping_rows` and `check_rows`.
    """
    quads: list[Quad] = []
    for table in tables:
        rows = mapping_rows(table, names)
        check_rows(rows, store)
        graph = NamedNode(table.iri)
        quads += [quad for row in rows for quad in _row_quads(row, names, graph)]
        quads += kind_quads(rows, store, NamedNode(table.iri + KINDS))
    return quads


def mapping_rows(table: SourceFile, names: Names) -> list[MappingRow]:
    """The rows of one SSSOM table.

    Prefixes are those of the table's `curie_map`, then the declared ones. Raises InputError, with line and
    cure, for a head that is not YAML, a missing column, an unknown prefix, an identifier without a colon, an
    unknown modifier, or a link that an earlier row has made.
    """
    lines = read_text(table.path).splitlines()
    head = _head(lines, table.path)
    prefixes = {str(prefix): str(space) for prefix, space in (head.get("curie_map") or {}).items()}
    earlier: dict[tuple[str, ...], int] = {}
    rows = []
    for line, cells in _cells(lines, table.path):
        iris = [_expand(cells[column], column, prefixes, names, table.path, line) for column in _NEEDED]
        row = MappingRow(
            table, line, cells, str(cells.get("mapping_date") or head.get("mapping_date") or ""), iris
        )
        if cells.get("predicate_modifier", "") not in ("", "Not"):
            raise row.problem("predicate_modifier is neither empty nor Not", "Write Not, or nothing.")
        key = (row.subject.value, row.predicate.value, row.target.value)
        if key in earlier:
            raise row.problem(f"the same link as in line {earlier[key]}", "Remove one of the two rows.")
        earlier[key] = line
        rows.append(row)
    return rows


def check_rows(rows: Iterable[MappingRow], store: Store) -> None:
    """Hold rows against the graph: the subject must be in it, the object must not be retired.

    Raises InputError with the line of the first row that fails.
    """
    for row in rows:
        if next(iter(store.quads_for_pattern(row.subject, _TYPE, None, None)), None) is None:
            raise row.problem(
                f"there is no entity '{row.cells['subject_id']}' in the graph",
                "Add the entity to a file in data/, or remove the row.",
            )
        retired = next(iter(store.quads_for_pattern(row.target, _DEPRECATED, None, None)), None)
        if retired is not None and not row.negated:
            instead = next(iter(store.quads_for_pattern(row.target, _REPLACED_BY, None, None)), None)
            replacement = f" It was replaced by <{getattr(instead.object, 'value', '')}>." if instead else ""
            raise row.problem(
                f"{row.cells['object_id']} is obsolete", f"Link to a class that is in use.{replacement}"
            )


def kind_quads(rows: Iterable[MappingRow], store: Store, graph: NamedNode) -> list[Quad]:
    """`kg:kindOf` from each subject to the classes that its exact and broader matches lead up to.

    The closure is written down because the path `rdfs:subClassOf*` inside a join is slow in the engine, and
    because it then needs no reasoner anywhere.
    """
    quads: dict[Quad, None] = {}
    for row in rows:
        if row.negated or row.predicate.value not in _UPWARD:
            continue
        waiting = [row.target]
        while waiting:
            quad = Quad(row.subject, _KIND_OF, waiting.pop(), graph)
            if quad not in quads:
                quads[quad] = None
                above = store.quads_for_pattern(quad.object, _SUBCLASS, None, None)  # type: ignore[arg-type]
                waiting += [one.object for one in above if isinstance(one.object, NamedNode)]
    return sorted(quads, key=str)


def _row_quads(row: MappingRow, names: Names, graph: NamedNode) -> Iterator[Quad]:
    slug = re.sub(
        r"[^A-Za-z0-9]+",
        "-",
        f"{row.cells['subject_id']}-{row.cells['predicate_id'].partition(':')[2]}-{row.cells['object_id']}",
    )
    node = NamedNode(f"{names.base}mapping/{slug}")
    if not row.negated:
        yield Quad(row.subject, row.predicate, row.target, graph)
    yield Quad(node, _TYPE, NamedNode(_SSSOM + "Mapping"), graph)
    yield Quad(node, NamedNode(_OWL + "annotatedSource"), row.subject, graph)
    yield Quad(node, NamedNode(_OWL + "annotatedProperty"), row.predicate, graph)
    yield Quad(node, NamedNode(_OWL + "annotatedTarget"), row.target, graph)
    yield Quad(node, NamedNode(_SSSOM + "mapping_justification"), row.justification, graph)
    if row.date:
        yield Quad(node, NamedNode(_SSSOM + "mapping_date"), Literal(row.date, datatype=_XSD_DATE), graph)
    for column in _TEXTS:
        if row.cells.get(column):
            yield Quad(node, NamedNode(_SSSOM + column), Literal(row.cells[column]), graph)


def _head(lines: list[str], path: str) -> dict[str, Any]:
    import yaml

    # rows stay as empty lines, so that the parser's line numbers are those of the file
    body = "\n".join(line[1:] if line.startswith("#") else "" for line in lines)
    try:
        head = yaml.safe_load(body) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        raise InputError(
            f"the table header is malformed: {problem}",
            file=path,
            line=mark.line + 1 if mark else None,
            cure="The lines that begin with # are YAML.",
        ) from None
    if not isinstance(head, dict) or not isinstance(head.get("curie_map") or {}, dict):
        raise InputError("the table header is malformed", file=path, line=1, cure="Write key: value.")
    return head


def _cells(lines: list[str], path: str) -> Iterator[tuple[int, dict[str, str]]]:
    columns: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") or not line.strip():
            continue
        if not columns:
            columns = line.split("\t")
            missing = [column for column in _NEEDED if column not in columns]
            if missing:
                raise InputError(
                    f"the table has no column {', '.join(missing)}",
                    file=path,
                    line=number,
                    cure="The first line below the head names the columns, with tabs between them.",
                )
            continue
        cells = line.split("\t")
        if len(cells) > len(columns):
            raise InputError(
                f"{len(cells)} cells, but {len(columns)} columns",
                file=path,
                line=number,
                cure="Remove a tab.",
            )
        yield number, dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))


def _expand(
    curie: str, column: str, prefixes: dict[str, str], names: Names, path: str, line: int
) -> NamedNode:
    prefix, colon, local = curie.partition(":")
    if not colon:
        problem = f"'{curie}' has no colon" if curie else "is empty"
        raise InputError(
            f"{column} {problem}", file=path, line=line, cure="Write prefix:identifier, such as CL:0000625."
        )
    try:
        return NamedNode(prefixes[prefix] + local if prefix in prefixes else names.expand(curie))
    except UnknownName:
        raise InputError(
            f"{column} '{curie}': the prefix {prefix} is not declared",
            file=path,
            line=line,
            cure=f"Add it to curie_map in the table header: #  {prefix}: https://...",
        ) from None
    except ValueError as error:
        raise InputError(
            f"{column} '{curie}' gives no IRI: {error}", file=path, line=line, cure="Fix the identifier."
        ) from None
