"""Units behind numbers, as a reader writes them."""

from __future__ import annotations

#: Units whose sign or plural stands behind a number.
SHOWN_UNITS = {
    "percent": "%",
    "ratio": "",
    "month": "months",
    "milligram": "mg",
    "milligram per kilogram": "mg/kg",
    "hazard ratio": "",
}


def with_unit(value: str, unit: str) -> str:
    """A number with its unit behind it; a status such as "not reached" has none.

    >>> with_unit("7.7", "month"), with_unit("1", "participants"), with_unit("not reached", "month")
    ('7.7 months', '1 participant', 'not reached')
    """
    shown = SHOWN_UNITS.get(unit, unit)
    if not shown or not any(sign.isdigit() for sign in value):
        return value
    return f"{value} {shown.removesuffix('s') if value == '1' and ' ' not in shown else shown}"
