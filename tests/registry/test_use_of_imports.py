"""Imported records in use: what a plot draws, leaves out and refuses, and sentences about a trial."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.scaffold import write_programme
from bempeg_kg.errors import NoAnswer, UsageError
from bempeg_kg.exports import export
from bempeg_kg.graph.filtering import rows_about
from bempeg_kg.graph.mentions import Mention
from bempeg_kg.pictures import figure, plot
from bempeg_kg.rdf.table import Table
from bempeg_kg.registry.codes import measure
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.run import import_records
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.entity import describe
from tests.registry.programme import programme_of

_LATER = {
    "title": "Open label",
    "milestones": [
        {"type": "STARTED", "achievements": [{"groupId": "FG000", "numSubjects": "9"}]},
        {"type": "COMPLETED", "achievements": [{"groupId": "FG000", "numSubjects": "7"}]},
    ],
}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """Two real records; one has no type of its start date, the other a second period."""
    data = tmp_path_factory.mktemp("two") / "programme"
    write_programme(str(data), "https://example.org/p/")
    two = copy.deepcopy([records["NCT00763412"], records["NCT02210780"]])
    two[1]["resultsSection"]["participantFlowModule"]["periods"].append(_LATER)
    others = two[1]["resultsSection"]["adverseEventsModule"]["otherEvents"]
    others.append({**others[0], "term": "Pyrexia", "organSystem": "General disorders"})
    source = data.parent / "records.json"
    source.write_text(json.dumps(two), "utf-8")
    empty = KnowledgeGraph.open(data, engine="memory")
    found = Joins.of_engine(empty.engine, empty.names.base)
    joins = Joins(found.base, found.trials, found.names, found.papers, f"{found.base}programme/programme")
    import_records([str(source)], f"{data / 'data' / 'trials'}/", "folder", joins)
    return KnowledgeGraph.open(data, engine="memory")


def words(svg: bytes) -> str:
    return " ".join(re.findall(r">([^<>]+)<", svg.decode()))


def test_the_timeline_has_trials_whose_start_date_has_no_type(kg: KnowledgeGraph) -> None:
    drawn = plot(kg, "timeline")
    assert "2 trials as bars" in drawn.description
    lines = re.findall(r">([^<>]+)</text>", drawn.to_bytes("svg").decode())
    title = "Supersaturated Calcium Phosphate Rinse in Preventing Oral Mucositis"
    assert not any(len(line) > len(title) for line in lines if not line.startswith(("Bars", "Without")))


def test_the_flow_is_that_of_the_record_by_period(kg: KnowledgeGraph) -> None:
    drawn = plot(kg, "flow", trial="NCT02210780")
    text = words(drawn.to_bytes("svg"))
    places = [text.index(part) for part in ("enrolled: Overall", "started: Open label", "n = 7 of 9")]
    assert places == sorted(places)
    assert "sets of single outcomes, adverse events and the baseline" in text
    assert "at risk" not in text
    # Those who left stand beside the way, with the reasons that anyone had.
    assert "not completed: Overall Study, n = 8, Adverse Event: 5" in text
    assert "Physician Decision: 1" in text and "Physician Decision: 0" not in text
    asked = kg.ask("participant-flow", trial="NCT02210780")
    left = {
        (row["group"], row["reason"]): row["patients"] for row in asked if row["set_kind"] == "not completed"
    }
    assert left["Placebo qw", None] == "5" and left["Placebo qw", "Lost to Follow-up"] == "2"


def test_an_event_is_told_with_the_term_of_its_record_where_that_differs(kg: KnowledgeGraph) -> None:
    rows = kg.ask("adverse-events", trial="NCT02210780")
    words = {(row["event"], row["asWorded"]) for row in rows}
    assert ("fever", "Pyrexia") in words
    assert {event for event, word in words if word} == {"fever"}


def test_adverse_events_say_whether_they_were_serious(kg: KnowledgeGraph) -> None:
    text = words(plot(kg, "safety", trial="NCT02210780").to_bytes("svg"))
    assert ", not serious " in text and "any serious adverse event " in text
    assert "All events: all-cause." in text and "grade" not in text, "what no row differs in stands once"


def test_a_plot_without_a_mark_is_refused(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("bempeg_kg.pictures.safety")
    monkeypatch.setattr(module, "rate", lambda record, counted: None)
    with pytest.raises(NoAnswer, match="nothing to draw: no adverse event is counted in patients"):
        plot(kg, "safety", trial="NCT02210780")


def test_the_summary_of_a_plot_says_what_it_leaves_out(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("bempeg_kg.pictures.safety"), "MOST", 3)
    chart = plot(kg, "safety", trial="NCT02210780")
    assert re.search(r" 3 rows are drawn\. \d+ not drawn \(more than ", chart.summary)


def test_a_choice_that_a_plot_does_not_take_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="flow takes no condition"):
        plot(kg, "flow", condition="neoplasms")
    with pytest.raises(NoAnswer, match="no hazard ratios for phase = 4"):
        plot(kg, "hazard-ratios", phase="4")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("when did NCT02210780 end", "Completion: 2015-09-15."),
        ("is NCT02210780 randomised", "Allocation: randomised."),
        ("which conditions does NCT02210780 study", "Atopic Dermatitis"),
        ("how many serious adverse events were there in NCT02210780", "any serious adverse event"),
        ("how many patients died in NCT02210780", "death from any cause"),
    ],
)
def test_a_sentence_on_a_registry_trial_is_answered(asked: str, answer: str, kg: KnowledgeGraph) -> None:
    assert answer in kg.ask(asked).sentence


@pytest.mark.parametrize("asked", ["baseline characteristics of NCT02210780", "mean age in NCT02210780"])
def test_who_the_participants_were_is_a_question(asked: str, kg: KnowledgeGraph) -> None:
    answer = kg.ask(asked)
    assert answer.question.name == "baseline-characteristics"
    assert "Age, Continuous: mean 39.2 years (N 97), standard deviation 13.55" in answer.sentence


def test_how_many_women_has_the_rows_of_women(kg: KnowledgeGraph) -> None:
    answer = kg.ask("how many women in NCT02210780")
    assert {str(row["category"]) for row in answer} == {"Female"}
    assert "Female (Sex: Female, Male): 48 Participants (N 97)" in answer.sentence


def test_words_of_an_outcome_find_its_rows(kg: KnowledgeGraph) -> None:
    answer = kg.ask("EASI-50 in NCT02210780")
    assert answer.understood == "results --trial trial:nct02210780"
    assert answer.rows and all("easi-50" in str(row["endpoint"]) for row in answer)
    assert "(Week 16) 72.2 % (N 97)" in answer.sentence


def test_a_number_means_its_trial_alone(kg: KnowledgeGraph) -> None:
    mention = Mention(0, 1, "NCT00000001", ["https://example.org/p/trial/a"])
    rows = [(NamedNode(f"https://example.org/p/trial/{one}"), Literal("TWINS")) for one in "ab"]
    assert rows_about(rows, mention, kg.lexicon, ["trial", "acronym"]) == rows[:1]


def test_results_that_are_due_stand_first(kg: KnowledgeGraph) -> None:
    answer = kg.ask("reporting-delays")
    assert answer.sentence.startswith(
        "2 trials, 2 results posted; results came 54 months after completion in the median: "
    )
    assert answer.columns[3] == "results"


def test_tables_of_a_programme_without_a_licence_tell_rows_apart(kg: KnowledgeGraph) -> None:
    files = export(kg, "csv").files
    assert "dc:license" not in json.loads(files["csv-metadata.json"])
    rows = list(csv.DictReader(io.StringIO(files["results.csv"].decode())))
    key = (
        "nct group endpoint outcome time_frame period milestone drop_reason class_title category_title "
        "adverse_event serious statistic set"
    ).split()
    known = [tuple(row[name] for name in key) for row in rows]
    assert len(known) == len(set(known))
    starts = {row["nct"]: row["start"] for row in csv.DictReader(io.StringIO(files["trials.csv"].decode()))}
    assert starts["NCT00763412"] == "2006-11"


@pytest.mark.parametrize(
    ("printed", "name"),
    [("cause-specific hazard ratio", "hazard-ratio"), ("Subdistribution Hazard Ratio", None)],
)
def test_which_ratios_count_as_hazard_ratios(printed: str, name: str | None) -> None:
    assert measure(printed, "") == name


def test_the_name_of_a_comparison_ends_in_its_reference(kg: KnowledgeGraph) -> None:
    rows = kg.select(
        "SELECT ?l ?r { ?c a kg:Contrast ; rdfs:label ?l OPTIONAL { ?c kg:referenceGroup/kg:shortLabel ?r } }"
    )
    assert rows.rows
    for row in rows:
        assert (f" against {row['r']}, NCT" in row["l"]) if row["r"] else " against " not in row["l"], row


def test_without_a_reference_no_side_is_favoured() -> None:
    rows = [["B; A", "not stated", Decimal("0.8"), Decimal("0.6"), Decimal("1.1")]]
    table = Table.of(["compared", "reference", "estimate", "lower", "upper"], rows)
    declared = {
        "kind": "forest", "title": "Ratios", "label": ["compared"], "value": "estimate", "lower": "lower",
        "upper": "upper", "scale": "log", "reference": 1, "sides": ["compared", "reference"],
    }  # fmt: skip
    text = words(figure(declared, table).to_bytes("svg"))
    assert "B; A, reference not stated" in text
    assert "favours" not in text


def test_the_page_of_a_condition_names_its_trials(kg: KnowledgeGraph) -> None:
    iri = kg.select("SELECT ?d { ?t kg:nct 'NCT02210780' ; kg:condition ?d } ORDER BY ?d").rows[0][0].value
    entity = describe(kg, Terms(kg), iri)
    assert entity is not None
    assert entity.sentence == "In 1 trial of this graph."
    assert entity.properties[0].values[0].href.endswith("nct02210780")


def test_sponsor_and_collaborators_stand_apart_each_with_its_class(kg: KnowledgeGraph) -> None:
    lines = kg.card("trial:nct02210780", 200).splitlines()
    assert "  sponsor: Regeneron Pharmaceuticals (industry)" in lines
    assert "  collaborator: Sanofi (industry)" in lines
    entity = describe(kg, Terms(kg), kg.names.expand("trial:nct00763412"))
    assert entity is not None
    told = {one.name.text: [cell.text for cell in one.values] for one in entity.properties}
    assert told["collaborator"][-1] == "Washington University School of Medicine (other)"
    assert not any("class" in name for name in told)


def test_a_dose_described_at_length_is_told_in_short_and_whole_in_the_table(kg: KnowledgeGraph) -> None:
    told = kg.ask("doses", trial="NCT02210780")
    assert told.sentence.endswith("Two subcutaneous injections of Dupilumab 300 mg ...).")
    assert any(str(row["asDescribed"]).endswith("from Week 1 to Week 15.") for row in told)


def test_the_page_of_a_trial_names_what_its_results_are_of(kg: KnowledgeGraph) -> None:
    entity = describe(kg, Terms(kg), kg.resolve("NCT02210780"))
    assert entity is not None
    tables = {grid.caption: grid for grid in entity.grids}
    others, events = tables["Baseline characteristics"], tables["Safety"]
    told = {row[others.columns.index("characteristic")].text for row in others.rows}
    assert any("Age" in text for text in told)
    open_columns = [name for name, more in zip(events.columns, events.more, strict=True) if not more]
    assert {"event", "serious", "group", "value"} <= set(open_columns)


def test_another_prespecified_endpoint_is_no_secondary_one(tmp_path: Path, records: dict[str, Any]) -> None:
    record = copy.deepcopy(records["NCT02210780"])
    measures = record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    measures[-1].update(type="OTHER_PRE_SPECIFIED", title="Number of Tiles Moved")
    kg = programme_of([record], tmp_path)
    entity = describe(kg, Terms(kg), kg.resolve("NCT02210780"))
    assert entity is not None
    (others,) = (grid for grid in entity.grids if grid.caption == "Other endpoints")
    assert {row[others.columns.index("endpoint")].text for row in others.rows} == {"number of tiles moved"}
