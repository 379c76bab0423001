"""Units behind numbers, and p-values, as a reader writes them."""

from __future__ import annotations

import re

#: Units whose sign or plural stands behind a number.
SHOWN_UNITS = {
    "percent": "%",
    "ratio": "",
    "month": "months",
    "milligram": "mg",
    "milligram per kilogram": "mg/kg",
    "hazard ratio": "",
}
#: The name of a p-value, and the sign that says no more than the name.
_NAME_OF_P = re.compile(r"(?i)\s*(?:p(?:[ -]?values?)?\s*:?\s*)?(?:=\s*)?(?=[<>≤≥.\d])")


def with_unit(value: str, unit: str) -> str:
    """A number with its unit behind it; a status such as "not reached" has none.

    >>> with_unit("7.7", "month"), with_unit("1", "participants"), with_unit("not reached", "month")
    ('7.7 months', '1 participant', 'not reached')
    """
    shown = SHOWN_UNITS.get(unit, unit)
    if not shown or not any(sign.isdigit() for sign in value):
        return value
    return f"{value} {shown.removesuffix('s') if value == '1' and ' ' not in shown else shown}"


def without_p(printed: str) -> str:
    """A p-value as printed, without its name and the sign of equality.

    >>> [without_p(one) for one in ("p=0,11", "P<0.001", "p-value: 0.03", "= 0.247", "not significant")]
    ['0,11', '<0.001', '0.03', '0.247', 'not significant']
    """
    name = _NAME_OF_P.match(printed)
    return printed[name.end() :] if name else printed


def with_p(printed: str) -> str:
    """A p-value behind its name, which a source may print or not; empty for none.

    >>> with_p("p=0,11"), with_p("< 0.001"), with_p("0.3988"), with_p("")
    ('p 0,11', 'p < 0.001', 'p 0.3988', '')
    """
    return f"p {without_p(printed)}" if printed else ""


def counted(number: int, word: str) -> str:
    """A count with its word.

    >>> counted(1, "warning"), counted(0, "warning"), counted(2, "note")
    ('1 warning', '0 warnings', '2 notes')
    """
    if number == 1:
        return f"{number:,} {word}"
    first, space, rest = word.partition(" ")
    return f"{number:,} {first}s{space}{rest}"
