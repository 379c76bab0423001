"""Every rule has a table that trips it and one, as like as can be, that does not; and what is not judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.tables import read_table
from bempeg_kg.evidence.forensics.verdicts import CONSISTENT, IMPOSSIBLE, INCONSISTENT, RULES

CASES = Path(__file__).parent / "forensics_cases"
BAD = (IMPOSSIBLE, INCONSISTENT)
#: Rules that look at sets and claims of a graph, or that only list or ask; `test_forensics` has their cases.
OF_A_GRAPH = {
    *("which-size-fits", "counts-from-interval", "arm-sizes-from-percentages", "parts-and-whole"),
    *("same-size-other-set", "sources-disagree", "claim-against-result", "medians-and-ratio"),
}


def judged(path: Path) -> list[tuple[str, str]]:
    evidence, skipped = read_table(str(path))
    assert skipped == []
    return [(one.rule, one.verdict) for one in examine(evidence)]


@pytest.mark.parametrize("rule", sorted(set(RULES) - OF_A_GRAPH))
def test_a_rule_is_tripped_by_its_table_and_by_nothing_sound(rule: str) -> None:
    tripped = {one for one in judged(CASES / f"{rule}.trips.csv") if one[1] in BAD}
    assert rule in {name for name, _ in tripped}
    sound = judged(CASES / f"{rule}.passes.csv")
    assert [one for one in sound if one[1] in BAD] == []
    # A p-value that may be one, and a number that may be read, are not worth a line.
    if rule not in ("p-value-in-range", "number-as-printed", "level-of-interval"):
        assert (rule, CONSISTENT) in sound


def test_no_table_is_left_over() -> None:
    named = {path.name.split(".")[0] for path in CASES.glob("*.csv")}
    assert named == set(RULES) - OF_A_GRAPH
