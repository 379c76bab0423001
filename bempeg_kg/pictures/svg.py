"""A Scene as SVG: text stays text, every box can be a link, and titles are there for screen readers."""

from __future__ import annotations

from bempeg_kg.pictures.scene import Area, Disc, Group, Line, Rect, Scene, Shape, Words, rounded
from bempeg_kg.pictures.words import FAMILIES


def svg(scene: Scene) -> str:
    """The SVG document of a scene. Labels are escaped; addresses other than http and https are left out."""
    width, height = _n(scene.width), _n(scene.height)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f' data-head="{_n(scene.head)}"' if scene.head else ""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILIES}"{head}'
        ' role="img" aria-labelledby="picture-title picture-description">',
        f'<title id="picture-title">{_text(scene.title)}</title>',
        f'<desc id="picture-description">{_text(scene.description)}</desc>',
        f'<rect width="100%" height="100%" fill="{scene.background}"/>',
    ]
    for shape in scene.shapes:
        lines += _written(shape)
    return "\n".join([*lines, "</svg>"]) + "\n"


def shapes_svg(shapes: list[Shape]) -> str:
    """Shapes as SVG elements, to be put into an svg element."""
    return "".join(line for shape in shapes for line in _written(shape))


def _written(shape: Shape) -> list[str]:
    if isinstance(shape, Group):
        return _group(shape)
    if isinstance(shape, Rect):
        radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
        box = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
        return [f'<rect {box}{radius} fill="{shape.fill}"{_stroke(shape.stroke, shape.line, shape.dash)}/>']
    if isinstance(shape, Line):
        path = " ".join(_command(*part) for part in rounded(shape.points, shape.radius))
        return [f'<path d="{path}" fill="none"{_stroke(shape.stroke, shape.line, shape.dash)}/>']
    if isinstance(shape, Area):
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return [f'<polygon points="{corners}" fill="{shape.fill}"{_stroke(shape.stroke, shape.line)}/>']
    if isinstance(shape, Disc):
        disc = f'cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"'
        return [f'<circle {disc} fill="{shape.fill}"{_stroke(shape.stroke, shape.line)}/>']
    return [_words(shape)]


def _group(group: Group) -> list[str]:
    lines = []
    identity = f' id="{_attribute(group.id)}"' if group.id else ""
    kind = f' class="{_attribute(group.kind)}"' if group.kind else ""
    kind += f' data-row="{" ".join(map(str, group.places))}"' if group.places else ""
    linked = group.link.startswith(("http://", "https://"))
    lines.append(f'<a href="{_attribute(group.link)}"{identity}{kind}>' if linked else f"<g{identity}{kind}>")
    if group.title:
        lines.append(f"<title>{_text(group.title)}</title>")
    for shape in group.shapes:
        lines += _written(shape)
    return [*lines, "</a>" if linked else "</g>"]


def _words(words: Words) -> str:
    bold = ' font-weight="bold"' if words.bold else ""
    anchor = "" if words.anchor == "start" else f' text-anchor="{words.anchor}"'
    place = f'x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}"'
    return f'<text {place}{bold}{anchor} fill="{words.fill}">{_text(words.text)}</text>'


def _stroke(colour: str, line: float, dash: tuple[float, ...] = ()) -> str:
    if colour == "none":
        return ""
    dashes = f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{_n(line)}"{dashes}'


def _command(letter: str, points: tuple[tuple[float, float], ...]) -> str:
    return letter + " ".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(number: float) -> str:
    """A number with at most one decimal, enough for a screen and half the file."""
    return f"{number:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    from html import escape

    return escape(text, quote=False)


def _attribute(text: str) -> str:
    from html import escape

    return escape(text)
