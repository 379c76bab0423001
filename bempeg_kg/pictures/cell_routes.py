"""Routes of links between boxes at given places: straight where that is free, else with one or two bends."""

from __future__ import annotations

from bempeg_kg.pictures.lanes import Layout, Link, Place
from bempeg_kg.pictures.scene import Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Sizes = Mapping[Place, tuple[float, float]]

#: Links that leave one side of a box keep this far apart (px), less where the side is short.
_APART = 10.0
_SIDES = {"right": (1, 0), "left": (-1, 0), "bottom": (0, 1), "top": (0, -1)}


def routes(links: Sequence[Link], layout: Layout, sizes: Sizes) -> dict[str, list[Point]]:
    """Link identifier -> its points, from the border of one box to the border of the other (px)."""
    sides = {link.id: _sides(link, layout, sizes) for link in links}
    points: dict[tuple[str, int], Point] = {}
    ports: dict[tuple[Place, str], list[tuple[float, str, int]]] = {}
    for link in links:
        bends = layout.bends.get(link.id, [])
        ends = ((link.start, link.end, bends[:1]), (link.end, link.start, bends[-1:]))
        for number, (place, other, bend) in enumerate(ends):
            side = sides[link.id][number]
            if bend:
                points[link.id, number] = _nearest(layout.centres[place], sizes[place], side, bend[0])
                continue
            aim = layout.centres[other][1 if _SIDES[side][0] else 0]
            ports.setdefault((place, side), []).append((aim, link.id, number))
    for (place, side), entries in ports.items():
        for order, (_, link_id, number) in enumerate(sorted(entries)):
            points[link_id, number] = _port(
                layout.centres[place], sizes[place], side, order - (len(entries) - 1) / 2, len(entries)
            )
    return {
        link.id: _joined(
            points[link.id, 0], points[link.id, 1], sides[link.id], layout.bends.get(link.id, [])
        )
        for link in links
    }


def _sides(link: Link, layout: Layout, sizes: Sizes) -> tuple[str, str]:
    """The sides of the boxes at which a link leaves and arrives."""
    start, end = layout.centres[link.start], layout.centres[link.end]
    bends = layout.bends.get(link.id)
    if bends:
        return _towards(start, sizes[link.start], bends[0]), _towards(end, sizes[link.end], bends[-1])
    across = abs(start[0] - end[0]) - (sizes[link.start][0] + sizes[link.end][0]) / 2
    if across < 12:
        return ("bottom", "top") if end[1] > start[1] else ("top", "bottom")
    return ("right", "left") if end[0] > start[0] else ("left", "right")


def _towards(centre: Point, size: tuple[float, float], point: Point) -> str:
    across = (point[0] - centre[0]) / size[0]
    down = (point[1] - centre[1]) / size[1]
    if abs(across) >= abs(down):
        return "right" if across > 0 else "left"
    return "bottom" if down > 0 else "top"


def _port(centre: Point, size: tuple[float, float], side: str, order: float, count: int) -> Point:
    right, down = _SIDES[side]
    length = size[1] if right else size[0]
    apart = min(_APART, (length - 10) / max(count - 1, 1))
    x, y = centre[0] + right * size[0] / 2, centre[1] + down * size[1] / 2
    return (x, y + order * apart) if right else (x + order * apart, y)


def _nearest(centre: Point, size: tuple[float, float], side: str, bend: Point) -> Point:
    """The point of a side that is opposite to a bend, off the corners."""
    right, down = _SIDES[side]
    x = centre[0] + max(-size[0] / 2 + 5, min(size[0] / 2 - 5, bend[0] - centre[0]))
    y = centre[1] + max(-size[1] / 2 + 5, min(size[1] / 2 - 5, bend[1] - centre[1]))
    return (centre[0] + right * size[0] / 2, y) if right else (x, centre[1] + down * size[1] / 2)


def _joined(start: Point, end: Point, sides: tuple[str, str], bends: list[Point]) -> list[Point]:
    if bends:
        return [start, *_squared(start, end, bends, sides), end]
    if sides[0] in ("left", "right"):
        if abs(start[1] - end[1]) < 3:
            return [start, end]
        middle = (start[0] + end[0]) / 2
        return [start, (middle, start[1]), (middle, end[1]), end]
    if abs(start[0] - end[0]) < 3:
        return [start, end]
    middle = (start[1] + end[1]) / 2
    return [start, (start[0], middle), (end[0], middle), end]


def _squared(start: Point, end: Point, bends: list[Point], sides: tuple[str, str]) -> list[Point]:
    """The bends of the table, the first and last moved for right angles at the ends."""
    points = list(bends)
    first, last = points[0], points[-1]
    points[0] = (first[0], start[1]) if sides[0] in ("left", "right") else (start[0], first[1])
    if len(points) > 1:
        points[-1] = (last[0], end[1]) if sides[1] in ("left", "right") else (end[0], last[1])
        return points
    across = [side in ("left", "right") for side in sides]
    if across[0] == across[1]:  # a bend between facing sides becomes two
        if across[0]:
            return [(first[0], start[1]), (first[0], end[1])]
        return [(start[0], first[1]), (end[0], first[1])]
    return [(end[0], start[1]) if across[0] else (start[0], end[1])]
