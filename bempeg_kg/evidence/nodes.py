"""Nodes of a graph as dictionaries, and their values as text and numbers."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

from pyoxigraph import NamedNode

from bempeg_kg.engines.engine import Engine
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.table import Term

#: Values of a node by property: terms, or their texts.
Node = dict[str, list[Term | str]]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def nodes_of(engine: Engine, classes: Sequence[str], trial: str = "") -> dict[str, Node]:
    """All instances of classes of the vocabulary: IRI -> property name -> values, in order.

    `trial`: only those that state this trial.
    """
    named = [f"<{VOCAB}{name}>" for name in classes]
    # Of one trial, its nodes come first: a VALUES block makes engines read all instances of the classes.
    chosen = (
        f"?s <{VOCAB}trial> {NamedNode(trial)} ; a ?class FILTER(?class IN ({', '.join(named)}))"
        if trial
        else f"VALUES ?class {{ {' '.join(named)} }} ?s a ?class"
    )
    # each node once: one of a class is of those above it as well
    return _nodes(engine, f"SELECT ?s ?p ?o WHERE {{ {{ SELECT DISTINCT ?s {{ {chosen} }} }} ?s ?p ?o }}")


def nodes_at(engine: Engine, iris: Iterable[str]) -> dict[str, Node]:
    """The nodes of some IRIs, as `nodes_of` gives them; one of which nothing is stated is left out."""
    listed = " ".join(str(NamedNode(iri)) for iri in iris)
    return _nodes(engine, f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {listed} }} ?s ?p ?o }}") if listed else {}


def _nodes(engine: Engine, query: str) -> dict[str, Node]:
    answer = engine.query(query)
    nodes: dict[str, Node] = {}
    names: dict[str, str] = {}
    for subject, predicate, value in getattr(answer, "rows", ()):
        property_iri = predicate.value
        name = names.get(property_iri) or names.setdefault(property_iri, last_part(predicate))
        values = nodes.setdefault(subject.value, {}).setdefault(name, [])
        if value not in values:
            values.append(value)
    # Sorted here: an engine sorts every row, and all but a few properties have one value.
    for node in nodes.values():
        for values in node.values():
            if len(values) > 1:
                values.sort(key=str)
    return dict(sorted(nodes.items()))


def last_part(term: Term | str) -> str:
    """What stands after the last / or # of an IRI."""
    return _last_part(str(getattr(term, "value", term)))


@lru_cache(1 << 14)
def _last_part(text: str) -> str:
    return text.rstrip("/#").replace("#", "/").rpartition("/")[2]


def texts(node: Node, name: str) -> tuple[str, ...]:
    """All values of a property as text (IRIs whole)."""
    values = node.get(name)
    return tuple([str(getattr(term, "value", term)) for term in values]) if values else ()


def text(node: Node, name: str) -> str:
    """The first value of a property as text, or "" if there is none."""
    values = node.get(name)
    return str(getattr(values[0], "value", values[0])) if values else ""


def code(node: Node, name: str) -> str:
    """The last part of the first value of a property, or ""."""
    values = node.get(name)
    return last_part(values[0]) if values else ""


def whole(node: Node, name: str) -> int | None:
    """The first value of a property as a whole number; None if there is none or it is not one."""
    value = decimal(node, name)
    return int(value) if value is not None and value.is_integer() else None


def decimal(node: Node, name: str) -> float | None:
    """The first value of a property as a finite number; None if there is none or it is not one.

    What is not a number is left to `check`: one wrong value must not end an answer about the others.
    """
    try:
        value = float(text(node, name))
    except ValueError:
        return None
    return value if isfinite(value) else None


def sources_of(node: Node) -> tuple[str, ...]:
    """The sources of a statement, the one to cite first in front."""
    first = texts(node, "source")
    return first + tuple(one for one in texts(node, "derivedFrom") if one not in first)
