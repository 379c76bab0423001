"""Marks on the axis of a row: an interval, a point, a bar, or the line of a dumbbell."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.pictures.axis import Axis
from bempeg_kg.pictures.scene import Area, Disc, Line, Point, Rect, Shape


@dataclass(frozen=True, slots=True)
class Look:
    """How a mark looks: its colour, and interval, thin interval, link, bar, square, ring, disc, diamond."""

    kind: str
    colour: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at a value, or from it to `end`; `more` draws an arrow where an interval goes on."""

    look: Look
    at: float = 0.0
    end: float | None = None
    more: bool = False


def shapes_of(mark: Mark, axis: Axis, y: float) -> list[Shape]:
    """The shapes of a mark on the middle line of a row. What lies beyond the axis ends in an arrow."""
    colour, x = mark.look.colour, axis.at(mark.at)
    if mark.end is None:
        return _point(mark.look, x, y)
    end = axis.at(mark.end)
    if mark.look.kind == "bar":
        return [Rect(min(x, end), y - 6, max(abs(end - x), 0.8), 12, colour)]
    width = {"interval": 3.0, "thin interval": 1.4}.get(mark.look.kind, 2.0)
    shapes: list[Shape] = [Line([(x, y), (end, y)], colour, width)]
    if mark.more or mark.end > axis.high:
        shapes.append(Area([(end + 5, y), (end - 4, y - 5), (end - 4, y + 5)], colour))
    if mark.at < axis.low:
        shapes.append(Area([(x - 5, y), (x + 4, y - 5), (x + 4, y + 5)], colour))
    return shapes


def _point(look: Look, x: float, y: float) -> list[Shape]:
    if look.kind == "square":
        return [Rect(x - 4.5, y - 4.5, 9, 9, look.colour)]
    if look.kind == "diamond":
        return [Area(_diamond(x, y), look.colour)]
    filled = look.colour if look.kind == "disc" else "#ffffff"
    return [Disc(x, y, 4.6, filled, look.colour, 1.7)]


def _diamond(x: float, y: float) -> list[Point]:
    return [(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)]


def sample_of(mark: Mark, x: float, y: float) -> list[Shape]:
    """A mark for the legend, in 28 px."""
    wide = mark.look.kind in ("interval", "thin interval", "bar", "link")
    sample = Mark(mark.look, 0, 1) if wide else Mark(mark.look, 0.5)
    return shapes_of(sample, Axis(0, 1, x, x + 28), y)
