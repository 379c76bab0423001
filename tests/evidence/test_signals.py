"""Signal pairs: read only where asked for, faithful to the table they came from, and what is answered."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import InputError, UnknownName, UsageError
from bempeg_kg.evidence.signal_pairs import SignalPair, read_pairs
from bempeg_kg.evidence.signal_survey import FAILED
from bempeg_kg.exports import export
from bempeg_kg.registry import Joins
from tests.conftest import ROOT
from tests.evidence.second_reading import COLUMNS, values

#: The table of values that the pairs were encoded from, where somebody has it.
TABLE = os.environ.get("BEMPEG_KG_SIGNALS_TABLE", "")


@pytest.fixture(scope="module")
def with_pairs() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory", signals=True)


@pytest.fixture(scope="module")
def pairs(with_pairs: KnowledgeGraph) -> list[SignalPair]:
    return read_pairs(with_pairs)


def test_pairs_are_read_only_where_asked_for(kg: KnowledgeGraph, pairs: list[SignalPair]) -> None:
    assert read_pairs(kg) == ()
    assert len(pairs) == 119
    assert sum(pair.has_rates for pair in pairs) == 82


@pytest.mark.thorough
def test_a_question_about_pairs_brings_them_in_by_itself(kg: KnowledgeGraph) -> None:
    assert len(kg.ask("signal-pairs")) == 119
    assert not kg.select("SELECT ?pair { ?pair a kg:SignalPair }").rows


def test_pairs_need_the_shipped_programme() -> None:
    folder = Path(__file__).parents[2] / "examples" / "epacadostat"
    with pytest.raises(InputError, match="signal pairs belong to the shipped programme"):
        KnowledgeGraph.open(folder, engine="memory", signals=True)


def test_numbers_lie_within_their_own_intervals(pairs: list[SignalPair]) -> None:
    for end in (end for pair in pairs for end in pair.ends):
        assert end.lower is None or end.lower <= end.percent <= (end.upper or 100), end.iri
        assert end.n is None or end.total is None or abs(100 * end.n / end.total - end.percent) < 0.6, end.iri


def test_outcomes_agree_with_the_printed_comparisons(pairs: list[SignalPair]) -> None:
    for pair in pairs:
        readings = {ratio.reading for ratio in pair.ratios}
        if pair.outcome == "harmShown":
            assert "worse" in readings, pair.iri
        if pair.outcome == "responseWithoutSurvival":
            assert (pair.late_margin or 0) > 0, pair.iri
        if pair.outcome in ("endpointMet", "endpointPartlyMet") and "open" not in readings:
            assert "worse" not in readings, pair.iri


def test_derived_numbers_are_not_stored(with_pairs: KnowledgeGraph) -> None:
    selected = with_pairs.select(
        "SELECT DISTINCT ?p { ?pair a kg:SignalPair ; ?p ?value FILTER(isNumeric(?value)) } ORDER BY ?p"
    )
    assert [row["p"].rpartition("#")[2] for row in selected] == ["cohortsScreened"]


@pytest.mark.skipif(not TABLE, reason="BEMPEG_KG_SIGNALS_TABLE names no table")
def test_every_number_equals_the_table(with_pairs: KnowledgeGraph) -> None:
    with Path(TABLE).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    printed = _printed(with_pairs)
    missing = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        keys = _keys(row)
        seen.update(keys)
        if row["programme_id"] in _WITHOUT_PAIR or not keys:
            continue
        if not any(key in printed for key in keys) and _encoded(row, printed):
            missing.append((row["programme_id"], row["trial"], row["value_as_printed"]))
    assert not missing
    strangers = [key for key in printed if key not in seen and not _added(key[0])]
    assert not strangers


def test_the_second_reading_is_of_the_numbers_in_the_graph(with_pairs: KnowledgeGraph) -> None:
    known = values(with_pairs)
    with (ROOT / "docs" / "signals-second-reading.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 40
    for row in rows:
        assert known[row["entity"]][:5] == [row[name] for name in COLUMNS[1:6]], row["entity"]
        assert bool(row["copy"]) == (row["verdict"] in ("agrees", "group corrected")), row["entity"]


def test_diseases_of_pairs_have_a_class_in_mondo(with_pairs: KnowledgeGraph) -> None:
    selected = with_pairs.select(
        """SELECT DISTINCT ?disease WHERE {
          ?pair a kg:SignalPair ; kg:condition ?disease .
          FILTER NOT EXISTS {
            ?disease skos:exactMatch|skos:broadMatch ?class .
            FILTER(STRSTARTS(STR(?class), "http://purl.obolibrary.org/obo/MONDO_"))
          }
        }"""
    )
    assert not selected.rows


def test_comparisons_are_of_the_arms_whose_rates_stand_beside_them(with_pairs: KnowledgeGraph) -> None:
    """An arm that two rows of a source name differently must not become two arms."""
    selected = with_pairs.select(
        """SELECT DISTINCT ?contrast WHERE {
          VALUES (?end ?side) {
            (kg:lateControlResult kg:referenceGroup) (kg:lateResult kg:comparedGroup)
            (kg:earlyControlResult kg:referenceGroup)
          }
          ?pair a kg:SignalPair ; ?end ?result ; kg:lateContrast|kg:earlyContrast ?contrast .
          ?result kg:trial ?trial ; kg:group ?group . ?contrast kg:trial ?trial ; ?side ?other .
          FILTER NOT EXISTS { ?group kg:arm ?arm . ?other kg:arm ?arm }
        } ORDER BY ?contrast"""
    )
    assert [with_pairs.names.shorten(str(row["contrast"])) for row in selected] == []


#: Programmes that share a source with a pair and have none of their own.
_WITHOUT_PAIR = ("epacadostat-rcc", "pegilodecakin-rcc", "magrolimab-mds")
#: Addresses of sources that the table does not have: earlier tables, and looked up since.
_ADDED = (
    *("acir.org", "eroom-bio", "ohsu.pure.elsevier.com", "scio-apps.com", "oncnursingnews.com"),
    *("cosa.p.asnevents.com.au", "frontline-lenvatinib-plus-pembrolizumab", "march-25-2024/lenvatinib"),
    *("seekingalpha.com/news/3408006", "guoncologynow.com/post/177lu", "147065-pembrolizumab"),
    *("escholarship.umassmed.edu", "march-2025/advanced-refractory", "henryford.com/hematologyoncology_mtg"),
    *("pubmed.gov/37866811", "PMC8210474", "dzl.de/publication", "leap-002-study-lenvatinib"),
)


def _added(address: str) -> bool:
    return any(part in address for part in _ADDED)


def _printed(kg: KnowledgeGraph) -> dict[tuple[str, ...], str]:
    """(address, printed, lower, upper, n, N) of every result and comparison of the pairs' own files."""
    selected = kg.select(
        """SELECT ?node ?url ?printed ?lower ?upper ?n ?total WHERE {
          GRAPH ?file { ?node kg:printed ?printed }
          FILTER NOT EXISTS { ?node kg:percentBasis kg:derived }
          FILTER(CONTAINS(STR(?file), "/data/signals/"))
          ?node prov:wasDerivedFrom ?source . ?source kg:url ?url .
          OPTIONAL { ?node kg:lowerPrinted ?lower ; kg:upperPrinted ?upper }
          OPTIONAL { ?node kg:numerator ?n } OPTIONAL { ?node kg:denominator ?total }
        }"""
    )
    names = ("url", "printed", "lower", "upper", "n", "total")
    return {
        tuple("" if row[name] is None else str(row[name]) for name in names): str(row["node"])
        for row in selected
    }


def _keys(row: dict[str, str]) -> list[tuple[str, ...]]:
    """What a row's number, or each of its two, looks like in `_printed`; none for what is no number."""
    text = row["value_as_printed"]
    both = re.fullmatch(r"([\d.]+)%? (?:v|versus) ([\d.]+)%?", text)
    values = list(both.groups()) if both else [text.partition(" (")[0]]
    if row["unit"] in ("patients", "status") or not re.fullmatch(r"\.?-?\d+(\.\d+)?", values[0]):
        return []
    n = re.match(r"\d*", row["n"])
    total = re.match(r"\d+(?=$| \(per asco| \(PD-L1\+\)$| treated$)", row["N"])
    if row["N"] == "89 treated":  # those treated; out of how many the rate was counted is not printed
        total = None
    counts = (n.group() if n else "", total.group() if total else "")
    if row["unit"] != "%" or both:
        counts = ("", "")
    addresses = [one.strip() for one in row["source_address"].split(" ; ")]
    return [(one, value, row["ci_low"], row["ci_high"], *counts) for one in addresses for value in values]


def _encoded(row: dict[str, str], printed: dict[tuple[str, ...], str]) -> bool:
    """Whether the row's source stands in the graph with another number for the same statistic."""
    if row["statistic"] == "proportion" and not row["endpoint"].startswith(("ORR", "CR")):
        return False
    survival = row["endpoint"].startswith(("PFS", "rPFS", "OS", "EFS", "event-free"))
    if row["unit"] in ("HR", "months") and not survival:
        return False
    if row["unit"] == "%" and row["statistic"] != "proportion":
        return False
    if row["group"] == "single arm v external control":
        return False
    addresses = {one.strip() for one in row["source_address"].split(" ; ")}
    return any(key[0] in addresses for key in printed)


def test_a_registry_record_joins_a_trial_of_the_pairs_by_its_number(with_pairs: KnowledgeGraph) -> None:
    joins = Joins.of_engine(with_pairs.engine, with_pairs.names.base)
    assert joins.trials["NCT02853331"].endswith("/trial/keynote-426")


def test_the_outcome_was_outside_the_prediction_of_the_pairs(kg: KnowledgeGraph) -> None:
    then, now = kg.ask("signal-hindcast")
    assert (then["early"], then["early_n"], then["early_N"]) == ("50", 14, 28)
    assert then["firstPublic"] == "2018-06-02"
    assert (now["early"], now["early_n"], now["early_N"]) == ("52.6", 20, 38)
    assert then["within_90"] is False
    assert float(now["observed"]) == 27.7
    assert now["lower_90"] < now["predicted"] < now["upper_90"]


def test_a_pair_without_later_rate_has_no_hindcast(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="is not a signal pair with a response rate at both ends"):
        kg.ask("signal-hindcast", pair="pair:bempegaldesleukin-urothelial")


def test_a_prior_from_the_pairs_stands_beside_the_stated_ones(kg: KnowledgeGraph) -> None:
    stated = {row["prior"] for row in kg.ask("plausible-gain")}
    both = {row["prior"] for row in kg.ask("plausible-gain", prior="pairs")}
    (added,) = both - stated
    assert added.startswith("from 80 signal pairs"), "the programme's own are left out"
    assert stated < both


def test_the_export_is_a_row_a_pair_with_described_columns(kg: KnowledgeGraph) -> None:
    files = export(kg, "signals").files
    rows = list(csv.DictReader(files["signal-pairs.csv"].decode().splitlines()))
    assert len(rows) == 119
    (own,) = [row for row in rows if row["pair"].endswith("/bempegaldesleukin-melanoma")]
    assert (own["early_n"], own["early_N"], own["late_printed"], own["change"]) == (
        "20",
        "38",
        "27.7",
        "-24.90",
    )
    described = json.loads(files["csv-metadata.json"])["tableSchema"]["columns"]
    assert [column["name"] for column in described] == list(rows[0])


def test_the_export_as_parquet_has_numbers_and_a_data_card(kg: KnowledgeGraph, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    files = export(kg, "signals-parquet").files
    card = files["README.md"].decode()
    assert card.startswith("# Signal pairs\n\n119 pairs")
    assert "82 of them have" in card
    assert "Not for: a base rate of success" in card
    path = tmp_path / "pairs.parquet"
    path.write_bytes(files["signal-pairs.parquet"])
    rows = parquet.read_table(path).to_pylist()
    (own,) = [row for row in rows if row["pair"].endswith("/bempegaldesleukin-melanoma")]
    assert (own["early_n"], own["late_percent"], own["late_n"]) == (20, 27.7, None)


def test_other_drugs_that_failed_the_same_way(kg: KnowledgeGraph, pairs: list[SignalPair]) -> None:
    rows = list(kg.ask("failed-signals"))
    expected = {
        pair.iri
        for pair in pairs
        if pair.outcome in FAILED
        and pair.design == "singleArmEarly"
        and pair.early
        and not pair.iri.rpartition("/")[2].startswith("bempegaldesleukin")
    }
    assert {row["pair"] for row in rows} == expected
    assert len(rows) == len(expected) > 30
    assert not any(row["pairOutcome"] == "primary endpoint met" for row in rows)


def test_the_answer_says_what_it_is_before_all_else(kg: KnowledgeGraph) -> None:
    table = kg.ask("signal-survival", responders=20, patients=38, control=34)
    first = table[0]
    assert first["part"] == "answer"
    assert first["detail"].startswith("After 20 of 38 (52.6 %), 82 pairs")
    assert "no base rate" in first["detail"]
    parts = [row["part"] for row in table]
    assert parts.count("pair") == 10
    assert parts.count("calibration") == 5
    assert parts[-1] == "caveat"
    assert all(row["source"] for row in table if row["part"] == "pair")


def test_calibration_beats_the_signal_at_its_word_and_the_control_alone(kg: KnowledgeGraph) -> None:
    values = {
        row["what"]: row["computed"] for row in kg.ask("signal-survival") if row["part"] == "calibration"
    }
    model, word, control = (
        float(values[f"error of {one}, points"])
        for one in ("the model", "the early rate at its word", "the control alone")
    )
    assert model < word < control
    assert model == pytest.approx(10.6, abs=0.3)
    assert word == pytest.approx(13.0, abs=0.1)
    assert 35 < float(values["share within the 50 % interval"]) < 65
    assert 80 < float(values["share within the 90 % interval"]) < 97


def test_failed_and_confirmed_apart_lie_on_either_side(kg: KnowledgeGraph) -> None:
    values = {
        row["what"]: row["computed"] for row in kg.ask("signal-survival") if row["part"] == "sensitivity"
    }
    both = [values["programmes that failed"], values["programmes that were confirmed"]]
    assert both[0] < values["single arm only"] < both[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"responders": 0, "patients": 0}, "at least 1 patient is needed"),
        ({"responders": 39, "patients": 38}, "is not possible"),
        ({"responders": -1, "patients": 38}, "is not possible"),
        ({"control": 101}, "above 0 and below 100"),
        ({"control": 0}, "above 0 and below 100"),
    ],
)
def test_numbers_that_cannot_be_are_refused(kg: KnowledgeGraph, given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        kg.ask("signal-survival", **given)


def test_an_unknown_disease_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="gout") as raised:
        kg.ask("signal-survival", disease="gout")
    assert "metastatic-melanoma" in (raised.value.cure or "")


def test_few_pairs_are_listed_and_not_fitted(kg: KnowledgeGraph) -> None:
    table = kg.ask("signal-survival", disease="disease:urothelial-carcinoma")
    assert table[0]["what"] == "no fit"
    assert "too few" in table[0]["detail"]
    assert table[0]["pairs"] == [row["part"] for row in table].count("pair") < 10


def test_no_pair_left_says_so(kg: KnowledgeGraph) -> None:
    table = kg.ask("signal-survival", comparator="placebo")
    assert not table.rows
    assert "none of 119 pairs" in table.reason
    assert "disease:metastatic-melanoma" in table.reason


def test_as_of_a_day_leaves_later_pairs_out(kg: KnowledgeGraph) -> None:
    table = kg.ask("signal-survival", as_of=date(2018, 9, 21))
    assert 10 <= table[0]["pairs"] < 30


def test_outcome_classes_cover_the_vocabulary(pairs: list[SignalPair]) -> None:
    assert {pair.outcome for pair in pairs} - FAILED == {"endpointMet", "endpointPartlyMet"}
