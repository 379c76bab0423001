"""Ends of links and the letters on them."""

from __future__ import annotations

from itertools import pairwise

from bempeg_kg.pictures.scene import Area, Disc, Line, Point, Rect, Shape, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LINE = 1.7
#: Attribute of a link -> its letter in a picture, and what the letter means.
BADGES = {"disputed": ("D", "disputed later"), "animal": ("A", "shown in animals")}
BADGE_SIZE = 13.0
"""Letters on links stay above 12 px where a picture is a little smaller on a page."""


def line_with_end(
    points: list[Point], colour: str, end: str, dash: tuple[float, ...], width: float = _LINE
) -> list[Shape]:
    """A link through points with an `arrow`, `bar` or `ring` at its end."""
    size = max(1.0, width / 3)
    (x, y), unit = points[-1], direction(points[-2], points[-1])
    aside = (-unit[1], unit[0])
    reach = {"arrow": 9.0, "bar": 4.0, "ring": 7.0}[end] * (size if end == "arrow" else 1)
    short = [*points[:-1], (x - unit[0] * reach, y - unit[1] * reach)]
    shapes: list[Shape] = [Line(short, colour, width, dash)]
    if end == "arrow":
        back = (x - unit[0] * 11 * size, y - unit[1] * 11 * size)
        wings = [(back[0] + aside[0] * side, back[1] + aside[1] * side) for side in (4.5 * size, -4.5 * size)]
        shapes.append(Area([(x, y), *wings], colour))
    elif end == "bar":
        at = (x - unit[0] * 3, y - unit[1] * 3)
        ends = [(at[0] + aside[0] * side, at[1] + aside[1] * side) for side in (7.0, -7.0)]
        shapes.append(Line(ends, colour, 3.0))
    else:
        shapes.append(Disc(x - unit[0] * 4, y - unit[1] * 4, 3.2, "#ffffff", colour, 1.5))
    return shapes


def badge(points: list[Point], letters: str) -> list[Shape]:
    """Letters in a small white plate on the middle of a link."""
    x, y = middle(points)
    width = 7 + 8.5 * len(letters)
    plate = Rect(x - width / 2, y - 8, width, 16, "#ffffff", "#1b2027", 1.1, 4)
    return [plate, Words(x, y + 4.5, letters, BADGE_SIZE, "#1b2027", bold=True)]


def badges(edge: dict[str, Any], points: list[Point]) -> list[Shape]:
    """Letters on a link: D for a step that was disputed, A for one that was shown in animals."""
    letters = [letter for name, (letter, _) in BADGES.items() if edge.get(name)]
    return badge(points, "".join(letters)) if letters else []


def middle(points: list[Point]) -> Point:
    """The middle of the longest straight part of a line."""
    one, other = max(pairwise(points), key=lambda pair: _squared(*pair))
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def direction(start: Point, end: Point) -> Point:
    """The unit vector from one point to another; to the right if they are the same."""
    length = _squared(start, end) ** 0.5
    return ((end[0] - start[0]) / length, (end[1] - start[1]) / length) if length else (1.0, 0.0)


def _squared(one: Point, other: Point) -> float:
    return float((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2)
