"""A record with a value of a wrong type, made to fit: one odd value costs that value and not the record.

Run only where mapping failed, so a sound record pays nothing for it. What was changed or left out is told.
"""

from __future__ import annotations

import math

from bempeg_kg.registry.fields import TYPES, WORDS, field_tree, named
from bempeg_kg.registry.record import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Tell = Callable[[str, str], None]

#: Without one of these an item of a list says nothing of its own.
_NEEDED = ("groupId", "id")
NO_GROUP = "group not stated"
_YES_NO = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}


def repaired(study: Any) -> tuple[dict[str, Any], list[Problem]]:
    """The fields that the importer reads, each of its type, and what was done to make them so.

    >>> record = {"protocolSection": {"conditionsModule": {"conditions": "Melanoma", "keywords": [7, None]}}}
    >>> made, problems = repaired(record)
    >>> made["protocolSection"]["conditionsModule"]
    {'conditions': ['Melanoma'], 'keywords': ['7']}
    >>> problems[0].message
    'a list was expected, and here stands a text: read as a list of one'
    """
    problems: list[Problem] = []

    def tell(path: str, message: str) -> None:
        """Remember what was done to a value."""
        problems.append(Problem(path, message))

    made = _object(study, field_tree(), "", tell)
    return made or {}, problems


def _fitted(value: Any, shape: Any, path: str, tell: Tell) -> Any:
    if value is None:
        return None
    if isinstance(shape, str):
        return _leaf(value, shape, path, tell)
    return _list(value, shape["[]"], path, tell) if "[]" in shape else _object(value, shape, path, tell)


def _object(value: Any, shape: dict[str, Any], path: str, tell: Tell) -> dict[str, Any] | None:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        tell(path, "an object was expected, and here stands a list of one: read as that one")
        value = value[0]
    if not isinstance(value, dict):
        tell(path, f"an object was expected, and here stands {named(value)}: left out")
        return None
    made = {}
    for key, inner in shape.items():
        if value.get(key) is not None:
            fitted = _fitted(value[key], inner, f"{path}.{key}" if path else key, tell)
            if fitted is not None:
                made[key] = fitted
    return made


def _list(value: Any, shape: Any, path: str, tell: Tell) -> list[Any] | None:
    if not isinstance(value, list):
        if isinstance(value, dict) == isinstance(shape, str):
            tell(path, f"a list was expected, and here stands {named(value)}: left out")
            return None
        tell(path, f"a list was expected, and here stands {named(value)}: read as a list of one")
        value = [value]
    items = []
    for number, item in enumerate(value, 1):
        if item is None:
            tell(f"{path}[]", "null stands in a list: left out")
            continue
        fitted = _fitted(item, shape, f"{path}[]", tell)
        if fitted is not None and isinstance(shape, dict):
            fitted = _with_group(fitted, shape, path, number, tell)
        if fitted is not None:
            items.append(fitted)
    return items


def _with_group(item: dict[str, Any], shape: Any, path: str, number: int, tell: Tell) -> Any:
    """An item that says of no group that it is of: kept under that name, but as a denominator left out."""
    for key in _NEEDED:
        if shape.get(key) != "text" or key in item or (key == "id" and "title" not in shape):
            continue
        if path.endswith(".counts"):
            tell(f"{path}[].{key}", "a denominator of no group: left out")
            return None
        tell(f"{path}[].{key}", f"there is no {key}: kept without a group")
        item = {**item, key: NO_GROUP if key == "groupId" else f"number {number}, without an id"}
    return item


def _leaf(value: Any, kind: str, path: str, tell: Tell) -> Any:
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], dict | list):
        tell(path, f"{WORDS[kind]} was expected, and here stands a list of one: read as that one")
        value = value[0]
    is_stray = isinstance(value, bool) and bool not in TYPES[kind]  # Python counts true as a number
    if isinstance(value, TYPES[kind]) and not is_stray:
        return _characters(value, path, tell) if isinstance(value, str) else value
    made = None if is_stray else _converted(value, kind)
    done = "left out" if made is None else f"read as {WORDS[kind]}"
    tell(path, f"{WORDS[kind]} was expected, and here stands {named(value)}: {done}")
    return made


def _converted(value: Any, kind: str) -> Any:
    """A value as another type, where its meaning stays; None if it has none there."""
    if kind in ("text", "count") and isinstance(value, int | float):
        # 12.0 participants are 12; 12.5 stay as printed, and the reader of counts tells of them.
        is_whole = kind == "count" and isinstance(value, float) and value.is_integer()
        return int(value) if is_whole else str(value)
    if kind == "bool" and isinstance(value, str):
        return _YES_NO.get(value.strip().lower())
    if kind == "degrees" and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return number if math.isfinite(number) else None
    return None


def _characters(value: str, path: str, tell: Tell) -> str:
    """The same text without halves of surrogate pairs, which are no characters."""
    if value.isascii():
        return value
    made = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if made != value:
        tell(path, "half of a surrogate pair, which is no character, was replaced")
    return made
