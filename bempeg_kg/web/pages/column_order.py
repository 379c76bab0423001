"""How the columns of an answer stand on a page: joined where they belong together, the source near the value.

A file of the answer keeps the columns of the query; here a reader's eye has to reach the end of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from bempeg_kg.rdf.telling import VALUES
from bempeg_kg.rdf.units import with_unit
from bempeg_kg.web.pages.cell import Cell, is_number

Row = Mapping[str, Cell]
Column = tuple[str, Callable[[Row], Cell]]

WITH_UNIT = ("printed", "estimate", "computed", "dose")
"""Columns that a column ``unit`` belongs to, the first that is there."""
MEASURED = ("printed", "estimate")
"""Columns that a column ``measure`` belongs to: a ratio of 0.94 and a difference of 0.94 are two things."""
BELONGING = frozenset("n N denominator n_basis interval p alpha".split())
"""Columns that come between a value and its source."""
NOTE = "intervalNote"
"""The column of what there is to say of an interval."""
MOST = 9
"""Columns that stand open before a reader asks for the others."""
SOURCE = "source and basis"


def shaped(columns: Sequence[str]) -> list[Column]:
    """The columns of a page for those of an answer, each with what makes its cell from those of a row.

    >>> [name for name, _ in shaped("trial printed unit N lower upper set source basis".split())]
    ['trial', 'value', 'N', 'interval', 'source and basis', 'set']
    """
    shaped_columns: dict[str, Column] = {name: (name, _plain(name)) for name in columns}
    valued = next((name for name in WITH_UNIT if name in shaped_columns), "")
    if valued and "unit" in shaped_columns:
        del shaped_columns["unit"]
        title = "value" if valued == "printed" else valued
        shaped_columns[valued] = (title, lambda row: _with_unit(row[valued], row["unit"]))
    if valued in MEASURED and "measure" in shaped_columns:
        del shaped_columns["measure"]
        shaped_columns[valued] = _measured(*shaped_columns[valued])
    if "difference" in shaped_columns and "dimension" in shaped_columns:
        del shaped_columns["difference"]
        shaped_columns["dimension"] = ("dimension", _leading_to_difference)
    if "compared" in shaped_columns and "reference" in shaped_columns:
        del shaped_columns["reference"]
        shaped_columns["compared"] = ("compared", _against)
    if "tissue" in shaped_columns and "species" in shaped_columns:
        del shaped_columns["species"]
        shaped_columns["tissue"] = ("tissue, species", _seen_in)
    for lower in [name for name in shaped_columns if name.endswith("lower")]:
        stem = lower.removesuffix("lower")
        if stem + "upper" in shaped_columns:
            level = "level" if not stem and "level" in shaped_columns else ""
            note = NOTE if not stem and NOTE in shaped_columns else ""
            shaped_columns[lower] = (f"{stem}interval", _interval(lower, stem + "upper", level, note))
            for joined in (stem + "upper", level, note):
                shaped_columns.pop(joined, None)
    order = list(shaped_columns.values())
    if "source" in shaped_columns and "basis" in shaped_columns:
        order = [one for one in order if one[0] not in ("source", "basis")]
        order.insert(_behind_value(order), (SOURCE, _sourced))
    return order


def pinned(names: Sequence[str]) -> int:
    """The place of the column that stays in sight while others scroll: what the row rests on; -1 for none."""
    return next((names.index(name) for name in (SOURCE, "basis") if name in names), -1)


def main(names: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
    """The columns of a page, by name, that stand open: those of ``wanted``, else the first; and the source.

    ``names`` are the columns of the answer, which `shaped` joins; at most ``MOST`` of them stand open: the
    value with its interval, and of the others in ``wanted`` the first.

    >>> sorted(main("trial printed unit N lower upper set source basis".split(), ["printed", "lower"]))
    ['interval', 'source and basis', 'value']
    >>> "printed" in main([*"abcdefghijk", "printed"], [*"abcdefghijk", "printed"])
    True
    """
    joined = [name for name, _ in shaped(names)]
    rest = [name for name in joined if name in (SOURCE, "source", "basis")]
    whole = [*wanted, "unit", *(name.replace("lower", "upper") for name in wanted if "lower" in name)]
    of_wanted = [name for name, _ in shaped([name for name in whole if name in names])]
    kept = [name for name in of_wanted if name in joined] if wanted else joined
    value = next((name for name in kept if name in (*VALUES, "value")), "")
    rest += [name for name in kept if value and name in (value, "interval")]
    first = [name for name in kept if name not in rest]
    return frozenset([*first[: MOST - len(rest)], *rest])


def _behind_value(order: Sequence[Column]) -> int:
    """The place behind the last value and what belongs to it; the end where there is no value."""
    places = [place for place, (name, _) in enumerate(order) if name in VALUES]
    if not places:
        return len(order)
    place = places[-1] + 1
    while place < len(order) and order[place][0] in BELONGING:
        place += 1
    return place


def _plain(name: str) -> Callable[[Row], Cell]:
    return lambda row: row[name]


def _leading_to_difference(row: Row) -> Cell:
    """What two trials differ in, as the link to the difference, whose own name repeats it."""
    return replace(row["dimension"], href=row["difference"].href, title=row["difference"].title)


def _against(row: Row) -> Cell:
    """Both sides of a comparison; a row that compares nothing has one."""
    compared, reference = row["compared"], row["reference"]
    return Cell(f"{compared.text} against {reference.text}") if reference.text else compared


def _seen_in(row: Row) -> Cell:
    """Where in a body a step was shown, and in which species."""
    return Cell(", ".join(filter(None, (row["tissue"].text, row["species"].text))))


def _with_unit(value: Cell, unit: Cell) -> Cell:
    text = with_unit(value.text, unit.text)
    return value if text == value.text else Cell(text, numeric=is_number(text))


def _measured(title: str, value: Callable[[Row], Cell]) -> Column:
    """A column of values, each behind the name of its measure."""

    def joined(row: Row) -> Cell:
        """A value behind its measure; words in place of a value stand alone."""
        cell, measure = value(row), row["measure"].text
        return Cell(f"{measure} {cell.text}") if measure and any(map(str.isdigit, cell.text)) else cell

    return title, joined


def _interval(lower: str, upper: str, level: str, note: str) -> Callable[[Row], Cell]:
    def joined(row: Row) -> Cell:
        """The interval of a row in one cell, with its level and the note on it."""
        low, high, at = row[lower].text, row[upper].text, row[level].text if level else ""
        if not low and not high:
            return Cell("")
        text = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
        text = f"{text} ({at}\N{NO-BREAK SPACE}%)" if at else text
        return Cell(f"{text}; {row[note].text}" if note and row[note].text else text)

    return joined


def _sourced(row: Row) -> Cell:
    """The source with the basis behind it, in one cell that links both."""
    source, basis = row["source"], row["basis"]
    if not source.text or not basis.text:
        return source if source.text else basis
    parts = (*(source.parts or (source,)), basis)
    return Cell(f"{source.text} {basis.text}", parts=parts)


def first_value(names: Sequence[str], opened: Container[str]) -> int:
    """The place of the first open column that holds the estimate; -1 for none."""
    values = (at for at, name in enumerate(names) if name in VALUES and name in opened)
    return next(values, -1)
