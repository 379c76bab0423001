"""DCAT and VoID: what the dataset is, how big by file, class and property, and what it links to outside."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode, Quad

from bempeg_kg.rdf.dump import dump
from bempeg_kg.rdf.names import EXTERNAL, STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import BlankNode, Triple

    Node = NamedNode | BlankNode | Triple
    Statement = tuple[Node, NamedNode, Node | Literal]

#: Name, under the base, of the graph in which an endpoint holds the counts.
GRAPH = ".well-known/void"
_TYPE = NamedNode(STANDARDS["rdf"] + "type")
_SKOS = STANDARDS["skos"]
_VOID = STANDARDS["void"]
_DCTERMS = STANDARDS["dcterms"]
_MATCHES = ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")
#: Classes that DCAT-AP asks of a dataset's values, which a harvester does not look up elsewhere.
_CLASSES = {
    _DCTERMS + "conformsTo": _DCTERMS + "Standard",
    _DCTERMS + "language": _DCTERMS + "LinguisticSystem",
    STANDARDS["dcat"] + "theme": _SKOS + "Concept",
}
#: Themes of the EU's authority table, which a concept of DCAT-AP has to name.
_THEMES = {"http://publications.europa.eu/resource/authority/data-theme/HEAL": "Health"}
#: Properties of a file: its title, licence, release and origin.
_OF_FILES = frozenset(
    (
        *(_DCTERMS + name for name in ("title", "description", "license", "source")),
        STANDARDS["owl"] + "versionInfo",
        STANDARDS["foaf"] + "homepage",
        _SKOS + "historyNote",
    )
)


def write(quads: Sequence[Quad], names: Names, dataset: str, stated: Iterable[Quad]) -> dict[str, bytes]:
    """`void.ttl`, which fits DCAT-AP 3: the catalogue's statements (`stated`), and counts of everything."""
    statements = [Quad(quad.subject, quad.predicate, quad.object) for quad in stated]
    for quad in tuple(statements):
        value = quad.object
        if quad.predicate.value in _CLASSES and isinstance(value, NamedNode):
            statements.append(Quad(value, _TYPE, NamedNode(_CLASSES[quad.predicate.value])))
            if value.value in _THEMES:
                name = Literal(_THEMES[value.value], language="en")
                statements.append(Quad(value, NamedNode(_SKOS + "prefLabel"), name))
    statements += [Quad(*statement) for statement in describe(quads, names, dataset)]
    return {"void.ttl": dump(statements, "ttl", names)}


def describe(quads: Sequence[Quad], names: Names, dataset: str) -> Iterator[Statement]:
    """Statements with the counts of a dataset: whole, by class, by property, by file, and its linksets."""
    union = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    whole = NamedNode(dataset)
    classes = Counter(o.value for _, p, o in union if p == _TYPE and isinstance(o, NamedNode))
    properties = Counter(p.value for _, p, _ in union)
    counts = {
        "triples": len(union),
        "distinctSubjects": len({s for s, _, _ in union}),
        "distinctObjects": len({o for _, _, o in union}),
        "properties": len(properties),
        "classes": len(classes),
        "entities": len({s for s, p, _ in union if p == _TYPE and _ours(s, names)}),
    }
    for name, number in counts.items():
        yield whole, _void(name), Literal(number)
    for kind, counted, void_property in (
        ("class", classes, "entities"),
        ("property", properties, "triples"),
    ):
        for iri, number in counted.items():
            part = _part(names, kind, iri)
            yield whole, _void(f"{kind}Partition"), part
            yield part, _void(kind), NamedNode(iri)
            yield part, _void(void_property), Literal(number)
    yield from _uses(union, names)
    yield from _files(quads, whole)
    yield from _linksets(union, names, whole)


def _uses(union: set[Statement], names: Names) -> Iterator[Statement]:
    """Which properties the nodes of a class have, and of which classes their values are."""
    classes: dict[object, list[str]] = {}
    for subject, predicate, target in union:
        if predicate == _TYPE and isinstance(target, NamedNode) and _ours(subject, names):
            classes.setdefault(subject, []).append(target.value)
    used: Counter[tuple[str, str]] = Counter()
    reached: set[tuple[str, str, str]] = set()
    for subject, predicate, target in union:
        for class_iri in classes.get(subject, ()):
            used[class_iri, predicate.value] += 1
            reached |= {(class_iri, predicate.value, other) for other in classes.get(target, ())}
    for (class_iri, name), number in used.items():
        part = _use(names, class_iri, name)
        yield _part(names, "class", class_iri), _void("propertyPartition"), part
        yield part, _void("property"), NamedNode(name)
        yield part, _void("triples"), Literal(number)
    for class_iri, name, other in reached:
        yield _use(names, class_iri, name), _void("classPartition"), _part(names, "class", other)


def _part(names: Names, kind: str, iri: str) -> NamedNode:
    """The IRI of a partition; made from the CURIE, so that it can be read."""
    return NamedNode(f"{names.base}void/{kind}/{names.shorten(iri).replace(':', '-')}")


def _use(names: Names, class_iri: str, name: str) -> NamedNode:
    local = names.shorten(name).replace(":", "-")
    return NamedNode(f"{_part(names, 'class', class_iri).value}/{local}")


def _files(quads: Sequence[Quad], whole: NamedNode) -> Iterator[Statement]:
    """Each file as a part: how many statements, and what it says of itself."""
    for graph, number in Counter(quad.graph_name for quad in quads).items():
        if isinstance(graph, NamedNode):
            yield whole, _void("subset"), graph
            yield graph, _TYPE, _void("Dataset")
            yield graph, _void("triples"), Literal(number)
    for quad in quads:
        if quad.subject == quad.graph_name and quad.predicate.value in _OF_FILES:
            yield quad.subject, quad.predicate, quad.object


def _linksets(union: set[Statement], names: Names, whole: NamedNode) -> Iterator[Statement]:
    """A linkset for each outside resource and kind of match."""
    links: Counter[tuple[str, str]] = Counter()
    for subject, predicate, target in union:
        match = predicate.value.removeprefix(_SKOS)
        own = isinstance(subject, NamedNode) and names.kind_of(subject.value)
        if own and match in _MATCHES and isinstance(target, NamedNode):
            prefix = names.shorten(target.value).partition(":")[0]
            links[prefix, match] += prefix in EXTERNAL
    for (prefix, match), number in links.items():
        if number:
            part = NamedNode(f"{names.base}void/linkset/{prefix}-{match}")
            yield whole, _void("subset"), part
            yield part, _TYPE, _void("Linkset")
            yield (
                part,
                NamedNode(_DCTERMS + "title"),
                Literal(f"Links to {prefix}, skos:{match}", language="en"),
            )
            yield part, _void("linkPredicate"), NamedNode(_SKOS + match)
            yield part, _void("subjectsTarget"), whole
            target = NamedNode(f"{STANDARDS['bioregistry']}{prefix.lower()}")
            yield part, _void("objectsTarget"), target
            yield part, _void("triples"), Literal(number)


def _ours(node: Node, names: Names) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(names.base)


def _void(name: str) -> NamedNode:
    return NamedNode(_VOID + name)
