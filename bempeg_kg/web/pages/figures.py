"""The figure that a question declares in its header, drawn of the rows of its answer.

Kinds: ``bars`` and ``forest`` (a value a row, with its interval), ``dumbbell`` (two values a row) and
``curve`` (a value over another). Nothing is guessed: a question that declares none has no figure.
``timeline``, ``flow`` and ``pathway`` are drawn by `bempeg_kg.pictures`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from markupsafe import Markup

from bempeg_kg.evidence.stats.intervals import wilson
from bempeg_kg.rdf.table import Table, Term

MOST = 24
"""Rows that a figure shows."""
LEFT, WIDTH, RIGHT, LINE, TOP = 390, 330, 160, 26, 30
CHARACTERS = 54
"""Characters in a line of a label; longer ones have two lines."""
HEIGHT = 260
"""Of a curve, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row puts into a figure; ``second`` is the other end of a dumbbell, or the place on a curve."""

    row: int
    label: str
    value: float
    printed: str
    low: float | None = None
    high: float | None = None
    second: float | None = None
    series: str = ""
    #: what heads it together with its neighbours, such as a trial; and its counts, such as "20 of 38"
    group: str = ""
    counts: str = ""


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
    marks = _marks(declared, table, words) if "value" in declared else []
    if not marks:
        return Markup()
    return _curve(marks, declared) if kind == "curve" else _rows(marks[:MOST], declared, len(table.rows))


def _marks(declared: Mapping[str, Any], table: Table, words: Callable[[Term], str]) -> list[Mark]:
    places = {name: at for at, name in enumerate(table.columns)}
    marks: list[Mark] = []
    for at, row in enumerate(table.rows):

        def cell_text(column: str, row: Sequence[Term] = row) -> str:
            return words(row[places[column]]) if column in places else ""

        if any(cell_text(column) != wanted for column, wanted in declared.get("only", {}).items()):
            continue
        value, second = _number(cell_text(declared["value"])), _number(cell_text(declared.get("second", "")))
        if value is None or ("second" in declared and second is None):
            continue
        names = [cell_text(name) for name in declared.get("label", ())]
        label = ", ".join(filter(None, names))
        low, high = (_number(cell_text(declared.get(name, ""))) for name in ("lower", "upper"))
        n, of = _number(cell_text("n")), _number(cell_text("N"))
        counts = f"{cell_text('n')} of {cell_text('N')}" if n and of else ""
        if counts and "lower" not in declared and declared.get("unit") == "%":
            low, high = _score_interval(n, of)
        printed, series = cell_text(declared["value"]), cell_text(declared.get("series", ""))
        group = names[0] if len(names) > 1 else ""
        marks.append(Mark(at, label, value, printed, low, high, second, series, group, counts))
    return marks


def _score_interval(count: float | None, of: float | None) -> tuple[float | None, float | None]:
    """The 95 % score interval of a proportion, as percentages; none where the counts do not make one."""
    if count is None or not of or not 0 <= count <= of:
        return None, None
    limits = wilson(int(count), int(of))
    return round(100 * limits.lower, 1), round(100 * limits.upper, 1)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().lstrip("<>≤≥ ").rstrip("% "))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _scale(marks: Sequence[Mark], declared: Mapping[str, Any]) -> Scale:
    ends = [
        end for mark in marks for end in (mark.value, mark.low, mark.high, mark.second) if end is not None
    ]
    if "reference" in declared:
        ends.append(float(declared["reference"]))
    if declared.get("scale") == "log":
        held = [end for end in ends if end > 0]
        return Scale(max(min(held) / 1.15, 0.1), min(max(held) * 1.15, 10), log=True)
    least, most = min(0.0, *ends), max(0.0, *ends)
    return Scale(least, most if most > least else least + 1)


def _rows(marks: Sequence[Mark], declared: Mapping[str, Any], total: int) -> Markup:
    scale = _scale(marks, declared)
    heads = [mark.group and (at == 0 or mark.group != marks[at - 1].group) for at, mark in enumerate(marks)]
    grouped = 1 < sum(map(bool, heads)) < len(marks)
    parts, y = [], TOP
    for mark, heading in zip(marks, heads, strict=True):
        if grouped and heading:
            parts.append(_text(mark.group, 0, y + LINE / 2 + 4, "start", "head"))
            y += LINE
        parts.append(_row(mark, scale, y, declared, grouped))
        y += LINE
    height = y + 8
    parts.insert(0, _axis(scale, declared, height))
    words = f"{declared['title']}: " + "; ".join(
        f"{one.label} {_numbers_text(one, declared)}" for one in marks
    )
    drawn = "" if len(marks) == total else f" {len(marks)} of {total} rows are drawn."
    computes = "lower" not in declared and any(mark.low is not None for mark in marks)
    computed = " Whiskers: 95 % score intervals, computed from the counts." if computes else ""
    caption = f"{declared['title']}.{computed}{drawn} The table below has the sources."
    room = 16 if declared.get("scale") == "log" else 0
    return _framed(parts, height + room, words, caption)


def _axis(scale: Scale, declared: Mapping[str, Any], height: int) -> Markup:
    line = '<line class="{c}" x1="{x}" x2="{x}" y1="{y}" y2="{h}"/>'
    shapes = [
        Markup(line + '<text class="tick" x="{x}" y="{t}" text-anchor="middle">{v}</text>').format(
            c="grid", x=scale.x(tick), y=TOP - 6, h=height - 4, t=TOP - 12, v=f"{tick:g}"
        )
        for tick in scale.ticks()
    ]
    if "reference" in declared:
        at = scale.x(float(declared["reference"]))
        shapes.append(Markup(line).format(c="zero", x=at, y=TOP - 6, h=height - 4))
        if declared.get("scale") == "log":
            shapes.append(_text("favours the arm named", at - 12, height + 8, "end", "tick"))
            shapes.append(_text("favours its comparator", at + 12, height + 8, "start", "tick"))
    return Markup("").join(shapes)


def _row(mark: Mark, scale: Scale, y: int, declared: Mapping[str, Any], grouped: bool) -> Markup:
    middle, at = y + LINE / 2, scale.x(mark.value)
    label = mark.label.removeprefix(f"{mark.group}, ") if grouped else mark.label
    lines = wrap(label, CHARACTERS, max_lines=2, placeholder=" …") or [""]
    x, anchor = (16, "start") if grouped else (LEFT - 12, "end")
    top = middle + 4 - 7 * (len(lines) - 1)
    shapes = [_text(line, x, top + 14 * at, anchor) for at, line in enumerate(lines)]
    if declared["kind"] == "bars":
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
    if declared["kind"] != "bars":
        shapes.append(Markup('<circle class="point" cx="{}" cy="{}" r="5"/>').format(at, middle))
    numbers = _numbers_text(mark, declared)
    shapes.append(_text(numbers, LEFT + WIDTH + 10, middle + 4, "start"))
    return Markup('<g class="mark" data-row="{}"><title>{}: {}</title>{}</g>').format(
        mark.row, mark.label, numbers, Markup("").join(shapes)
    )


def _numbers_text(mark: Mark, declared: Mapping[str, Any]) -> str:
    """The numbers of a row as its sources print them."""
    unit = f" {declared['unit']}" if "unit" in declared else ""
    if mark.second is not None:
        return f"{mark.printed} / {mark.second:g}{unit}"
    if mark.counts and "lower" not in declared:
        return f"{mark.printed}{unit} ({mark.counts})"
    if mark.low is not None and mark.high is not None:
        return f"{mark.printed} ({mark.low:g} to {mark.high:g}){unit}"
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
