"""Turtle files as parts of one TriG document, so that a store reads many of them in one load."""

from __future__ import annotations

import re

_PREFIX = re.compile(rb"(?:@prefix\s+[^\s:]*:\s*<[^<>]*>\s*\.)?[ \t\r]*(?:#.*)?", re.ASCII)
#: What a block of TriG cannot hold, and blank nodes with names, which two files may share.
_UNFIT = re.compile(rb"(?im)^\s*@?(?:prefix|base)\b|_:")


def as_block(body: bytes, iri: str) -> bytes | None:
    """A Turtle document as a graph of TriG, after its own prefixes; None where it has to be read alone.

    >>> as_block(b"@prefix x: <urn:x> .\\n<> x:a 1 .\\n", "urn:file").decode().splitlines()
    ['@base <urn:file> .', '@prefix x: <urn:x> .', 'GRAPH <urn:file> {', '<> x:a 1 .', '}']
    >>> as_block(b"<> <urn:a> 1 .\\n@prefix x: <urn:x> .", "urn:file") is None
    True
    """
    start = 0
    while (end := body.find(b"\n", start)) >= 0 and _PREFIX.fullmatch(body, start, end):
        start = end + 1
    if _UNFIT.search(body, start):
        return None
    name = b"<%b>" % iri.encode()
    return b"@base %b .\n%bGRAPH %b {\n%b\n}\n" % (name, body[:start], name, body[start:].rstrip(b"\n"))
