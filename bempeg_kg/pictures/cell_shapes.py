"""Shapes of the mechanism picture: cells with a membrane, a nucleus, receptors, chains on a protein."""

from __future__ import annotations

from math import cos, pi, sin

from bempeg_kg.pictures.scene import Disc, Line, Point, Rect, Shape, Words
from bempeg_kg.pictures.style import INK, LOOKS, QUIET
from bempeg_kg.pictures.words import text_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MEMBRANE, _INSIDE, _NUCLEUS = "#8a7a52", "#fbfaf5", "#eef1f8"
#: How much wider (px) the line of the action is that a drug is designed for.
_INTENDED = 2.6
_THINNEST, _PER_SOURCE, _MOST = 1.1, 0.7, 3


def weight(edge: dict[str, Any]) -> float:
    """Width of a link (px): by the number of its sources, and more for the intended action of a drug.

    >>> weight({}), weight({"sources": "A; B"}), weight({"sources": "A; B", "role": "intendedAction"})
    (1.1, 2.5, 5.1)
    """
    sources = len([one for one in str(edge.get("sources", "")).split("; ") if one])
    width = _THINNEST + _PER_SOURCE * min(sources, _MOST)
    return round(width + (_INTENDED if edge.get("role") == "intendedAction" else 0), 2)


def lane(place: tuple[float, float, float, float], title: Point, name: str) -> list[Shape]:
    """A cell: its membrane as two lines with lipids between, and its name."""
    left, top, width, height = place
    return [
        Rect(left, top, width, height, _INSIDE, "none", 0, 26),
        Rect(left + 4, top + 4, width - 8, height - 8, "none", "#ded3b4", 7, 23, (2, 2)),
        Rect(left, top, width, height, "none", _MEMBRANE, 1.6, 26),
        Rect(left + 8, top + 8, width - 16, height - 16, "none", _MEMBRANE, 1.6, 20),
        Words(*title, name, 15, LOOKS["cell"].stroke, bold=True, anchor="start"),
    ]


def nucleus(centre: Point, size: tuple[float, float]) -> list[Shape]:
    """A nucleus around what acts in it."""
    width, height = size[0] + 34, size[1] + 58
    left, top = centre[0] - width / 2, centre[1] - height / 2
    return [
        Rect(left, top, width, height, _NUCLEUS, "#5b4b8a", 1.4, min(width, height) / 2),
        Rect(left + 4, top + 4, width - 8, height - 8, "none", "#5b4b8a", 0.8, min(width, height) / 2 - 4),
        Words(centre[0], top + 22, "nucleus", 13, "#5b4b8a"),
    ]


def receptor_frame(centre: Point, size: tuple[float, float]) -> list[Shape]:
    """A frame around the chains of a receptor."""
    look, (width, height) = LOOKS["receptor"], size
    return [
        Rect(centre[0] - width / 2, centre[1] - height / 2, width, height, "#ffffff", look.stroke, 1.6, 9)
    ]


def box(
    centre: Point,
    size: tuple[float, float],
    kind: str,
    lines: list[tuple[str, bool]],
    font: float,
    line_height: float,
) -> list[Shape]:
    """A box of a kind of LOOKS with its lines."""
    look, (width, height) = LOOKS[kind], size
    left, top = centre[0] - width / 2, centre[1] - height / 2
    radius = min(look.radius, height / 2)
    shapes: list[Shape] = [Rect(left, top, width, height, look.fill, look.stroke, look.line, radius)]
    base = centre[1] - len(lines) * line_height / 2 + font * 0.88
    for number, (text, bold) in enumerate(lines):
        shapes.append(Words(centre[0], base + number * line_height, text, font, look.text, bold))
    return shapes


def chains(centre: Point, size: tuple[float, float], counts: list[int]) -> list[Shape]:
    """Proteins with so many chains, side by side above a box."""
    shapes: list[Shape] = []
    for order, count in enumerate(counts):
        x = centre[0] + (order - (len(counts) - 1) / 2) * 62
        y = centre[1] - size[1] / 2 - 27
        for number in range(count):
            angle = -pi / 2 + (number - (count - 1) / 2) * (2 * pi / 6)
            shapes.append(_chain((x, y), angle))
        shapes.append(Disc(x, y, 9, LOOKS["form"].fill, LOOKS["form"].stroke, 1.5))
    return shapes


def _chain(centre: Point, angle: float) -> Line:
    """A wavy line outwards."""
    points = []
    for step in range(6):
        along, aside = 8 + step * 3.2, (2.6 if step % 2 else -2.6)
        points.append(
            (
                centre[0] + cos(angle) * along - sin(angle) * aside,
                centre[1] + sin(angle) * along + cos(angle) * aside,
            )
        )
    return Line(points, LOOKS["form"].stroke, 1.8, radius=3)


def weight_legend(left: float, top: float, room: float) -> tuple[list[Shape], float]:
    """Samples of line widths and what they mean, in rows of at most `room` px; with the height (px)."""
    shapes: list[Shape] = [Words(left, top + 4, "Width", 13, QUIET, bold=True, anchor="start")]
    indent, y = (84, top) if room > 400 else (0, top + 26)
    x = left + indent
    samples = [
        ("no source, 1, 2, 3 or more", [weight({"sources": "; ".join("x" * n)}) for n in range(4)]),
        ("the drug's intended action: wider", [weight({"sources": "x", "role": "intendedAction"})]),
    ]
    for number, (text, widths) in enumerate(samples):
        if number and x + 36 + text_width(text, 13) > left + room:
            x, y = left + indent, y + 26
        for width in widths:
            shapes.append(Line([(x, y), (x + 26, y)], INK, width))
            x += 32
        shapes.append(Words(x + 4, y + 4, text, 13, INK, anchor="start"))
        x += 215
    return shapes, y - top + 22.0
