"""What the files of a content state, node by node, and the classes of nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from bempeg_kg.checks.constraints import Properties, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_BELOW = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_TYPE = NamedNode(TYPE)
#: Classes with those above them.
Kind = frozenset[str]
NO_KIND: Kind = frozenset()


class File(NamedTuple):
    """A file that the check reads: its graph, its statements, and whether shapes look at them."""

    graph: str
    parse: Callable[[], Iterable[Quad]]
    stated: bool


class Node(NamedTuple):
    """A node with all that a file says of it, and the graph of the file."""

    term: Term
    key: str
    properties: Properties
    graph: str


class Kinds:
    """The classes of nodes, with those above them, as the files of a store state them.

    `left_out`: beginnings of the names of graphs that are no files, such as those of what is derived.
    """

    def __init__(self, store: Store, left_out: tuple[str, ...] = ()) -> None:
        self._store = store
        self._left_out = left_out
        self._below: dict[str, set[str]] = {}
        for quad in store.quads_for_pattern(None, _BELOW, None):
            self._below.setdefault(key_of(quad.subject), set()).add(key_of(quad.object))
        self._above: dict[frozenset[str], Kind] = {}
        self._stored: dict[str, Kind] = {}
        self._described: dict[str, bool] = {}

    def above(self, classes: frozenset[str]) -> Kind:
        """Some classes and all above them."""
        kind = self._above.get(classes)
        if kind is None:
            kind = frozenset(above for name in classes for above in _closure(name, self._below))
            self._above[classes] = kind
        return kind

    def of_node(self, node: Node) -> Kind:
        """The classes that the properties of a node state."""
        return self.above(frozenset(map(key_of, node.properties.get(TYPE, ()))))

    def stored(self, key: str) -> Kind:
        """The classes that any file states of a node; none of a blank node, whose label a store changes."""
        kind = self._stored.get(key)
        if kind is None:
            kind = self._stored[key] = NO_KIND if key.startswith("_:") else self.above(self._read(key))
        return kind

    def described(self, key: str) -> bool:
        """Whether anything is said of a node, be it in a mapping or derived."""
        known = self._described.get(key)
        if known is None:
            quads = self._store.quads_for_pattern(NamedNode(key), None, None)
            known = self._described[key] = next(iter(quads), None) is not None
        return known

    def is_typed(self, key: str) -> bool:
        """Whether a node is stated to be of any class."""
        return next(iter(self._store.quads_for_pattern(NamedNode(key), _TYPE, None)), None) is not None

    def _read(self, key: str) -> frozenset[str]:
        return frozenset(
            key_of(quad.object)
            for quad in self._store.quads_for_pattern(NamedNode(key), _TYPE, None)
            if not key_of(quad.graph_name).startswith(self._left_out)
        )


def nodes_of(file: File) -> dict[str, Node]:
    """The nodes of a file by their keys, in the order of the file."""
    nodes: dict[str, Node] = {}
    properties: Properties = {}
    last: Term | None = None
    for quad in file.parse():
        subject = quad.subject
        if subject != last:
            last = subject  # type: ignore[assignment]
            key = key_of(subject)
            node = nodes.get(key)
            if node is None:
                node = nodes[key] = Node(subject, key, {}, file.graph)  # type: ignore[arg-type]
            properties = node.properties
        name = quad.predicate.value
        values = properties.get(name)
        if values is None:
            properties[name] = [quad.object]  # type: ignore[list-item]
        elif quad.object not in values:
            values.append(quad.object)  # type: ignore[arg-type]
    return nodes


def merge(known: Properties, more: Properties) -> None:
    """Add the values of properties to others."""
    for name, values in more.items():
        held = known.setdefault(name, [])
        held += [value for value in values if value not in held]


def key_of(term: Term | object) -> str:
    """A node as text: its IRI, or `_:` and the label of a blank node."""
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def _closure(name: str, below: dict[str, set[str]]) -> frozenset[str]:
    """A class and all above it."""
    reached, waiting = {name}, [name]
    while waiting:
        for above in below.get(waiting.pop(), ()):
            if above not in reached:
                reached.add(above)
                waiting.append(above)
    return frozenset(reached)
