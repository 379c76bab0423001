"""Positions of the nodes in the mechanism picture: a programme's table of cells and places, `*.lanes.toml`.

The table holds positions alone. Which steps are drawn, in which cell, and what stands in a nucleus comes from
the graph: a thing has one place in each cell that it is drawn in, and a step joins the places of the cells
in which it holds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field

from bempeg_kg.errors import InputError
from bempeg_kg.networks.path import holds_in
from bempeg_kg.pictures.scene import Point

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from networkx import MultiDiGraph

#: Name of the lane of things that are drawn outside every cell.
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Place:
    """One drawing of a node: its CURIE and the lane in which it stands."""

    node: str
    lane: str

    @property
    def id(self) -> str:
        """Identifier in the picture: the CURIE, with the lane behind it within a cell."""
        return self.node if self.lane == OUTSIDE else f"{self.node}@{self.lane}"


@dataclass(frozen=True, slots=True)
class Lane:
    """Cells (CURIEs) that share a lane; left, top, width and height; where the name begins (px)."""

    name: str
    cells: frozenset[str]
    box: tuple[float, float, float, float]
    title: Point


@dataclass(slots=True)
class Layout:
    """Size of the canvas, lanes, centres of places, bends of links where the rule fails (px)."""

    width: float
    height: float
    lanes: dict[str, Lane]
    centres: dict[Place, Point]
    bends: dict[str, list[Point]] = field(default_factory=dict)
    chains: dict[str, list[int]] = field(default_factory=dict)

    def lanes_of(self, node: str) -> list[str]:
        """The lanes in which a node is drawn."""
        return [place.lane for place in self.centres if place.node == node]


def read_layout(text: str, shape: str, file: str = "") -> Layout:
    """The layout of a table for a shape of SHAPES; the wide one where the table has no other.

    Raises InputError for a table that is not TOML, or lacks a key.

    >>> layout = read_layout('[wide]\\nsize=[9,9]\\n[wide.cells.t]\\ncells=["cell:t"]\\nbox=[0,0,5,5]\\n'
    ...     '[wide.cells.t.places]\\n"protein:a"=[2,2]\\n', "wide")
    >>> layout.centres
    {Place(node='protein:a', lane='t'): (2, 2)}
    """
    try:
        tables = tomllib.loads(text)
        table = tables[shape if shape in tables else "wide"]
        lanes, centres = {}, {}
        for node, centre in table.get("places", {}).items():
            centres[Place(node, OUTSIDE)] = (centre[0], centre[1])
        for name, cell in table["cells"].items():
            left, top, width, height = cell["box"]
            at = cell.get("title", (left + 24, top + 30))
            lanes[name] = Lane(name, frozenset(cell["cells"]), (left, top, width, height), (at[0], at[1]))
            for node, centre in cell["places"].items():
                centres[Place(node, name)] = (centre[0], centre[1])
        bends = {link: [(x, y) for x, y in points] for link, points in table.get("bends", {}).items()}
        width, height = table["size"]
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}", file=file, cure="Fix the syntax there.") from error
    except (KeyError, TypeError, ValueError, IndexError) as error:
        cure = "A layout has size, places, and cells with cells, box and places: see mechanism.lanes.toml."
        raise InputError(f"the layout {shape} is not complete: {error}", file=file, cure=cure) from error
    return Layout(width, height, lanes, centres, bends, table.get("chains", {}))


@dataclass(frozen=True, slots=True)
class Link:
    """A step as it is drawn between two places."""

    start: Place
    end: Place
    key: str
    edge: dict[str, Any]

    @property
    def id(self) -> str:
        """Identifier in the picture: the step, with the lane of its end behind it."""
        lane = self.start.lane if self.start.lane != OUTSIDE else self.end.lane
        return self.key if lane == OUTSIDE else f"{self.key}@{lane}"


def placed_links(graph: MultiDiGraph, layout: Layout) -> list[Link]:
    """The links between places: in each lane that holds both ends and in whose cells the step holds."""
    links = []
    for start, end, key, edge in graph.edges(keys=True, data=True):
        starts, ends = layout.lanes_of(start), layout.lanes_of(end)
        common = [lane for lane in starts if lane in ends]
        pairs = [(lane, lane) for lane in common] or [(one, other) for one in starts for other in ends]
        held = holds_in(edge)
        for one, other in pairs:
            cells = _cells(layout, one) | _cells(layout, other)
            if not held or not cells or held & cells or len(pairs) == 1:
                links.append(Link(Place(start, one), Place(end, other), key, edge))
    return links


def _cells(layout: Layout, lane: str) -> frozenset[str]:
    return layout.lanes[lane].cells if lane in layout.lanes else frozenset()


def in_nucleus(links: list[Link]) -> set[Place]:
    """Places that act in the nucleus, by `kg:compartment` of their steps."""
    return {link.start for link in links if link.edge.get("compartment") == "compartment:nucleus"}
