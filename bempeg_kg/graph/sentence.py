"""The sentence that answers a question, filled from its rows by the template of its header.

A template is a text with `{column}` for a value and `[...]` for a part that is left out where a value in it
is missing. `{rows}` is the number of rows, in `lead` alone. Rows that `first: column=value|value` names are
told before the others, in the order of the values; of several such rules the first weighs most, and the
others give way to the order that a question in words asks for. Rows that `last: column=text` names by a part
come behind the others. Otherwise rows are told by the number in the column `largest`, the greatest first, or
in the order of the table; `most` of them at most.
`join: sentences` makes each row a sentence of its own.
"""

from __future__ import annotations

import math
import re

from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Rows that a sentence tells if its header does not say how many.
_MOST = 3
#: Values that an optional part of a sentence leaves out.
_UNSTATED = ("not reported", "not stated")


def answer_sentence(
    question: Question, table: Table, label: Callable[[str], str], *, in_order: bool = False
) -> str:
    """The sentence of an answer; empty without rows or template. IRIs appear as labels.

    `in_order`: the table stands in the order asked for, and only the first rule of the header is kept.
    """
    template = question.sentence
    if not table.rows or not template:
        return ""
    count = len(table.rows)
    cells = [_values(table, row, label) for row in table.rows]
    rules = {"first": _rules(template)[:1], "last": template.get("last", "")} if in_order else template
    cells = [cells[place] for place in _places(cells, rules)]
    lead = fill(str(template.get("lead", "")), {**cells[0], "rows": str(count)})
    lead = _of_one(lead) if count == 1 else lead
    each, most = str(template.get("each", "")), int(template.get("most", _MOST))
    clauses = (
        list(dict.fromkeys(filter(None, (fill(each, row).rstrip(".") for row in cells)))) if each else []
    )
    left = len(clauses) - most
    more = f"; and {left} more" if left > 0 else ""
    body = (". " if template.get("join") == "sentences" else "; ").join(clauses[:most]) + more
    text = " ".join(part for part in (lead, body) if part)
    text = re.sub(r"(?<=; )(?:Not?|Did|Interim)\b", lambda match: match[0].lower(), text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".") if text else ""


def _of_one(lead: str) -> str:
    """The lead of a single row, with its noun in the singular.

    >>> _of_one("1 analysis sets:"), _of_one("They differ in 1 respects:"), _of_one("1 trials and arms:")
    ('1 analysis set:', 'They differ in 1 respect:', '1 trial or arm:')
    """
    noun = r"[\w-]*[^\Wsiu]"
    lead = re.sub(rf"(?<=\b1 )((?:[\w-]+ )??{noun})s and ({noun})s\b", r"\1 or \2", lead)
    return re.sub(rf"(?<=\b1 )((?:[\w-]+ )??{noun})s\b", r"\1", lead)


def has_order(question: Question) -> bool:
    """Whether a question tells its rows in another order than that of its table."""
    return not {"first", "last", "largest"}.isdisjoint(question.sentence)


def told_order(question: Question, table: Table, label: Callable[[str], str]) -> list[int]:
    """The places of a table's rows in the order in which the sentence tells them."""
    return _places([_values(table, row, label) for row in table.rows], question.sentence)


def _places(cells: Sequence[Mapping[str, str]], template: Mapping[str, object]) -> list[int]:
    places = list(range(len(cells)))
    if largest := str(template.get("largest", "")):
        places.sort(key=lambda place: -_number(cells[place].get(largest, "")))
    for rule in reversed(_rules(template)):
        column, _, values = str(rule).partition("=")
        ranks = [_rank(row.get(column, ""), values.split("|")) for row in cells]
        places.sort(key=ranks.__getitem__)
    column, _, wanted = str(template.get("last", "")).partition("=")
    places.sort(key=lambda place: bool(column) and wanted in cells[place].get(column, ""))
    return places


def _rules(template: Mapping[str, object]) -> list[object]:
    first = template.get("first", [])
    return first if isinstance(first, list) else [first]


def _rank(value: str, wanted: list[str]) -> int:
    return wanted.index(value) if value in wanted else len(wanted)


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its values; empty if one outside brackets is missing.

    >>> fill("{a} is {b}[ ({c} %)]", {"a": "x", "b": "2", "c": ""})
    'x is 2'
    """

    def part(match: re.Match[str]) -> str:
        stated = {name: "" if value in _UNSTATED else value for name, value in values.items()}
        return fill(match[1], stated)

    text = template
    while re.search(r"\[[^\[\]]*\]", text):  # the innermost parts first
        text = re.sub(r"\[([^\[\]]*)\]", part, text)
    names = re.findall(r"\{(\w+)\}", text)
    if any(not values.get(name) for name in names):
        return ""
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)


def _number(text: str) -> float:
    """A printed number, or less than any where the text is none."""
    try:
        return float(text)
    except ValueError:
        return -math.inf


def _values(table: Table, row: tuple[object, ...], label: Callable[[str], str]) -> dict[str, str]:
    values = {}
    for column, term in zip(table.columns, row, strict=True):
        text = "" if term is None else str(getattr(term, "value", term))
        values[column] = label(text) if "://" in text else text
    return values
