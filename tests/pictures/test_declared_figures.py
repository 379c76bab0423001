"""Declared figures: questions declare what fits their answer; counts and dates are drawn as they are."""

from __future__ import annotations

import re

import pytest

from bempeg_kg import KnowledgeGraph, NoAnswer
from bempeg_kg.pictures.figures import FIGURES, figure
from bempeg_kg.questions.header import FIGURES as DECLARABLE
from bempeg_kg.rdf.table import Table, Term
from bempeg_kg.web.pages import figures

EVENTS = Table.of(
    ["what", "day", "until"],
    [["start", "2018-02-13", "2018-11"], ["end", "2022", None], ["plan", None, None], ["end", "2022", None]],
)
COUNTED = {"kind": "counts", "title": "Events", "label": ["what"]}
DATED = {"kind": "dates", "title": "Days", "label": ["what"], "value": "day", "second": "until"}


def text(term: Term) -> str:
    return str(getattr(term, "value", term or ""))


def widths(drawn: str) -> list[float]:
    return [float(one) for one in re.findall(r'class="bar"[^>]* width="([\d.]+)"', drawn)]


def test_most_questions_with_something_to_see_declare_a_figure(kg: KnowledgeGraph) -> None:
    declared = [question for question in kg.questions if question.figure]
    assert len(declared) >= 78
    assert set(FIGURES) | {"timeline", "flow", "pathway"} == set(DECLARABLE)


@pytest.mark.parametrize("name", ["sources", "decisions", "deals", "how-certain", "programme-trials"])
def test_a_figure_has_more_than_one_mark(kg: KnowledgeGraph, name: str) -> None:
    table = kg.ask(name)
    question = next(one for one in kg.questions if one.name == name)
    assert figures.figure(question.figure, table, text).count('class="mark"') > 1
    for shape in ("wide", "narrow"):
        assert figure(question.figure, table, shape=shape).to_bytes("svg").startswith(b"<svg")


def test_counts_are_bars_as_long_as_the_number_of_rows() -> None:
    page = str(figures.figure(COUNTED, EVENTS, text))
    ends, *others = widths(page)
    assert others == pytest.approx([ends / 2, ends / 2], abs=0.2)
    assert 'data-row="1 3"' in page, "a mark knows the rows that it counts"
    picture = figure(COUNTED, EVENTS).to_bytes("svg").decode()
    assert picture.index(">end<") < picture.index(">start<"), "the most first"


def test_dates_stand_on_an_axis_of_whole_years_and_rows_without_one_are_counted() -> None:
    for drawn in (
        str(figures.figure(DATED, EVENTS, text)),
        figure(DATED, EVENTS).to_bytes("svg").decode(),
    ):
        assert all(f">{year}<" in drawn for year in range(2018, 2024)) and ">2018.5<" not in drawn
        assert ">plan<" not in drawn and drawn.count(">end<") == 1
    assert "1 row is not drawn (without a date)" in figure(DATED, EVENTS).to_bytes("svg").decode()
    assert "2 of 3 rows are drawn" in str(figures.figure(DATED, EVENTS, text))


def test_what_holds_no_date_or_label_is_not_drawn() -> None:
    empty = Table.of(["what", "day", "until"], [[None, "soon", None]])
    for declared in (COUNTED, DATED):
        assert not figures.figure(declared, empty, text)
        with pytest.raises(NoAnswer):
            figure(declared, empty)


def test_a_level_that_is_not_95_stands_beside_its_interval(kg: KnowledgeGraph) -> None:
    drawn = kg.ask("hazard-ratios").plot().to_bytes("svg").decode()
    assert "0.59 to 1.48 (99.929 %)" in drawn
    answer = kg.ask("hazard-ratios")
    page = str(figures.figure(answer.question.figure, answer, text))
    assert "0.94 (0.59 to 1.48, 99.929 %)" in page
    assert "0.80 (0.66 to 0.99)" in page


def test_a_limit_that_was_not_reached_is_said(kg: KnowledgeGraph) -> None:
    answer = kg.ask("survival-medians")
    assert "22.14 to not reached" in answer.plot().to_bytes("svg").decode()
    assert "29.67 (22.14 to not reached)" in str(figures.figure(answer.question.figure, answer, text))


def test_every_figure_with_limits_names_their_level_where_the_answer_has_one(kg: KnowledgeGraph) -> None:
    for question in kg.questions:
        if "lower" in question.figure and "?level" in question.sparql.partition("WHERE")[0]:
            assert question.figure.get("level") == "level", question.name
