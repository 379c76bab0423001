"""Names of trials in a sentence that are no name of the graph: parts of an acronym, and unknown ones."""

from __future__ import annotations

import re

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import LITTLE
from bempeg_kg.graph.spoken import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

#: Letters that the part of an acronym has to have.
_LEAST = 4
#: Trials that an error names.
_LISTED = 6
#: A name in capitals with a hyphen or a number: DAPA-HF, CheckMate 214.
_NAME = r"[A-Z]\w*(?:-\w+)+|(?=\w*[A-Z]\w*[A-Z])\w{3,}(?: \d+)?"
#: The same without either, beside the word trial.
_BESIDE = r"(?P<before>[A-Z][A-Z0-9]{2,}) (?:trial|study)\b|\b(?:trial|study) (?P<behind>[A-Z][A-Z0-9]{2,})\b"
#: A registry number, which has an error of its own.
_NUMBER = r"nct\d"


def part_of_acronym(word: str, text: str, lexicon: Lexicon, known: Collection[str]) -> list[str]:
    """The names of trials that begin with a word of a sentence, which is no name itself.

    `known`: words that questions are worded in, which are names in capitals alone.
    """
    in_capitals = re.search(rf"(?<!\w){re.escape(word.upper())}(?!\w)", text)
    if len(word) < _LEAST or word in LITTLE or word.isdigit() or (word in known and not in_capitals):
        return []
    if key_of([word]) in lexicon.keys or re.search(rf"(?i)(?<!\w){re.escape(word)}[ -]?\d", text):
        return []  # CheckMate 214 is no CheckMate 067
    listed = {
        name
        for iri, names in lexicon.names.items()
        if "/trial/" in iri
        for name in names
        if tokens(name)[:1] == [word] and tokens(name)[1:]
    }
    return sorted(listed)


def refuse_unknown(text: str, lexicon: Lexicon, known: Collection[str]) -> None:
    """Raise NoAnswer for a name in a sentence without an answer that is of nothing in the graph.

    `known`: words that questions are worded in.
    """
    found = [match[0] for match in re.finditer(_NAME, text)]
    found += [match["before"] or match["behind"] for match in re.finditer(_BESIDE, text)]
    for name in found:
        words = tokens(name)
        spans = [(start, end) for start, end, _ in lexicon.mentions(words)]
        if spans or key_of(words) in lexicon.others or words[0] in known or re.match(_NUMBER, words[0]):
            continue
        several = part_of_acronym(words[0], text, lexicon, known)
        if several and name.isupper():
            more = f" and {len(several) - _LISTED:,} more" if several[_LISTED:] else ""
            raise NoAnswer(
                f"no trial of this graph is called {name} alone",
                cure=f"Name one of {', '.join(several[:_LISTED])}{more}.",
            )
        if fold(words[0]) in lexicon.vocabulary:
            continue
        raise NoAnswer(
            f"not in the data: nothing in this graph is called {name}",
            cure="`bempeg-kg ask programme-trials` lists the trials; `bempeg-kg import` adds a record.",
        )
