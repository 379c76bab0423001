"""The little that has to be known about a SPARQL text without parsing it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_OPAQUE = (
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\s]*>|#[^\n]*"
)
_UPDATE = r"(?i)\b(insert|delete|load|clear|drop|create|add|move|copy)\b"
_READ = r"(?i)\b(select|ask|construct|describe)\b"


def shadow(text: str) -> str:
    """The text with strings, IRIs and comments blanked, of the same length and with the same line breaks.

    >>> shadow("ASK { ?s ?p '{' } # done")
    'ASK { ?s ?p ___ }       '
    """

    def blank(found: re.Match[str]) -> str:
        mark = " " if found[0][0] == "#" else "_"
        return "".join("\n" if char == "\n" else mark for char in found[0])

    return re.sub(_OPAQUE, blank, text, flags=re.DOTALL)


def undeclared(text: str) -> list[str]:
    """Prefixes that a query uses and does not declare, sorted.

    >>> undeclared("PREFIX a: <urn:a> ASK { a:x b:y ?z . FILTER(?q = <urn:c>) }")
    ['b']
    """
    bare = shadow(text)
    declared = set(re.findall(r"(?i)\bprefix\s+([\w.-]*)\s*:", bare))
    used = set(re.findall(r"(?<![\w?$:.-])([A-Za-z][\w.-]*|(?=:)):", bare))
    return sorted(used - declared - {"", "_"})


def declare(text: str, prefixes: Mapping[str, str]) -> str:
    """The query with a PREFIX for each known prefix that it uses and does not declare.

    They stand before its first line without a line break, so that line numbers stay true.
    """
    wanted = [prefix for prefix in undeclared(text) if prefix in prefixes]
    return "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in wanted) + text


def calls_service(text: str) -> bool:
    """Whether a query asks an outside service."""
    return "service" in text.lower() and re.search(r"(?i)\bservice\b", shadow(text)) is not None


def names_graph(text: str) -> bool:
    """Whether a query says GRAPH or FROM, so that it matters which statement is in which graph."""
    return re.search(r"(?i)(?<![\w?$:-])(graph|from)(?![\w:-])", shadow(text)) is not None


def is_update(text: str) -> bool:
    """Whether a text is a SPARQL Update rather than a query."""
    bare = shadow(text)
    return re.search(_READ, bare) is None and re.search(_UPDATE, bare) is not None
