"""What the evidence pictures share: records of a question, their diseases, rates and intervals as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.plain import shortest_text
from bempeg_kg.pictures.chart import BLUE, GREY
from bempeg_kg.pictures.forest import NOT_DRAWN, Row
from bempeg_kg.pictures.row_marks import Look, Mark
from bempeg_kg.rdf.table import Table

Record = dict[str, Any]

#: Rows of a plot that can be read.
MOST = 100
SEVERAL = "Several diseases, or not said which"
OURS, INTERIM = Look("square", BLUE), Look("ring", BLUE)
OUTSIDE, EXACT, EXACT_OUTSIDE = (
    Look("diamond", GREY),
    Look("thin interval", BLUE),
    Look("thin interval", GREY),
)
PRINTED, PRINTED_OUTSIDE = Look("interval", BLUE), Look("interval", GREY)


def records_of(table: Table, key: str, what: str, chosen: dict[str, object]) -> list[Record]:
    """One record a statement, though a second label or source may give it two rows.

    Raises NoAnswer, which names what is missing and what was chosen, if there is none.
    """
    records: dict[str, Record] = {}
    for row in table:
        records.setdefault(row[key], row)
    if not records:
        given = ", ".join(f"{name} = {value}" for name, value in chosen.items())
        raise NoAnswer(f"there is nothing to draw: the graph holds no {what}{given and ' for '}{given}")
    return list(records.values())


def not_drawn(count: int, why: str) -> list[str]:
    """A note on what is left out; none for nothing."""
    return [f"{count}{NOT_DRAWN}{why}); in the table."] if count else []


def number(value: object) -> float | None:
    """A value as a float, or None."""
    return None if value is None else float(value)  # type: ignore[arg-type]


def rate(record: Record, counted: str) -> float | None:
    """The rate in percent: as printed, else from the counts; None if neither is there."""
    if record["unit"] == "percent" and record["value"] is not None:
        return float(record["value"])
    if _is_fraction(record):
        return 100.0 * float(record["value"])
    if record[counted] is not None and record["patients"]:
        return 100.0 * int(record[counted]) / int(record["patients"])
    return None


def _is_fraction(record: Record) -> bool:
    """Whether the rate is printed as a part of one, as registries do: 0.542, proportion of participants."""
    is_proportion = str(record["unit"] or "").startswith("proportion of ")
    return is_proportion and record["value"] is not None and 0 <= float(record["value"]) <= 1


def _in_percent(fraction: object) -> str:
    """A part of one in percent, with the figures that it was printed with.

    >>> _in_percent("0.540"), _in_percent(1)
    ('54.0', '100')
    """
    return f"{Decimal(str(fraction)).scaleb(2):f}"


def interval_text(lower: str, upper: str, level: object) -> str:
    """An interval as printed; its level only where it is not the 95 percent of the column's heading.

    >>> interval_text("0.66", "0.99", 95), interval_text("0.88", "1.35", 97), interval_text("1", "2", None)
    ('0.66 to 0.99', '0.88 to 1.35 (97 %)', '1 to 2 (level not said)')
    """
    if level is None:
        return f"{lower} to {upper} (level not said)"
    known = shortest_text(level)
    return f"{lower} to {upper}" if known == "95" else f"{lower} to {upper} ({known} %)"


def counts_text(record: Record, counted: str, basis: str) -> str:
    """Patients with it of all counted: `20/38`; a dagger marks a number that was worked out."""
    count, total = record[counted], record["patients"]
    if total is None:
        return "not published"
    known = "?" if count is None else f"{count}{'†' if record[basis] == 'derived' else ''}"
    return f"{known}/{total}"


def percent_text(record: Record, counted: str) -> str:
    """The rate as printed, else with one decimal."""
    if record["unit"] == "percent" and record["printed"]:
        return str(record["printed"])
    if _is_fraction(record):
        return _in_percent(record["value"])
    return f"{rate(record, counted):.1f}"


def interval_of(record: Record, counted: str) -> tuple[str, float | None, float | None, bool]:
    """The interval of a rate as text, its ends, and whether the source prints it.

    Printed ones come first; else it is the exact one of the counts. Without counts there is none: limits of
    another kind, or of one that is not stated, are told and not drawn.
    """
    count, total = record[counted], record["patients"]
    if record.get("lower") is not None and record.get("upper") is not None:
        ends = record["lowerPrinted"], record["upperPrinted"]
        if _is_fraction(record):
            ends = _in_percent(record["lower"]), _in_percent(record["upper"])
        printed = interval_text(*ends, record["level"])
        scale = 100.0 if _is_fraction(record) else 1.0
        return printed, scale * float(record["lower"]), scale * float(record["upper"]), True
    if count is not None and total and not 0 <= count <= total:
        # Records do print such numbers: it is shown unchanged, and `check` reports it.
        return "impossible, no interval", None, None, False
    if count is not None and total:
        exact = clopper_pearson(count, total)
        lower, upper = 100 * exact.lower, 100 * exact.upper
        return f"{lower:.1f} to {upper:.1f}", lower, upper, False
    return _other_limits(record) or "no interval", None, None, False


def _other_limits(record: Record) -> str:
    """Printed limits that are not known to be those of a confidence interval; empty for none.

    >>> _other_limits({"unit": "percent", "rangeLower": "0.0", "rangeUpper": "70.8"})
    '0.0 to 70.8 (kind not stated)'
    """
    ends = [record.get("rangeLower"), record.get("rangeUpper")]
    if not any(ends):
        return ""
    ends = [_in_percent(end) if end and _is_fraction(record) else end or "?" for end in ends]
    kind = str(record.get("rangeKind") or "not stated").lower()
    return f"{ends[0]} to {ends[1]} ({'kind not stated' if kind == 'not stated' else kind})"


def marks_of(
    value: float | None,
    ends: tuple[float | None, float | None],
    *,
    printed: bool,
    ours: bool,
    final: bool,
    more: bool = False,
) -> list[Mark]:
    """The interval and the point of an estimate."""
    marks = []
    if ends[0] is not None and ends[1] is not None:
        look = {
            (True, True): PRINTED, (True, False): PRINTED_OUTSIDE, (False, True): EXACT,
            (False, False): EXACT_OUTSIDE,
        }[printed, ours]  # fmt: skip
        marks.append(Mark(look, ends[0], ends[1], more))
    if value is not None:
        marks.append(Mark(OUTSIDE if not ours else OURS if final else INTERIM, value))
    return marks


def legend_of(rows: list[Row], names: tuple[str, str, str]) -> list[tuple[Mark, str]]:
    """The legend of final, interim and outside marks, and of both kinds of interval, as far as drawn."""
    held = {mark.look for row in rows for mark in row.marks}
    known = [(OURS, names[0]), (INTERIM, names[1]), (OUTSIDE, names[2])]
    if held & {PRINTED, PRINTED_OUTSIDE}:
        known.append((PRINTED if PRINTED in held else PRINTED_OUTSIDE, "interval as the source prints it"))
    if held & {EXACT, EXACT_OUTSIDE}:
        exact = "95 % exact interval (Clopper-Pearson), computed here"
        known.append((EXACT if EXACT in held else EXACT_OUTSIDE, exact))
    return [(Mark(look), meaning) for look, meaning in known if look in held]


def by_disease_and_trial(
    kg: Graph, records: Iterable[Record], group_of: Callable[[Record], tuple[str | None, str]]
) -> list[tuple[str, list[tuple[str, list[Record]]]]]:
    """Disease -> trial -> records. Trials in the order of their start, those outside the programme last.

    `group_of` gives the analysis group of a record and its name.
    """
    listed = list(records)
    of_record = [(group_of(record)[0] or record["trial"], group_of(record)[1]) for record in listed]
    diseases = _diseases(kg, of_record)
    starts = {row["trial"]: row["start"] for row in kg.ask("picture-lineage-trials")}
    grouped: dict[str, dict[tuple[bool, str, str], list[Record]]] = {}
    for record, group in zip(listed, of_record, strict=True):
        key = (not record["inProgramme"], starts.get(record["trial"]) or "9999", record["trialName"])
        grouped.setdefault(diseases[group], {}).setdefault(key, []).append(record)
    order = sorted(grouped, key=lambda name: (name == SEVERAL, -sum(map(len, grouped[name].values())), name))
    if order == [SEVERAL]:
        return [("", _named(grouped[SEVERAL]))]
    return [(name, _named(grouped[name])) for name in order]


def _named(trials: dict[tuple[bool, str, str], list[Record]]) -> list[tuple[str, list[Record]]]:
    return [
        (f"{name} (outside the programme)" if outside else name, members)
        for (outside, _, name), members in sorted(trials.items())
    ]


def _diseases(kg: Graph, groups: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Group -> its disease, or the widest one above it that other groups have; or SEVERAL.

    Of a group with several diseases it is the one that its own name holds. A comparison of several groups
    stands under its trial: its disease is the one that all groups of the trial have.
    """
    own: dict[str, set[str]] = {}
    wider: dict[str, set[str]] = {}
    for row in kg.ask("picture-diseases"):
        for of in (row["group"], row["trial"]):
            own.setdefault(of, set()).add(row["name"])
        wider.setdefault(row["name"], set()).update([row["widerName"]] if row["widerName"] else [])
    disease_of = {}
    for group, name in groups:
        held = own.get(group, set())
        if len(held) != 1:
            held = {disease for disease in held if disease in name}
            held = {one for one in held if not any(one in wider[other] for other in held)}
        disease_of[group, name] = next(iter(held)) if len(held) == 1 else SEVERAL
    return {key: one if one == SEVERAL else _widest(one, wider) for key, one in disease_of.items()}


def _widest(disease: str, wider: dict[str, set[str]]) -> str:
    top = min(wider.get(disease, ()), key=lambda one: (len(wider.get(one, ())), one), default=disease)
    return top[:1].upper() + top[1:]
