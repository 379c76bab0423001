"""A question that takes minutes over a registry asks for what narrows it; here the limit is lowered."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.content import content as content_module
from bempeg_kg.content.files import SourceFile
from bempeg_kg.errors import InputError, UnknownName, UsageError
from bempeg_kg.evidence.reports import coverage
from bempeg_kg.graph.binding import bound_query
from bempeg_kg.graph.entities import slugs
from bempeg_kg.graph.labels import label_lookup
from bempeg_kg.graph.lexicon import lexicon_of
from bempeg_kg.questions.header import read_question
from bempeg_kg.web.pages.pages import Pages


def narrowed(kg: KnowledgeGraph) -> list[str]:
    """The questions that need narrowing in a large folder."""
    return [one.name for one in kg.questions.all() if one.narrow is not None]


def test_a_question_over_everything_is_refused_in_a_large_folder_alone(
    kg: KnowledgeGraph, large: KnowledgeGraph
) -> None:
    assert len(kg.ask("adverse-events").rows) > 20
    for name in narrowed(kg):
        with pytest.raises(UsageError, match="takes too long"):
            large.ask(name)
    assert len(narrowed(kg)) > 10


def test_what_narrows_it_is_named_with_an_example_that_runs(large: KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as refused:
        large.ask("adverse-events")
    assert "Give trial= or term=" in refused.value.cure
    example = refused.value.cure.partition("`kg.ask(")[2].partition(")`")[0]
    name, trial = example.replace('"', "").split(", trial=")
    assert large.resolve(f"trial:{trial}")
    large.ask(name, trial=trial)


def test_a_narrowed_question_and_one_with_all_are_those_of_a_small_graph(
    kg: KnowledgeGraph, large: KnowledgeGraph
) -> None:
    for given in ({"trial": "pivot-02"}, {"term": "adverse-event:hypotension"}):
        assert large.ask("adverse-events", **given).rows == kg.ask("adverse-events", **given).rows
    assert large.ask("adverse-events", all=True).rows == kg.ask("adverse-events").rows
    for name in ("exact-intervals", "safety-intervals", "event-differences", "impossible-numbers"):
        assert large.ask(name, trial="pivot-io-001").rows == kg.ask(name, trial="pivot-io-001").rows, name


@pytest.mark.parametrize(
    "name",
    [
        "compare-groups",
        "pool-results",
        *(
            pytest.param(name, marks=pytest.mark.thorough)
            for name in (
                "how-surprising", "surprise-curve", "response-bounds", "order-of-patients", "plausible-gain",
                "shrinkage-curve", "phase-3-power",
            )
        ),
    ],
)  # fmt: skip
def test_a_question_on_some_results_reads_little_and_answers_the_same(
    kg: KnowledgeGraph, large: KnowledgeGraph, name: str
) -> None:
    fresh = KnowledgeGraph(large.content, large.engine)
    answer = fresh.ask(name)
    assert answer.rows == kg.ask(name).rows
    assert answer.rows and not fresh.holds("facts")


def test_a_question_without_the_field_is_not_refused(kg: KnowledgeGraph, large: KnowledgeGraph) -> None:
    assert large.ask("programme-trials").rows == kg.ask("programme-trials").rows


def test_a_plot_is_refused_in_the_words_of_plots(large: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r'`kg.plot\("safety", trial="[\w-]+"\)`'):
        large.plot("safety")
    assert large.plot("safety", trial="pivot-02").table.rows


def test_the_command_line_refuses_with_code_2_and_takes_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(content_module, "LARGE", 0)
    assert main(["ask", "adverse-events"]) == 2
    said = capsys.readouterr()
    assert "Give --trial or --term. For example `bempeg-kg ask adverse-events --trial " in said.err
    assert not said.out
    assert main(["ask", "adverse-events", "--all", "--format", "tsv"]) == 0
    assert capsys.readouterr().out.count("\n") > 20


def test_a_large_folder_knows_the_same_names(kg: KnowledgeGraph, large: KnowledgeGraph) -> None:
    whole, narrow = kg.lexicon, lexicon_of(large)
    assert {iri: sorted(names) for iri, names in narrow.names.items()} == {
        iri: sorted(names) for iri, names in whole.names.items()
    }
    assert narrow.keys == whole.keys
    assert "trial:pivot-02" in slugs(large, "trial")
    assert not slugs(large, "result"), "no list of what a registry has by thousands"
    with pytest.raises(UnknownName, match="Did you mean 'pivot-"):
        large.ask("results", trial="pivot-20")


def test_the_coverage_of_a_large_folder_is_short(
    kg: KnowledgeGraph, large: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "_MOST", 5)
    short, whole = (one.report("coverage").to_text() for one in (large, kg))
    assert f"Results by basis, the first 5 of {len(kg.ask('results-by-basis'))} rows" in short
    assert "`bempeg-kg ask unlinked-entities` lists" in short and "unlinked-entities]" in whole
    assert "the first" not in whole and "kg:Trial " in whole, "classes are counted"


def test_the_page_says_what_to_choose(large: KnowledgeGraph) -> None:
    page = Pages(large, content="test").question("adverse-events", {})
    assert page.status == 400
    assert "Give “trial” or “term”." in page.html
    assert "bempeg-kg ask adverse-events --all" not in page.html
    assert Pages(large, content="test").question("adverse-events", {"trial": "pivot-02"}).status == 200


def test_the_filter_of_a_text_that_is_not_given_is_left_out(kg: KnowledgeGraph) -> None:
    question = kg.questions["hazard-ratios"]
    for given in ({}, {"trial": "pivot-io-001"}):
        assert 'FILTER(?condition = ""' not in bound_query(kg, question, given)
        assert bound_query(kg, question, given).count("\n") == question.sparql.count("\n")
    bound = bound_query(kg, question, {"phase": "3"})
    assert 'FILTER(?phase = ""' in bound
    assert 'FILTER(?condition = ""' not in bound
    bound = bound_query(kg, question, {"condition": "melanoma"})  # its trials stand in its place
    assert "trial/pivot-io-001>" in bound
    assert 'FILTER(?condition = ""' not in bound
    asked = kg.engine.query(question.sparql)
    assert kg.answer(question, {}).rows == getattr(asked, "rows", None)


def test_narrow_lists_parameters_of_the_question(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("#+ summary: which\n#+ narrow: [trial]\nSELECT * { ?s ?p ?o }\n")
    with pytest.raises(InputError, match="narrow is"):
        read_question(SourceFile(str(file), "queries/q.rq", "https://example.org/"))


@pytest.mark.thorough
def test_a_terminal_shows_the_first_rows_and_says_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    query = "SELECT ?s { ?s a ?c } ORDER BY ?s ?c LIMIT 321"
    assert main(["query", query]) == 0
    piped = capsys.readouterr()
    assert piped.out.count("\n") == 323
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["query", query]) == 0
    shown = capsys.readouterr()
    assert "118 of 321 rows are shown" in shown.err
    assert shown.out.count("\n") == 120
    assert main(["query", query, "-o", str(tmp_path / "all.txt")]) == 0
    assert (tmp_path / "all.txt").read_text().count("\n") == 323


def test_an_answer_looks_up_the_labels_of_the_column_that_is_shown(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = kg.ask("results", trial="pivot-02")
    asked: list[str] = []
    query = type(kg.engine).query
    monkeypatch.setattr(
        type(kg.engine), "query", lambda engine, text: asked.append(text) or query(engine, text)
    )
    assert table.label_of
    table.label_of = label_lookup(kg.engine, table)
    assert table.label_of(str(table.column("trial")[0])) == "PIVOT-02"
    assert len(asked) == 1 and "/result/" not in asked[0], "results have thousands of IRIs"
    assert table.label_of("https://example.org/not-in-the-table") == ""
