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

#: schematic sentences, a kind of wording each, and their classes
_KINDS = """
Strategic reasons, and not because of any safety or efficacy finding: businessReason
The end was not due to quality, safety or efficacy concerns: otherReason
The decision is unrelated to efficacy: otherReason
Company decision; no safety or efficacy concerns: businessReason
Not stopped for futility but for slow accrual: slowAccrual
There were no safety concerns or lack of efficacy: otherReason
No evidence of efficacy and no safety issue: futility
Dose limiting toxicity not reached; sponsor decision: businessReason
A non-safety-related issue with the bottles: otherReason
Acceptable safety profile, but the endpoint was not met: futility
Absence of safety concerns; lack of enrolment: slowAccrual
Safety concerns and lack of efficacy: futility safetyReason
Lack of response in stage 1: futility
Lack of response from the investigator: otherReason
Recommended due to efficacy concerns: futility
Small effect size: futility
Criteria for futility or efficacy were met: otherReason
Very low probability of meeting the primary endpoint: futility
Software did not work: otherReason
Stopped early for efficacy at the planned look: objectivesMet
Met the primary endpoint early: objectivesMet
Objectives were not met: otherReason
Closed before the target sample size was achieved: otherReason
Enrolment stopped before the target sample size was achieved: slowAccrual
Sudden death of a participant: safetyReason
Death of the principal investigator: investigatorLeft
Imbalance in cancer events between arms: safetyReason
Sponsor pulled funding: lackOfFunding
Grant not renewed: lackOfFunding
Terminated by the funder for low recruitment: slowAccrual
Funding withheld: lackOfFunding
Visits stopped for the safety of participants during COVID-19: externalEvent
Lack of COVID-19 patients: slowAccrual
No one agreed before the pandemic; no eligible patients: slowAccrual
The allowed follow-up of enrolled patients goes on: otherReason
Patients no longer treated at the hospital: otherReason
Business decision. No patients were enrolled: businessReason
No patients were enrolled: slowAccrual
Unmet accrual goal: slowAccrual
Patients did not want to be randomised: slowAccrual
Lack of patient compliance: otherReason
Devices for the measurement were not available: supplyReason
The maker stopped distribution of the implant: supplyReason
The therapist left her position: investigatorLeft
The team decided to retire the project: otherReason
A new biomarker strategy is being worked out: otherReason
The sponsor elected not to go on: businessReason
Stopped by the sponsor because the standard of care changed: otherReason
Further analysis showed that it would be futile: futility
Patients could not be enrolled since they did not meet the primary criterion: slowAccrual
A number of seizures was seen in another study: safetyReason
Approved by now for seizures in children: otherReason
The radiation safety committee refused it: otherReason
No grant was received, so we stopped the recruitment: lackOfFunding
Tablet shortage: supplyReason
Staff shortage: investigatorLeft
The product is no longer marketed: supplyReason
The interim analysis yielded positive results: objectivesMet
Acquisition of Firm by Other: businessReason
"""

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
        ("otherReason", 0.92, 0.95),
    ],
)
def test_classes_of_stop_reasons_agree_with_those_by_hand(name: str, precision: float, recall: float) -> None:
    right, by_rule, by_hand = scores()[name]
    print(f"{name}: precision {right}/{by_rule}, recall {right}/{by_hand}")
    assert right / by_rule >= precision
    assert right / by_hand >= recall


@pytest.mark.parametrize("case", _KINDS.strip().splitlines())
def test_kinds_of_wording(case: str) -> None:
    why, _, classes = case.rpartition(": ")
    assert {code.strip("<>").removeprefix(VOCAB) for code in stop_classes(why)} == set(classes.split())


def test_every_reason_is_of_one_trial_and_has_a_class() -> None:
    assert len({one["nct"] for one in _REASONS}) == len(_REASONS) >= 200
    assert all(one["classes"] and one["reason"] for one in _REASONS)
