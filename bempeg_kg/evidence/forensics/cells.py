"""Cells of a table as people type them: `20/38 (52.6 %)`, `0.75 (0.62 to 0.92)`, `4.2 (1.3)`, `95 %`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bempeg_kg.registry.numbers import is_ambiguous, number_in, style_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NUM = r"[<>≤≥=~]?\s*[-+\u2212\u2013]?(?:\d[\d.,·]*|[.,·]\d+)(?:[eE]-?\d+)?"
_TO = r"\s*(?:to|bis|and|;|,\s|\u2013|\u2014|-)\s*"
_COUNT = r"(\d[\d,. ]*?)\s*(?:/|of|out of)\s*(\d[\d,. ]*?)"
_COUNT_OF = re.compile(rf"{_COUNT}(?:\s*[\(\[,]\s*({_NUM})\s*%?\s*[\)\]]?)?").fullmatch
_OF_COUNT = re.compile(rf"({_NUM})\s*%?\s*[\(\[]\s*{_COUNT}\s*[\)\]]").fullmatch
_WITH_INTERVAL = re.compile(
    rf"({_NUM})\s*%?\s*[\(\[,;]?\s*(?:(\d{{2}}(?:[.,]\d+)?)\s*%\s*CI\s*[:,=]?\s*)?[\(\[]?"
    rf"\s*({_NUM})\s*%?{_TO}({_NUM})\s*%?\s*[\)\]]*",
    re.IGNORECASE,
).fullmatch
_INTERVAL = re.compile(rf"[\(\[]?\s*({_NUM})\s*%?{_TO}({_NUM})\s*%?\s*[\)\]]?").fullmatch
_BRACKETED = re.compile(rf"({_NUM})\s*%?\s*(?:[\(\[]|±|\+/-)\s*({_NUM})\s*(%?)\s*[\)\]]?").fullmatch
_WHOLE = re.compile(r"\d+(?:\.0+)?|\d{1,3}(?:[,. ]\d{3})+").fullmatch


@dataclass(slots=True)
class Cell:
    """What a cell of values holds; a part that it does not hold is ""."""

    value: str = ""
    n: str = ""
    total: str = ""
    lower: str = ""
    upper: str = ""
    level: str = ""
    #: a second number in brackets: a percentage behind a count, or a standard deviation behind a mean
    bracket: str = ""
    is_percent: bool = False


def read_cell(text: str) -> Cell:
    """The parts of a cell of values.

    >>> cell = read_cell("20/38 (52.6 %)")
    >>> cell.n, cell.total, cell.value
    ('20', '38', '52.6')
    >>> cell = read_cell("0.75 (95 % CI 0.62 to 0.92)")
    >>> cell.value, cell.lower, cell.upper, cell.level
    ('0.75', '0.62', '0.92', '95')
    >>> read_cell("-0,083 (-0141 to -0.024)").lower, read_cell("4.2 (1.3)").bracket
    ('-0141', '1.3')
    """
    text = " ".join(text.split())
    percent = "%" in text
    match = _COUNT_OF(text)
    if match:
        return Cell(match[3] or "", match[1].strip(), match[2].strip(), is_percent=percent or bool(match[3]))
    match = _OF_COUNT(text)
    if match:
        return Cell(match[1], match[2].strip(), match[3].strip(), is_percent=True)
    match = _BRACKETED(text)
    if match:
        return Cell(match[1].strip(), bracket=match[2].strip(), is_percent=bool(match[3]))
    match = _WITH_INTERVAL(text)
    if match and ("(" in text or "[" in text or "CI" in text.upper()):
        return Cell(
            match[1].strip(), lower=match[3].strip(), upper=match[4].strip(), level=match[2] or "",
            is_percent=percent and "CI" not in text.upper(),
        )  # fmt: skip
    return Cell(text.replace("%", "").strip(), is_percent=percent)


def read_interval(text: str) -> tuple[str, str] | None:
    """Both limits of a cell such as `0.62 to 0.92`, `(18,0; 28,7)` or `0.62–0.92`; None if it holds none.

    >>> read_interval("[0.62-0.92]"), read_interval("(-0.141 to -0.024)"), read_interval("18,0; 28,7")
    (('0.62', '0.92'), ('-0.141', '-0.024'), ('18,0', '28,7'))
    """
    match = _INTERVAL(" ".join(text.split()))
    return (match[1].strip(), match[2].strip()) if match else None


def read_whole(text: str) -> int | None:
    """A whole number as people and spreadsheets write it; None if it is none.

    >>> read_whole("1,204"), read_whole("38.0"), read_whole("about 40")
    (1204, 38, None)
    """
    bare = text.strip()
    if not _WHOLE(bare):
        return None
    plain = re.fullmatch(r"(\d+)(?:\.0+)?", bare)
    if plain and not re.fullmatch(r"\d{1,3}\.000", bare):
        return int(plain[1])
    return int(re.sub(r"[,. ]", "", bare))


def settled(text: str, style: str) -> str:
    """A number that can be read in two ways, spelled in the one reading of a style; else the text as it is.

    >>> settled("1,313", "thousands"), settled("1,313", "comma"), settled("1,313", "")
    ('1313', '1.313', '1,313')
    """
    bare = text.strip().replace("%", "").strip()
    return (number_in(bare, style) or text) if style and is_ambiguous(bare) else text


def style_beside(value: str, lower: str, upper: str, others: Iterable[str]) -> str:
    """How numbers with two readings are meant beside their limits and the other numbers of the table."""
    if not is_ambiguous(value, lower, upper):
        return ""
    return style_of(value or None, lower or None, upper or None, others)
