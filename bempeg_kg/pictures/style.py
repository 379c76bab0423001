"""What kinds, signs and evidence look like: by colour, and by shape or line as well, for grey print.

The colours keep their distance for people with any of the three colour-vision deficiencies: a dark blue and a
vermilion carry the signs, kinds differ in lightness, outline and corners.
"""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """A box: colours for light and for dark pages, corner radius (px), width of the outline."""

    name: str
    fill: str
    stroke: str
    text: str
    dark_fill: str
    dark_stroke: str
    dark_text: str
    radius: float
    line: float


#: Group of kinds -> look. The order is that of the legend.
LOOKS = {
    "drug": Look("drug", "#173a5e", "#173a5e", "#ffffff", "#9cc7ef", "#9cc7ef", "#0b1420", 20, 1.5),
    "form": Look(
        "form or part of a drug", "#d5e5f5", "#173a5e", "#10202f", "#25405c", "#9cc7ef", "#eaf3fc", 20, 1.5
    ),
    "receptor": Look(
        "target, receptor", "#fdeec9", "#7a5200", "#2b1d00", "#4a3a12", "#f0c55a", "#fff6df", 5, 2.6
    ),
    "protein": Look("protein", "#ffffff", "#59616d", "#1b2027", "#20252c", "#9aa4b1", "#eef1f5", 5, 1.2),
    "cell": Look("cell", "#d8efdf", "#17603a", "#0a2a18", "#1c4430", "#7fd0a2", "#e6f8ed", 16, 2.6),
    "process": Look("process", "#efecf6", "#5b4b8a", "#221b38", "#332c4b", "#b9abe6", "#f1edfb", 0, 1.2),
    "outcome": Look("outcome", "#26262b", "#26262b", "#ffffff", "#e9e9ee", "#e9e9ee", "#17171a", 0, 1.5),
    "trial": Look("trial", "#d5e5f5", "#173a5e", "#10202f", "#25405c", "#9cc7ef", "#eaf3fc", 5, 2.2),
    "cohort": Look("cohort", "#ffffff", "#173a5e", "#10202f", "#20252c", "#9cc7ef", "#eaf3fc", 16, 1.2),
    "read-out": Look("read-out", "#fdeec9", "#7a5200", "#2b1d00", "#4a3a12", "#f0c55a", "#fff6df", 16, 1.6),
    "decision": Look("decision", "#26262b", "#26262b", "#ffffff", "#e9e9ee", "#e9e9ee", "#17171a", 0, 1.5),
    "event": Look("other event", "#f2f2f2", "#59616d", "#1b2027", "#2a2f36", "#9aa4b1", "#eef1f5", 0, 1.0),
}
_GROUPS = {
    "drug": "drug",
    "drug combination": "drug",
    "drug class": "drug",
    "active species": "form",
    "drug component": "form",
    "target": "receptor",
    "receptor complex": "receptor",
    "cell type": "cell",
    "biological process": "process",
    "endpoint": "outcome",
    "adverse event": "outcome",
    "trial": "trial",
    "cohort": "cohort",
    "read-out": "read-out",
    "decision": "decision",
}
_PROTEINS = ("signalling protein", "protein family", "protein complex", "protein")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A link: colours for light and dark pages, and its end: arrow, bar or ring."""

    name: str
    colour: str
    dark: str
    end: str


SIGNS = {
    "activates": Stroke("activates", "#0b5cab", "#7db8ff", "arrow"),
    "inhibits": Stroke("inhibits", "#b43c00", "#ff9d66", "bar"),
    "neutral": Stroke("no direction of its own", "#666e7a", "#a4adba", "ring"),
    "led to": Stroke("led to", "#0b5cab", "#7db8ff", "arrow"),
    "read out": Stroke("was read out", "#7a5200", "#f0c55a", "arrow"),
    "led to decision": Stroke("led to the decision", "#1b2027", "#e9e9ee", "arrow"),
    "affects": Stroke("stopped or changed", "#b43c00", "#ff9d66", "bar"),
    "has cohort": Stroke("has cohort", "#666e7a", "#a4adba", "ring"),
    "event": Stroke("event", "#666e7a", "#a4adba", "ring"),
}
#: Evidence -> what the legend says, dash.
EVIDENCE: dict[str, tuple[str, tuple[float, ...]]] = {
    "primary": ("primary source or registry", ()),
    "secondary": ("secondary source", (8, 4)),
    "derived": ("our inference, or the audited guide alone", (2, 3.5)),
    "stated": ("stated in a source", ()),
    "inferred": ("inferred", (2, 3.5)),
}
_EVIDENCE = {"registry": "primary", "seed": "derived"}
INK, QUIET, PAPER = "#1b2027", "#59616d", "#ffffff"


def group_of(kind: str) -> str:
    """The group of looks of a node's kind.

    >>> group_of("protein family"), group_of("trial start")
    ('protein', 'event')
    """
    return "protein" if kind in _PROTEINS else _GROUPS.get(kind, "event")


def sign_of(edge: dict[str, Any]) -> str:
    """The key in SIGNS of an edge: its sign, or in the lineage its relation."""
    sign = edge.get("sign") or edge.get("relation", "")
    return sign if sign in SIGNS else "neutral"


def evidence_of(edge: dict[str, Any]) -> str:
    """The key in EVIDENCE of an edge: stated or inferred in the lineage, else what its basis is worth."""
    known = edge.get("ground") or edge.get("basis", "stated")
    return known if known in EVIDENCE else _EVIDENCE.get(known, "secondary")
