"""What identifies a row of an imported record, and in what order rows stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.graph.sentence import answer_sentence
from bempeg_kg.pictures import plot
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.telling import remarks
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.entity import describe
from tests.registry.programme import programme_of
from tests.registry.ten_trials import small

_MARGIN = "(non-inferiority)"


def outcomes_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    return list(record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"])


@pytest.fixture(scope="module")
def margin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme with one trial, whose hazard ratio has one test for non-inferiority and one not."""
    record = small(2)
    survival = outcomes_of(record)[1]
    survival["type"] = "PRIMARY"
    first = survival["analyses"][0] | {"pValue": "<0.001", "nonInferiorityType": "NON_INFERIORITY"}
    second = first | {"pValue": "0.02", "nonInferiorityType": "SUPERIORITY"}
    survival["analyses"] = [first, second]
    folder = tmp_path_factory.mktemp("margin")
    programme_of([record], folder)
    return folder / "programme"


@pytest.mark.parametrize("engine", ["memory", "rdflib"])
def test_a_p_value_of_a_test_for_non_inferiority_is_marked(margin: Path, engine: str) -> None:
    kg = KnowledgeGraph.open(margin, engine=engine)
    for name in ("hazard-ratios", "treatment-effects", "primary-results"):
        answer = kg.ask(name, trial="NCT90000002")
        assert {row["p"] for row in answer} - {None} == {f"<0.001 {_MARGIN}", "0.02"}, name
        assert f"p <0.001 {_MARGIN}" in answer.sentence, name
        assert "p 0.02 (" not in answer.sentence
        assert "p" in answer.shown


def test_a_plot_marks_the_p_value_and_says_what_the_mark_means(margin: Path) -> None:
    text = plot(KnowledgeGraph.open(margin, engine="memory"), "hazard-ratios").to_bytes("svg").decode()
    assert "&lt;0.001\N{THIN SPACE}‡" in text and "0.02\N{THIN SPACE}‡" not in text
    assert "‡ p of a test for non-inferiority or equivalence, not for superiority." in text


def test_cards_and_pages_mark_the_p_value(margin: Path) -> None:
    kg = KnowledgeGraph.open(margin, engine="memory")
    assert f"p <0.001 {_MARGIN}" in kg.card("NCT90000002").partition("Results")[2]
    assert f"<0.001 {_MARGIN}" in str(describe(kg, Terms(kg), kg.resolve("NCT90000002")))
    pages = [str(describe(kg, Terms(kg), row["contrast"])) for row in kg.ask("hazard-ratios")]
    assert [_MARGIN in page for page in pages].count(True) == 1


_LISTED = ("Zeta", "Alpha", "Beta", "Gamma")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial that lists a secondary endpoint, two primary ones against the alphabet, and one unreported."""
    record = small(2)
    survival = outcomes_of(record)[1]
    outcomes = [survival | {"title": title, "type": "PRIMARY"} for title in _LISTED[:3]]
    outcomes.insert(0, survival | {"title": "Another", "type": "SECONDARY"})
    record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"] = outcomes
    plans = [{"measure": title, "timeFrame": "1 year"} for title in _LISTED]
    record["protocolSection"]["outcomesModule"] = {"primaryOutcomes": plans}
    folder = tmp_path_factory.mktemp("listed")
    programme_of([record], folder)
    return folder / "programme"


@pytest.mark.parametrize("engine", ["memory", "rdflib"])
def test_primary_endpoints_stand_as_the_record_lists_them(listed: Path, engine: str) -> None:
    kg = KnowledgeGraph.open(listed, engine=engine)
    ratios = kg.ask("hazard-ratios", trial="NCT90000002")
    assert [row["asWorded"] for row in ratios] == [*_LISTED[:3], "Another"]
    assert [row["endpointRole"] for row in ratios] == ["primary endpoint"] * 3 + ["secondary endpoint"]
    assert ratios.sentence.partition("Zeta")[0].count(",") == 1
    assert [row["endpoint"] for row in kg.ask("primary-results", trial="NCT90000002")] == list(_LISTED)


def test_a_card_and_a_sentence_tell_the_first_primary_endpoint_first(listed: Path) -> None:
    kg = KnowledgeGraph.open(listed, engine="memory")
    assert "One of 4 primary endpoints, Zeta: " in kg.card("NCT90000002")
    assert kg.ask("did NCT90000002 meet its primary endpoint").sentence.startswith("In NCT90000002, zeta")
    order = kg.select("SELECT ?l ?n { ?e kg:orderInRecord ?n ; rdfs:label ?l } ORDER BY ?n")
    titles = [str(row["l"]).partition(",")[0] for row in order]
    assert titles == ["Another", *_LISTED]
    assert order.column("n") == [1, 2, 3, 4, 5]


_ANALYSES = "Correlation coefficient of the change of viral load from baseline to day 35 in "


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A trial whose analyses and events only a comment or an organ system tells apart."""
    record = small(2)
    outcomes = outcomes_of(record)
    analysis = outcomes[1]["analyses"][0]
    outcomes[1]["analyses"] = [
        analysis | {"paramValue": value, "groupDescription": _ANALYSES + what}
        for value, what in (("0.70", "plasma"), ("0.90", "urine"))
    ]
    systems = ("Cardiac disorders", "Eye disorders")
    record["resultsSection"]["adverseEventsModule"] = {
        "eventGroups": [{"id": "EG000", "title": "Drug"}],
        "otherEvents": [
            {
                "term": "Other",
                "organSystem": system,
                "stats": [{"groupId": "EG000", "numAffected": 3, "numAtRisk": 40}],
            }
            for system in systems
        ],
    }
    return programme_of([record], tmp_path_factory.mktemp("alike"))


def test_the_comment_tells_analyses_of_one_endpoint_apart(alike: KnowledgeGraph) -> None:
    answer = alike.ask("hazard-ratios")
    assert answer.shown[-1] == "comment"
    assert answer.remarked(answer.shown).column("comment") == ["... plasma", "... urine"]
    assert "(... plasma): hazard ratio 0.70" in answer.sentence
    assert "(... urine): hazard ratio 0.90" in answer.sentence
    results = alike.card("NCT90000002").partition("Results")[2]
    assert "NCT90000002 (2): ... " in results and ": ... plasma [" in results


def test_the_organ_system_tells_events_of_one_name_apart(alike: KnowledgeGraph) -> None:
    answer = alike.ask("adverse-events")
    assert "organSystem" in answer.shown
    rows = {tuple(row.values()) for row in answer.picked(answer.shown)}
    assert len(rows) == len(answer.rows)


def test_other_events_stand_behind_those_with_a_name() -> None:
    question = KnowledgeGraph.open(engine="memory").questions["adverse-events"]
    other = "any other adverse event above the threshold"
    rows = [[event, "Drug", "T", n, "participants"] for event, n in ((other, "90"), ("fatigue", "3"))]
    table = Table.of(["event", "group", "trial", "printed", "unit"], rows)
    assert answer_sentence(question, table, str).index("fatigue") < answer_sentence(
        question, table, str
    ).index(other)


def test_the_backslashes_of_a_record_are_not_shown() -> None:
    shown = remarks(["a", "a"], [r"HR \>=1.3 versus \<1.3", "HR = 1"])
    assert shown == ["HR >=1.3 versus <1.3", "HR = 1"]


def test_the_reasons_for_stopping_are_counted(kg: KnowledgeGraph) -> None:
    answer = kg.ask("stopped-trials")
    assert answer.sentence.startswith(f"{len(answer)} reasons for stopping: ")


def test_an_address_within_a_text_is_no_entity_of_a_card(tmp_path: Path) -> None:
    record = small(2)
    plan = {"ipdSharing": "YES", "url": "http://example.org/documents.php"}
    record["protocolSection"]["ipdSharingStatementModule"] = plan
    assert "where: http://example.org/documents.php" in programme_of([record], tmp_path).card("NCT90000002")
