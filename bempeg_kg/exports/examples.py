"""The library of questions as SHACL-SPARQL executables, in the shape that sib-swiss/sparql-examples uses.

An endpoint that holds them can be asked for its own questions, and the editors and language-model tools
made for that shape find them. Questions that compute are no SPARQL, and are left out.
"""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode, Quad

from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.dump import dump
from bempeg_kg.rdf.names import STANDARDS, Names
from bempeg_kg.rdf.sparql.text import shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Name, under the base, of the graph of the executables, as other endpoints call it.
GRAPH = ".well-known/sparql-examples"
_SH, _RDFS, _SCHEMA = STANDARDS["sh"], STANDARDS["rdfs"], STANDARDS["schema"]
_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
_TYPE = NamedNode(STANDARDS["rdf"] + "type")
_FORMS = {
    "SELECT": ("SPARQLSelectExecutable", _SH + "select"),
    "ASK": ("SPARQLAskExecutable", _SH + "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", _SH + "construct"),
    "DESCRIBE": ("SPARQLDescribeExecutable", _SPEX + "describe"),
}


def write(library: Library, names: Names, dataset: str) -> dict[str, bytes]:
    """`examples.ttl`."""
    plain = [
        Quad(quad.subject, quad.predicate, quad.object) for quad in example_quads(library, names, dataset)
    ]
    return {"examples.ttl": dump(plain, "ttl", names)}


def example_quads(library: Library, names: Names, dataset: str) -> list[Quad]:
    """An executable for each question that is SPARQL, and the declarations of the prefixes they use."""
    home = NamedNode(names.base + GRAPH)
    prefixes = NamedNode(f"{home.value}#prefixes")
    quads = list(_declarations(names, prefixes, home))
    for question in library:
        if question.sparql:
            quads += _executable(question, names, prefixes, home, dataset)
    return quads


def form_of(sparql: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE.

    >>> form_of("PREFIX a: <urn:ask#> # SELECT\\nASK { ?s ?p ?o }")
    'ASK'
    """
    match = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", shadow(sparql), re.IGNORECASE)
    return match[1].upper() if match else "SELECT"


def _executable(
    question: Question, names: Names, prefixes: NamedNode, home: NamedNode, dataset: str
) -> Iterator[Quad]:
    node = NamedNode(f"{home.value}/{question.name}")
    kind, text = _FORMS[form_of(question.sparql)]
    pairs: list[tuple[NamedNode, NamedNode | Literal]] = [
        (_TYPE, NamedNode(_SH + "SPARQLExecutable")),
        (_TYPE, NamedNode(_SH + kind)),
        (NamedNode(_RDFS + "comment"), Literal(question.summary, language="en")),
        (NamedNode(_SH + "prefixes"), prefixes),
        (NamedNode(text), Literal(_without_header(question.sparql))),
        (NamedNode(STANDARDS["void"] + "inDataset"), NamedNode(dataset)),
        *((NamedNode(_SCHEMA + "keywords"), Literal(tag)) for tag in question.tags),
        *(
            (NamedNode(_SPEX + "federatesWith"), NamedNode(service))
            for service in re.findall(r"(?i)\bSERVICE\s+(?:SILENT\s+)?<([^<>\s]+)>", question.sparql)
        ),
    ]
    if question.description:
        pairs.append(
            (NamedNode(STANDARDS["dcterms"] + "description"), Literal(question.description, language="en"))
        )
    for predicate, value in pairs:
        yield Quad(node, predicate, value, home)


def _without_header(sparql: str) -> str:
    return "".join(line for line in sparql.splitlines(keepends=True) if not line.startswith("#+"))


def _declarations(names: Names, prefixes: NamedNode, home: NamedNode) -> Iterator[Quad]:
    yield Quad(prefixes, _TYPE, NamedNode(STANDARDS["owl"] + "Ontology"), home)
    any_uri = NamedNode(STANDARDS["xsd"] + "anyURI")
    for prefix, namespace in sorted(names.prefixes.items()):
        node = NamedNode(f"{prefixes.value}-{prefix}")
        yield Quad(prefixes, NamedNode(_SH + "declare"), node, home)
        yield Quad(node, NamedNode(_SH + "prefix"), Literal(prefix), home)
        yield Quad(node, NamedNode(_SH + "namespace"), Literal(namespace, datatype=any_uri), home)
