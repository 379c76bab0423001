"""The nodes of one registry record, taken from the importer before it writes them out as N-Quads.

The N-Quads of a record are some sixty times its JSON: 90 MB for a record of 1.5 MB, which nodes do not need.
"""

from __future__ import annotations

import json

from bempeg_kg.evidence.nodes import Node
from bempeg_kg.rdf.names import STANDARDS, VOCAB
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.mapping import map_parts, repairing
from bempeg_kg.registry.record import Problem, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RDF_TYPE = STANDARDS["rdf"] + "type"
#: Properties that no rule looks at, and that every number has.
_SKIPPED = frozenset(
    f" <{VOCAB}{name}"
    for name in (
        "verification", "firstPublic", "statisticPrinted", "shortLabel", "eventCount",
        "dispersionTypePrinted", "attribution", "groupsPrinted", "valueStatus",
    )
)  # fmt: skip
#: Classes of which no rule looks at an instance.
_LEFT_OUT = tuple(
    f" <{RDF_TYPE}> <{VOCAB}{name}>"
    for name in (
        "Place", "TrialEndpoint", "Arm", "Intervention", "Cohort", "JournalArticle", "Source",
    )
)  # fmt: skip
#: Predicate -> name of the property.
_NAMES: dict[str, str] = {}


class RecordNodes(Record):
    """Collects the nodes of one record: IRI -> property name -> texts."""

    def __init__(self, nct: str, joins: Joins) -> None:
        super().__init__(nct, joins)
        self.nodes: dict[str, Node] = {}
        # Most statements of a record that name an entity repeat for many nodes.
        self._known: dict[str, tuple[str, str]] = {}

    def node(self, subject: str, parts: list[str]) -> None:
        """Take the statements of one subject; each part is a predicate and an object, as N-Triples."""
        node = self.nodes.get(subject)
        if node is None:
            if parts[0].startswith(_LEFT_OUT):
                return
            node = self.nodes[subject] = {}
        known = self._known
        for part in parts:
            name, value = known.get(part) or self._read(part)
            if name:
                values = node.get(name)
                if values is None:
                    node[name] = [value]
                elif value not in values:
                    values.append(value)

    def _read(self, part: str) -> tuple[str, str]:
        """(name of the property, text) of a predicate and an object; no name for what no rule looks at."""
        predicate, _, printed = part.partition("> ")
        name = _NAMES.get(predicate)
        if name is None:
            name = predicate[2:].replace("#", "/").rpartition("/")[2]
            _NAMES[predicate] = name = "" if predicate in _SKIPPED else name
        property_text = (name, text_of(printed)) if name else ("", "")
        # Typed literals are numbers, dates and flags, and repeat as IRIs do; texts do not.
        if not name or printed[-1] == ">":
            self._known[part] = property_text
        return property_text

    def describe(self, subject: str, parts: list[str]) -> None:
        """Leave out statements about nodes that records share: no rule reads them."""


def text_of(term: str) -> str:
    """The text of an N-Triples term: an IRI without its brackets, a literal without its type.

    >>> text_of("<urn:x>"), text_of('"1.5"^^<urn:decimal>'), text_of('"a \\\\"b\\\\""')
    ('urn:x', '1.5', 'a "b"')
    """
    if term[0] == "<":
        return term[1:-1]
    raw = term[1 : term.rindex('"')]
    # The escapes that the importer writes are those of JSON.
    return str(json.loads(f'"{raw}"')) if "\\" in raw else raw


def nodes_of_study(study: dict[str, Any], nct: str, joins: Joins) -> dict[str, Node]:
    """The nodes of a study record. Raises Refused for what is no such record."""

    def build(one: dict[str, Any], _: list[Problem]) -> RecordNodes:
        """Map a study into nodes."""
        record = RecordNodes(nct, joins)
        map_parts(record, one)
        return record

    record = repairing(study, build)
    return {subject[1:-1]: node for subject, node in record.nodes.items()}
