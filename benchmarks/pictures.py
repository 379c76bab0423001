"""A graph of 5,000 nodes and 20,000 edges: what is drawn of it, how long that takes, how large the file is.

    python benchmarks/pictures.py [--nodes 5000] [--edges 20000] [--browser]

The graph is a programme of its own, written as Turtle in the model of this package (things of the kinds that
the shipped mechanism has, in its proportions; steps with sign, evidence and context cells) and read as any
other programme is. Beside the pictures and exports of this package stands the page that pyvis makes of the
same networkx graph on its own. With --browser each page is opened in Chromium, with a limit of two minutes:
how long until its script has run, and how long the page then takes to answer a first question.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bempeg_kg import KnowledgeGraph
from bempeg_kg.networks import main_part, signalling
from bempeg_kg.networks.files import FORMATS, graph_bytes
from bempeg_kg.pictures import GRAPH_PICTURES, graph_picture
from bempeg_kg.pictures.layout import fitting_part

#: Class -> share of the things, as in the shipped mechanism.
KINDS = {
    "Drug": 7,
    "Target": 11,
    "SignallingProtein": 38,
    "CellType": 8,
    "BiologicalProcess": 22,
    "Endpoint": 7,
}
PREFIXES = """@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix thing: <https://example.org/made/protein/> .
@prefix step: <https://example.org/made/step/> .
"""
LIMIT = 120.0


def write_programme(folder: Path, nodes: int, edges: int) -> None:
    """A programme of so many things and steps; a few things have many steps, as in real networks."""
    rng = random.Random(1)
    (folder / "catalogue.ttl").write_text(
        '<> <http://rdfs.org/ns/void#uriSpace> "https://example.org/made/" .\n', encoding="utf-8"
    )
    classes = rng.choices(list(KINDS), list(KINDS.values()), k=nodes)
    lines = [PREFIXES]
    for number, kind in enumerate(classes):
        lines.append(f'thing:t{number} a kg:{kind} ; rdfs:label "{kind.lower()} number {number}"@en .')
    cells = [number for number, kind in enumerate(classes) if kind == "CellType"][:20]
    for number in range(edges):
        start, end = int(nodes * rng.random() ** 2), rng.randrange(nodes)
        sign = rng.choices(("activates", "inhibits", "neutral"), (6, 2, 2))[0]
        basis = rng.choices(("primary", "secondary", "derived"), (7, 1, 2))[0]
        lines.append(
            f'step:s{number} a kg:MechanismAssociation ; rdfs:label "step {number}"@en ;'
            f" kg:subject thing:t{start} ; kg:predicate obo:RO_0002213 ; kg:object thing:t{end} ;"
            f" kg:sign kg:{sign} ; kg:negated false ; kg:pathUse kg:causal ; kg:pathDirection kg:forward ;"
            f" kg:basis kg:{basis} ;"
            f" kg:contextCell thing:t{rng.choice(cells)} ."
        )
    (folder / "made.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of some work and the seconds that it took."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def plain_pyvis(graph: Any) -> bytes:
    """The page that pyvis makes of the graph, its scripts in the file, as its documentation shows."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line")
    network.from_nx(graph.copy())
    return str(network.generate_html()).encode()


def in_browser(path: Path) -> str:
    """Seconds until the page has loaded, and until it then answers; or that it did not in time."""
    from playwright.sync_api import Error, sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_default_timeout(LIMIT * 1000)
        try:
            _, loading = timed(lambda: page.goto(path.as_uri(), wait_until="load"))
            drawn = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))"
            _, answering = timed(lambda: page.evaluate(drawn))
            said = f"loaded {loading:.1f} s, answers {answering:.1f} s later"
        except Error:
            said = f"not usable within {LIMIT:.0f} s"
        outside = [url for url in asked if url.startswith("http")]
        browser.close()
    return f"{said}, {len(outside)} requests outside"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nodes", type=int, default=5000)
    parser.add_argument("--edges", type=int, default=20000)
    parser.add_argument("--browser", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_programme(folder, args.nodes, args.edges)
        kg, opening = timed(lambda: KnowledgeGraph.open(folder, engine="memory"))
        whole, viewing = timed(lambda: signalling(kg))
        part, choosing = timed(lambda: fitting_part(main_part(whole)))
        print(f"{len(whole):,} nodes, {whole.number_of_edges():,} edges")
        print(f"read {opening:.1f} s, view {viewing:.1f} s, choice of what to draw {choosing:.1f} s")
        print(part.graph.get("left_out", "All of it is drawn."))
        for form in GRAPH_PICTURES:
            body, seconds = timed(lambda form=form: graph_picture(part, form))
            print(f"{form:8} {seconds:6.1f} s {len(body) / 1e6:8.2f} MB")
            if form == "html" and args.browser:
                (folder / "ours.html").write_bytes(body)
                print(f"{'':8} in Chromium: {in_browser(folder / 'ours.html')}")
        for form in FORMATS:
            body, seconds = timed(lambda form=form: graph_bytes(whole, form))
            print(f"{form:8} {seconds:6.1f} s {len(body) / 1e6:8.2f} MB, whole")
        body, seconds = timed(lambda: plain_pyvis(whole))
        print(f"pyvis    {seconds:6.1f} s {len(body) / 1e6:8.2f} MB, whole, by pyvis alone")
        if args.browser:
            (folder / "pyvis.html").write_bytes(body)
            print(f"{'':8} in Chromium: {in_browser(folder / 'pyvis.html')}")


if __name__ == "__main__":
    main()
