"""One cell of a table as each format writes it."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from bempeg_kg.rdf.identifiers import page_of_iri
from bempeg_kg.rdf.names import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: A cell of a table.
Term = NamedNode | BlankNode | Literal | Triple | None
_XSD = "http://www.w3.org/2001/XMLSchema#"


def for_people(term: Term, shorten: Any) -> str:
    """A term for people: a CURIE, or a literal without datatype."""
    return shorten(term.value) if isinstance(term, NamedNode) else bare(term)


def bare(term: Term) -> str:
    """A term as plain text; empty for None."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def turtle(term: Term) -> str:
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


def csv_cell(text: str) -> str:
    """A text as a cell of CSV."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def json_term(term: Term) -> dict[str, Any]:
    """A term as in SPARQL 1.1 Query Results JSON."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        cell = {"type": "literal", "value": term.value}
        if term.language:
            cell["xml:lang"] = term.language
        elif term.datatype.value != _XSD + "string":
            cell["datatype"] = term.datatype.value
        return cell
    raise TypeError(f"no JSON for {term!r}")


def markdown_cell(text: str) -> str:
    """A text that Markdown shows as it is."""
    plain = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return plain.replace("\r", "").replace("\n", "<br>")


def escape(text: str) -> str:
    """A text that HTML shows as it is."""
    from html import escape as escaped

    return escaped(text)


def html_cell(term: Term, names: Names, shown_as: Callable[[str], str]) -> str:
    """A term as HTML: an IRI becomes a link to its page, with the text of `shown_as`."""
    if isinstance(term, NamedNode):
        shown = escape(shown_as(term.value))
        if not term.value.startswith(("http://", "https://")):
            return shown
        href = term.value if term.value.startswith(names.base) else page_of_iri(term.value)
        return f'<a href="{escape(href)}" rel="noreferrer">{shown}</a>'
    return escape(bare(term))
