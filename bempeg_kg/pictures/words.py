"""How wide a text is, and where it breaks, in the font that all pictures are measured with.

DejaVu Sans comes with the package, so a picture is the same on a machine without any font; it is wider than
most, so a label also fits its box in another font.

>>> wrapped("T cell killing of tumour cells", 13, 110)
['T cell killing of', 'tumour cells']
"""

from __future__ import annotations

import re
from functools import lru_cache

from bempeg_kg.pictures.font import advances

#: Families to ask a viewer for, nearest in width first.
FAMILIES = "DejaVu Sans, Verdana, Geneva, sans-serif"
#: A single word can be this wide (px) before it is cut.
_WIDEST = 220.0


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of text in px at a font size in px."""
    widths, other = advances(bold)
    return size * sum(widths.get(ord(letter), other) for letter in text)


def wrapped(text: str, size: float, room: float, *, most: int = 4, bold: bool = False) -> list[str]:
    """As few lines of at most `room` px as words allow, about equally long; what is too much is cut: …"""
    # no letter is narrower than a quarter of the size, so more than this is cut anyway
    text = text[: int(2 * most * max(room, _WIDEST) / (size / 4))]
    lines = _filled(text, size, room, bold)
    narrower = room
    while len(lines) > 1:
        narrower -= 4
        closer = _filled(text, size, narrower, bold)
        if len(closer) > len(lines) or max(text_width(line, size, bold) for line in closer) > narrower:
            break
        lines = closer
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    return [cut(line, size, max(room, _WIDEST), bold) for line in lines] or [""]


def _filled(text: str, size: float, room: float, bold: bool) -> list[str]:
    lines: list[str] = []
    # a line may also break behind a slash: CD122/CD132
    for word in re.findall(r"\S+?/(?=\w)|\S+", text):
        close = bool(lines) and lines[-1].endswith("/") and not lines[-1].endswith(" /")
        joined = lines[-1] + ("" if close else " ") + word if lines else word
        if lines and text_width(joined, size, bold) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def cut(line: str, size: float, widest: float, bold: bool = False) -> str:
    """A line cut to a width, for a word that is too long."""
    while len(line) > 2 and text_width(line, size, bold) > widest:
        line = line.removesuffix("…")[:-1].rstrip() + "…"
    return line


def versus(compared: str | None, reference: str | None) -> str:
    """Two groups; what both names end in is said once.

    >>> versus("A, poor risk", "B, poor risk"), versus("A; B", None)
    ('A vs B, poor risk', 'A; B (reference not stated)')
    >>> versus("Drug 5 mg (main study)", "Placebo (main study)")
    'Drug 5 mg vs Placebo (main study)'
    """
    if compared and not reference:
        return f"{compared} (reference not stated)"
    one, other = compared or "not said", reference or "not said"
    return f"{one.removesuffix(_shared_end(one, other))} vs {other}"


def favours(compared: str, reference: str) -> tuple[str, str]:
    """What the left and the right side of a plot of ratios say; without what both groups' names end in.

    >>> favours("Drug 5 mg (main study)", "Placebo (main study)"), favours("A, poor risk", "B")
    (('← favours Drug 5 mg', 'favours Placebo →'), ('← favours A', 'favours B →'))
    """
    shared = _shared_end(compared, reference)
    first, second = (one.removesuffix(shared).partition(", ")[0] for one in (compared, reference))
    return f"← favours {first}", f"favours {second} →"


def _shared_end(one: str, other: str) -> str:
    """What two names of groups end in, from a comma or a bracket on; empty for nothing."""
    for sign in (", ", " ("):
        end = "".join(one.partition(sign)[1:])
        if end and other.endswith(end):
            return end
    return ""
