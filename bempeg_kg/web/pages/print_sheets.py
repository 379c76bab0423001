"""A picture that is too tall for a sheet of paper, cut for print between its lines of text.

Each sheet is a view of the same drawing, so a page carries it once; what heads the drawing heads each sheet.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise

from markupsafe import Markup, escape

WHOLE = 1420.0
"""Height (px) that fits on a sheet of its own at 7.25 pt: A4 within margins of 8 mm."""
SHEET = 1300.0
"""Height (px) that one of several sheets may have."""
LARGE = 1000.0
"""Height (px) from which a drawing gets a sheet of its own."""
_TEXT = re.compile(r'<text [^>]*?\by="([\d.]+)" font-size="([\d.]+)"')
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
_HEAD = re.compile(r' data-head="([\d.]+)"')


def of_document(svg: str, address: str) -> Markup:
    """The sheets of an SVG document that has an address of its own; empty where it fits on one sheet."""
    size = _SIZE.search(svg)
    if size is None:
        return Markup()
    width, height = float(size[1]), float(size[2])
    image = Markup('<image href="{}" width="{}" height="{}"/>').format(address, size[1], size[2])
    head = _HEAD.search(svg)
    return cut(width, height, svg, image, float(head[1]) if head else 0.0)


def cut(width: float, height: float, drawn: str, reference: Markup, head: float = 0.0) -> Markup:
    """The sheets of a drawing, each by a ``reference`` to it; ``head`` px of its top stand above each.

    >>> lines = "".join(f'<text x="0" y="{y}" font-size="13">a</text>' for y in range(40, 2000, 21))
    >>> str(cut(944, 2000, lines, Markup("<use/>"))).count("<use/>"), cut(944, 1200, lines, Markup())
    (2, Markup(''))
    """
    if height <= WHOLE:
        return Markup()
    head = head if head <= LARGE / 2 else 0.0  # so tall, it would leave too little room below it
    cuts = [0.0, *_cuts(height, drawn, head), height]
    sheets = Markup()
    for top, bottom in pairwise(cuts):
        above = head if top else 0.0
        size = Markup('width="{:.0f}" height="{:.1f}"')
        heading = Markup("<svg {} viewBox='0 0 {:.0f} {:.1f}'>{}</svg>").format(
            size.format(width, above), width, above, reference
        )
        body = Markup("<svg y='{:.1f}' {} viewBox='0 {:.1f} {:.0f} {:.1f}'>{}</svg>").format(
            above, size.format(width, bottom - top), top, width, bottom - top, reference
        )
        sheets += Markup('<svg class="sheet" {} aria-hidden="true">{}{}</svg>').format(
            size.format(width, bottom - top + above), heading if above else "", body
        )
    return sheets


def _cuts(height: float, drawn: str, head: float) -> list[float]:
    """Where to cut: in the widest gap between lines of text near the end of each sheet.

    The head stands above each sheet but the first, so the last cut leaves no more than ``WHOLE`` with it.
    """
    lines = sorted((float(y) - float(size), float(y) + float(size) / 3) for y, size in _TEXT.findall(drawn))
    cuts: list[float] = []
    while height - (last := cuts[-1] if cuts else 0.0) + (head if cuts else 0.0) > WHOLE:
        most = SHEET - (head if cuts else 0.0)
        left = height - last
        aim = last + min(most, left / math.ceil(left / most) + 120)
        gaps, end = [], 0.0
        for top, bottom in lines:
            if top > end and aim - 260 <= (end + top) / 2 <= aim:
                gaps.append((round(top - end), (end + top) / 2))
            end = max(end, bottom)
        cuts.append(max(gaps)[1] if gaps else aim)
    return cuts


def print_class(height: float) -> str:
    """How a drawing of so many px is printed: within the page, on a sheet of its own, or on several."""
    return "several" if height > WHOLE else "large" if height > LARGE else "small"


def height_of(svg: str) -> float:
    """The height (px) that an SVG document says it has."""
    size = _SIZE.search(svg)
    return float(size[2]) if size else 0.0


def symbol(identifier: str) -> Markup:
    """A drawing of the same page, drawn again."""
    return Markup('<use href="#{}"/>').format(escape(identifier))
