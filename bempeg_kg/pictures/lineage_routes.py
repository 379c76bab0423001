"""The ways of the lines of a lineage: along rails at the left, and in channels between the columns."""

from __future__ import annotations

from bempeg_kg.pictures.lineage_drawing import ROW, STEP, Box
from bempeg_kg.pictures.lineage_tree import Link, Tree
from bempeg_kg.pictures.scene import Point

#: How far (px) a rail stands from the left edge of its box; a bend of less than the second is drawn straight.
_RAIL, _STRAIGHT = 8.0, 8.0


def routes_wide(tree: Tree, boxes: dict[str, Box]) -> dict[Link, list[Point]]:
    """The way of each link: square lines along rails at the left, in channels between the columns."""
    routes: dict[Link, list[Point]] = {}
    for link in tree.links("led to"):
        routes[link] = _branch(tree, boxes, link)
    for link in tree.links("read out"):
        start, end = boxes[link[0]], boxes[link[1]]
        y = min(max(end.middle, start.top + 8), start.bottom - 8)
        bend = [] if y == end.middle else [(start.right + 18, y), (start.right + 18, end.middle)]
        routes[link] = [(start.right, y), *bend, (end.left, end.middle)]
    slots = _slots(tree, boxes)
    events = [event for trial in tree.order for event in tree.readouts.get(trial, [])]
    for link in tree.links("led to decision"):
        start, end = boxes[link[0]], boxes[link[1]]
        if link[0] not in events:  # a decision that follows from the one above it
            x = start.left + start.width / 2
            routes[link] = [(x, start.bottom), (x, end.top)]
            continue
        channel = start.right + 16 + 13 * (len(events) - 1 - events.index(link[0]))
        y, aim = slots[link, "out"], slots[link, "in"]
        if abs(y - aim) < _STRAIGHT:
            routes[link] = [(start.right, aim), (end.left, aim)]
            continue
        routes[link] = [(start.right, y), (channel, y), (channel, aim), (end.left, aim)]
    affected = tree.links("affects")
    for link in affected:
        own = [one for one in tree.decisions if any(start == one for start, *_ in affected)]
        routes[link] = _back(tree, boxes, link, slots[link, "out"], own.index(link[0]))
    return routes


def _branch(tree: Tree, boxes: dict[str, Box], link: Link) -> list[Point]:
    """From a trial along its rail to one that came from it; a second origin comes in lower."""
    start, end = boxes[link[0]], boxes[link[1]]
    x = start.left + _RAIL
    y = end.top + 15 + (0 if tree.parent.get(link[1]) == link[0] else 15)
    return [(x, start.bottom), (x, y), (end.left, y)]


def _slots(tree: Tree, boxes: dict[str, Box]) -> dict[tuple[Link, str], float]:
    """The height at which each link leaves or enters the side of a box, in the order of their ends."""
    slots: dict[tuple[Link, str], float] = {}
    rested, affected = tree.links("led to decision"), tree.links("affects")
    for event in [event for events in tree.readouts.values() for event in events]:
        out = sorted((link for link in rested if link[0] == event), key=lambda link: boxes[link[1]].middle)
        for at, link in enumerate(out):
            slots[link, "out"] = boxes[event].middle + (at - (len(out) - 1) / 2) * 11
    for decision in tree.decisions:
        box = boxes[decision]
        inward = sorted(
            (link for link in rested if link[1] == decision and link[0] not in tree.decisions),
            key=lambda link: boxes[link[0]].middle,
        )
        changes = any(link[0] == decision for link in affected)
        share = box.height / (len(inward) + changes + 1)
        for at, link in enumerate(inward, 1):
            slots[link, "in"] = box.top + share * at
        for link in affected:
            if link[0] == decision:
                slots[link, "out"] = box.top + share * (len(inward) + 1)
    entered = [(link, y) for (link, side), y in slots.items() if side == "in"]
    for link in rested:  # no line leaves at the height at which another one enters
        y = slots.get((link, "out"))
        while y is not None and any(abs(y - other) < 6 for one, other in entered if one != link):
            y += 3
        if y is not None:
            slots[link, "out"] = y
    return slots


def _back(tree: Tree, boxes: dict[str, Box], link: Link, y: float, number: int) -> list[Point]:
    """From a decision back to the trial that it stopped or changed, below the read-outs of that trial."""
    start, end = boxes[link[0]], boxes[link[1]]
    channel = start.left - 12 - 10 * number
    events = [boxes[one] for one in tree.readouts.get(link[1], [])]
    if not events:
        return [(start.left, y), (channel, y), (channel, end.middle), (end.right, end.middle)]
    below = max([end.bottom, *(event.bottom for event in events)]) + ROW / 2
    near, aim = end.right + 28, end.bottom - 9
    return [(start.left, y), (channel, y), (channel, below), (near, below), (near, aim), (end.right, aim)]


def routes_narrow(tree: Tree, boxes: dict[str, Box]) -> dict[Link, list[Point]]:
    """The ways of the links between trials, and down to read-outs."""
    routes = {link: _branch(tree, boxes, link) for link in tree.links("led to")}
    for link in tree.links("read out"):
        start, end = boxes[link[0]], boxes[link[1]]
        x = start.left + STEP
        routes[link] = [(x, start.bottom), (x, end.middle), (end.left, end.middle)]
    return routes
