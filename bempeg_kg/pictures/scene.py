"""A picture as a list of shapes, which `svg` writes as SVG and `paper` draws as PDF.

Lengths are px, y grows downwards. Colours are hex; a dash is a list of lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

#: Shapes of every picture: for a page or print, and for a phone (358 px, text of 13 px).
SHAPES = ("wide", "narrow")
#: x and y in px.
Point = tuple[float, float]


@dataclass(slots=True)
class Rect:
    """A box; `radius` rounds its corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = "none"
    line: float = 1.0
    radius: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(slots=True)
class Line:
    """An open line through points, its bends rounded; never filled."""

    points: list[Point]
    stroke: str
    line: float = 1.5
    dash: tuple[float, ...] = ()
    radius: float = 10.0


@dataclass(slots=True)
class Area:
    """A closed shape with straight sides."""

    points: list[Point]
    fill: str
    stroke: str = "none"
    line: float = 1.0


@dataclass(slots=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str = "none"
    line: float = 1.0


@dataclass(slots=True)
class Words:
    """One line of text; `y` is its baseline, `anchor` start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    bold: bool = False
    anchor: str = "middle"


@dataclass(slots=True)
class Group:
    """Shapes that belong together: `title` is shown on hovering and read aloud, `link` is followed.

    `places` are those of the rows of a table that the group draws.
    """

    shapes: list[Shape]
    title: str = ""
    link: str = ""
    id: str = ""
    kind: str = ""
    places: Sequence[int] = ()


Shape = Rect | Line | Area | Disc | Words | Group


@dataclass(slots=True)
class Scene:
    """A whole picture; title and description are for those who cannot see it.

    `head` px of its top say what the columns or the axis mean, and stand above each part of a tall one.
    """

    width: float
    height: float
    title: str
    description: str = ""
    background: str = "#ffffff"
    shapes: list[Shape] = field(default_factory=list)
    head: float = 0.0


def rounded(points: list[Point], radius: float) -> list[tuple[str, tuple[Point, ...]]]:
    """A line with rounded bends as drawing commands: ("M", (p,)), ("L", (p,)), ("Q", (bend, p)).

    >>> rounded([(0, 0), (10, 0), (10, 10)], 2)
    [('M', ((0, 0),)), ('L', ((8.0, 0.0),)), ('Q', ((10, 0), (10.0, 2.0))), ('L', ((10, 10),))]
    """
    commands: list[tuple[str, tuple[Point, ...]]] = [("M", (points[0],))]
    for before, bend, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _length(before, bend), _length(bend, after)
        room = min(radius, into / 2, out / 2)
        if room < 0.5:
            commands.append(("L", (bend,)))
            continue
        commands.append(("L", (_towards(bend, before, room / into),)))
        commands.append(("Q", (bend, _towards(bend, after, room / out))))
    commands.append(("L", (points[-1],)))
    return commands


def _length(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _towards(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
