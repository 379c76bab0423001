"""The nodes of one registry record, read from the N-Quads that the importer makes of it.

The importer writes one statement a line, terms apart by one space, a node's class first. Reading that shape
takes a quarter of what a parser of all N-Quads takes, and a bulk file is millions of lines.
"""

from __future__ import annotations

import json

from bempeg_kg.evidence.reading import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Classes of which no rule looks at an instance.
_LEFT_OUT = frozenset(
    b"AdverseEventTerm Place BaselineMeasurement TrialEndpoint Endpoint Unit JournalArticle Arm Organisation"
    b" Disease Intervention Drug NonDrugIntervention Cohort Source Statistic".split()
)
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def nodes_of_record(body: bytes) -> dict[str, Node]:
    """IRI -> property name -> texts, of the nodes in the N-Quads of a record that the rules look at.

    >>> body = b'<urn:s> %s <urn:v#Result> <urn:g> .\\n<urn:s> <urn:v#value> "1.5" <urn:g> .\\n' % _TYPE
    >>> nodes_of_record(body)
    {'urn:s': {'type': ['urn:v#Result'], 'value': ['1.5']}}
    """
    found: dict[bytes, Node] = {}
    names: dict[bytes, str] = {}
    iris: dict[bytes, str] = {}
    node: Node | None = None
    last = b""
    for subject, predicate, rest in _statements(body):
        if subject != last:
            last, node = subject, found.get(subject)
        if node is None:
            if predicate != _TYPE or rest[: rest.index(b">")].rpartition(b"#")[2] in _LEFT_OUT:
                continue
            node = found[subject] = {}
        name = names.get(predicate)
        if name is None:
            name = names[predicate] = predicate[1:-1].decode().replace("#", "/").rpartition("/")[2]
        values = node.setdefault(name, [])
        value = _text(rest, iris)
        if value not in values:
            values.append(value)
    return {subject[1:-1].decode(): node for subject, node in found.items()}


def _statements(body: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    start = 0
    while (end := body.find(b"\n", start)) >= 0:
        first = body.index(b" ", start)
        second = body.index(b" ", first + 1)
        yield body[start:first], body[first + 1 : second], body[second + 1 : end]
        start = end + 1


def _text(rest: bytes, iris: dict[bytes, str]) -> str:
    """The text of the object that a line goes on with: an IRI, or a literal without its type."""
    if rest.startswith(b"<"):
        raw = rest[1 : rest.index(b">")]
        found = iris.get(raw)
        if found is None:
            found = iris[raw] = raw.decode()
        return found
    raw = rest[1 : rest.rindex(b'"')]
    # The escapes of N-Quads that the importer writes are those of JSON.
    return str(json.loads(b'"' + raw + b'"')) if b"\\" in raw else raw.decode()
