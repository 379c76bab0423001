"""Any SPARQL 1.1 store over HTTP."""

from __future__ import annotations

import json

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from bempeg_kg.engines.problems import query_problem
from bempeg_kg.errors import EngineError, EngineTimeout, UsageError
from bempeg_kg.names import Names
from bempeg_kg.sparql import declare
from bempeg_kg.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from bempeg_kg.engines import Answer
    from bempeg_kg.table import Term

_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/n-triples;q=0.8"


class Remote:
    """An engine behind a SPARQL 1.1 endpoint. The query goes as a form, which every store takes."""

    name = "remote"

    def __init__(self, endpoint: str, names: Names | None = None, *, timeout: float = 60.0) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise UsageError(
                f"'{endpoint}' is not the address of an endpoint", cure="It starts with http:// or https://."
            )
        self.endpoint = endpoint
        self.names = names or Names()
        self.timeout = timeout

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.Engine`."""
        kind, body = self._post(declare(sparql, self.names.prefixes), sparql)
        if "json" in kind:
            return read_json(body, self.names)
        return [
            Triple(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=_format(kind))
        ]

    def _post(self, sparql: str, asked: str) -> tuple[str, bytes]:
        from urllib.error import HTTPError, URLError
        from urllib.parse import urlencode
        from urllib.request import Request, urlopen

        request = Request(self.endpoint, urlencode({"query": sparql}).encode(), {"Accept": _ACCEPT})
        try:
            with urlopen(request, timeout=self.timeout) as response:
                return response.headers.get("Content-Type", ""), response.read()
        except HTTPError as error:
            said = error.read(2000).decode("utf-8", "replace").strip()
            if error.code == 400:
                raise query_problem(said, asked) from None
            raise EngineError(
                f"the endpoint answered {error.code}: {said[:300]}", where=self.endpoint
            ) from None
        except TimeoutError:
            raise EngineTimeout(f"no answer within {self.timeout:g} s", where=self.endpoint) from None
        except (URLError, OSError) as error:
            raise EngineError(f"cannot be reached: {error}", where=self.endpoint) from None


def read_json(body: bytes, names: Names) -> Answer:
    """A Table or a bool from SPARQL 1.1 Query Results JSON. Raises EngineError for anything else."""
    try:
        made = json.loads(body)
        if "boolean" in made:
            return bool(made["boolean"])
        columns = made["head"]["vars"]
        rows = [[_term(row.get(column)) for column in columns] for row in made["results"]["bindings"]]
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"the endpoint's answer is not SPARQL results JSON: {error}") from None
    return Table(columns, rows, names=names)


def _term(value: dict[str, Any] | None) -> Term:
    if value is None:
        return None
    if value["type"] == "uri":
        return NamedNode(value["value"])
    if value["type"] == "bnode":
        return BlankNode(value["value"])
    if "xml:lang" in value:
        return Literal(value["value"], language=value["xml:lang"])
    kind = value.get("datatype")
    return Literal(value["value"], datatype=NamedNode(kind)) if kind else Literal(value["value"])


def _format(kind: str) -> RdfFormat:
    return RdfFormat.from_media_type(kind.split(";")[0].strip()) or RdfFormat.TURTLE
