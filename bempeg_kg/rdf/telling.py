"""Which columns of a table tell its rows apart."""

from __future__ import annotations

import re
from itertools import zip_longest
from textwrap import shorten

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
_PARTS = ("class", "category", "serious", "organSystem", "grade", "timeFrame")
#: The remark that is shown, and how much of it, where no label tells rows apart.
REMARK, REMARK_LETTERS = "comment", 60


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
    if REMARK in columns and REMARK not in names and any(remarks_on(columns, rows, names)):
        names.append(REMARK)
    return names


def remarks_on(
    columns: Sequence[str], rows: Sequence[Sequence[Hashable]], names: Container[str]
) -> list[str]:
    """The remark on each row that has the same labels among `names` as another one; else empty."""
    places = [at for at, column in enumerate(columns) if column in names and is_label(column)]
    remark = columns.index(REMARK)
    texts = [str(getattr(row[remark], "value", row[remark] or "")) for row in rows]
    return remarks([tuple(row[at] for at in places) for row in rows], texts)


def plain(text: str) -> str:
    r"""A text of a record without the backslashes of its Markdown.

    >>> plain(r"HR \>=1.3 versus HR \<1.3")
    'HR >=1.3 versus HR <1.3'
    """
    return re.sub(r"\\([<>\[\]*_~^|#&])", r"\1", text)


def remarks(keys: Sequence[Hashable], texts: Sequence[str], most: int = REMARK_LETTERS) -> list[str]:
    """The beginning of the remark on each row whose key is that of another one with another remark.

    Where the beginnings are the same, the remarks are told from the word in which they differ.

    >>> remarks(["a", "a", "b"], ["death from any cause", "stroke", "first of all"], 12)
    ['death ...', 'stroke', '']
    >>> remarks(["a", "a"], ["correlation in plasma", "correlation in urine"], 12)
    ['... plasma', '... urine']
    """
    groups: dict[Hashable, dict[str, str]] = {}
    texts = [plain(text) for text in texts]
    for key, text in zip(keys, texts, strict=True):
        groups.setdefault(key, {})[text] = shorten(text, most, placeholder=" ...")
    for found in groups.values():
        if len(set(found.values())) < len(found):
            words = [text.split() for text in found]
            start = next(at for at, column in enumerate(zip_longest(*words)) if len(set(column)) > 1)
            for text, rest in zip(found, (one[start:] for one in words), strict=True):
                found[text] = shorten(" ".join(["...", *rest]), most, placeholder=" ...")
    return [groups[key][text] if len(groups[key]) > 1 else "" for key, text in zip(keys, texts, strict=True)]
