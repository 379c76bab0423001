"""Declared figures of rows that hold no number: counts of rows by label, and rows on an axis of years."""

from __future__ import annotations

from collections import Counter
from math import ceil, floor

from bempeg_kg.errors import NoAnswer
from bempeg_kg.pictures.chart import BLUE, GREY, Chart
from bempeg_kg.pictures.figure_table import MOST, Reading, left_out, year_of
from bempeg_kg.pictures.forest import Frame, Row, rows_chart
from bempeg_kg.pictures.row_marks import Look, Mark

_BAR, _DAY, _SPAN = Look("bar", BLUE), Look("disc", BLUE), Look("link", GREY)


def counts(reading: Reading) -> Chart:
    """One bar a label, as long as the number of its rows; see `figures.FIGURES`."""
    labels = [label for row in reading.kept() if (label := reading.text(row, "label"))]
    if not labels:
        raise NoAnswer("there is nothing to draw: no row of the answer has the label of the figure")
    common = Counter(labels).most_common(MOST)
    rows = [Row(label, (), (str(count),), [Mark(_BAR, 0, count)]) for label, count in common]
    frame = Frame(
        reading.title,
        "",
        reading.words.get("unit", "rows"),
        (),
        ("number",),
        (0.0, common[0][1] * 1.05),
        whole=True,
        reference=0.0,
        notes=_notes(reading, sum(1 for _ in reading.kept()) - len(labels), "without a label"),
    )
    return rows_chart(rows, frame, reading.table, reading.shape)


def dates(reading: Reading) -> Chart:
    """One day a row, or the span to the day of `second`; see `figures.FIGURES`."""
    rows, ends = [], []
    for row in reading.rows():
        texts = (reading.text(row, "value"), reading.text(row, "second"))
        years = [year for text in texts if (year := year_of(text)) is not None]
        if year_of(texts[0]) is None:
            continue
        marks = [Mark(_SPAN, years[0], years[1])] if len(years) > 1 else []
        marks += [Mark(_DAY, year) for year in years]
        rows.append(Row(reading.text(row, "label"), (), (" to ".join(filter(None, texts)),), marks))
        ends += years
    if not rows:
        raise NoAnswer("there is nothing to draw: no row of the answer holds a date")
    frame = Frame(
        reading.title,
        "",
        "year",
        (),
        ("date",),
        (floor(min(ends)), max(ceil(max(ends)), floor(min(ends)) + 1)),
        whole=True,
        notes=_notes(reading, sum(1 for _ in reading.rows()) - len(rows[:MOST]), "without a date"),
    )
    return rows_chart(rows[:MOST], frame, reading.table, reading.shape)


def _notes(reading: Reading, missing: int, reason: str) -> list[str]:
    return [*([reading.caveat] if reading.caveat else []), *left_out(missing, reason)]
