"""JSON-LD that people can read: short names, CURIEs, and a context that says what each stands for.

A name whose values are all of one kind is typed in the context, so the value stands bare, in the form in
which it was written: ``"value": "36.0"`` is a decimal there and stays 36.0.
"""

from __future__ import annotations

import json

from pyoxigraph import BlankNode, Literal, NamedNode

from bempeg_kg.rdf.names import STANDARDS, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pyoxigraph import Quad

_TYPE = STANDARDS["rdf"] + "type"
_STRING = STANDARDS["xsd"] + "string"


def write(quads: Sequence[Quad], names: Names) -> bytes:
    """A JSON-LD document of the statements, in their order, a named graph a file."""
    kinds = _kinds(quads)
    terms = _terms(kinds, names)
    graphs: dict[str, dict[str, dict[str, Any]]] = {}
    for quad in quads:
        home = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        subject = _node(quad.subject, names)
        node = graphs.setdefault(home, {}).setdefault(subject, {"@id": subject})
        predicate = quad.predicate.value
        if predicate == _TYPE:
            key, value = "@type", _node(quad.object, names)
        else:
            key, value = terms[predicate], _value(quad.object, kinds[predicate], names)
        _append(node, key, value)
    listed = [{"@id": home, "@graph": list(nodes.values())} for home, nodes in graphs.items() if home]
    body = [*listed, *graphs.get("", {}).values()]
    context = _context(kinds, terms, names)
    text = json.dumps([context, body], ensure_ascii=False)
    used = {key: entry for key, entry in context.items() if key not in names.prefixes or f'"{key}:' in text}
    document = {"@context": used, "@graph": body}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _kinds(quads: Sequence[Quad]) -> dict[str, str]:
    """Property -> what all its values are: `@id`, a datatype, `@lang` with a language; empty if mixed."""
    kinds: dict[str, str] = {}
    for quad in quads:
        kind = _kind(quad.object)
        if kinds.setdefault(quad.predicate.value, kind) != kind:
            kinds[quad.predicate.value] = ""
    return kinds


def _kind(value: object) -> str:
    if not isinstance(value, Literal):
        return "@id"
    return f"@{value.language}" if value.language else value.datatype.value


def _terms(kinds: dict[str, str], names: Names) -> dict[str, str]:
    """Property -> its short name: the part behind the colon, or the CURIE where two would share it."""
    short = {predicate: names.shorten(predicate) for predicate in kinds}
    locals_ = [curie.partition(":")[2] for curie in short.values()]
    terms = {}
    for predicate, curie in short.items():
        local = curie.partition(":")[2]
        plain = local.isidentifier() and not curie.startswith("http") and locals_.count(local) == 1
        terms[predicate] = local if plain and local not in names.prefixes else curie
    return terms


def _context(kinds: dict[str, str], terms: dict[str, str], names: Names) -> dict[str, Any]:
    context: dict[str, Any] = {
        # JSON-LD 1.1 takes a namespace for a prefix by itself only if it ends in one of these
        prefix: space if space[-1] in ":/?#[]@" else {"@id": space, "@prefix": True}
        for prefix, space in names.prefixes.items()
    }
    for predicate, kind in sorted(kinds.items(), key=lambda item: terms[item[0]]):
        if predicate == _TYPE:
            continue
        entry: dict[str, str] = {"@id": names.shorten(predicate)}
        if kind.startswith("@") and kind != "@id":
            entry["@language"] = kind[1:]
        elif kind and kind != _STRING:
            entry["@type"] = kind if kind == "@id" else names.shorten(kind)
        if len(entry) > 1 or terms[predicate] != entry["@id"]:
            context[terms[predicate]] = entry
    return context


def _value(value: Any, kind: str, names: Names) -> Any:
    if not isinstance(value, Literal):
        node = _node(value, names)
        return node if kind == "@id" else {"@id": node}
    if kind == _kind(value) or (not kind and _kind(value) == _STRING):
        return value.value
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": names.shorten(value.datatype.value)}


def _node(value: Any, names: Names) -> str:
    if isinstance(value, BlankNode):
        return f"_:{value.value}"
    return names.shorten(value.value)


def _append(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]
