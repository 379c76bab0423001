"""Numbers as people type them: decimal commas, thousands, lost points, signs in front, percent signs.

A text that can be read in two ways (`1,313`) is read only where one reading fits its neighbours: the limits
that must enclose an estimate, the style of the other numbers of the outcome, or their size.

>>> readings("-0,083"), readings("1,999.32"), readings("1,313"), readings("-0141")
(('-0.083',), ('1999.32',), ('1313', '1.313'), ())
>>> readings("00"), readings("07"), readings("1.234.567"), readings("\u20130.5")
(('0',), (), ('1234567',), ('-0.5',))
>>> readings("1\u202f234,5"), readings("5 100")
(('1234.5',), ())
>>> number_in("1,313", style_of("1.428", "1,313", "1.553"))
'1.313'
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log10

from bempeg_kg.rdf.ntriples import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: A comma parts thousands, or stands for the decimal point.
THOUSANDS, COMMA = "thousands", "comma"

_MODIFIED = re.compile(r"(<=|>=|=<|=>|[<>=~]|\u2264|\u2265|\u2248)\s*([-+0-9.,eE]+)\s*%?").fullmatch
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII).fullmatch
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII).fullmatch
_WITH_COMMA = re.compile(r"[+-]?(?:[1-9]\d*|0)?,\d+", re.ASCII).fullmatch
_DOTTED_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})", re.ASCII).fullmatch
#: What text processors make of a minus: hyphen, figure dash, en dash, minus, small and full-width hyphen.
_MINUS = re.compile("^[\u2010\u2012\u2013\u2212\ufe63\uff0d](?=[\\d.,])")
_SPACED = re.compile("[\u00a0\u2009\u202f]")
_SPACED_GROUPS = re.compile(
    rf"[+-]?[1-9]\d{{0,2}}(?:{_SPACED.pattern}\d{{3}})+(?:[.,]\d+)?", re.ASCII
).fullmatch
_SIGNS = {"\u2264": "<=", "\u2265": ">=", "=<": "<=", "=>": ">=", "\u2248": "~"}
#: Two readings of one text lie a factor of 1,000 apart. The one is taken whose decimal logarithm is this near
#: to its like: a factor of 18.
_NEAR = 1.25


@lru_cache(1 << 14)
def readings(printed: str) -> tuple[str, ...]:
    """The xsd:decimal forms that a printed number can mean: none, one, or two with thousands first."""
    bare = _MINUS.sub("-", printed.strip())
    if _SPACED_GROUPS(bare):  # a plain space may stand between a count and its percentage
        return (_SPACED.sub("", bare).replace(",", "."),)
    plain = number(bare)
    if plain is not None:
        return (plain,)
    if bare and not bare.strip("0"):  # 00: nothing can have been lost from it
        return ("0",)
    if len(bare) > 30 or not ("," in bare or bare.count(".") > 1):
        return ()
    forms: tuple[str, ...]
    if _EITHER(bare):
        forms = (bare.replace(",", ""), bare.replace(",", "."))
    elif _GROUPED(bare):
        forms = (bare.replace(",", ""),)
    elif _WITH_COMMA(bare):
        forms = (bare.replace(",", "."),)
    elif _DOTTED_GROUPS(bare):
        forms = (bare.replace(".", "").replace(",", "."),)
    else:
        return ()
    return tuple(form for one in forms if (form := number(one)) is not None)


def number_in(printed: str, style: str) -> str | None:
    """The one reading, or that of a style; None if there is none or the style is needed and not known."""
    forms = readings(printed)
    if len(forms) == 1:
        return forms[0]
    return forms[style == COMMA] if forms and style else None


def modified(printed: str, style: str = "") -> tuple[str, str | None]:
    """The sign in front of a number, and the number if there is one; no sign for a plain number.

    >>> modified("<0.001"), modified("= 0.247"), modified("36.0%"), modified("NA")
    (('<', '0.001'), ('', '0.247'), ('', '36.0'), ('', None))
    """
    bare = printed.strip()
    plain = number_in(bare, style)
    if plain is not None:
        return "", plain
    parts = _MODIFIED(bare)
    if parts is None:
        return "", number_in(bare.removesuffix("%"), style)
    sign = _SIGNS.get(parts[1], parts[1])
    return ("" if sign == "=" else sign), number_in(parts[2], style)


def is_ambiguous(*printed: str | None) -> bool:
    """Whether any of the texts has two readings."""
    return any(text is not None and "," in text and len(readings(text.strip(" =%"))) > 1 for text in printed)


def style_of(
    estimate: str | None, lower: str | None = None, upper: str | None = None, others: Iterable[str] = ()
) -> str:  # fmt: skip
    """The style in which the numbers of one place fit together and fit `others`; `` if both or neither do.

    `others`: further numbers of the same outcome.
    """
    fitting = [style for style in (THOUSANDS, COMMA) if _encloses(style, estimate, lower, upper)]
    if len(fitting) != 1:
        others = list(others)
        styles = {style for text in others if (style := _evident_style(text))}
        fitting = list(styles) if len(styles) == 1 else []
        if not fitting and not styles:
            fitting = _near_in_size(estimate or lower or upper or "", others)
    return fitting[0] if len(fitting) == 1 else ""


def _encloses(style: str, estimate: str | None, lower: str | None, upper: str | None) -> bool:
    numbers = [number_in(text, style) if text else None for text in (lower, estimate, upper)]
    known = [float(text) for text in numbers if text is not None]
    return known == sorted(known)


def _evident_style(printed: str) -> str:
    """The style that a text shows by itself.

    >>> _evident_style("1,999.32"), _evident_style("0,5"), _evident_style("1,313"), _evident_style("12")
    ('thousands', 'comma', '', '')
    """
    forms = readings(printed)
    if "," not in printed or len(forms) != 1:
        return ""
    return THOUSANDS if _GROUPED(printed.strip()) else COMMA


def _near_in_size(printed: str, others: list[str]) -> list[str]:
    forms = readings(printed.strip(" =%"))
    sizes = sorted(abs(float(values[0])) for text in others if len(values := readings(text)) == 1)
    sizes = [size for size in sizes if size]
    if len(forms) != 2 or not sizes:
        return []
    middle = log10(sizes[len(sizes) // 2])
    near = [abs(log10(abs(float(form)) or 1e-9) - middle) <= _NEAR for form in forms]
    return [style for style, fits in zip((THOUSANDS, COMMA), near, strict=True) if fits]
