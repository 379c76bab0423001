"""The signal pairs as one tidy CSV table with CSVW metadata, a row a pair; for R, pandas, a spreadsheet.

Differences in percentage points are computed here from the printed rates and marked so; nothing of them is
stored in the graph.
"""

from __future__ import annotations

import csv
import io
import json

from bempeg_kg.evidence.signal_pairs import End, SignalPair, read_pairs
from bempeg_kg.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_END = (
    ("printed", "string", "rate in percent as its source prints it"),
    ("percent", "decimal", "the same as a number"),
    ("n", "integer", "responders, where printed"),
    ("N", "integer", "patients out of whom they were counted, where printed"),
    ("lower", "decimal", "lower limit of the printed interval"),
    ("upper", "decimal", "upper limit of the printed interval"),
    ("level", "decimal", "percent confidence of the interval"),
    ("set_kind", "string", "rule by which patients were counted"),
    ("assessor", "string", "who judged response"),
    ("public", "date", "last day by which it was surely public"),
    ("basis", "string", "what kind of source it rests on"),
    ("source", "anyURI", "the source to cite"),
)
_ENDS = (("early", "early rate"), ("late", "later rate"), ("control", "rate of the later control"))
_HEAD = (
    ("pair", "anyURI", "the pair in the graph"),
    ("label", "string", "the pair in words"),
    ("drugs", "string", "tested drugs"),
    ("partners", "string", "drugs given with them"),
    ("disease", "anyURI", "disease"),
    ("line", "string", "line of treatment of the later trial"),
    ("endpoint", "anyURI", "endpoint of the rates"),
    ("early_trial", "anyURI", "trial that gave the signal"),
    ("late_trial", "anyURI", "trial that was to confirm it"),
    ("comparator", "string", "what the later control received"),
    ("settings", "string", "how far the settings match"),
    ("design", "string", "design of the early trial"),
    ("outcome", "string", "what became of it, as coded from the sources"),
)
_RATIO = (
    ("hazard_ratio_pfs", "decimal", "first hazard ratio for progression-free survival, as printed"),
    ("hazard_ratio_os", "decimal", "first hazard ratio for overall survival, as printed"),
)
_COMPUTED = (
    ("change", "decimal", "later less early rate, points; computed"),
    ("early_margin", "decimal", "early rate less that of the later control, points; computed"),
    ("late_margin", "decimal", "later rate less that of its control, points; computed"),
)
_LAST = (("sources", "string", "all sources of the pair"),)


def columns() -> list[tuple[str, str, str]]:
    """Name, datatype and meaning of each column."""
    ends = [
        (f"{end}_{name}", datatype, f"{end_name}: {meaning}")
        for end, end_name in _ENDS
        for name, datatype, meaning in _END
    ]
    return [*_HEAD, *ends, *_RATIO, *_COMPUTED, *_LAST]


def write(kg: Graph, *, licence: str, title: str) -> dict[str, bytes]:
    """`signal-pairs.csv`, and `csv-metadata.json` that describes its columns (CSV on the Web)."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [name for name, *_ in columns()])
    writer.writeheader()
    writer.writerows(_row(kg, pair) for pair in read_pairs(kg))
    body = json.dumps(_metadata(licence, title), ensure_ascii=False, indent=2) + "\n"
    return {"signal-pairs.csv": stream.getvalue().encode(), "csv-metadata.json": body.encode()}


def _row(kg: Graph, pair: SignalPair) -> dict[str, object]:
    ratios = {
        one.endpoint: one.value
        for one in reversed(pair.ratios)
        if one.measure == "hazard-ratio" and one.value
    }
    row: dict[str, object] = {
        "pair": pair.iri,
        "label": pair.label,
        "drugs": "|".join(map(kg.names.shorten, pair.drugs)),
        "partners": "|".join(map(kg.names.shorten, pair.partners)),
        "disease": pair.disease,
        "line": pair.line,
        "endpoint": pair.endpoint,
        "early_trial": pair.early_trial,
        "late_trial": pair.late_trial,
        "comparator": pair.comparator,
        "settings": pair.match,
        "design": pair.design,
        "outcome": pair.outcome,
        "hazard_ratio_pfs": ratios.get("pfs"),
        "hazard_ratio_os": ratios.get("os"),
        "sources": "|".join(pair.sources),
    }
    for name, value in (
        ("change", pair.change),
        ("early_margin", pair.early_margin),
        ("late_margin", pair.late_margin),
    ):
        row[name] = None if value is None else f"{value:.2f}"
    for name, end in (("early", pair.early), ("late", pair.late), ("control", pair.control)):
        row.update(_end(name, end))
    return row


def _end(name: str, end: End | None) -> dict[str, object]:
    if end is None:
        return {}
    values = {
        "printed": end.printed,
        "percent": end.percent,
        "n": end.n,
        "N": end.total,
        "lower": end.lower,
        "upper": end.upper,
        "level": end.level,
        "set_kind": end.set_kind,
        "assessor": end.assessor,
        "public": end.public.isoformat() if end.public else None,
        "basis": end.basis,
        "source": end.source,
    }
    return {f"{name}_{key}": value for key, value in values.items()}


def _metadata(licence: str, title: str) -> dict[str, Any]:
    listed = [
        {"name": name, "titles": name, "dc:description": meaning, "datatype": datatype}
        for name, datatype, meaning in columns()
    ]
    schema = {"columns": listed, "primaryKey": "pair", "aboutUrl": "{+pair}"}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"Signal pairs: {title}",
        "dc:license": {"@id": licence},
        "dc:description": "Early response rates beside the trials that followed them; no random sample.",
        "url": "signal-pairs.csv",
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": schema,
    }
