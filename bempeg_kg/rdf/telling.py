"""Which columns of a table tell its rows apart."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Hashable, Iterable, Sequence

#: Columns of what was measured: a reader sees two values, and asks the others what each is of.
VALUES = ("value", "printed", "estimate", "computed", "percent")
#: Columns that belong to a value, and say nothing of what it is of.
_OF_A_VALUE = frozenset(
    "unit n N size events rates lower upper level interval intervalNote spread spreadType p alpha "
    "denominator".split()
)
#: Columns of where a value stands, which is another place for each, and of remarks on it.
_ABOUT = frozenset("source locator basis statement result contrast set comment hypothesis note".split())
#: Columns that are added where rows look alike without them: the parts of a table of results.
_PARTS = ("class", "category", "serious", "grade", "timeFrame")


def is_label(column: str) -> bool:
    """Whether a column says what a value is of, and is neither a value nor a remark."""
    return column not in VALUES and column not in _OF_A_VALUE and column not in _ABOUT


def has_value(columns: Container[str]) -> bool:
    """Whether a table is one of values, whose other columns say what each is of."""
    return any(name in columns for name in VALUES)


def kinds(columns: Sequence[str], rows: Iterable[Sequence[Hashable]], names: Container[str]) -> int:
    """How many different rows there are in the labels among `names`."""
    places = [at for at, column in enumerate(columns) if column in names and is_label(column)]
    return len({tuple(row[at] for at in places) for row in rows})


def with_telling(
    columns: Sequence[str], rows: Sequence[Sequence[Hashable]], shown: Sequence[str]
) -> list[str]:
    """The columns shown, and before the value the parts of a table without which rows look alike.

    >>> rows = [("fatigue", True, "5"), ("fatigue", False, "3")]
    >>> with_telling(["event", "serious", "printed"], rows, ["event", "printed"])
    ['event', 'serious', 'printed']
    """
    names = list(shown)
    if not has_value(names):
        return names
    value = next(names.index(name) for name in VALUES if name in names)
    found = kinds(columns, rows, names)
    left = [column for column in _PARTS if column in columns and column not in names]
    while left and found < len(rows):
        counts = {column: kinds(columns, rows, [*names, column]) for column in left}
        best = max(left, key=counts.__getitem__)
        if counts[best] == found:
            break
        names.insert(value, best)
        value += 1
        left.remove(best)
        found = counts[best]
    return names
