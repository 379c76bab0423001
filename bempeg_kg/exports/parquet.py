"""Parquet: tidy tables with numbers as numbers, and what each column means in its metadata.

Decimals are float64, as pandas, Polars and DuckDB expect; `printed` keeps the text of the source.
"""

from __future__ import annotations

import io

from bempeg_kg.errors import UsageError
from bempeg_kg.exports import tidy
from bempeg_kg.exports.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any


def write(source: Source, *, licence: str, title: str) -> dict[str, bytes]:
    """A Parquet file a table of `tidy.TABLES`. Raises UsageError where pyarrow is not installed."""
    return {
        f"{name}.parquet": table(
            [(column, datatype, meaning) for column, _, datatype, meaning in tidy.columns(name)],
            tidy.rows(source, name),
            {"title": title, "license": licence, "table": name},
        )
        for name in tidy.TABLES
    }


def table(
    columns: Sequence[tuple[str, str, str]],
    rows: Iterable[Mapping[str, str]],
    metadata: dict[str, str],
) -> bytes:
    """One Parquet file: columns as (name, datatype, meaning), rows as texts by column name.

    Raises UsageError where pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed",
            cure="Install it: pip install 'bempeg-kg[parquet]'.",
        ) from None
    kinds = {
        "decimal": pyarrow.float64(),
        "double": pyarrow.float64(),
        "integer": pyarrow.int64(),
        "boolean": pyarrow.bool_(),
    }
    listed = list(rows)
    fields, arrays = [], []
    for column, datatype, meaning in columns:
        kind = kinds.get(datatype, pyarrow.string())
        fields.append(pyarrow.field(column, kind, metadata={"description": meaning}))
        arrays.append(pyarrow.array([_cell(row[column], datatype) for row in listed], kind))
    schema = pyarrow.schema(fields, metadata=metadata)
    target = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), target)
    return target.getvalue()


def _cell(text: str, datatype: str) -> Any:
    """The value of a cell of the tidy tables; None for an empty one.

    >>> _cell("36.0", "decimal"), _cell("38", "integer"), _cell("true", "boolean"), _cell("", "string")
    (36.0, 38, True, None)
    """
    if not text:
        return None
    if datatype in ("decimal", "double"):
        return float(text)
    if datatype == "integer":
        return int(text)
    return text == "true" if datatype == "boolean" else text
