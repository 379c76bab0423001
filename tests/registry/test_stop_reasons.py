"""Classes of stop reasons against 352 reasons of the registry that were classified by hand.

`stop-reasons.tsv`: sample, registry number, classes by hand, the words of the record. The sample `records`
was read while the first rules were written. The others are runs of stops in the registry in December 2016,
July 2018 and December 2019, each classified before the rules had seen it; docs/registry.md has those first
scores. A stop for want of efficacy in another trial of the product counts as futility.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.registry.stops import stop_classes

with (Path(__file__).parent / "stop-reasons.tsv").open(encoding="utf-8", newline="") as lines:
    _REASONS = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def scores() -> dict[str, tuple[int, int, int]]:
    """Class -> (right, given by the rules, given by hand)."""
    right, by_rule, by_hand = Counter[str](), Counter[str](), Counter[str]()
    for one in _REASONS:
        given = {code.strip("<>").removeprefix(VOCAB) for code in stop_classes(one["reason"])}
        wanted = set(one["classes"].split())
        right.update(given & wanted)
        by_rule.update(given)
        by_hand.update(wanted)
    return {name: (right[name], by_rule[name], by_hand[name]) for name in sorted(by_rule | by_hand)}


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("futility", 0.95, 0.95),
        ("safetyReason", 0.95, 0.85),
        ("slowAccrual", 0.95, 0.98),
        ("lackOfFunding", 0.95, 0.95),
        ("businessReason", 0.95, 0.9),
        ("investigatorLeft", 0.95, 0.9),
        ("supplyReason", 0.95, 0.95),
        ("otherReason", 0.88, 0.95),
    ],
)
def test_classes_of_stop_reasons_agree_with_those_by_hand(name: str, precision: float, recall: float) -> None:
    right, by_rule, by_hand = scores()[name]
    print(f"{name}: precision {right}/{by_rule}, recall {right}/{by_hand}")
    assert right / by_rule >= precision
    assert right / by_hand >= recall


def test_every_reason_is_of_one_trial_and_has_a_class() -> None:
    assert len({one["nct"] for one in _REASONS}) == len(_REASONS) >= 200
    assert all(one["classes"] and one["reason"] for one in _REASONS)
