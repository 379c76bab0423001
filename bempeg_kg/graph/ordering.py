"""Rows in the order that a sentence asks for: the largest first, or the side of a step that is meant."""

from __future__ import annotations

import re

from bempeg_kg.graph.mentions import Mention
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.synonyms import root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


#: Words that ask for the largest number first.
_MOST = r"(?i)\b(?:most (?:common|frequent|often)|commonest|highest|largest|biggest|top)\b"
#: Words that ask whether patients lived longer, and the endpoint that tells it.
_LIFE = (
    r"(?i)\bli(?:ve[sd]?|ving) longer\b|\b(?:prolong|extend|lengthen)(?:s|ed|ing)? (?:their )?li(?:fe|ves)\b"
)
_OVERALL_SURVIVAL = "overall survival"
#: Words that ask for the largest or smallest trials.
_SIZE = (
    r"(?i)\b(?:largest|biggest|smallest)\b(?=.*\b(?:trial|stud))|\b(?:most|fewest|least|highest number of"
    r"|lowest number of) (?:patients|participants|people|enrol\w*)|\benrol\w* the (?:most|fewest)\b"
)
#: Numbers of trials that a sentence tells for its order.
_TOLD = 3
#: What shows that an endpoint is one of several in one.
_AMONG = r"\bcomposite|\bmace\b|, (?:non|or\b|and\b)| or |/"
#: A number that is all of a text, or what it ends in after a colon.
_NUMBER = r"(?:^|: )\d[\d.,]*$"
#: Roots of verbs of steps.
_VERBS = frozenset(
    root(one) for one in "inhibit activate phosphorylate recruit bind express secrete increase reduce".split()
)


def largest_first(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], sentence: str
) -> list[tuple[object, ...]]:
    """The rows with the largest percentage first, where a sentence asks for the most common.

    How many had any event at all is the largest of all and names none, so it comes last.
    """
    if "printed" not in columns or "unit" not in columns or not re.search(_MOST, sentence):
        return list(rows)
    value, unit = columns.index("printed"), columns.index("unit")

    def share(row: tuple[object, ...]) -> float:
        """The percentage in a row; -1 where it has none."""
        try:
            return float(_text(row[value])) if _text(row[unit]) == "percent" else -1.0
        except ValueError:
            return -1.0

    event = columns.index("event") if "event" in columns else -1

    def is_any(row: tuple[object, ...]) -> bool:
        """Whether a row counts any event."""
        return event >= 0 and _text(row[event]).startswith("any ")

    return sorted(rows, key=lambda row: (is_any(row), -share(row)))


def survival_first(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], sentence: str
) -> list[tuple[object, ...]]:
    """The rows of overall survival first, where a sentence asks whether patients lived longer."""
    if "endpoint" not in columns or not re.search(_LIFE, sentence):
        return list(rows)
    at = columns.index("endpoint")
    return sorted(rows, key=lambda row: _text(row[at]) != _OVERALL_SURVIVAL)


def by_size(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], sentence: str
) -> tuple[list[tuple[object, ...]], str]:
    """Rows of trials with those first that enrolled most, or fewest, where the largest are asked for.

    Also what is to be said of that order; empty for any other sentence.
    """
    found = re.search(_SIZE, sentence)
    if not found or "enrolled" not in columns or not rows:
        return list(rows), ""
    at = columns.index("enrolled")
    numbers = [float(text) if (text := _text(row[at])).isdigit() else None for row in rows]
    least = bool(re.match(r"(?i)small|few|least", found[0]))
    places = sorted(
        range(len(rows)),
        key=lambda place: (numbers[place] is None, (1 if least else -1) * (numbers[place] or 0)),
    )
    kept = [numbers[place] for place in places]
    if kept[0] is None:
        return list(rows), f"Not sorted by '{found[0]}': no row states how many enrolled."
    told = ", ".join(f"{one:,.0f}" for one in kept[:_TOLD] if one is not None)
    more = ", ..." if kept[_TOLD:] else ""
    order = "Fewest" if least else "Most"
    return [rows[place] for place in places], f"{order} enrolled first ({told}{more}):"


def without_composite(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], names: Sequence[str]
) -> tuple[Sequence[tuple[object, ...]], int]:
    """Results without those of an endpoint that has what is named among others; and how many were left out.

    A composite of death and stroke counts no deaths. All rows where none is of the named alone.
    """
    if "endpoint" not in columns or "printed" not in columns:
        return rows, 0
    at = columns.index("endpoint")
    wanted = {root(word) for name in names for word in tokens(name)}

    def is_composite(row: tuple[object, ...]) -> bool:
        """Whether an endpoint holds a word of the names among others of its kind."""
        text = _text(row[at]).lower()
        return not wanted.isdisjoint(map(root, tokens(text))) and re.search(_AMONG, text) is not None

    kept = [row for row in rows if not is_composite(row)]
    return (kept, len(rows) - len(kept)) if kept else (rows, 0)


def counted_first(rows: Sequence[tuple[object, ...]], sentence: str) -> list[tuple[object, ...]]:
    """The rows that hold a number first, where a sentence asks how many; otherwise in their order."""
    if not re.search(r"(?i)\bhow many\b", sentence):
        return list(rows)
    return sorted(rows, key=lambda row: not any(re.search(_NUMBER, _text(term)) for term in row))


def meant_side_first(
    rows: Sequence[tuple[object, ...]],
    columns: Sequence[str],
    sentence: str,
    named: Sequence[Mention],
    labels: set[str],
) -> list[tuple[object, ...]]:
    """The steps first that do to an entity what a sentence asks: "what blocks PD-1", "downstream of JAK1".

    `labels`: the names of the only entity that the sentence names.
    """
    if len(named) != 1 or not {"subject", "relation", "object"} <= set(columns):
        return list(rows)
    words = tokens(sentence)
    side = _side(words, named[0])
    if not side:
        return list(rows)
    verbs = {root(word) for word in words} & _VERBS
    at, relation = columns.index(side), columns.index("relation")

    def rank(row: tuple[object, ...]) -> tuple[bool, bool]:
        """Rows that name what was asked for come first, then those whose relation has its verb."""
        done = {root(word) for word in tokens(_text(row[relation]))}
        return (_text(row[at]).lower() not in labels, bool(verbs) and verbs.isdisjoint(done))

    return sorted(rows, key=lambda row: (sum(rank(row)), rank(row)))


def _side(words: list[str], mention: Mention) -> str:
    """Whether an entity is meant as what acts (subject) or what is acted on (object); empty if neither."""
    stems = [root(word) for word in words]
    verbs = [at for at, stem in enumerate(stems) if stem in _VERBS]
    if "downstream" in stems or (words[mention.end :] == ["do"] and not verbs):
        return "subject"
    if "upstream" in words:
        return "object"
    if not verbs:
        return ""
    before = verbs[0] < mention.start
    passive = words[verbs[0]].endswith("ed") and {"get", "gets", "is", "are", "be", "was"} & set(words)
    return "object" if before or passive else "subject"


def _text(term: object) -> str:
    return "" if term is None else str(getattr(term, "value", term))
