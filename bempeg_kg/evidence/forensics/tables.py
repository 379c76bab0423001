"""Results and contrasts from a plain table (TSV or CSV), so that anybody's results can be examined.

One result a row; the first line names the columns. Known names, each with its synonyms, in any order:

    id; trial; arm (group, cohort_or_arm); set (population); endpoint; printed (value); unit; n; N; lower
    (ci_low); upper (ci_high); level (ci_level); statistic; p (p_value); comparator; source (source_ids)

`statistic` is `proportion`, `HR`, `OR`, `RR`, `Kaplan-Meier rate`, `Kaplan-Meier median` and so on; a percent
without one counts as a proportion. `N` and `n` differ by their case. A row whose unit is `participants` and
whose endpoint ends in randomised, treated or enrolled gives the size of its arm.
"""

from __future__ import annotations

import csv
import io

from bempeg_kg.content.files import read_text
from bempeg_kg.errors import InputError
from bempeg_kg.evidence.model import AnalysisSet, Contrast, Evidence, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = dict[str, str]

_SYNONYMS = {
    "id": ("id",),
    "trial": ("trial", "study"),
    "arm": ("arm", "group", "cohort_or_arm"),
    "set": ("set", "population"),
    "endpoint": ("endpoint", "outcome"),
    "printed": ("printed", "value"),
    "unit": ("unit",),
    "n": ("n",),
    "N": ("N",),
    "lower": ("lower", "ci_low"),
    "upper": ("upper", "ci_high"),
    "level": ("level", "ci_level"),
    "statistic": ("statistic",),
    "p": ("p", "p_value"),
    "comparator": ("comparator",),
    "source": ("source", "source_ids"),
}
_MEASURES = {"hr": "hazard-ratio", "or": "odds-ratio", "rr": "relative-risk"}
_KINDS = ("randomised", "treated", "enrolled")


def read_table(path: str) -> Evidence:
    """The evidence of a table. Raises InputError, with line and column name, for what cannot be read."""
    rows = _rows(path, read_text(path))
    made = Evidence()
    for line, row in rows:
        iri = row["id"] or f"line {line}"
        if iri in made.results or iri in made.contrasts:
            raise InputError(
                f"the id {iri} stands twice", file=path, line=line, cure="Give each row its own."
            )
        measure = _MEASURES.get(row["statistic"].lower(), row["statistic"].lower().replace(" ", "-"))
        if measure in _MEASURES.values():
            made.contrasts[iri] = _contrast(iri, row, measure, path, line)
            continue
        made.results[iri] = _result(iri, row, path, line)
        one = _size(iri, row, path, line)
        if one is not None:
            made.sets[one.iri] = one
    made.contrasts.update(_pairs(made, rows))
    return made


def _rows(path: str, text: str) -> list[tuple[int, Row]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in first else ",")
    names = reader.fieldnames or []
    taken = {
        key: next((name for name in synonyms if name in names), None) for key, synonyms in _SYNONYMS.items()
    }
    if taken["printed"] is None:
        raise InputError(
            "no column holds the printed numbers",
            file=path,
            line=1,
            cure="Name it printed or value; further columns are n, N, lower, upper, level, p, statistic ...",
        )
    found = []
    for row in reader:
        if None in row:
            raise InputError("more cells than columns", file=path, line=reader.line_num)
        cells = {key: (row.get(name) or "").strip() if name else "" for key, name in taken.items()}
        found.append((reader.line_num, cells))
    return found


def _label(row: Row) -> str:
    return ", ".join(part for part in (row["endpoint"], row["arm"], row["trial"]) if part)


def _whole(row: Row, name: str, path: str, line: int) -> int | None:
    if not row[name]:
        return None
    if not row[name].isdigit():
        raise InputError(f"{name} is '{row[name]}', not a whole number", file=path, line=line)
    return int(row[name])


def _level(row: Row, path: str, line: int) -> float | None:
    try:
        return float(row["level"]) if row["level"] else None
    except ValueError:
        raise InputError(f"the level is '{row['level']}', not a number", file=path, line=line) from None


def _result(iri: str, row: Row, path: str, line: int) -> Result:
    percent = row["unit"].lower() in ("percent", "%")
    statistic = row["statistic"].lower().replace(" ", "-") or ("proportion" if percent else "")
    return Result(
        iri=iri,
        label=_label(row),
        trial=row["trial"],
        group=row["arm"],
        analysis_set=f"{row['trial']}, {row['arm']}, {row['set']}",
        endpoint=row["endpoint"],
        statistic=statistic,
        unit="percent" if percent else row["unit"],
        printed=row["printed"],
        n=_whole(row, "n", path, line),
        total=_whole(row, "N", path, line),
        lower=row["lower"],
        upper=row["upper"],
        level=_level(row, path, line),
        sources=tuple(row["source"].split(";")) if row["source"] else (),
    )


def _contrast(iri: str, row: Row, measure: str, path: str, line: int) -> Contrast:
    return Contrast(
        iri=iri,
        label=_label(row),
        trial=row["trial"],
        endpoint=row["endpoint"],
        measure=measure,
        printed=row["printed"],
        lower=row["lower"],
        upper=row["upper"],
        level=_level(row, path, line),
        p=row["p"],
        sources=tuple(row["source"].split(";")) if row["source"] else (),
    )


def _size(iri: str, row: Row, path: str, line: int) -> AnalysisSet | None:
    kind = next((kind for kind in _KINDS if row["endpoint"].endswith(kind)), "")
    if row["unit"] != "participants" or not kind or not row["printed"].isdigit():
        return None
    return AnalysisSet(
        f"{iri} ({kind})", _label(row), row["trial"], row["arm"], (row["arm"],), kind, int(row["printed"])
    )


def _pairs(made: Evidence, rows: list[tuple[int, Row]]) -> dict[str, Contrast]:
    """Comparisons of two shares that name each other and print one p-value."""
    shares: dict[tuple[str, str, str], tuple[str, Row]] = {}
    for line, row in rows:
        iri = row["id"] or f"line {line}"
        if row["p"] and row["comparator"] and iri in made.results:
            shares.setdefault((row["trial"], row["endpoint"], row["arm"]), (iri, row))
    found: dict[str, Contrast] = {}
    for (trial, endpoint, arm), (iri, row) in shares.items():
        other = shares.get((trial, endpoint, row["comparator"]))
        if other is None or f"{other[0]} against {iri}" in found or other[1]["p"] != row["p"]:
            continue
        name = f"{iri} against {other[0]}"
        found[name] = Contrast(
            iri=name,
            label=f"{endpoint}, {arm} against {row['comparator']}, {trial}",
            trial=trial,
            endpoint=endpoint,
            measure="not-stated",
            p=row["p"],
            compared=iri,
            reference=other[0],
        )
    return found
