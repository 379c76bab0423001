"""The pictures in a real Chromium: no error, no request, accessible, legible, harmless in any case."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.networks import lineage, signalling
from bempeg_kg.networks.paths import find_paths
from bempeg_kg.pictures import FIGURES, PLOTS, figure, graph_picture, picture
from bempeg_kg.pictures.interactive import page as page_of
from bempeg_kg.pictures.tables import edge_facts
from tests.pictures.conftest import HOSTILE

pytestmark = pytest.mark.browser
NAMES = ("signalling", "signalling-main", "lineage", "lineage-main")
# vis-network's own bounding box is wider than the box drawn, by the radius of its corners
BOXES = """() => {
  const { network, data } = window.picture;
  const stage = document.getElementById("graph").getBoundingClientRect();
  return data.nodes.map((node) => {
    const { x, y } = network.getPositions([node.id])[node.id];
    const { width, height } = network.body.nodes[node.id].shape;
    const one = network.canvasToDOM({ x: x - width / 2, y: y - height / 2 });
    const two = network.canvasToDOM({ x: x + width / 2, y: y + height / 2 });
    const [left, top] = [one.x + stage.left, one.y + stage.top];
    return { id: node.id, left, top, right: two.x + stage.left, bottom: two.y + stage.top };
  });
}"""
PLACE = """(id) => {
  const stage = document.getElementById("graph").getBoundingClientRect();
  const at = window.picture.network.canvasToDOM(window.picture.network.getPositions([id])[id]);
  return [at.x + stage.left, at.y + stage.top];
}"""
TEXTS = """() => {
  const texts = [...document.querySelectorAll("svg text")].filter((text) => text.textContent.trim());
  return texts.map((text) => {
    const { left, top, right, bottom } = text.getBoundingClientRect();
    return { text: text.textContent, left, top, right, bottom };
  });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium on this machine: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """A page opened from disk, and what it said and asked for."""

    def __init__(self, browser: Any, path: Path, *, scheme: str = "light", width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def outside(self) -> list[str]:
        return [url for url in self.asked[1:] if not url.startswith(("data:", "blob:"))]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    collected: list[Opened] = []

    def open_page(
        body: bytes, *, scheme: str = "light", name: str = "page.html", width: int = 1280
    ) -> Opened:
        path = tmp_path / name
        path.write_bytes(body)
        one = Opened(browser, path, scheme=scheme, width=width)
        if name.endswith(".html"):
            one.page.wait_for_function("window.picture !== undefined")
        collected.append(one)
        return one

    yield open_page
    for one in collected:
        assert not one.said, one.said
        assert not one.outside(), one.outside()
        one.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_accessible(name: str, scheme: str, opened: Any, views: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(graph_picture(views[name], "html"), scheme=scheme).page
    violations = Axe().run(page).response["violations"]
    bad = [
        (one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in ("serious", "critical")
    ]
    assert not bad


def assert_apart(boxes: list[dict[str, Any]]) -> None:
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"], (one, other)


@pytest.mark.parametrize("name", NAMES)
def test_boxes_stand_apart_and_begin_with_labels_that_can_be_read(name: str, opened: Any, views: Any) -> None:
    page = opened(graph_picture(views[name], "html")).page
    boxes = page.evaluate(BOXES)
    assert len(boxes) == len(views[name])
    assert_apart(boxes)
    assert 13 * page.evaluate("window.picture.network.getScale()") >= 7.5, "px of a label"
    assert any(0 <= one["left"] < 60 and 0 <= one["top"] < 700 for one in boxes), "the first box is in view"


@pytest.mark.parametrize("name", ["signalling", "lineage"])
def test_boxes_of_the_free_layout_stand_apart(name: str, opened: Any, views: Any) -> None:
    page = opened(page_of(views[name], views[f"{name}-main"]).encode()).page
    page.click("#whole")
    before = page.evaluate(BOXES)
    page.click("#layout")
    page.wait_for_selector("#graph:not([aria-busy])")
    boxes = page.evaluate(BOXES)
    assert len(boxes) == len(views[name]) and boxes != before
    assert_apart(boxes)


def test_boxes_beyond_the_main_part_can_be_shown(opened: Any, views: Any) -> None:
    page = opened(page_of(views["signalling"], views["signalling-main"]).encode()).page
    seen = """() => {
      const held = Object.values(window.picture.network.body.nodes);
      const shown = new Set(held.filter((box) => !box.options.hidden).map((box) => box.id));
      return window.picture.data.nodes.filter((one) => shown.has(one.id)).length;
    }"""
    assert page.evaluate(seen) == len(views["signalling-main"])
    page.fill("#search", "CD122")
    page.press("#search", "Enter")
    page.get_by_text("Show 1 more linked to it").click()
    assert page.evaluate(seen) == len(views["signalling"])
    assert page.get_attribute("#whole", "aria-pressed") == "true"
    page.click("#whole")
    assert page.evaluate(seen) == len(views["signalling-main"])
    page.fill("#search", "eosinophil")
    page.press("#search", "Enter")
    assert page.evaluate(seen) == len(views["signalling"]), "a hidden box that is looked for is shown"


@pytest.mark.parametrize("words", ["pivot io 001", "pivot-02", "propel"])
def test_the_panel_covers_no_neighbour(words: str, opened: Any, views: Any) -> None:
    page = opened(page_of(views["lineage"], views["lineage-main"]).encode()).page
    page.fill("#search", words)
    page.press("#search", "Enter")
    panel = page.locator("#details").bounding_box()
    chosen = page.evaluate(
        """() => window.picture.network.body.nodeIndices.filter(
          (id) => window.picture.network.body.nodes[id].options.opacity === 1)"""
    )
    for box in page.evaluate(BOXES):
        if box["id"] in chosen and box["right"] > 0 and box["left"] < 1280:
            covered = box["right"] > panel["x"] and box["left"] < panel["x"] + panel["width"]
            below = box["bottom"] > panel["y"] and box["top"] < panel["y"] + panel["height"]
            assert not (covered and below), box["id"]


def test_on_a_phone_labels_can_be_read_and_the_panel_stands_below(opened: Any, views: Any) -> None:
    body = page_of(views["signalling"], views["signalling-main"]).encode()
    page = opened(body, width=390).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert 13 * page.evaluate("window.picture.network.getScale()") >= 9
    page.fill("#search", "CD122")
    page.press("#search", "Enter")
    graph, panel = (page.locator(one).bounding_box() for one in ("#graph", "#details"))
    assert panel["y"] >= graph["y"] + graph["height"] - 1 and panel["x"] + panel["width"] <= 390


def test_cards_of_links_name_their_sources_by_title(views: Any) -> None:
    for name in ("signalling", "lineage"):
        graph = views[name]
        for start, end, key, edge in graph.edges(keys=True, data=True):
            lists = edge_facts(graph, start, end, key, edge)["lists"]
            for _, links in lists:  # type: ignore[attr-defined]
                assert all(" " in text for _, text in links), (key, links)


@pytest.mark.parametrize("view", [signalling, lineage])
def test_hostile_labels_stay_text(view: Any, opened: Any, hostile_kg: KnowledgeGraph) -> None:
    graph = view(hostile_kg)
    page = opened(graph_picture(graph, "html")).page
    for node in graph:
        x, y = page.evaluate(PLACE, node)
        page.mouse.move(x, y)
        page.mouse.click(x, y)
        assert page.locator("#details h2").text_content() == graph.nodes[node]["label"]
        links = page.locator("#details a").evaluate_all("all => all.map((one) => one.href)")
        assert all(link.startswith(("http://", "https://")) for link in links)
    cells = " ".join(page.locator("#table td").all_text_contents())
    assert all(label in cells for label in HOSTILE)
    assert page.evaluate("window.harmed") is None
    assert page.locator("#graph img, #details img, #table img, #hint img").count() == 0


def test_search_focus_filter_and_keys(opened: Any, views: Any) -> None:
    page = opened(graph_picture(views["signalling-main"], "html")).page
    fitted = page.evaluate("window.picture.network.getScale()")
    page.fill("#search", "cd122")
    assert page.locator("#found").evaluate("(one) => one.value") == "3 matches"
    page.press("#search", "Enter")
    assert page.locator("#details h2").text_content() == "interleukin-2 receptor subunit beta", "named so"
    page.fill("#search", "janus")
    page.press("#search", "Enter")
    assert page.locator("#details h2").text_content() == "tyrosine-protein kinase JAK1"
    page.press("#graph", "Escape")
    assert page.locator("#details").is_hidden()
    page.press("#graph", "ArrowRight")
    assert page.locator("#details h2").text_content() == "bempegaldesleukin", "the first box from the left"
    page.press("#graph", "ArrowRight")
    assert page.locator("#details h2").text_content() != "bempegaldesleukin"
    before = page.evaluate("window.picture.network.getScale()")
    page.press("#graph", "+")
    assert page.evaluate("window.picture.network.getScale()") > before
    page.press("#graph", "0")
    assert page.evaluate("window.picture.network.getScale()") == pytest.approx(fitted)
    page.uncheck("#legend input[value=protein]")
    hidden = "window.picture.network.body.nodes['protein:jak1'].options.hidden"
    assert page.evaluate(hidden) is True
    page.check("#legend input[value=protein]")
    assert page.evaluate(hidden) is False


def test_paths_between_two_boxes_are_traced_with_their_sources(opened: Any, views: Any) -> None:
    page = opened(graph_picture(views["signalling-main"], "html")).page
    for words in ("nivolumab", "T cell activation"):
        page.fill("#search", words)
        page.press("#search", "Enter")
        if words == "nivolumab":
            page.get_by_text("Trace paths from here").click()
    assert page.locator("#details h2").text_content() == "From nivolumab to T cell activation"
    lengths = [one.locator("li").count() for one in page.locator("#details ol").all()]
    shortest = min(
        len(path.steps)
        for path in find_paths(views["signalling-main"], "drug:nivolumab", "process:t-cell-activation")
    )
    assert lengths[0] == shortest and lengths == sorted(lengths)
    sources = page.locator("#details li").evaluate_all(
        "all => all.map((one) => one.querySelector('small')?.textContent)"
    )
    assert all(sources), "a step without its source"


def test_hover_card_of_a_box_and_of_a_link(opened: Any, views: Any) -> None:
    page = opened(graph_picture(views["signalling-main"], "html")).page
    page.mouse.move(*page.evaluate(PLACE, "protein:stat5"))
    assert "protein family" in str(page.locator("#hint").text_content())
    middle = """() => {
      const step = "step:active-conjugates-agonist-of-il2r-bg-complex";
      const edge = window.picture.data.edges.find((one) => one.id === step);
      const [[x, y], [u, v]] = [edge.route[0], edge.route[1]];
      const stage = document.getElementById("graph").getBoundingClientRect();
      const at = window.picture.network.canvasToDOM({ x: (x + u) / 2, y: (y + v) / 2 });
      return [at.x + stage.left, at.y + stage.top];
    }"""
    at = page.evaluate(middle)
    page.mouse.move(*at)
    assert "agonist of" in str(page.locator("#hint").text_content())
    page.mouse.click(*at)
    assert "CD8+ effector T cell" in str(page.locator("#details").text_content())
    assert page.locator("#details a[href^='https://doi.org/']").count() >= 1


def test_layouts_can_be_switched_and_switched_back(opened: Any, views: Any) -> None:
    page = opened(graph_picture(views["lineage-main"], "html")).page
    positions = "JSON.stringify(window.picture.network.getPositions())"
    before = page.evaluate(positions)
    page.click("#layout")
    assert page.get_attribute("#layout", "aria-pressed") == "true"
    page.wait_for_function(f"(before) => {positions} !== before", arg=before)
    page.click("#layout")
    page.wait_for_function(f"(before) => {positions} === before", arg=before)


def test_dark_follows_the_system_and_can_be_switched(opened: Any, views: Any) -> None:
    page = opened(graph_picture(views["lineage-main"], "html"), scheme="dark").page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_of_a_plot_covers_another_or_leaves_it(name: str, opened: Any, kg: KnowledgeGraph) -> None:
    page = opened(picture(kg, name), name=f"{name}.svg").page
    room = page.evaluate("document.documentElement.getBoundingClientRect().toJSON()")
    texts = page.evaluate(TEXTS)
    assert len(texts) > 10
    for place, one in enumerate(texts):
        assert one["left"] >= -1 and one["right"] <= room["width"] + 1, one
        assert one["top"] >= -1 and one["bottom"] <= room["height"] + 1, one
        for other in texts[place + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 2 or down <= 4, (one["text"], other["text"])


@pytest.mark.parametrize("name", NAMES)
def test_text_of_a_static_picture_stays_in_its_box(name: str, opened: Any, views: Any) -> None:
    page = opened(graph_picture(views[name], "svg"), name="view.svg").page
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".node")].filter((node) => {
          const box = node.querySelector("rect").getBoundingClientRect();
          return [...node.querySelectorAll("text")].some((text) => {
            const one = text.getBoundingClientRect();
            return one.left < box.left - 1 || one.right > box.right + 1 || one.bottom > box.bottom + 3;
          });
        }).map((node) => node.id)"""
    )
    assert outside == []


COVERED = """() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const room = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim()).map(
    (one) => [one.textContent, one.getBoundingClientRect()]);
  const out = texts.filter(
    ([, at]) => at.left < room.left - 1 || at.right > room.right + 1 || at.bottom > room.bottom + 1);
  const met = texts.flatMap(([said, at], i) => texts.slice(i + 1).filter(([, one]) =>
    Math.min(at.right, one.right) - Math.max(at.left, one.left) > 2
    && Math.min(at.bottom, one.bottom) - Math.max(at.top, one.top) > 4).map(([other]) => [said, other]));
  return [...out.map(([said]) => said), ...met].map((one) => [svg.parentElement.id, one]);
})"""


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_no_text_of_a_declared_figure_covers_another_or_leaves_it(
    shape: str, opened: Any, kg: KnowledgeGraph
) -> None:
    page = opened(b"<!doctype html><title>figures</title>", name="figures.htm").page
    wider, drawn = kg.with_signals(), []
    for question in kg.questions:
        answer = (wider if question.data else kg).ask(question.name) if question.figure else None
        if answer is not None and answer.rows and question.figure["kind"] in FIGURES:
            order = kg.told_order(question, answer)
            chart = figure(question.figure, answer, caveat="", shape=shape, order=order, most=40)
            drawn.append(f"<div id='{question.name}'>{chart.to_bytes('svg').decode()}</div>")
    assert len(drawn) > 60
    page.set_content("".join(drawn))
    assert page.evaluate(COVERED) == []
