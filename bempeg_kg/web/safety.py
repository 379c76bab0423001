"""What a query text may not do, told before it is run: call other services, or change the data.

Oxigraph executes SERVICE over the network, so a query is looked through token by token for the keyword
wherever the quick test finds the letters. Text with ``\\u`` escapes is looked through as written and
unescaped, since the two can disagree on where a string ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SUSPECT = ("service", "from", "\\u", "now", "rand", "uuid", "bnode")
_TOKEN = re.compile(
    r"""
      (?P<skip>  \#[^\r\n]* | \s+ )
    | (?P<iri>   <[^<>"{}|^`\x00-\x20]*> )
    | (?P<text>  \"{3} (?: \"{0,2} (?: [^"\\] | \\. ) )*+ (?: \"{3} )?
              |  '{3}  (?: '{0,2}  (?: [^'\\] | \\. ) )*+ (?: '{3} )?
              |  \" (?: [^"\\\r\n] | \\. )*+ \"?
              |  '  (?: [^'\\\r\n] | \\. )*+ '? )
    | (?P<name>  [?$@]\w+(?:-\w+)* )
    | (?P<local> : (?: [\w.\-:%] | \\. )* )
    | (?P<word>  [\w.\-]+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# A string that is never closed runs on, in one step: the query is refused by the parser anyway, and no text
# may cost
# more than one pass.
_CALLED = re.compile(r"\s*(?:SILENT\b)?\s*<([^<>\s]*)>", re.IGNORECASE)
_VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"))


class Refused(Exception):
    """A query that asks for what this endpoint does not do; the message says what."""


class Text:
    """What matters about a query before it runs: ``has_dataset`` (FROM), ``stable`` (the same answer each
    time).
    """

    __slots__ = ("has_dataset", "stable")

    def __init__(self, has_dataset: bool, stable: bool) -> None:
        self.has_dataset = has_dataset
        self.stable = stable


_PLAIN = Text(has_dataset=False, stable=True)


def examine(query: str, allowed_services: frozenset[str] = frozenset()) -> Text:
    """Look a query through. Raises Refused on SERVICE outside the allow-list.

    A parser may read a keyword that touches its neighbour (``1SERVICE``, ``SERVICE:x``), so a word, and the
    prefix of a prefixed name, count by what they contain.

    >>> examine("SELECT * FROM <g:> { ?s ?p 'SERVICE' }").has_dataset
    True
    >>> examine("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    bempeg_kg.web.safety.Refused: SERVICE <http://example.org/> is not a service that this endpoint calls
    """
    lowered = query.lower()
    if not any(word in lowered for word in _SUSPECT):
        return _PLAIN
    has_dataset, stable = False, True
    readings = [query]
    if "\\u" in query or "\\U" in query:
        readings.append(_ESCAPE.sub(_unescape, query))
    for reading in readings:
        for word, after in _words(reading):
            if "SERVICE" in word:
                _check_service(word, reading[after:], allowed_services)
            has_dataset = has_dataset or "FROM" in word
            stable = stable and not any(name in word for name in _VOLATILE)
    return Text(has_dataset, stable)


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Runs of letters outside strings, IRIs, comments, variables and local names, in capitals, with where
    they end.
    """
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word":
            yield match.group().upper().strip(".-"), match.end()


def _unescape(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code < 0x110000 else ""


def _check_service(word: str, rest: str, allowed: frozenset[str]) -> None:
    called = _CALLED.match(rest)
    if word == "SERVICE" and called and called.group(1) in allowed:
        return
    target = f"<{called.group(1)}>" if called else rest.strip()[:40]
    raise Refused(f"SERVICE {target} is not a service that this endpoint calls")
