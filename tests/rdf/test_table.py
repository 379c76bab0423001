from __future__ import annotations

import csv
import datetime
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, parse_query_results

from bempeg_kg import Table, UnknownName
from bempeg_kg.rdf.text_table import display_width, fit, fitting

XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = [
    NamedNode("https://w3id.org/bempeg-kg/trial/pivot-02"),
    BlankNode("b0"),
    Literal('a "b"\n\tc\\'),
    Literal("Würzburg", language="de"),
    Literal("36.0", datatype=NamedNode(XSD + "decimal")),
    Literal("2019", datatype=NamedNode(XSD + "gYear")),
    Literal(7),
    None,
]


def table() -> Table:
    return Table(["a", "b"], [(term, Literal("x")) for term in TERMS])


@pytest.mark.parametrize("form", [QueryResultsFormat.TSV, QueryResultsFormat.JSON])
def test_w3c_formats_are_read_back_by_another_implementation(form: QueryResultsFormat) -> None:
    text = table().to_tsv() if form == QueryResultsFormat.TSV else table().to_json()
    results = [tuple(row) for row in parse_query_results(text.encode(), format=form)]
    assert results == table().rows


def test_csv_is_bare_values_with_crlf() -> None:
    text = table().to_csv()
    assert text.startswith("a,b\r\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1][0] == "https://w3id.org/bempeg-kg/trial/pivot-02"
    assert rows[3][0] == 'a "b"\n\tc\\'
    assert rows[5][0] == "36.0"
    assert rows[8][0] == ""


def test_json_names_all_columns_and_leaves_out_unbound() -> None:
    document = json.loads(table().to_json())
    assert document["head"]["vars"] == ["a", "b"]
    assert "a" not in document["results"]["bindings"][-1]


def test_rows_are_python_values() -> None:
    values = table().column("a")
    assert values[4] == Decimal("36.0")
    assert str(values[4]) == "36.0"
    assert values[6] == 7
    assert values[7] is None
    small_table = Table.of(["day"], [[datetime.date(2022, 3, 14)]])
    assert small_table[0] == {"day": datetime.date(2022, 3, 14)}


def test_unknown_column_proposes_one() -> None:
    with pytest.raises(UnknownName, match="colour"):
        Table.of(["colours"], []).column("colour")


def test_html_and_markdown_escape() -> None:
    small_table = Table.of(["<i>"], [["<script>|`"]])
    assert "<script>" not in small_table.to_html() + small_table.to_markdown()
    assert "<th scope=" in small_table._repr_html_()
    assert "\\|" in small_table.to_markdown()


def test_html_links_only_to_the_web() -> None:
    small_table = Table(["x"], [(NamedNode("javascript:alert(1)"),)])
    assert "href" not in small_table.to_html()


cells = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=4), st.integers(20, 120))
def test_text_fits_the_width_and_keeps_every_letter(rows: list[list[str]], width: int) -> None:
    text = fit(["first", "second", "third"], rows, width)
    assert all(display_width(line) <= width for line in text.splitlines())
    wanted = sorted(
        char for row in rows for cell in row for char in cell if char.isprintable() and char != " "
    )
    body = text.split("\n", 2)[2] if text.startswith("first  ") and "\n---" in text else text
    for char in set(wanted) - set("firstecondh-"):
        assert body.count(char) >= wanted.count(char)


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in Table.of(["x"], [["\x1b[31mred"]]).to_text(40)


def test_a_word_stays_whole_where_its_neighbours_can_break_after_a_hyphen() -> None:
    rows = [["RELATIVITY-047", "pembrolizumab", "relativity047-digest"]]
    lines = fit(["trial", "group", "source"], rows, 42).splitlines()
    assert lines[2:] == ["RELATIVITY-  pembrolizumab  relativity047-", "047                         digest"]


@pytest.mark.parametrize("room", range(40, 64, 4))
def test_a_heading_is_broken_between_its_words_alone(room: int) -> None:
    names = ["acronym", "primaryCompletion", "set_kind", "months"]
    text = Table.of(names, [["NCT03418623", "2020-03-13", "completed", "3"]]).to_text(room)
    head, is_ruled, _ = text.partition("\n-")
    assert is_ruled
    assert set(head.split()) <= {*names, "primary", "Completion", "set_", "kind"}


def test_a_narrow_table_keeps_the_value_and_what_tells_rows_apart() -> None:
    columns = ["trial", "timeFrame", "group", "printed", "N"]
    rows = [["NCT1", "every 3 months", arm, "11.1", "47"] for arm in ("Arm A", "Arm B")]
    assert fitting(columns, rows, 27, {"printed"}) == ["trial", "group", "printed"]
    assert fitting(columns, rows, 10, {"printed"}) == ["group", "printed"], "however narrow it is"


def test_rows_with_other_values_differ_in_a_shown_column() -> None:
    columns = ["endpoint", "class", "organ", "printed", "N", "source"]
    rows = [
        ["peak VO2", name, "heart", value, n, TERMS[0]]
        for name, value, n in (("1", "13.4", 9), ("2", "13.7", 8))
    ]
    told = Table.of(columns, rows).telling(["endpoint", "printed"])
    assert told == ["endpoint", "class", "printed"]
    assert Table.of(columns, rows[:1]).telling(["endpoint", "printed"]) == ["endpoint", "printed"]


def test_records_stand_for_a_table_that_breaks_words_and_is_longer_and_have_all_columns() -> None:
    words = "Cardiovascular Hospitalisation Non-fatal Myocardial Infarction"
    table = Table.of(["endpoint", "compared", "measure", "printed"], [[words, "A", words, "1"]] * 2)
    kept = table.fitting(24, {"endpoint", "compared", "measure"})
    assert kept.columns == table.columns
    assert kept.to_text(24).startswith("endpoint  Cardiovascular\n          Hospitalisatio\n")
