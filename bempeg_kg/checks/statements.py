"""What the files of a content state, node by node, without holding a whole registry in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Quad

from bempeg_kg.checks.constraints import Properties, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_BELOW = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
#: Marks a node that more than one file describes.
_SEVERAL = -1


class File(NamedTuple):
    """A file that the check reads: its graph, its statements, and whether shapes look at them."""

    graph: str
    parse: Callable[[], Iterable[Quad]]
    stated: bool


class Node(NamedTuple):
    """A node with all that the stated files say of it, and the graph in which it is described."""

    term: Term
    key: str
    properties: Properties
    graph: str


class Statements:
    """The files, read twice: for the classes of every node, then node by node."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files = files
        #: the classes that nodes have, each combination once; a node holds its place in the list
        self.kinds: list[frozenset[str]] = []
        self._kind_of: dict[str, int] = {}
        self._home: dict[str, int] = {}
        self._places: dict[frozenset[str], int] = {}
        self._below: dict[str, set[str]] = {}
        self._read_classes()

    def kind(self, key: str) -> int | None:
        """The place in `kinds` of the classes of a node and those above them; None if it has none."""
        return self._kind_of.get(key)

    def described(self, key: str) -> bool:
        """Whether any file says anything of a node."""
        return key in self._home

    def nodes(self) -> Iterator[Node]:
        """Every node of the stated files; those that several files describe come last."""
        several: dict[str, Node] = {}
        for file in self._files:
            for node in self._of_file(file) if file.stated else ():
                if self._home.get(node.key) != _SEVERAL:
                    yield node
                elif known := several.get(node.key):
                    _merge(known.properties, node.properties)
                else:
                    several[node.key] = node
        yield from several.values()

    def _of_file(self, file: File) -> list[Node]:
        nodes = _grouped(file)
        for node in nodes:
            if isinstance(node.term, BlankNode):  # which has another label at each reading
                self._home[node.key] = 0
                self._set_kind(node.key, {key_of(one) for one in node.properties.get(TYPE, ())})
        return nodes

    def _read_classes(self) -> None:
        below: dict[str, set[str]] = {}
        classes: dict[str, set[str]] = {}
        for number, file in enumerate(self._files):
            last = ""
            for quad in file.parse():
                key = key_of(quad.subject)
                if key != last:
                    self._home[key] = number if self._home.get(key, number) == number else _SEVERAL
                    last = key
                predicate = quad.predicate.value
                if predicate == TYPE:
                    classes.setdefault(key, set()).add(key_of(quad.object))
                elif predicate == _BELOW:
                    below.setdefault(key, set()).add(key_of(quad.object))
        self._below = below
        for key, stated in classes.items():
            self._set_kind(key, stated)

    def _set_kind(self, key: str, stated: set[str]) -> None:
        kind = frozenset(stated)
        if kind and kind not in self._places:
            self._places[kind] = len(self.kinds)
            self.kinds.append(frozenset(above for name in kind for above in _closure(name, self._below)))
        if kind:
            self._kind_of[key] = self._places[kind]


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


def _grouped(file: File) -> list[Node]:
    nodes: dict[str, Node] = {}
    node: Node | None = None
    for quad in file.parse():
        key = key_of(quad.subject)
        if node is None or key != node.key:
            if key not in nodes:
                nodes[key] = Node(quad.subject, key, {}, file.graph)  # type: ignore[arg-type]
            node = nodes[key]
        values = node.properties.setdefault(quad.predicate.value, [])
        if quad.object not in values:
            values.append(quad.object)  # type: ignore[arg-type]
    return list(nodes.values())


def _merge(known: Properties, more: Properties) -> None:
    for name, values in more.items():
        held = known.setdefault(name, [])
        held += [value for value in values if value not in held]
