"""The flow of patients: boxes from those entered down to those analysed, as in a CONSORT diagram.

Only counts that are there are drawn; a box says what its source does not print, and nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.evidence_rows import not_drawn
from bempeg_kg.pictures.forest import LINE, NARROW, SIZE, WIDE
from bempeg_kg.pictures.marks import line_with_end
from bempeg_kg.pictures.scene import Group, Line, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, QUIET
from bempeg_kg.pictures.words import wrapped
from bempeg_kg.rdf.table import Table

_EDGE, _GAP, _PAD = 14.0, 22.0, 8.0
#: Most boxes of a picture.
_MOST = 90
#: Kinds of sets in the order in which patients pass them; the last ones are drawn beside the flow.
_STAGES = (
    "planned", "enrolment of unstated type", "enrolled", "randomised", "started a period", "not treated",
    "treated", "at risk", "at baseline", "completed a period", "completed the study",
    "dose-limiting toxicity evaluable", "efficacy-evaluable", "response-evaluable", "analysed",
    "subset with a feature", "responders",
)  # fmt: skip
_ENTERED = _STAGES[:5]
_ARMS = ("one arm", "whole cohort")
_ASIDE = ("not treated", "not completed", "withdrew", "excluded", "lost to follow-up", "discontinued")


@dataclass(slots=True)
class Stage:
    """A box: what it counts, the count as text, of how many, whether it left the way, and its identifier.

    `part_of` is the identifier of the box of the same group that it is part of; empty for none.
    """

    name: str
    count: str
    total: str = ""
    aside: bool = False
    id: str = ""
    part_of: str = ""


def participant_flow(kg: Graph, trial: str | None = None, shape: str = "wide") -> Chart:
    """The flow of a trial (IRI, CURIE or name) from its analysis sets; left out, of PIVOT IO 001.

    Those who entered stand on top, then a column an arm. A box says where a size is not published. Raises
    NoAnswer if the graph holds no analysis set of the trial.
    """
    if trial is None:
        if not kg.content.has_shipped:
            raise NoAnswer("there is nothing to draw: name a trial", cure="Give trial=, or --trial.")
        trial = "trial:pivot-io-001"
    table = kg.ask("picture-flow", trial=trial)
    sets = list({row["set"]: row for row in table}.values())
    if not sets:
        raise NoAnswer(f"there is nothing to draw: the graph holds no analysis set of {trial}")
    periods = _periods(sets)
    # A registry has a set for each outcome too, hundreds in all; its participant flow has periods.
    drawn = [row for row in sets if row["period"] or _is_entry(row)] if periods else sets
    parts: dict[str, dict[str, list[Stage]]] = {"whole": {}, "arms": {}, "others": {}}
    for row in sorted(drawn, key=lambda row: (periods.get(row["period"], -1), _rank(str(row["kindName"])))):
        kind = str(row["kindName"] or "set")
        count = (
            f"n = {row['size']}" if row["size"] is not None else str(row["sizeStatus"] or "size not stated")
        )
        total = f"of {row['outOf']}" if row["outOf"] is not None else ""
        above = kg.names.shorten(row["above"]) if row["above"] else ""
        ids = (kg.names.shorten(row["set"]), above)
        period = row["period"] if len(periods) > 1 else None
        stage = Stage(_stage_name(kind, row["feature"], period), count, total, kind in _ASIDE, *ids)
        whole = row["groupKind"] == "whole trial"
        is_arm = row["period"] or row["groupKind"] in _ARMS
        part = "whole" if _is_entry(row) else "arms" if is_arm else "others"
        group = "" if part == "whole" else "All groups together" if whole else row["groupName"]
        parts[part].setdefault(group, []).append(stage)
    for stages in [] if periods else [stages for groups in parts.values() for stages in groups.values()]:
        stages.sort(key=_order)
    left = _keep_readable(list(parts.values()))
    title = f"Flow of patients, {sets[0]['trialName']}"
    notes = [
        "Counts as published; a box without one says so. An arrow joins a set to the part of it below; a set "
        "that no arrow reaches is of the same group by another rule or at another time.",
    ]
    notes += not_drawn(len(sets) - len(drawn), "sets of single outcomes, adverse events and the baseline")
    notes += not_drawn(left, f"more than {_MOST} boxes cannot be read")
    return flow_chart(title, parts["whole"].get("", []), parts["arms"], parts["others"], notes, table, shape)


def _keep_readable(parts: list[dict[str, list[Stage]]]) -> int:
    """Keep the first groups and their first stages, ``_MOST`` at most; how many stages are left out.

    A record of a registry has a set for each outcome and group, hundreds in all.
    """
    groups = [stages for part in parts for stages in part.values()]
    count = sum(map(len, groups))
    if count <= _MOST:
        return 0
    each = max(1, _MOST // len(groups))
    left = _MOST
    for part in parts:
        for name, stages in list(part.items()):
            del stages[min(each, left) :]
            left -= len(stages)
            if not stages:
                del part[name]
    return count - (_MOST - left)


def _periods(sets: list[dict[str, Any]]) -> dict[str, int]:
    """Period of a participant flow -> its place: that of enrolment first, that which ends the study last.

    A record numbers the periods between by their order alone, which the graph does not keep.
    """
    kinds: dict[str, set[str]] = {}
    for row in sets:
        if row["period"]:
            kinds.setdefault(row["period"], set()).add(row["kindName"])
    ranked = sorted(
        kinds, key=lambda one: ("enrolled" not in kinds[one], "completed the study" in kinds[one], one)
    )
    return {period: place for place, period in enumerate(ranked)}


def _stage_name(kind: str, feature: str | None, period: str | None) -> str:
    """What a box counts.

    >>> _stage_name("started a period", None, "Part B"), _stage_name("enrolled", None, "Part A")
    ('started: Part B', 'enrolled: Part A')
    """
    if period:
        return f"{kind.removesuffix(' a period')}: {period}"
    return f"{kind}: {feature}" if feature and kind in ("subset with a feature", "analysed") else kind


def _is_entry(row: dict[str, Any]) -> bool:
    """Whether a set counts those who entered the trial."""
    return row["groupKind"] == "whole trial" and row["kindName"] in _ENTERED


def _rank(kind: str) -> int:
    return _STAGES.index(kind) if kind in _STAGES else len(_STAGES)


def _order(stage: Stage) -> tuple[int, str, str]:
    return (_rank(stage.name.partition(":")[0]), stage.name, stage.id)


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
    """Groups side by side; the first row joined to what stands above it."""
    shapes: list[Shape] = []
    across = 1 if total == NARROW else min(3, max(1, len(groups)))
    wide = (total - 2 * _EDGE - _GAP * (across - 1)) / across
    listed = list(groups.items())
    for start in range(0, len(listed), across):
        bottoms = [y]
        for place, (name, stages) in enumerate(listed[start : start + across]):
            left = _EDGE + place * (wide + _GAP)
            if joined and start == 0:
                middle, aim = total / 2, left + _main(wide, stages) / 2
                bend = [(middle, y), (middle, y + 16), (aim, y + 16), (aim, y + 32)]
                shapes += line_with_end(bend, INK, "arrow", ())
            drawn, bottom = _column(name, stages, left, wide, y + (32 if joined and start == 0 else 22))
            shapes += drawn
            bottoms.append(bottom)
        y = max(bottoms) + 6
    return shapes, y


def _main(wide: float, stages: list[Stage]) -> float:
    """Width of the boxes in the main flow: the full width if no box stands beside it."""
    return wide * 0.58 if any(stage.aside for stage in stages) else wide


def _column(name: str, stages: list[Stage], left: float, wide: float, y: float) -> tuple[list[Shape], float]:
    """Boxes of a group from top to bottom, joined by arrows; those beside the flow are joined by a line."""
    shapes: list[Shape] = []
    main = _main(wide, stages)
    middle = left + main / 2
    if name:
        drawn, y = _box([name], left, main, y, head=True)
        shapes += drawn
    waiting = [one for one in stages if one.aside]
    way = [one for one in stages if not one.aside]
    for place, stage in enumerate(way):
        top = y
        if place or name:
            beside = waiting if place and stage.name.startswith(("treated", "completed", "analysed")) else []
            waiting = [] if beside else waiting
            drawn, y = _beside(beside, left + main, wide - main, middle, y)
            shapes += drawn
            y = max(y, top + (_GAP if _follows(stage, way[place - 1] if place else None) else 10))
        if (place or name) and _follows(stage, way[place - 1] if place else None):
            shapes += line_with_end([(middle, top), (middle, y)], INK, "arrow", ())
        drawn, y = _box(_lines(stage), left, main, y, id_=stage.id)
        shapes += drawn
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
        drawn, bottom = _box(_lines(stage), left + 18, wide - 18, y + 8, id_=stage.id)
        shapes += drawn
        y = bottom
    return shapes, y + (14 if stages else 0)


def _lines(stage: Stage) -> list[str]:
    return [stage.name, " ".join(part for part in (stage.count, stage.total) if part)]


def _box(
    texts: list[str], left: float, wide: float, y: float, *, head: bool = False, id_: str = ""
) -> tuple[list[Shape], float]:
    lines = [line for text in texts for line in wrapped(text, SIZE, wide - 2 * _PAD, most=4, bold=head)]
    height = LINE * len(lines) + 2 * _PAD - 3
    fill, stroke = ("#d5e5f5", "#173a5e") if head else ("#ffffff", "#59616d")
    inner: list[Shape] = [Rect(left, y, wide, height, fill, stroke, 1.3, 4)]
    for number, line in enumerate(lines):
        base = y + _PAD + 10 + LINE * number
        inner.append(Words(left + wide / 2, base, line, SIZE, INK, bold=head))
    return [Group(inner, title=", ".join(texts), id=id_, kind="stage")], y + height
