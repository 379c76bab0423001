"""Forest plots and the timeline: the right numbers, the true levels, and dates no more precise than known."""

from __future__ import annotations

import re
import runpy
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph, NoAnswer, UnknownName
from bempeg_kg.pictures import PLOTS, plot
from bempeg_kg.pictures.evidence import hazard_ratios, responses, safety
from bempeg_kg.pictures.timeline import timeline
from tests.conftest import ROOT
from tests.pictures.conftest import HOSTILE, quoted, write_programme

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2018, 9, 21)


def texts(chart: Any) -> list[str]:
    root = ET.fromstring(chart.to_bytes("svg"))
    return ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")]


def test_responses_have_exact_intervals_where_counts_are_known(kg: KnowledgeGraph) -> None:
    written = texts(responses(kg))
    # 20 of 38: beta quantiles 35.8 and 69.0; none of 28: upper limit 1 - 0.025^(1/28)
    assert "52.6 % (35.8 to 69.0), efficacy-evaluable" in written
    upper = 100 * (1 - 0.025 ** (1 / 28))
    assert any(text.startswith(f"0 % (0.0 to {upper:.1f})") for text in written)


def test_responses_take_printed_intervals_as_they_are(kg: KnowledgeGraph) -> None:
    written = texts(responses(kg))
    assert any(text.startswith("23.0 % (18.0 to 28.7)") for text in written)
    assert any(text == "59† / 256" for text in written), "a count that was worked out is marked"


def test_a_rate_without_counts_has_no_interval(kg: KnowledgeGraph) -> None:
    written = texts(responses(kg))
    assert any(text.startswith("27.7 % (no interval)") for text in written)
    assert "not published" in written


def test_every_response_rate_is_drawn_or_said_to_be_left_out(kg: KnowledgeGraph) -> None:
    chart = responses(kg)
    drawn = int(re.search(r"(\d+) estimates are drawn", chart.description)[1])  # type: ignore[index]
    left = [int(text.split()[0]) for text in texts(chart) if "not drawn" in text]
    assert drawn + sum(left) == len(chart.table) == len(kg.ask("picture-responses"))


def test_hazard_ratios_have_their_true_levels_beside_them(kg: KnowledgeGraph) -> None:
    written = texts(hazard_ratios(kg))
    assert "1.09 (0.88 to 1.35; 97 %), p = 0.3988, favours nivolumab" in written
    assert "0.82 (0.56 to 1.21; 99 %), p = 0.19, favours BEMPEG + nivolumab" in written
    assert "0.94 (0.59 to 1.48; 99.929 %), p = 0.6361, favours BEMPEG + nivolumab" in written
    assert "0.80 (0.66 to 0.99), favours relatlimab + nivolumab" in written, "the usual level stands once"
    assert sum("95 % interval" in text for text in written) == 1
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
    assert "0.70 (0.40 to not reached)" in written
    assert "not reached" in written
    assert any("1 not drawn (without an estimate)" in text for text in written)


def test_safety_groups_by_attribution_and_grade(kg: KnowledgeGraph) -> None:
    chart = safety(kg)
    written = texts(chart)
    assert "treatment-related, grade 3 or 4" in written
    assert any(text.startswith("38.8 % (25.2 to 53.8)") for text in written)
    assert any("not the same as none" in text for text in written)
    assert len(chart.table) == len(kg.ask("picture-safety"))


def test_timeline_has_each_dated_trial_and_event(kg: KnowledgeGraph) -> None:
    chart = timeline(kg)
    written = texts(chart)
    assert {"PIVOT IO 001", "PIVOT-02", "EXCEL"} <= set(written)
    assert any(text.startswith("Without a bar, as no start date is known") for text in written)
    events = {row["event"] for row in kg.ask("picture-lineage-events")}
    assert sum(row["type"] != "trial" for row in chart.table) == len(events)


def test_dates_are_as_precise_as_they_are_known(kg: KnowledgeGraph) -> None:
    written = texts(timeline(kg))
    assert "2018-11" in written, "of this only the month is known"
    assert "2022-03-14" in written
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
    assert b"http://www.w3.org/1999/xlink" in body and b"<script" not in body


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
    written = " ".join(texts(timeline(other)))
    for label in HOSTILE:
        assert label.split()[0] in written


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_to_draw_is_said(name: str, programme: Path) -> None:
    with pytest.raises(NoAnswer, match="nothing to draw"):
        plot(KnowledgeGraph.open(programme, engine="memory"), name)


def test_unknown_plot(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="'respones'") as raised:
        plot(kg, "respones")
    assert "responses" in str(raised.value)


def test_the_pictures_of_the_documentation_are_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "pictures" / "make.py"))["bodies"]("svg")
    for name, body in made.items():
        kept = ET.parse(ROOT / "docs" / "pictures" / f"{name}.svg").getroot()
        now = ET.fromstring(body)
        assert spoken(kept) == spoken(now), f"{name}.svg is out of date; run: python docs/pictures/make.py"


def spoken(root: ET.Element) -> list[str]:
    """All text of a picture; what is not text depends on the release of the library that drew it."""
    return ["".join(one.itertext()) for one in root.iter() if one.tag in (f"{SVG}text", f"{SVG}desc")]
