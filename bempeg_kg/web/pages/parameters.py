"""The parameters of an address: each given once, and none that would be ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bempeg_kg.errors import UsageError

if TYPE_CHECKING:
    from starlette.requests import Request


def given(request: Request) -> dict[str, str]:
    """The parameters of an address. Raises UsageError for one that is given twice: one would be lost."""
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise UsageError(f"“{name}” is given twice", cure="An address takes one value of each.")
        values[name] = value
    return values


def day(picture: str, given: Mapping[str, str]) -> str:
    """The day that a picture is to be as of, or nothing. Raises UsageError for what a picture ignores."""
    for name, value in given.items():
        if name != "as-of":
            raise UsageError(f"a picture has no “{name}”", cure="The timeline takes a day: as-of=2018-09-21.")
        if value.strip() and picture.removesuffix("-narrow") != "timeline":
            raise UsageError("only the timeline can be drawn as of a day", cure="Leave as-of out.")
    return given.get("as-of", "").strip()[:40]
