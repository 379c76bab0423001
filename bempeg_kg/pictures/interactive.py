"""A view as one self-contained HTML page, made of pyvis's data model and our own page.

pyvis 0.3.2 holds the nodes, links and options and brings the script of vis-network; its own page is not used:
it asks a content network for style sheets even "in line" and runs script from labels. Here every label goes
through an escaping template or is put in as text, nothing is asked of any network, and a policy in the page
forbids it.
"""

from __future__ import annotations

import os

from bempeg_kg.errors import UsageError
from bempeg_kg.pictures.drawing import SIZE, box_lines, box_size, title_of
from bempeg_kg.pictures.layout import Placed, fitting_part, place
from bempeg_kg.pictures.legend import SAMPLE, badges_shown, legend_rows, sample
from bempeg_kg.pictures.marks import BADGES, middle
from bempeg_kg.pictures.style import EVIDENCE, LOOKS, SIGNS, evidence_of, group_of, sign_of
from bempeg_kg.pictures.svg import shapes_svg
from bempeg_kg.pictures.tables import COLUMNS, edge_facts, link_table, node_facts, summary
from bempeg_kg.pictures.words import FAMILIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from networkx import MultiDiGraph
    from pyvis.network import Network

_PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page")
_VIS_END = {"arrow": "arrow", "bar": "bar", "ring": "circle"}
_OPTIONS: dict[str, Any] = {
    "physics": {
        "enabled": False,
        "solver": "barnesHut",
        "barnesHut": {"avoidOverlap": 0.8, "springLength": 130, "gravitationalConstant": -6000},
        "stabilization": {"enabled": False, "fit": False},
        "maxVelocity": 60,
    },
    "interaction": {"hover": False, "selectable": True, "hideEdgesOnZoom": False, "keyboard": False},
    "layout": {"improvedLayout": False},
}


def page(graph: MultiDiGraph, main: MultiDiGraph | None = None) -> str:
    """The HTML page of a view. A graph too large to draw is cut as in `drawing.draw`, which the page says.

    Where a `main` part is given the page begins with it, and a button shows the rest.
    """
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    shown = fitting_part(graph)
    texts = {node: box_lines(attributes) for node, attributes in shown.nodes(data=True)}
    placed = place(shown, {node: box_size(lines) for node, lines in texts.items()})
    network = to_pyvis(shown, placed)
    environment = Environment(loader=FileSystemLoader(_PAGE), autoescape=True, trim_blocks=True)
    return environment.get_template("graph.html").render(
        title=title_of(graph),
        summary=summary(shown),
        left_out=shown.graph.get("left_out", ""),
        legend=[
            (heading, channel, _entries(channel, entries)) for heading, channel, entries in legend_rows(shown)
        ],
        letters=[BADGES[name] for name in badges_shown(shown)],
        columns=COLUMNS,
        rows=link_table(shown).cells(),
        main=len(main) if main is not None and len(main) < len(shown) else 0,
        whole=len(shown),
        data=Markup(_json(_page_data(shown, placed, network) | _main_data(shown, main))),
        # these three are files of ours and of vis-network, not data
        style=Markup(_read(os.path.join(_PAGE, "graph.css"))),
        script=Markup(_read(os.path.join(_PAGE, "graph.js"))),
        library=Markup(_read(_vis_network())),
    )


def to_pyvis(graph: MultiDiGraph, placed: Placed | None = None) -> Network:
    """A `pyvis.network.Network` with the boxes at their places and the links with their signs.

    Labels are plain text in it; do not render it with pyvis's own page, which would run them.
    """
    import json

    from pyvis.network import Network

    if placed is None:
        sizes = {node: box_size(box_lines(attributes)) for node, attributes in graph.nodes(data=True)}
        placed = place(graph, sizes)
    network = Network(directed=True)
    # filled at once: `add_node` looks through all nodes each time, seconds for five thousand
    network.nodes = [_vis_node(node, attributes, placed) for node, attributes in graph.nodes(data=True)]
    network.edges = [_vis_edge(*link) for link in graph.edges(keys=True, data=True)]
    network.node_ids = list(graph)
    network.node_map = {node["id"]: node for node in network.nodes}
    network.set_options(json.dumps(_OPTIONS))
    return network


def _vis_node(node: str, attributes: dict[str, Any], placed: Placed) -> dict[str, Any]:
    lines = box_lines(attributes)
    look = LOOKS[group_of(attributes.get("kind", ""))]
    width, height = box_size(lines)
    x, y = placed.centres[node]
    return {
        "id": node,
        "label": "\n".join(text for text, _ in lines),
        "shape": "box",
        "x": x,
        "y": y,
        "widthConstraint": {"minimum": width - 10},
        "heightConstraint": {"minimum": height - 10},
        "margin": 5,
        "borderWidth": look.line,
        "borderWidthSelected": look.line,
        "shapeProperties": {"borderRadius": min(look.radius, height / 2)},
        "color": {"background": look.fill, "border": look.stroke},
        "font": {"size": SIZE, "face": FAMILIES, "color": look.text, "multi": False},
    }


def _vis_edge(start: str, end: str, key: str, edge: dict[str, Any]) -> dict[str, Any]:
    stroke = SIGNS[sign_of(edge)]
    dash = EVIDENCE[evidence_of(edge)][1]
    return {
        "id": key,
        "from": start,
        "to": end,
        "arrows": {"to": {"enabled": True, "type": _VIS_END[stroke.end], "scaleFactor": 0.7}},
        "color": {"color": stroke.colour},
        "dashes": list(dash) or False,
        "width": 1.7,
        "smooth": {"enabled": True, "type": "continuous", "roundness": 0.3},
    }


def _main_data(graph: MultiDiGraph, main: MultiDiGraph | None) -> dict[str, Any]:
    """Places, ways and size of the main part of a graph; nothing without one."""
    if main is None or len(main) >= len(graph) or not set(main) <= set(graph):
        return {}
    placed = place(main, {node: box_size(box_lines(facts)) for node, facts in main.nodes(data=True)})
    routes = {key: placed.routes[(start, end, key)] for start, end, key in main.edges(keys=True)}
    return {
        "main": {
            "size": [placed.width, placed.height],
            "places": {node: [round(x, 1), round(y, 1)] for node, (x, y) in placed.centres.items()},
            "routes": {key: [[round(x, 1), round(y, 1)] for x, y in way] for key, way in routes.items()},
            "badges": {key: middle(way) for key, way in routes.items()},
        }
    }


def _page_data(graph: MultiDiGraph, placed: Placed, network: Network) -> dict[str, Any]:
    nodes, edges = [], []
    for vis, (node, attributes) in zip(network.nodes, graph.nodes(data=True), strict=True):
        names = [attributes.get("label", ""), attributes.get("short", ""), attributes.get("nct", ""), node]
        names += attributes.get("synonyms", "").split("; ")
        entry = {"id": node, "vis": vis, "look": group_of(attributes.get("kind", ""))}
        nodes.append(entry | {"names": [name.lower() for name in names if name]} | node_facts(graph, node))
    for vis, (start, end, key, edge) in zip(network.edges, graph.edges(keys=True, data=True), strict=True):
        route = [[round(x, 1), round(y, 1)] for x, y in placed.routes[(start, end, key)]]
        entry = {"id": key, "from": start, "to": end, "vis": vis, "route": route}
        entry |= {
            "walked": bool(edge.get("walked", True)),
            "sign": sign_of(edge),
            "evidence": evidence_of(edge),
            **edge_facts(graph, start, end, key, edge),
        }
        letters = "".join(letter for name, (letter, _) in BADGES.items() if edge.get(name))
        if letters:
            entry["badge"] = {"text": letters, "at": middle(placed.routes[(start, end, key)])}
        edges.append(entry)
    return {
        "nodes": nodes,
        "edges": edges,
        "options": _OPTIONS,
        "font": FAMILIES,
        "size": [placed.width, placed.height],
        "looks": {
            name: {
                "light": {"fill": look.fill, "stroke": look.stroke, "text": look.text},
                "dark": {"fill": look.dark_fill, "stroke": look.dark_stroke, "text": look.dark_text},
            }
            for name, look in LOOKS.items()
        },
        "signs": {name: {"light": s.colour, "dark": s.dark, "end": s.end} for name, s in SIGNS.items()},
        "evidence": {name: {"dash": list(dash)} for name, (_, dash) in EVIDENCE.items()},
    }


def _entries(channel: str, entries: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Legend entries of the page: key, what it means, and its sample for light and dark."""
    from markupsafe import Markup

    legend = []
    for key, meaning in entries:
        samples = [
            f'<svg class="{theme}" width="{SAMPLE:.0f}" height="20" viewBox="0 -10 {SAMPLE:.0f} 20"'
            f' aria-hidden="true">{shapes_svg(sample(channel, key, dark=theme == "dark"))}</svg>'
            for theme in ("light", "dark")
        ]
        legend.append({"key": key, "name": meaning, "sample": Markup("".join(samples))})
    return legend


def _json(data: object) -> str:
    """JSON that can stand in a script element: no character of it can end the element or begin a comment."""
    import json

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def _vis_network() -> str:
    """Path of the newest vis-network script that pyvis ships."""
    from glob import glob
    from importlib.util import find_spec

    spec = find_spec("pyvis")
    scripts = (
        sorted(glob(os.path.join(os.path.dirname(spec.origin or ""), "lib", "vis-*", "vis-network.min.js")))
        if spec
        else []
    )
    if not scripts:
        raise UsageError("pyvis with its vis-network script is not installed", cure="pip install pyvis")
    return scripts[-1]
