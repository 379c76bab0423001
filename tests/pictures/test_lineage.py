"""The lineage: a tree that fits a page, whose lines cross no box and few others, and a list for a phone."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from bempeg_kg.pictures import graph_picture
from bempeg_kg.pictures.drawing import box_lines, trial_facts
from bempeg_kg.pictures.lineage_drawing import place_narrow, place_wide
from bempeg_kg.pictures.lineage_routes import routes_narrow, routes_wide
from bempeg_kg.pictures.lineage_tree import tree_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def tree(views: Any) -> Any:
    found = tree_of(views["lineage-main"])
    assert found is not None
    return found


def placed(tree: Any, shape: str) -> tuple[dict[str, Any], dict[Any, list[tuple[float, float]]]]:
    lines = {node: box_lines(data) for node, data in tree.graph.nodes(data=True)}
    facts = {node: trial_facts(tree.graph.nodes[node]) for node in tree.order}
    if shape == "wide":
        boxes = place_wide(tree, lines, facts, 28, 60)
        return boxes, routes_wide(tree, boxes)
    boxes = place_narrow(tree, lines, facts, 12, 60, 346)
    return boxes, routes_narrow(tree, boxes)


def parts_of(route: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    return [(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in itertools.pairwise(route)]


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_boxes_stand_apart_and_no_line_runs_through_one(tree: Any, shape: str) -> None:
    boxes, routes = placed(tree, shape)
    for (_, one), (_, other) in itertools.combinations(boxes.items(), 2):
        apart = one.right < other.left or other.right < one.left
        assert apart or one.bottom < other.top or other.bottom < one.top
    for link, route in routes.items():
        for left, top, right, bottom in parts_of(route):
            for node, box in boxes.items():
                inside = left < box.right - 1 and right > box.left + 1 and top < box.bottom - 1
                assert node in link or not (inside and bottom > box.top + 1), (link, node)


def test_lines_cross_few_others_and_share_no_way_with_another_kind(tree: Any) -> None:
    _, routes = placed(tree, "wide")
    kinds = {link: tree.graph.edges[link]["relation"] for link in routes}
    crossings = 0
    for one, other in itertools.combinations(routes, 2):
        for a, b in itertools.product(parts_of(routes[one]), parts_of(routes[other])):
            overlap = (min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))
            if kinds[one] != kinds[other] or (kinds[one] == "led to decision" and one[0] != other[0]):
                assert not (min(overlap) >= 0 and max(overlap) > 3), (one, other)
                crossings += min(overlap) >= 0
    assert crossings <= 22, "two layers of links between three columns"


def test_every_link_is_in_the_picture_and_in_words_on_a_phone(views: Any) -> None:
    graph = views["lineage-main"]
    wide = ET.fromstring(graph_picture(graph, "svg"))
    assert float(wide.get("width", 0)) <= 944, "13 px are 7 pt at 180 mm"
    assert {one.get("id") for one in wide.iter() if one.get("class") == "link"} == {
        key for *_, key in graph.edges(keys=True)
    }
    narrow = ET.fromstring(graph_picture(graph, "svg", shape="narrow"))
    assert narrow.get("width") == "358"
    assert {one.get("id") for one in narrow.iter() if one.get("class") == "node"} == set(graph)
    said = " ".join(one.text or "" for one in narrow.iter(f"{SVG}text"))
    assert "Rested on the read-out of PIVOT-09, the read-out of PIVOT-10." in said
    assert "Stopped or changed PROPEL, PROPEL-36." in said


def test_boxes_hold_results_and_say_in_words_what_is_not_known(views: Any) -> None:
    said = " ".join(
        one.text or "" for one in ET.fromstring(graph_picture(views["lineage-main"], "svg")).iter()
    )
    assert "response 27.7 v 36.0 %" in said and "overall survival HR 0.82" in said
    for words in ("size not known", "not stopped", "status not found"):
        assert words in said
    assert not re.search(r"n = (not|None)", said)


def test_a_lineage_with_cohorts_has_no_tree(views: Any) -> None:
    assert tree_of(views["lineage"]) is None and tree_of(views["signalling"]) is None
