"""Power and assurance against published values, a sum by hand and simulation; bounds over all treated."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats.design import assurance_of_rates, bits, power_of_hazards, power_of_rates
from bempeg_kg.evidence.stats.shrinkage import Benchmark, Prior


@pytest.mark.parametrize(
    ("first", "second", "size", "alpha", "power"),
    [
        # the examples in the documentation of R's power.prop.test
        (0.75, 0.50, 50, 0.05, 0.740),
        (0.75, 0.50, 76.65294, 0.05, 0.900),
    ],
)
def test_power_is_that_of_r(first: float, second: float, size: float, alpha: float, power: float) -> None:
    sizes = (size, size)
    assert power_of_rates(first, second, sizes, alpha) == pytest.approx(power, abs=5e-4)  # type: ignore[arg-type]


def test_power_in_the_other_direction_is_small_and_grows_with_the_arms() -> None:
    assert power_of_rates(0.3, 0.5, (50, 50), 0.05) < 1e-4
    assert power_of_rates(0.5, 0.5, (50, 50), 0.05) == pytest.approx(0.025, abs=1e-12)
    assert power_of_rates(0.5, 0.4, (100, 200), 0.05) < power_of_rates(0.5, 0.4, (200, 200), 0.05)


def test_events_for_a_hazard_ratio_are_those_of_schoenfeld() -> None:
    # 4 (1.95996 + 1.28155)^2 / ln(0.75)^2 = 507.8 events give 90 percent
    assert power_of_hazards(0.75, 507.8, 0.05) == pytest.approx(0.9, abs=1e-4)
    assert power_of_hazards(1.0, 300, 0.05) == pytest.approx(0.025, abs=1e-12)
    # two to one: the same events count for 8/9
    assert power_of_hazards(0.7, 300, 0.05, 2 / 3) == pytest.approx(power_of_hazards(0.7, 300 * 8 / 9, 0.05))


def test_assurance_is_that_of_simulated_trials() -> None:
    draw, count = np.random.default_rng(11), 400_000
    belief, benchmark = Prior(1, 1).update(20, 38), Benchmark(0.337, 0.116, 0.3)

    def moved(rates: np.ndarray, error: float) -> np.ndarray:
        return 1 / (1 + np.exp(-(np.log(rates / (1 - rates)) + error * draw.standard_normal(count))))

    first = moved(draw.beta(21, 19, count), benchmark.spread)
    second = moved(np.full(count, benchmark.rate), benchmark.total_error)
    ours, theirs = draw.binomial(391, first), draw.binomial(392, second)
    pooled = (ours + theirs) / 783
    z = (ours / 391 - theirs / 392) / np.sqrt(pooled * (1 - pooled) * (1 / 391 + 1 / 392))
    assurance = assurance_of_rates(belief, benchmark, (391, 392), 0.001)
    assert assurance == pytest.approx(float((z > 3.2905).mean()), abs=0.004)


def test_assurance_of_a_certain_rate_is_the_power() -> None:
    assurance = assurance_of_rates(Prior(5e7, 5e7), Benchmark(0.4, 0.0), (200, 200), 0.05)
    assert assurance == pytest.approx(power_of_rates(0.5, 0.4, (200, 200), 0.05), abs=1e-4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((0.0, 0.4, (10, 10), 0.05), "not two true rates"),
        ((0.5, 0.4, (0, 10), 0.05), "at least one patient"),
        ((0.5, 0.4, (10, 10), 0.0), "no significance level"),
    ],
)
def test_designs_that_cannot_be_are_refused(
    values: tuple[float, float, tuple[int, int], float], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        power_of_rates(*values)
    with pytest.raises(UsageError, match="above 0"):
        power_of_hazards(0.7, 0, 0.05)
    with pytest.raises(UsageError, match="no chance"):
        bits(0.0)


def test_the_design_of_phase_3(kg: KnowledgeGraph) -> None:
    rows = list(kg.ask("phase-3-power"))
    power = {row["what"]: (row["part"], float(row["chance"])) for row in rows}
    assert power["the early rate at its word"] == ("power", 0.982)
    assert power["prior uniform"] == ("assurance", 0.701)
    assert power["prior centred on the benchmark, worth 38 patients"] == ("assurance", 0.43)
    assert power["progression-free survival, a true hazard ratio of 0.70"] == ("power", 0.926)
    assert {row["alpha"] for row in rows if row["part"] == "assurance"} == {Decimal("0.001")}
    # the surprise is that of plausible-gain
    gain = {
        f"a difference of -8.3 points or less, prior {row['prior']}": row["chance_at_or_below_observed"]
        for row in kg.ask("plausible-gain")
        if row["denominator"] == 38
    }
    surprises = {row["what"]: row for row in rows if row["part"] == "predictive surprise"}
    assert {what: row["chance"] for what, row in surprises.items()} == gain
    for row in surprises.values():
        assert 2 ** -float(row["bits"]) == pytest.approx(float(row["chance"]), rel=0.05)


def test_another_alpha_may_be_asked_for_and_none_is_refused(kg: KnowledgeGraph) -> None:
    usual = [row for row in kg.ask("phase-3-power", alpha="0.05") if row["part"] == "assurance"]
    assert {(row["alpha"], row["alpha_from"]) for row in usual} == {(Decimal("0.05"), "asked for")}
    assert float(usual[0]["chance"]) > 0.8
    with pytest.raises(UsageError, match="no significance level"):
        kg.ask("phase-3-power", alpha="5")


def test_bounds_over_all_treated_run_from_20_to_23_of_41(kg: KnowledgeGraph) -> None:
    rows = list(kg.ask("response-bounds"))
    assert [(row["n"], row["denominator"]) for row in rows] == [(20, 41), (21, 41), (22, 41), (23, 41)]
    assert [str(row["percent"]) for row in rows] == ["48.8", "51.2", "53.7", "56.1"]
    # binom.test(20, 41) and binom.test(23, 41) of R
    assert (str(rows[0]["exact_lower"]), str(rows[-1]["exact_upper"])) == ("32.9", "71.5")
    assert [row["chance"] for row in rows] == sorted((row["chance"] for row in rows), reverse=True)


def test_a_result_over_the_largest_set_has_no_bounds(kg: KnowledgeGraph) -> None:
    table = kg.ask("response-bounds", early="result:pivot-02-renal-orr")
    assert not table.rows
    assert "no larger set" in table.reason
