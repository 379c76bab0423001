"""The evidence pictures: response rates, hazard ratios and safety as forest plots, each with its table."""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer
from bempeg_kg.evidence.stats.intervals import clopper_pearson
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.plain import shortest_text
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.forest import Frame, Row, forest
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Record = dict[str, Any]

_PERCENT = tuple(range(0, 101, 20))
#: Rows of a plot that can be read.
_MOST = 100
_OUTSIDE = "Outside the programme"


def responses(kg: Graph, **chosen: object) -> Chart:
    """Reported objective response rates by trial and group, with exact or printed intervals.

    Raises NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-responses", **chosen)
    records = _records(table, "result", "objective response rates")
    drawn = [record for record in records if _rate(record, "responders") is not None]
    drawn, left = drawn[:_MOST], len(drawn[_MOST:])
    rows: list[Row] = []
    for name, members in _by_trial(kg, drawn):
        rows.append(Row(name, heading=True))
        rows += [_response_row(record) for record in sorted(members, key=_response_order)]
    notes = [
        "Rows differ in disease, line of treatment, analysis set and time: side by side is not a comparison."
    ]
    if any(record["respondersBasis"] == "derived" for record in drawn):
        notes.append("† number of responders worked out from the printed rate.")
    notes += _not_drawn(len(records) - len(drawn) - left, "reported without a number of patients")
    notes += _not_drawn(
        left, f"more than {_MOST} rows cannot be read; --trial, --condition, --drug narrow it"
    )
    frame = Frame(
        "Objective response rates, as reported",
        "Percent of the patients counted; the last column gives the rate as printed and the interval.",
        "patients with a response (percent)",
        ("responders / patients", "rate (95 % interval unless marked), set that is counted"),
        (0, 100),
        _PERCENT,
        notes=tuple(notes),
    )
    return forest(rows, frame, table)


def _response_row(record: Record) -> Row:
    when = record["reportedAt"] or record["firstPublic"]
    label = record["groupName"] + (f" ({when})" if when else "")
    row = _rate_row(label, record, "responders", "respondersBasis")
    row.final = record["maturity"] != "interim"
    row.said += f", {record['setKind'] or 'set not said'}"
    return row


def _response_order(record: Record) -> tuple[Any, ...]:
    return (record["groupName"], record["cut"] or record["firstPublic"] or "9999", record["result"])


def hazard_ratios(kg: Graph, **chosen: object) -> Chart:
    """Published hazard ratios on a logarithmic axis, each with the level of its interval beside it.

    Raises NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-hazard-ratios", **chosen)
    records = _records(table, "contrast", "hazard ratios")
    records, left = records[:_MOST], len(records[_MOST:])
    rows: list[Row] = []
    for name, members in _by_trial(kg, records):
        groups: dict[str, list[Record]] = {}
        for record in sorted(members, key=lambda one: (one["endpointName"], one["contrast"])):
            groups.setdefault(_versus(record["compared"], record["reference"]), []).append(record)
        for versus, compared in groups.items():
            rows.append(Row(f"{name}: {versus}", heading=True))
            rows += [_ratio_row(record) for record in compared]
    limits = _ratio_limits(rows)
    frame = Frame(
        "Hazard ratios, as published",
        "Interval levels differ: one that is not 95 % is marked, and widths cannot be compared by eye.",
        "hazard ratio (logarithmic)",
        ("", "ratio (95 % interval unless marked), p, side of the estimate"),
        limits,
        [tick for tick in (0.25, 0.5, 0.67, 1, 1.5, 2, 4) if limits[0] <= tick <= limits[1]],
        log=True,
        reference=1.0,
        ends=("← favours the first group", "favours the second →"),
        notes=(
            "Favours names the side of the estimate; where the interval holds 1 no difference was shown.",
            *_not_drawn(sum(one.point is None and not one.heading for one in rows), "without an estimate"),
            *_not_drawn(
                left, f"more than {_MOST} rows cannot be read; --trial, --condition, --drug narrow it"
            ),
        ),
        marks=("trial of the programme", "interim report", "trial outside the programme"),
    )
    return forest(rows, frame, table)


def _ratio_row(record: Record) -> Row:
    label = record["endpointName"]
    label += f" (follow-up {record['followUp']} months)" if record["followUp"] else ""
    label += " (replaced by a later analysis)" if record["supersededBy"] else ""
    said = record["printed"] or record["valueStatus"] or "no estimate published"
    limits = [record[end + "Printed"] or record[end + "Status"] for end in ("lower", "upper")]
    if any(limits):
        shown = (limits[0] or "not published", limits[1] or "not published")
        said += f" ({_interval(*shown, record['level'])})"
    if record["p"]:
        said += f", p {record['p'] if record['p'][0] in '<>=' else '= ' + record['p']}"
    said += _favours(record)
    row = Row(label, "", said, _number(record["value"]), _number(record["lower"]), _number(record["upper"]))
    row.ours, row.final = bool(record["inProgramme"]), not record["supersededBy"]
    if row.upper is None and record["upperStatus"] and row.lower is not None and row.point is not None:
        row.upper, row.open_end = max(row.point * 2, 2.0), True
    return row


def _interval(lower: str, upper: str, level: object) -> str:
    """An interval as printed; its level only where it is not the 95 percent of the column's heading.

    >>> _interval("0.66", "0.99", 95), _interval("0.88", "1.35", 97), _interval("1", "2", None)
    ('0.66 to 0.99', '0.88 to 1.35; 97 %', '1 to 2; level not said')
    """
    if level is None:
        return f"{lower} to {upper}; level not said"
    known = shortest_text(level)
    return f"{lower} to {upper}" if known == "95" else f"{lower} to {upper}; {known} %"


def _favours(record: Record) -> str:
    """Which group a hazard ratio favours: the side of its estimate, as in `treatment-effects`."""
    value = _number(record["value"])
    if value is None or value == 1 or not record["compared"] or not record["reference"]:
        return ""
    favoured = str(record["compared"] if value < 1 else record["reference"])
    return f", favours {favoured.partition(', ')[0]}"


def _versus(compared: str | None, reference: str | None) -> str:
    """Two groups; what both names end in is said once.

    >>> _versus("A, poor risk", "B, poor risk")
    'A vs B, poor risk'
    """
    one, other = compared or "not said", reference or "not said"
    first, comma, rest = one.partition(", ")
    return f"{first if comma and other.endswith(comma + rest) else one} vs {other}"


def _ratio_limits(rows: Iterable[Row]) -> tuple[float, float]:
    ends = [end for row in rows for end in (row.point, row.lower, row.upper) if end is not None and end > 0]
    return (min([*ends, 0.55]) * 0.92, max([*ends, 1.6]) * 1.08)


def safety(kg: Graph, **chosen: object) -> Chart:
    """Reported rates of adverse events by attribution and grade, with exact intervals where counts are known.

    Raises NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-safety", **chosen)
    records = _records(table, "result", "adverse events")
    drawn = [one for one in records if one["unit"] != "events" and _rate(one, "patientsWith") is not None]
    kept = sorted(drawn, key=lambda one: -(_rate(one, "patientsWith") or 0.0))[:_MOST]
    sections: dict[tuple[str, str], list[Record]] = {}
    for record in kept if len(drawn) > _MOST else drawn:
        key = (record["attribution"] or "attribution not said", record["gradeName"] or "grade not said")
        sections.setdefault(key, []).append(record)
    rows: list[Row] = []
    for (attribution, grade), members in sorted(sections.items(), key=lambda item: (-len(item[1]), item[0])):
        rows.append(Row(f"{attribution}, {grade.removeprefix('adverse event ')}", heading=True))
        rows += [_safety_row(one) for one in sorted(members, key=_safety_order)]
    notes = [
        "Reports differ in disease, dose, follow-up and attribution.",
        "An event that is missing was not reported, which is not the same as none.",
    ]
    if any(record["patientsWithBasis"] == "derived" for record in drawn):
        notes.append("† number of patients worked out from the printed rate.")
    notes += _not_drawn(len(records) - len(drawn), "counts of events, or without a number of patients")
    notes += _not_drawn(len(drawn) - len(kept), f"below the {_MOST} highest; --trial, --drug narrow it")
    frame = Frame(
        "Adverse events, as reported",
        "Percent of the patients counted, by attribution and grade.",
        "patients with the event (percent)",
        ("patients with / counted", "rate (95 % interval unless marked)"),
        (0, 100),
        _PERCENT,
        notes=tuple(notes),
        marks=(
            "final or only report",
            "interim report, or seen in the audited guide alone",
            "trial outside the programme",
        ),
    )
    return forest(rows, frame, table)


def _safety_order(record: Record) -> tuple[Any, ...]:
    return (record["eventName"], -(_rate(record, "patientsWith") or 0.0), record["result"])


def _safety_row(record: Record) -> Row:
    label = f"{record['eventName']}: {record['groupName']}, {record['trialName']}"
    row = _rate_row(label, record, "patientsWith", "patientsWithBasis")
    row.final = record["maturity"] != "interim" and record["basis"] != "seed"
    if record["basis"] == "seed":
        row.said += ", guide alone"
    return row


def _rate_row(label: str, record: Record, counted: str, basis: str) -> Row:
    """A row of a proportion: its interval as printed, or exact if the counts are known, or none."""
    count, total = record[counted], record["patients"]
    row = Row(label, point=_rate(record, counted), ours=bool(record["inProgramme"]))
    derived = "†" if record[basis] == "derived" else ""
    known = "?" if count is None else f"{count}{derived}"
    row.counted = f"{known} / {total}" if total is not None else "not published"
    printed = (
        f"{record['printed']} %"
        if record["unit"] == "percent" and record["printed"]
        else f"{row.point:.1f} %"
    )
    if record.get("lower") is not None and record.get("upper") is not None:
        row.lower, row.upper = float(record["lower"]), float(record["upper"])
        limits = _interval(record["lowerPrinted"], record["upperPrinted"], record["level"])
        row.said = f"{printed} ({limits})"
    elif count is not None and total and not 0 <= count <= total:
        # Records do print such numbers: it is shown as it stands, and check names it.
        row.said = f"{printed} (impossible, no interval)"
    elif count is not None and total:
        exact = clopper_pearson(count, total)
        row.lower, row.upper, row.printed = 100 * exact.lower, 100 * exact.upper, False
        row.said = f"{printed} ({row.lower:.1f} to {row.upper:.1f})"
    else:
        row.said = f"{printed} (no interval)"
    return row


def _rate(record: Record, counted: str) -> float | None:
    """The rate in percent: as printed, else from the counts; None if neither is there."""
    if record["unit"] == "percent" and record["value"] is not None:
        return float(record["value"])
    if record[counted] is not None and record["patients"]:
        return 100.0 * int(record[counted]) / int(record["patients"])
    return None


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _by_trial(kg: Graph, records: Iterable[Record]) -> list[tuple[str, list[Record]]]:
    """Records by trial, in the order in which the trials began; those outside the programme last."""
    starts = {row["trial"]: row["start"] for row in kg.ask("picture-lineage-trials")}
    found: dict[tuple[bool, str, str], list[Record]] = {}
    for record in records:
        inside = bool(record["inProgramme"])
        key = (not inside, starts.get(record["trial"]) or "9999", record["trialName"])
        found.setdefault(key, []).append(record)
    return [
        (name if not outside else f"{name} ({_OUTSIDE.lower()})", members)
        for (outside, _, name), members in sorted(found.items())
    ]


def _records(table: Table, key: str, what: str) -> list[Record]:
    """One record a statement, though a second label or source may give it two rows."""
    found: dict[str, Record] = {}
    for row in table:
        found.setdefault(row[key], row)
    if not found:
        raise NoAnswer(f"there is nothing to draw: the graph holds no {what}")
    return list(found.values())


def _not_drawn(count: int, why: str) -> list[str]:
    return [f"{count} not drawn ({why}); in the table."] if count else []
