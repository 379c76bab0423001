"""Where a number, a date or a part of a name goes: into a parameter that takes text, or among the filters."""

from __future__ import annotations

from calendar import monthrange

from bempeg_kg.graph.keys import kind_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import Mention
from bempeg_kg.graph.understood import Understood
from bempeg_kg.rdf.names import Names

#: Weights of what fills a parameter, and of what filters rows.
BOUND, FILTERED = 1.2, 1.1
#: Parameters that take a percentage.
_RATES = frozenset({"rate", "control"})
#: Parameters that take a part of a name -> the kind of entity that is named; a phase has none.
_TEXTS = {"condition": "disease", "drug": "drug", "phase": ""}


def in_text(understood: Understood, mention: Mention, entity: str, lexicon: Lexicon, names: Names) -> bool:
    """Fill a parameter that takes a part of a name: its label, or the word that means all of a kind."""
    for parameter in understood.question.parameters:
        wanted = _TEXTS.get(parameter.name)
        if parameter.type != "string" or wanted is None or parameter.name in understood.parameters:
            continue
        if wanted == "" and entity.startswith("phase "):
            understood.parameters[parameter.name] = [entity.removeprefix("phase ")]
            return True
        if wanted and kind_of(names, entity) == wanted:
            either = mention.entities if " or " in mention.text else [entity]
            texts = [lexicon.labels.get(one, mention.text) for one in either]
            texts = [mention.text] if mention.every and len(either) == 1 else texts
            understood.parameters[parameter.name] = texts
            understood.as_text += texts
            return True
    return False


def place_value(understood: Understood, mention: Mention) -> float:
    """Fill a parameter with a number or date, or let it choose rows; the weight that this earns."""
    for parameter in understood.question.parameters:
        if parameter.name in understood.parameters:
            continue
        if parameter.type == mention.type or (parameter.name in _RATES and mention.type == "percent"):
            understood.parameters[parameter.name] = [mention.text]
            return BOUND
        if parameter.type == "date" and mention.type == "month" and mention.since != "since":
            last = _last_day(mention.text) if mention.since != "until" else f"{mention.text}-01-01"[:10]
            understood.parameters[parameter.name] = [last]
            return BOUND
    if mention.type in ("date", "month") and {"from", "to"} <= {
        one.name for one in understood.question.parameters
    }:
        last = mention.text + ("-12-31", "-31", "")[mention.text.count("-")]
        understood.parameters |= {} if mention.since == "until" else {"from": [mention.text]}
        understood.parameters |= {} if mention.since == "since" else {"to": [last]}
        return BOUND
    understood.filters.append(mention)
    return FILTERED


def _last_day(month: str) -> str:
    """The last day of a year or month.

    >>> _last_day("2020-02"), _last_day("2018")
    ('2020-02-29', '2018-12-31')
    """
    year, _, of_year = month.partition("-")
    if not of_year:
        return f"{year}-12-31"
    return f"{month}-{monthrange(int(year), int(of_year))[1]:02}"
