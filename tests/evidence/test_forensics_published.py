"""Published numbers with the right verdict, each row of `forensics_published.tsv` read as one's own table.

The percentages are from registry records, from the tests of scrutiny and from arithmetic; the ratios from
registry records; the test statistics from the tests of statcheck. Where a p-value fits only a one-sided test
and the source names no sides, the right answer is "cannot tell": two such rows (HR 1.0881 and 1.2673) print
exactly one minus half of the two-sided p-value.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.tables import read_table
from bempeg_kg.evidence.forensics.verdicts import VERDICTS, Verdict

PUBLISHED = Path(__file__).parent / "forensics_published.tsv"
ROWS = [
    (line, row)
    for line, row in enumerate(csv.DictReader(PUBLISHED.open(encoding="utf-8"), delimiter="\t"), 2)
]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[Verdict]]:
    """Each row by itself: rows of different sources say nothing of each other."""
    evidence, skipped = read_table(str(PUBLISHED))
    assert skipped == []
    collected: dict[str, list[Verdict]] = {}
    for one in examine(evidence):
        if one.rule != "sources-disagree":
            collected.setdefault(one.subject, []).append(one)
    return collected


@pytest.mark.parametrize(("line", "row"), ROWS, ids=[f"{line}-{row['source']}" for line, row in ROWS])
def test_a_published_number(line: int, row: dict[str, str], verdicts: dict[str, list[Verdict]]) -> None:
    found = verdicts[f"line {line}"]
    worst = min((one.verdict for one in found), key=VERDICTS.index)
    assert worst == row["verdict"], [(one.rule, one.verdict, one.working) for one in found]
    if row["fits"]:
        n, total = row["fits"].split("/")
        assert any(f"{n}/{total}" in one.expected or f"of {total}" in one.expected for one in found)
