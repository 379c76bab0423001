"""The boxes of a flow of patients, and how they are set: arms side by side, those who left beside the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.forest import LINE, NARROW, SIZE, WIDE
from bempeg_kg.pictures.marks import line_with_end
from bempeg_kg.pictures.scene import Group, Line, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, QUIET
from bempeg_kg.pictures.words import wrapped
from bempeg_kg.rdf.table import Table

_EDGE, _GAP, _PAD = 14.0, 22.0, 8.0
#: How far the second line of a reason stands in.
_HANGING = 10.0
#: Width of a column in which the boxes beside the way get as much room as those on it.
_NARROW_COLUMN = 340.0


@dataclass(slots=True)
class Stage:
    """A box: what it counts, the count as text, of how many, whether it left the way, and its identifier.

    `part_of` is the identifier of the box of the same group that it is part of; empty for none. `reasons` are
    those for leaving, each with its count.
    """

    name: str
    count: str
    total: str = ""
    aside: bool = False
    id: str = ""
    part_of: str = ""
    reasons: tuple[str, ...] = ()


def flow_chart(
    title: str,
    whole: list[Stage],
    arms: dict[str, list[Stage]],
    others: dict[str, list[Stage]],
    notes: list[str],
    table: Table,
    shape: str,
) -> Chart:
    """The chart: those who entered on top, then arms side by side, three a row, then other groups."""
    narrow = shape == "narrow"
    total = NARROW if narrow else WIDE
    shapes: list[Shape] = []
    y = 8.0
    for line in wrapped(title, 17, total - 2 * _EDGE, bold=True):
        y += 21
        shapes.append(Words(_EDGE, y, line, 17, INK, bold=True, anchor="start"))
    y += 18
    wide = min(total - 2 * _EDGE, 340)
    drawn, y = _column("", whole, (total - wide) / 2, wide, y)
    shapes += drawn
    drawn, y = _rows(arms, total, y, joined=bool(whole) and not narrow)
    shapes += drawn
    if others:
        y += 26
        shapes.append(Words(_EDGE, y, "Other groups and parts", SIZE, QUIET, bold=True, anchor="start"))
        drawn, y = _rows(others, total, y - 10, joined=False)
        shapes += drawn
    for note in notes:
        for line in wrapped(note, SIZE, total - 2 * _EDGE, most=6):
            y += LINE
            shapes.append(Words(_EDGE, y + 6, line, SIZE, QUIET, anchor="start"))
    groups = {**arms, **others}
    counted = sum(len(stages) for stages in (whole, *groups.values()))
    summary = f"{title}: {counted} boxes, {len(groups)} groups."
    return Chart(Scene(total, y + 22, title, shapes=shapes), title, summary, table)


def _rows(
    groups: dict[str, list[Stage]], total: float, y: float, *, joined: bool
) -> tuple[list[Shape], float]:
    """Groups side by side, in several rows where they are many; each joined to what stands above them all."""
    shapes: list[Shape] = []
    # Reasons for leaving need a wider box beside the way.
    reasons = any(stage.reasons for stages in groups.values() for stage in stages)
    most = 2 if reasons and len(groups) > 3 else 3
    across = 1 if total == NARROW else min(most, max(1, len(groups)))
    wide = (total - 2 * _EDGE - _GAP * (across - 1)) / across
    # The way to a further row runs between two columns.
    between = _EDGE + (across // 2) * (wide + _GAP) - _GAP / 2
    listed = list(groups.items())
    above = y
    for start in range(0, len(listed), across):
        bottoms = [y]
        way = [(total / 2, above), (total / 2, above + 16)]
        way += [(between, above + 16), (between, y + 16)] if start else []
        for place, (name, stages) in enumerate(listed[start : start + across]):
            left = _EDGE + place * (wide + _GAP)
            if joined:
                aim = left + _main(wide, stages) / 2
                shapes += line_with_end([*way, (aim, y + 16), (aim, y + 32)], INK, "arrow", ())
            drawn, bottom = _column(name, stages, left, wide, y + (32 if joined else 22))
            shapes += drawn
            bottoms.append(bottom)
        y = max(bottoms) + 6
    return shapes, y


def _main(wide: float, stages: list[Stage]) -> float:
    """Width of the boxes in the main flow: the full width if no box stands beside it."""
    share = 0.5 if wide < _NARROW_COLUMN else 0.58
    return wide * share if any(stage.aside for stage in stages) else wide


def _column(name: str, stages: list[Stage], left: float, wide: float, y: float) -> tuple[list[Shape], float]:
    """Boxes of a group from top to bottom, joined by arrows; those beside the flow are joined by a line."""
    shapes: list[Shape] = []
    main = _main(wide, stages)
    middle = left + main / 2
    if name:
        drawn, y = _box([name], left, main, y, head=True)
        shapes += drawn
    waiting: list[Stage] = []
    before: Stage | None = None
    for stage in stages:
        if stage.aside:
            waiting.append(stage)
            continue
        top = y
        if before or name:
            drawn, y = _beside(waiting, left + main, wide - main, middle, y)
            shapes += drawn
            waiting = []
            y = max(y, top + (_GAP if _follows(stage, before) else 10))
            if _follows(stage, before):
                shapes += line_with_end([(middle, top), (middle, y)], INK, "arrow", ())
        drawn, y = _box(_lines(stage), left, main, y, id_=stage.id)
        shapes += drawn
        before = stage
    if waiting:
        shapes += [Line([(middle, y), (middle, y + 20)], INK, 1.7)]
    drawn, y = _beside(waiting, left + main, wide - main, middle, y)
    return [*shapes, *drawn], y


def _follows(stage: Stage, before: Stage | None) -> bool:
    """Whether an arrow leads to a box: it is the first, or part of the one before."""
    return before is None or stage.part_of == before.id


def _beside(
    stages: list[Stage], left: float, wide: float, middle: float, y: float
) -> tuple[list[Shape], float]:
    """Boxes of those who left the way, each with an arrow from it; and where they end."""
    shapes: list[Shape] = []
    for stage in stages:
        shapes += line_with_end([(middle, y + 22), (left + 18, y + 22)], INK, "arrow", ())
        drawn, bottom = _box(_lines(stage), left + 18, wide - 18, y + 8, id_=stage.id, listed=stage.reasons)
        shapes += drawn
        y = bottom
    return shapes, y + (14 if stages else 0)


def _lines(stage: Stage) -> list[str]:
    counted = " ".join(part for part in (stage.count, stage.total) if part)
    return [one for one in (stage.name, counted) if one]


def _box(
    texts: list[str], left: float, wide: float, y: float, *, head: bool = False, id_: str = "",
    listed: Sequence[str] = (),
) -> tuple[list[Shape], float]:  # fmt: skip
    """A box with texts in its middle, and below them `listed` ones from its left edge."""
    room = wide - 2 * _PAD
    lines = [line for text in texts for line in wrapped(text, SIZE, room, most=4, bold=head)]
    items = [wrapped(text, SIZE, room - _HANGING, most=4) for text in listed]
    height = LINE * (len(lines) + sum(map(len, items))) + 2 * _PAD - 3
    fill, stroke = ("#d5e5f5", "#173a5e") if head else ("#ffffff", "#59616d")
    inner: list[Shape] = [Rect(left, y, wide, height, fill, stroke, 1.3, 4)]
    for number, line in enumerate(lines):
        base = y + _PAD + 10 + LINE * number
        inner.append(Words(left + wide / 2, base, line, SIZE, INK, bold=head))
    base = y + _PAD + 10 + LINE * len(lines)
    for item in items:
        for place, line in enumerate(item):
            start = left + _PAD + (_HANGING if place else 0)
            inner.append(Words(start, base, line, SIZE, INK, anchor="start"))
            base += LINE
    return [Group(inner, title=", ".join([*texts, *listed]), id=id_, kind="stage")], y + height
