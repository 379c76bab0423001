"""Statistics against values that others published."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, inf, log, pi

import numpy
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.stats import pooling
from bempeg_kg.evidence.stats.binomial import _negative_log_likelihood, by_t, common_rate, normal_spread
from bempeg_kg.evidence.stats.contrasts import NAIVE, Counts, compare, odds_ratio, risk_difference, risk_ratio
from bempeg_kg.evidence.stats.intervals import (
    Interval,
    at_level,
    check_level,
    clopper_pearson,
    log_standard_error,
    normal_quantile,
    proportion_interval,
)
from bempeg_kg.evidence.stats.pooling import Study, pool, refusals
from bempeg_kg.evidence.stats.random_effects import (
    moment_variance,
    pooled,
    q_statistic,
    reml_variance,
    tau_interval,
)
from bempeg_kg.evidence.stats.shrinkage import Benchmark, Prior, excess, predict_difference, spread_of_logits
from bempeg_kg.evidence.stats.surprise import best_of, curve, upper_tail

#: Newcombe RG, Statistics in Medicine 1998;17:857, table I: methods 1 (Wald), 3 (score), 5 (Clopper-Pearson).
NEWCOMBE_SINGLE = [
    (81, 263, "Wald", 0.2522, 0.3638),
    (81, 263, "Wilson", 0.2553, 0.3662),
    (81, 263, "Clopper-Pearson", 0.2527, 0.3676),
    (15, 148, "Wald", 0.0527, 0.1500),
    (15, 148, "Wilson", 0.0624, 0.1605),
    (15, 148, "Clopper-Pearson", 0.0578, 0.1617),
    (0, 20, "Wilson", 0.0, 0.1611),
    (0, 20, "Clopper-Pearson", 0.0, 0.1684),
    (1, 29, "Wilson", 0.0061, 0.1718),
    (1, 29, "Clopper-Pearson", 0.0009, 0.1776),
]

#: Newcombe RG, Statistics in Medicine 1998;17:873, table II, method 10.
NEWCOMBE_DIFFERENCE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]

#: Effects and variances of PyMARE's fixture metafor_small_sample.csv, design "moderate_k20".
MODERATE_K20 = [
    *((0.91344, 0.1), (-0.013711, 2.93755), (0.71129, 2.146649), (-0.349063, 1.990442)),
    *((0.524942, 0.478369), (1.390945, 0.147635), (1.394405, 0.271023), (1.712806, 2.012027)),
    *((2.448195, 1.435666), (0.797816, 1.058463), (-0.455644, 1.071934), (0.34701, 0.310011)),
    *((1.10191, 0.949126), (1.118779, 0.39391), (0.13778, 0.856478), (2.617864, 0.39576)),
    *((0.139465, 0.108517), (0.330425, 0.353627), (-0.784248, 0.626412), (-0.138601, 3.0)),
]

#: rma.uni of R's metafor 4.6.0 (R 4.4.1) on it, as pinned in PyMARE's metafor_reference.json:
#: estimate, standard error, lower and upper limit by model.
METAFOR_K20 = {
    "common effect": (0.7906170847, 0.1394569834, 0.5172864199, 1.0639477496),
    "random effects, DerSimonian-Laird": (0.7892305009, 0.1881149197, 0.4205320334, 1.1579289685),
    "random effects, REML": (0.7860251297, 0.1984015180, 0.3971652999, 1.1748849594),
    "random effects, REML with Knapp-Hartung": (0.7860251297, 0.1862742805, 0.3961485798, 1.1759016795),
}

#: Nielweise 2007 (metadat's dat.nielweise2007): infections of patients with treated and with other catheters.
TREATED = [
    *((0, 116), (1, 44), (2, 208), (0, 130), (5, 151), (1, 98), (1, 174), (1, 74), (1, 97)),
    *((1, 113), (0, 66), (0, 70), (3, 188), (6, 187), (0, 118), (0, 252), (1, 345), (4, 64)),
]
OTHER = [
    *((3, 117), (3, 35), (9, 195), (7, 136), (6, 157), (4, 139), (3, 177), (2, 39), (19, 103)),
    *((2, 122), (7, 64), (1, 58), (5, 175), (11, 180), (0, 105), (1, 262), (3, 362), (1, 69)),
]


#: Tuberculosis of vaccinated and of others in 13 trials (metadat's dat.bcg): cases and non-cases of both.
BCG = [
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232)),
    *((17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
]


@pytest.mark.parametrize(("n", "total", "method", "lower", "upper"), NEWCOMBE_SINGLE)
def test_intervals_are_those_newcombe_printed(n, total, method, lower, upper):
    interval = proportion_interval(n, total, 95, method)
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


@pytest.mark.parametrize(("first", "second", "lower", "upper"), NEWCOMBE_DIFFERENCE)
def test_differences_are_those_newcombe_printed(first, second, lower, upper):
    interval = risk_difference(Counts(*first), Counts(*second)).interval
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


def test_exact_intervals_of_the_programme():
    renal, control = clopper_pearson(59, 256), clopper_pearson(79, 258)
    assert [round(100 * limit, 1) for limit in (renal.lower, renal.upper)] == [18.0, 28.7]
    assert [round(100 * limit, 1) for limit in (control.lower, control.upper)] == [25.1, 36.6]


def test_ratios_are_those_of_metafor():
    # escalc on the first trial of dat.bcg in metafor's test_misc_escalc.r: 4 of 123 against 11 of 139
    treated, control = Counts(4, 123), Counts(11, 139)
    risk, odds = risk_ratio(treated, control), odds_ratio(treated, control)
    assert round(log(risk.estimate), 4) == -0.8893
    assert [round(log(limit), 4) for limit in (risk.interval.lower, risk.interval.upper)] == [-2.0077, 0.2290]
    assert [round(log(limit), 4) for limit in (odds.interval.lower, odds.interval.upper)] == [-2.1100, 0.2326]
    assert round(log_standard_error(risk.interval), 4) == 0.5706


def test_empty_cells_give_no_ratio_and_say_why():
    comparisons = compare(Counts(0, 10), Counts(3, 10), randomised=True)
    assert [one.estimate is None for one in comparisons] == [False, True, True]
    assert all(one.note for one in comparisons[1:])
    full = compare(Counts(10, 10), Counts(10, 10), randomised=True)
    assert [(one.estimate, one.interval is None) for one in full[1:]] == [(1.0, True), (None, True)]


def test_groups_that_were_not_randomised_are_compared_only_when_asked():
    with pytest.raises(UsageError, match="no treatment effect"):
        compare(Counts(20, 38), Counts(121, 359), randomised=False)
    comparisons = compare(Counts(20, 38), Counts(121, 359), randomised=False, naive=True, level=90)
    assert {one.kind for one in comparisons} == {NAIVE}
    assert {one.interval.level for one in comparisons} == {90}


def test_levels_are_percent_and_stay_what_they_were():
    for wrong in (0.95, 49.9, 100):
        with pytest.raises(UsageError):
            check_level(wrong)
    survival = Interval(0.59, 1.48, 99.929)
    same = at_level(survival, 99.929)
    assert (round(same.lower, 6), round(same.upper, 6)) == (0.59, 1.48)
    assert "99.929" in at_level(survival, 95).method
    inflation = normal_quantile(99.929) / normal_quantile(95)
    assert round(inflation, 2) == 1.73
    assert log_standard_error(Interval(0.59, 1.48, 95)) == pytest.approx(
        inflation * log_standard_error(survival)
    )
    difference = at_level(Interval(-5, 15, 90), 95, is_ratio=False)
    assert (round(difference.lower, 4), round(difference.upper, 4)) == (-6.9157, 16.9157)


def test_upper_tail_is_the_sum_of_its_terms():
    rate = Fraction(337, 1000)
    by_hand = sum(comb(38, k) * rate**k * (1 - rate) ** (38 - k) for k in range(20, 39))
    assert upper_tail(20, 38, 0.337) == pytest.approx(float(by_hand), rel=1e-12)
    assert [one.tail for one in curve(20, 38, [0.0, 1.0])] == [0.0, 1.0]
    assert best_of(0.0124, 9) == pytest.approx(1 - 0.9876**9)


def test_posterior_is_that_of_the_placenta_praevia_example():
    # Gelman et al., Bayesian Data Analysis, section 2.4: 437 girls of 980 births, uniform prior
    made = Prior(1, 1).update(437, 980)
    interval = made.interval(95)
    assert round(made.mean, 3) == 0.446
    assert (round(interval.lower, 3), round(interval.upper, 3)) == (0.415, 0.477)


def test_excess_carries_every_uncertainty():
    posterior = Prior(1, 1).update(20, 38)
    bare, spread = Benchmark(0.337, 0.0), Benchmark(0.337, 0.116, 0.3)
    sure, unsure = excess(posterior, bare), excess(posterior, spread)
    assert sure.interval.width < unsure.interval.width
    # without any error of the benchmark the excess is the posterior moved
    assert sure.mean == pytest.approx(posterior.mean - 0.337, abs=1e-3)
    assert sure.interval.lower == pytest.approx(posterior.interval().lower - 0.337, abs=0.005)
    small = predict_difference(posterior, spread, (50, 50), -0.083)
    large = predict_difference(posterior, spread, (400, 400), -0.083)
    assert large.interval.width < small.interval.width
    assert 0 < large.below < small.below < 0.5


def test_prediction_without_other_errors_is_normal_sampling():
    sure = Prior(0.5e9, 0.5e9)
    made = predict_difference(sure, Benchmark(0.5, 0.0), (200, 200), -0.098)
    # by hand: standard error sqrt(0.25/200 + 0.25/200) = 0.05, and -0.098 lies 1.96 of them below 0
    assert made.interval.upper == pytest.approx(0.098, abs=2e-4)
    assert made.below == pytest.approx(0.025, abs=2e-4)


def test_spread_needs_two_rates():
    assert spread_of_logits([0.337, 0.437]) == pytest.approx(
        abs(log(0.337 / 0.663) - log(0.437 / 0.563)) / 2**0.5
    )
    with pytest.raises(UsageError):
        spread_of_logits([0.337])


def _studies(values):
    return [
        Study(
            name=f"study {i}",
            trial=f"trial {i}",
            endpoint="progression-free survival",
            analysis_set="randomised",
            comparator="control",
            randomised=True,
            measure="hazard ratio",
            estimate=y,
            standard_error=v**0.5,
        )
        for i, (y, v) in enumerate(values)
    ]


def test_pooling_agrees_with_metafor():
    pooled = pool(_studies(MODERATE_K20))
    for estimate in pooled.estimates:
        found = (estimate.estimate, estimate.standard_error, estimate.interval.lower, estimate.interval.upper)
        assert found == pytest.approx(METAFOR_K20[estimate.model], rel=2e-5), estimate.model
    assert pooled.q == pytest.approx(27.4434670660, rel=1e-9)
    assert pooled.q_p == pytest.approx(0.0947400088, rel=1e-8)
    # the definition from Q, which metafor prints for the common-effect and DerSimonian-Laird models
    assert pooled.i_squared == pytest.approx(30.7667651675, rel=1e-9)
    assert pooled.tau_squared == pytest.approx(0.2390986399, rel=1e-4)
    assert not pooled.warnings


def test_prediction_interval_by_hand():
    # t(18; 0.975) = 2.100922
    half = 2.100922 * (0.2390986399 + 0.1984015180**2) ** 0.5
    interval = pooling.prediction_interval(0.7860251297, 0.1984015180, 0.2390986399, 20)
    assert (interval.lower, interval.upper) == pytest.approx(
        (0.7860251297 - half, 0.7860251297 + half), abs=1e-5
    )
    assert pooling.prediction_interval(0.1, 0.1, 0.1, 2) is None


def test_two_studies_have_no_prediction_interval_and_a_warning():
    pooled = pool(_studies(MODERATE_K20[:2]))
    assert pooled.prediction is None
    assert any("Knapp-Hartung" in warning for warning in pooled.warnings)


@pytest.mark.parametrize(
    ("counts", "mean", "error", "tau_squared"),
    [(OTHER, -3.50, 0.26, 0.81), (TREATED, -4.81, 0.36, 0.83)],
)
def test_binomial_model_agrees_with_metafor(counts, mean, error, tau_squared):
    # rma.glmm(measure="PLO") on dat.nielweise2007, metafor's test_analysis_example_stijnen2010.r and
    # Stijnen et al., Statistics in Medicine 2010;29:3046, table II
    model = normal_spread([Counts(*one) for one in counts])
    assert round(model.estimate.estimate, 2) == mean
    assert round(model.estimate.standard_error, 2) == error
    assert round(model.tau_squared, 2) == tau_squared


def test_common_rate_is_that_of_the_sums():
    estimate = common_rate([Counts(7, 41), Counts(19, 49)])
    assert 1 / (1 + exp(-estimate.estimate)) == pytest.approx(26 / 90)


SINGLE_ARM = Study(
    "melanoma", "PIVOT-02", "response", "evaluable", counts=Counts(20, 38), sets=frozenset("a")
)
RENAL = Study("renal", "PIVOT-02", "response", "evaluable", counts=Counts(17, 49), sets=frozenset("b"))
PHASE_3 = Study(
    *("PIVOT-09", "PIVOT-09", "response", "randomised", "TKI"),
    randomised=True,
    measure="hazard ratio",
    estimate=-0.2,
    standard_error=0.15,
    sets=frozenset("c"),
)


def test_pooling_says_every_reason_against_it():
    reasons = "; ".join(refusals([SINGLE_ARM, PHASE_3]))
    for word in ("single-arm with randomised", "comparators", "analysis sets", "measures"):
        assert word in reasons


def test_pooling_checks_for_overlapping_patients():
    pair = frozenset("ab")
    assert refusals([SINGLE_ARM, RENAL], {pair: "disjoint"}) == []
    assert "possibly overlapping" in refusals([SINGLE_ARM, RENAL])[0]
    assert refusals([SINGLE_ARM, RENAL], {pair: "overlapping"})[0].startswith("overlapping")


def test_pooling_by_force_carries_its_warning():
    with pytest.raises(UsageError, match="should not be pooled"):
        pool([SINGLE_ARM, RENAL])
    pooled = pool([SINGLE_ARM, RENAL], force=True)
    assert pooled.warnings[0].startswith("pooled by force although: possibly overlapping")
    assert pooled.prediction is None
    with pytest.raises(UsageError, match="even by force"):
        pool([SINGLE_ARM, PHASE_3], force=True)


def test_an_interval_without_level_is_not_pooled():
    first, second = _studies(MODERATE_K20[:2])
    missing = Study(
        "no level", "x", first.endpoint, "randomised", "control", True, "hazard ratio", level_missing=True
    )
    assert any("no usable level" in reason for reason in refusals([first, second, missing]))


#: Counts, and rate with limits in percent and spread of logits that rma.glmm of metafor gives (measure PLO).
GLMM = [
    ([(300, 1000), (600, 1000), (500, 1000), (200, 1000)], 24.2, 55.8, None),
    ([(58, 252), (79, 258)], 21.8, 32.4, 0.133),
]


@pytest.mark.parametrize(("counts", "lower", "upper", "tau"), GLMM)
def test_pooled_proportions_are_those_of_rma_glmm(counts, lower, upper, tau):
    model = normal_spread([Counts(*one) for one in counts])
    limits = [
        100 / (1 + exp(-limit)) for limit in (model.estimate.interval.lower, model.estimate.interval.upper)
    ]
    assert [round(limit, 1) for limit in limits] == [lower, upper]
    if tau is not None:
        assert round(model.tau_squared**0.5, 3) == tau


def brute_force(mean, tau, counts):
    """Minus the log likelihood by adaptive integration over the logit of each cohort."""
    told = 0.0
    for n, total in counts:
        peak = log((n + 0.5) / (total - n + 0.5))

        def integrand(x, n=n, total=total, top=peak):
            def part(at):
                return n * at - total * numpy.logaddexp(0, at)

            return exp(part(x) - part(top) - (x - mean) ** 2 / (2 * tau**2)) / (tau * (2 * pi) ** 0.5)

        value, _ = quad(
            integrand, peak - 12, peak + 12, points=[peak, mean], limit=500, epsabs=0, epsrel=1e-11
        )
        told -= log(value) + n * peak - total * numpy.logaddexp(0, peak)
    return told


@pytest.mark.parametrize(
    "counts",
    [
        [(300, 1000), (600, 1000), (500, 1000), (200, 1000)],
        [(0, 10), (3, 12), (9, 10)],
        [(5, 3000), (400, 3000), (1500, 3000)],
        [(1, 8), (0, 5), (2, 9), (1, 6)],
    ],
)
@pytest.mark.parametrize(("mean", "tau"), [(-0.5, 0.3), (-1.5, 1.2), (0.2, 2.5)])
def test_the_likelihood_is_that_of_adaptive_integration(counts, mean, tau):
    n, total = (numpy.array(column, dtype=float) for column in zip(*counts, strict=True))
    ours = _negative_log_likelihood((mean, tau), n, total)
    assert abs(ours - brute_force(mean, tau, counts)) < 1e-6 * abs(ours)


def test_equal_cohorts_have_no_spread():
    assert normal_spread([Counts(30, 100)] * 4).tau_squared == 0


def test_the_interval_of_tau_squared_is_where_q_meets_its_quantiles():
    y, v = zip(*MODERATE_K20, strict=True)
    interval = tau_interval(y, v, 95)
    assert 0 <= interval.lower < reml_variance(y, v) < interval.upper
    assert abs(q_statistic(y, v, interval.upper) - 8.906516) < 1e-5  # chi-squared, 19 degrees, 2.5 percent


def bcg(ratio):
    """Logarithms of a ratio of two groups, and their variances by Katz and by Woolf."""
    made = [ratio(Counts(a, a + b), Counts(c, c + d)) for a, b, c, d in BCG]
    return [log(one.estimate) for one in made], [log_standard_error(one.interval) ** 2 for one in made]


def test_the_vaccine_trials_are_pooled_as_metafor_prints_them():
    # rma(yi, vi, data=dat) with escalc(measure="RR") on dat.bcg, as in metafor's documentation
    estimates, spread = pooled(*bcg(risk_ratio), 95)
    reml = estimates[2]
    printed = (reml.estimate, reml.standard_error, reml.interval.lower, reml.interval.upper)
    assert [round(one, 4) for one in printed] == [-0.7145, 0.1798, -1.0669, -0.3622]
    assert [round(one, 4) for one in (spread.tau_squared, spread.q)] == [0.3132, 152.2330]


def test_the_interval_of_tau_squared_is_that_of_metafor():
    # confint(res) for odds ratios of the same trials: vanhouwelingen2002 of metafor's analysis examples
    interval = tau_interval(*bcg(odds_ratio), 95)
    assert (interval.lower, interval.upper) == pytest.approx((0.1302, 1.1812), abs=1e-4)


def test_the_diuretic_trials_are_those_of_viechtbauer():
    # pre-eclampsia with and without diuretics (metadat's dat.collins1985b); Viechtbauer, Statistics in
    # Medicine 2007;26:37, tables II and III, with the digits of metafor's tests
    treated = [(14, 131), (21, 385), (14, 57), (6, 38), (12, 1011), (138, 1370), (15, 506), (6, 108)]
    control = [(14, 136), (17, 134), (24, 48), (18, 40), (35, 760), (175, 1336), (20, 524), (2, 103)]
    pairs = zip([*treated, (65, 153)], [*control, (40, 102)], strict=True)
    made = [odds_ratio(Counts(*first), Counts(*second)) for first, second in pairs]
    y = [log(one.estimate) for one in made]
    v = [log_standard_error(one.interval) ** 2 for one in made]
    assert (round(moment_variance(y, v), 4), round(reml_variance(y, v), 4)) == (0.2297, 0.3008)
    interval = tau_interval(y, v, 95)
    assert (interval.lower, interval.upper) == pytest.approx((0.0723, 2.2027), abs=1e-4)


@pytest.mark.parametrize("counts", [[(58, 252), (79, 258)], [(300, 1000), (600, 1000), (500, 1000)]])
def test_the_interval_of_the_spread_of_proportions_is_where_the_likelihood_falls_by_half_a_quantile(counts):
    estimate = normal_spread([Counts(*one) for one in counts])
    best = brute_force(estimate.estimate.estimate, estimate.tau_squared**0.5, counts)
    upper = estimate.tau_interval.upper**0.5
    centre, reach = estimate.estimate.estimate, 2 * estimate.estimate.standard_error + upper / 3
    profile = minimize_scalar(
        lambda mean: brute_force(mean, upper, counts), bounds=(centre - reach, centre + reach)
    ).fun
    assert profile - best == pytest.approx(3.841459 / 2, abs=2e-3)  # chi-squared, 1 degree, 95 percent


def test_the_wider_interval_for_few_cohorts_rests_on_t():
    model = normal_spread([Counts(*one) for one in GLMM[0][0]])
    wide = by_t(model, 4)
    # t(3; 0.975) = 3.182446
    assert wide.interval.width == pytest.approx(2 * 3.182446 * model.estimate.standard_error)
    assert wide.estimate == model.estimate.estimate


def test_rates_of_none_and_all_leave_the_spread_without_an_upper_limit():
    assert normal_spread([Counts(0, 1000), Counts(1000, 1000)]).tau_interval.upper == inf


def test_a_narrower_knapp_hartung_interval_is_warned_of():
    alike = [
        Study(
            *(f"s{i}", f"t{i}", "OS", "all", "placebo", True, "hazard ratio", 0.1 + i / 1000, 0.2),
            sets=frozenset([str(i)]),
        )
        for i in range(6)
    ]
    assert any("narrower" in warning for warning in pool(alike).warnings)
