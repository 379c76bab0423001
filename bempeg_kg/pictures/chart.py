"""What the evidence pictures share: a scene with its summary and table, as SVG, PNG or PDF."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.pictures import paper
from bempeg_kg.pictures.scene import Scene
from bempeg_kg.pictures.svg import svg
from bempeg_kg.rdf.table import Table

BLUE, ORANGE, GREY = "#0b5cab", "#b43c00", "#8a929d"
#: Last sentence of the text alternative of a chart.
AS_TABLE = "The same content comes as a table."


@dataclass(slots=True, repr=False)
class Chart:
    """A drawn picture with its title, a summary of what it shows, and the same content as a table."""

    figure: Scene
    title: str
    summary: str
    table: Table

    def __post_init__(self) -> None:
        self.figure.title, self.figure.description = self.title, self.description

    @property
    def description(self) -> str:
        """The text alternative of the picture: the summary, and that there is a table."""
        return f"{self.summary} {AS_TABLE}"

    def to_bytes(self, form: str) -> bytes:
        """The picture as `svg`, `png` or `pdf`; the same bytes for the same content."""
        if form == "svg":
            return svg(self.figure).encode()
        return paper.png(self.figure) if form == "png" else paper.pdf(self.figure)

    def __repr__(self) -> str:
        return f"<Chart {self.title}, {len(self.table)} rows>"

    def _repr_svg_(self) -> str:
        return self.to_bytes("svg").decode()

    def _repr_html_(self) -> str:
        return self._repr_svg_()


def number(value: object, digits: int) -> str:
    """A number with so many decimals, empty for None.

    >>> number(0.5, 2), number(None, 2)
    ('0.50', '')
    """
    return "" if value is None else f"{float(value):.{digits}f}"  # type: ignore[arg-type]
