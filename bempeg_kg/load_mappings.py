"""SSSOM tables to statements: the SKOS match itself, and a node that says how it was justified and when.

A table is tab-separated with a commented YAML head (`#curie_map:`, `#mapping_date:`).
"""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Quad

from bempeg_kg.content import SourceFile, read_text
from bempeg_kg.errors import InputError, UnknownName
from bempeg_kg.names import STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RDF, _OWL, _SSSOM = STANDARDS["rdf"], STANDARDS["owl"], STANDARDS["sssom"]
_XSD_DATE = NamedNode(STANDARDS["xsd"] + "date")
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_TEXTS = ("object_label", "object_source", "object_source_version", "comment")


def read_mappings(table: SourceFile, names: Names) -> list[Quad]:
    """Statements of one SSSOM table, in the graph of its file. Raises InputError with the line."""
    graph = NamedNode(table.iri)
    quads = []
    for number, row, date in _rows(table):
        try:
            subject, predicate, thing, why = (NamedNode(names.expand(row[column])) for column in _NEEDED)
        except (UnknownName, ValueError) as error:
            raise InputError(str(error).split("\n")[0], file=table.path, line=number) from None
        node = NamedNode(
            names.base + "mapping/" + re.sub(r"[^A-Za-z0-9]+", "-", f"{row['subject_id']}-{row['object_id']}")
        )
        pairs: list[tuple[str, NamedNode | Literal]] = [
            (_RDF + "type", NamedNode(_SSSOM + "Mapping")),
            (_OWL + "annotatedSource", subject),
            (_OWL + "annotatedProperty", predicate),
            (_OWL + "annotatedTarget", thing),
            (_SSSOM + "mapping_justification", why),
        ]
        if date:
            pairs.append((_SSSOM + "mapping_date", Literal(date, datatype=_XSD_DATE)))
        pairs += [(_SSSOM + column, Literal(row[column])) for column in _TEXTS if row.get(column)]
        quads.append(Quad(subject, predicate, thing, graph))
        quads += [Quad(node, NamedNode(key), value, graph) for key, value in pairs]
    return quads


def _rows(table: SourceFile) -> Iterator[tuple[int, dict[str, str], str]]:
    """(line number, row, date of the mapping) of each row."""
    date = ""
    columns: list[str] = []
    for number, line in enumerate(read_text(table.path).splitlines(), start=1):
        if line.startswith("#"):
            found = re.match(r"#\s*mapping_date:\s*\"?([\d-]+)", line)
            date = found[1] if found else date
        elif not columns:
            columns = line.split("\t")
            missing = [column for column in _NEEDED if column not in columns]
            if missing:
                raise InputError(
                    f"the table has no column {', '.join(missing)}", file=table.path, line=number
                )
        elif line.strip():
            cells = line.split("\t")
            if len(cells) > len(columns):
                raise InputError("more cells than columns", file=table.path, line=number)
            row = dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True))
            yield number, row, row.get("mapping_date") or date
