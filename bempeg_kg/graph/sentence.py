"""The sentence that answers a question, filled from its rows by the template of its header.

A template is a text with `{column}` for a value and `[...]` for a part that is left out where a value in it
is missing. `{rows}` is the number of rows, in `lead` alone. Rows that `first: column=value|value` names are
told before the others, those that `last: column=text` names (by a part) behind them, and among them those
with the greatest number in the column `largest`; `most` of them at most.
`join: sentences` makes each row a sentence of its own.
"""

from __future__ import annotations

import math
import re

from bempeg_kg.graph.wording import plain
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Rows that a sentence tells if its header does not say how many.
_MOST = 3
#: Values that an optional part of a sentence leaves out.
_UNSTATED = ("not reported", "not stated")


def answer_sentence(question: Question, table: Table, label: Callable[[str], str]) -> str:
    """The sentence of an answer; empty without rows or template. IRIs appear as labels."""
    template = question.sentence
    if not table.rows or not template:
        return ""
    count = len(table.rows)
    cells = [_values(table, row, label) for row in table.rows]
    largest = str(template.get("largest", ""))
    if largest:
        cells.sort(key=lambda row: -_number(row.get(largest, "")))
    column, _, wanted = str(template.get("first", "")).partition("=")
    cells.sort(key=lambda row: bool(column) and row.get(column) not in wanted.split("|"))
    column, _, wanted = str(template.get("last", "")).partition("=")
    cells.sort(key=lambda row: bool(column) and wanted in row.get(column, ""))
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
    text = re.sub(r"(?<=; )Not?\b", lambda match: match[0].lower(), plain(text))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".") if text else ""


def _of_one(lead: str) -> str:
    """The lead of a single row, with its noun in the singular.

    >>> _of_one("1 analysis sets:"), _of_one("They differ in 1 respects:"), _of_one("1 trials and arms:")
    ('1 analysis set:', 'They differ in 1 respect:', '1 trial or arm:')
    """
    noun = r"[\w-]*[^\Wsiu]"
    lead = re.sub(rf"(?<=\b1 )((?:[\w-]+ )??{noun})s and ({noun})s\b", r"\1 or \2", lead)
    return re.sub(rf"(?<=\b1 )((?:[\w-]+ )??{noun})s\b", r"\1", lead)


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
