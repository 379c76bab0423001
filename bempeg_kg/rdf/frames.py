"""Data frames of a table: numbers as numbers, dates as dates, and the printed form of a number beside it.

A column of numbers becomes `Int64` or `Float64`, which hold what is missing. A column of text that holds
numbers, such as `lower` with "not reached" among them, becomes numbers as well, and its texts stand in
`<column>_printed`; the numbers of a column `printed` stand in `value`. Whole days become
dates; dates of which some lack the day stay text, as they can be no date without inventing one.
"""

from __future__ import annotations

import re

from bempeg_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_NUMBER = r"[+-]?\d+(\.\d+)?"
#: Texts that stand where a number is missing.
STATUSES = frozenset(
    {"not reached", "not published", "not stated", "not reported", "not estimable", "not found", "unknown"}
)
#: Columns whose digits are no number.
_IDENTIFIERS = frozenset({"pmid", "doi", "nct", "eudract", "identifier", "code", "phase", "locator"})
_DAY, _MONTH = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d"
#: Kinds of a column.
_INTEGER, _REAL, _DATE, _PERIOD, _OTHER = "integer", "real", "day", "month", "other"


def frame_columns(
    columns: Sequence[str], values: Sequence[list[Any]], label_of: Callable[[str], str] | None
) -> list[tuple[str, str, list[Any]]]:
    """(name, kind, values) of each column of a frame.

    >>> frame_columns(["lower"], [["1.5", "not reached"]], None)
    [('lower', 'real', [1.5, None]), ('lower_printed', 'other', ['1.5', 'not reached'])]
    """
    frame: list[tuple[str, str, list[Any]]] = []
    for name, column in zip(columns, values, strict=True):
        kind = _OTHER if name in _IDENTIFIERS else _kind(column)
        if kind in (_INTEGER, _REAL):
            numbers = [_number(value, kind) for value in column]
            if not any(isinstance(value, str) for value in column):
                frame.append((name, kind, numbers))
            elif name == "printed" and "value" not in columns:
                frame += [("value", kind, numbers), ("printed", _OTHER, column)]
            else:
                frame += [(name, kind, numbers), (f"{name}_printed", _OTHER, column)]
        elif label_of and any(isinstance(value, str) and "://" in value for value in column):
            shown = [label_of(value) or value if isinstance(value, str) else value for value in column]
            frame += [(name, _OTHER, shown), (f"{name}_iri", _OTHER, column)]
        else:
            frame.append((name, kind, column))
    return frame


def _kind(column: Sequence[Any]) -> str:
    import datetime  # tables on the way to a first answer need neither this nor decimals
    from decimal import Decimal

    stated = [value for value in column if value not in (None, "") and value not in STATUSES]
    if not stated or any(isinstance(value, bool) for value in stated):
        return _OTHER
    if all(isinstance(value, datetime.date) for value in stated):
        return _DATE
    texts = [value for value in stated if isinstance(value, str)]
    if len(texts) == len(stated):
        if all(re.fullmatch(_DAY, text) for text in texts):
            return _DATE
        if all(re.fullmatch(_MONTH, text) for text in texts):
            return _PERIOD
    if not all(
        isinstance(value, int | float | Decimal) or re.fullmatch(_NUMBER, str(value)) for value in stated
    ):
        return _OTHER
    whole = all(re.fullmatch(r"[+-]?\d+", str(value)) for value in stated)
    return _INTEGER if whole else _REAL


def _number(value: Any, kind: str) -> int | float | None:
    if value in (None, "") or value in STATUSES:
        return None
    return int(value) if kind == _INTEGER else float(value)


def pandas_frame(
    columns: Sequence[str], values: Sequence[list[Any]], label_of: Callable[[str], str] | None
) -> Any:
    """A pandas DataFrame. Raises UsageError if pandas is not installed."""
    try:
        import pandas
    except ImportError:
        raise UsageError("pandas is not installed", cure="pip install pandas") from None
    types = {_INTEGER: "Int64", _REAL: "Float64"}
    data = {}
    for name, kind, column in frame_columns(columns, values, label_of):
        if kind in types:
            data[name] = pandas.array(column, dtype=types[kind])
        elif kind == _DATE:
            data[name] = pandas.to_datetime(pandas.Series(column, dtype="object"))
        elif kind == _PERIOD:
            data[name] = pandas.PeriodIndex(column, freq="M")
        else:
            data[name] = pandas.Series(column, dtype="object")
    return pandas.DataFrame(data)


def polars_frame(
    columns: Sequence[str], values: Sequence[list[Any]], label_of: Callable[[str], str] | None
) -> Any:
    """A polars DataFrame. Raises UsageError if polars is not installed."""
    try:
        import datetime

        import polars
    except ImportError:
        raise UsageError("polars is not installed", cure="pip install polars") from None
    types = {_INTEGER: polars.Int64, _REAL: polars.Float64}
    series = []
    for name, kind, column in frame_columns(columns, values, label_of):
        if kind in types:
            series.append(polars.Series(name, column, dtype=types[kind]))
        elif kind == _DATE:
            days = [datetime.date.fromisoformat(value) if isinstance(value, str) and value else value or None
                    for value in column]  # fmt: skip
            series.append(polars.Series(name, days, dtype=polars.Date))
        else:
            series.append(polars.Series(name, column, strict=False))
    return polars.DataFrame(series)
