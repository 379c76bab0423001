"""Tables of text for terminals."""

from __future__ import annotations

import re

from bempeg_kg.rdf.telling import has_value, kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_GAP = "  "
_NARROWEST = 8
#: What stays on one line: a word, or its part up to a character after which it may be broken.
_PART = r"\d{4}-\d\d(?:-\d\d)?(?![^ ])|[^ \-/:_]*[\-/:_]+|[^ \-/:_]+"
#: Where a line of a heading may end: also before a capital, as in primary|Completion.
_HEADING_BREAK = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[-/:_ ])(?=[^-/:_ ])"
#: A word of up to so many cells is not broken where there is room.
_LONGEST_WHOLE = 17


def fit(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Columns and rows as aligned text within `width` characters, cells wrapped.

    Records stand in their place where that cannot be, or breaks words and is longer.

    >>> print(fit(["arm", "note"], [["A", "one two three"]], 13))
    arm  note
    ---  --------
    A    one two
         three
    <BLANKLINE>
    """
    texts = [[_clean(cell) for cell in row] for row in rows]
    if width is None:
        return _grid(columns, texts, _wanted(columns, texts))
    widths, breaks = _layout(columns, texts, width)
    if not widths:
        return _records(columns, texts, width)
    grid = _grid(columns, texts, widths)
    records = _records(columns, texts, width) if breaks else ""
    return records if records and records.count("\n") < grid.count("\n") else grid


def is_in_records(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether `fit` writes a table as records."""
    texts = [[_clean(cell) for cell in row] for row in rows]
    widths, breaks = _layout(columns, texts, width)
    return not widths or (breaks and fit(columns, rows, width) == _records(columns, texts, width))


def _layout(columns: Sequence[str], texts: list[list[str]], width: int) -> tuple[list[int], bool]:
    """The widths of the columns, none where they cannot stand side by side; and whether they break words."""
    room = width - len(_GAP) * (len(columns) - 1)
    wanted = _wanted(columns, texts)
    floors = _floors(columns, wanted)
    if sum(floors) > room:
        return [], False
    whole = _whole(texts, floors)
    return _shares(wanted, _shares(whole, floors, room), room), sum(whole) > room


def _wanted(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column if nothing is wrapped."""
    return [
        max([display_width(name), *(display_width(row[place]) for row in rows)])
        for place, name in enumerate(columns)
    ]


def _floors(columns: Sequence[str], wanted: Sequence[int]) -> list[int]:
    """The least width of each column, where words are broken."""
    return [
        max(min(_NARROWEST, want), *map(display_width, _heading_parts(name)))
        for want, name in zip(wanted, columns, strict=True)
    ]


def _heading_parts(name: str) -> list[str]:
    """The parts of a heading between which a line may end.

    >>> _heading_parts("primaryCompletion"), _heading_parts("set_kind"), _heading_parts("nct")
    (['primary', 'Completion'], ['set_', 'kind'], ['nct'])
    """
    return re.split(_HEADING_BREAK, name)


def _whole(rows: Sequence[Sequence[str]], floors: Sequence[int]) -> list[int]:
    """The least width of each column where no word is broken."""
    return [max(floor, _longest_word(rows, place)) for place, floor in enumerate(floors)]


def fitting(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, keep: Collection[str] = ()
) -> list[str]:
    """The columns that stand side by side without a broken word; the last are left out first.

    Those of `keep` stay in any case, and the first three. In a table of several values these can go too, and
    what is the same in all rows goes first; but a column stays without which rows look alike.

    >>> fitting(["arm", "drug", "dose", "unit", "route"], [["A", "bempegaldesleukin", "1", "mg", "iv"]], 35)
    ['arm', 'drug', 'dose', 'unit']
    """
    whole = _whole(rows, _floors(columns, _wanted(columns, rows)))
    needs = dict(zip(columns, whole, strict=True))
    fits = list(columns)
    is_valued = len(rows) > 1 and has_value(columns)
    droppable = [name for name in reversed(columns[1 if is_valued else 3 :]) if name not in keep]
    if is_valued:
        same = [
            name
            for name in reversed(columns)
            if name not in keep and len({row[columns.index(name)] for row in rows}) == 1
        ]
        droppable = [*same, *(name for name in droppable if name not in same)]
    for name in droppable:
        if sum(needs[one] + len(_GAP) for one in fits) - len(_GAP) <= width:
            break
        rest = [one for one in fits if one != name]
        if not is_valued or kinds(columns, rows, rest) == kinds(columns, rows, fits):
            fits = rest
    return fits


def _longest_word(rows: Sequence[Sequence[str]], place: int) -> int:
    """Cells that the longest word of a column takes, a word counted by its parts where it may be broken."""
    parts = (part for row in rows for part in re.findall(_PART, row[place]))
    return min(max(map(display_width, parts), default=0), _LONGEST_WHOLE)


def display_width(text: str) -> int:
    """How many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces, and after - / : or anywhere if a word is too long."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if display_width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while display_width(line) > width:
            cut = _break_at(line, width)
            lines.append(line[:cut])
            line = line[cut:]
    lines.append(line)
    return lines


def _break_at(word: str, width: int) -> int:
    cut = 0
    used = 0
    good = 0
    for place, char in enumerate(word):
        used += display_width(char)
        if used > width:
            break
        cut = place + 1
        if char in "-/:_" and not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", word):
            good = cut
    return good or max(cut, 1)


def visible(text: str) -> str:
    """The text with control and direction characters written out, so that data cannot steer a terminal.

    Line ends stay.

    >>> print(visible("a\\x1b[2Jb"))
    a\\x1b[2Jb
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n \u00a0" else char.encode("unicode_escape").decode()
        for char in text
    )


def _clean(cell: str) -> str:
    """One line without control characters, so that data cannot steer the terminal."""
    if cell.isprintable():
        return cell
    return "".join(char if char.isprintable() else " " for char in cell)


def _shares(wanted: list[int], floors: list[int], room: int) -> list[int]:
    """Widths that add up to the available width; the widest columns shrink first."""
    widths = list(wanted)
    over = sum(widths) - room
    while over > 0:
        widest = max(range(len(widths)), key=lambda i: widths[i] - floors[i])
        widths[widest] -= 1
        over -= 1
    return widths


def _grid(columns: Sequence[str], rows: list[list[str]], widths: list[int]) -> str:
    heads = [_heading(name, width) for name, width in zip(columns, widths, strict=True)]
    lines = [*_lines(heads, widths), _GAP.join("-" * width for width in widths)]
    for row in rows:
        lines += _line(row, widths)
    return "\n".join(lines) + "\n"


def _heading(name: str, width: int) -> list[str]:
    """The lines of a heading, broken within a word only where a part of it is too long."""
    lines = [""]
    for part in _heading_parts(name):
        if display_width(lines[-1] + part) > width and lines[-1]:
            lines.append("")
        lines[-1] += part
    return [one for line in lines for one in wrap(line.rstrip(), width)]


def _line(cells: Sequence[str], widths: list[int]) -> list[str]:
    parts = [
        wrap(cell, width) if display_width(cell) > width else [cell]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return _lines(parts, widths)


def _lines(parts: Sequence[Sequence[str]], widths: list[int]) -> list[str]:
    """The lines of a row from the lines of each of its cells."""
    height = max(map(len, parts), default=1)
    return [
        _GAP.join(
            (part[i] if i < len(part) else "")
            + " " * (width - display_width(part[i] if i < len(part) else ""))
            for part, width in zip(parts, widths, strict=True)
        ).rstrip()
        for i in range(height)
    ]


def _records(columns: Sequence[str], rows: list[list[str]], width: int) -> str:
    name_width = min(max(map(display_width, columns), default=0), max(width // 3, 4))
    room = max(width - name_width - len(_GAP), 8)
    blocks = []
    for row in rows:
        lines = []
        for column, cell in zip(columns, row, strict=True):
            if cell:
                lines += _line([column, cell], [name_width, room])
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n" if blocks else _GAP.join(columns) + "\n"
