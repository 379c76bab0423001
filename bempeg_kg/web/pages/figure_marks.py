"""The marks of a declared figure, read from the rows of an answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bempeg_kg.evidence.stats.intervals import wilson
from bempeg_kg.pictures.figure_table import year_of
from bempeg_kg.rdf.table import Table, Term


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row puts into a figure; ``second`` is the other end of a dumbbell, or the place on a curve."""

    #: where its row stands in the answer; of a count its rows, with blanks between
    row: int | str
    label: str
    value: float
    printed: str
    low: float | None = None
    high: float | None = None
    second: float | None = None
    series: str = ""
    #: what heads it together with its neighbours, such as a trial; and its counts, such as "20 of 38"
    group: str = ""
    counts: str = ""
    #: the ends as printed, with the level where it is not 95
    interval: str = ""


def counted(declared: Mapping[str, Any], table: Table, words: Callable[[Term], str]) -> list[Mark]:
    """A mark for each label with the number of its rows, the most first."""
    places = {name: at for at, name in enumerate(table.columns)}
    rows: dict[str, list[int]] = {}
    for at, row in enumerate(table.rows):
        texts = [words(row[places[name]]) for name in declared["label"] if name in places]
        if label := ", ".join(filter(None, texts)):
            rows.setdefault(label, []).append(at)
    by_count = sorted(rows.items(), key=lambda one: -len(one[1]))
    return [Mark(" ".join(map(str, held)), label, len(held), str(len(held))) for label, held in by_count]


def read_marks(declared: Mapping[str, Any], table: Table, words: Callable[[Term], str]) -> list[Mark]:
    """A mark for each row that holds the numbers or dates of the figure."""
    places = {name: at for at, name in enumerate(table.columns)}
    marks: list[Mark] = []
    for at, row in enumerate(table.rows):

        def cell_text(column: str, row: Sequence[Term] = row) -> str:
            return words(row[places[column]]) if column in places else ""

        if any(cell_text(column) != wanted for column, wanted in declared.get("only", {}).items()):
            continue
        read = year_of if declared["kind"] == "dates" else _number
        value, second = read(cell_text(declared["value"])), read(cell_text(declared.get("second", "")))
        if value is None or ("second" in declared and second is None and declared["kind"] != "dates"):
            continue
        names = [cell_text(name) for name in declared.get("label", ())]
        label = ", ".join(filter(None, names))
        low, high = (_number(cell_text(declared.get(name, ""))) for name in ("lower", "upper"))
        n, of = _number(cell_text("n")), _number(cell_text("N"))
        counts = f"{cell_text('n')} of {cell_text('N')}" if n and of else ""
        if counts and "lower" not in declared and declared.get("unit") == "%":
            low, high = _score_interval(n, of)
        printed, series = cell_text(declared["value"]), cell_text(declared.get("series", ""))
        if declared["kind"] == "dates" and second is not None:
            printed = f"{printed[:7]} to {cell_text(declared['second'])[:7]}"
        group = names[0] if len(names) > 1 else ""
        interval = _interval(*(cell_text(declared.get(name, "")) for name in ("lower", "upper", "level")))
        marks.append(Mark(at, label, value, printed, low, high, second, series, group, counts, interval))
    return marks


def _interval(lower: str, upper: str, level: str) -> str:
    """An interval as its source prints it; empty without an end.

    >>> _interval("0.59", "1.10", "99.929"), _interval("0.66", "0.99", "95")
    ('0.59 to 1.10, 99.929 %', '0.66 to 0.99')
    """
    if not (lower and upper):
        return ""
    return f"{lower} to {upper}" + (f", {level} %" if level not in ("", "95") else "")


def _score_interval(count: float | None, of: float | None) -> tuple[float | None, float | None]:
    """The 95 % score interval of a proportion, as percentages; none where the counts do not make one."""
    if count is None or not of or not 0 <= count <= of:
        return None, None
    limits = wilson(int(count), int(of))
    return round(100 * limits.lower, 1), round(100 * limits.upper, 1)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().lstrip("<>≤≥ ").rstrip("% "))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
