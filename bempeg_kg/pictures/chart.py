"""What the evidence pictures share: figures as SVG, PNG or PDF that can be read without seeing them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO

from bempeg_kg.pictures import paper
from bempeg_kg.pictures.scene import Scene
from bempeg_kg.pictures.svg import svg
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from matplotlib.figure import Figure

BLUE, ORANGE, GREY, INK, QUIET = "#0b5cab", "#b43c00", "#8a929d", "#1b2027", "#59616d"
#: Pixels an inch of a PNG.
_DPI = 150
_RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",  # text stays text, so that it can be read aloud and searched
    "svg.hashsalt": "bempeg-kg",
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a dollar sign in a label is no formula
}


#: Last sentence of the text alternative of a chart.
AS_TABLE = "The same content comes as a table."


@dataclass(slots=True, repr=False)
class Chart:
    """A drawn picture with its title, a summary of what it shows, and the same content as a table."""

    figure: Figure | Scene
    title: str
    summary: str
    table: Table
    #: title to show on hover over an element of an SVG, by the id of the element
    hovers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.figure, Scene):
            self.figure.title, self.figure.description = self.title, self.description

    @property
    def description(self) -> str:
        """The text alternative of the picture: the summary, and that there is a table."""
        return f"{self.summary} {AS_TABLE}"

    def to_bytes(self, form: str) -> bytes:
        """The picture as `svg`, `png` or `pdf`; the same bytes for the same content."""
        from matplotlib import rc_context

        if isinstance(self.figure, Scene):
            if form == "svg":
                return svg(self.figure).encode()
            return paper.png(self.figure) if form == "png" else paper.pdf(self.figure)
        stream = BytesIO()
        known: dict[str, Any] = {
            "svg": {"Date": None, "Creator": None, "Title": self.title},
            "png": {"Software": None, "Title": self.title, "Description": self.description},
            "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Title": self.title},
        }
        with rc_context(_RC):
            self.figure.savefig(stream, format=form, dpi=_DPI, metadata=known[form])
        body = stream.getvalue()
        return self._spoken(body.decode()).encode() if form == "svg" else body

    def __repr__(self) -> str:
        return f"<Chart {self.title}, {len(self.table)} rows>"

    def _repr_svg_(self) -> str:
        return self.to_bytes("svg").decode()

    def _spoken(self, svg: str) -> str:
        """The SVG with what screen readers read: role, title and description."""
        from html import escape

        start = svg.index("<svg ")
        head, rest = svg[start:].split(">", 1)
        spoken = f'<title id="picture-title">{escape(self.title)}</title>\n'
        spoken += f'<desc id="picture-description">{escape(self.description)}</desc>'
        rest = re.sub(
            r'<g id="([^"]+)">',
            lambda match: (
                f"{match[0]}<title>{escape(self.hovers[match[1]])}</title>"
                if match[1] in self.hovers
                else match[0]
            ),
            rest,
        )
        return f'{head} role="img" aria-labelledby="picture-title picture-description">\n{spoken}{rest}'


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, sizes in inches, in the package's style."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_RC):
        return Figure(figsize=(width, height), facecolor="white")


def styled() -> Any:
    """The context in which text and axes must be made, so that they get the package's style."""
    from matplotlib import rc_context

    return rc_context(_RC)


def number(value: object, digits: int) -> str:
    """A number with so many decimals, empty for None.

    >>> number(0.5, 2), number(None, 2)
    ('0.50', '')
    """
    return "" if value is None else f"{float(value):.{digits}f}"  # type: ignore[arg-type]
