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


#: Classes of the nodes that one trial is read by.
_OF_A_TRIAL = ("Result", "AdverseEventResult", "Contrast", "AnalysisSet", "AnalysisGroup", "Arm")
#: Those of them of which a trial has few.
_AROUND = ("Contrast", "AnalysisSet", "AnalysisGroup", "Arm")
#: Properties that nothing reads of them: many, since they stand on every result.
_UNREAD = (
    "kg:shown kg:denominatorShown kg:lowerShown kg:upperShown kg:sizeShown kg:doseShown kg:condition "
    "kg:firstPublicEarliest kg:firstPublicLatest kg:dataCutEarliest kg:dataCutLatest kg:eventCount "
    "kg:statisticPrinted kg:dispersionTypePrinted kg:groupsPrinted kg:valueStatus prov:wasDerivedFrom"
).replace(" ", ", ")


def nodes_of(engine: Engine, classes: Sequence[str]) -> dict[str, Node]:
    """All instances of classes of the vocabulary: IRI -> property name -> values, in order."""
    named = " ".join(f"<{VOCAB}{name}>" for name in classes)
    # each node once: one of a class is of those above it as well
    chosen = f"SELECT DISTINCT ?s {{ VALUES ?class {{ {named} }} ?s a ?class }}"
    return _nodes(engine, f"SELECT ?s ?p ?o WHERE {{ {{ {chosen} }} ?s ?p ?o }}")


def nodes_of_trial(engine: Engine, trial: str) -> dict[str, dict[str, Node]]:
    """Results, contrasts, sets, groups and arms of a trial in one reading: class -> nodes."""
    wanted = ", ".join(f"<{VOCAB}{name}>" for name in _OF_A_TRIAL)
    query = f"""SELECT ?s ?p ?o WHERE {{ ?s <{VOCAB}trial> {NamedNode(trial)} ; ?p ?o
        FILTER(?p NOT IN ({_UNREAD})) FILTER(?p != rdf:type || ?o IN ({wanted})) }}"""
    return _by_class(_nodes(engine, query))


def nodes_around(
    engine: Engine, statements: Iterable[str], trials: Iterable[str]
) -> dict[str, dict[str, Node]]:
    """Some results and contrasts, and the contrasts, sets, groups and arms of some trials: class -> nodes.

    Of results, of which a trial of a registry has thousands, only those and what they compare are read.
    """
    listed = " ".join(str(NamedNode(trial)) for trial in trials)
    wanted = ", ".join(f"<{VOCAB}{name}>" for name in _AROUND)
    query = f"""SELECT ?s ?p ?o WHERE {{
        {{ SELECT DISTINCT ?s WHERE {{ VALUES ?trial {{ {listed} }}
            ?s <{VOCAB}trial> ?trial . ?s a ?class . FILTER(?class IN ({wanted})) }} }} ?s ?p ?o }}"""
    named = nodes_at(engine, statements)
    compared = {
        iri
        for node in named.values()
        for name in ("comparedResult", "referenceResult")
        for iri in texts(node, name)
    }
    found = _nodes(engine, query) if listed else {}
    return _by_class({**named, **nodes_at(engine, compared - named.keys()), **found})


def _by_class(nodes: dict[str, Node]) -> dict[str, dict[str, Node]]:
    by_class: dict[str, dict[str, Node]] = {name: {} for name in _OF_A_TRIAL}
    for iri, node in nodes.items():
        for name in map(last_part, node.get("type", ())):
            if name in by_class:
                by_class[name][iri] = node
    return by_class


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
