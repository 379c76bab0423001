"""The mechanism as cells: what stands where comes from the graph, and the picture can be read."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import InputError, KnowledgeGraph
from bempeg_kg.networks import main_part, view
from bempeg_kg.networks.path import holds_in
from bempeg_kg.pictures import graph_picture
from bempeg_kg.pictures.cell_shapes import weight
from bempeg_kg.pictures.drawing import draw, drawn_part
from bempeg_kg.pictures.lanes import Layout, in_nucleus, placed_links, read_layout
from bempeg_kg.pictures.scene import SHAPES
from bempeg_kg.pictures.svg import svg
from bempeg_kg.pictures.words import text_width
from tests.pictures.conftest import step, write_programme

SVG = "{http://www.w3.org/2000/svg}"
TABLE = Path(__file__).parents[2] / "data/mechanism.lanes.toml"


@pytest.fixture(scope="module")
def layout() -> Layout:
    return read_layout(TABLE.read_text(encoding="utf-8"), "wide")


@pytest.fixture(scope="module")
def root(views: Any) -> ET.Element:
    return ET.fromstring(graph_picture(views["signalling-main"], "svg"))


@pytest.fixture(scope="module")
def phone(views: Any) -> ET.Element:
    return ET.fromstring(svg(draw(views["signalling-main"], shape="narrow")))


def elements(root: ET.Element, kind: str) -> dict[str, ET.Element]:
    return {str(one.get("id")): one for one in root.iter() if one.get("class") == kind}


def rectangle(element: ET.Element) -> tuple[float, float, float, float]:
    box = next(element.iter(f"{SVG}rect"))
    x, y, width, height = (float(str(box.get(name))) for name in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_place_and_bend_is_of_something_in_the_graph(views: Any, shape: str) -> None:
    graph, layout = views["signalling-main"], read_layout(TABLE.read_text(encoding="utf-8"), shape)
    assert {place.node for place in layout.centres} <= set(graph)
    assert set(layout.bends) <= {link.id for link in placed_links(graph, layout)}
    assert {cell for lane in layout.lanes.values() for cell in lane.cells} <= set(graph)


def test_the_dimer_is_on_the_effector_and_the_trimer_on_the_treg(views: Any, layout: Layout) -> None:
    graph = views["signalling-main"]
    assert layout.lanes_of("complex:il2r-bg-complex") == ["effector"]
    assert layout.lanes_of("complex:il2r-abg-complex") == ["treg"]
    for key, lane in (("il2r-bg-complex", "effector"), ("il2r-abg-complex", "treg")):
        edge = graph["drug:bempeg-active-conjugates"][f"complex:{key}"]
        held = holds_in(edge[f"step:active-conjugates-agonist-of-{key}"])
        assert held & layout.lanes[lane].cells


def test_every_step_in_a_lane_holds_in_its_cells(views: Any, layout: Layout) -> None:
    for link in placed_links(views["signalling-main"], layout):
        lanes = {place.lane for place in (link.start, link.end)} & set(layout.lanes)
        held = holds_in(link.edge)
        if held and lanes:
            # a step of a T cell on something of the tumour cell stands between both
            cells = frozenset().union(*(layout.lanes[lane].cells for lane in lanes))
            assert held & cells or len(lanes) == 1, link.id


def test_the_nucleus_holds_what_acts_there(views: Any, layout: Layout) -> None:
    links = placed_links(views["signalling-main"], layout)
    assert {place.id for place in in_nucleus(links)} == {"protein:stat5@treg", "protein:stat5@effector"}


def test_the_intended_action_is_the_heaviest_line(views: Any) -> None:
    edges = {key: edge for *_, key, edge in views["signalling-main"].edges(keys=True, data=True)}
    dimer = weight(edges["step:active-conjugates-agonist-of-il2r-bg-complex"])
    trimer = weight(edges["step:active-conjugates-agonist-of-il2r-abg-complex"])
    assert dimer == max(map(weight, edges.values())) and dimer > 2 * trimer


def test_chains_are_drawn_as_the_statements_say(kg: KnowledgeGraph, layout: Layout) -> None:
    graph = view(kg, "signalling")
    part = graph["drug:bempegaldesleukin"]["drug:peg-linker"]["step:bempeg-has-part-peg-linker"]
    assert "six" in part["qualifier"] and layout.chains["drug:bempegaldesleukin"] == [6]
    assert "1- and 2-PEG" in graph.nodes["drug:bempeg-active-conjugates"]["short"]
    assert layout.chains["drug:bempeg-active-conjugates"] == [1, 2]


@pytest.mark.parametrize("shape", ["root", "phone"])
def test_no_box_covers_another_and_all_are_on_the_canvas(shape: str, request: Any) -> None:
    root = request.getfixturevalue(shape)
    width, height = float(str(root.get("width"))), float(str(root.get("height")))
    boxes = {name: rectangle(one) for name, one in elements(root, "node").items()}
    frames = {name for name in boxes if name.startswith("complex:il2r-")}
    for one, (left, top, right, bottom) in boxes.items():
        assert left >= 0 and top >= 0 and right <= width and bottom <= height, one
    for one, other in itertools.combinations(sorted(set(boxes) - frames), 2):
        (a, b, c, d), (e, f, g, h) = boxes[one], boxes[other]
        assert a >= g or e >= c or b >= h or f >= d, (one, other)


def test_text_is_large_enough_for_print_and_page(root: ET.Element) -> None:
    width = float(str(root.get("width")))
    smallest = min(
        float(str(one.get("font-size"))) for one in root.iter(f"{SVG}text") if len(one.text or "") > 2
    )
    assert smallest * (180 / 25.4 * 72) / width >= 6.7, "pt at 180 mm"
    assert smallest >= 12 and width <= 1280


def test_on_a_phone_the_lanes_stand_below_each_other_in_legible_text(phone: ET.Element) -> None:
    layout = read_layout(TABLE.read_text(encoding="utf-8"), "narrow")
    treg, effector, tumour = (layout.lanes[name].box for name in ("treg", "effector", "tumour"))
    assert treg[1] + treg[3] < effector[1] and effector[1] + effector[3] < tumour[1]
    assert float(str(phone.get("width"))) <= 390 - 2 * 16
    for one in phone.iter(f"{SVG}text"):
        words, bold, size = (
            one.text or "",
            one.get("font-weight") is not None,
            float(str(one.get("font-size"))),
        )
        assert size >= 12 or len(words) == 1, words
        if one.get("text-anchor") == "start":
            assert float(str(one.get("x"))) + text_width(words, size, bold) <= 358, words


def test_a_table_without_a_narrow_layout_gives_the_wide_one() -> None:
    text = '[wide]\nsize=[9,9]\n[wide.cells.t]\ncells=["cell:t"]\nbox=[0,0,5,5]\n[wide.cells.t.places]\n'
    assert read_layout(text, "narrow").width == 9


def test_what_is_left_out_is_counted(root: ET.Element, views: Any) -> None:
    drawn = drawn_part(views["signalling-main"])
    whole = views["signalling"]
    assert str(drawn.graph["left_out"]).startswith(f"{len(whole) - len(drawn)} nodes and ")
    written = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert drawn.graph["left_out"] in written
    nodes = {name.partition("@")[0] for name in elements(root, "node")}
    assert nodes == set(drawn)
    assert f"{len(drawn)} nodes" in str(root.findtext(f"{SVG}desc"))


def test_another_programme_falls_back_to_layers(tmp_path: Path) -> None:
    turtle = "".join(
        f'<https://example.org/other/process/p{n}> a kg:BiologicalProcess ; rdfs:label "p{n}" .\n'
        for n in (1, 2)
    )
    turtle += step("s1", "<https://example.org/other/process/p1>", "<https://example.org/other/process/p2>")
    kg = KnowledgeGraph.open(write_programme(tmp_path / "other", turtle), engine="memory")
    graph = main_part(view(kg, "signalling"))
    assert "lanes" not in graph.graph
    assert b"<svg" in graph_picture(graph, "svg")


@pytest.mark.parametrize("text", ["[wide", "[wide]\nsize=[1,2]\n", "[narrow]\nsize=[1,2]\n"])
def test_a_bad_table_is_named(text: str) -> None:
    with pytest.raises(InputError, match=r"a\.lanes\.toml"):
        read_layout(text, "wide", "a.lanes.toml")
