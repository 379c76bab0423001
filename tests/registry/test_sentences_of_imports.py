"""Sentences over a folder of records: reasons to stop, statuses, sponsors, drugs with a dose, conditions."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import NoAnswer, UnknownName
from bempeg_kg.graph.linking import candidates
from bempeg_kg.graph.spoken import drug_names
from bempeg_kg.rdf.names import BASE
from tests.registry.programme import programme_of
from tests.registry.ten_trials import small

#: Number -> status, why it stopped, sponsor, condition, drug.
TRIALS = {
    1: ("TERMINATED", "Futility at the interim analysis.", "Pfizer", "Type 2 Diabetes", "atacicept 25 mg"),
    2: ("TERMINATED", "Safety concerns.", "Bayer", "Type 2 Diabetes Mellitus", "atacicept 75 mg"),
    3: ("TERMINATED", "Slow enrollment.", "Bayer", "Small Cell Lung Cancer", "riociguat (adempas)"),
    4: ("WITHDRAWN", "No funding.", "Merck", "Non-small Cell Lung Cancer", "riociguat"),
    5: ("COMPLETED", None, "Merck", "Asthma", "placebo"),
    6: ("NOT_YET_RECRUITING", None, "Merck", "Diabetes Mellitus, Type 2", "interleukin 12 gene therapy"),
    7: ("TERMINATED", "Slow enrollment.", "Merck", "COVID-19", "interleukin 2 given daily (oral)"),
    8: (
        "TERMINATED",
        "Closed by the pandemic.",
        "Merck",
        "Psoriasis",
        "interleukin 2 given daily (once daily)",
    ),
}
#: Number -> what else its record says: whom it takes, where it ran, how it was designed, when.
ALSO: dict[int, dict[str, Any]] = {
    1: {
        "eligibilityModule": {"sex": "FEMALE", "stdAges": ["ADULT", "OLDER_ADULT"]},
        "contactsLocationsModule": {
            "locations": [
                {"city": "Lyon", "country": "France"},
                {"city": "Boston", "country": "United States"},
            ]
        },
        "conditionBrowseModule": {
            "ancestors": [
                {"id": "D004700", "term": "Endocrine System Diseases"},
                {"id": "D005261", "term": "Female Urogenital Diseases and Pregnancy Complications"},
                {"id": "D012140", "term": "Diseases, Respiratory Tract"},
            ]
        },
    },
    2: {
        "eligibilityModule": {"sex": "ALL", "stdAges": ["CHILD", "ADULT"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}},
        },
    },
    5: {"eligibilityModule": {"sex": "ALL", "stdAges": ["CHILD"]}},
}
ACRONYMS = {6: "CHILD", 8: "ZEPHYR-HF"}
#: Number -> its start and its completion.
DATES = {1: ("2012-03", "2016-05"), 2: ("2013-01", "2014-02"), 3: ("2017-09", "2019-10")}


def record(number: int) -> dict[str, Any]:
    status, why, sponsor, condition, drug = TRIALS[number]
    start, end = DATES.get(number, ("", ""))
    dates = {"startDateStruct": {"date": start}, "completionDateStruct": {"date": end}} if start else {}
    also = dict(ALSO.get(number, {}))
    derived = {"conditionBrowseModule": also.pop("conditionBrowseModule")} if number == 1 else {}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number}"}
            | ({"acronym": ACRONYMS[number]} if number in ACRONYMS else {}),
            "statusModule": {"overallStatus": status} | ({"whyStopped": why} if why else {}) | dates,
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": sponsor, "class": "OTHER" if sponsor == "Merck" else "INDUSTRY"}
            },
            "conditionsModule": {"conditions": [condition]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"]},
            "armsInterventionsModule": {
                "armGroups": [{"label": "A", "type": "EXPERIMENTAL", "interventionNames": [f"Drug: {drug}"]}],
                "interventions": [{"type": "DRUG", "name": drug, "armGroupLabels": ["A"]}],
            },
        }
        | also,
        "derivedSection": derived,
        "hasResults": False,
    }


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A programme of five small records."""
    return programme_of([record(number) for number in TRIALS], tmp_path_factory.mktemp("asked"))


@pytest.mark.parametrize(
    ("sentence", "trials"),
    [
        ("which trials were stopped for safety", {2}),
        ("which trials were stopped for futility", {1}),
        ("which trials were stopped for futility or safety", {1, 2}),
        ("trials stopped because of slow enrollment", {3, 7}),
        ("trials that ran out of money", {4}),
        ("which trials were withdrawn", {4}),
        ("trials sponsored by Bayer", {2, 3}),
        ("trials of atacicept", {1, 2}),
        ("trials of adempas", {3}),
        ("which trials are in type 2 diabetes", {1, 2, 6}),
        ("which trials are in type 2 diabetes mellitus", {2, 6}),
        ("stopped trials in covid-19", {7}),
        ("trials stopped because of covid", {8}),
        ("which trials are not yet recruiting", {6}),
        ("which trials are in small cell lung cancer", {3}),
        ("what drug was tested in nct 00000003", {3}),
        ("trials not completed because of slow accrual", {3, 7}),
        ("trials that failed to recruit", {3, 7}),
        ("which trials were stopped because they could not recruit", {3, 7}),
        ("which studies are in asthma", {5}),
        ("trials in children", {2, 5}),
        ("paediatric trials of atacicept", {2}),
        ("trials in older adults", {1}),
        ("women only trials", {1}),
        ("trials conducted in France", {1}),
        ("industry-sponsored trials", {1, 2, 3}),
        ("which trials have a lead sponsor that is industry", {1, 2, 3}),
        ("randomised trials in type 2 diabetes", {2}),
        ("open-label studies", {2}),
        ("cancer trials", {3, 4}),
        ("endocrine trials", {1}),
        ("female trials", {1}),
        ("trials that started before 2015", {1, 2}),
        ("trials that finished before 2015", {2}),
        ("trials of riociguat or atacicept", {1, 2, 3, 4}),
        ("how many trials were terminated for lack of efficacy", {1}),
    ],
)
def test_a_sentence_chooses_trials(sentence: str, trials: set[int], kg: KnowledgeGraph) -> None:
    found = {str(row["trial"])[-1] for row in kg.ask(sentence)}
    assert found == {str(number) for number in trials}, kg.ask(sentence).understood


def test_a_part_of_an_acronym_is_read_as_the_trial(kg: KnowledgeGraph) -> None:
    told = kg.ask("why was the ZEPHYR trial stopped").sentence
    assert told.startswith("Read ZEPHYR as ZEPHYR-HF.")
    assert "pandemic" in told


def test_filler_words_are_no_filters(kg: KnowledgeGraph) -> None:
    answer = kg.ask("which trials were stopped because they could not recruit")
    assert "Only rows with the word" not in answer.sentence


def test_a_value_that_nothing_has_is_no_other_question(kg: KnowledgeGraph) -> None:
    answer = kg.ask("which trials are suspended")
    assert (answer.question.name, len(answer)) == ("programme-trials", 0)


def test_a_hazard_ratio_binds_its_endpoint_and_condition(kg: KnowledgeGraph) -> None:
    asked = "hazard ratios for progression free survival in asthma"
    found = {one.question.name: one for one in candidates(asked, kg.questions, kg.lexicon, kg.names)}
    bound = found["hazard-ratios"].parameters
    assert bound == {"measured": [f"{BASE}endpoint/pfs"], "condition": ["asthma"]}


def test_why_one_trial_stopped_is_told_whatever_was_supposed(kg: KnowledgeGraph) -> None:
    assert "Futility" in kg.ask("was NCT00000001 stopped for safety").sentence


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("Bayer", "is an organisation Trials (2): NCT00000002: Phase 2, terminated NCT00000003"),
        ("asthma", "is a disease Trials (1): NCT00000005: Phase 2, completed"),
        ("atacicept 75 mg", "is a drug Trials (1): NCT00000002: Phase 2, terminated"),
    ],
)
def test_a_card_names_the_trials(term: str, told: str, kg: KnowledgeGraph) -> None:
    assert told in " ".join(kg.card(term, 80).split())


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("melanoma trials", "programme-trials has no row about melanoma"),
        ("pregnancy trials", "programme-trials has no row about pregnancy"),
        ("trials with male participants", "male"),
        ("trials in Germany", "germany"),
        ("why was NCT09999999 stopped", "no trial of this graph is NCT09999999"),
        ("paediatric trials of adempas", "programme-trials has no row about"),
        ("trials with more than one arm", "no question compares numbers"),
        ("in which countries did NCT00000001 run", "that is not a question"),
        ("trials without children", "no question asks for 'without children'"),
        ("trials not in children", "not in children"),
        ("which trials have no children", "no children"),
        ("trials that do not include children", "not include children"),
        ("non-randomised trials", "non randomised trials"),
        ("trials that were not randomised", "not randomised"),
        ("trials outside of France", "outside of france"),
        ("trials except in asthma", "except in asthma"),
        ("trials that are not from Bayer", "no question asks for 'not from bayer'"),
        ("trials without atacicept", "without atacicept"),
        ("why was the ZEBRA-HF trial stopped", "nothing in this graph is called ZEBRA-HF"),
        ("trials not in cancer", "not in cancer"),
        ("trials in endocrine or lung conditions", "'endocrine or lung' is not read as either"),
        ("trials in children or asthma", "'children or asthma' is not read as either"),
        ("trials in asthma or children", "'asthma or children' is not read as either"),
    ],
)
def test_what_no_record_states_is_refused(sentence: str, said: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(NoAnswer, match=said):
        kg.ask(sentence)


@pytest.mark.parametrize(
    ("sentence", "command"),
    [
        ("trials in children", "programme-trials --about children"),
        ("which adverse events differ between arms in NCT00000002", "event-differences"),
        ("compare adverse events between arms of NCT00000002", "event-differences --trial"),
        ("odds ratio for the primary outcome in NCT00000002", "treatment-effects --trial"),
        ("does adempas not work", "treatment-effects"),
        ("hazard ratios in asthma", "hazard-ratios --condition asthma"),
        ("trials completed but never reported", "reporting-delays"),
        ("single-arm phase 2 followed by randomised phase 3", "candidate-signal-pairs"),
        ("reasons for discontinuation in NCT00000002", "participant-flow"),
        ("which trials are still ongoing", "programme-trials --state kg:recruiting"),
    ],
)
def test_a_sentence_of_a_synthesist_means_its_question(
    sentence: str, command: str, kg: KnowledgeGraph
) -> None:
    found = candidates(sentence, kg.questions, kg.lexicon, kg.names)
    assert found[0].command(kg.names).startswith(command)


@pytest.mark.parametrize(
    "sentence",
    [
        "trials in children",
        "trials in children or adults",
        "randomised trials",
        "trials of riociguat or atacicept",
        "trials in the United States or France",
        "cancer trials",
        "trials that started before 2015",
        "trials that finished before 2015",
    ],
)
def test_what_was_understood_can_be_asked_again(sentence: str, kg: KnowledgeGraph) -> None:
    understood, rows = kg.ask_sentence(sentence)
    name, *given = shlex.split(understood.command(kg.names))
    assert given[::2] == ["--about"] * (len(given) // 2)
    table = kg.ask(name)
    kg.about(table, given[1::2])
    assert {str(row) for row in table.rows} == {str(row) for row in rows.rows}, given


@pytest.mark.parametrize(
    ("term", "count"),
    [
        ("children", 2),
        ("Children", 2),
        ("france", 1),
        ("Randomised", 1),
        ("CANCER", 2),
        ("Female or asthma", 2),
        ("endocrine system diseases", 1),
        ("respiratory tract diseases", 1),
    ],
)
def test_about_takes_what_trials_share_in_any_spelling(term: str, count: int, kg: KnowledgeGraph) -> None:
    table = kg.ask("programme-trials")
    kg.about(table, [term])
    assert len(table) == count


def test_an_ordinary_word_is_no_acronym(kg: KnowledgeGraph) -> None:
    named = candidates("trials with a child", kg.questions, kg.lexicon, kg.names)
    assert not any(
        "/trial/" in one for found in named for mention in found.filters for one in mention.entities
    )


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Interleukin 12 gene therapy", []),
        ("Interleukin 2 given daily", []),
        ("riociguat (oral)", []),
        ("insulin (human, 5 mg once daily)", ["insulin"]),
        ("placebo (matching)", []),
        ("5-azacitidine, 1,000 mg/m2 (Vidaza; oral)", ["5-azacitidine", "Vidaza"]),
        ("fluorouracil 5 % cream", ["fluorouracil"]),
        ("a 1," + "1," * 8_000, []),
    ],
)
def test_a_dose_and_a_route_are_no_names_of_a_drug(name: str, others: list[str]) -> None:
    assert drug_names(name) == others


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A trial in fever and one in asthma; nausea, nausea (solicited) and fever are adverse events of both."""
    stats = [{"groupId": f"EG00{at}", "numAffected": 3, "numAtRisk": 10} for at in (0, 1)]
    deaths = {"deathsNumAffected": 1, "deathsNumAtRisk": 10}
    tables = {
        "seriousEvents": [{"term": "Pyrexia", "stats": stats}, {"term": "Renal failure", "stats": stats}],
        "otherEvents": [{"term": one, "stats": stats} for one in ("Nausea", "Nausea (solicited)", "Syncope")],
        "eventGroups": [{"id": "EG000", "title": "A"} | deaths, {"id": "EG001", "title": "Dose 2"}],
    }
    made = [record(number) for number in (1, 5)]
    for one, condition in zip(made, ("Fever", "Asthma"), strict=True):
        one["protocolSection"]["conditionsModule"]["conditions"] = [condition]
        one["protocolSection"]["designModule"]["designInfo"] = {"allocation": "RANDOMIZED"}
        one["resultsSection"] = {"adverseEventsModule": tables}
    return programme_of(made, tmp_path_factory.mktemp("events"))


@pytest.mark.parametrize("term", ["nausea", "fever"])
def test_the_entity_whose_label_is_the_word_is_meant(term: str, events: KnowledgeGraph) -> None:
    answer = events.ask("adverse-events", term=term)
    assert answer.parameters == {"term": [f"{BASE}adverse-event/{term}"]}
    assert {row["event"] for row in answer} == {term}


@pytest.mark.parametrize("term", ["nausea", "fever"])
def test_a_name_beside_a_trial_in_another_disease_is_the_event(term: str, events: KnowledgeGraph) -> None:
    answer = events.ask(f"{term} in NCT00000005")
    assert answer.question.name == "adverse-events"
    assert {str(row["event"]) for row in answer} == {term}


def test_deaths_of_arms_are_those_of_the_word_that_all_programmes_share(events: KnowledgeGraph) -> None:
    answer = events.ask("deaths in each arm of the asthma trials")
    assert answer.question.name == "toxicity-stops-and-deaths"
    assert [(row["endpoint"], row["printed"]) for row in answer] == [("death from any cause", "1")]
    shared = events.ask("toxicity-stops-and-deaths", kind="endpoint:death-from-any-cause")
    assert len(shared) == 2


def test_groups_without_an_arm_are_named(events: KnowledgeGraph) -> None:
    reason = events.ask("event-differences", trial="nct00000001").reason
    assert "of the 2 groups with adverse events these could not be matched" in reason
    assert ": Dose 2. `ask adverse-events --trial trial:nct00000001` lists" in reason


def test_serious_events_are_all_of_those_tables(events: KnowledgeGraph) -> None:
    rows = events.ask("serious-events", trial="nct00000005")
    assert {(str(row["event"]), row["serious"]) for row in rows} == {
        ("fever", True),
        ("renal failure", True),
        ("syncope", False),
    }


def test_numbers_of_trials_are_near_to_those_one_digit_apart_alone(events: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName) as near:
        events.ask("results", trial="NCT00000004")
    assert near.value.suggestions == ["nct00000001", "nct00000005"]
    with pytest.raises(UnknownName) as far:
        events.ask("results", trial="NCT09999999")
    assert far.value.suggestions == []


def test_a_sentence_without_an_answer_is_quoted_as_typed(kg: KnowledgeGraph) -> None:
    with pytest.raises(NoAnswer) as error:
        kg.ask("zebra aggrement")
    assert "zebra aggrement" in str(error.value)


def test_the_default_that_narrows_is_named(kg: KnowledgeGraph) -> None:
    assert 'by default phase = 3 (--phase "" takes all)' in kg.ask("randomised-responses").reason


@pytest.mark.parametrize(
    ("length", "trials"), [("more than 14 months", set()), ("at least 14 months", {2, 4})]
)
def test_a_duration_is_compared_and_looked_for_in_no_text(
    length: str, trials: set[int], tmp_path: Path
) -> None:
    kg = programme_of([small(2), small(4, resultsFirstPostDateStruct={"date": "2021-03-20"})], tmp_path)
    sentence = f"trials that reported results {length} after completion"
    if not trials:
        with pytest.raises(NoAnswer, match=length):
            kg.ask(sentence)
        return
    answer = kg.ask(sentence)
    assert {int(str(row["nct"])[-1]) for row in answer} == trials
    assert answer.sentence.startswith("At least 14 months by the column months (of 2 rows):")
    with pytest.raises(NoAnswer, match="more than 1 year"):
        kg.ask("trials that reported results more than 1 year after completion")
