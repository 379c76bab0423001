"""What `ask` gives in Python, and an entity on a card."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from bempeg_kg import Answer, KnowledgeGraph, NoAnswer, Table, UnknownName, UsageError
from bempeg_kg.graph.labels import labels_of
from bempeg_kg.rdf.frames import frame_columns
from tests.conftest import ROOT, Cli

MINE = """@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/bempeg-kg/trial/mine> a kg:Trial ; rdfs:label "MINE" .
"""


def test_an_answer_knows_its_question_parameters_sentence_and_caveat(kg: KnowledgeGraph) -> None:
    answer = kg.ask("hazard ratio for death in PIVOT-09")
    assert isinstance(answer, Answer)
    assert isinstance(answer, Table)
    assert answer.question.name == "treatment-effects"
    assert answer.parameters == {"trial": [kg.names.expand("trial:pivot-09")]}
    assert answer.understood == "treatment-effects --trial trial:pivot-09"
    assert "0.82" in answer.sentence
    assert answer.status == "answered"
    assert len(repr(answer)) < 400
    assert kg.ask("response-by-disease").caveat


def test_rows_can_be_sliced_and_columns_taken_by_name(kg: KnowledgeGraph) -> None:
    answer = kg.ask("response-rates")
    assert [row["printed"] for row in answer[:3]] == answer["printed"][:3]
    assert isinstance(answer[:3], Answer)
    with pytest.raises(UnknownName, match="column"):
        answer["prnted"]


def test_caveats_travel_with_every_format(kg: KnowledgeGraph, cli: Cli, tmp_path: Path) -> None:
    answer = kg.ask("response-by-disease")
    assert json.loads(answer.to_json())["caveat"] == answer.caveat
    assert answer.caveat in answer.to_markdown()
    assert answer.caveat in answer.to_html()
    path = tmp_path / "rates.csv"
    cli("ask", "response-by-disease", "-o", str(path))
    beside = json.loads((tmp_path / "rates.csv-metadata.json").read_text(encoding="utf-8"))
    assert beside["rdfs:comment"] == answer.caveat
    assert beside["url"] == "rates.csv"


def test_numbers_are_numbers_and_keep_their_printed_form(kg: KnowledgeGraph) -> None:
    pandas = pytest.importorskip("pandas")
    frame = kg.ask("survival-medians").to_pandas(labels=True)
    assert str(frame["lower"].dtype) == "Float64"
    assert "not reached" in set(frame["upper_printed"])
    assert (frame["lower"].dropna() * 1.5).notna().all()
    assert str(frame["N"].dtype) == "Int64"
    assert all("://" not in str(one) for one in frame["source"])
    assert all("://" in one for one in frame["source_iri"])
    assert isinstance(kg.ask("programme-trials").to_pandas()["enrolled"].dtype, pandas.Int64Dtype)


def test_columns_of_a_frame_by_kind() -> None:
    assert frame_columns(["a"], [[1, None, 3]], None) == [("a", "integer", [1, None, 3])]
    assert frame_columns(["a"], [[Decimal("1.50"), 2]], None) == [("a", "real", [1.5, 2.0])]
    assert frame_columns(["a"], [["2018-09-21", None]], None)[0][1] == "day"
    assert frame_columns(["a"], [["2018-09", "2018-09-21"]], None)[0][1] == "other"
    assert frame_columns(["pmid"], [["37651676"]], None) == [("pmid", "other", ["37651676"])]


def test_polars_gives_the_same_numbers(kg: KnowledgeGraph) -> None:
    pytest.importorskip("polars")
    assert kg.ask("survival-medians").to_polars()["lower"].dtype.is_float()


def test_the_facade_draws_finds_paths_judges_and_exports(kg: KnowledgeGraph) -> None:
    assert kg.ask("response-rates", trial="pivot-02").plot()._repr_svg_().startswith("<svg")
    with pytest.raises(UsageError, match="no plot"):
        kg.ask("doses").plot()
    assert "promotes" in kg.path("bempegaldesleukin", "tumour response to treatment")["effect"]
    assert len(kg.forensics(only="impossible")) == len(kg.ask("impossible-numbers", verdict="impossible"))
    assert "nodes.tsv" in kg.export("kgx").files
    assert kg.to_networkx("lineage").graph["view"] == "lineage"
    assert kg.report("coverage")._repr_html_().startswith("<h1>")
    assert kg.report("coverage")._repr_markdown_().startswith("# ")
    assert kg.ask("response-rates", trial="pivot-02")._repr_markdown_().startswith("Objective response")
    assert "kg:Result" in {kg.names.shorten(one) for one in kg.schema()["class"]}


def test_a_file_is_added_to_the_graph(tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(MINE, encoding="utf-8")
    mine = KnowledgeGraph.open(engine="memory").add(path)
    assert mine.resolve("MINE").endswith("/trial/mine")
    counted = cli("query", "SELECT ?l { <https://w3id.org/bempeg-kg/trial/mine> rdfs:label ?l }", str(path))
    assert "MINE" in counted.stdout


def test_a_day_can_be_a_text(kg: KnowledgeGraph) -> None:
    then = kg.as_of("2018-09-21")
    assert then.cut is not None
    assert len(repr(then.cut)) < 300


@pytest.mark.parametrize("term", ["PIVOT IO 001", "CD122", "bempegaldesleukin", "RCC", "A037"])
def test_a_card_fits_a_screen(kg: KnowledgeGraph, term: str) -> None:
    lines = kg.card(term, 80).splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 80
    assert lines[-1].endswith("--all lists them.")


def test_a_card_of_an_outside_class_says_what_is_of_its_kind(kg: KnowledgeGraph) -> None:
    text = " ".join(kg.card("lung cancer", 80).split())
    assert "a kind of respiratory system cancer and lung disease" in text
    assert "of this kind here: non-small cell lung carcinoma" in text


def test_a_card_tells_results_with_their_source(kg: KnowledgeGraph) -> None:
    card = " ".join(kg.card("PIVOT IO 001", 80).split())
    assert card.index("Objective response rate 27.7 v 36.0 %") < card.index("is a trial")
    assert "27.7 v 36.0, p 0.0311" in card
    assert "[diab2023-jco]" in card
    assert "NCT03635983" in card
    assert "does not indirectly activate" in kg.card("CD122", 200)


def test_what_the_data_lack_is_an_error_of_its_own(kg: KnowledgeGraph) -> None:
    with pytest.raises(NoAnswer, match="not in the data"):
        kg.ask("response rate in COVID-19 with sunitinib")
    assert kg.ask("response rate in stomach cancer").status == "not in the data"


def test_errors_name_methods_in_python_and_options_on_the_command_line(kg: KnowledgeGraph, cli: Cli) -> None:
    for name, parameters in (("response-rates", {"trial": "nope"}), ("no-such", {}), ("bake some bread", {})):
        with pytest.raises((UnknownName, NoAnswer)) as caught:
            kg.ask(name, **parameters)
        assert "--" not in str(caught.value)
        assert "bempeg-kg " not in str(caught.value)
    assert "--trial" in cli("ask", "response-rates", "--trial", "nope").stderr


SCRIPT = """
import bempeg_kg

kg = bempeg_kg.open(engine="memory")
answer = kg.ask("ORR in RCC")
text: str = answer.sentence
first: dict[str, object] = answer[0]
some: bempeg_kg.Answer = answer[:2]
column: list[object] = answer["percent"]
picture: bytes = answer.plot().to_bytes("svg")
table: bempeg_kg.Table = kg.path("nivolumab", "tumour response to treatment")
"""


@pytest.mark.thorough
def test_a_script_of_a_user_is_clean_under_strict_mypy(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stdout


def test_an_answer_needs_no_lexicon() -> None:
    """The names of every entity take minutes to read once a registry is loaded."""
    graph = KnowledgeGraph.open()
    trial = graph.names.expand("trial:pivot-io-001")
    answer = graph.ask("results", trial=trial)
    assert answer.sentence
    assert answer.label_of(trial) == "PIVOT IO 001"
    assert graph._lexicon is None
    assert labels_of(graph.engine, ["urn:nothing"]) == {}


def test_a_sentence_tells_the_rows_that_its_header_puts_first(kg: KnowledgeGraph) -> None:
    effects = kg.ask("treatment-effects")
    assert effects.sentence.startswith("In PIVOT IO 001, objective response rate 27.7 v 36.0")
    assert kg.ask("adverse-events").sentence.index("100 %") < 150
    # the words of a question come before all rules but the first
    assert "overall survival" in kg.ask("hazard ratio for death in PIVOT-09").sentence[:60]


def test_a_comparison_of_trials_counts_only_what_differs(kg: KnowledgeGraph) -> None:
    biases = kg.ask("how-trials-differ")["bias"]
    different = len(biases) - biases.count("no difference")
    assert different < len(biases)
    assert f"They differ in {different} ways" in kg.ask("why-phase-3").sentence
