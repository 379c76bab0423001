"""The flow of patients: boxes from those entered down to those analysed, as in a CONSORT diagram.

Only counts that are there are drawn; a box says what its source does not print, and nothing is computed.
Beside the flow stand those who left it, with the reasons that a registry record gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.evidence_rows import not_drawn
from bempeg_kg.pictures.flow_drawing import Stage, flow_chart
from bempeg_kg.rdf.names import Names

#: Most boxes of a picture, and most reasons for leaving in one of them.
_MOST, _MOST_REASONS = 90, 6
#: Kinds of sets in the order in which patients pass them; the last ones are drawn beside the flow.
_STAGES = (
    "planned", "enrolment of unstated type", "enrolled", "randomised", "started a period", "not treated",
    "treated", "at risk", "at baseline", "completed a period", "completed the study",
    "dose-limiting toxicity evaluable", "efficacy-evaluable", "response-evaluable", "analysed",
    "subset with a feature", "responders",
)  # fmt: skip
_ENTERED = _STAGES[:5]
_ARMS = ("one arm", "whole cohort")
_LEFT = "not completed"
_ASIDE = ("not treated", _LEFT, "withdrew", "excluded", "lost to follow-up", "discontinued")


def participant_flow(kg: Graph, trial: str | None = None, shape: str = "wide") -> Chart:
    """The flow of a trial (IRI, CURIE or name) from its analysis sets; left out, of PIVOT IO 001.

    Those who entered stand on top, then a column an arm. A box says where a size is not published. Raises
    NoAnswer if the graph holds no analysis set of the trial.
    """
    return participant_flows(kg, trial, [shape])[0]


def participant_flows(kg: Graph, trial: str | None, shapes: Sequence[str]) -> list[Chart]:
    """`participant_flow` in several shapes, of one reading: a large trial takes a second to read."""
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
    parts = _parts(kg.names, drawn, periods)
    groups = [stages for part in parts.values() for stages in part.values()]
    counts = list(kg.ask("participant-flow", trial=trial)) if periods else []
    _put_drop_outs(groups, counts, kg.names)
    kinds = {row["set"]: row["kindName"] for row in sets}
    others = sum(row["set_kind"] not in (_LEFT, kinds.get(row["set"])) for row in counts)
    left = _keep_readable(list(parts.values()))
    title = f"Flow of patients, {sets[0]['trialName']}"
    notes = [
        "Counts as published; a box without one says so. An arrow joins a set to the part of it below; a set "
        "that no arrow reaches is of the same group by another rule or at another time.",
    ]
    notes += not_drawn(len(sets) - len(drawn), "sets of single outcomes, adverse events and the baseline")
    if any(len(stage.reasons) > _MOST_REASONS for stages in groups for stage in stages):
        notes.append(f"At most {_MOST_REASONS} reasons of a box are drawn; `participant-flow` lists all.")
    if others:
        notes.append(f"{others} not drawn (counts of other milestones); `participant-flow` lists them.")
    notes += not_drawn(left, f"more than {_MOST} boxes cannot be read")
    drawn_parts = (parts["whole"].get("", []), parts["arms"], parts["others"])
    return [flow_chart(title, *drawn_parts, notes, table, shape) for shape in shapes]


def _parts(
    names: Names, drawn: list[dict[str, Any]], periods: dict[str, int]
) -> dict[str, dict[str, list[Stage]]]:
    """The boxes of those who entered, of the arms and of other groups: those of each group in their order."""
    parts: dict[str, dict[str, list[Stage]]] = {"whole": {}, "arms": {}, "others": {}}
    for row in sorted(drawn, key=lambda row: (periods.get(row["period"], -1), _rank(str(row["kindName"])))):
        kind = str(row["kindName"] or "set")
        count = (
            f"n = {row['size']}" if row["size"] is not None else str(row["sizeStatus"] or "size not stated")
        )
        total = f"of {row['outOf']}" if row["outOf"] is not None else ""
        above = names.shorten(row["above"]) if row["above"] else ""
        ids = (names.shorten(row["set"]), above)
        period = row["period"] if len(periods) > 1 else None
        stage = Stage(_stage_name(kind, row["feature"], period), count, total, kind in _ASIDE, *ids)
        whole = row["groupKind"] == "whole trial"
        is_arm = row["period"] or row["groupKind"] in _ARMS
        part = "whole" if _is_entry(row) else "arms" if is_arm else "others"
        group = "" if part == "whole" else "All groups together" if whole else row["groupName"]
        parts[part].setdefault(group, []).append(stage)
    for stages in [] if periods else [stages for groups in parts.values() for stages in groups.values()]:
        stages.sort(key=_order)
    return parts


def _put_drop_outs(groups: list[list[Stage]], counts: Iterable[dict[str, Any]], names: Names) -> None:
    """Put a box of those who left behind the box of those who started, where anyone left."""
    left: dict[str, list[dict[str, Any]]] = {}
    for row in counts:
        if row["set_kind"] == _LEFT:
            left.setdefault(names.shorten(row["set"]), []).append(row)
    for stages in groups:
        for place, stage in reversed(list(enumerate(stages))):
            box = _drop_outs(stage, left.get(stage.id, []))
            if box.reasons or box.count not in ("", "n = 0"):
                stages.insert(place + 1, box)


def _drop_outs(start: Stage, rows: list[dict[str, Any]]) -> Stage:
    """Those who left after a box: how many in all, and the reasons of most of them; none that nobody had."""
    total = next((f"n = {row['patients']}" for row in rows if not row["reason"]), "")
    given = [(str(row["reason"]), str(row["patients"])) for row in rows if row["reason"]]
    given.sort(key=lambda one: -int(one[1]) if one[1].isdecimal() else 0)
    texts = [f"{reason}: {patients}" for reason, patients in given if patients != "0"]
    more = len(texts) - _MOST_REASONS
    left = [f"and {more} more reason{'s'[: more != 1]}"] if more > 0 else []
    name = ": ".join(filter(None, (_LEFT, start.name.partition(": ")[2])))
    return Stage(name, total, aside=True, reasons=(*texts[:_MOST_REASONS], *left))


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
