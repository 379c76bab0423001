"""What may be pooled and what may not, on real results of this programme and of two trials of semaglutide."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest

from bempeg_kg import InputError, KnowledgeGraph, Table, UsageError
from bempeg_kg.cli import main
from bempeg_kg.evidence.equalities import Equalities, normalised, read_equalities
from bempeg_kg.evidence.stats.contrasts import Counts
from bempeg_kg.evidence.stats.pooling import Study, pool, refusals
from tests.conftest import Cli

RECORDS = Path(__file__).parent / "records"
MACE = "SELECT ?c { ?c a kg:Contrast ; kg:measure/rdfs:label 'hazard ratio'@en ; kg:printed ?p } ORDER BY ?p"


def reasons(table: Table) -> str:
    return "; ".join(str(row["text"]) for row in table if row["part"] == "refusal")


@pytest.fixture(scope="module")
def semaglutide(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A programme with the first outcome of SUSTAIN-6 and of PIONEER 6, as the registry has them."""
    folder = tmp_path_factory.mktemp("two") / "programme"
    assert main(["new", "--base", "https://example.org/semaglutide/", "-q", str(folder)]) == 0
    for record in RECORDS.iterdir():
        target = folder / "data" / "trials" / f"{record.stem}.ttl"
        assert main(["import", str(record), "-q", "-o", str(target)]) == 0
    return KnowledgeGraph.open(folder)


def test_a_named_comparison_is_pooled_alone_and_no_name_means_overall_survival(kg: KnowledgeGraph) -> None:
    def studies(**named: str) -> list[str]:
        rows = kg.ask("pool-results", **named)
        return [str(row["text"]).partition(": ")[0] for row in rows if row["part"] == "study"]

    (alone,) = studies(results="contrast:pivot-io-001-os")
    assert alone.endswith("PIVOT IO 001")
    assert [name.rpartition(", ")[2] for name in studies()] == ["PIVOT-09", "PIVOT IO 001"]


def test_two_trials_of_one_drug_against_placebo_are_pooled(semaglutide: KnowledgeGraph) -> None:
    contrasts = [row["c"] for row in semaglutide.select(MACE)]
    table = semaglutide.ask("pool-results", results=contrasts)
    assert reasons(table) == ""
    common = next(row for row in table if row["part"] == "estimate")
    # Husain and others pooled these two trials: hazard ratio 0.76 (95 % interval 0.62 to 0.92);
    # Diabetes Obes Metab 2020;22:442
    printed = [round(float(common[name]), 2) for name in ("computed", "computed_lower", "computed_upper")]
    assert printed == [0.76, 0.62, 0.92]


def test_without_the_table_of_names_they_are_not(
    semaglutide: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Equalities, "of", classmethod(lambda cls, kg, more=(): cls([])))
    contrasts = [row["c"] for row in semaglutide.select(MACE)]
    text = reasons(semaglutide.ask("pool-results", results=contrasts))
    assert "different endpoints" in text
    assert "different interventions: Oral Semaglutide, Semaglutide" in text
    assert "comparators" not in text


def test_names_can_be_made_equal_for_one_question(
    semaglutide: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Equalities.of
    monkeypatch.setattr(
        Equalities, "of", classmethod(lambda cls, kg, more=(): cls([told.split("=") for told in more]))
    )
    contrasts = [row["c"] for row in semaglutide.select(MACE)]
    table = semaglutide.ask("pool-results", results=contrasts, equal="oral semaglutide = semaglutide")
    assert "interventions" not in reasons(table)
    with pytest.raises(UsageError, match="which names are equal"):
        made(semaglutide, ["semaglutide"])


def test_another_drug_against_the_same_partner_is_not_pooled(kg: KnowledgeGraph) -> None:
    pair = ["contrast:pivot-io-001-pfs", "contrast:relativity-047-pfs"]
    text = reasons(kg.ask("pool-results", results=pair))
    assert "different interventions: bempegaldesleukin + nivolumab, nivolumab + relatlimab" in text


def test_two_arms_of_one_randomised_trial_are_not_two_studies(kg: KnowledgeGraph) -> None:
    pair = ["result:relativity-047-nivolumab-orr", "result:relativity-047-relatlimab-nivolumab-orr"]
    table = kg.ask("pool-results", results=pair)
    assert "two arms of one randomised trial" in reasons(table)
    assert all("no control" not in str(row["text"]) for row in table)


ONE = Study(
    *("one", "first trial", "response", "evaluable"),
    counts=Counts(20, 38),
    sets=frozenset("a"),
    population="melanoma",
    intervention="drug",
    assessor="",
    time_point="",
    maturity="",
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"intervention": ""}, "intervention not stated: two"),
        ({"population": ""}, "population not stated: two"),
        ({"analysis_set": ""}, "analysis set not stated: two"),
        ({"intervention": "another"}, "different interventions: another, drug"),
        ({"assessor": "investigator"}, "different assessors: investigator, not stated"),
        ({"time_point": "12"}, "different time points: 12, not stated"),
        ({"maturity": "interim"}, "different maturities: interim, not stated"),
    ],
)
def test_what_differs_or_is_not_stated_is_named(changes: dict[str, str], words: str) -> None:
    two = {"name": "two", "trial": "second trial", "sets": frozenset("b")}
    same = {name: getattr(ONE, name) for name in ONE.__slots__}
    assert refusals([ONE, Study(**same | two)]) == []
    assert refusals([ONE, Study(**same | two | changes)]) == [words]


def test_not_stated_is_not_equal_to_not_stated() -> None:
    same = {name: getattr(ONE, name) for name in ONE.__slots__} | {"population": ""}
    studies = [Study(**same), Study(**same | {"name": "two", "trial": "second", "sets": frozenset("b")})]
    assert refusals(studies) == ["population not stated: one, two"]


def test_who_judged_a_response_must_be_stated() -> None:
    same = {name: getattr(ONE, name) for name in ONE.__slots__} | {"is_judged": True}
    studies = [Study(**same), Study(**same | {"name": "two", "trial": "second", "sets": frozenset("b")})]
    assert refusals(studies) == ["assessor not stated: one, two"]
    assert refusals(studies, allow_unstated=True) == []


def test_what_is_not_stated_may_be_allowed_under_warning() -> None:
    same = {name: getattr(ONE, name) for name in ONE.__slots__} | {"assessor": "investigator"}
    two = {"name": "two", "trial": "second", "sets": frozenset("b"), "assessor": "", "population": ""}
    studies = [Study(**same), Study(**same | two)]
    assert len(refusals(studies)) == 2
    pooled = pool(studies, allow_unstated=True)
    assert "assessor not stated and taken to be as in the others: two" in pooled.warnings
    assert "population not stated and taken to be as in the others: two" in pooled.warnings
    other = Study(**same | two | {"assessor": "committee"})
    assert refusals([studies[0], other], allow_unstated=True) == [
        "different assessors: committee, investigator"
    ]


FILE = """# names of my review
subject\tpredicate\tobject\treason\tsource
nivolumab + relatlimab\tskos:exactMatch\tBempegaldesleukin + Nivolumab\tfor this test\tnobody
"""


def test_a_table_of_names_of_ones_own(tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "names.tsv"
    file.write_text(FILE)
    assert read_equalities(str(file)) == [
        "nivolumab + relatlimab = Bempegaldesleukin + Nivolumab because for this test, nobody"
    ]
    pair = ["--results", "contrast:pivot-io-001-pfs", "--results", "contrast:relativity-047-pfs"]
    without = cli("ask", "pool-results", *pair)
    assert "different interventions" in without.stdout
    made = cli("ask", "pool-results", *pair, "--equalities", str(file))
    assert "different interventions" not in made.stdout
    assert "are taken for one: for this test, nobody" in " ".join(made.stdout.split())


def test_names_that_were_taken_for_one_are_shown_with_the_reason(semaglutide: KnowledgeGraph) -> None:
    table = semaglutide.ask("pool-results", results=[row["c"] for row in semaglutide.select(MACE)])
    texts = [str(row["text"]) for row in table if row["part"] == "equality"]
    assert any("Semaglutide' are taken for one: One substance by two routes" in one for one in texts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column subject"),
        ("subject\tobject\na\tb\n", "no column predicate"),
        ("subject\tpredicate\tobject\na\tskos:broadMatch\tb\n", "skos:broadMatch"),
        ("subject\tpredicate\tobject\na\t=\t\n", "empty"),
    ],
)
def test_a_table_of_names_that_cannot_be_read_is_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "names.tsv"
    file.write_text(text)
    with pytest.raises(InputError, match=words) as refused:
        read_equalities(str(file))
    assert str(file) in str(refused.value)


def test_what_no_study_states_is_a_warning() -> None:
    same = {name: getattr(ONE, name) for name in ONE.__slots__}
    pooled = pool([ONE, Study(**same | {"name": "two", "trial": "second", "sets": frozenset("b")})])
    assert pooled.warnings[0] == "not stated for any study, so not compared: assessor, time point, maturity"
    assert 1 / (1 + exp(-pooled.estimates[0].estimate)) == pytest.approx(20 / 38)


def test_groups_of_names_that_share_one_are_joined() -> None:
    same = Equalities([["a", "b"], ["c", "d"], ["B", "C!"]])
    assert len({same.name(one) for one in "abcd"}) == 1
    assert normalised("HER2+ (any), NCT01234567") == "her2+ any"
