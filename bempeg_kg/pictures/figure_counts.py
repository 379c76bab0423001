"""Declared figures of rows that hold no number: counts of rows by label, and rows on an axis of years."""

from __future__ import annotations

from math import ceil, floor

from bempeg_kg.errors import NoAnswer
from bempeg_kg.pictures.chart import BLUE, GREY, Chart
from bempeg_kg.pictures.figure_rows import grouped
from bempeg_kg.pictures.figure_table import Reading, left_out, year_of
from bempeg_kg.pictures.forest import Frame, Row, rows_chart
from bempeg_kg.pictures.row_marks import Look, Mark

_BAR, _DAY, _SPAN = Look("bar", BLUE), Look("disc", BLUE), Look("link", GREY)


def counts(reading: Reading) -> Chart:
    """One bar a label, as long as the number of its rows; see `figures.FIGURES`."""
    labels: dict[str, list[int]] = {}
    total = 0
    for row in reading.kept():
        total += 1
        if label := reading.text(row, "label"):
            labels.setdefault(label, []).extend(row.places)
    if not labels:
        raise NoAnswer("there is nothing to draw: no row of the answer has the label of the figure")
    common = sorted(labels.items(), key=lambda one: -len(one[1]))
    rows = [
        Row(label, (), (str(len(places)),), [Mark(_BAR, 0, len(places))], places=places)
        for label, places in common[: reading.most]
    ]
    notes = [reading.caveat] if reading.caveat else []
    unlabelled = total - sum(map(len, labels.values()))
    notes += [f"{unlabelled} of {total} rows have no such label."] if unlabelled else []
    if len(common) > len(rows):
        notes.append(f"The first {len(rows)} of {len(common)} labels are drawn.")
    frame = Frame(
        reading.title,
        "",
        reading.words.get("unit", "rows"),
        (),
        ("number",),
        (0.0, len(common[0][1]) * 1.05),
        whole=True,
        reference=0.0,
        notes=notes,
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
        rows.append((row, Row("", (), (" to ".join(filter(None, texts)),), marks, places=row.places)))
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
        notes=[
            *([reading.caveat] if reading.caveat else []),
            *left_out(reading, len(rows), "without a date"),
        ],
    )
    return rows_chart(grouped(reading, rows[: reading.most]), frame, reading.table, reading.shape)
