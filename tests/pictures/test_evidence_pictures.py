"""Forest plots and the timeline: the right numbers, the true levels, and dates no more precise than known."""

from __future__ import annotations

import re
import runpy
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph, NoAnswer, UnknownName
from bempeg_kg.networks import VIEWS
from bempeg_kg.pictures import PLOTS, forest, picture, plot
from bempeg_kg.pictures.axis import Axis
from bempeg_kg.pictures.evidence import hazard_ratios
from bempeg_kg.pictures.flow_drawing import Stage, flow_chart
from bempeg_kg.pictures.scene import Area, Group, Rect
from bempeg_kg.pictures.timeline import timeline
from bempeg_kg.rdf.table import Table
from tests.conftest import ROOT
from tests.pictures.conftest import HOSTILE, quoted, write_programme

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2018, 9, 21)


@pytest.fixture(scope="module")
def charts(kg: KnowledgeGraph) -> Callable[[str], Any]:
    """Draws a plot of the shipped graph, once each."""
    return cache(lambda name: plot(kg, name))


def row_of(chart: Any, statement: str) -> list[str]:
    """The texts of the row of a statement."""
    root = ET.fromstring(chart.to_bytes("svg"))
    (group,) = (one for one in root.iter(f"{SVG}g") if one.get("id") == statement)
    return ["".join(one.itertext()).strip() for one in group.iter(f"{SVG}text")]


def texts(chart: Any) -> list[str]:
    root = ET.fromstring(chart.to_bytes("svg"))
    return ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")]


def test_responses_have_exact_intervals_where_counts_are_known(charts: Any) -> None:
    written = texts(charts("responses"))
    # 20 of 38: beta quantiles 35.8 and 69.0; none of 28: upper limit 1 - 0.025^(1/28)
    assert {"20/38", "52.6", "35.8 to 69.0", "efficacy-evaluable"} <= set(written)
    upper = 100 * (1 - 0.025 ** (1 / 28))
    assert {"0/28", f"0.0 to {upper:.1f}"} <= set(written)


def test_responses_take_printed_intervals_as_they_are(charts: Any) -> None:
    written = texts(charts("responses"))
    assert {"23.0", "18.0 to 28.7"} <= set(written)
    assert "59†/256" in written, "a count that was worked out is marked"


def test_a_rate_without_counts_has_no_interval(charts: Any) -> None:
    row = row_of(charts("responses"), "result:pivot-io-001-bempeg-nivolumab-orr")
    assert row[-4:] == ["not published", "27.7", "no interval", "analysed"]


def test_responses_stand_under_their_disease_and_trial(charts: Any) -> None:
    written = texts(charts("responses"))
    melanoma, renal = written.index("Melanoma"), written.index("Renal cell carcinoma")
    places = [written.index(f"{trial} (ESMO 2022)") for trial in ("PIVOT IO 001", "PIVOT-09")]
    assert melanoma < places[0] < renal < places[1]
    assert "BEMPEG + nivolumab (ESMO 2022)" not in written, "a date that rows share stands once"
    assert "Metastatic melanoma" not in written, "a kind of melanoma stands with the others"
    assert written.count("Melanoma") == 1


def test_every_response_rate_is_drawn_or_listed_as_left_out(charts: Any, kg: KnowledgeGraph) -> None:
    chart = charts("responses")
    drawn = int(re.search(r"(\d+) rows are drawn", chart.description)[1])  # type: ignore[index]
    left = [int(text.split()[0]) for text in texts(chart) if "not drawn" in text]
    assert drawn + sum(left) == len(chart.table) == len(kg.ask("picture-responses"))


def test_hazard_ratios_have_their_true_levels_beside_them(charts: Any) -> None:
    written = texts(charts("hazard-ratios"))
    assert {"1.09", "0.88 to 1.35 (97 %)", "0.3988", "0.56 to 1.21 (99 %)"} <= set(written)
    assert {"0.94", "0.59 to 1.48 (99.929 %)", "0.6361", "0.66 to 0.99"} <= set(written)
    assert sum("95 %" in text for text in written) == 1, "the usual level stands once"
    assert row_of(charts("hazard-ratios"), "contrast:pivot-io-001-os")[-5:-3] == ["391", "392"]
    assert any("No number of events" in text for text in written)
    assert "PIVOT IO 001: BEMPEG + nivolumab vs nivolumab" in written


def test_not_reached_is_written_and_not_drawn_as_a_number(tmp_path: Path) -> None:
    turtle = """x:t a kg:Trial ; rdfs:label "T" .
        x:os a kg:Endpoint ; rdfs:label "overall survival" .
        x:open a kg:Contrast ; kg:trial x:t ; kg:endpoint x:os ; kg:measure <https://example.org/other/hr> ;
            kg:value 0.7 ; kg:printed "0.70" ; kg:lower 0.4 ; kg:lowerPrinted "0.40" ;
            kg:upperStatus kg:notReached ; kg:level 95 .
        x:none a kg:Contrast ; kg:trial x:t ; kg:endpoint x:os ; kg:measure <https://example.org/other/hr> ;
            kg:valueStatus kg:notReached .
    """.replace("<https://example.org/other/hr>", "<https://w3id.org/bempeg-kg/statistic/hazard-ratio>")
    other = KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory")
    chart = hazard_ratios(other)
    written = texts(chart)
    assert {"0.70", "not reached"} <= set(written)
    assert any(text.startswith("0.40 to not reached") for text in written)
    assert any("1 not drawn (without an estimate)" in text for text in written)


def test_the_size_of_a_group_that_is_not_named_is_not_stated(tmp_path: Path) -> None:
    turtle = """x:t a kg:Trial ; rdfs:label "T" . x:os a kg:Endpoint ; rdfs:label "overall survival" .
        x:a a kg:AnalysisGroup ; rdfs:label "A" ; kg:trial x:t .
        x:all a kg:AnalysisSet ; kg:trial x:t .
        x:part a kg:AnalysisSet ; kg:subsetOf x:all ; kg:group x:a ; kg:size 349 ; kg:trial x:t .
        x:one a kg:Contrast ; kg:trial x:t ; kg:endpoint x:os ; kg:measure <MEASURE> ;
            kg:analysisSet x:all ; kg:comparedGroup x:a ; kg:value 0.7 ; kg:printed "0.70" .
    """.replace("MEASURE", "https://w3id.org/bempeg-kg/statistic/hazard-ratio")
    other = KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory")
    (row,) = other.ask("picture-hazard-ratios")
    assert (row["comparedSize"], row["referenceSize"]) == (349, None)


def test_a_hazard_ratio_names_whom_each_side_favours(charts: Any) -> None:
    written = " ".join(texts(charts("hazard-ratios")))
    assert "← favours BEMPEG + nivolumab" in written and "favours TKI →" in written


def test_what_a_side_favours_does_not_cross_the_line_of_no_difference() -> None:
    axis = Axis(0.5, 2.5, 300.0, 520.0, log=True)
    long = "favours the extraordinarily-long-name-of-a-comparator (Overall Cardiovascular Study) →"
    shapes = forest._sides((f"← {long}", long), axis, 20.0)
    papers = [shape for shape in shapes if isinstance(shape, Rect)]
    line = axis.at(1.0)
    assert {paper.x < line for paper in papers} == {True, False}
    assert all(paper.x + paper.width <= line or paper.x >= line for paper in papers)


def test_an_arrow_leads_to_every_group_of_a_flow() -> None:
    arms = {
        name: [Stage("enrolled", "n = 9"), Stage("not completed", "n = 1", aside=True, reasons=("Death: 1",))]
        for name in "abcd"
    }
    chart = flow_chart("A flow", [Stage("enrolled", "n = 36")], arms, {}, [], Table(["a"], []), "wide")
    boxes = [one for shape in chart.figure.shapes if isinstance(shape, Group) for one in shape.shapes]
    heads = {
        (box.x + box.width / 2, box.y) for box in boxes if isinstance(box, Rect) and box.fill == "#d5e5f5"
    }
    tips = {shape.points[0] for shape in chart.figure.shapes if isinstance(shape, Area)}
    assert len(heads) == 4 and heads <= tips


def test_safety_pairs_randomised_arms_by_difference(charts: Any, kg: KnowledgeGraph) -> None:
    chart = charts("safety")
    written = texts(chart)
    differences = [text for text in written if re.match(r"[+-]\d", text)]
    # 288/355 - 251/359; 78/355 - 43/359; 67/355 - 35/359, in percentage points
    assert [text.split()[0] for text in differences] == ["+11.2", "+10.0", "+9.1"]
    assert {"288/355 vs 251/359", "▲ 3 or 4", "38.8", "25.2 to 53.8"} <= set(written)
    assert any("not the same as none" in text for text in written)
    assert len(chart.table) == len(kg.ask("picture-safety"))


def test_timeline_has_each_dated_trial_and_event(charts: Any, kg: KnowledgeGraph) -> None:
    chart = charts("timeline")
    written = texts(chart)
    assert {"PIVOT IO 001", "PIVOT-02", "EXCEL"} <= set(written)
    assert any(text.startswith("Without a bar, as no start date is known") for text in written)
    events = {row["event"] for row in kg.ask("picture-lineage-events")}
    assert sum(row["type"] != "trial" for row in chart.table) == len(events)


def test_dates_are_as_precise_as_they_are_known(charts: Any) -> None:
    written = texts(charts("timeline"))
    dates = {text.split()[0] for text in written if re.match(r"\d{4}-", text)}
    assert {"2018-11", "2022-03-14"} <= dates, "of the first only the month is known"
    assert not any(text.startswith("2018-11-") for text in written)


def test_timeline_as_of_a_day_knows_nothing_later(kg: KnowledgeGraph) -> None:
    chart = timeline(kg.as_of(DAY))
    assert "as it was public on 2018-09-21" in chart.title
    dates = [str(row["date"]) for row in chart.table]
    assert dates and max(dates) <= DAY.isoformat()
    assert any(row["what"].startswith("PIVOT IO 001") for row in chart.table)
    assert not any("stop" in row["what"] for row in chart.table)
    assert not any("breakthrough" in text for text in texts(chart))


@pytest.mark.parametrize("name", PLOTS)
def test_pictures_can_be_read_aloud_and_are_the_same_each_time(name: str, kg: KnowledgeGraph) -> None:
    body = plot(kg, name).to_bytes("svg")
    root = ET.fromstring(body)
    assert root.get("role") == "img" and root.get("aria-labelledby") == "picture-title picture-description"
    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
    assert body == plot(kg, name).to_bytes("svg")
    assert b"<script" not in body


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_other_formats(form: str, kg: KnowledgeGraph) -> None:
    body = plot(kg, "hazard-ratios").to_bytes(form)
    assert body.startswith({"png": b"\x89PNG\r\n", "pdf": b"%PDF-"}[form])


def test_hostile_labels_are_written_as_they_stand(tmp_path: Path) -> None:
    turtle = "".join(
        f"x:e{number} a kg:Event ; rdfs:label {quoted(label)} ;"
        " kg:date '2020'^^xsd:gYear ; kg:eventType 'x' .\n"
        for number, label in enumerate(HOSTILE)
    )
    other = KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory")
    written = "".join(texts(timeline(other))).replace(" ", "")
    for label in HOSTILE:
        assert label.replace(" ", "") in written, "a long label may break at any space or slash"


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_to_draw_is_reported(name: str, programme: Path) -> None:
    with pytest.raises(NoAnswer, match="nothing to draw"):
        plot(KnowledgeGraph.open(programme, engine="memory"), name)


def test_unknown_plot(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="'respones'") as raised:
        plot(kg, "respones")
    assert "responses" in str(raised.value)


@pytest.mark.thorough
def test_the_pictures_of_the_documentation_are_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "pictures" / "make.py"))["bodies"]("svg")
    for name, body in made.items():
        kept = ET.parse(ROOT / "docs" / "pictures" / f"{name}.svg").getroot()
        now = ET.fromstring(body)
        assert spoken(kept) == spoken(now), f"{name}.svg is out of date; run: python docs/pictures/make.py"


def spoken(root: ET.Element) -> list[str]:
    """All text of a picture; what is not text depends on the release of the library that drew it."""
    return ["".join(one.itertext()) for one in root.iter() if one.tag in (f"{SVG}text", f"{SVG}desc")]


@pytest.mark.parametrize("name", [*PLOTS, *VIEWS])
def test_every_picture_fits_a_column_of_print_and_a_phone(name: str, kg: KnowledgeGraph) -> None:
    for shape, width in (("wide", 944), ("narrow", 358)):
        root = ET.fromstring(picture(kg, name, "svg", shape=shape))
        assert float(root.get("width", "")) <= width, "13 px at 944 px are 7 pt at 180 mm"
        assert min(float(one.get("font-size", "")) for one in root.iter(f"{SVG}text")) >= 12
