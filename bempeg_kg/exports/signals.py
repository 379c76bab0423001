"""The signal pairs as one tidy table, a row a pair, with a data card: CSV with CSVW metadata, or Parquet.

Differences in percentage points are computed here from the printed rates and marked so; nothing of them is
stored in the graph.
"""

from __future__ import annotations

import csv
import io
import json

from bempeg_kg.evidence.signal_pairs import End, SignalPair, read_pairs
from bempeg_kg.exports import parquet
from bempeg_kg.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
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
_CARD = """# Signal pairs

{pairs} pairs of an early result in oncology and the later trial that was to confirm it. {rated} of them have
a response rate at all three places (early, later, later control). A row a pair; every number has its source.

How collected: programmes with an early response rate, or a comparison of a randomised phase 2, and a later
trial, chosen because they are known and because a public copy of an abstract, paper, release or report could
be read. Only printed numbers are kept. The choice of the early result, the match of settings, the comparator
class and the outcome are the coder's reading. `basis` says which rates rest on secondary sources.

For: how far early rates carried, precedents of a setting, an interval around a new signal, teaching.

Not for: a base rate of success (the pairs are no random sample; programmes that were dropped after an early
rate are missing), a comparison of drugs, a decision about a patient.

`change` and the margins are computed from the printed rates. Licence: {licence}
"""
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
    """`signal-pairs.csv`, `csv-metadata.json` with its columns (CSV on the Web), and a data card."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [name for name, *_ in columns()])
    writer.writeheader()
    rows = _rows(kg)
    writer.writerows(rows)
    body = json.dumps(_metadata(licence, title), ensure_ascii=False, indent=2) + "\n"
    return {
        "signal-pairs.csv": stream.getvalue().encode(),
        "csv-metadata.json": body.encode(),
        "README.md": card(rows, licence),
    }


def write_parquet(kg: Graph, *, licence: str, title: str) -> dict[str, bytes]:
    """`signal-pairs.parquet`, and a data card. Raises UsageError where pyarrow is not installed."""
    rows = _rows(kg)
    metadata = {"title": f"Signal pairs: {title}", "license": licence, "table": "signal-pairs"}
    return {
        "signal-pairs.parquet": parquet.table(columns(), rows, metadata),
        "README.md": card(rows, licence),
    }


def card(rows: Sequence[dict[str, str]], licence: str) -> bytes:
    """How the pairs were collected, what they are for, and what not."""
    rated = sum(bool(row["early_percent"] and row["late_percent"] and row["control_percent"]) for row in rows)
    return _CARD.format(pairs=len(rows), rated=rated, licence=licence).encode()


def _rows(kg: Graph) -> list[dict[str, str]]:
    """A row a pair, each cell as text, empty where nothing is known."""
    names = [name for name, *_ in columns()]
    rows = (_row(kg, pair) for pair in read_pairs(kg))
    return [{name: "" if row.get(name) is None else str(row[name]) for name in names} for row in rows]


def _row(kg: Graph, pair: SignalPair) -> dict[str, object]:
    ratios = {
        ratio.endpoint: ratio.value
        for ratio in reversed(pair.ratios)
        if ratio.measure == "hazard-ratio" and ratio.value
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
