"""Numbers as the registry prints them: value, spread, limits, p-value. The printed text is always kept."""

from __future__ import annotations

import re

from bempeg_kg.rdf.ntriples import decimal, integer, kg, number, text
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MODIFIED = re.compile(r"\s*(<=|>=|[<>=~]|\u2264|\u2265|\u2248)\s*([-+0-9.,eE]+)\s*(%?)\s*").fullmatch
_LEVEL = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*%?", re.ASCII).fullmatch


def modified(printed: str) -> tuple[str, str | None]:
    """The sign in front of a number, and the number if there is one; no sign for a plain number.

    >>> modified("<0.001"), modified("=0.247"), modified("36.0"), modified("NA")
    (('<', '0.001'), ('', '0.247'), ('', '36.0'), ('', None))
    """
    plain = number(printed)
    if plain is not None:
        return "", plain
    found = _MODIFIED(printed)
    if found is None:
        return "", number(printed.strip().removesuffix("%").rstrip())
    return ("" if found[1] == "=" else found[1]), number(found[2])


def value_parts(printed: str | None, comment: str | None) -> list[str]:
    """Value and printed form, or the reason why there is no number."""
    if printed is None or not printed.strip():
        return [p.VALUE_STATUS + codes.absent(comment)]
    sign, bare = modified(printed)
    if bare is None:
        return [p.PRINTED + text(printed), p.VALUE_STATUS + codes.absent(comment or printed)]
    if sign:
        return [p.PRINTED + text(printed), p.VALUE_MODIFIER + text(sign), p.VALUE_STATUS + kg("onlyBound")]
    return [p.VALUE + decimal(bare), p.PRINTED + text(printed)]


def interval_parts(
    lower: str | None, upper: str | None, level: str | None, why_lower: str | None = None,
    why_upper: str | None = None,
) -> list[str]:  # fmt: skip
    """A confidence interval. Limits whose level is not stated are kept as printed only.

    One limit alone is a one-sided interval; the other then gets a reason why it is missing.
    """
    parts: list[str] = []
    if lower is None and upper is None and level is None:
        return parts
    has_level = level is not None and _LEVEL(level)
    if has_level:
        parts.append(p.LEVEL + decimal(has_level[1]))
    elif lower is not None or upper is not None:
        parts.append(p.LEVEL_STATUS + kg("notReported"))
    if level and not has_level:
        parts.append(p.COMMENT + text(f"confidence level as printed: {level}"))
    for printed, why, value, raw, status in (
        (lower, why_lower, p.LOWER, p.LOWER_PRINTED, p.LOWER_STATUS),
        (upper, why_upper, p.UPPER, p.UPPER_PRINTED, p.UPPER_STATUS),
    ):
        sign, bare = modified(printed) if printed is not None else ("", None)
        if printed is not None:
            parts.append(raw + text(printed))
        if bare is not None and not sign and has_level:
            parts.append(value + decimal(bare))
        elif bare is None:
            parts.append(status + codes.absent(why or printed))
    return parts


def spread_parts(measured: dict[str, Any], printed_type: str | None) -> list[str]:
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
        bare = number(spread)
        parts.append(p.DISPERSION_PRINTED + text(spread))
        if bare is not None:
            parts.append(p.DISPERSION + decimal(bare))
    if level is not None:
        return parts + interval_parts(lower, upper, level, measured.get("comment"), measured.get("comment"))
    for printed, value, raw in (
        (lower, p.RANGE_LOWER, p.RANGE_LOWER_PRINTED),
        (upper, p.RANGE_UPPER, p.RANGE_UPPER_PRINTED),
    ):
        if printed is not None:
            bare = number(printed)
            parts.append(raw + text(printed))
            if bare is not None:
                parts.append(value + decimal(bare))
    return parts


def p_parts(printed: str | None) -> list[str]:
    """A p-value as printed, its sign, and the number where it is exact."""
    if not printed:
        return []
    parts = [p.P_PRINTED + text(printed)]
    sign, bare = modified(printed)
    if sign:
        parts.append(p.P_MODIFIER + text(sign))
    elif bare is not None:
        parts.append(p.P_VALUE + decimal(bare))
    return parts


def sides_parts(code: str | None) -> list[str]:
    """One- or two-sided."""
    sides = {"ONE_SIDED": 1, "TWO_SIDED": 2}.get(code or "")
    return [p.SIDES + integer(sides)] if sides else []
