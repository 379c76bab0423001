"""Declared figures: questions declare what fits their answer; the page and the files draw the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph, NoAnswer
from bempeg_kg.errors import UsageError
from bempeg_kg.pictures.figures import FIGURES, figure
from bempeg_kg.questions.header import _FIGURE_FIELDS
from bempeg_kg.questions.header import FIGURES as DECLARABLE
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.figures import declared_figure

SVG = "{http://www.w3.org/2000/svg}"
EVENTS = Table.of(
    ["what", "day", "until"],
    [["start", "2018-02-13", "2018-11"], ["end", "2022", None], ["plan", None, None], ["end", "2022", None]],
)
COUNTED = {"kind": "counts", "title": "Events", "label": ["what"]}
DATED = {"kind": "dates", "title": "Days", "label": ["what"], "value": "day", "second": "until"}


def drawn(declared: dict[str, Any], table: Table, **options: Any) -> str:
    return figure(declared, table, **options).to_bytes("svg").decode()


def rows_of(svg: str) -> list[list[str]]:
    """The texts of each row, from top to bottom, with the places of its rows of the table first."""
    groups = [one for one in ET.fromstring(svg).iter(f"{SVG}g") if one.get("class") == "row"]
    return [
        [one.get("data-row", ""), *(part.text or "" for part in one.iter(f"{SVG}text"))] for one in groups
    ]


def test_most_questions_with_something_to_see_declare_a_figure(kg: KnowledgeGraph) -> None:
    declared = [question for question in kg.questions if question.figure]
    assert len(declared) >= 78
    assert set(FIGURES) | {"timeline", "flow", "pathway"} == set(DECLARABLE)
    roles = {role for kind in FIGURES.values() for role in (*kind.needs, *kind.takes)}
    assert roles <= _FIGURE_FIELDS, "a header can declare every role"


@pytest.mark.parametrize("name", ["sources", "decisions", "deals", "how-certain", "programme-trials"])
def test_a_figure_has_more_than_one_mark(kg: KnowledgeGraph, name: str) -> None:
    answer = kg.ask(name)
    page = declared_figure(kg, answer.question, answer, Terms(kg).label)
    assert page and page.wide.count('class="row"') > 1 and 'class="plot phone"' in page.phone
    for shape in ("wide", "narrow"):
        assert drawn(answer.question.figure, answer, shape=shape).startswith("<svg")


@pytest.mark.thorough
def test_every_declared_figure_can_be_drawn_of_the_answer(kg: KnowledgeGraph) -> None:
    wider = kg.with_signals()
    for question in kg.questions:
        if question.figure.get("kind") in FIGURES and not question.live:
            answer = (wider if question.data else kg).ask(question.name)
            if answer.rows:
                assert rows_of(drawn(question.figure, answer)) or question.figure["kind"] == "curve", (
                    question.name
                )
            words = (
                (question.figure.get("unit"), *question.figure["label"]) if "label" in question.figure else ()
            )
            assert question.figure["kind"] != "counts" or words[0], f"{question.name}: what is counted"


def test_counts_are_bars_as_long_as_the_number_of_rows() -> None:
    picture = drawn(COUNTED, EVENTS)
    ends, *others = [float(one) for one in re.findall(r'width="([\d.]+)" height="12"', picture)]
    assert others == pytest.approx([ends / 2, ends / 2], abs=0.2)
    first, *_ = rows_of(picture)
    assert first[:2] == ["1 3", "end"], "the most first, and a mark knows the rows that it counts"


def test_dates_stand_on_an_axis_of_whole_years_and_rows_without_one_are_counted() -> None:
    picture = drawn(DATED, EVENTS)
    assert all(f">{year}<" in picture for year in range(2018, 2024)) and ">2018.5<" not in picture
    assert ">plan<" not in picture and picture.count(">end<") == 1
    assert "1 row is not drawn (without a date)" in picture


def test_what_holds_no_date_or_label_is_not_drawn(kg: KnowledgeGraph) -> None:
    empty = Table.of(["what", "day", "until"], [[None, "soon", None]])
    for declared in (COUNTED, DATED):
        with pytest.raises(NoAnswer):
            figure(declared, empty)


def test_rows_come_in_the_order_in_which_the_sentence_tells_them(kg: KnowledgeGraph) -> None:
    answer = kg.ask("treatment-effects")
    picture = answer.plot().to_bytes("svg").decode()
    assert answer.sentence.startswith("In PIVOT IO 001")
    trials = [picture.index(name) for name in ("PIVOT IO 001", "PIVOT-09", "CheckMate 067")]
    assert trials == sorted(trials)
    first = rows_of(picture)[0]
    assert first[1].startswith("progression-free survival") and first[-1] == "0.88 to 1.35 (97 %)"
    places = [int(row[0].split()[0]) for row in rows_of(picture)]
    assert answer["estimate"][places[0]] == "1.09", "a mark knows its row of the table"


def test_a_plot_of_ratios_names_the_arm_that_each_side_favours(kg: KnowledgeGraph) -> None:
    page = declared_figure(kg, (answer := kg.ask("treatment-effects")).question, answer, Terms(kg).label)
    assert page and "← favours" in page.wide and "favours TKI →" in page.wide


def test_a_row_in_another_unit_is_drawn_by_its_counts(kg: KnowledgeGraph) -> None:
    shares = {
        "kind": "forest", "title": "x", "label": ["what"], "value": "printed", "unit": "%", "units": "unit",
        "count": "n", "total": "N",
    }  # fmt: skip
    table = Table.of(
        ["what", "printed", "unit", "n", "N"],
        [
            ["a", "2", "participants", 2, 17],
            ["b", "3", "events", None, None],
            ["c", "9", "percent", None, None],
        ],
    )
    assert [row[1:] for row in rows_of(drawn(shares, table))] == [
        ["a", "2/17", "11.8", "1.5 to 36.4"],
        ["c", "not published", "9", "no interval"],
    ]


def test_a_level_that_is_not_95_stands_beside_its_interval(kg: KnowledgeGraph) -> None:
    picture = kg.ask("hazard-ratios").plot().to_bytes("svg").decode()
    assert "0.59 to 1.48 (99.929 %)" in picture and ">0.66 to 0.99<" in picture
    assert "90 % interval" in kg.ask("signal-hindcast").plot().to_bytes("svg").decode()


def test_a_limit_that_was_not_reached_is_said(kg: KnowledgeGraph) -> None:
    assert "22.14 to not reached" in kg.ask("survival-medians").plot().to_bytes("svg").decode()


def test_every_figure_with_limits_names_their_level_where_the_answer_has_one(kg: KnowledgeGraph) -> None:
    wider = kg.with_signals()
    for question in kg.questions:
        if "lower" in question.figure:
            held = (wider if question.data else kg).ask(question.name).columns
            wanted = "level" if "level" in held else 90
            assert question.figure.get("level") == wanted, question.name


def test_what_is_beyond_the_most_rows_is_counted_as_such() -> None:
    table = Table.of(["what", "x"], [["a", 1], ["b", 2], ["c", 3]])
    declared = {"kind": "bars", "title": "x", "label": ["what"], "value": "x"}
    assert "The first 2 of 3 rows are drawn" in drawn(declared, table, most=2)
    assert "without a number" not in drawn(declared, table, most=2)


@pytest.mark.parametrize("values", [[-5.0, -5.0], [0.0, 0.0], [-5.0, -1.0], [1e20, 1e20]])
def test_a_curve_of_any_numbers_is_drawn(values: list[float]) -> None:
    table = Table.of(["x", "y"], [[values[0], values[0]], [values[0], values[1]]])
    svg = drawn({"kind": "curve", "title": "t", "value": "y", "second": "x"}, table)
    assert svg.startswith("<svg") and "nan" not in svg


@pytest.mark.parametrize("reference", ["one", "nan", [1]])
def test_a_reference_is_a_number(reference: object) -> None:
    declared = {"kind": "forest", "title": "t", "label": ["a"], "value": "b", "reference": reference}
    with pytest.raises(UsageError, match="reference of a figure is a number"):
        drawn(declared, Table.of(["a", "b"], [["x", 1.0]]))
