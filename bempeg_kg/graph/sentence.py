"""The sentence that answers a question, filled from its rows by the template of its header.

A template is a text with `{column}` for a value and `[...]` for a part that is left out where a value in it
is missing; of `[one|other]` the first part that can be filled is told. A value before ` {unit}` has its unit
as a reader writes it. In `lead`, `{rows}` is the number of rows, `{tally:column}` how often each value of a
column occurs, the most frequent first, and `{median:column}` the median of its numbers. Rows that `first:
column=value|value` names are told before the others, in the order of the values; of several such rules the
first weighs most, and the others give way to the order that a question in words asks for. Rows that `last:
column=text` names by a part come behind the others. Otherwise rows are told by the number in the column
`largest`, the greatest first, or in the order of the table; `most` of them at most, and no more than
`longest` characters hold. `cut: column=characters` ends a longer text of a column within so many, and
`apart: column=characters` does, and tells it of those rows alone that would read alike without it.
`join: sentences` makes each row a sentence of its own. Rows in the same words are told once; behind a lead
that counts the rows, with how many they are.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from textwrap import shorten

from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.telling import is_label, remarks
from bempeg_kg.rdf.units import with_p, with_unit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Characters of a sentence that tells several rows: five lines of a terminal.
LONGEST = 396
#: Rows that a sentence tells if its header does not say how many.
_MOST = 3
#: Values that an optional part of a sentence leaves out.
_UNSTATED = ("not reported", "not stated")
#: Nouns behind a single one.
_ONE_OF_MANY = r"(?<![\d.,-])1 (result|event|participant|patient|pair|statement|claim|link|point)s\b"


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
    cells = _apart(_cells(question, table, label), template)
    rules = {"first": _rules(template)[:1], "last": template.get("last", "")} if in_order else template
    cells = [_cut(cells[place], template) for place in _places(cells, rules)]
    lead = str(template.get("lead", ""))
    is_counted = "{rows}" in lead
    lead = fill(lead, {**cells[0], "rows": f"{count:,}", **_over_rows(lead, cells)})
    lead = _of_one(lead) if count == 1 else lead
    each, most = str(template.get("each", "")), int(template.get("most", _MOST))
    #: of how many rows a clause tells
    clauses = Counter(filter(None, (fill(each, row).rstrip(".") for row in cells))) if each else Counter()
    text = _joined(lead, clauses, most, template, is_counted=is_counted)
    text = re.sub(r"(?<=; )(?:Not?|Did|Interim)\b", lambda match: match[0].lower(), text)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".") if text else ""


def _cut(row: dict[str, str], template: Mapping[str, object]) -> dict[str, str]:
    """A row with the text of one column as short as its template wants it; the table has the whole.

    >>> _cut({"dose": "10 mg/kg once daily for the first 2 weeks, then 20 mg/kg"}, {"cut": "dose=30"})
    {'dose': '10 mg/kg once daily for ...'}
    """
    column, _, most = str(template.get("cut", "")).partition("=")
    return {**row, column: shorten(row[column], int(most), placeholder=" ...")} if column in row else row


def _apart(cells: list[dict[str, str]], template: Mapping[str, object]) -> list[dict[str, str]]:
    """The rows with a remark, in short, on those alone whose labels are the same as those of another row.

    >>> rows = [{"what": "a", "comment": "first of all"}, {"what": "a", "comment": "second"}, {"what": "b"}]
    >>> [row["comment"] for row in _apart(rows, {"apart": "comment=9"})]
    ['first ...', 'second', '']
    """
    column, _, most = str(template.get("apart", "")).partition("=")
    if not column:
        return cells
    keys = [tuple(text for name, text in row.items() if is_label(name)) for row in cells]
    told = remarks(keys, [row.get(column, "") for row in cells], int(most))
    return [{**row, column: text} for row, text in zip(cells, told, strict=True)]


def _joined(
    lead: str, counted: Counter[str], most: int, template: Mapping[str, object], *, is_counted: bool = False
) -> str:
    """The lead with as many clauses as there is room for, at least one, and how many rows are left.

    >>> _joined("3 ratios:", Counter({"A 0.8": 2, "B 0.9": 1}), 1, {}, is_counted=True)
    '3 ratios: A 0.8 (2 rows); and 1 more'
    """
    rows = [f" ({count:,} rows)" if is_counted and count > 1 else "" for count in counted.values()]
    clauses = [clause + alike for clause, alike in zip(counted, rows, strict=True)]
    numbers = list(counted.values())
    join, longest = template.get("join"), int(str(template.get("longest", LONGEST)))
    for told in range(min(most, len(clauses)), -1, -1):
        left = sum(numbers[told:])
        more = f"; and {left:,} more" if left and told else ""
        body = (". " if join == "sentences" else "; ").join(clauses[:told]) + more
        text = " ".join(part for part in (lead, body) if part)
        if told <= 1 or join == "sentences" or len(text) <= longest:
            break
    return re.sub(_ONE_OF_MANY, r"1 \1", text)


def _over_rows(lead: str, cells: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What a lead says of a column as a whole: `tally:column` and `median:column`, each with its text.

    >>> rows = [{"was": "late", "months": "4"}, {"was": "on time", "months": "9"}, {"was": "late"}]
    >>> _over_rows("{tally:was}[, {median:months} months]", rows)
    {'tally:was': '2 late, 1 on time', 'median:months': '6.5'}
    """
    found: dict[str, str] = {}
    for name, kind, column in re.findall(r"\{((tally|median):(\w+))\}", lead):
        values = [row.get(column, "") for row in cells]
        if kind == "tally":
            counted = Counter(value or "not stated" for value in values)
            found[name] = ", ".join(f"{number:,} {value}" for value, number in counted.most_common())
        else:
            from statistics import median  # few leads need it, and it costs a tenth of a first answer

            numbers = [number for number in map(_number, values) if number > -math.inf]
            found[name] = f"{median(numbers):.10g}" if numbers else ""
    return found


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
    return _places(_cells(question, table, label), question.sentence)


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
    >>> fill("{a} {unit}[ ({n} of {N})|, of {N}]", {"a": "3", "unit": "percent", "n": "", "N": "91"})
    '3 %, of 91'
    >>> fill("{a}[, p {p}]", {"a": "0.7", "p": "P<0.001"})
    '0.7, p <0.001'
    """

    def part(match: re.Match[str]) -> str:
        """The first alternative of which every value is stated; "" for none."""
        stated = {name: "" if value in _UNSTATED else value for name, value in values.items()}
        return next(filter(None, (fill(one, stated) for one in match[1].split("|"))), "")

    text = template
    while re.search(r"\[[^\[\]]*\]", text):  # the innermost parts first
        text = re.sub(r"\[([^\[\]]*)\]", part, text)
    names = re.findall(r"\{([\w:]+)\}", text)
    if any(not values.get(name) for name in names):
        return ""
    text = re.sub(r"\{(\w+)\} \{unit\}", lambda match: with_unit(values[match[1]], values["unit"]), text)
    text = text.replace("p {p}", with_p(values.get("p", "")))
    return re.sub(r"\{([\w:]+)\}", lambda match: values[match[1]], text)


def _number(text: str) -> float:
    """A printed number, or less than any where the text is none."""
    try:
        return float(text)
    except ValueError:
        return -math.inf


def _cells(question: Question, table: Table, label: Callable[[str], str]) -> list[dict[str, str]]:
    """The texts of the columns that the template names, a mapping a row; others can be thousands of IRIs."""
    named = set(re.findall(r"\w+", str(question.sentence)))
    places = [(column, place) for place, column in enumerate(table.columns) if column in named]
    return [{column: _text(row[place], label) for column, place in places} for row in table.rows]


def _text(term: object, label: Callable[[str], str]) -> str:
    text = "" if term is None else str(getattr(term, "value", term))
    return label(text) if "://" in text else text
