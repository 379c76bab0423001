"""Marks of events on a timeline, by their type."""

from __future__ import annotations

from bempeg_kg.pictures.chart import ORANGE
from bempeg_kg.pictures.course import Happening
from bempeg_kg.pictures.scene import Area, Disc, Line, Rect, Shape
from bempeg_kg.pictures.style import INK, QUIET

_BROWN = "#7a5200"
#: Type of event -> shape of its mark, colour, whether it is filled, and what the legend says.
_LOOKS = {
    "read-out": ("disc", _BROWN, True, "read-out"),
    "publication": ("disc", _BROWN, False, "publication"),
    "stop": ("cross", ORANGE, True, "stop"),
    "designation": ("diamond", INK, True, "designation"),
    "deal": ("square", INK, True, "deal"),
}
_OTHER = ("triangle", QUIET, True, "other event")


def look_of(event: Happening) -> tuple[str, str, bool, str]:
    """Shape, colour, whether it is filled, and the words of the legend."""
    return _LOOKS.get(event.type, _OTHER)


def mark(event: Happening, x: float, y: float) -> list[Shape]:
    """The mark of an event at a point, by its type."""
    return mark_of(look_of(event), x, y)


def mark_of(look: tuple[str, str, bool, str], x: float, y: float) -> list[Shape]:
    """The shapes of a mark: disc, cross, diamond, square or triangle."""
    kind, colour, filled, _ = look
    if kind == "disc":
        return [Disc(x, y, 4.6, colour if filled else "#ffffff", colour if not filled else "#ffffff", 1.4)]
    if kind == "cross":
        ends = ((-4.5, -4.5, 4.5, 4.5), (-4.5, 4.5, 4.5, -4.5))
        return [Line([(x + a, y + b), (x + c, y + d)], colour, 3.2) for a, b, c, d in ends]
    if kind == "square":
        return [Rect(x - 4.5, y - 4.5, 9, 9, colour, "#ffffff", 0.8)]
    corners = {
        "diamond": [(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)],
        "triangle": [(x - 5, y - 4.5), (x + 5, y - 4.5), (x, y + 5)],
    }[kind]
    return [Area(corners, colour, "#ffffff", 0.8)]
