"""A table of RDF terms: what a SELECT gives, and the ways to write it down.

Cells are `pyoxigraph` terms (`NamedNode`, `BlankNode`, `Literal`) or None where a variable is unbound.

>>> from pyoxigraph import Literal, NamedNode
>>> table = Table(["trial", "n"], [(NamedNode("https://w3id.org/bempeg-kg/trial/pivot-02"), Literal(38))])
>>> print(table.to_markdown())
| trial | n |
| --- | --- |
| trial:pivot-02 | 38 |
<BLANKLINE>
>>> table[0]["n"]
38
"""

from __future__ import annotations

from copy import copy
from typing import overload

from pyoxigraph import BlankNode, Literal, NamedNode

from bempeg_kg.errors import UnknownName
from bempeg_kg.rdf.cells import (
    Term,
    bare,
    csv_cell,
    escape,
    for_people,
    html_cell,
    json_term,
    markdown_cell,
    turtle,
)
from bempeg_kg.rdf.frames import pandas_frame, polars_frame
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.telling import REMARK, remarks_on, with_telling
from bempeg_kg.rdf.text_table import fit, fitting, is_in_records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Any, Self


__all__ = ["Table", "Term", "to_python", "to_term"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {
    _XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
}
_FLOATS = {_XSD + name for name in ("decimal", "double", "float")}


#: Kinds of entities that a reader knows by name, not by identifier.
NAMED = frozenset(
    "trial cohort drug protein complex cell disease endpoint adverse-event process organisation pathway "
    "compartment programme grade".split()
)


class Table:
    """Columns and rows of terms. Iterate it for dictionaries of Python values, index it for one of them."""

    def __init__(
        self,
        columns: Iterable[str],
        rows: Iterable[Sequence[Term]],
        *,
        names: Names | None = None,
        reason: str = "",
    ) -> None:
        self.columns = list(columns)
        self.rows: list[tuple[Term, ...]] = [tuple(row) for row in rows]
        self.names = names or Names()
        #: why there are no rows, where that is known
        self.reason = reason
        #: the answer in a sentence, where its question has one
        self.sentence = ""
        #: a warning about reading the rows
        self.caveat = ""
        #: gives the label of an IRI, or an empty text
        self.label_of: Callable[[str], str] | None = None

    @classmethod
    def of(
        cls, columns: Sequence[str], rows: Iterable[Sequence[object]], *, names: Names | None = None
    ) -> Table:
        """A table of plain Python values: text, numbers, dates, booleans, terms, None.

        >>> Table.of(["arm", "share"], [["A", 0.5], ["B", None]]).to_tsv()
        '?arm\\t?share\\n"A"\\t0.5\\n"B"\\t\\n'
        """
        return cls(columns, [[to_term(value) for value in row] for row in rows], names=names)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield {column: to_python(term) for column, term in zip(self.columns, row, strict=True)}

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    @overload
    def __getitem__(self, index: str) -> list[Any]: ...
    def __getitem__(self, index: int | slice | str) -> Any:
        """A row as a dictionary (index), the rows of a slice as a table, or the values of a column (name)."""
        if isinstance(index, str):
            return self.column(index)
        if isinstance(index, slice):
            return self._with(self.columns, self.rows[index])
        return {column: to_python(term) for column, term in zip(self.columns, self.rows[index], strict=True)}

    def _with(self, columns: list[str], rows: Iterable[Sequence[Term]]) -> Self:
        """The same answer with other columns or rows."""
        copied = copy(self)
        copied.columns, copied.rows = list(columns), [tuple(row) for row in rows]
        return copied

    def __repr__(self) -> str:
        return f"<Table {len(self.rows)} rows: {', '.join(self.columns)}>"

    def column(self, name: str) -> list[Any]:
        """Python values of one column. Raises UnknownName for a column that is not there."""
        if name not in self.columns:
            raise UnknownName("column", name, self.columns)
        place = self.columns.index(name)
        return [to_python(row[place]) for row in self.rows]

    def picked(self, columns: Sequence[str]) -> Self:
        """The same rows with only these columns, those that the table does not have left out."""
        places = [self.columns.index(name) for name in columns if name in self.columns]
        rows = [[row[place] for place in places] for row in self.rows]
        return self._with([self.columns[place] for place in places], rows)

    def fitting(self, width: int, keep: Collection[str] = ()) -> Self:
        """The columns that fit a width without a broken word, see `text_table.fitting`; all as records."""
        picked = self.picked(fitting(self.columns, self.text_cells(), width, keep))
        return self if is_in_records(picked.columns, picked.text_cells(), width) else picked

    def telling(self, shown: Sequence[str]) -> list[str]:
        """The columns `shown`, with those without which rows with different values would look alike."""
        return with_telling(self.columns, self.rows, shown)

    def remarked(self, columns: Sequence[str]) -> Self:
        """The rows with only these columns; a remark in short, and on the rows alone that it tells apart."""
        picked = self.picked(columns)
        if REMARK not in picked.columns:
            return picked
        at = picked.columns.index(REMARK)
        rows = [
            (*row[:at], Literal(remark) if remark else None, *row[at + 1 :])
            for row, remark in zip(picked.rows, remarks_on(self.columns, self.rows, columns), strict=True)
        ]
        return picked._with(picked.columns, rows)

    def head(self, count: int) -> Self:
        """The same columns with the first rows alone."""
        return self._with(self.columns, self.rows[:count])

    def cells(self) -> list[list[str]]:
        """The rows as text for people: labels of NAMED entities where they are known and no column has them,
        else CURIEs; literals without datatype, empty where unbound."""
        shown = self._shown_as()
        return [[for_people(term, shown) for term in row] for row in self.rows]

    def _shown_as(self) -> Callable[[str], str]:
        return self.names.shorten if "label" in self.columns else self._shown

    def _shown(self, iri: str) -> str:
        if self.label_of and self.names.kind_of(iri) in NAMED and (label := self.label_of(iri)):
            return label
        return self.names.shorten(iri)

    def to_tsv(self) -> str:
        """SPARQL 1.1 Query Results TSV: terms as in Turtle, no loss."""
        lines = ["\t".join(f"?{column}" for column in self.columns)]
        lines += ["\t".join(turtle(term) for term in row) for row in self.rows]
        return "\n".join(lines) + "\n"

    def to_csv(self) -> str:
        """SPARQL 1.1 Query Results CSV: bare values, lines end in CR LF."""
        lines = [",".join(csv_cell(column) for column in self.columns)]
        lines += [",".join(csv_cell(bare(term)) for term in row) for row in self.rows]
        return "\r\n".join(lines) + "\r\n"

    def to_json(self) -> str:
        """SPARQL 1.1 Query Results JSON."""
        import json

        bindings = [
            {
                column: json_term(term)
                for column, term in zip(self.columns, row, strict=True)
                if term is not None
            }
            for row in self.rows
        ]
        texts = {"sentence": self.sentence, "caveat": self.caveat}
        # first, as some readers take nothing that stands after the bindings
        document: dict[str, Any] = {name: text for name, text in texts.items() if text}
        document |= {"head": {"vars": self.columns}, "results": {"bindings": bindings}}
        return json.dumps(document, ensure_ascii=False) + "\n"

    def to_markdown(self) -> str:
        """A Markdown table for people."""
        lines = [markdown_cell(self.sentence), ""] if self.sentence else []
        lines += ["| " + " | ".join(self.columns) + " |", "|" + " --- |" * len(self.columns)]
        lines += ["| " + " | ".join(markdown_cell(cell) for cell in row) + " |" for row in self.cells()]
        lines += ["", f"Note: {markdown_cell(self.caveat)}"] if self.caveat else []
        return "\n".join(lines) + "\n"

    def to_html(self) -> str:
        """An HTML table: IRIs become links to their pages, with the text of `cells`; all else is escaped."""
        shown = self._shown_as()
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html_cell(term, self.names, shown)}</td>" for term in row) + "</tr>\n"
            for row in self.rows
        )
        sentence = f"<p>{escape(self.sentence)}</p>\n" if self.sentence else ""
        note = f"<p>Note: {escape(self.caveat)}</p>\n" if self.caveat else ""
        return f"{sentence}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n{note}"

    def to_text(self, width: int | None = None) -> str:
        """A table for a terminal, cells wrapped to fit `width` characters (None: as wide as it needs).

        Where the columns do not fit side by side, each row becomes a block of lines "column  value". A kind
        that the name of the column says already is left out: `pivot-02` below `trial`.
        """
        return fit(self.columns, self.text_cells(), width)

    def text_cells(self) -> list[list[str]]:
        """The rows as a terminal shows them, without kinds that the names of columns say already."""
        rows = self.cells()
        for place, column in enumerate(self.columns):
            prefix = f"{column}:"
            if all(row[place].startswith(prefix) or not row[place] for row in rows):
                for row in rows:
                    row[place] = row[place].removeprefix(prefix)
        return rows

    def to_pandas(self, *, labels: bool = False) -> Any:
        """A pandas DataFrame with numeric columns, see `rdf.frames`. Raises UsageError without pandas.

        With `labels` an IRI is replaced by its label, and stands in `<column>_iri` beside it.
        """
        return pandas_frame(self.columns, self._values(), self.label_of if labels else None)

    def to_polars(self, *, labels: bool = False) -> Any:
        """A polars DataFrame, as `to_pandas`. Raises UsageError without polars."""
        return polars_frame(self.columns, self._values(), self.label_of if labels else None)

    def _values(self) -> list[list[Any]]:
        return [[to_python(row[place]) for row in self.rows] for place in range(len(self.columns))]

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def to_term(value: object) -> Term:
    """The RDF term of a plain Python value; a term stays as it is. A float becomes a decimal."""
    if value is None or isinstance(value, NamedNode | BlankNode | Literal):
        return value
    if isinstance(value, bool | int | str):
        return Literal(value)
    if isinstance(value, float):
        text = repr(value)
        plain = "e" not in text and "n" not in text
        return Literal(text, datatype=NamedNode(_XSD + ("decimal" if plain else "double")))
    return _other_term(value)


def _other_term(value: object) -> Term:
    import datetime
    import decimal

    if isinstance(value, decimal.Decimal):
        return Literal(format(value, "f"), datatype=NamedNode(_XSD + "decimal"))
    if isinstance(value, datetime.datetime):
        return Literal(value.isoformat(), datatype=NamedNode(_XSD + "dateTime"))
    if isinstance(value, datetime.date):
        return Literal(value.isoformat(), datatype=NamedNode(_XSD + "date"))
    raise TypeError(f"no RDF term for {type(value).__name__}")


def to_python(term: Term) -> Any:
    """A plain Python value: IRIs as text, numbers as int, Decimal or float, booleans, dates, else text."""
    if not isinstance(term, Literal):
        return None if term is None else term.value if isinstance(term, NamedNode) else str(term)
    kind, text = term.datatype.value, term.value
    try:
        if kind in _INTEGERS:
            return int(text)
        if kind == _XSD + "decimal":
            from decimal import Decimal

            return Decimal(text)
        if kind in _FLOATS:
            return float(text.replace("INF", "inf"))
        if kind == _XSD + "date":
            from datetime import date

            return date.fromisoformat(text)
    except (ValueError, ArithmeticError):
        return text
    return text in ("true", "1") if kind == _XSD + "boolean" else text
