"""Static pictures: nothing overlaps, every label fits, text is text, and a reader without eyes is served."""

from __future__ import annotations

import itertools
import struct
import sys
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from networkx import MultiDiGraph, gnm_random_graph

from bempeg_kg import KnowledgeGraph, UnknownName, UsageError
from bempeg_kg.networks import lineage, signalling
from bempeg_kg.pictures import graph_picture, paper, picture
from bempeg_kg.pictures.drawing import SIZE, box_lines, box_size, draw
from bempeg_kg.pictures.font import font_file
from bempeg_kg.pictures.layout import LINKS_DRAWN, NODES_DRAWN, NODES_READ, fitting_part, place
from bempeg_kg.pictures.legend import badges_shown, evidence_shown, kinds_shown, signs_shown
from bempeg_kg.pictures.scene import Scene
from bempeg_kg.pictures.style import EVIDENCE, LOOKS, SIGNS
from bempeg_kg.pictures.tables import link_table
from bempeg_kg.pictures.words import text_width, wrapped
from tests.pictures.conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("signalling", "signalling-main", "lineage", "lineage-main")
#: Views drawn as boxes and layers; the main part of the mechanism has its own picture, see test_cells.
LAYERED = ("signalling", "lineage", "lineage-main")
every_view = pytest.mark.parametrize("name", NAMES)


def sizes_of(graph: Any) -> dict[str, tuple[float, float]]:
    return {node: box_size(box_lines(data)) for node, data in graph.nodes(data=True)}


@every_view
def test_no_two_boxes_overlap(name: str, views: Any) -> None:
    sizes = sizes_of(views[name])
    placed = place(views[name], sizes)
    for one, other in itertools.combinations(placed.centres, 2):
        (x, y), (u, v) = placed.centres[one], placed.centres[other]
        across, down = (sizes[one][0] + sizes[other][0]) / 2, (sizes[one][1] + sizes[other][1]) / 2
        assert abs(x - u) >= across - 0.01 or abs(y - v) >= down - 0.01, (one, other)


@every_view
def test_links_run_from_box_to_box_and_through_no_other(name: str, views: Any) -> None:
    graph, sizes = views[name], sizes_of(views[name])
    placed = place(graph, sizes)
    for start, end, key in graph.edges(keys=True):
        route = placed.routes[(start, end, key)]
        for node, (x, y) in ((start, route[0]), (end, route[-1])):
            (u, v), (width, height) = placed.centres[node], sizes[node]
            assert abs(x - u) <= width / 2 + 1 and abs(y - v) <= height / 2 + 1, (key, node)
        hit = [
            node
            for node, (x, y) in placed.centres.items()
            if node not in (start, end) and crosses(route, (x, y), sizes[node])
        ]
        assert not hit, (key, hit)


def crosses(route: list[tuple[float, float]], centre: tuple[float, float], size: tuple[float, float]) -> bool:
    """Whether a route enters the inner part of a box, sampled every few px."""
    half = (size[0] / 2 - 2, size[1] / 2 - 2)
    for (x, y), (u, v) in itertools.pairwise(route):
        parts = max(2, int(max(abs(x - u), abs(y - v)) / 4))
        for part in range(parts + 1):
            a, b = x + (u - x) * part / parts, y + (v - y) * part / parts
            if abs(a - centre[0]) < half[0] and abs(b - centre[1]) < half[1]:
                return True
    return False


@every_view
def test_labels_fit_their_boxes(name: str, views: Any) -> None:
    for _, data in views[name].nodes(data=True):
        lines = box_lines(data)
        width, _ = box_size(lines)
        assert all(text_width(text, SIZE, bold) <= width - 8 for text, bold in lines)


def test_the_main_path_runs_from_left_to_right(views: Any) -> None:
    graph = views["signalling-main"]
    placed = place(graph, sizes_of(graph))
    row = ["drug:bempegaldesleukin", "drug:bempeg-active-conjugates", "complex:il2r-bg-complex"]
    row += [
        "protein:jak1",
        "protein:stat5",
        "cell:cd8-effector-t-cell",
        "process:tumour-growth",
        "endpoint:tumour-response",
    ]
    places = [placed.centres[node][0] for node in row]
    assert places == sorted(places)


@pytest.mark.parametrize("name", LAYERED)
def test_svg_says_all_that_is_in_the_graph(name: str, views: Any) -> None:
    graph = views[name]
    root = ET.fromstring(graph_picture(graph, "svg"))
    assert root.get("role") == "img" and root.get("aria-labelledby") == "picture-title picture-description"
    assert root.findtext(f"{SVG}title") and f"{len(graph)} nodes" in str(root.findtext(f"{SVG}desc"))
    boxes = {one.get("id"): one for one in root.iter() if one.get("class") == "node"}
    assert set(boxes) == set(graph)
    for node, data in graph.nodes(data=True):
        shown = " ".join(text.text or "" for text in boxes[node].iter(f"{SVG}text"))
        said = " ".join(text for text, _ in box_lines(data)).replace("  ", " ")
        assert shown.replace(" · ", " ") == said, "a dot stands between facts on one line"
        assert data["label"] in str(boxes[node].findtext(f"{SVG}title"))
    assert {one.get("id") for one in root.iter() if one.get("class") == "link"} == {
        key for *_, key in graph.edges(keys=True)
    }
    legend = next(one for one in root.iter() if one.get("id") == "legend")
    written = {text.text for text in legend.iter(f"{SVG}text")}
    assert {LOOKS[one].name for one in kinds_shown(graph)} <= written
    assert {SIGNS[one].name for one in signs_shown(graph)} <= written
    assert {EVIDENCE[one][0] for one in evidence_shown(graph)} <= written
    if "left_out" in graph.graph:
        assert graph.graph["left_out"] in " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


def test_boxes_are_links_to_where_they_are_known(views: Any) -> None:
    root = ET.fromstring(graph_picture(views["signalling"], "svg"))
    boxes = {one.get("id"): one for one in root.iter(f"{SVG}a")}
    first = views["signalling-main"].nodes["protein:jak1"]["links"].split()[0]
    assert boxes["protein:jak1"].get("href") == first
    own = graph_picture(views["lineage-main"], "svg", link=lambda node, data: f"https://example.org/{node}")
    assert 'href="https://example.org/trial:pivot-02"' in own.decode()


def test_signs_and_evidence_are_distinct_without_colour(views: Any) -> None:
    graph = views["signalling"]
    root = ET.fromstring(graph_picture(graph, "svg"))
    links = {one.get("id"): one for one in root.iter() if one.get("class") == "link"}
    for *_, key, data in graph.edges(keys=True, data=True):
        paths, heads = list(links[key].iter(f"{SVG}path")), list(links[key].iter(f"{SVG}polygon"))
        assert bool(heads) == (data["sign"] == "activates")
        assert (len(paths) == 2) == (data["sign"] == "inhibits"), "a bar across the end"
        dashed = paths[0].get("stroke-dasharray") is not None
        assert dashed == (data["basis"] not in ("primary", "registry"))
    marks = {
        (look.radius, look.line, luminance(look.fill)) for name in kinds_shown(graph) if (look := LOOKS[name])
    }
    assert len(marks) == len(kinds_shown(graph)), "each kind has its own outline, corners or lightness"


def luminance(colour: str) -> int:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return round((0.2126 * red + 0.7152 * green + 0.0722 * blue) / 32)


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_text_and_lines_stand_out_in_light_and_dark() -> None:
    for look in LOOKS.values():
        assert contrast(look.text, look.fill) >= 7, look.name
        assert contrast(look.dark_text, look.dark_fill) >= 7, look.name
    for stroke in SIGNS.values():
        assert contrast(stroke.colour, "#ffffff") >= 4.5, stroke.name
        assert contrast(stroke.dark, "#14171b") >= 4.5, stroke.name


def test_letters_mark_disputed_steps_and_animal_work(views: Any) -> None:
    assert badges_shown(views["signalling"]) == ["disputed", "animal"]
    assert badges_shown(views["signalling-main"]) == ["disputed"]
    assert badges_shown(views["lineage-main"]) == []


def test_table_holds_each_link_once(kg: KnowledgeGraph, views: Any) -> None:
    for name in NAMES:
        table = link_table(views[name], kg.names)
        assert len(table) == views[name].number_of_edges()
        assert all(row["from"] and row["to"] and row["relation"] and row["statement"] for row in table)


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_formats(form: str, views: Any) -> None:
    body = graph_picture(views["lineage-main"], form)
    assert body.startswith({"svg": b"<svg ", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}[form])
    if form == "svg":
        assert body == graph_picture(views["lineage-main"], form), "the same graph gives the same bytes"
    elif form == "png":
        width, height = struct.unpack(">II", body[16:24])
        scene = draw(views["lineage-main"])
        assert (width, height) == pytest.approx((2 * scene.width, 2 * scene.height), abs=2)
    else:
        assert b"clinicaltrials.gov/study/NCT03635983" in body, "boxes are links"
        assert b"/FontFile2" in body, "text is text"


@pytest.mark.parametrize("view", [signalling, lineage])
def test_hostile_labels_come_out_as_text(view: Any, hostile_kg: KnowledgeGraph) -> None:
    graph = view(hostile_kg)
    root = ET.fromstring(graph_picture(graph, "svg"))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "title", "desc", "rect", "g", "a", "path", "polygon", "circle", "text")
    }
    titles = " ".join(one.text or "" for one in root.iter(f"{SVG}title"))
    assert all(label in titles for label in HOSTILE)
    addresses = [one.get("href", "") for one in root.iter(f"{SVG}a")]
    assert all(address.startswith(("http://", "https://")) for address in addresses)
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]
    assert graph_picture(graph, "pdf").startswith(b"%PDF-"), "a dollar sign begins no formula"


def test_a_large_graph_is_cut_and_says_so() -> None:
    large_graph = MultiDiGraph(gnm_random_graph(3000, 9000, seed=1, directed=True), view="made")
    for node in large_graph:
        large_graph.nodes[node].update(label=f"node {node}", short=f"node {node}", kind="protein")
    large_graph = MultiDiGraph(large_graph)
    part = fitting_part(large_graph)
    assert len(part) <= NODES_DRAWN and part.number_of_edges() <= LINKS_DRAWN
    left_out = part.graph["left_out"]
    assert f"{len(part):,} best-connected of 3,000 nodes" in left_out
    assert f"of {large_graph.number_of_edges():,};" in left_out
    left = [large_graph.degree(node) for node in large_graph if node not in part]
    assert min(large_graph.degree(node) for node in part) >= max(left)


def test_a_graph_too_large_for_a_picture_is_refused_with_the_export() -> None:
    large_graph: Any = MultiDiGraph(view="made")
    large_graph.add_nodes_from(range(NODES_READ + 1))
    with pytest.raises(UsageError, match="too large for a picture") as raised:
        graph_picture(large_graph)
    assert ".graphml" in raised.value.cure


def test_unknown_picture_and_format(kg: KnowledgeGraph, views: Any) -> None:
    with pytest.raises(UnknownName, match="picture 'lineag'"):
        picture(kg, "lineag")
    with pytest.raises(UnknownName, match="format of a picture"):
        graph_picture(views["lineage-main"], "gif")
    with pytest.raises(UnknownName, match="format of a picture"):
        picture(kg, "responses", "html")


def test_widths_are_those_that_freetype_measures() -> None:
    ft2font = pytest.importorskip("matplotlib.ft2font")
    for bold in (False, True):
        font = ft2font.FT2Font(font_file(bold))
        font.set_size(100, 72)
        for text in ("bempeg + nivolumab, 27.7 % (n not published)", "IL-2Rβγ", "hazard ratio ≤ 0.65"):
            font.set_text(text, 0.0, flags=ft2font.LoadFlags.NO_HINTING)
            measured = font.get_width_height()[0] / 64
            assert measured <= text_width(text, 100, bold) * 1.01
            assert text_width(text, 100, bold) <= measured * 1.03


def test_pdf_without_matplotlib_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    scene = Scene(10, 10, "title", "description")
    assert paper.png(scene).startswith(b"\x89PNG")
    with pytest.raises(UsageError, match=r"pip install 'bempeg-kg\[pdf\]'"):
        paper.pdf(scene)


def test_a_word_of_many_letters_is_measured_only_as_far_as_it_is_drawn() -> None:
    cut = wrapped("i" * 1_000_000, 12, 200)
    assert cut == wrapped("i" * 3_000, 12, 200)
    assert cut[0].endswith("\u2026")
