"""The font of all pictures, DejaVu Sans, which comes with the package: its files, and how wide letters are.

Widths are read from the font file itself (its tables `head`, `hhea`, `hmtx` and `cmap`), without kerning,
which mostly moves letters together: a text is hardly ever wider than measured.
"""

from __future__ import annotations

import os
from array import array
from functools import lru_cache
from struct import unpack_from
from typing import NamedTuple

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fonts")


class Advances(NamedTuple):
    """Widths of letters by code point, in parts of the font size; `other` is that of a missing letter."""

    widths: dict[int, float]
    other: float


def font_file(bold: bool = False) -> str:
    """Path of the font file."""
    return os.path.join(_FOLDER, f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@lru_cache(maxsize=2)
def advances(bold: bool = False) -> Advances:
    """The widths of all letters of the font.

    >>> round(advances().widths[ord("A")], 3), round(advances(bold=True).widths[ord("A")], 3)
    (0.684, 0.774)
    """
    with open(font_file(bold), "rb") as stream:
        body = stream.read()
    (count,) = unpack_from(">H", body, 4)
    tables = {}
    for place in range(12, 12 + 16 * count, 16):
        tag, _, offset, _ = unpack_from(">4sIII", body, place)
        tables[tag] = offset
    (units,) = unpack_from(">H", body, tables[b"head"] + 18)
    (measured,) = unpack_from(">H", body, tables[b"hhea"] + 34)
    widths = [one / units for one in unpack_from(">" + "H2x" * measured, body, tables[b"hmtx"])]
    glyphs = _glyphs(body, tables[b"cmap"])
    return Advances({code: widths[min(glyph, measured - 1)] for code, glyph in glyphs.items()}, widths[0])


def _glyphs(body: bytes, cmap: int) -> dict[int, int]:
    """Code point -> number of its glyph, from the subtable of format 4 (all of the first 65,536)."""
    (count,) = unpack_from(">H", body, cmap + 2)
    starts = [cmap + unpack_from(">I", body, cmap + 8 + 8 * place)[0] for place in range(count)]
    start = next(one for one in starts if unpack_from(">H", body, one)[0] == 4)
    size = unpack_from(">H", body, start + 6)[0] // 2
    ends, firsts, deltas, ranges = (
        array("H", unpack_from(f">{size}H", body, start + at))
        for at in (14, 16 + 2 * size, 16 + 4 * size, 16 + 6 * size)
    )
    glyphs = {}
    for segment, (first, end, delta, offset) in enumerate(zip(firsts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = start + 16 + 6 * size + 2 * segment + offset + 2 * (code - first)
                (glyph,) = unpack_from(">H", body, place)
            if glyph:
                glyphs[code] = (glyph + delta) & 0xFFFF
    return glyphs
