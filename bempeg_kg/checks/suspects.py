"""Nodes that a rule may find, picked while the files of a large content are read.

Over millions of statements some rules take a query most of a minute. Here each is asked of one node at a
time, with what its file says: `look` picks every node that the rule could find, and the query then runs over
those alone. So the query stays what the rule means, and picking too many costs time only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from bempeg_kg.checks.constraints import Properties, Term
from bempeg_kg.checks.statements import TYPE, Kind, Kinds, Node, key_of
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.rdf.names import STANDARDS, VOCAB
from bempeg_kg.rdf.table import Table

#: The nodes of a file by their keys.
Here = Mapping[str, Node]

#: Links to parts of the same trial; the rule `part-of-another-trial` lists them.
PARTS = (
    "analysisSet", "arm", "cohort", "comparedGroup", "comparedResult", "disjointFromSet", "group",
    "intervention", "overlapsSet", "referenceGroup", "referenceResult", "subsetOf", "supersedes",
)  # fmt: skip
_PRINTED = {
    "value": "printed", "lower": "lowerPrinted", "upper": "upperPrinted", "pValue": "pPrinted",
    "dose": "dosePrinted", "followUpMonths": "followUpPrinted",
}  # fmt: skip
_PUBLISHED = frozenset(
    VOCAB + name for name in ("CongressAbstract", "Filing", "JournalArticle", "KnowledgeBase")
)
_RECORD = frozenset([VOCAB + "RegistryRecord"])
_XSD = STANDARDS["xsd"]
_READABLE = {
    _XSD + "integer": re.compile(r"[+-]?\d{1,18}").fullmatch,
    _XSD + "decimal": re.compile(r"[+-]?(?=[\d.]*\d)\d{0,9}(\.\d{0,9})?").fullmatch,
    _XSD + "boolean": re.compile(r"true|false|1|0").fullmatch,
}
_SIGNS = re.compile(r"[pP<>=≤≥~%\s]")
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TRIAL = VOCAB + "trial"
#: Rules that are asked of what was picked alone, and the variable that it stands for.
PICKED = {
    "basis-above-sources": "node",
    "denominator-not-size-of-set": "node",
    "disjoint-classes": "node",
    "functional-property": "node",
    "literal-for-node": "node",
    "literal-of-wrong-type": "node",
    "pair-result-of-another-trial": "node",
    "part-of-another-trial": "node",
    "printed-form-differs": "node",
    "set-of-another-group": "node",
    "shared-label": "label",
    "undeclared-term": "term",
    "verification-contradicts-basis": "node",
}  # fmt: skip


class Suspects:
    """Picks, by rule, the terms that its query is then asked of."""

    def __init__(self, engine: Embedded, kinds: Kinds) -> None:
        self._kinds = kinds
        self._functional = _subjects(engine, "?s a owl:FunctionalProperty")
        self._of_nodes = _subjects(engine, "?s a owl:ObjectProperty")
        self._of_texts = _subjects(engine, "?s a owl:DatatypeProperty")
        self._ranges = _pairs(engine, "?s a owl:DatatypeProperty ; rdfs:range ?o")
        self._disjoint = _pairs(
            engine, "?all a owl:AllDisjointClasses ; owl:members ?s . ?s rdf:rest*/rdf:first ?o"
        )
        self._declared: dict[str, bool] = {}
        self._right_types: dict[tuple[str, str], bool] = {}
        self._apart: dict[Kind, bool] = {}
        self._by_names: dict[tuple[str, ...], list[tuple[str, Callable[[Node, Here], bool]]]] = {}
        self.picked: dict[str, set[Term]] = {rule: set() for rule in PICKED}

    def look(self, node: Node, here: Here) -> None:
        """Pick a node for each rule that could find it, given the nodes of its file."""
        for rule, may_be_wrong in self._rules(tuple(node.properties)):
            if may_be_wrong(node, here):
                self.picked[rule].add(node.term)
        for name, values in node.properties.items():
            for value in values:
                self._look_at(node, name, value)

    def look_at_labels(self, nodes: Mapping[str, Node]) -> None:
        """Pick the labels that two nodes of one class, in one trial or in none, share."""
        by_label: dict[tuple[Term, tuple[Term, ...]], list[Node]] = {}
        for node in nodes.values():
            trials = tuple(sorted(node.properties.get(_TRIAL, ()), key=str))
            for label in node.properties.get(_LABEL, ()):
                by_label.setdefault((label, trials), []).append(node)
        for (label, _), alike in by_label.items():
            if len(alike) > 1 and self._share_a_class(alike):
                self.picked["shared-label"].add(label)

    def _share_a_class(self, nodes: list[Node]) -> bool:
        seen: set[str] = set()
        for node in nodes:
            kind = {name for name in self._kinds.of_node(node) if name.startswith(VOCAB)}
            stated = set(map(key_of, node.properties.get(TYPE, ())))
            if not seen.isdisjoint(stated) or not seen.isdisjoint(kind):
                return True
            seen |= stated
        return False

    def _rules(self, names: tuple[str, ...]) -> list[tuple[str, Callable[[Node, Here], bool]]]:
        """The rules that nodes with these properties can break."""
        rules = self._by_names.get(names)
        if rules is None:
            held = {name.removeprefix(VOCAB) for name in names if name.startswith(VOCAB)}
            tests: list[tuple[str, bool, Callable[[Node, Here], bool]]] = [
                ("functional-property", not self._functional.isdisjoint(names), self._has_two_values),
                ("disjoint-classes", TYPE in names, self._is_in_disjoint_classes),
                ("part-of-another-trial", "trial" in held and not held.isdisjoint(PARTS), _has_foreign_part),
                ("set-of-another-group", held >= {"group", "analysisSet"}, _has_foreign_set),
                ("denominator-not-size-of-set", held >= {"denominator", "analysisSet"}, _denominator_differs),
                ("basis-above-sources", "basis" in held, self._basis_is_high),
                ("verification-contradicts-basis", held >= {"basis", "verification"}, _is_seen_otherwise),
                ("printed-form-differs", not held.isdisjoint(_PRINTED), _is_printed_otherwise),
                ("pair-result-of-another-trial", not held.isdisjoint(("earlyTrial", "lateTrial")), _always),
            ]
            rules = [(rule, test) for rule, applies, test in tests if applies]
            self._by_names[names] = rules
        return rules

    def _look_at(self, node: Node, name: str, value: Term) -> None:
        if not self._is_declared(name):
            self.picked["undeclared-term"].add(NamedNode(name))
        if isinstance(value, Literal):
            if name in self._of_nodes:
                self.picked["literal-for-node"].add(node.term)
            if name in self._ranges and not self._is_right(name, value):
                self.picked["literal-of-wrong-type"].add(node.term)
            return
        if name in self._of_texts:
            self.picked["literal-for-node"].add(node.term)
        if isinstance(value, NamedNode) and not self._is_declared(value.value):
            self.picked["undeclared-term"].add(value)

    def _is_declared(self, term: str) -> bool:
        if not term.startswith(VOCAB) or term == VOCAB:
            return True
        known = self._declared.get(term)
        if known is None:
            known = self._declared[term] = self._kinds.is_typed(term)
        return known

    def _is_right(self, name: str, value: Literal) -> bool:
        datatype = value.datatype.value
        right = self._right_types.get((name, datatype))
        if right is None:
            expected = self._ranges[name]
            right = expected == {datatype} or (
                datatype == _XSD + "integer" and expected == {_XSD + "decimal"}
            )
            self._right_types[name, datatype] = right
        readable = _READABLE.get(datatype)
        return right and (readable is None or readable(value.value) is not None)

    def _has_two_values(self, node: Node, _here: Here) -> bool:
        return any(len(values) > 1 and name in self._functional for name, values in node.properties.items())

    def _is_in_disjoint_classes(self, node: Node, _here: Here) -> bool:
        kind = self._kinds.of_node(node)
        apart = self._apart.get(kind)
        if apart is None:
            apart = self._apart[kind] = any(len(kind & members) > 1 for members in self._disjoint.values())
        return apart

    def _basis_is_high(self, node: Node, here: Here) -> bool:
        bases = {one.value.removeprefix(VOCAB) for one in node.properties[VOCAB + "basis"]}
        wanted = [kind for basis, kind in (("primary", _PUBLISHED), ("registry", _RECORD)) if basis in bases]
        if not wanted:
            return False
        kinds = [self._kind_of_source(one, here) for one in sources_of(node.properties)]
        return any(all(kind.isdisjoint(classes) for kind in kinds) for classes in wanted)

    def _kind_of_source(self, source: Term, here: Here) -> Kind:
        known = here.get(key_of(source))
        return (self._kinds.of_node(known) if known else None) or self._kinds.stored(key_of(source))


def sources_of(properties: Properties) -> list[Term]:
    """The sources of a node, those that are derived included."""
    names = (VOCAB + "derivedFrom", VOCAB + "source", STANDARDS["prov"] + "wasDerivedFrom")
    return [one for name in names for one in properties.get(name, ())]


def _always(_node: Node, _here: Here) -> bool:
    return True


def _has_foreign_part(node: Node, here: Here) -> bool:
    trials = node.properties[_TRIAL]
    for name in PARTS:
        for part in node.properties.get(VOCAB + name, ()):
            known = here.get(key_of(part))
            if known is None or known.properties.get(_TRIAL, trials) != trials:
                return True
    return False


def _has_foreign_set(node: Node, here: Here) -> bool:
    groups = node.properties[VOCAB + "group"]
    sets = (here.get(key_of(one)) for one in node.properties[VOCAB + "analysisSet"])
    return any(one is None or one.properties.get(VOCAB + "group", groups) != groups for one in sets)


def _denominator_differs(node: Node, here: Here) -> bool:
    denominators = node.properties[VOCAB + "denominator"]
    sets = (here.get(key_of(one)) for one in node.properties[VOCAB + "analysisSet"])
    return any(
        one is None or one.properties.get(VOCAB + "size", denominators) != denominators for one in sets
    )


def _is_seen_otherwise(node: Node, _here: Here) -> bool:
    def has(name: str, value: str) -> bool:
        """Whether the node has this term of the vocabulary under a property."""
        return any(one.value == VOCAB + value for one in node.properties[VOCAB + name])

    return has("basis", "seed") != has("verification", "seedOnly") or (
        has("basis", "derived") != has("verification", "curatorInference")
    )


def _is_printed_otherwise(node: Node, _here: Here) -> bool:
    for name, printed in _PRINTED.items():
        numbers = node.properties.get(VOCAB + name, ())
        texts = node.properties.get(VOCAB + printed, ())
        if any(not _is_printed_as(number.value, text.value) for number in numbers for text in texts):
            return True
    return False


def _is_printed_as(number: str, text: str) -> bool:
    if number == text:
        return True
    try:
        return Decimal(number) == Decimal(_SIGNS.sub("", text).replace(",", ""))
    except InvalidOperation:
        return False


def _subjects(engine: Embedded, pattern: str) -> frozenset[str]:
    return frozenset(_pairs(engine, f"{pattern} BIND(?s AS ?o)"))


def _pairs(engine: Embedded, pattern: str) -> dict[str, set[str]]:
    """What stands for ?s in a pattern over the vocabulary -> what stands for ?o."""
    table = engine.query(f"SELECT ?s ?o {{ {pattern} }}")
    assert isinstance(table, Table)
    pairs: dict[str, set[str]] = {}
    for subject, value in table.rows:
        pairs.setdefault(key_of(subject), set()).add(key_of(value))
    return pairs
