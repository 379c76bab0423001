"""A column of identifiers in a CSV or TSV file, with the matching entities written beside it.

Every row and every column of the input comes back, in order; the matches stand in new columns behind them.
"""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from bempeg_kg.errors import BempegError, InputError, UnknownName
from bempeg_kg.graph.links import Links

#: The columns that are added.
ADDED = ("kg_entity", "kg_label", "kg_match", "kg_remark")


class Batch(NamedTuple):
    """The text of the new table, and how many of its rows have a match."""

    text: str
    rows: int
    matched: int


def link_table(
    links: Links, text: str, *, column: str | None = None, form: str = "csv", file: str = ""
) -> Batch:
    """The table with the entities that the identifiers of one column stand for; several are joined by `|`.

    `form` is `csv` (RFC 4180) or `tsv` (cells as they are, no quoting). `column` is a name or a number
    from 1; left out, the first. Raises InputError for an empty or malformed table, UnknownName for the
    column.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    ending = "\r\n" if "\r\n" in text else "\n"
    rows = _read(text.removeprefix("\ufeff"), form, file)
    head = rows[0]
    place = _place(head, column)
    width = max(map(len, rows))
    new_names = _free_names(head)
    answers: dict[str, list[str]] = {}
    output = [[*head, *[""] * (width - len(head)), *new_names]]
    matched = 0
    for row in rows[1:]:
        if not row:
            output.append([])
            continue
        cell = row[place] if place < len(row) else ""
        if cell not in answers:
            answers[cell] = _cells(links, cell)
        new_cells = answers[cell]
        matched += bool(new_cells[0])
        output.append([*row, *[""] * (width - len(row)), *new_cells])
    return Batch(mark + _written(output, form, ending), sum(map(bool, rows[1:])), matched)


def _cells(links: Links, cell: str) -> list[str]:
    """Entity, label, match and remark for one identifier."""
    if not cell.strip():
        return ["", "", "", "empty"]
    try:
        own = links.own(cell)
        if own is not None:
            return [links.names.shorten(own), links.label(own), "entity", ""]
        matched = links.named(cell) or links.inward(cell)
    except BempegError as error:
        return ["", "", "", "; ".join(str(error).splitlines())]
    if not matched.links:
        return ["", "", "", "; ".join(matched.remarks) or "no link"]
    best = matched.links[0].match
    chosen = {link.entity: link for link in matched.links if link.match == best}
    return [
        "|".join(map(links.names.shorten, chosen)),
        "|".join(link.label for link in chosen.values()),
        best,
        "; ".join(matched.remarks),
    ]


def _read(text: str, form: str, file: str) -> list[list[str]]:
    if form == "tsv":
        lines = re.split(r"\r\n|\n", text.removesuffix("\n").removesuffix("\r"))
        rows = [line.split("\t") if line else [] for line in lines]
    else:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            rows = list(reader)
        except csv.Error as error:
            raise InputError(
                f"not CSV: {error}", file=file, line=reader.line_num, cure="Close the quotation mark there."
            ) from None
    if not rows or not rows[0]:
        raise InputError("the table is empty", file=file, line=1, cure="Its first line names the columns.")
    return rows


def _place(head: list[str], column: str | None) -> int:
    if column is None:
        return 0
    if column in head:
        return head.index(column)
    if column.isdigit() and 1 <= int(column) <= len(head):
        return int(column) - 1
    raise UnknownName("column", column, head, cure=f"The columns are {', '.join(head)}.")


def _free_names(head: list[str]) -> list[str]:
    """Names for the added columns that the table does not have yet."""
    tail = ""
    while any(f"{name}{tail}" in head for name in ADDED):
        tail = "_2" if not tail else f"_{int(tail[1:]) + 1}"
    return [f"{name}{tail}" for name in ADDED]


def _written(rows: list[list[str]], form: str, ending: str) -> str:
    if form == "tsv":
        return "".join("\t".join(row) + ending for row in rows)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=ending)
    writer.writerows(rows)
    return stream.getvalue()
