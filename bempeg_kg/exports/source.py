"""What an exporter reads from: statements by subject, with a note of which of them have been carried over."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from bempeg_kg.rdf.names import STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    Value = NamedNode | BlankNode | Literal

_RDFS = STANDARDS["rdfs"]


class Source:
    """The union of a graph's statements. `take` marks what it gives as carried, `peek` does not.

    Properties and classes are written as CURIEs of the declared prefixes.
    """

    def __init__(self, quads: Iterable[Quad], names: Names) -> None:
        self.names = names
        self._by_subject: dict[str, dict[str, list[Value]]] = {}
        self._taken: set[tuple[str, str, Value]] = set()
        self._graphs: dict[tuple[str, str, Value], str] = {}
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | BlankNode | Literal):
                key = (subject.value, quad.predicate.value, value)
                if key not in self._graphs:
                    self._graphs[key] = getattr(quad.graph_name, "value", "")
                    by_property = self._by_subject.setdefault(subject.value, {})
                    by_property.setdefault(quad.predicate.value, []).append(value)
        for by_property in self._by_subject.values():
            for values in by_property.values():
                values.sort(key=str)

    def peek(self, subject: str, curie: str) -> list[str]:
        """Values of a property, sorted: IRIs and the text of literals."""
        values = self._by_subject.get(subject, {}).get(self.names.expand(curie), [])
        return [value.value for value in values]

    def take(self, subject: str, curie: str) -> list[str]:
        """Values of a property, marked as carried."""
        predicate = self.names.expand(curie)
        for value in self._by_subject.get(subject, {}).get(predicate, []):
            self._taken.add((subject, predicate, value))
        return self.peek(subject, curie)

    def one(self, subject: str, curie: str) -> str:
        """The first value of a property, taken, or an empty text."""
        return next(iter(self.take(subject, curie)), "")

    def terms(self, subject: str, curie: str) -> list[Value]:
        """Values of a property as terms, marked as carried."""
        self.take(subject, curie)
        return self._by_subject.get(subject, {}).get(self.names.expand(curie), [])

    def properties(self, subject: str) -> list[str]:
        """CURIEs of the properties that a subject has, sorted."""
        return sorted(map(self.names.shorten, self._by_subject.get(subject, {})))

    def subjects(self, curie: str) -> list[str]:
        """IRIs that have a property, sorted."""
        predicate = self.names.expand(curie)
        return sorted(
            subject for subject, by_property in self._by_subject.items() if predicate in by_property
        )

    def label(self, subject: str) -> str:
        """A label, without marking it."""
        return next(iter(self.peek(subject, "rdfs:label")), "")

    def kinds(self, subject: str) -> list[str]:
        """Classes of a subject, sorted, without those above them."""
        classes = self.peek(subject, "rdf:type")
        above: set[str] = set()
        waiting = list(classes)
        while waiting:
            parents = set(self.peek(waiting.pop(), "rdfs:subClassOf")) - above
            above |= parents
            waiting += parents
        return [cls for cls in classes if cls not in above]

    def of_class(self, curie: str) -> list[str]:
        """IRIs of this programme with a class or a subclass of it, sorted."""
        wanted = self.subclasses(curie)
        rdf_type = STANDARDS["rdf"] + "type"
        return sorted(
            subject
            for subject, by_property in self._by_subject.items()
            if subject.startswith(self.names.base)
            and any(value.value in wanted for value in by_property.get(rdf_type, []))
        )

    def subclasses(self, curie: str) -> set[str]:
        """IRIs of a class and of all classes below it."""
        classes = {self.names.expand(curie)}
        grown = True
        while grown:
            below = {
                subject
                for subject, by_property in self._by_subject.items()
                if any(value.value in classes for value in by_property.get(_RDFS + "subClassOf", []))
            }
            grown = not below <= classes
            classes |= below
        return classes

    def losses(self) -> list[tuple[str, str, int, int]]:
        """(part of the dataset, property, statements, statements carried) for what was not carried whole."""
        counts: dict[tuple[str, str], list[int]] = {}
        for key, graph in self._graphs.items():
            place = (self._part(graph), self.names.shorten(key[1]))
            count = counts.setdefault(place, [0, 0])
            count[0] += 1
            count[1] += key in self._taken
        return [(*place, total, kept) for place, (total, kept) in sorted(counts.items()) if kept < total]

    @property
    def size(self) -> tuple[int, int]:
        """(statements, statements carried)."""
        return len(self._graphs), len(self._taken)

    def _part(self, graph: str) -> str:
        rest = graph.removeprefix(self.names.base)
        if rest.endswith("#kinds") or rest.startswith("derived/"):
            return "derived"
        for part in ("ontology/terms", "ontology", "data/mappings", "data"):
            if rest.startswith(part):
                return part
        return "other"
