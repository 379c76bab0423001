"""A comparison or value of a primary endpoint in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bempeg_kg.rdf.telling import plain
from bempeg_kg.rdf.units import with_p, with_unit

#: Characters of a comment that tells comparisons of the same groups apart, at most.
_COMMENT = 80
_NOT_REPORTED = "not reported"
_NO_MEASURE = "comparison without a stated measure"
#: Statistics that are named before a value.
_NAMED = re.compile(r"mean|median")
#: Titles of a class or category that say less than the others of their table.
_ASIDE = re.compile(
    r"(?i)(?:baseline|pre-?dose|screening|missing|unknown|no|non|none|not)\b(?!.*change)|.*- ?no$"
)
#: Titles that mean all rows of a table: as a class they say most, as a category nothing.
_WHOLE = re.compile(r"(?i)(?:total|overall|all|any)\b")
#: Titles of a class that are a point in time.
_TIME = re.compile(
    r"(?i)\b(?:day|week|month|year|hour|visit)s?\b.*\d|(?<!\d)\d+.?(?:day|week|month|year|hour|h)"
)


def test_of(row: Mapping[str, Any]) -> str:
    """The p-value of a comparison, and what it is of where that is no test for superiority."""
    if not row["p"]:
        return ""
    kind = p_is(row)
    alone = "" if row["value"] or kind else str(row["method"] or "")
    return with_p(str(row["p"])) + (f" ({kind or alone})" if kind or alone else "")


def p_is(row: Mapping[str, Any]) -> str:
    """What a number in the place of a p-value is of, where that is no test for superiority; else empty."""
    hypothesis = str(row["hypothesis"] or "")
    other = hypothesis if hypothesis.startswith(("non-inferiority", "equivalence")) else ""
    return "posterior probability" if row.get("pKind") == "posterior probability" else other


def pair_of(row: Mapping[str, Any]) -> str:
    """The groups that were compared."""
    if row["reference"]:
        return f"{row['compared']} against {row['reference']}"
    groups = str(row["groups"] or "groups not stated")
    return groups.replace("; ", " and ") + (" (reference not stated)" if "; " in groups else "")


def comparison(row: Mapping[str, Any], is_repeated: bool) -> str:
    """A comparison; with the beginning of its comment where another one is of the same groups."""
    pair, parts, unit = pair_of(row), [], _unit(row["unit"])
    comment = plain(str(row["comment"] or "").partition("; ")[0])
    if is_repeated and 0 < len(comment) <= _COMMENT:
        pair = f"{pair} ({comment})"
    if row["reference"] and is_number(row["first"]) and is_number(row["second"]):
        parts.append(f"{row['first']} v {with_unit(str(row['second']), _unit(row['valueUnit']))}")
        unit = "" if row["unit"] == row["valueUnit"] else unit
    if row["value"]:
        measure = "estimate" if row["measure"] == _NO_MEASURE else row["measure"] or "estimate"
        estimate = f"{measure} {with_unit(str(row['value']), unit)}"
        interval = _interval(row)
        parts.append(f"{estimate} ({interval})" if interval else estimate)
    parts += sorted(set(filter(None, row["tests"])), key=lambda test: ("(" in test, test))
    return f"{pair}, {', '.join(parts) or 'no estimate posted'}"


def _interval(row: Mapping[str, Any]) -> str:
    """An interval with its level, or the one limit that there is."""
    lower, upper = row["lower"], row["upper"]
    level = f"{row['level']} % " if row["level"] else ""
    if lower and upper:
        return f"{level}interval {lower} to {upper}" + ("" if level else ", level not stated")
    side = "lower" if lower else "upper"
    return f"{side} {level}limit {lower or upper}" if lower or upper else ""


def chief_title(rows: Mapping[tuple[str, str], list[dict[str, Any]]]) -> tuple[str, str]:
    """The class and category to tell: of counts and shares the most frequent, of times the last."""
    listed = [key for key in rows if not any(map(_ASIDE.match, key)) and not _WHOLE.match(key[1])]
    listed = listed or list(rows)
    listed = [key for key in listed if _WHOLE.match(key[0])] or listed
    listed.sort(key=lambda key: [natural(part) for part in key])
    if all(_NAMED.search(str(row["statistic"])) for key in listed for row in rows[key]):
        return listed[-1] if all(_TIME.search(key[0]) for key in listed) else listed[0]
    return max(listed, key=lambda key: sum(float(row["number"] or 0) for row in rows[key]))


def value_of(row: Mapping[str, Any]) -> str:
    """A value as printed, with what it is of, its spread or interval, and N."""
    value, unit = str(row["value"] or row["status"] or "not stated"), _unit(row["unit"])
    total = str(row["N"] or row["size"] or "")
    if not is_number(value):
        why = row["status"] if row["status"] not in (None, _NOT_REPORTED) else row["comment"]
        text = value if value == row["status"] else f"{value} ({why or 'reason not stated'})"
    elif str(row["n"]) == value and row["N"]:
        text, total = with_unit(f"{value} of {total}", unit), ""
    else:
        text = with_unit(value, unit)
    if _NAMED.search(str(row["statistic"])):
        text = f"{row['statistic']} {text}"
    more = [_interval(row) or _spread(row), f"N {total}" if total else ""]
    beside = ", ".join(filter(None, more))
    return f"{text} ({beside})" if beside else text


def _spread(row: Mapping[str, Any]) -> str:
    """A standard deviation or range with its name."""
    kind = _unit(row["spreadType"]).replace("_", " ").lower() or "spread of unstated kind"
    if row["spread"]:
        return f"{kind} {row['spread']}"
    return f"{kind} {row['from']} to {row['to']}" if row["from"] and row["to"] else ""


def is_number(value: object) -> bool:
    """Whether a printed value has a digit; "NA" and "not reached" have none."""
    return any(sign.isdigit() for sign in str(value or ""))


def _unit(unit: object) -> str:
    """A unit or kind of spread; empty where none is stated."""
    return "" if unit in (None, "not stated") else str(unit)


def natural(text: str) -> list[tuple[int, str]]:
    """A key that puts week 4 before week 24."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text.lower())]
