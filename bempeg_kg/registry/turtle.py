"""N-Quads of a record as Turtle, made from the text: no statement becomes an object on the way.

The importer knows its own N-Quads: one statement a line, those of a subject one after another, no blank
nodes, a graph on each line. So a line is cut at its first two spaces, and its IRIs are shortened by a table.

>>> lines = '<https://w3id.org/bempeg-kg/trial/a> <https://w3id.org/bempeg-kg/ontology#nct> "N" <g> .\\n'
>>> Turtle(Names()).of(lines)
Block(text='trial:a kg:nct "N" .\\n\\n', prefixes=('kg', 'trial'))
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bempeg_kg.rdf.names import STANDARDS, Names
from bempeg_kg.registry.record import SHARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_XSD = STANDARDS["xsd"]
_TYPE = f"<{STANDARDS['rdf']}type>"
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*").fullmatch
_IS_DECIMAL = re.compile(r"[+-]?\d*\.\d+", re.ASCII).fullmatch
_END = b"\0"


class Block(NamedTuple):
    """Turtle without the lines that declare its prefixes, and the prefixes that it uses."""

    text: str
    prefixes: tuple[str, ...]


class Turtle:
    """Writes N-Quads lines as Turtle with the prefixes of a programme."""

    def __init__(self, names: Names) -> None:
        self._spaces = {
            space: prefix for prefix, space in names.prefixes.items() if space.endswith(("/", "#"))
        }
        self.names = names
        # Of one record: most of its IRIs occur in no other, and the prefixes are those of what it holds.
        self._short: dict[str, str] = {}
        self._used: set[str] = set()

    def of(self, lines: str) -> Block:
        """The statements of lines of N-Quads, a block a subject; graphs are left out."""
        short: dict[str, str] = {}
        used: set[str] = set()
        self._short, self._used = short, used
        out: list[str] = []
        before = ""
        for line in lines.split("\n"):
            if not line:
                continue
            subject, predicate, rest = line.split(" ", 2)
            value = rest[: rest.rindex(" <")]
            if value[0] == "<":
                value = short.get(value) or self._iri(value)
            elif value[-1] == ">":
                value = _typed(value)
            predicate = short.get(predicate) or self._iri(predicate)
            if subject == before:
                out.append(f" ;\n    {predicate} {value}")
            else:
                before = subject
                out.append(f" .\n\n{short.get(subject) or self._iri(subject)} {predicate} {value}")
        text = "".join(out)[4:] + " .\n\n" if out else ""
        if "^^xsd:" in text:
            used.add("xsd")
        return Block(text, tuple(sorted(used)))

    def packed(self, body: bytes) -> bytes:
        """The N-Quads of a record as its Turtle, its prefixes, and the N-Quads of what records share.

        `unpacked` takes it apart. No text of a record holds the zero byte that parts them.
        """
        own, shared = parted(body, self.names.base)
        block = self.of(own.decode())
        return _END.join((block.text.encode(), " ".join(block.prefixes).encode(), shared))

    def unpacked(self, body: bytes) -> tuple[Block, bytes]:
        """A record as Turtle and the N-Quads of what records share, whether or not it was packed."""
        if _END not in body:
            body = self.packed(body)
        text, prefixes, shared = body.split(_END)
        return Block(text.decode(), tuple(prefixes.decode().split())), shared

    def head(self, used: Iterable[str]) -> str:
        """The lines that declare prefixes, and a blank one."""
        return (
            "".join(f"@prefix {prefix}: <{self.names.prefixes[prefix]}> .\n" for prefix in sorted(used))
            + "\n"
        )

    def _iri(self, written: str) -> str:
        iri = written[1:-1]
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix, local = self._spaces.get(iri[:end]), iri[end:]
        shortened = written
        if written == _TYPE:
            shortened = "a"
        elif prefix and _LOCAL(local):
            shortened = f"{prefix}:{local}"
            self._used.add(prefix)
        self._short[written] = shortened
        return shortened


def parted(body: bytes, base: str) -> tuple[bytes, bytes]:
    """The statements of a record: those of its own graph, and after them those that records share.

    >>> shared = b'<a> <b> "d" <https://x/data/trials/registry-entities.ttl> .\\n'
    >>> parted(b'<a> <b> "c" <g> .\\n' + shared, "https://x/")[1] == shared
    True
    """
    place = body.find(f" <{base}{SHARED}> .\n".encode())
    if place < 0:
        return body, b""
    start = body.rfind(b"\n", 0, place) + 1
    return body[:start], body[start:]


def _typed(value: str) -> str:
    """A typed literal, bare where Turtle has a form for it that keeps its digits.

    >>> _typed(f'"3.10"^^<{_XSD}decimal>'), _typed(f'"3"^^<{_XSD}decimal>'), _typed(f'"3"^^<{_XSD}integer>')
    ('3.10', '"3"^^xsd:decimal', '3')
    """
    lexical, _, datatype = value.rpartition("^^")
    if not datatype.startswith(f"<{_XSD}"):
        return value
    name, bare = datatype[len(_XSD) + 1 : -1], lexical[1:-1]
    if name in ("integer", "boolean") or (name == "decimal" and _IS_DECIMAL(bare)):
        return bare
    return f"{lexical}^^xsd:{name}"
