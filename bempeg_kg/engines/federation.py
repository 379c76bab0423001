"""Our own SERVICE: off by default; if on, limited to listed hosts, time and size.

A store's own SERVICE knows no list of hosts and no limit, so it is never used. For each block, what is joined
with it (see `groups`) gives the values of the variables that both share; these go with the block to the
service; and the rows that come back replace the block, as VALUES. A block with which nothing
is joined is asked whole.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode

from bempeg_kg.engines.engine import Answer, Engine
from bempeg_kg.engines.groups import certain, narrowing
from bempeg_kg.engines.outside import PUBLIC_SERVICES, Guard, Limits
from bempeg_kg.engines.remote import read_json
from bempeg_kg.errors import EngineError, QueryError
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql.guard import calls_service
from bempeg_kg.rdf.sparql.text import declare, shadow
from bempeg_kg.rdf.table import Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Values that go to a service in one request.
_AT_ONCE = 200
_SERVICE = re.compile(r"(?i)\bSERVICE\b\s*(SILENT\b\s*)?")
_VARIABLE = re.compile(r"[?$](\w+)")


class Block(NamedTuple):
    """A SERVICE block: where it stands in the text, the service, the pattern, and whether it may fail."""

    start: int
    end: int
    service: str
    pattern: str
    silent: bool


class Federated:
    """An engine that answers queries with SERVICE too, on top of one that does not.

    `allow` adds hosts to those of the shipped live questions; `at` maps the IRI of a service to the address
    to ask instead; with `partial`, a service that fails leaves its variables unbound, and `remarks` says so.
    """

    def __init__(
        self,
        inner: Engine,
        names: Names,
        *,
        allow: Iterable[str] = (),
        at: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        partial: bool = False,
    ) -> None:
        self.inner = inner
        self.names = names
        self.name = inner.name
        self.guard = Guard((*PUBLIC_SERVICES, *allow), limits)
        self.at = dict(at or {})
        self.partial = partial
        #: what went wrong or was left out in the last query
        self.remarks: list[str] = []

    def query(self, sparql: str) -> Answer:
        """Answer a query; see `bempeg_kg.engines.Engine`.

        Raises QueryError for a SERVICE that is nested or has no fixed address, UsageError for one that is not
        allowed, EngineTimeout and EngineError when a service fails.
        """
        self.remarks = []
        if not calls_service(sparql):
            return self.inner.query(sparql)
        deadline = monotonic() + self.guard.limits.seconds
        text = declare(sparql, self.names.prefixes)
        while blocks := service_blocks(text):
            block = blocks[0]
            text = text[: block.start] + self._answered(text, block, deadline) + text[block.end :]
        return self.inner.query(text)

    def _answered(self, text: str, block: Block, deadline: float) -> str:
        """What stands in the query instead of a block: the service's rows as VALUES."""
        try:
            rows, variables = self._rows(text, block, deadline)
        except EngineError as error:
            if not (self.partial or block.silent):
                raise
            self.remarks.append(f"left out: {str(error).splitlines()[0]}")
            return " {} "
        return values(variables, rows)

    def _rows(self, text: str, block: Block, deadline: float) -> tuple[list[Sequence[Term]], list[str]]:
        shared, bindings = self._bindings(text, block)
        variables = list(dict.fromkeys(_VARIABLE.findall(shadow(block.pattern))))
        if shared and not bindings:
            return [], variables
        rows: list[Sequence[Term]] = []
        limit = self.guard.limits.rows
        for start in range(0, max(len(bindings), 1), _AT_ONCE):
            some = bindings[start : start + _AT_ONCE]
            table = self._ask(text, block, shared, some, deadline, limit - len(rows))
            variables = table.columns if not rows else variables
            rows += table.rows
        if len(rows) > limit:
            if not self.partial:
                raise EngineError(
                    f"the service gives more than {limit:,} rows", where=block.service, cure="Ask for less."
                )
            self.remarks.append(f"only the first {limit:,} rows of {block.service} were taken")
        return rows[:limit], variables

    def _bindings(self, text: str, block: Block) -> tuple[list[str], list[Sequence[Term]]]:
        """The variables that a block shares with what is joined with it, and their values there."""
        joined = narrowing(text, block.start, block.end)
        shared = sorted(joined.variables & certain(block.pattern).variables)
        if not shared:
            return [], []
        named = " ".join(f"?{name}" for name in shared)
        rest = " . ".join(joined.patterns)
        answer = self.inner.query(f"{_prologue(text)} SELECT DISTINCT {named} WHERE {{ {rest} }}")
        if not isinstance(answer, Table):
            raise EngineError("the engine gave no table for the local part of the query")
        # A value that an expression could not compute leaves its variable open: it narrows nothing.
        kept = [at for at in range(len(shared)) if all(row[at] is not None for row in answer.rows)]
        rows = dict.fromkeys(tuple(row[at] for at in kept) for row in answer.rows)
        named_here = [row for row in rows if not any(isinstance(term, BlankNode) for term in row)]
        return [shared[at] for at in kept], list(named_here)

    def _ask(
        self,
        text: str,
        block: Block,
        shared: list[str],
        bindings: list[Sequence[Term]],
        deadline: float,
        limit: int,
    ) -> Table:
        given = values(shared, bindings) if shared else ""
        query = f"{_prologue(text)}\nSELECT * WHERE {{ {given} {block.pattern} }} LIMIT {max(limit, 0) + 1}"
        address = self.at.get(block.service, block.service)
        table = read_json(self.guard.select(address, query, deadline), self.names)
        if not isinstance(table, Table):
            raise EngineError("the service's answer has no rows", where=address)
        return table


def service_blocks(text: str) -> list[Block]:
    """The SERVICE blocks of a query. Raises QueryError for one that is nested or has no fixed address.

    >>> [block.service for block in service_blocks("ASK { SERVICE <urn:a> { ?s ?p ?o } }")]
    ['urn:a']
    """
    bare = shadow(text)
    blocks: list[Block] = []
    for match in _SERVICE.finditer(bare):
        if blocks and match.start() < blocks[-1].end:
            raise QueryError("a SERVICE inside a SERVICE is not asked", cure="Write two queries.")
        service, after = _service(text, match.end())
        opening = bare.find("{", after)
        if opening < 0 or bare[after:opening].strip():
            raise QueryError("this SERVICE has no pattern", cure="Write SERVICE <address> { ... }.")
        closing = _closing(bare, opening)
        pattern = text[opening + 1 : closing]
        blocks.append(Block(match.start(), closing + 1, service, pattern, bool(match[1])))
    return blocks


def values(variables: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    """A VALUES block; an unbound cell is UNDEF, a blank node of the service becomes an IRI of its own.

    >>> values(["a", "b"], [[NamedNode("urn:x"), None]])
    'VALUES (?a ?b) { (<urn:x> UNDEF) }'
    """
    listed = " ".join(f"({' '.join(map(_written, row))})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{ {listed} }}"


def _written(term: Term) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, BlankNode):
        return str(NamedNode(f"urn:bempeg-kg:blank:{term.value}"))
    return str(term)


def _service(text: str, place: int) -> tuple[str, int]:
    """The address that stands at a place, and where it ends."""
    match = re.match(r"<([^<>\"{}|^`\\\s]*)>", text[place:])
    if match is None:
        raise QueryError(
            "a SERVICE needs a fixed address", cure="Write SERVICE <https://...>, not a variable or a CURIE."
        )
    return match[1], place + match.end()


def _closing(bare: str, opening: int) -> int:
    """Where the brace or parenthesis that opens at a place is closed."""
    up, down = ("{", "}") if bare[opening] == "{" else ("(", ")")
    depth = 0
    for place in range(opening, len(bare)):
        depth += (bare[place] == up) - (bare[place] == down)
        if depth == 0:
            return place
    raise QueryError(f"this {up} is never closed", cure="Close it.")


def _prologue(text: str) -> str:
    """PREFIX and BASE of a query."""
    declarations = re.findall(r"(?im)\b(?:PREFIX\s+[\w.-]*:\s*<[^<>]*>|BASE\s+<[^<>]*>)", text)
    return " ".join(declarations)
