"""RDF documents to statements, with errors that say file, line and column.

Terms come from the parser as they were written (`36.0` stays `36.0`).
"""

from __future__ import annotations

import os
import re

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from bempeg_kg.content.files import read_bytes
from bempeg_kg.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Elements of RDF/XML may be nested so deep; files of ontologies stay below ten.
DEEPEST_XML = 500


def format_of(path: str) -> RdfFormat:
    """The RDF format that a file's suffix names. Raises InputError for another suffix."""
    rdf_format = RdfFormat.from_extension(os.path.splitext(path)[1].lstrip(".").lower())
    if rdf_format is None:
        raise InputError(
            "no RDF format goes with this suffix",
            file=path,
            cure="Use .ttl, .trig, .nt, .nq, .jsonld or .rdf.",
        )
    return rdf_format


def parse_text(
    body: bytes, graph: str, rdf_format: RdfFormat = RdfFormat.TURTLE, *, file: str = ""
) -> list[Quad]:
    """Statements of a document; those in no graph of their own are put into `graph`.

    Blank nodes get fresh names, so that documents can be joined. Raises InputError with line and column.

    >>> [quad.object.value for quad in parse_text(b"<> <urn:p> 36.0 .", "https://example.org/a.ttl")]
    ['36.0']
    """
    home = NamedNode(graph)
    default = DefaultGraph()
    return [
        Quad(quad.subject, quad.predicate, quad.object, home) if quad.graph_name == default else quad
        for quad in _quads(body, graph, rdf_format, file)
    ]


def _quads(body: bytes, graph: str, rdf_format: RdfFormat, file: str) -> Iterator[Quad]:
    if rdf_format == RdfFormat.RDF_XML:
        _check_xml(body, file or graph)
    try:
        yield from parse(body, format=rdf_format, base_iri=graph, rename_blank_nodes=True)
    except SyntaxError as error:
        raise syntax_problem(error, file or graph) from None
    except MemoryError:
        raise InputError(
            "a term or tag is longer than 16 MiB", file=file or graph, cure="Split it, or leave it out."
        ) from None


def _check_xml(body: bytes, file: str) -> None:
    """Refuse XML that is nested too deeply or that swells when its entities are replaced.

    The parser of RDF knows no such limits. expat stops at entities that make a document a hundred times as
    long. Raises InputError with the line.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate()
    depth = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        """Count an element that opens, and refuse one too many."""
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise InputError(
                f"elements are nested more than {DEEPEST_XML} deep",
                file=file,
                line=parser.CurrentLineNumber,
                cure="Give the inner nodes rdf:about, and write them side by side.",
            )

    def end(_name: str) -> None:
        """Count an element that closes."""
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        if "amplification" in str(error):
            raise InputError(
                "its entities expand to many times the size of the file",
                file=file,
                line=error.lineno,
                cure="Replace each entity by its text.",
            ) from None
        # the RDF parser reports any other mistake in more detail


def parse_file(path: str, graph: str) -> list[Quad]:
    """Statements of a file, in the format of its suffix; see `parse_text`.

    Raises InputError for a file that is missing, unreadable, empty or malformed.
    """
    return parse_text(_body(path), graph, format_of(path), file=path)


def stream_file(path: str, graph: str) -> Iterator[Quad]:
    """The statements of a file one by one, in the default graph as they come; errors as for `parse_file`."""
    return _quads(_body(path), graph, format_of(path), path)


def _body(path: str) -> bytes:
    body = read_bytes(path)
    if not body.strip():
        raise InputError("the file is empty", file=path, cure="Remove it, or write at least one statement.")
    return body


def file_iri(path: str | os.PathLike[str]) -> str:
    """The IRI of a file on this machine, which names the graph of its statements."""
    from urllib.parse import quote

    return "file://" + quote(os.path.abspath(os.fspath(path)))


def syntax_problem(error: SyntaxError, file: str) -> InputError:
    """The InputError for a parser's SyntaxError: file, line, column, and the message without them."""
    message = re.sub(r"^Parser error (?:at|between) .*?: ", "", str(error.args[0]))
    cure = "Save the file as UTF-8." if "UTF-8" in message else "Fix the syntax at this line."
    return InputError(
        message[:1].lower() + message[1:], file=file, line=error.lineno, column=error.offset, cure=cure
    )
