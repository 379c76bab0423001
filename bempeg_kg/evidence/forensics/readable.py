"""A rule about texts: can a printed number be read, and in one way only?"""

from __future__ import annotations

import re

from bempeg_kg.evidence.forensics.about import verdict_on
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, INCONSISTENT, Verdict
from bempeg_kg.evidence.model import Contrast, Evidence, Result
from bempeg_kg.evidence.printed import read, read_p
from bempeg_kg.registry.numbers import is_ambiguous

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LOST_POINT = re.compile(r"([-\u2212\u2013]?)0(\d+)").fullmatch
_HAS_DIGIT = re.compile(r"\d").search
_RULE = "number-as-printed"


def examine_texts(evidence: Evidence) -> Iterator[Verdict]:
    """A verdict on each estimate or limit that cannot be read as one number, though it has digits."""
    for result in evidence.wanted_results():
        for name, text in _texts(result):
            unread = why_unread(text)
            if unread:
                verdict, working, fits = unread
                missing = "" if fits else "how it is meant"
                yield verdict_on(
                    _RULE, verdict, result, f"{name} '{text}'", working, expected=fits, missing=missing
                )
    for contrast in evidence.wanted_contrasts():
        if _HAS_DIGIT(contrast.p) and read_p(contrast.p) is None:
            why = "it is not read as a p-value"
            yield verdict_on(
                _RULE, CANNOT_TELL, contrast, f"p-value '{contrast.p}'", why, missing="how it is meant"
            )
        for name, text in _texts(contrast):
            unread = why_unread(text)
            if unread:
                verdict, working, fits = unread
                missing = "" if fits else "how it is meant"
                yield verdict_on(
                    _RULE, verdict, contrast, f"{name} '{text}'", working, expected=fits, missing=missing
                )


def _texts(statement: Result | Contrast) -> tuple[tuple[str, str], ...]:
    return ("estimate", statement.printed), ("lower limit", statement.lower), ("upper limit", statement.upper)


def why_unread(text: str) -> tuple[str, str, str] | None:
    """(verdict, working, what fits) for a text with digits that is no one number; None if it is one.

    >>> why_unread("-0141")
    ('inconsistent', 'a zero stands before further digits, so a point has been lost', '-0.141')
    >>> why_unread("1,313")[0], why_unread("0.5"), why_unread("not reached")
    ('cannot tell', None, None)
    """
    if not text or (text[0] in "123456789" and text.isdigit()) or read(text) is not None:
        return None
    lost = _LOST_POINT(text.strip())
    if lost and len(lost[2]) == 1:
        return CANNOT_TELL, f"it is {lost[2]} with a zero in front, or has lost its point", ""
    if lost:
        return (
            INCONSISTENT,
            "a zero stands before further digits, so a point has been lost",
            f"{'-' if lost[1] else ''}0.{lost[2]}",
        )
    if is_ambiguous(text):
        return CANNOT_TELL, "it can be read with thousands or with a decimal comma", ""
    return None
