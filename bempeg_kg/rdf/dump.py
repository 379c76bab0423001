"""The dataset, or a part of it, in the RDF formats; the same bytes for the same statements.

Numbers keep the form in which they were written, so give it statements from the parser
(`KnowledgeGraph.quads`), not from a store.
"""

from __future__ import annotations

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from bempeg_kg.errors import UnknownName
from bempeg_kg.rdf.canonical import canonical, canonical_nquads
from bempeg_kg.rdf.jsonld import write
from bempeg_kg.rdf.names import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: Format name -> format; trig, nq and jsonld keep which file a statement is from, the others are one graph.
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}


def dump(quads: Iterable[Quad], form: str, names: Names) -> bytes:
    """Statements in a format of FORMATS. Raises UnknownName for another.

    >>> from bempeg_kg.content.parse import parse_text
    >>> from bempeg_kg.rdf.names import Names
    >>> dump(parse_text(b"<urn:a> <urn:p> 36.0 .", "urn:g"), "nq", Names())
    b'<urn:a> <urn:p> "36.0"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .\\n'
    """
    if form not in FORMATS:
        raise UnknownName("format", form, FORMATS)
    if form == "nq":
        return canonical_nquads(quads)
    ordered = sorted(canonical(quads), key=_order)
    if form == "jsonld":
        return write(ordered, names)
    if FORMATS[form].supports_datasets:
        return _written(ordered, form, names)
    union = dict.fromkeys(Triple(quad.subject, quad.predicate, quad.object) for quad in ordered)
    return _written(list(union), form, names)


def dump_triples(triples: Iterable[Triple], form: str, names: Names) -> bytes:
    """Triples in a format of FORMATS. Raises UnknownName for another."""
    return dump([Quad(*triple) for triple in triples], form, names)


def _order(quad: Quad) -> tuple[str, str, bool, str, str]:
    is_type = quad.predicate.value == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    return str(quad.graph_name), str(quad.subject), not is_type, str(quad.predicate), str(quad.object)


def _written(statements: list[Triple] | list[Quad], form: str, names: Names) -> bytes:
    text = "\n".join(map(str, statements))
    used = {prefix: namespace for prefix, namespace in names.prefixes.items() if f"<{namespace}" in text}
    return serialize(statements, format=FORMATS[form], prefixes=used) or b""
