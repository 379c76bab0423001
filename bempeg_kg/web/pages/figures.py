"""The figure that a question declares in its header, drawn of the rows of its answer.

Kinds: ``bars`` and ``forest`` (a value a row, with its interval), ``dumbbell`` (two values a row) and
``curve`` (a value over another), ``counts`` (rows that share a label) and ``dates`` (a day or a span a row).
Nothing is guessed: a question that declares none has no figure.
``timeline``, ``flow`` and ``pathway`` are drawn by `bempeg_kg.pictures`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from markupsafe import Markup

from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages.figure_marks import Mark, counted, read_marks

MOST, MOST_DATES = 24, 40
"""Rows that a figure shows, and one of dates."""
LEFT, WIDTH, RIGHT, LINE, TOP, LABEL_LINE = 380, 320, 200, 26, 30, 14
CHARACTERS = 54
"""Characters in a line of a label; longer ones have two lines."""
HEIGHT = 260
"""Of a curve, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear or logarithmic scale from values to units of the drawing."""

    least: float
    most: float
    log: bool = False

    def share(self, value: float) -> float:
        """The place of a value between the ends, from 0 to 1."""
        value = min(max(value, self.least), self.most)
        if self.log:
            return math.log(value / self.least) / math.log(self.most / self.least)
        return (value - self.least) / (self.most - self.least)

    def x(self, value: float) -> float:
        """The place of a value across the drawing."""
        return round(LEFT + self.share(value) * WIDTH, 1)

    def y(self, value: float) -> float:
        """The place of a value up the drawing of a curve."""
        return round(TOP + HEIGHT * (1 - self.share(value)), 1)

    def ticks(self) -> list[float]:
        """Round values along it, at most seven.

        >>> Scale(0, 100).ticks()
        [0, 20, 40, 60, 80, 100]
        """
        if self.log:
            return [one for one in (0.1, 0.2, 0.5, 1, 2, 5, 10) if self.least <= one <= self.most]
        power = 10.0 ** math.floor(math.log10((self.most - self.least) / 6))
        step = next(power * one for one in (1, 2, 5, 10) if (self.most - self.least) / (power * one) <= 6)
        first, last = math.ceil(self.least / step), math.floor(self.most / step + 1e-9)
        ticks = [round(at * step, 10) for at in range(first, last + 1)]
        return [int(tick) if tick == int(tick) else tick for tick in ticks]


def figure(declared: Mapping[str, Any], table: Table, words: Callable[[Term], str]) -> Markup:
    """The figure as SVG; empty where none is declared or no row has a number. ``words`` says a term."""
    kind = str(declared.get("kind", ""))
    if kind == "counts":
        marks = counted(declared, table, words)
    else:
        marks = read_marks(declared, table, words) if "value" in declared else []
    if len(marks) < (2 if kind in ("counts", "dates") else 1):
        return Markup()
    if kind == "curve":
        return _curve(marks, declared)
    distinct = list(
        {(one.label, one.printed, one.low, one.high, one.second): one for one in marks[::-1]}.values()
    )
    missing = 0 if kind == "counts" else len(table.rows) - len(marks)
    return _rows(distinct[::-1], declared, missing)


def _scale(marks: Sequence[Mark], declared: Mapping[str, Any]) -> Scale:
    ends = [
        end for mark in marks for end in (mark.value, mark.low, mark.high, mark.second) if end is not None
    ]
    if "reference" in declared:
        ends.append(float(declared["reference"]))
    if declared["kind"] == "dates":
        return Scale(math.floor(min(ends)), max(math.ceil(max(ends)), math.floor(min(ends)) + 1))
    if declared.get("scale") == "log":
        held = [end for end in ends if end > 0]
        return Scale(max(min(held) / 1.15, 0.1), min(max(held) * 1.15, 10), log=True)
    least, most = min(0.0, *ends), max(0.0, *ends)
    return Scale(least, most if most > least else least + 1)


def _rows(drawable: Sequence[Mark], declared: Mapping[str, Any], missing: int) -> Markup:
    """Marks below each other; ``missing`` counts the rows that have none."""
    marks = drawable[: MOST_DATES if declared["kind"] == "dates" else MOST]
    scale = _scale(marks, declared)
    heads = [mark.group and (at == 0 or mark.group != marks[at - 1].group) for at, mark in enumerate(marks)]
    grouped = 1 < sum(map(bool, heads)) < len(marks)
    parts, y = [], TOP
    for mark, heading in zip(marks, heads, strict=True):
        if grouped and heading:
            parts.append(_text(mark.group, 0, y + LINE / 2 + 4, "start", "head"))
            y += LINE
        lines = _label_lines(mark, grouped)
        height = LINE + LABEL_LINE * (len(lines) - 1)
        parts.append(_row(mark, scale, y + height / 2, declared, (lines, grouped)))
        y += height
    height = y + 8
    parts.insert(0, _axis(scale, declared, height))
    words = f"{declared['title']}: " + "; ".join(
        f"{one.label} {_numbers_text(one, declared)}" for one in marks
    )
    whole, noun = len(drawable) + missing, "labels" if declared["kind"] == "counts" else "rows"
    drawn = "" if len(marks) == whole else f" {len(marks)} of {whole} {noun} are drawn."
    computes = "lower" not in declared and any(mark.low is not None for mark in marks)
    computed = " Whiskers: 95 % score intervals, computed from the counts." if computes else ""
    caption = f"{declared['title']}.{computed}{drawn}"
    room = 16 if declared.get("scale") == "log" else 0
    return _framed(parts, height + room, words, f"{caption} The table below has the sources.")


def _label_lines(mark: Mark, grouped: bool) -> list[str]:
    label = mark.label.removeprefix(f"{mark.group}, ") if grouped else mark.label
    return wrap(label, CHARACTERS, max_lines=2, placeholder=" …") or [""]


def _axis(scale: Scale, declared: Mapping[str, Any], height: int) -> Markup:
    line = '<line class="{c}" x1="{x}" x2="{x}" y1="{y}" y2="{h}"/>'
    shapes = [
        Markup(line + '<text class="tick" x="{x}" y="{t}" text-anchor="middle">{v}</text>').format(
            c="grid", x=scale.x(tick), y=TOP - 6, h=height - 4, t=TOP - 12, v=f"{tick:g}"
        )
        for tick in scale.ticks()
        if tick == int(tick) or declared["kind"] not in ("counts", "dates")
    ]
    if "reference" in declared:
        at = scale.x(float(declared["reference"]))
        shapes.append(Markup(line).format(c="zero", x=at, y=TOP - 6, h=height - 4))
        if declared.get("scale") == "log":
            shapes.append(_text("favours the arm named", at - 12, height + 8, "end", "tick"))
            shapes.append(_text("favours its comparator", at + 12, height + 8, "start", "tick"))
    return Markup("").join(shapes)


def _row(
    mark: Mark, scale: Scale, middle: float, declared: Mapping[str, Any], label: tuple[list[str], bool]
) -> Markup:
    at, (lines, grouped) = scale.x(mark.value), label
    x, anchor = (16, "start") if grouped else (LEFT - 12, "end")
    top = middle + 4 - LABEL_LINE / 2 * (len(lines) - 1)
    shapes = [_text(line, x, top + LABEL_LINE * at, anchor) for at, line in enumerate(lines)]
    if declared["kind"] in ("bars", "counts"):
        zero = scale.x(max(scale.least, 0))
        bar = Markup('<rect class="bar" x="{}" y="{}" width="{}" height="14" rx="2"/>')
        shapes.append(bar.format(min(zero, at), middle - 7, round(abs(at - zero), 1)))
    if mark.second is not None:
        end = scale.x(mark.second)
        bone = Markup('<line class="bone" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
        shapes.append(bone.format(at, end, y=middle))
        shapes.append(Markup('<circle class="other" cx="{}" cy="{}" r="5"/>').format(end, middle))
    if mark.low is not None and mark.high is not None:
        low, high = scale.x(mark.low), scale.x(mark.high)
        whisker = Markup('<path class="whisker" d="M{0} {2}H{1}M{0} {3}v8M{1} {3}v8"/>')
        shapes.append(whisker.format(low, high, middle, middle - 4))
    if declared["kind"] not in ("bars", "counts"):
        shapes.append(Markup('<circle class="point" cx="{}" cy="{}" r="5"/>').format(at, middle))
    numbers = _numbers_text(mark, declared)
    shapes.append(_text(numbers, LEFT + WIDTH + 10, middle + 4, "start"))
    return Markup('<g class="mark" data-row="{}"><title>{}: {}</title>{}</g>').format(
        mark.row, mark.label, numbers, Markup("").join(shapes)
    )


def _numbers_text(mark: Mark, declared: Mapping[str, Any]) -> str:
    """The numbers of a row as its sources print them."""
    unit = f" {declared['unit']}" if "unit" in declared else ""
    if declared["kind"] in ("counts", "dates"):
        return mark.printed
    if mark.second is not None:
        return f"{mark.printed} / {mark.second:g}{unit}"
    if mark.counts and "lower" not in declared:
        return f"{mark.printed}{unit} ({mark.counts})"
    if mark.interval or (mark.low is not None and mark.high is not None):
        return f"{mark.printed} ({mark.interval or f'{mark.low:g} to {mark.high:g}'}){unit}"
    return mark.printed + unit


def _text(words: str, x: float, y: float, anchor: str, kind: str = "name") -> Markup:
    markup = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>')
    return markup.format(kind, x, y, anchor, words)


def _curve(marks: Sequence[Mark], declared: Mapping[str, Any]) -> Markup:
    """Values over the column ``second``, a line for each series, named beside it."""
    places = [mark.second or 0 for mark in marks]
    if min(places) == max(places):
        return Markup()
    across = Scale(min(places), max(places))
    up = Scale(min(0.0, *(mark.value for mark in marks)), max(mark.value for mark in marks))
    line = Markup('<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
    parts = [line.format(LEFT, LEFT + WIDTH, y=up.y(tick)) for tick in up.ticks()]
    parts += [_text(f"{tick:g}", LEFT - 8, up.y(tick) + 4, "end", "tick") for tick in up.ticks()]
    parts += [
        _text(f"{tick:g}", across.x(tick), TOP + HEIGHT + 18, "middle", "tick") for tick in across.ticks()
    ]
    for at, name in enumerate(dict.fromkeys(mark.series for mark in marks)):
        held = sorted((mark for mark in marks if mark.series == name), key=lambda mark: mark.second or 0)
        points = " ".join(f"{across.x(mark.second or 0)},{up.y(mark.value)}" for mark in held)
        parts.append(Markup('<polyline class="curve s{}" points="{}"/>').format(at % 4, points))
        sample = Markup('<line class="curve s{}" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
        beside = LEFT + WIDTH + 12
        parts.append(sample.format(at % 4, beside, beside + 22, y=TOP + 8 + 20 * at))
        parts.append(_text(name, beside + 28, TOP + 12 + 20 * at, "start"))
    parts.append(_text(str(declared.get("across", "")), LEFT + WIDTH / 2, TOP + HEIGHT + 40, "middle"))
    first, last = marks[0], marks[-1]
    words = (
        f"{declared['title']}: from {first.printed} at {first.second:g} to {last.printed} at {last.second:g}"
    )
    caption = f"{declared['title']}. The table below has the numbers."
    return _framed(parts, TOP + HEIGHT + 50, words, caption)


def _framed(parts: Sequence[Markup], height: int, words: str, caption: str) -> Markup:
    """A drawing that scrolls where it is too wide, with its caption."""
    return Markup(
        '<div class="scroll" role="region" tabindex="0" aria-label="Figure"><svg class="plot" role="img" '
        'viewBox="0 0 {} {}" aria-label="{}">{}</svg></div><figcaption>{}</figcaption>'
    ).format(LEFT + WIDTH + RIGHT, height, words, Markup("").join(parts), caption)
