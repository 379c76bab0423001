"""Value, spread, limits and p-value as statements. The printed text is always kept."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import decimal, integer, kg, text
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.numbers import COMMA, is_ambiguous, modified, number_in, style_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_LEVEL = re.compile(r"\s*(\d{1,2}(?:[.,]\d+)?)\s*%?\s*", re.ASCII).fullmatch
_P = re.compile(r"(?i)\s*p(?:[- ]?value)?\s*(?=[<>=\u2264\u2265.\d])").match
_HAS_DIGIT = re.compile(r"\d").search

UNREAD = "not read as a number, kept as printed"
NO_P_VALUE = "a p-value that is not from 0 to 1 was kept as printed"
NO_LEVEL = "a confidence level that is no number from 0 to 100 was kept as printed, and its limits too"
AMBIGUOUS = "a number that can be read in two ways was kept as printed"


class Numbers:
    """Reads the numbers of one outcome, and tells what it could not read.

    `others` gives the further numbers of the outcome; it is called only where a number has two readings.
    """

    def __init__(self, tell: Callable[[str, str], None], others: Callable[[], Iterable[str]]) -> None:
        self._tell = tell
        self._others = others

    def style(self, where: str, estimate: str | None, lower: str | None, upper: str | None) -> str:
        """How the numbers of one place are to be read; see `numbers.style_of`."""
        if not is_ambiguous(estimate, lower, upper):
            return ""
        style = style_of(estimate, lower, upper, self._others())
        if not style:
            self._tell(where, AMBIGUOUS)
        return style

    def unread(self, where: str, printed: str | None, style: str = "") -> None:
        """Tell of a text with digits that is no number."""
        if not printed or not _HAS_DIGIT(printed) or is_ambiguous(printed):
            return
        if modified(printed, style)[1] is None and codes.absent(printed) == kg("notReported"):
            self._tell(where, UNREAD)

    def level(self, where: str, printed: str | None) -> None:
        """Tell of a confidence level that is none."""
        if printed and not _level(printed):
            self._tell(where, NO_LEVEL)

    def p_value(self, where: str, printed: str | None) -> list[str]:
        """A p-value; see `p_parts`. Tell of a text with digits that is none."""
        bare = _p_number(printed or "")[1]
        if bare is None and printed and _HAS_DIGIT(printed):
            self._tell(where, UNREAD)
        elif bare is not None and not 0 <= float(bare) <= 1:
            self._tell(where, NO_P_VALUE)
        return p_parts(printed)


def value_parts(printed: str | None, comment: str | None, style: str = "") -> list[str]:
    """Value and printed form, or the reason why there is no number."""
    if printed is None or not printed.strip():
        return [p.VALUE_STATUS + codes.absent(comment)]
    sign, bare = modified(printed, style)
    if bare is None:
        return [p.PRINTED + text(printed), p.VALUE_STATUS + _why(printed, comment)]
    if sign:
        return [p.PRINTED + text(printed), p.VALUE_MODIFIER + text(sign), p.VALUE_STATUS + kg("onlyBound")]
    return [p.VALUE + decimal(bare), p.PRINTED + text(printed)]


def _why(printed: str | None, comment: str | None) -> str:
    """Why there is no number: in the words of the comment or the text, or since the text was not read."""
    status = codes.absent(comment or printed)
    is_unread = status == kg("notReported") and printed is not None and _HAS_DIGIT(printed)
    return kg("notRead") if is_unread else status


def count_parts(counted: int | None, printed: object) -> list[str]:
    """The value, printed form and numerator of a count, or why there is none."""
    if counted is not None:
        return [
            p.VALUE + decimal(str(counted)),
            p.PRINTED + text(str(printed)),
            p.NUMERATOR + integer(counted),
        ]
    if printed in (None, ""):
        return [p.VALUE_STATUS + kg("notReported")]
    return [p.PRINTED + text(str(printed)), p.VALUE_STATUS + kg("notRead")]


def interval_parts(
    lower: str | None, upper: str | None, level: str | None, why_lower: str | None = None,
    why_upper: str | None = None, style: str = "",
) -> list[str]:  # fmt: skip
    """A confidence interval. Limits whose level is not stated are kept as printed only.

    One limit alone is a one-sided interval; the other then gets a reason why it is missing.
    """
    parts: list[str] = []
    if lower is None and upper is None and level is None:
        return parts
    has_level = _level(level)
    if has_level:
        parts.append(p.LEVEL + decimal(has_level))
    elif lower is not None or upper is not None:
        parts.append(p.LEVEL_STATUS + kg("notReported"))
    if level and not has_level:
        parts.append(p.COMMENT + text(f"confidence level as printed: {level}"))
    for printed, why, value, raw, status in (
        (lower, why_lower, p.LOWER, p.LOWER_PRINTED, p.LOWER_STATUS),
        (upper, why_upper, p.UPPER, p.UPPER_PRINTED, p.UPPER_STATUS),
    ):
        sign, bare = modified(printed, style) if printed is not None else ("", None)
        if printed is not None:
            parts.append(raw + text(printed))
        if bare is not None and not sign and has_level:
            parts.append(value + decimal(bare))
        elif bare is None:
            parts.append(status + _why(printed, why))
        elif sign:
            parts.append(status + kg("onlyBound"))
    return parts


def _level(printed: str | None) -> str:
    """The number of a confidence level between 0 and 100, else an empty text.

    >>> _level("95 %"), _level("97,5"), _level("0"), _level("100")
    ('95', '97.5', '', '')
    """
    match = _LEVEL(printed or "")
    bare = match[1].replace(",", ".") if match else ""
    return bare if bare and float(bare) > 0 else ""


def spread_parts(measured: dict[str, Any], printed_type: str | None, style: str = "") -> list[str]:
    """Spread of a measurement: a confidence interval, a range, or one number such as a standard deviation."""
    spread, lower, upper = measured.get("spread"), measured.get("lowerLimit"), measured.get("upperLimit")
    if not printed_type:
        if spread is None and lower is None and upper is None:
            return []
        printed_type = "not stated"
    code, level = codes.dispersion(printed_type)
    parts = [p.DISPERSION_TYPE_PRINTED + text(printed_type)]
    if code:
        parts.append(p.DISPERSION_TYPE + code)
    if spread is not None:
        bare = number_in(spread, style)
        parts.append(p.DISPERSION_PRINTED + text(spread))
        if bare is not None:
            parts.append(p.DISPERSION + decimal(bare))
    if level is not None or code == kg("confidenceInterval"):
        comment = measured.get("comment")
        return parts + interval_parts(lower, upper, level, comment, comment, style)
    for printed, value, raw in (
        (lower, p.RANGE_LOWER, p.RANGE_LOWER_PRINTED),
        (upper, p.RANGE_UPPER, p.RANGE_UPPER_PRINTED),
    ):
        if printed is not None:
            bare = number_in(printed, style)
            parts.append(raw + text(printed))
            if bare is not None:
                parts.append(value + decimal(bare))
    return parts


def p_parts(printed: str | None) -> list[str]:
    """A p-value as printed, its sign, and the number where it is exact.

    A p-value lies between 0 and 1, so a comma in it is a decimal point, and a number outside is something
    else, such as a posterior probability in percent: it is kept as printed only.

    >>> [part.partition("ontology#")[2] for part in p_parts("60.66")]
    ['pPrinted> "60.66"']
    """
    if not printed:
        return []
    parts = [p.P_PRINTED + text(printed)]
    sign, bare = _p_number(printed)
    if sign:
        parts.append(p.P_MODIFIER + text(sign))
    elif bare is not None and 0 <= float(bare) <= 1:
        parts.append(p.P_VALUE + decimal(bare))
    return parts


def _p_number(printed: str) -> tuple[str, str | None]:
    """Sign and number of a p-value. One with a percent sign is not read: its author may mean a hundredth."""
    name = _P(printed)
    return ("", None) if "%" in printed else modified(printed[name.end() :] if name else printed, COMMA)


def sides_parts(code: str | None) -> list[str]:
    """One- or two-sided."""
    sides = {"ONE_SIDED": 1, "TWO_SIDED": 2}.get(code or "")
    return [p.SIDES + integer(sides)] if sides else []
