"""What a number that does not fit may mean besides an error, and that one odd value ends nothing."""

from __future__ import annotations

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
def test_a_level_that_cannot_be_is_judged_and_the_rest_goes_on(level: float, fits: str) -> None:
    odd = Contrast("urn:a", **{**RATIO, "level": level})  # type: ignore[arg-type]
    sound = Contrast("urn:b", p="0.32", **RATIO)  # type: ignore[arg-type]
    share = Result(
        "urn:r", statistic="proportion", unit="percent", printed="50.0", n=5, total=10, lower="18", upper="82"
    )
    results = {"urn:r": share}
    found = examine(Evidence(results=results, contrasts={"urn:a": odd, "urn:b": sound}))
    levels = [one for one in found if one.rule == "level-of-interval"]
    assert [(one.subject, one.verdict, one.expected) for one in levels] == [("urn:a", IMPOSSIBLE, fits)]
    assert {one.subject for one in found} == {"urn:a", "urn:b", "urn:r"}


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
    found = examine(Evidence(results={"urn:r": share}))
    assert (IMPOSSIBLE, "95") in [(one.verdict, one.expected) for one in found]
