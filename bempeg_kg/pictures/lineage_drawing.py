"""The lineage as trials below each other, with read-outs and decisions beside them; on a phone below them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bempeg_kg.pictures.lineage_tree import Link, Tree
from bempeg_kg.pictures.marks import line_with_end
from bempeg_kg.pictures.scene import Group, Point, Rect, Shape, Words
from bempeg_kg.pictures.style import EVIDENCE, LOOKS, QUIET, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.words import text_width, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    #: A line of a box, and whether it is bold.
    Lines = list[tuple[str, bool]]

SIZE, LINE, _PAD = 13.0, 16.0, 8.0
STEP, ROW = 32.0, 14.0
#: Width (px) of the box of a trial that came from no other, and the least of any.
_TRIAL, _LEAST = 420.0, 220.0
_EVENT, _DECISION = 160.0, 170.0
#: Room (px) for the lines from trials to read-outs, and from those to decisions.
_NEAR, _FAR = 48.0, 90.0


@dataclass(slots=True)
class Box:
    """A box: its corner, size and lines."""

    left: float
    top: float
    width: float
    lines: Lines
    height: float = field(init=False)

    def __post_init__(self) -> None:
        self.height = len(self.lines) * LINE + 2 * _PAD - 2

    @property
    def middle(self) -> float:
        """The height (px) of its middle."""
        return self.top + self.height / 2

    @property
    def right(self) -> float:
        """Its right edge (px)."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge (px)."""
        return self.top + self.height


def refilled(lines: Lines, room: float) -> Lines:
    """The lines of an event's box, its words filled into another width; the date stays a line of its own."""
    words = " ".join(text for text, _ in lines[1:])
    return [lines[0], *((line, False) for line in wrapped(words, SIZE, room - 2 * _PAD, most=9))]


def packed(facts: list[str], room: float) -> list[str]:
    """Facts in as few lines as the room (px) allows, a dot between two on one line.

    >>> packed(["Phase 3, n = 783", "efficacy not shown"], 300), packed(["a b"], 8)
    (['Phase 3, n = 783 · efficacy not shown'], ['a', 'b'])
    """
    lines: list[str] = []
    for fact in facts:
        joined = f"{lines[-1]} · {fact}" if lines else fact
        if lines and text_width(joined, SIZE) <= room:
            lines[-1] = joined
        else:
            lines += wrapped(fact, SIZE, room)
    return lines


def _trial_lines(name: str, facts: list[str], room: float) -> Lines:
    words = [(line, True) for line in wrapped(name, SIZE, room, bold=True)]
    return [*words, *((line, False) for line in packed(facts, room))]


def place_wide(
    tree: Tree, lines: dict[str, Lines], facts: dict[str, list[str]], left: float, top: float
) -> dict[str, Box]:
    """The boxes of a tree in three columns: trials, read-outs, decisions."""
    boxes: dict[str, Box] = {}
    edge = left + max(_TRIAL, max(tree.depth.values()) * STEP + _LEAST)
    y = top
    for node in tree.order:
        start = left + tree.depth[node] * STEP
        words = _trial_lines(lines[node][0][0], facts[node], edge - start - 2 * _PAD)
        box = Box(start, y, edge - start, words)
        events = [
            Box(edge + _NEAR, y, _EVENT, refilled(lines[one], _EVENT)) for one in tree.readouts.get(node, [])
        ]
        beside = sum(event.height for event in events) + 12 * max(0, len(events) - 1)
        row = max(box.height, beside)
        box.top = y + (row - box.height) / 2
        at = y + (row - beside) / 2
        boxes[node] = box
        for name, event in zip(tree.readouts.get(node, []), events, strict=True):
            event.top, at = at, at + event.height + 12
            boxes[name] = event
        y += row + ROW
    start = edge + _NEAR + (_EVENT + _FAR if tree.readouts else _FAR)
    _place_decisions(tree, boxes, lines, start, top)
    return boxes


def _place_decisions(
    tree: Tree, boxes: dict[str, Box], lines: dict[str, Lines], left: float, top: float
) -> None:
    """Decisions beside what they rested on, as near as they can be without meeting."""
    y = top
    for one in tree.decisions:
        rested = [start for start, end, _ in tree.links("led to decision") if end == one and start in boxes]
        box = Box(left, y, _DECISION, refilled(lines[one], _DECISION))
        middles = [boxes[start].middle for start in rested if start not in tree.decisions]
        wanted = sum(middles) / len(middles) - box.height / 2 if middles else y
        box.top = max(y, wanted)
        boxes[one] = box
        y = box.bottom + 26


def place_narrow(
    tree: Tree,
    lines: dict[str, Lines],
    facts: dict[str, list[str]],
    left: float,
    top: float,
    right: float,
) -> dict[str, Box]:
    """The boxes of trials and read-outs below each other; decisions follow, see `narrow_decisions`."""
    boxes: dict[str, Box] = {}
    y = top
    for node in tree.order:
        start = left + tree.depth[node] * STEP
        words = _trial_lines(lines[node][0][0], facts[node], right - start - 2 * _PAD)
        boxes[node] = Box(start, y, right - start, words)
        y = boxes[node].bottom + 12
        for one in tree.readouts.get(node, []):
            inner = start + 1.6 * STEP
            boxes[one] = Box(inner, y + 8, right - inner, refilled(lines[one], right - inner))
            y = boxes[one].bottom + 12
    return boxes


def narrow_decisions(
    tree: Tree,
    lines: dict[str, Lines],
    corner: Point,
    right: float,
    address: Callable[[str], str],
) -> tuple[list[Shape], float]:
    """Decisions as boxes, each with what it rested on and what it stopped or changed, in words."""
    left, y = corner
    names = {node: str(data.get("short", node)) for node, data in tree.graph.nodes(data=True)}
    of_trial = {event: names[trial] for trial, event, _ in tree.links("read out")}
    shapes: list[Shape] = []
    for one in tree.decisions:
        box = Box(left, y, right - left, refilled(lines[one], right - left))
        shapes.append(box_group(one, tree.graph.nodes[one], box, address(one)))
        rested = [start for start, end, _ in tree.links("led to decision") if end == one]
        changed = [names[end] for start, end, _ in tree.links("affects") if start == one]
        said = [f"the read-out of {of_trial[node]}" if node in of_trial else names[node] for node in rested]
        told = [f"Rested on {', '.join(said)}."] if said else ["What it rested on is not in the graph."]
        told += [f"Stopped or changed {', '.join(changed)}."] if changed else []
        y = box.bottom + 4
        for text in told:
            for line in wrapped(text, SIZE, right - left - 8, most=6):
                y += LINE
                shapes.append(Words(left + 4, y - 2, line, SIZE, QUIET, anchor="start"))
        y += 14
    return shapes, y


def box_group(node: str, attributes: dict[str, Any], box: Box, link: str) -> Group:
    """A box with its words in the middle, as a link."""
    look = LOOKS[group_of(attributes.get("kind", ""))]
    radius = min(look.radius, 12.0)
    shapes: list[Shape] = [
        Rect(box.left, box.top, box.width, box.height, look.fill, look.stroke, look.line, radius)
    ]
    base = box.middle - len(box.lines) * LINE / 2 + 12
    for number, (text, bold) in enumerate(box.lines):
        at = (box.left + box.width / 2, base + number * LINE)
        shapes.append(Words(*at, text, SIZE, look.text, bold))
    name = f"{attributes.get('label', node)} ({attributes.get('kind', '')})"
    return Group(shapes, title=name, link=link, id=node, kind="node")


def link_groups(tree: Tree, routes: dict[Link, list[Point]]) -> list[Shape]:
    """Links along their ways, inferred ones first so that a stated one is not hidden by them."""
    groups: list[Shape] = []
    for link in sorted(routes, key=lambda link: tree.graph.edges[link].get("ground") != "inferred"):
        edge = tree.graph.edges[link]
        stroke, dash = SIGNS[sign_of(edge)], EVIDENCE[evidence_of(edge)][1]
        shapes = line_with_end(routes[link], stroke.colour, stroke.end, dash)
        name = f"{edge.get('label') or edge.get('relation', '')} ({stroke.name}; {link[2]})"
        groups.append(Group(shapes, title=name, id=link[2], kind="link"))
    return groups
