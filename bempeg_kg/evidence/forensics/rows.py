"""One row of a table of one's own, its cells read: numbers stay as printed, counts and levels are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bempeg_kg.errors import InputError
from bempeg_kg.evidence.forensics.cells import (
    Cell,
    read_cell,
    read_interval,
    read_whole,
    settled,
    style_beside,
)
from bempeg_kg.evidence.forensics.columns import (
    COLUMNS,
    COMPARISONS,
    STATISTICS,
    TEST_STATISTICS,
    read_header,
)
from bempeg_kg.evidence.forensics.sheets import rows_of
from bempeg_kg.evidence.percent import counts_for
from bempeg_kg.evidence.printed import read

_NUMBERS = ("value", "n", "N", "CI", "lower", "upper", "p", "registered", "start")
_ABOVE = 10
_TEST = re.compile(
    r"(?i)\s*(t|z|r|f|chi2|chi-?squared?|[xχ]2|[xχ]²)\s*"
    r"(?:\(\s*([\d.]+)\s*(?:,\s*(?:N\s*=\s*)?([\d.]+)\s*)?\))?"
    r"\s*=\s*([-\u2212]?(?:\d[\d.,]*\d|\d|\.\d+))"
    r"(?:\s*[,;]?\s*p\s*([<>=]\s*(?:\d[\d.,]*\d|\d|\.\d+)))?\s*"
).fullmatch
#: The words of papers and of the registry, letters alone, and the kinds of the model.
_HYPOTHESES = {
    "noninferiority": "nonInferiority",
    "equivalence": "equivalence",
    "superiority": "superiority",
    "superiorityorother": "superiorityOrOther",
    "noninferiorityorequivalence": "nonInferiorityOrEquivalence",
    "other": "otherHypothesis",
}


class BadRow(NamedTuple):
    """A row that cannot be read: its line, what it is about, and why."""

    line: int
    about: str
    reason: str


@dataclass(slots=True)
class Row:
    """A row; a text that is not given is "", a number None."""

    line: int
    iri: str
    label: str
    trial: str
    arm: str
    set: str
    endpoint: str
    time: str
    category: str
    value: str
    unit: str
    statistic: str
    n: int | None
    total: int | None
    lower: str
    upper: str
    level: float | None
    spread: str
    items: int
    data: str
    p: str
    sides: int | None
    method: str
    hypothesis: str
    margin: float | None
    df: float | None
    df2: float | None
    comparator: str
    registered: str
    start: str
    completion: str
    note: str
    sources: tuple[str, ...]


def rows_of_table(path: str) -> Iterator[Row | BadRow]:
    """The rows of a table. Raises InputError for a file that is no table or holds no column of numbers."""
    rows = rows_of(path)
    # A title and a remark may stand above the header.
    start = next((i for i, (_, cells) in enumerate(rows[:_ABOVE]) if _is_header(cells)), None)
    line, header = rows[start or 0]
    where, level, statistic = read_header(header)
    if start is None:
        raise InputError(
            "no column holds the printed numbers",
            file=path,
            line=line,
            cure="Name it value; further columns are n, N, lower, upper, level, p, statistic ... "
            "(bempeg-kg forensics --template).",
        )
    percent_column = "value" in where and re.search(r"(?i)%|percent", header[where["value"]]) is not None
    body = rows[start + 1 :]
    numbers = [cell for _, cells in body for cell in cells if cell]
    for line, cells in body:
        fields = {column.name: "" for column in COLUMNS}
        fields |= {name: cells[i].strip() for name, i in where.items() if i < len(cells)}
        fields["statistic"] = fields["statistic"] or (statistic if fields["value"] else "")
        about = ", ".join(part for part in (fields["endpoint"], fields["arm"], fields["trial"]) if part)
        if any(cells[len(header) :]):
            yield BadRow(line, about, "it has more cells than there are columns")
            continue
        try:
            yield _row(line, fields, about, level, numbers, percent_column=percent_column)
        except ValueError as problem:
            yield BadRow(line, about, str(problem))


def _is_header(cells: list[str]) -> bool:
    """Whether a row names columns: one of numbers, and another one."""
    where = read_header(cells).places
    return any(name in where for name in _NUMBERS) and (len(where) > 1 or len(cells) == 1)


def _row(
    line: int, fields: dict[str, str], about: str, level: str, numbers: list[str], *, percent_column: bool
) -> Row:
    _expand_test(fields)
    cell = _cell(fields)
    lower, upper = _limits(fields, cell)
    style = style_beside(cell.value, lower, upper, numbers)
    value, lower, upper = (settled(text, style) for text in (cell.value, lower, upper))
    statistic = _statistic(fields["statistic"])
    unit, is_percent = _unit(fields["unit"], cell, percent_column=percent_column, statistic=statistic)
    n, total = _whole("n", fields["n"] or cell.n), _whole("N", fields["N"] or cell.total)
    if cell.bracket and statistic in ("", "proportion", "count") and not fields["SD"] and total is not None:
        # `20 (52.6)`: the count, and its percentage in brackets.
        n, value, is_percent, unit = _whole("n", cell.value), cell.bracket, True, "percent"
    if not statistic and not is_percent and n is not None and total is not None:
        if _is_share(value, n, total):
            is_percent, unit = True, "percent"
        elif not value or value == str(n):
            statistic = "count"
    statistic = statistic or ("proportion" if is_percent else "")
    if statistic == "count" and not value and n is not None:
        value, unit = str(n), unit or "participants"
    level_text = fields["level"] or cell.level or (level if lower and upper else "")
    return Row(
        line, fields["id"] or f"line {line}", about or f"line {line}", fields["trial"], fields["arm"],
        fields["set"],
        fields["endpoint"], fields["time"], fields["category"],
        value, unit, statistic, n, total, lower, upper,
        _number("the level", level_text), fields["SD"] or (cell.bracket if statistic == "mean" else ""),
        _whole("items", fields["items"]) or 1, fields["data"].casefold(), fields["p"],
        _sides(fields["sides"]), fields["method"], _hypothesis(fields["hypothesis"]),
        _number("the margin", fields["margin"]), _number("df", fields["df"]), _number("df2", fields["df2"]),
        fields["comparator"], fields["registered"], fields["start"], fields["completion"], fields["note"],
        tuple(one.strip() for one in fields["source"].split(";") if one.strip()),
    )  # fmt: skip


def _expand_test(fields: dict[str, str]) -> None:
    """Spread a result such as `t(28) = 2.20, p = .03` over its columns."""
    parts = _TEST(fields["value"])
    if not parts:
        return
    kind = parts[1].casefold()
    fields["statistic"] = "chi2" if kind[0] in "xχc" else kind
    fields["value"] = parts[4]
    fields["df"] = fields["df"] or parts[2] or ""
    if fields["statistic"] == "f":
        fields["df2"] = fields["df2"] or parts[3] or ""
    fields["p"] = fields["p"] or (parts[5] or "").replace("=", "").strip()


def _cell(fields: dict[str, str]) -> Cell:
    cell = read_cell(fields["value"])
    if cell.value and "/" in fields["n"] and not fields["N"]:
        counted = read_cell(fields["n"])
        fields["n"], fields["N"] = counted.n, counted.total
    return cell


def _limits(fields: dict[str, str], cell: Cell) -> tuple[str, str]:
    lower, upper = fields["lower"] or cell.lower, fields["upper"] or cell.upper
    if fields["CI"]:
        both = read_interval(fields["CI"])
        if both is None and any(sign.isdigit() for sign in fields["CI"]):
            raise ValueError(f"the interval '{fields['CI']}' is not read; write both limits: 0.62 to 0.92")
        lower, upper = both or (lower, upper)
    return lower.replace("%", "").strip(), upper.replace("%", "").strip()


def _statistic(text: str) -> str:
    folded = " ".join(text.casefold().replace("_", " ").split())
    if folded in STATISTICS:
        return STATISTICS[folded]
    name = folded.replace(" ", "-")
    plain = name.removesuffix("-test").replace("chi-squared", "chi2").replace("chi-square", "chi2")
    return plain if plain in TEST_STATISTICS else name


def _unit(text: str, cell: Cell, *, percent_column: bool, statistic: str) -> tuple[str, bool]:
    """(unit, whether it is percent). A number under `%` is a percentage unless it is a ratio or a test."""
    if text:
        is_percent = text.casefold() in ("percent", "%", "per cent", "percentage", "pct")
        return ("percent" if is_percent else text), is_percent
    may_be = statistic not in COMPARISONS and statistic not in TEST_STATISTICS
    is_percent = may_be and (
        cell.is_percent or percent_column or statistic in ("proportion", "kaplan-meier-rate")
    )
    return ("percent" if is_percent else ""), is_percent


def _is_share(text: str, n: int, total: int) -> bool:
    """Whether a number without a unit prints n of N in percent."""
    number = read(text)
    return total > 0 and number is not None and not number.bound and n in counts_for(number, total)


def _whole(name: str, text: str) -> int | None:
    if not text:
        return None
    number = read_whole(text)
    if number is None:
        raise ValueError(f"{name} is '{text}', not a whole number")
    return number


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    printed = read(text)
    if printed is None or printed.bound:
        raise ValueError(f"{name} is '{text}', not a number")
    return float(printed.value)


def _sides(text: str) -> int | None:
    if not text:
        return None
    number = {"1": 1, "2": 2, "one": 1, "two": 2}.get(re.split(r"[- ]", text.casefold())[0])
    if number is None:
        raise ValueError(f"the sides are '{text}', not 1 or 2")
    return number


def _hypothesis(text: str) -> str:
    folded = re.sub(r"[^a-z]", "", text.casefold()).removesuffix("legacy")
    return _HYPOTHESES.get(folded, text)
