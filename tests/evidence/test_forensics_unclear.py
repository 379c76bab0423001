"""What a number that does not fit may mean besides an error, and that one odd value ends nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bempeg_kg.evidence.forensics.judge import examine
from bempeg_kg.evidence.forensics.verdicts import CANNOT_TELL, CONSISTENT, IMPOSSIBLE, INCONSISTENT
from bempeg_kg.evidence.model import Contrast, Evidence, Result

#: A hazard ratio whose interval gives a two-sided p of about 0.32, and a one-sided one of 0.16.
RATIO = {"measure": "hazard-ratio", "printed": "0.90", "lower": "0.73", "upper": "1.11", "level": 95.0}


def verdict(rule: str, **fields: object) -> list[tuple[str, str, str]]:
    contrast = Contrast("urn:c", **{**RATIO, **fields})  # type: ignore[arg-type]
    return [
        (one.verdict, one.expected, one.missing)
        for one in examine(Evidence(contrasts={"urn:c": contrast}))
        if one.rule == rule
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"p": "0.32"}, CONSISTENT),
        ({"p": "0.16"}, CANNOT_TELL),  # one-sided, in the expected tail
        ({"p": "0.84"}, CANNOT_TELL),  # one-sided, in the other tail
        ({"p": "0.16", "p_sides": 2}, INCONSISTENT),  # the source says two-sided
        ({"p": "0.001"}, INCONSISTENT),  # neither
        ({"p": "0.001", "hypothesis": "nonInferiority"}, CANNOT_TELL),
        ({"p": "0.001", "hypothesis": "superiority"}, INCONSISTENT),
        ({"p": "0.999", "p_kind": "posteriorProbability"}, CANNOT_TELL),
        ({"p": "0.45", "method": "Fisher exact"}, CANNOT_TELL),
        ({"p": "0.001", "method": "Fisher exact"}, INCONSISTENT),  # further off than two tests can be
    ],
)
def test_a_p_value_that_does_not_fit(fields: dict[str, object], expected: str) -> None:
    found = verdict("ratio-interval-p", **fields)
    assert [one[0] for one in found] == [expected]
    assert bool(found[0][2]) == (expected == CANNOT_TELL)


@pytest.mark.parametrize(("level", "fits"), [(5.0, "95"), (0.95, "95"), (0.9852, "98.52"), (100.0, "")])
def test_an_impossible_level_is_judged_and_the_rest_continues(level: float, fits: str) -> None:
    odd = Contrast("urn:a", **{**RATIO, "level": level})  # type: ignore[arg-type]
    sound = Contrast("urn:b", p="0.32", **RATIO)  # type: ignore[arg-type]
    share = Result(
        "urn:r", statistic="proportion", unit="percent", printed="50.0", n=5, total=10, lower="18", upper="82"
    )
    results = {"urn:r": share}
    verdicts = examine(Evidence(results=results, contrasts={"urn:a": odd, "urn:b": sound}))
    levels = [one for one in verdicts if one.rule == "level-of-interval"]
    assert [(one.subject, one.verdict, one.expected) for one in levels] == [("urn:a", IMPOSSIBLE, fits)]
    assert {one.subject for one in verdicts} == {"urn:a", "urn:b", "urn:r"}


def test_a_result_with_a_level_that_cannot_be() -> None:
    share = Result(
        "urn:r",
        statistic="proportion",
        unit="percent",
        printed="50.0",
        n=5,
        total=10,
        lower="18.7",
        upper="81.3",
        level=5.0,
    )  # type: ignore[arg-type]
    verdicts = examine(Evidence(results={"urn:r": share}))
    assert (IMPOSSIBLE, "95") in [(one.verdict, one.expected) for one in verdicts]


def share(**fields: object) -> list[tuple[str, str]]:
    """Verdicts on a percentage of 254 patients that no count gives, with some words beside it."""
    one = Result(
        "urn:r", statistic="proportion", unit="percent", printed="12.4", total=254, group="a", **fields
    )  # type: ignore[arg-type]
    return [(found.verdict, found.working) for found in examine(Evidence(results={"urn:r": one}))]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"class_title": "Week 12 (n=234)"}, "a number of patients of its own"),
        ({"label": "Freedom from relapse, A"}, "a rate over time"),
        ({"label": "Actuarial survival, A"}, "an estimate over time"),
        ({"label": "Change in prevalence, A"}, "a change"),
        ({"label": "Hemoglobin, A"}, "a measured quantity"),
        ({"estimated": ("imputedEstimate",)}, "imputes"),
        ({"estimated": ("modelEstimate",)}, "a model"),
        ({"estimated": ("kaplanMeierEstimate",)}, "over time"),
    ],
)
def test_words_that_make_a_percentage_no_count(fields: dict[str, object], reason: str) -> None:
    ((verdict_, working),) = share(**fields)
    assert verdict_ == CANNOT_TELL
    assert reason in working


def test_without_such_words_the_same_percentage_is_impossible() -> None:
    assert share(label="Patients with response, A", class_title="Week 12 (n=254)")[0][0] == IMPOSSIBLE


def test_a_fraction_under_a_unit_of_percent() -> None:
    one = Result("urn:r", statistic="proportion", unit="percent", printed="0.8636", total=22)
    (verdict,) = examine(Evidence(results={"urn:r": one}))
    assert (verdict.verdict, verdict.expected) == (CANNOT_TELL, "19/22")


def test_a_registry_outcome_whose_percentages_are_no_counts() -> None:
    printed = ("33.6", "39.6", "45.5", "26.2", "49.7", "21.7")
    rows = {
        str(i): Result(
            str(i), statistic="proportion", unit="percent", printed=text, total=40 + i, group=str(i),
            trial_endpoint="urn:outcome", class_title=f"Week {i}",
        )
        for i, text in enumerate(printed)
    }  # fmt: skip
    verdicts = {one.verdict for one in examine(Evidence(results=rows))}
    assert verdicts == {CANNOT_TELL}
    # In a table of one's own each row counts.
    own = {iri: replace(one, trial_endpoint="") for iri, one in rows.items()}
    assert IMPOSSIBLE in {one.verdict for one in examine(Evidence(results=own))}


def test_another_size_that_all_percentages_of_an_arm_fit() -> None:
    rows = {
        text: Result(text, statistic="proportion", unit="percent", printed=text, total=31, group="a",
                     trial_endpoint="urn:outcome", category=text)
        for text in ("8.3", "16.7", "50.0", "0")
    }  # fmt: skip
    verdicts = {one.subject: one for one in examine(Evidence(results=rows))}
    assert (verdicts["8.3"].verdict, verdicts["8.3"].expected) == (IMPOSSIBLE, "1/12")
