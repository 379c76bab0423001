"""Titles of groups that name an arm by their words: in another order, or by words that no other arm has."""

from __future__ import annotations

import pytest

from bempeg_kg.registry.arm_titles import Arm, arms_of_titles

ORDER = "the same words in another order"
OWN = "only arm with words of this title, in a list of as many groups as arms"


def arms_by_title(
    arms: list[str], *lists: list[str], flow: list[str] | None = None, model: str = "PARALLEL"
) -> dict[str, tuple[str, str]]:
    """Title as `normal` writes it -> (label of its arm, what it was inferred from)."""

    def grouped(titles: list[str]) -> list[dict[str, str]]:
        return [{"id": str(number), "title": title} for number, title in enumerate(titles)]

    study = {
        "protocolSection": {
            "designModule": {"designInfo": {"allocation": "RANDOMIZED", "interventionModel": model}}
        },
        "resultsSection": {
            "participantFlowModule": {"groups": grouped(flow or [])},
            "outcomeMeasuresModule": {"outcomeMeasures": [{"groups": grouped(one)} for one in lists]},
        },
    }
    listed = [Arm(label, "") for label in arms]
    return {
        title: (arms[match.place], match.inferred) for title, match in arms_of_titles(study, listed).items()
    }


def test_words_in_another_order_name_the_arm() -> None:
    arms = ["50 mg of RX-2", "5 mg of RX-2", "Placebo plus Cytarabine"]
    found = arms_by_title(arms, ["RX-2 50 mg", "RX-2 5 Milligram (5 mg)", "Placebo-Cytarabine"])
    assert list(found.values()) == [(arm, ORDER) for arm in arms]
    assert arms_by_title(["RX-2, then placebo", "Other"], ["Placebo, then RX-2"], model="CROSSOVER") == {}
    assert arms_by_title(["RX-2/Placebo", "Other"], ["Placebo/RX-2"]) == {}
    assert arms_by_title(["RX", "2"], ["Arm 2"]) == {"arm 2": ("2", ORDER)}


@pytest.mark.parametrize(
    ("arm", "title"),
    [
        ("RX 10 mg + QZ 5 mg", "RX 5 mg + QZ 10 mg"),
        ("RX 10 mg + QZ 10 mg", "RX 10 mg + QZ"),
        ("RX + QZ 10 mg", "RX 10 mg + QZ"),
        ("QZ 10 mg plus RX", "10 mg RX plus QZ"),
        ("Drug 2 mg x 1", "Drug 1 mg x 2"),
        ("Arm A", "Cohort A"),
        ("Arm II", "Cohort II"),
        ("Cohort 1", "Dose 1"),
        ("RX plus Placebo", "Placebo matching RX"),
        ("RX and QZ", "RX or QZ"),
    ],
)
def test_words_that_can_mean_another_arm_name_none(arm: str, title: str) -> None:
    assert arms_by_title([arm, "Other"], [title], model="CROSSOVER") == {}


@pytest.mark.parametrize(
    ("arms", "titles", "found"),
    [
        (
            ["RX-2 (3.75mg)", "RX-2 (15mg)", "Placebo"],
            ["Drugamab 3.75 mg", "Drugamab 15 mg", "Placebo"],
            [0, 1],
        ),
        (["Subcutaneous (SC) RX", "Intravenous (IV) RX"], ["SC RX once", "IV RX once"], [0, 1]),
        (["Arm 1: RX low dose", "Arm 2: RX high dose"], ["Arm 2: RX 20 mg", "Arm 1: RX 10 mg"], [1, 0]),
        # A dose range names none of the doses, and low is no dose.
        (["RX 2.5 mg", "RX 5 mg"], ["RX 2.5 mg once", "RX from 2.5 to 5 mg"], []),
        (["RX low dose", "RX high dose"], ["RX 10 mg", "RX 20 mg"], []),
        # Words of two arms in one group; two groups of one arm; a part of the trial; more arms than groups.
        (["Tacrolimus", "Belatacept"], ["Oral tacrolimus", "Belatacept and tacrolimus"], []),
        (["RX arm A", "Placebo"], ["RX men", "RX women"], []),
        (["RX early", "RX late"], ["Early RX, part 1", "Late RX, part 1"], []),
        (["RX early", "RX late", "Placebo"], ["Early use of RX", "Late use of RX"], []),
    ],
)
def test_words_that_no_other_arm_has_name_it(arms: list[str], titles: list[str], found: list[int]) -> None:
    inferred = {match for match in arms_by_title(arms, titles).values() if match[1] == OWN}
    assert inferred == {(arms[place], OWN) for place in found}
    assert OWN not in dict(arms_by_title(arms, titles, model="CROSSOVER").values())


def test_a_title_of_a_longer_list_is_a_part_of_an_arm_unless_patients_flow_by_it() -> None:
    arms, own = ["RX pacing", "RV pacing"], ["CRT-D: RX use", "CRT-D: RV use"]
    longer = [*own, "CRT-P: RX use", "CRT-P: RV use"]
    assert arms_by_title(arms, own, longer) == {}
    assert arms_by_title(arms, own, flow=longer) == {}
    assert len(arms_by_title(arms, longer, flow=own)) == 2
