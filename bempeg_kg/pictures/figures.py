"""Declared figures: a question says in its header which columns are drawn, and how; nothing is guessed.

>>> from bempeg_kg.rdf.table import Table
>>> table = Table.of(["group", "percent", "n", "N"], [["A", 52.6, 20, 38], ["B", 36.0, None, None]])
>>> declared = {"kind": "forest", "title": "Response", "label": ["group"], "value": "percent",
...     "count": "n", "total": "N", "unit": "%"}
>>> svg = figure(declared, table).to_bytes("svg").decode()
>>> "20/38" in svg, "35.8 to 69.0" in svg, "no interval" in svg
(True, True, True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from bempeg_kg.errors import NoAnswer, UnknownName, UsageError
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.curve import curve
from bempeg_kg.pictures.figure_counts import counts, dates
from bempeg_kg.pictures.figure_rows import bars, dumbbell, forest
from bempeg_kg.pictures.figure_table import MOST, Reading
from bempeg_kg.pictures.scene import SHAPES
from bempeg_kg.rdf.table import Table

#: Fields that hold words and no column.
_WORDS = ("title", "unit", "scale", "reference", "across")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figure: what it draws, the fields that need a column, and those that can have one."""

    about: str
    draw: Callable[[Reading], Chart]
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


#: Kind -> what it draws of the rows of an answer. `label` holds one column or several, which are joined;
#: rows that share the first of several stand under it. `level` is a column, or one number for all rows;
#: `sides` are the columns of the groups that each side of a plot of ratios favours. `units` is the column of
#: the unit of each row: a row of a figure in percent that is in another unit is drawn by its counts.
FIGURES = {
    "forest": Kind(
        "estimates with intervals on one axis; of counts without one the exact 95 percent interval",
        forest,
        ("label", "value"),
        ("lower", "upper", "level", "count", "total", "units", "sides"),
    ),
    "bars": Kind("one number a row, from zero", bars, ("label", "value")),
    "dumbbell": Kind(
        "two numbers a row and their difference, the largest first",
        dumbbell,
        ("label", "value", "second"),
    ),
    "counts": Kind("the number of rows that share a label, the most first", counts, ("label",)),
    "dates": Kind("a day a row on an axis of years, or a span", dates, ("label", "value"), ("second",)),
    "curve": Kind("lines of a value over a second one", curve, ("value", "second"), ("series",)),
}


def figure(
    declared: Mapping[str, Any],
    table: Table,
    *,
    title: str = "",
    caveat: str | None = None,
    shape: str = "wide",
    order: Sequence[int] = (),
    most: int = MOST,
) -> Chart:
    """The figure that a header declares of an answer, in a shape of SHAPES.

    `only` in the declaration keeps rows whose columns hold one of the texts given; `order` are the places of
    the rows as they are drawn, `most` of them; `caveat` stands below, that of the table if left out.
    `to_bytes("svg")` of the chart is the picture, `.description` its text alternative, `.table` the same
    content; a line below the picture counts rows without a number. Raises UsageError for a declaration that
    does not fit the table (see `check_figure`), NoAnswer if no row can be drawn.
    """
    check_figure(declared, table.columns)
    if shape not in SHAPES:
        raise UnknownName("shape", shape, SHAPES, cure=f"There are {' and '.join(SHAPES)}.")
    if not len(table):
        raise NoAnswer("there is nothing to draw: the answer has no rows")
    kind = FIGURES[str(declared["kind"])]
    roles = {
        role: _columns(declared[role])
        for role in (*kind.needs, *kind.takes)
        if role in declared and not isinstance(declared[role], int | float)
    }
    words = {word: str(value) for word, value in declared.items() if word in _WORDS or word not in roles}
    only = {
        str(column): [str(text) for text in (texts if isinstance(texts, list) else [texts])]
        for column, texts in declared.get("only", {}).items()
    }
    shown = title or words.get("title") or table.sentence
    note = table.caveat if caveat is None else caveat
    return kind.draw(Reading(table, roles, words, only, shown, note, shape, order, most))


def check_figure(declared: Mapping[str, Any], columns: Iterable[str]) -> None:
    """Raise UsageError for an unknown kind or field, one that is missing, a column not in the answer, or a
    reference that is no number.

    >>> try:
    ...     check_figure({"kind": "bars", "label": "group"}, ["group"])
    ... except UsageError as error:
    ...     print(error.message)
    a figure of kind bars needs a column for value
    """
    name = str(declared.get("kind", ""))
    if name not in FIGURES:
        raise UnknownName("kind of figure", name, FIGURES, cure=f"There are {', '.join(FIGURES)}.")
    kind = FIGURES[name]
    for role in kind.needs:
        if role not in declared:
            raise UsageError(
                f"a figure of kind {name} needs a column for {role}",
                cure=f"Declare {role}: and the name of a column.",
            )
    held = list(columns)
    for role, value in declared.items():
        if role == "reference" and not _is_number(value):
            raise UsageError(
                f"the reference of a figure is a number, not {value}", cure="Write reference: 1."
            )
        if role in ("kind", *_WORDS):
            continue
        if role not in ("only", *kind.needs, *kind.takes):
            known = ", ".join([*kind.needs, *kind.takes, *_WORDS])
            raise UsageError(f"a figure of kind {name} has no {role}", cure=f"It has {known}.")
        if role == "level" and isinstance(value, int | float):
            continue
        missing = [column for column in _columns(value) if column not in held]
        if missing:
            raise UsageError(
                f"the answer has no column {missing[0]}, which the figure takes as {role}",
                cure=f"It has {', '.join(held)}." if held else "It has none.",
            )


def _is_number(value: object) -> bool:
    try:
        return isfinite(float(str(value)))
    except ValueError:
        return False


def _columns(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    return tuple(str(one) for one in value)  # type: ignore[attr-defined]
