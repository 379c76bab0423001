"""Ten imported trials and every question of the library: rows, or why there is none, or what is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import InputError, NoAnswer, QueryError, UnknownName, UsageError
from bempeg_kg.evidence.facts import Facts
from bempeg_kg.graph.entities import shortened
from bempeg_kg.pictures import plot
from bempeg_kg.pictures.evidence_rows import rate
from tests.registry.programme import programme_of
from tests.registry.ten_trials import small, ten_trials

_RULES = Path(__file__).parents[2] / "queries" / "rules"
_NOTHING = "the graph holds no statement that this question asks for"
_QUESTIONS = [question.name for question in KnowledgeGraph.open(engine="memory").questions]


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """A programme of ten imported trials."""
    return ten_trials(tmp_path_factory.mktemp("ten"), records)


@pytest.mark.thorough
@pytest.mark.parametrize("name", _QUESTIONS)
def test_every_question_answers_or_says_why_not(name: str, ten: KnowledgeGraph) -> None:
    try:
        table = ten.ask(name)
    except UsageError as error:
        assert re.search(r"Give \w+=", str(error))
        return
    except QueryError as error:
        assert "SERVICE is off" in str(error)
        return
    except InputError as error:
        assert ten.questions[name].data == "signals"
        assert "belong to the shipped programme" in str(error)
        return
    assert table.rows or (table.reason and table.reason != _NOTHING), name


def rows(ten: KnowledgeGraph, name: str, *columns: str, **parameters: str) -> list[tuple[str, ...]]:
    return [tuple(str(row[column]) for column in columns) for row in ten.ask(name, **parameters)]


def test_primary_endpoints_with_comparison_values_or_neither(ten: KnowledgeGraph) -> None:
    columns = ("nct", "shown", "compared", "printed")
    told = rows(ten, "primary-results", *columns)
    assert told[0][:2] == ("NCT00567567", "compared")
    assert [row for row in told if row[0] == "NCT00716976"] == [
        ("NCT00716976", "values of groups", "Observation Arm", "31"),
        ("NCT00716976", "values of groups", "STS Arm (Sodium Thiosulfate Treatment)", "14"),
    ]
    assert {row[0] for row in rows(ten, "primary-results", *columns, drug="druganib")} == {
        f"NCT9000000{n}" for n in range(1, 7)
    }


def test_responses_of_randomised_trials_by_condition(ten: KnowledgeGraph) -> None:
    columns = ("nct", "group", "printed", "denominator")
    answer_rows = rows(ten, "randomised-responses", *columns, condition="neoplasms")
    assert answer_rows == [(f"NCT9000000{n}", "Drug", str(10 + n), "40") for n in (2, 4, 6)]
    assert rows(ten, "randomised-responses", "nct", condition="neoplasms", trial="NCT90000004")
    assert not rows(ten, "randomised-responses", "nct", condition="dermatitis")
    assert len(rows(ten, "randomised-responses", "nct", drug="druganib")) == 3


def test_stops_for_futility_or_safety_with_the_words_of_the_record(ten: KnowledgeGraph) -> None:
    answer_rows = rows(ten, "futility-or-safety-stops", "nct", "reasonClass", "reason", condition="melanoma")
    assert sorted(answer_rows) == [
        ("NCT90000005", "efficacy not shown", "Futility at the interim analysis"),
        ("NCT90000006", "safety", "Excess bleeding, then slow accrual"),
    ]
    assert len(rows(ten, "stopped-trials", "acronym")) == 3


def test_hazard_ratios_of_an_endpoint(ten: KnowledgeGraph) -> None:
    columns = ("nct", "compared", "reference", "estimate", "lower", "upper")
    answer_rows = rows(ten, "hazard-ratios", *columns, measured="endpoint:os", drug="druganib")
    assert answer_rows == [(f"NCT9000000{n}", "Drug", "Placebo", "0.80", "0.61", "1.05") for n in (2, 4, 6)]


def test_a_p_value_is_told_with_one_name(ten: KnowledgeGraph) -> None:
    assert "(95 % interval 0.61 to 1.05), p 0,11" in ten.ask("hazard-ratios").sentence


@pytest.mark.parametrize("name", ["hazard-ratios", "pool-results", "randomised-responses"])
@pytest.mark.parametrize(
    ("word", "near"), [({"drug": "druganip"}, "druganib"), ({"condition": "melanom4"}, "Melanoma")]
)
def test_words_that_nothing_has_are_named_with_those_near(
    ten: KnowledgeGraph, name: str, word: dict[str, str], near: str
) -> None:
    with pytest.raises(
        UnknownName, match=f"(?i)there is no .* '{next(iter(word.values()))}'\nDid you mean .*{near}"
    ):
        ten.ask(name, **word)


def test_unknown_phases_and_one_of_several_words_are_named_and_a_known_word_is_said_to_be(
    ten: KnowledgeGraph,
) -> None:
    with pytest.raises(UnknownName, match="there is no phase '7'"):
        plot(ten, "hazard-ratios", phase="7")
    with pytest.raises(UnknownName, match="there is no drug 'nothing'"):
        ten.ask("hazard-ratios", drug=["druganib", "nothing"])
    reason = ten.ask("hazard-ratios", drug="dupilumab").reason
    assert reason.startswith("nothing fits drug = dupilumab: no loaded trial of that")


def test_rows_say_where_an_estimate_is_a_limit_or_outside_its_limits(tmp_path: Path) -> None:
    limits = {2: ("0.61", "1.05"), 4: ("0.80", "1.05"), 6: ("0.85", "1.05"), 8: ("0.61", "0.75")}
    records = [small(number) for number in limits]
    for record, (lower, upper) in zip(records, limits.values(), strict=True):
        survival = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][1]
        survival["analyses"][0] |= {"ciLowerLimit": lower, "ciUpperLimit": upper}
    kg = programme_of(records, tmp_path)
    notes = [None, "limit equals estimate", "estimate outside limits", "estimate outside limits"]
    for opened in (kg, KnowledgeGraph.open(tmp_path / "programme", engine="rdflib")):
        for name in ("hazard-ratios", "treatment-effects"):
            assert [row["intervalNote"] for row in opened.ask(name)] == notes


def test_hazard_ratios_of_a_drug_are_pooled_where_they_may_be(ten: KnowledgeGraph) -> None:
    made = ten.ask("pool-results", drug="druganib", condition="neoplasms", allow_unstated=True)
    studies = [row["text"] for row in made if row["part"] == "study"]
    assert len(studies) == 3
    estimates = [row["computed"] for row in made if row["part"] == "estimate"]
    refused = [row["text"] for row in made if row["part"] == "refusal"]
    assert bool(estimates) != bool(refused)
    assert all(str(one) == "0.800" for one in estimates)
    with pytest.raises(UsageError, match="no hazard ratio to pool for drug dupilumab"):
        ten.ask("pool-results", drug="dupilumab")


def test_candidate_pairs_begin_in_order_and_say_what_is_missing(ten: KnowledgeGraph) -> None:
    answer_rows = rows(
        ten, "candidate-signal-pairs", "earlyName", "lateName", "missing", condition="melanoma"
    )
    pairs = {(early[-1], late[-1]) for early, late, _ in answer_rows}
    assert pairs == {("1", "2"), ("1", "4"), ("1", "6"), ("3", "4"), ("3", "6"), ("5", "6")}
    assert {missing for _, _, missing in answer_rows} == {"nothing"}


def test_what_was_registered_and_never_reported_and_how_late_results_came(ten: KnowledgeGraph) -> None:
    columns = ("nct", "primaryCompletion", "posted", "months", "registeredOutcomes", "absent")
    assert rows(ten, "reporting-delays", *columns, trial="NCT90000001") == [
        ("NCT90000001", "2020-01-15", "2021-04-02", "14", "2", "1")
    ]


def test_a_trial_without_an_acronym_goes_by_its_number(ten: KnowledgeGraph) -> None:
    answer = ten.ask("randomised-responses", condition="neoplasms")
    assert answer.sentence.startswith("3 values of objective response rate by arm in randomised trials: NCT9")
    assert "NCT90000002" in answer.to_text() and "Trial 2" not in answer.to_text()


def test_a_question_on_one_trial_reads_no_other_and_answers_the_same(ten: KnowledgeGraph) -> None:
    trial = ten.resolve("NCT02210780")
    own = Facts.of_trial(ten, trial)
    assert own.evidence.results
    assert {one.trial for one in own.evidence.results.values()} == {trial}
    fresh = KnowledgeGraph(ten.content, ten.engine)
    alone = fresh.ask("exact-intervals", trial=trial)
    Facts.of(fresh)
    assert alone.rows == fresh.ask("exact-intervals", trial=trial).rows


def test_rows_of_imported_results_can_be_distinguished(ten: KnowledgeGraph) -> None:
    keys = ("endpoint", "timeFrame", "class", "category", "event", "serious", "organSystem", "group", "set")
    for trial in ("NCT02210780", "NCT00716976", "NCT00763412"):
        answer_rows = rows(ten, "results", *keys, trial=trial)
        assert len(set(answer_rows)) == len(answer_rows), trial


def test_plots_are_narrowed_like_questions(ten: KnowledgeGraph) -> None:
    drawn = plot(ten, "hazard-ratios", condition="neoplasms", measured="endpoint:os").table
    assert {str(row["trialName"]) for row in drawn} == {"NCT90000002", "NCT90000004", "NCT90000006"}
    assert {str(row["trialName"]) for row in plot(ten, "responses", phase="2").table} == {
        "NCT90000001",
        "NCT90000003",
        "NCT90000005",
    }
    with pytest.raises(NoAnswer):
        plot(ten, "responses", drug="dupilumab")
    with pytest.raises(UsageError, match="timeline"):
        plot(ten, "timeline", phase="3")


def test_hazard_ratios_of_one_endpoint_are_told_apart_by_the_comments_on_them(tmp_path: Path) -> None:
    record = small(2)
    analyses = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][1]["analyses"]
    analyses[0]["estimateComment"] = "First event"
    analyses.append({**analyses[0], "paramValue": "0.90", "estimateComment": "Second event"})
    text = plot(programme_of([record], tmp_path), "hazard-ratios").to_bytes("svg").decode()
    assert "(OS): First event" in text and "(OS): Second event" in text


def test_show_of_a_trial_says_how_much_more_there_is(ten: KnowledgeGraph) -> None:
    whole = ten.show("NCT02210780")
    short = shortened(whole, 20)
    assert len(whole) > 300
    assert len(short) < 200
    listed = sum(1 for row in short if row["property"].endswith("#trial") and row["value"] is not None)
    (more,) = [row["label"] for row in short if row["property"].endswith("#trial") and row["value"] is None]
    total = sum(1 for row in whole if row["property"].endswith("#trial"))
    assert (listed, more) == (19, f"{total - 19} more; --format tsv lists all")


def test_rows_of_computed_tables_can_be_distinguished(ten: KnowledgeGraph) -> None:
    for name, *keys in (
        ("exact-intervals", "trial", "what", "group", "n", "denominator"),
        ("event-differences", "trial", "event", "first_group", "second_group"),
    ):
        answer_rows = rows(ten, name, *keys)
        assert answer_rows
        assert len(set(answer_rows)) == len(answer_rows), name


def test_rows_of_one_record_do_not_contradict_each_other(ten: KnowledgeGraph) -> None:
    assert not [row for row in ten.ask("impossible-numbers") if row["rule"] == "sources-disagree"]


@pytest.mark.parametrize("rule", ["shared-label", "printed-form-differs"])
def test_rules_find_nothing_that_the_import_made(rule: str, ten: KnowledgeGraph) -> None:
    assert ten.query((_RULES / f"{rule}.rq").read_text("utf-8")).rows == []


def test_words_of_method_keep_their_base_in_another_programme(ten: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?c kg:measure statistic:hazard-ratio ; kg:endpoint endpoint:os }"
    assert [str(row["n"]) for row in ten.select(count)] == ["3"]
    (declared,) = ten.select(f"PREFIX statistic: <https://example.org/p/statistic/> {count}")
    assert str(declared["n"]) == "0"
    own = ten.names.expand("trial:nct90000002")
    assert ten.query("ASK { trial:nct90000002 a kg:Trial }") is True
    assert ten.query(f"ASK {{ <{own}> a kg:Trial }}") is True


def test_the_primary_endpoint_is_told_first_and_rows_have_their_role(tmp_path: Path) -> None:
    record = small(2)
    response, survival = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    response |= {"type": "SECONDARY", "groups": survival["groups"], "analyses": survival["analyses"]}
    survival["type"] = "PRIMARY"
    kg = programme_of([record], tmp_path)
    roles = {
        ("overall survival", "primary endpoint"),
        ("objective response rate", "secondary endpoint"),
    }
    for name in ("results", "treatment-effects"):
        answer = kg.ask(name, trial="NCT90000002")
        assert {(str(row["endpoint"]), str(row["endpointRole"])) for row in answer} == roles, name
        told = answer.sentence
        assert 0 < told.index("overall survival") < told.index("objective response rate"), told


def test_a_proportion_is_drawn_in_percent() -> None:
    record = {"unit": "proportion of participants", "value": "0.542", "n": None, "patients": None}
    assert rate(record, "n") == pytest.approx(54.2)
    assert rate(record | {"unit": "proportion of days", "value": "54"}, "n") is None
