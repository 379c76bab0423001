"""Any SPARQL 1.1 store over HTTP."""

from __future__ import annotations

import json
import os
import re

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from bempeg_kg.engines.engine import Answer
from bempeg_kg.engines.http import Http, Response, timeout_from
from bempeg_kg.errors import EngineError, QueryError
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql.problems import query_problem
from bempeg_kg.rdf.sparql.text import declare, shadow
from bempeg_kg.rdf.table import Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TABLES = "application/sparql-results+json"
_GRAPHS = "application/n-triples, text/turtle;q=0.9"
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_PROLOGUE = re.compile(r"(?i)\s*(?:(?:base\s*_+|prefix\s+[^\s:]*\s*:\s*_+)\s*)*")
#: How a store says that it left rows out: Virtuoso in this header.
_CUT = "x-sparql-maxrows"
#: Rows that paging gathers before it gives up on an answer that does not end.
_MOST_ROWS = 5_000_000
#: An offset behind the end of any answer.
_BEYOND = 1_000_000_000_000
#: Virtuoso sorts no more rows than it returns; inside a subquery it does.
_SORT_LIMIT = "SR353"


class Remote:
    """An engine behind a SPARQL 1.1 endpoint, for reading only.

    The query goes as a form, which every store takes. A store that cuts long answers is asked again for the
    rest, page by page, which needs a query with an ORDER BY; `page` asks for pages of that many rows from
    the start. `Http` says where credentials come from.
    """

    name = "remote"

    def __init__(
        self,
        endpoint: str,
        names: Names | None = None,
        *,
        timeout: float | None = None,
        page: int | None = None,
        http: Http | None = None,
    ) -> None:
        self.http = http or Http(endpoint, timeout=timeout or timeout_from(os.environ))
        self.endpoint = endpoint
        self.names = names or Names()
        self.page = page

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.Engine`."""
        form = query_form(sparql)
        declared = declare(sparql, self.names.prefixes)
        if form in ("construct", "describe"):
            response = self._ask(declared, sparql, _GRAPHS)
            return [
                Triple(quad.subject, quad.predicate, quad.object)
                for quad in parse(response.body, format=_format(response))
            ]
        if form == "ask":
            return _truth(read_json(self._ask(declared, sparql, _TABLES).body, self.names))
        return self._select(declared, sparql)

    def _select(self, declared: str, sparql: str) -> Answer:
        pages = is_pageable(sparql)
        if self.page and pages:
            return self._pages(declared, sparql, self.page, [])
        response = self._ask(declared, sparql, _TABLES)
        answer = read_json(response.body, self.names)
        if not isinstance(answer, Table) or not _is_cut(response, len(answer.rows)):
            return answer
        if not pages:
            raise EngineError(
                f"the store cut the answer at {len(answer.rows)} rows",
                where=self.endpoint,
                cure="Add an ORDER BY and no LIMIT, so that the rest can be asked for, or raise its limit.",
            )
        return self._pages(declared, sparql, len(answer.rows), list(answer.rows))

    def _pages(self, declared: str, sparql: str, size: int, rows: list[Any]) -> Table:
        """The rows after those already read, in pages of `size`, until a page has fewer rows."""
        paged = _paged
        while True:
            try:
                response = self._ask(paged(declared, size, len(rows)), sparql, _TABLES)
            except EngineError as error:
                if _SORT_LIMIT not in str(error) or paged is _paged_inside:
                    raise
                paged = _paged_inside
                continue
            answer = read_json(response.body, self.names)
            if not isinstance(answer, Table):
                raise EngineError(
                    "a page of rows was asked for, and the store sent none", where=self.endpoint
                )
            if answer.rows and answer.rows == rows[-len(answer.rows) :]:
                self._probe(paged(declared, 1, _BEYOND), sparql)
            rows += answer.rows
            if len(rows) > _MOST_ROWS:
                raise EngineError(
                    f"the answer has more than {_MOST_ROWS:,} rows", where=self.endpoint, cure="Ask for less."
                )
            if len(answer.rows) < size and not _is_cut(response, len(answer.rows)):
                return Table(answer.columns, rows, names=self.names)

    def _probe(self, beyond: str, sparql: str) -> None:
        """Raise EngineError if the store has a row where there can be none: it ignores OFFSET."""
        answer = read_json(self._ask(beyond, sparql, _TABLES).body, self.names)
        if isinstance(answer, Table) and answer.rows:
            raise EngineError(
                "the store ignores OFFSET, so its rows cannot be asked for in pages",
                where=self.endpoint,
                cure="Ask for less in one query.",
            )

    def _ask(self, declared: str, sparql: str, accept: str) -> Response:
        from urllib.parse import urlencode

        body = urlencode({"query": declared}).encode()
        response = self.http.send(
            "POST", self.endpoint, body, Accept=accept, Content_Type="application/x-www-form-urlencoded"
        )
        if response.status < 300:
            return response
        message = response.body[:2000].decode("utf-8", "replace").strip()
        if response.status == 404:
            raise EngineError("there is no endpoint at this address", where=self.endpoint)
        raise query_problem(message, sparql, self.names.prefixes)


def query_form(sparql: str) -> str:
    """`select`, `ask`, `construct` or `describe`. Raises QueryError for an update or anything else.

    >>> query_form("PREFIX a: <urn:a> # insert\\nSELECT * { ?s ?p 'delete' }")
    'select'
    """
    bare = shadow(sparql)
    start = _PROLOGUE.match(bare)
    word = re.match(r"[A-Za-z]*", bare[start.end() :] if start else bare)
    form = word[0].lower() if word else ""
    if form in ("select", "ask", "construct", "describe"):
        return form
    if form in ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"):
        raise QueryError(
            "this is an update, and the graph is read-only",
            cure="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )
    raise query_problem("line 1, column 1", sparql)


def is_pageable(sparql: str) -> bool:
    """Whether rows of a query can be asked for in pages: it is ordered, and says no LIMIT or OFFSET itself.

    >>> is_pageable("SELECT ?s { ?s ?p ?o } ORDER BY ?s"), is_pageable("SELECT ?s { ?s ?p ?o } LIMIT 3")
    (True, False)
    """
    tail = shadow(sparql).rpartition("}")[2].lower()
    return "order" in tail and not re.search(r"\b(limit|offset|values)\b", tail)


def _paged(declared: str, size: int, start: int) -> str:
    return f"{declared.rstrip()}\nLIMIT {size} OFFSET {start}"


def _paged_inside(declared: str, size: int, start: int) -> str:
    prologue = _PROLOGUE.match(shadow(declared))
    at = prologue.end() if prologue else 0
    return f"{declared[:at]} SELECT * WHERE {{ {{ {declared[at:]}\n}} }} LIMIT {size} OFFSET {start}"


def read_json(body: bytes, names: Names) -> Answer:
    """A Table or a bool from SPARQL 1.1 Query Results JSON. Raises EngineError for anything else."""
    try:
        document = json.loads(body)
        if "boolean" in document:
            if not isinstance(document["boolean"], bool):
                raise ValueError(f"boolean is {document['boolean']!r}, not true or false")
            return document["boolean"]
        columns = document["head"]["vars"]
        rows = [[_term(row.get(column)) for column in columns] for row in document["results"]["bindings"]]
    except RecursionError:
        raise EngineError("the endpoint's answer is nested too deeply for SPARQL results JSON") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"the endpoint's answer is not SPARQL results JSON: {error}") from None
    return Table(columns, rows, names=names)


def _is_cut(response: Response, rows: int) -> bool:
    """Whether the store left rows out; a page without any is always the last."""
    limit = response.headers.get(_CUT, "")
    return limit.isdigit() and 0 < int(limit) <= rows


def _truth(answer: Answer) -> bool:
    """The answer to an ASK; Virtuoso sends it as a table with one row for true and none for false."""
    if isinstance(answer, Table) and len(answer.rows) < 2 and len(answer.columns) == 1:
        value = answer.rows[0][0] if answer.rows else None
        return isinstance(value, Literal) and value.value in ("1", "true")
    if isinstance(answer, bool):
        return answer
    raise EngineError("the endpoint's answer to an ASK is neither true nor false")


def _term(value: dict[str, Any] | None) -> Term:
    if value is None:
        return None
    if not isinstance(value["value"], str):
        raise ValueError(f"a value is {value['value']!r}, not a string")
    if value["type"] == "uri":
        return NamedNode(value["value"])
    if value["type"] == "bnode":
        return BlankNode(re.sub(r"[^A-Za-z0-9]", "", value["value"]))  # Virtuoso: nodeID://b1
    if "xml:lang" in value:
        return Literal(value["value"], language=value["xml:lang"])
    kind = value.get("datatype")
    if kind == _BOOLEAN and value["value"] in ("1", "0"):
        return Literal(value["value"] == "1")
    return Literal(value["value"], datatype=NamedNode(kind)) if kind else Literal(value["value"])


def _format(response: Response) -> RdfFormat:
    kind = response.headers.get("content-type", "").split(";")[0].strip()
    return RdfFormat.from_media_type(kind) or RdfFormat.TURTLE
