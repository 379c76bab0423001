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

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.rdf.identifiers import page_of_iri
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.text_table import fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any


#: A cell of a table.
Term = NamedNode | BlankNode | Literal | Triple | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {
    _XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
}
_FLOATS = {_XSD + name for name in ("decimal", "double", "float")}


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

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {column: to_python(term) for column, term in zip(self.columns, self.rows[index], strict=True)}

    def __repr__(self) -> str:
        return f"<Table {len(self.rows)} rows: {', '.join(self.columns)}>"

    def column(self, name: str) -> list[Any]:
        """Python values of one column. Raises UnknownName for a column that is not there."""
        if name not in self.columns:
            raise UnknownName("column", name, self.columns)
        place = self.columns.index(name)
        return [to_python(row[place]) for row in self.rows]

    def picked(self, columns: Sequence[str]) -> Table:
        """The same rows with only these columns, those that the table does not have left out."""
        places = [self.columns.index(name) for name in columns if name in self.columns]
        rows = [[row[place] for place in places] for row in self.rows]
        made = Table([self.columns[place] for place in places], rows, names=self.names, reason=self.reason)
        made.sentence = self.sentence
        return made

    def cells(self) -> list[list[str]]:
        """The rows as text for people: CURIEs, literals without datatype, empty where unbound."""
        shorten = self.names.shorten
        return [[_for_people(term, shorten) for term in row] for row in self.rows]

    def to_tsv(self) -> str:
        """SPARQL 1.1 Query Results TSV: terms as in Turtle, no loss."""
        lines = ["\t".join(f"?{column}" for column in self.columns)]
        lines += ["\t".join(_turtle(term) for term in row) for row in self.rows]
        return "\n".join(lines) + "\n"

    def to_csv(self) -> str:
        """SPARQL 1.1 Query Results CSV: bare values, lines end in CR LF."""
        lines = [",".join(_csv_cell(column) for column in self.columns)]
        lines += [",".join(_csv_cell(_bare(term)) for term in row) for row in self.rows]
        return "\r\n".join(lines) + "\r\n"

    def to_json(self) -> str:
        """SPARQL 1.1 Query Results JSON."""
        import json

        bindings = [
            {
                column: _json_term(term)
                for column, term in zip(self.columns, row, strict=True)
                if term is not None
            }
            for row in self.rows
        ]
        made: dict[str, Any] = {"head": {"vars": self.columns}, "results": {"bindings": bindings}}
        if self.sentence:
            made["sentence"] = self.sentence
        return json.dumps(made, ensure_ascii=False) + "\n"

    def to_markdown(self) -> str:
        """A Markdown table for people."""
        lines = [_markdown_cell(self.sentence), ""] if self.sentence else []
        lines += ["| " + " | ".join(self.columns) + " |", "|" + " --- |" * len(self.columns)]
        lines += ["| " + " | ".join(_markdown_cell(cell) for cell in row) + " |" for row in self.cells()]
        return "\n".join(lines) + "\n"

    def to_html(self) -> str:
        """An HTML table: IRIs become links to their pages, with the CURIE as text; all else is escaped."""
        head = "".join(f'<th scope="col">{_escape(column)}</th>' for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{_html_cell(term, self.names)}</td>" for term in row) + "</tr>\n"
            for row in self.rows
        )
        told = f"<p>{_escape(self.sentence)}</p>\n" if self.sentence else ""
        return f"{told}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"

    def to_text(self, width: int | None = None) -> str:
        """A table for a terminal, cells wrapped to fit `width` characters (None: as wide as it needs).

        Where the columns do not fit side by side, each row becomes a block of lines "column  value". A kind
        that the name of the column says already is left out: `pivot-02` below `trial`.
        """
        rows = self.cells()
        for place, column in enumerate(self.columns):
            told = f"{column}:"
            if all(row[place].startswith(told) or not row[place] for row in rows):
                for row in rows:
                    row[place] = row[place].removeprefix(told)
        return fit(self.columns, rows, width)

    def to_pandas(self) -> Any:
        """A pandas DataFrame of Python values. Raises UsageError if pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise UsageError("pandas is not installed", cure="pip install pandas") from None
        return pandas.DataFrame(list(self), columns=self.columns)

    def _repr_html_(self) -> str:
        return self.to_html()


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


def _for_people(term: Term, shorten: Any) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else _bare(term)


def _bare(term: Term) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _turtle(term: Term) -> str:
    """A term as in Turtle; numbers are written plainly where Turtle reads them back as the same literal."""
    if term is None:
        return ""
    if isinstance(term, Literal):
        kind, text = term.datatype.value, term.value
        digits = text.lstrip("+-").replace(".", "", 1)
        plain = digits.isascii() and digits.isdigit() and not text.endswith(".")
        if plain and kind == (_XSD + ("decimal" if "." in text else "integer")):
            return text
    return str(term).replace("\t", "\\t")


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        made = {"type": "literal", "value": term.value}
        if term.language:
            made["xml:lang"] = term.language
        elif term.datatype.value != _XSD + "string":
            made["datatype"] = term.datatype.value
        return made
    raise TypeError(f"no JSON for {term!r}")


def _markdown_cell(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return plain.replace("\r", "").replace("\n", "<br>")


def _escape(text: str) -> str:
    from html import escape

    return escape(text)


def _html_cell(term: Term, names: Names) -> str:
    if isinstance(term, NamedNode):
        shown = _escape(names.shorten(term.value))
        if not term.value.startswith(("http://", "https://")):
            return shown
        href = term.value if term.value.startswith(names.base) else page_of_iri(term.value)
        return f'<a href="{_escape(href)}" rel="noreferrer">{shown}</a>'
    return _escape(_bare(term))
