"""The one lexer of SPARQL text. It takes time in proportion to the length of any text.

Every pattern below is possessive, and a string that is never closed is one token up to its end, so no input
makes the lexer go back. The kinds of token:

=========  ==============================================================
kind       what it is
=========  ==============================================================
space      white space
comment    ``#`` up to the end of the line (line feed or carriage return)
iri        ``<...>``
string     a literal's quoted text, one line or triple-quoted
language   ``@en``
variable   ``?name`` or ``$name``
blank      ``_:label``
name       a prefixed name, ``prefix:local``
word       a keyword, ``a``, ``true``, or a function's name
number     an unsigned number
mark       one other character, or ``<<``, ``>>``, ``||``, ``&&``, ``^^``
=========  ==============================================================

Source: the terminals of SPARQL 1.1, https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_TOKEN = r"""
      (?P<space>    \s++ )
    | (?P<comment>  \#[^\r\n]*+ )
    | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*+> )
    | (?P<string>   \"{3} (?: \"{0,2} (?: [^"\\] | \\. ) )*+ (?: \"{3} | \Z )?
                 |  '{3}  (?: '{0,2}  (?: [^'\\] | \\. ) )*+ (?: '{3} | \Z )?
                 |  \" (?: [^"\\\r\n] | \\. )*+ \"?
                 |  '  (?: [^'\\\r\n] | \\. )*+ '? )
    | (?P<language> @[A-Za-z]++ (?: -[A-Za-z0-9]++ )*+ )
    | (?P<variable> [?$]\w++ )
    | (?P<blank>    _:\w[\w.\-]*+ )
    | (?P<number>   (?: \d++ (?:\.\d++)?+ | \.\d++ ) (?: [eE][+-]?\d++ )?+ )
    | (?P<word>     [^\W\d][\w.\-]*+ (?P<local> :(?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+ )?+ )
    | (?P<name>     : (?: [\w:.\-] | %[0-9A-Fa-f]{2} | \\. )*+ )
    | (?P<mark>     << | >> | \|\| | && | \^\^ | . )
"""


class Token(NamedTuple):
    """A piece of SPARQL text: its kind, its text, and the offset at which it starts."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.start + len(self.text)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens in order; joined, their texts are the whole text.

    >>> [token.text for token in tokens("ASK { ?s a kg:Trial. } # end") if token.kind != "space"]
    ['ASK', '{', '?s', 'a', 'kg:Trial', '.', '}', '# end']
    """
    for match in _pattern().finditer(text):
        kind = match.lastgroup or "mark"
        piece, start = match.group(), match.start()
        if kind == "word" and match.start("local") >= 0:
            kind = "name"
        if kind in ("name", "blank"):
            # a name does not end in a dot: that one ends the triple pattern
            kept = piece.rstrip(".") if not piece.endswith("\\.") else piece
            yield Token(kind, kept, start)
            for offset in range(start + len(kept), start + len(piece)):
                yield Token("mark", ".", offset)
        elif kind == "word" and ("." in piece or "-" in piece):
            yield from _words(piece, start)
        else:
            yield Token(kind, piece, start)


def _words(run: str, start: int) -> Iterator[Token]:
    """The words and marks of a run of letters, dots and hyphens without a colon, such as ``true.FILTER``."""
    place = 0
    for match in re.finditer(r"[.\-]", run):
        if match.start() > place:
            yield _plain(run[place : match.start()], start + place)
        yield Token("mark", match.group(), start + match.start())
        place = match.end()
    if place < len(run):
        yield _plain(run[place:], start + place)


def _plain(text: str, start: int) -> Token:
    return Token("number" if text.isdigit() else "word", text, start)


def code(text: str) -> list[Token]:
    """All tokens but white space and comments."""
    return [token for token in tokens(text) if token.kind not in ("space", "comment")]
