"""A request of the SPARQL 1.1 Protocol read down to its query and dataset, or refused with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from bempeg_kg.web.http import negotiation
from bempeg_kg.web.workers import frames

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
#: Short names of formats, for the field ``format``.
FORMATS = {
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
#: Other names that clients send for them.
_ALIASES = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "json-ld": "jsonld",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
}
READ_ONLY = "this endpoint answers queries only; it takes no updates"


class Problem(Exception):
    """An answer that is an error: status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Operation:
    """A query as the protocol carries it."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    #: media type that the field ``format`` asks for, for clients that cannot send Accept
    accept: str = ""


def operation_of_get(query_string: bytes) -> Operation:
    """The query of a GET. Raises Problem; an Operation without text means that none was asked."""
    fields = _fields(query_string)
    if any(name == "update" for name, _ in fields):
        raise Problem(400, "updates cannot come by GET, and " + READ_ONLY)
    return _operation(fields)


def operation_of_post(content_type: str, query_string: bytes, body: bytes) -> Operation:
    """The query of a POST, direct or as a form. Raises Problem."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if "charset=" in charset and not re.search(r"charset=utf-?8(?:;|$)", charset):
        raise Problem(415, "text must be UTF-8")
    if media_type == UPDATE:
        raise Problem(403, READ_ONLY)
    if media_type == DIRECT:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise Problem(400, "the query is not UTF-8") from None
        fields = [(name, value) for name, value in _fields(query_string) if name != "query"]
        return _operation([*fields, ("query", text)])
    if media_type == FORM:
        fields = _fields(body)
        if any(name == "update" for name, _ in fields):
            raise Problem(403, READ_ONLY)
        operation = _operation(fields)
        if not operation.query:
            raise Problem(400, "the form has no field query")
        return operation
    raise Problem(415, f"a query is POSTed as {DIRECT} or {FORM}")


def request_of(operation: Operation, accept: str, *, has_dataset: bool) -> frames.Request:
    """What a worker is asked: the query, and the media types that an Accept header likes best for its answer.
    Raises Problem when there is none.
    """
    solutions = negotiation.best(accept, negotiation.SOLUTIONS)
    graph = negotiation.best(accept, negotiation.GRAPHS)
    if not solutions and not graph:
        raise Problem(
            406, "answers are available as " + ", ".join((*negotiation.SOLUTIONS, *negotiation.GRAPHS))
        )
    return frames.Request(
        operation.query, solutions, graph, operation.default_graphs, operation.named_graphs, has_dataset
    )


def _fields(data: bytes) -> list[tuple[str, str]]:
    pairs = data.split(b"&")
    if len(pairs) > 200:
        raise Problem(400, "too many parameters")
    try:
        return [
            (_decoded(name), _decoded(value))
            for name, _, value in (pair.partition(b"=") for pair in pairs)
            if name
        ]
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not percent-encoded UTF-8") from None


def _decoded(text: bytes) -> str:
    """Percent-encoded text, decoded. Raises UnicodeDecodeError for what is not UTF-8.

    Well-formed escapes are read as those of a string literal, which takes a tenth of the time of
    ``urllib.parse.unquote_to_bytes``; that one reads what is left, such as a lone percent sign.

    >>> _decoded(b"a%C3%A9+%5Cx41+100%25"), _decoded(b"100%")
    ('aé \\\\x41 100%', '100%')
    """
    if b"+" in text:
        text = text.replace(b"+", b" ")
    if b"%" not in text:
        return text.decode()
    try:
        escaped = text.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
        return escaped.decode("unicode_escape").encode("latin-1").decode()
    except UnicodeDecodeError:
        return unquote_to_bytes(text).decode()


def _media_type(name: str) -> str:
    """What to accept for a format's short name; media types stay as they are. Raises Problem."""
    short = name.strip().lower()
    if "/" in short:
        return short
    if (known := FORMATS.get(_ALIASES.get(short, short))) is None:
        raise Problem(400, f"there is no format {name!r}: use {', '.join(FORMATS)}")
    return known


def _operation(fields: list[tuple[str, str]]) -> Operation:
    query: str | None = None
    default_graphs: list[str] = []
    named_graphs: list[str] = []
    accept = ""
    for name, value in fields:
        if name == "query":
            if query is not None:
                raise Problem(400, "there is more than one query")
            query = value
        elif name == "format":
            accept = _media_type(value)
        elif name in ("default-graph-uri", "named-graph-uri") and not value:
            continue
        elif name == "default-graph-uri":
            default_graphs.append(_graph(value))
        elif name == "named-graph-uri":
            named_graphs.append(_graph(value))
    if query is not None and not query.strip():
        raise Problem(400, "the query is empty")
    if query is not None and "\0" in query:
        raise Problem(400, "the query holds a NUL character")
    return Operation(query or "", tuple(default_graphs), tuple(named_graphs), accept)


def _graph(name: str) -> str:
    if not name or any(letter <= " " for letter in name):
        raise Problem(400, "a graph name must be an IRI")
    return name
