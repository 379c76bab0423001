"""Forest plots of the evidence: response rates and hazard ratios, each with its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from textwrap import shorten
from typing import Any

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.chart import Chart
from bempeg_kg.pictures.evidence_rows import (
    MOST,
    Record,
    by_disease_and_trial,
    counts_text,
    interval_of,
    interval_text,
    legend_of,
    marks_of,
    not_drawn,
    number,
    percent_text,
    rate,
    records_of,
)
from bempeg_kg.pictures.forest import Frame, Row, rows_chart
from bempeg_kg.pictures.words import favours, versus

#: Behind the p-value of a test that a small p passes without superiority.
_OF_MARGIN = "‡"
#: Characters of the comment on an analysis that a row shows.
_MOST_COMMENT = 60
_TOO_MANY = f"more than {MOST} rows cannot be read; --trial, --condition, --drug narrow it"
_WITH_EVENTS = ", with events where they were published"
_GROUPS = """SELECT DISTINCT ?contrast ?group ?name { VALUES ?contrast { %s }
  ?contrast kg:comparedGroup ?group . ?group kg:shortLabel ?name } ORDER BY ?contrast ?name ?group"""
_SIZES = """SELECT DISTINCT ?contrast ?group ?size { VALUES ?contrast { %s }
  ?contrast kg:analysisSet ?whole . ?part kg:subsetOf ?whole ; kg:group ?group ; kg:size ?size }
  ORDER BY ?contrast ?group ?size"""


def responses(kg: Graph, shape: str = "wide", **chosen: object) -> Chart:
    """Reported objective response rates by disease, trial and group, with exact or printed intervals.

    Raises NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-responses", **chosen)
    records = records_of(table, "result", "objective response rates", chosen)
    known = [record for record in records if rate(record, "responders") is not None]
    if not known:
        raise NoAnswer("there is nothing to draw: no response rate is in percent or has its counts")
    drawn = known[:MOST]
    rows: list[Row] = []
    for disease, trials in by_disease_and_trial(kg, drawn, lambda one: (one["group"], one["groupName"])):
        rows += [Row(disease, heading=1)] if disease else []
        for trial, members in trials:
            dates = {_date(record) for record in members}
            shared = dates.pop() if len(dates) == 1 and len(members) > 1 else ""
            rows.append(Row(f"{trial} ({shared})" if shared else trial, heading=2))
            for record in sorted(members, key=_response_order):
                rows.append(_response_row(kg, record, "" if shared else _date(record)))
    notes = [
        "Rows differ in disease, line of treatment, analysis set and time: side by side is not a comparison."
    ]
    if any(record["respondersBasis"] == "derived" for record in drawn):
        notes.append("† number of responders worked out from the printed rate.")
    notes += not_drawn(len(records) - len(known), "reported without a number of patients")
    notes += not_drawn(len(known) - len(drawn), _TOO_MANY)
    frame = Frame(
        "Objective response rates, as reported",
        "n responders of N patients counted; rates as printed.",
        "patients with a response (percent)",
        ("n/N",),
        ("%", "95 % interval\nunless marked", "set that is counted"),
        notes=notes,
        legend=legend_of(rows, ("final or only report", "interim report", "trial outside the programme")),
    )
    return rows_chart(rows, frame, table, shape)


def _date(record: Record) -> str:
    return str(record["reportedAt"] or record["firstPublic"] or "")


def _response_row(kg: Graph, record: Record, when: str) -> Row:
    interval, lower, upper, printed = interval_of(record, "responders")
    marks = marks_of(
        rate(record, "responders"), (lower, upper), printed=printed, ours=bool(record["inProgramme"]),
        final=record["maturity"] != "interim",
    )  # fmt: skip
    return Row(
        record["groupName"] + (f" ({when})" if when else ""),
        (counts_text(record, "responders", "respondersBasis"),),
        (percent_text(record, "responders"), interval, record["setKind"] or "not said"),
        marks,
        id=kg.names.shorten(record["result"]),
    )


def _response_order(record: Record) -> tuple[Any, ...]:
    return (record["groupName"], record["cut"] or record["firstPublic"] or "9999", record["result"])


def hazard_ratios(kg: Graph, shape: str = "wide", **chosen: object) -> Chart:
    """Published hazard ratios on a logarithmic axis, by disease, trial and pair of groups.

    Each has the patients of both groups, the level of its interval where it is not 95 percent, and p. Raises
    NoAnswer if there is none to draw.
    """
    table = kg.ask("picture-hazard-ratios", **chosen)
    records = records_of(table, "contrast", "hazard ratios", chosen)
    drawn = records[:MOST]
    sizes = _sizes(kg, drawn)
    rows: list[Row] = []
    compared = by_disease_and_trial(kg, drawn, lambda one: (one["comparedGroup"], one["compared"] or ""))
    for disease, trials in compared:
        rows += [Row(disease, heading=1)] if disease else []
        for trial, members in trials:
            rows += _ratio_rows(kg, trial, members, sizes)
    notes = [
        "A side names whom the estimate favours; where the interval holds 1 no difference was shown.",
        "Levels of intervals differ, so their widths cannot be compared by eye.",
    ]
    has_events = any(one["comparedEvents"] or one["referenceEvents"] for one in drawn)
    counted = "events/N" if has_events else "N"
    if not has_events:
        notes.append("No number of events behind a hazard ratio is in the graph; N is the size of the group.")
    if any(_OF_MARGIN in _p(one) for one in drawn):
        notes.append(f"{_OF_MARGIN} p of a test for non-inferiority or equivalence, not for superiority.")
    notes += not_drawn(sum(not row.marks and not row.heading for row in rows), "without an estimate")
    notes += not_drawn(len(records) - len(drawn), _TOO_MANY)
    frame = Frame(
        "Hazard ratios, as published",
        f"Compared group first, then the reference: patients N{_WITH_EVENTS if has_events else ''}.",
        "hazard ratio (logarithmic)",
        (f"{counted}\ncompared", f"{counted}\nreference"),
        ("ratio", "95 % interval\nunless marked", *(["p"] if any(one["p"] for one in drawn) else [])),
        _ratio_limits(drawn),
        log=True,
        reference=1.0,
        notes=notes,
        told=(f"{counted} compared {{}}", f"{counted} reference {{}}", "ratio {}", "interval {}", "p {}"),
        legend=legend_of(
            rows, ("trial of the programme", "replaced by a later analysis", "trial outside it")
        ),
    )
    return rows_chart(rows, frame, table, shape)


def _sizes(kg: Graph, records: list[Record]) -> dict[str, str]:
    """Contrast -> the sizes of its groups in the order of their names, where no reference is concluded."""
    listed = " ".join(f"<{one['contrast']}>" for one in records if one["comparedGroup"] is None)
    if not listed:
        return {}
    sizes = {(row["contrast"], row["group"]): row["size"] for row in kg.select(_SIZES % listed)}
    printed = {one["contrast"]: str(one["compared"]) for one in records}
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in kg.select(_GROUPS % listed):
        size = sizes.get((row["contrast"], row["group"]), "?")
        groups.setdefault(row["contrast"], []).append((printed[row["contrast"]].find(row["name"]), str(size)))
    told = {contrast: [size for _, size in sorted(found)] for contrast, found in groups.items()}
    return {contrast: "; ".join(found) for contrast, found in told.items() if set(found) != {"?"}}


def _ratio_rows(kg: Graph, trial: str, members: list[Record], sizes: dict[str, str]) -> list[Row]:
    """The rows of a trial: a heading a pair of groups, with the side of the plot that each is favoured on."""
    rows: list[Row] = []
    pairs: dict[tuple[str, str], list[Record]] = {}
    for record in sorted(members, key=lambda member: (member["endpointName"], member["contrast"])):
        pairs.setdefault((record["compared"] or "", record["reference"] or ""), []).append(record)
    for (compared, reference), records in pairs.items():
        # without a reference it is not known which of the groups a ratio below 1 favours
        sides = favours(compared, reference) if compared and reference else ("", "")
        rows.append(Row(f"{trial}: {versus(compared, reference)}", heading=2, sides=sides))
        named_alike = Counter(map(_endpoint, records))
        for record in records:
            several = named_alike[_endpoint(record)] > 1
            row = _ratio_row(kg, record, str(record["comment"] or "") if several else "")
            if record["contrast"] in sizes:
                row.left = [sizes[record["contrast"]], row.left[1]]
            rows.append(row)
    return rows


def _endpoint(record: Record) -> str:
    # a registry's outcome can be of a part of the patients, which only its own words say
    return str(record["asWorded"] or record["endpointName"])


def _ratio_row(kg: Graph, record: Record, comment: str) -> Row:
    """The row of a hazard ratio; `comment` tells it from others of the same endpoint."""
    label = _endpoint(record) + (
        f": {shorten(comment, _MOST_COMMENT, placeholder=' ...')}" if comment else ""
    )
    label += f" (follow-up {record['followUp']} months)" if record["followUp"] else ""
    label += " (replaced by a later analysis)" if record["supersededBy"] else ""
    estimate = record["printed"] or record["valueStatus"] or "no estimate published"
    limits = [record[end + "Printed"] or record[end + "Status"] for end in ("lower", "upper")]
    interval = ""
    if any(limits):
        interval = interval_text(limits[0] or "not published", limits[1] or "not published", record["level"])
    value, lower, upper = (number(record[name]) for name in ("value", "lower", "upper"))
    goes_on = upper is None and bool(record["upperStatus"]) and lower is not None and value is not None
    marks = marks_of(
        value, (lower, max((value or 0) * 2, 2.0) if goes_on else upper), printed=True,
        ours=bool(record["inProgramme"]), final=not record["supersededBy"], more=goes_on,
    )  # fmt: skip
    counted = [_events(record, "compared"), _events(record, "reference")]
    return Row(
        label,
        counted,
        (estimate, interval, _p(record)),
        marks,
        id=kg.names.shorten(record["contrast"]),
    )


def _p(record: Record) -> str:
    """The p-value of a row, with a sign where it is of a test against a margin.

    >>> _p({"p": "<0.001 (non-inferiority)"}), _p({"p": "0.9 (posterior)"}), _p({"p": None})
    ('<0.001\u2009‡', '0.9 (posterior)', '')
    """
    printed, _, of = str(record["p"] or "").partition(" (")
    is_margin = of.startswith(("non-inferiority", "equivalence"))
    return f"{printed}\N{THIN SPACE}{_OF_MARGIN}" if is_margin else str(record["p"] or "")


def _events(record: Record, which: str) -> str:
    """Events of patients; the events alone are left out where none are in the graph.

    >>> _events({"aEvents": 12, "aSize": 30}, "a"), _events({"aEvents": None, "aSize": 30}, "a")
    ('12/30', '30')
    """
    events, size = record[f"{which}Events"], record[f"{which}Size"]
    if size is None and events is None:
        return "not stated"
    return str(size) if events is None else f"{events}/{'?' if size is None else size}"


def _ratio_limits(records: Iterable[Record]) -> tuple[float, float]:
    values = [number(record[name]) for record in records for name in ("value", "lower", "upper")]
    ends = [end for end in values if end is not None and end > 0]
    return (min([*ends, 0.55]) * 0.92, max([*ends, 1.8]) * 1.08)
