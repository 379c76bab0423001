"""What a term of `--about` means: an entity, a phase, a number, or what trials of records share."""

from __future__ import annotations

import re

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph.answer import named_columns
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.filtering import rows_about, rows_of_trials
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import Mention
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.rdf.table import Table

#: A year, month or day, behind the names of columns that hold it and since or before.
_DATED = re.compile(r"(?:\w+ )*?(?:(since|before) )?((?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)")


def keep_about(kg: Asked, lexicon: Lexicon, table: Table, term: str) -> None:
    """Keep the rows about a term, or about any of several with " or " between them. Raises UnknownName."""
    whole = key_of(tokens(term)) in lexicon.keys  # a label can hold the word
    parts = [term] if whole else term.split(" or ")
    of_conditions = {part: _trials(kg, lexicon, part) for part in parts}
    named = [part for part in parts if key_of(tokens(part)) in lexicon.keys or not of_conditions[part]]
    meant = [one for part in named for one in _meant(kg, lexicon, part)]
    named = named_columns(tokens(term), table.columns)  # "start before 2015"
    kept = {
        id(row) for one in meant for row in rows_about(table.rows, one, lexicon, table.columns, named=named)
    }
    trials = {trial for listed in of_conditions.values() for trial in listed}
    kept |= {id(row) for row in rows_of_trials(table.rows, trials)}
    table.rows = [row for row in table.rows if id(row) in kept]
    table.reason = table.reason or f"no row is about {term}"


def _trials(kg: Asked, lexicon: Lexicon, term: str) -> set[str]:
    """The trials of records in a condition with several words, where these name nothing else."""
    words = tokens(term)
    named = lexicon.keys.get(key_of(words), [])
    is_other = bool(named) and "/disease/" not in named[0]
    if is_other or len(words) < 2 or lexicon.subjects.isdisjoint(map(fold, words)):
        return set()
    return named_trials(kg, "condition").trials(term)


def _meant(kg: Asked, lexicon: Lexicon, term: str) -> list[Mention]:
    """What a term means; a word of the conditions of records also what else has that name."""
    if dated := _DATED.fullmatch(term):
        since = {"since": "since", "before": "until"}.get(dated[1] or "", "")
        return [Mention(0, 0, dated[2], [], "month", since=since)]
    if re.fullmatch(r"[\d./]+", term):
        return [Mention(0, 0, term, lexicon.numbers.get(term, []), "number")]
    if term.startswith("phase "):
        return [Mention(0, 0, term, [term])]
    words = tokens(term)
    for key in (key_of(words), key_of([*words, "trials"])):
        shared = [one for one in lexicon.keys.get(key, ()) if one in lexicon.traits]
        if shared:
            return [Mention(0, 0, term, shared)]
    subject = [Mention(0, 0, term, [key_of(words)])] if key_of(words) in lexicon.subjects else []
    try:
        return [*subject, Mention(0, 0, term, [kg.resolve(term)])]
    except (UnknownName, UsageError):
        if not subject:
            raise
        return subject
