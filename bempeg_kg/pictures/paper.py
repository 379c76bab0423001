"""A Scene as PNG and as PDF: resvg draws the SVG as PNG, matplotlib (the extra `pdf`) draws the PDF."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.pictures.font import font_file
from bempeg_kg.pictures.scene import Area, Disc, Group, Line, Point, Rect, Scene, Shape, Words, rounded
from bempeg_kg.pictures.svg import svg

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: A PNG that is enlarged is at most this wide or high (px).
_LARGEST = 5_000


def png(scene: Scene, zoom: float = 2.0) -> bytes:
    """The picture as PNG, `zoom` times its size in px; less if that would be huge, but not below its size."""
    from resvg_py import svg_to_bytes

    return bytes(
        svg_to_bytes(
            svg_string=svg(scene),
            zoom=min(zoom, max(1.0, _LARGEST / max(scene.width, scene.height))),
            skip_system_fonts=True,
            font_files=[font_file(), font_file(bold=True)],
            font_family="DejaVu Sans",
        )
    )


def pdf(scene: Scene) -> bytes:
    """The picture as PDF with vector shapes, text that can be searched, and links.

    Raises UsageError where matplotlib is not installed.
    """
    from io import BytesIO

    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise UsageError(
            "PDF needs matplotlib, which is not installed",
            cure="Install it: pip install 'bempeg-kg[pdf]'. SVG and PNG need nothing more.",
        ) from None

    with rc_context({"pdf.fonttype": 42, "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(scene.width / 72, scene.height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, scene.width)
        axes.set_ylim(scene.height, 0)
        axes.set_axis_off()
        for shape in scene.shapes:
            _put(axes, shape, "")
        stream = BytesIO()
        known = {"Title": scene.title, "Subject": scene.description, "CreationDate": None, "Creator": None}
        figure.savefig(stream, format="pdf", metadata={**known, "Producer": None})
    return stream.getvalue()


def _put(axes: Any, shape: Shape, link: str) -> None:
    if isinstance(shape, Group):
        for inner in shape.shapes:
            _put(axes, inner, shape.link or link)
        return
    artist = _text(axes, shape) if isinstance(shape, Words) else axes.add_patch(_patch(shape))
    if link:
        artist.set_url(link)


def _patch(shape: Rect | Line | Area | Disc) -> Any:
    from matplotlib.patches import Circle, PathPatch, Polygon

    if isinstance(shape, Rect):
        return _rect(shape)
    outline: dict[str, Any] = {"edgecolor": shape.stroke, "linewidth": shape.line}
    if isinstance(shape, Line):
        return PathPatch(_path(shape), fill=False, linestyle=_style(shape.dash, shape.line), **outline)
    if isinstance(shape, Area):
        return Polygon(shape.points, facecolor=shape.fill, **outline)
    return Circle((shape.x, shape.y), shape.radius, facecolor=shape.fill, **outline)


def _text(axes: Any, words: Words) -> Any:
    return axes.text(
        words.x,
        words.y,
        words.text,
        fontsize=words.size,
        color=words.fill,
        weight="bold" if words.bold else "normal",
        ha={"start": "left", "middle": "center", "end": "right"}[words.anchor],
        parse_math=False,  # a dollar sign would begin a formula
    )


def _rect(rect: Rect) -> Any:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={rect.radius}" if rect.radius else "square,pad=0"
    return FancyBboxPatch(
        (rect.x, rect.y),
        rect.width,
        rect.height,
        boxstyle=style,
        facecolor=rect.fill,
        edgecolor=rect.stroke,
        linewidth=rect.line,
        linestyle=_style(rect.dash, rect.line),
    )


def _path(line: Line) -> Any:
    from matplotlib.path import Path

    codes = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3, Path.CURVE3]}
    points: list[Point] = []
    drawn: list[Any] = []
    for letter, ends in rounded(line.points, line.radius):
        points += ends
        drawn += codes[letter]
    return Path(points, drawn)


def _style(dash: tuple[float, ...], line: float) -> Any:
    """A line style; matplotlib multiplies dashes by the width of the line."""
    return (0, tuple(length / line for length in dash)) if dash else "solid"
