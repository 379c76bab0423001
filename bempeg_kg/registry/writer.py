"""What landed, written out: N-Quads, Turtle, or a folder of Turtle files. All or nothing, by rename."""

from __future__ import annotations

import os
import re
import sys
from functools import cache

from bempeg_kg.content.parse import parse_file
from bempeg_kg.content.writing import replacing, told
from bempeg_kg.errors import UsageError
from bempeg_kg.rdf.names import Names
from bempeg_kg.registry.landing import Landing, history_graph
from bempeg_kg.registry.record import GRAPH, SHARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    import gzip
    from collections.abc import Iterator
    from typing import IO

    from pyoxigraph import Triple

_FORMATS = {".nq": "nq", ".nq.gz": "nq.gz", ".ttl": "ttl"}


def format_of(output: str | None, asked: str | None) -> str:
    """`nq`, `nq.gz`, `ttl`, or `folder`. Raises UsageError for a suffix that is none of them.

    >>> format_of("trials.ttl", None), format_of("data/trials/", None), format_of(None, None)
    ('ttl', 'folder', 'nq')
    """
    if asked is not None:
        if asked not in ("nq", "ttl"):
            raise UsageError(f"import writes nq or ttl, not {asked}")
        return "folder" if output and _is_folder(output) else asked
    if output is None:
        return "nq"
    if _is_folder(output):
        return "folder"
    for suffix, name in _FORMATS.items():
        if output.endswith(suffix):
            return name
    raise UsageError(
        f"'{output}' does not end in .nq, .nq.gz or .ttl", cure="End it in a slash for a folder."
    )


def _is_folder(output: str) -> bool:
    return output.endswith("/") or os.path.isdir(output)


def write(landing: Landing, output: str | None, name: str, names: Names) -> list[str]:
    """Write what landed as `name` (see `format_of`); the paths written. Raises Unwritable."""
    if output is None:
        for chunk in _chunks(landing, name, names):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return []
    if name == "folder":
        return _write_folder(landing, output, names)
    if name == "nq":
        with told(output):
            landing.publish(output)
        return [output]
    with told(output), replacing(output) as stream:
        if name == "nq.gz":
            with _packed(stream) as packed:
                for chunk in _chunks(landing, "nq", names):
                    packed.write(chunk)
        else:
            for chunk in _chunks(landing, name, names):
                stream.write(chunk)
    return [output]


def settle_with_folder(landing: Landing, folder: str, names: Names) -> list[str]:
    """Let go of records of which the folder holds a newer version, and keep those that it holds and loses.

    Returns what to tell of the records that were let go.
    """
    passed = []
    for nct, date in landing.versions().items():
        path = os.path.join(folder, f"{nct.lower()}.ttl")
        if not os.path.exists(path):
            continue
        with told(path), open(path, "rb") as stream:
            found = re.search(rb'\bkg:recordVersion "([0-9-]+)"', stream.read())
        there = found[1].decode() if found else ""
        if there > date:
            landing.pass_over(nct)
            passed.append(f"{nct} of {date or 'no date'}, for {path} is of {there}")
        elif there and there < date:
            landing.replace(_as_history(path, nct, there, names))
    return passed


def _as_history(path: str, nct: str, date: str, names: Names) -> bytes:
    """A Turtle file of an earlier import as N-Quads in a graph of history."""
    from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

    graph = NamedNode(names.base + history_graph(nct, (date, "")))
    itself = names.base + GRAPH.format(nct.lower())
    quads = parse_file(path, itself)
    own = [
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in quads
        if str(quad.subject) != f"<{itself}>"
    ]
    return serialize(own, format=RdfFormat.N_QUADS) or b""


def write_older(landing: Landing, output: str) -> None:
    """Write the records that lost, as N-Quads with gzip: a suffix that no data folder loads.

    What earlier imports wrote there stays; a graph that is written again takes the place of its like.
    """
    import gzip

    shared = f"{SHARED}> .\n".encode()
    again: set[bytes] = set()
    lines: set[bytes] = set()
    for body in landing.older():
        for line in body.splitlines(keepends=True):
            (lines if line.endswith(shared) else again).add(line if line.endswith(shared) else _graph(line))
    if not again:
        return
    with told(output), replacing(output) as stream, _packed(stream) as packed:
        if os.path.exists(output):
            with gzip.open(output) as before:
                for line in before:
                    if line not in lines and _graph(line) not in again:
                        packed.write(line)
        for body in landing.older():
            packed.write(body)


def _graph(line: bytes) -> bytes:
    """The graph of a line of N-Quads, as it stands at its end."""
    return line[line.rindex(b" <") :]


def _packed(stream: IO[bytes]) -> gzip.GzipFile:
    """Gzip that says nothing of names and times, so that the same records give the same bytes."""
    import gzip

    return gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=1, mtime=0)


def _chunks(landing: Landing, name: str, names: Names) -> Iterator[bytes]:
    if name == "nq":
        for _, body in landing.records():
            yield body
        return
    used: set[str] = set()
    shared: dict[Triple, None] = {}
    for _, body in landing.records():
        used |= used_prefixes(body, names)
    yield prefixes(used, names).encode()
    for _, body in landing.records():
        own, others = parted(body, names)
        shared.update(dict.fromkeys(others))
        yield turtle(own, names).encode()
    yield turtle(list(shared), names).encode()


def _write_folder(landing: Landing, folder: str, names: Names) -> list[str]:
    written = []
    with told(folder):
        os.makedirs(folder, exist_ok=True)
    shared: dict[Triple, None] = {}
    used: set[str] = {"dcterms"}
    for nct, body in landing.records():
        path = os.path.join(folder, f"{nct.lower()}.ttl")
        own, others = parted(body, names)
        shared.update(dict.fromkeys(others))
        used |= used_prefixes(body, names)
        about = (
            f'<> dcterms:title "Import of {nct}" ;\n    dcterms:description "From its registry record." .\n\n'
        )
        head = prefixes(used_prefixes(body, names) | {"dcterms"}, names) + about
        with told(path), replacing(path) as stream:
            stream.write((head + turtle(own, names)).encode())
        written.append(path)
    if shared:
        written.append(_write_shared(folder, shared, used, names))
    return written


def _write_shared(folder: str, shared: dict[Triple, None], used: set[str], names: Names) -> str:
    """Write what records share, together with what earlier imports into the folder put there."""
    from pyoxigraph import Triple

    path = os.path.join(folder, os.path.basename(SHARED))
    iri = names.base + SHARED
    if os.path.exists(path):
        for quad in parse_file(path, iri):
            if str(quad.subject) != f"<{iri}>":
                shared[Triple(quad.subject, quad.predicate, quad.object)] = None
                used |= used_prefixes(f"{quad.subject} {quad.predicate}".encode(), names)
    about = '<> dcterms:title "What the imported records share" .\n\n'
    with told(path), replacing(path) as stream:
        triples = sorted(shared, key=lambda one: str(one.subject))
        stream.write((prefixes(used, names) + about + turtle(triples, names)).encode())
    return path


def parted(body: bytes, names: Names) -> tuple[list[Triple], list[Triple]]:
    """The statements of a record: those of its own graph, and those of the graph that records share."""
    from pyoxigraph import NamedNode, RdfFormat, Triple, parse

    shared = NamedNode(names.base + SHARED)
    own: list[Triple] = []
    others: list[Triple] = []
    for quad in parse(body, format=RdfFormat.N_QUADS):
        (others if quad.graph_name == shared else own).append(
            Triple(quad.subject, quad.predicate, quad.object)
        )
    return own, others


def used_prefixes(body: bytes, names: Names) -> set[str]:
    """The prefixes that the Turtle of some N-Quads uses; a few more where a literal looks like an IRI."""
    spaces = _namespaces(names.base)
    found = {_namespace(iri) for iri in set(re.findall(rb"<([^<>\s]*)>", body))}
    return {spaces[space] for space in found & spaces.keys()}


def turtle(triples: list[Triple], names: Names) -> str:
    """Statements as Turtle, a block a subject, without the lines that declare prefixes."""
    from pyoxigraph import RdfFormat, serialize

    order: dict[object, int] = {}
    for triple in triples:
        order.setdefault(triple.subject, len(order))
    triples = sorted(
        triples, key=lambda one: (order[one.subject], _rank(one.predicate.value), str(one.object))
    )
    known = {prefix: iri for iri, prefix in _namespaces(names.base).items()}
    made = serialize(triples, format=RdfFormat.TURTLE, prefixes=known)
    # Not splitlines: a text may hold other signs that it takes for the end of a line, such as U+2028.
    lines = (made or b"").decode().removesuffix("\n").split("\n")
    text = "\n".join(
        "    " + line[1:] if line.startswith("\t") else f"\n{line}"
        for line in lines
        if not line.startswith("@prefix")
    )
    return text.lstrip("\n") + "\n\n" if triples else ""


def _rank(predicate: str) -> tuple[int, str]:
    first = {"type": 0, "label": 1}.get(predicate.rpartition("#")[2], 2)
    return first, predicate


@cache
def _namespaces(base: str) -> dict[str, str]:
    """Namespace -> prefix, of those that end in a slash or a hash."""
    return {iri: prefix for prefix, iri in Names(base).prefixes.items() if iri.endswith(("/", "#"))}


def _namespace(iri: bytes) -> str:
    return iri[: max(iri.rfind(b"/"), iri.rfind(b"#")) + 1].decode()


def prefixes(used: set[str], names: Names) -> str:
    """The lines that declare prefixes, and a blank one."""
    return "".join(f"@prefix {prefix}: <{names.prefixes[prefix]}> .\n" for prefix in sorted(used)) + "\n"
