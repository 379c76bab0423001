"""Another programme as data only: the shipped example, and what `bempeg-kg new` writes."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.cli.importing import example_left
from bempeg_kg.content import content as content_module
from bempeg_kg.content.scaffold import write_programme
from bempeg_kg.errors import InputError, UnknownName, UsageError
from bempeg_kg.registry import Joins, map_record
from bempeg_kg.registry.run import import_records
from tests.conftest import ROOT, Cli

EXAMPLE = ROOT / "examples" / "epacadostat"


@pytest.fixture(scope="module")
def example() -> KnowledgeGraph:
    return KnowledgeGraph.open(EXAMPLE, engine="memory")


def test_the_example_answers_the_shipped_questions(example: KnowledgeGraph) -> None:
    rates = {(row["group"], row["printed"], row["n"], row["N"]) for row in example.ask("response-rates")}
    assert ("melanoma cohort", "55", 12, "22") in rates
    assert ("melanoma cohort", "56", 35, "63") in rates, "a later cut of the same cohort"
    effects = {row["endpoint"]: row["estimate"] for row in example.ask("treatment-effects")}
    assert effects["progression-free survival"] == "1.00"
    assert {row["acronym"] for row in example.ask("stopped-trials")} == {"ECHO-301", "ECHO-304"}


def test_the_same_pattern_is_found_across_both_programmes() -> None:
    both = KnowledgeGraph.open([ROOT, EXAMPLE], engine="memory")
    rows = list(both.ask("same-pattern"))
    assert {row["programme"] for row in rows} == {"bempegaldesleukin programme", "epacadostat programme"}
    (echo,) = [row for row in rows if row["programme"].startswith("epacadostat")]
    assert (echo["early"], echo["early_n"], echo["early_N"]) == ("55", 12, 22)
    assert (echo["late"], echo["control"], echo["lateFell"]) == ("34", "32", True)


@pytest.mark.thorough
def test_the_example_passes_the_checks(cli: Cli) -> None:
    done = cli("--data", str(EXAMPLE), "check")
    assert done.returncode == 0, done.stdout
    assert "0 violations" in done.stdout + done.stderr


def test_every_number_of_the_example_has_a_source_with_an_address(example: KnowledgeGraph) -> None:
    numbers = example.select("SELECT ?s { ?s kg:printed ?p }")
    cited = example.select(
        "SELECT DISTINCT ?s { ?s kg:printed ?p ; kg:source ?source ."
        " ?source kg:verification kg:seenInSource ; kg:url|kg:doi ?address }"
    )
    assert len(numbers) == len(cited) > 15


def test_scaffold_loads_answers_and_passes(tmp_path: Path, cli: Cli, folder: Path) -> None:
    made = tmp_path / "my drug"
    done = cli("new", str(made), "--base", "https://example.org/my-drug/", "--drug", 'Compound "7"')
    assert done.returncode == 0, done.stderr
    assert "data/catalogue.ttl" in done.stderr
    asked = cli("--data", str(made), "ask", "own-trials", "--format", "json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["results"]["bindings"][0]["label"]["value"] == "First trial"
    checked = cli("--data", str(made), "check")
    assert checked.returncode == 0, checked.stdout
    record = str(folder / "NCT00716976.json")
    into = ["--programme", "programme:compound-7", "-o", str(made / "data" / "trials") + "/"]
    imported = cli("--data", str(made), "import", record, *into)
    assert imported.returncode == 0, imported.stderr
    assert "first.ttl is the example that `new` wrote, and counts as a trial" in imported.stderr
    example = made / "data" / "trials" / "first.ttl"
    assert example_left(str(made / "data")) == str(example)
    example.write_text(example.read_text().replace('label "First trial"', 'label "Another trial"'))
    assert example_left(str(made / "data")) == ""
    body = (made / "data" / "trials" / "nct00716976.ttl").read_text()
    assert "@prefix trial: <https://example.org/my-drug/trial/>" in body
    assert "kg:programme programme:compound-7" in body
    assert len(cli("--data", str(made), "ask", "own-trials", "--format", "tsv").stdout.splitlines()) == 3
    assert cli("--data", str(made), "check").returncode == 0


@pytest.mark.thorough
def test_the_programme_of_the_folder_is_the_default_and_shared_words_keep_their_base(
    tmp_path: Path, cli: Cli, folder: Path
) -> None:
    write_programme(str(tmp_path / "own"), "https://example.org/own/", "A")
    data = ["--data", str(tmp_path / "own")]
    into = ["-o", str(tmp_path / "own" / "data" / "trials") + "/"]
    done = cli(*data, "import", str(folder / "NCT00716976.json"), *into)
    assert done.returncode == 0
    assert "programme:a" in done.stderr
    body = (tmp_path / "own" / "data" / "trials" / "nct00716976.ttl").read_text()
    assert "kg:programme programme:a" in body
    kg = KnowledgeGraph.open(tmp_path / "own", engine="memory")
    assert kg.resolve("statistic:count") == "https://w3id.org/bempeg-kg/statistic/count"
    assert kg.resolve("trial:first") == "https://example.org/own/trial/first"
    with pytest.raises(UnknownName):
        kg.resolve("endpoint:nowhere")


def test_scaffold_refuses_to_write_over_anything(tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("x")
    with pytest.raises(InputError):
        write_programme(str(tmp_path), "https://example.org/x/")
    for base in ("example.org/", "https://example.org/x", "https://example.org/<x>/", ""):
        with pytest.raises(UsageError):
            write_programme(str(tmp_path / "new"), base)
    assert [path.name for path in tmp_path.iterdir()] == ["there.txt"]


@pytest.mark.parametrize("number", ["NCT00567567", "NCT00716976", "NCT00763412", "NCT02210780"])
@pytest.mark.thorough
def test_imported_records_pass_the_checks_beside_the_shipped_graph(
    number: str, folder: Path, tmp_path: Path, cli: Cli
) -> None:
    assert cli("import", str(folder / f"{number}.json"), "-o", str(tmp_path / "trial.ttl")).returncode == 0
    done = cli("check", str(tmp_path / "trial.ttl"), "--format", "json")
    assert done.returncode == 0, done.stdout[:2000]
    assert not re.search(rf'"severity": "violation"[^}}]*{number.lower()}', done.stdout)


def test_imported_trials_answer_the_shipped_questions(folder: Path, tmp_path: Path, cli: Cli) -> None:
    data = tmp_path / "programme"
    write_programme(str(data), "https://example.org/p/")
    source = str(folder / "NCT02210780.json")
    done = cli("--data", str(data), "import", source, "-o", str(data / "data" / "trials") + "/")
    assert done.returncode == 0, done.stderr
    kg = KnowledgeGraph.open(data, engine="memory")
    trial = "trial:nct02210780"
    effects = list(kg.ask("treatment-effects", trial=trial))
    assert ("34.0", "24.29", "43.75", "<0.0001") in {
        (row["estimate"], row["lower"], row["upper"], row["p"]) for row in effects
    }
    for question in (
        "endpoints",
        "analysis-sets",
        "eligibility",
        "doses",
        "comparators",
        "participant-flow",
        "results",
    ):
        parameters = (
            {"trial": trial} if "trial" in {one.name for one in kg.questions[question].parameters} else {}
        )
        rows = list(kg.ask(question, **parameters))
        assert rows, question
        assert all(row["source"] for row in rows), question


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any]) -> KnowledgeGraph:
    """A programme of imported trials, one of them with analyses as registries print them too."""
    data = tmp_path_factory.mktemp("imported") / "programme"
    write_programme(str(data), "https://example.org/p/")
    odd = copy.deepcopy(records["NCT02210780"])
    odd["protocolSection"]["identificationModule"] |= {"nctId": "NCT90000001", "briefTitle": "Odd"}
    measure = odd["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    of = {"groupIds": ["OG000", "OG001"]}
    measure["analyses"] = [
        of
        | {"paramType": "Odds Ratio (OR)", "paramValue": "1,234.5", "ciPctValue": "95", "ciLowerLimit": "NA"},
        of
        | {"paramType": "Odds Ratio (OR)", "paramValue": "33%", "ciPctValue": "95", "ciUpperLimit": "<4.0"},
        of
        | {"paramType": "Hazard Ratio (HR)", "paramValue": "0.8", "ciNumSides": "ONE_SIDED"}
        | {"ciPctValue": "97.5", "ciUpperLimit": "1.10", "pValue": "<0.001"},
        of
        | {
            "paramType": "Slope",
            "paramValue": "-2",
            "ciPctValue": "95",
            "ciLowerLimit": "-3",
            "ciUpperLimit": "-1",
        },
    ]
    events = odd["resultsSection"]["adverseEventsModule"]["seriousEvents"]
    events[0]["stats"] = [
        {"groupId": "EG000", "numAffected": 99, "numAtRisk": 97},
        {"groupId": "EG001", "numAffected": 0, "numAtRisk": 0},
    ]
    source = data.parent / "records.json"
    source.write_text(json.dumps([odd, *records.values()]), "utf-8")
    report = import_records(
        [str(source)], f"{data / 'data' / 'trials'}/", "folder",
        Joins("https://example.org/p/", programme="https://example.org/p/programme/programme"),
    )  # fmt: skip
    assert report.landed == 5
    return KnowledgeGraph.open(data, engine="memory")


@pytest.mark.parametrize(
    "question",
    [
        "agreement",
        "event-differences",
        "exact-intervals",
        "how-certain",
        "impossible-numbers",
        "safety-intervals",
    ],
)
def test_computed_questions_answer_of_imported_trials(question: str, imported: KnowledgeGraph) -> None:
    rows = list(imported.ask(question))
    assert rows
    assert all(row["basis"] for row in rows)


def test_events_of_imported_trials_are_compared_between_arms_and_no_other_groups(
    imported: KnowledgeGraph,
) -> None:
    rows = list(imported.ask("event-differences"))
    pairs = {(str(row["trial"]).rpartition("/")[2], row["first_group"], row["second_group"]) for row in rows}
    arms = ("Dupilumab 300 mg qw", "Placebo qw")
    assert ("nct02210780", *arms) in pairs or ("nct02210780", *arms[::-1]) in pairs
    # Its groups bear other names than its arms, and one of them was not randomised.
    assert not [pair for pair in pairs if pair[0] == "nct00567567"]
    (reaction,) = [row for row in rows if "nct02210780" in str(row["trial"]) and "injection" in row["event"]]
    assert {reaction["first_counts"], reaction["second_counts"]} == {"0/97", "5/97"}


def test_a_difference_is_held_against_0_and_a_ratio_against_1(imported: KnowledgeGraph) -> None:
    texts = [str(row["automatic"]) for row in imported.ask("how-certain")]
    assert any("-22.5 to -13.1 at 90 percent leaves out 0" in one for one in texts)
    assert any("no limit to 1.10 at 97.5 percent holds 1" in one for one in texts)
    explained = [str(row["reason"]) for row in imported.ask("how-certain", explain="true")]
    assert any("slope is without effect is not known" in one for one in explained)
    assert not any("leaves out 1" in one and " -" in one for one in texts)


def test_a_registry_number_is_the_trial_and_not_its_file(imported: KnowledgeGraph) -> None:
    assert imported.resolve("NCT02210780").endswith("/trial/nct02210780")


def test_no_source_of_the_curated_graph_is_described_twice(
    folder: Path, tmp_path: Path, kg: KnowledgeGraph
) -> None:
    record = json.loads((folder / "NCT02210780.json").read_text("utf-8"))
    described = {
        row["s"]
        for row in kg.select("SELECT DISTINCT ?s { ?s a/rdfs:subClassOf* kg:Source ; rdfs:label ?l }")
    }
    assert described
    for number, trial in Joins.of_engine(kg.engine, kg.names.base).trials.items():
        record["protocolSection"]["identificationModule"]["nctId"] = number
        body = map_record(record, Joins(trials={number: trial})).body.decode()
        again = {
            line.split(" ", 1)[0].strip("<>") for line in body.splitlines() if "rdf-schema#label>" in line
        }
        assert not again & {str(one) for one in described}, number


@pytest.mark.thorough
def test_an_impossible_count_is_drawn_as_such_and_stops_no_picture(imported: KnowledgeGraph) -> None:
    from bempeg_kg.pictures.safety import safety

    assert b"impossible, no interval" in safety(imported).to_bytes("svg")


@pytest.mark.thorough
def test_imported_trials_of_another_programme_answer_what_was_registered_and_compared(
    tmp_path: Path, folder: Path
) -> None:
    write_programme(tmp_path / "other", "https://example.org/other/", "A")
    for name in ("NCT00567567", "NCT02210780"):
        output = tmp_path / "other" / "data" / "trials" / f"{name.lower()}.ttl"
        graph = KnowledgeGraph.open(tmp_path / "other", engine="memory")
        joins = Joins.of_engine(graph.engine, graph.names.base)
        import_records([str(folder / f"{name}.json")], str(output), "ttl", joins)
    other = KnowledgeGraph.open(tmp_path / "other", engine="memory")

    outcomes = other.ask("registered-outcomes", trial="NCT00567567")
    unreported = [
        row["registeredOutcome"] for row in outcomes if row["reportingStatus"] == "posted without data"
    ]
    assert "Presence and Function of T Cells Capable of Recognizing Neuroblastoma, NCT00567567" in unreported
    assert len(unreported) < len(outcomes)

    unnamed = other.ask("treatment-effects", trial="NCT00567567")
    assert len(unnamed) == 7
    assert {row["reference"] for row in unnamed} == {"not stated"}
    assert "Single HST (CEM); Tandem HST (CEM), Randomly Assigned" in {row["compared"] for row in unnamed}
    against_placebo = other.ask("treatment-effects", trial="NCT02210780")
    assert {row["favours"] for row in against_placebo} == {"not stated"}

    trials = {f"https://example.org/other/trial/{name}" for name in ("nct00567567", "nct02210780")}
    assert {row["trial"] for row in other.ask("results")} == trials
    with pytest.raises(UsageError, match=r"(?s)not loaded.*first= and second="):
        other.ask("compare-groups")


@pytest.mark.thorough
def test_an_import_into_a_large_folder_says_what_the_first_question_will_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    write_programme(str(tmp_path / "demo"), "https://example.org/demo/", None)
    monkeypatch.setattr(content_module, "LARGE", 0)
    record = next(iter(sorted((ROOT / "tests" / "registry" / "records").glob("*.json"))))
    trials = f"{tmp_path / 'demo' / 'data' / 'trials'}/"
    command = ["--data", str(tmp_path / "demo"), "import", str(record), "-o"]
    assert main([*command, trials]) == 0
    assert "The first question will take about" in capfd.readouterr().err.splitlines()[-1]
    assert main([*command, f"{tmp_path / 'elsewhere'}/"]) == 0
    assert "first question" not in capfd.readouterr().err, "that is no folder of the programme"
    assert main([*command, trials, "--prepare"]) == 0
    assert "first question" not in capfd.readouterr().err
    assert main([*command, str(tmp_path / "x.nq"), "--prepare"]) == 2
