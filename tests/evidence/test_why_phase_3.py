"""The report opens with the answer, computed from the graph; and the order in which patients came."""

from __future__ import annotations

import os
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.evidence.answers import order
from bempeg_kg.evidence.answers.surprise import uncertain
from bempeg_kg.evidence.facts import Facts
from bempeg_kg.evidence.model import Evidence
from bempeg_kg.evidence.reports import compose
from bempeg_kg.evidence.stats.surprise import uncertain_tail, upper_tail
from tests.conftest import Cli


def test_the_opening_gives_result_likelihood_and_limits(kg: KnowledgeGraph) -> None:
    brief, opening, *_ = compose(kg, "why-phase-3").opening
    assert len(brief) <= 320, "four lines"
    for words in ("20 of 38", "27.7 % against 36.0 %", "5.5 to 25.1 %", "no single cause can be isolated"):
        assert words in brief
    for words in (
        "20 of 38 efficacy evaluable (52.6 %, exact 95 % interval 35.8 to 69.0)",
        "20 of 41 treated (48.8 %, exact 95 % interval 32.9 to 64.9)",
        "Of the first 13 patients 11 responded; if they are among the later ones, which is not recorded,",
        "9 of the other 25 did (36.0 %, exact 95 % interval 18.0 to 57.5); nivolumab in PIVOT IO 001 had",
        "43.7 % in CheckMate 067 and 33.7 % (28.8 to 38.9, 95 % interval) in RELATIVITY-047",
        "27.7 % in BEMPEG + nivolumab against 36.0 % in nivolumab, p 0.0311",
        "the denominators were not published",
        "20 or more of 38 would come up in 5.5 % by RELATIVITY-047",
        "14.5 % by the mean of the benchmarks",
    ):
        assert words in opening


def test_another_disease_gets_none_of_melanoma(kg: KnowledgeGraph) -> None:
    page = compose(kg, "why-phase-3", early="result:pivot-02-renal-orr", late="contrast:pivot-09-orr")
    text = page.to_text(80, full=False)
    assert "17 of 49" in page.opening[0]
    assert "no response rate of the control" in page.opening[1]
    assert "RELATIVITY" not in page.opening[1]
    assert len(text.splitlines()) <= 150


def test_a_control_of_several_drugs_names_each(kg: KnowledgeGraph) -> None:
    text = compose(
        kg, "why-phase-3", early="result:pivot-02-renal-orr", late="contrast:pivot-09-orr"
    ).to_text()
    text = " ".join(text.split())
    assert "Its control gives cabozantinib and sunitinib, together or by choice" in text
    assert "What the comparator did elsewhere, and later: sunitinib" in text
    assert "no rows: the graph has no rate of sunitinib alone in this disease" in text


def test_medians_stand_with_the_limits_that_the_graph_has(kg: KnowledgeGraph) -> None:
    table = compose(kg, "why-phase-3").sections[0].blocks[0].table
    assert table is not None
    rows = {(row["endpoint"], row["lateArm"]): row for row in table}
    row = rows["progression-free survival", "BEMPEG + nivolumab"]
    assert (row["early"], row["early_interval"]) == ("30.9", "5.3 to not estimable (95 %)")
    assert (row["late"], row["late_interval"]) == ("4.17", "3.52 to 5.55 (95 %)")
    assert rows["overall survival", "nivolumab"]["late_interval"] == "21.32 to not reached (95 %)"


@pytest.mark.thorough
def test_the_terminal_gets_at_most_150_lines_and_all_tables_on_request(cli: Cli) -> None:
    short = cli("report", "why-phase-3", env={**os.environ, "COLUMNS": "80"})
    assert len(short.stdout.splitlines()) <= 150
    assert "--full" in short.stderr
    full = cli("report", "why-phase-3", "--full", env={**os.environ, "COLUMNS": "80"})
    assert len(full.stdout.splitlines()) > 500


def test_the_choice_of_the_cohort_says_which_went_on(kg: KnowledgeGraph) -> None:
    text = compose(kg, "why-phase-3").to_text(100, full=False).replace("\n", " ")
    assert "Of the 3 cohorts for one named tumour that have results, 3 led to a later trial" in text
    assert "first-line urothelial cohort (PIVOT-10)" in text


@pytest.mark.parametrize(
    ("number", "patients", "n", "total", "limits"),
    [
        (0, "first 13", 11, 13, ("54.6", "98.1")),
        (1, "next 15", 3, 15, ("4.3", "48.1")),
        (2, "next 10", 6, 10, ("26.2", "87.8")),
        (3, "all 25 after the first 13", 9, 25, ("18.0", "57.5")),
    ],
)
def test_the_order_of_patients_is_worked_back(
    kg: KnowledgeGraph, number: int, patients: str, n: int, total: int, limits: tuple[str, str]
) -> None:
    row = list(kg.ask("order-of-patients"))[number]
    assert (row["patient_order"], row["n"], row["denominator"]) == (patients, n, total)
    assert (str(row["exact_lower"]), str(row["exact_upper"])) == limits
    assert ("possibly overlapping" in row["relation"]) == (number in (1, 3))
    assert str(row["dataCut"]) == ("2018-05-29" if number < 2 else "not stated")


def test_the_order_of_patients_ends_with_the_control_of_the_later_trial(kg: KnowledgeGraph) -> None:
    last = list(kg.ask("order-of-patients"))[-1]
    assert (last["patient_order"], str(last["percent"]), last["n"]) == (
        "nivolumab, PIVOT IO 001",
        "36.0",
        None,
    )
    assert last["basis"] == "primary"
    then = kg.as_of("2018-09-21")
    early = "result:pivot-02-melanoma-orr-asco-2018"
    assert "later control" not in [row["part"] for row in then.ask("order-of-patients", early=early)]


def test_what_is_recorded_of_two_cuts_is_said(kg: KnowledgeGraph) -> None:
    facts = Facts.of(kg)
    result = facts.result(kg.names.expand("result:pivot-02-melanoma-orr"))
    (before, *_), (after, *_) = order.reports_of(facts, result)[1:]
    sets = [replace(facts.evidence.sets[one.analysis_set]) for one in (before, after)]
    alone = [replace(one, overlaps=(), may_overlap=(), subset_of=()) for one in sets]
    assert order._relation(facts, *alone) == "no relation between the cuts is recorded"
    inside = replace(alone[0], subset_of=(alone[1].iri,))
    nested = SimpleNamespace(evidence=Evidence(sets={inside.iri: inside, alone[1].iri: alone[1]}))
    assert order._relation(nested, inside, alone[1]) == order.PART  # type: ignore[arg-type]


def test_a_result_without_earlier_reports_has_no_order(kg: KnowledgeGraph) -> None:
    table = kg.ask("order-of-patients", early="result:pivot-02-renal-orr")
    assert not table.rows
    assert "no earlier report" in (table.reason or "")


def test_a_benchmark_is_not_taken_as_exact(kg: KnowledgeGraph) -> None:
    facts = Facts.of(kg)
    early = facts.result(kg.names.expand("result:pivot-02-melanoma-orr"))
    assumptions = uncertain(facts, early, kg.names.expand("drug:nivolumab"))
    tails = [(one.kind, float(f"{one.tail(20, 38):.3g}")) for one in assumptions[:3]]
    assert tails == [("error and spread", 0.0549), ("error and spread", 0.251), ("mean", 0.145)]
    assert uncertain_tail(20, 38, 0.337, 0.0) == upper_tail(20, 38, 0.337)


def test_the_uncertain_tail_agrees_with_a_sum_over_a_fine_grid() -> None:
    from math import exp, log

    error, middle = 0.3216, log(0.337 / 0.663)
    steps = [-8 + 16 * place / 20_000 for place in range(20_001)]
    weights = [exp(-(step**2) / 2) for step in steps]
    tails = [upper_tail(20, 38, 1 / (1 + exp(-(middle + error * step)))) for step in steps]
    expected = sum(w * t for w, t in zip(weights, tails, strict=True)) / sum(weights)
    assert uncertain_tail(20, 38, 0.337, error) == pytest.approx(expected, abs=1e-6)
