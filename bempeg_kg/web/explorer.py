"""One HTML file with the graph, its questions and a SPARQL engine, for a laptop that reaches nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jinja2
import pyoxigraph as ox
from markupsafe import Markup

from bempeg_kg.errors import BempegError, UsageError
from bempeg_kg.version import dataset_hash
from bempeg_kg.web.completion import completion_terms
from bempeg_kg.web.pages import assets, pictures
from bempeg_kg.web.pages.pages import EXAMPLE

if TYPE_CHECKING:
    from bempeg_kg.kg import KnowledgeGraph
    from bempeg_kg.questions import Question

BUNDLES = ("explorer.js", "oxigraph.wasm")
PICTURES = {"signalling": "Mechanism", "lineage": "Lineage"}
BUILD = "Build it with Node: npm ci && npm run build, in bempeg_kg/web/src; a built package holds it already."


def write_explorer(kg: KnowledgeGraph) -> bytes:
    """The file. Raises UsageError where the front end was not built."""
    missing = [name for name in BUNDLES if assets.read(name) is None]
    if missing:
        raise UsageError(f"the front end was not built: {', '.join(missing)} is missing", cure=BUILD)
    script = (assets.read("explorer.js") or b"").decode().replace("</script", "<\\/script")
    style = (assets.read("style.css") or b"").decode()
    drawings = {name: Markup(_drawing(kg, name)) for name in PICTURES}
    template = jinja2.Environment(
        loader=jinja2.PackageLoader("bempeg_kg.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    ).get_template("explorer.html")
    text = template.render(
        title="Evidence graph, offline",
        brand="bempeg-kg",
        version=dataset_hash(kg.quads())[:12],
        script=Markup(script),
        script_hash=_source(script),
        style=Markup(style),
        style_hash=_source(style),
        picture_styles="",
        pictures={name: {"short": PICTURES[name]} for name in PICTURES},
        drawings=drawings,
        content=Markup(_content(kg)),
        wasm=_packed(assets.read("oxigraph.wasm") or b""),
        quads=_packed(_quads(kg)),
    )
    return text.encode()


def _drawing(kg: KnowledgeGraph, name: str) -> str:
    """A graph whose boxes lead to the entity's view in this file; empty where there is nothing to draw."""
    try:
        drawing = pictures.graph_svg(kg, name)
    except BempegError:
        return ""
    return re.sub(
        r'href="/([^"]*)"', lambda found: f'href="#/e/{quote(kg.names.base + found[1], safe="")}"', drawing
    )


def _source(text: str) -> str:
    """The hash by which a content security policy allows an inline script or style."""
    return Markup("'sha256-%s'") % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _quads(kg: KnowledgeGraph) -> bytes:
    """The statements as they were loaded, derived ones among them, in a fixed order."""
    lines = ox.serialize(kg.quads(), format=ox.RdfFormat.N_QUADS) or b""
    return b"\n".join(sorted(set(lines.splitlines()))) + b"\n"


def _content(kg: KnowledgeGraph) -> str:
    """Questions, terms and pictures as JSON that cannot end a script element."""
    made: dict[str, Any] = {
        "terms": json.loads(completion_terms(kg)),
        "questions": [_question(kg, question) for question in kg.questions if not question.live],
        "example": EXAMPLE,
        "pictures": {
            name: {
                "title": pictures.VIEWS[name].title,
                "about": pictures.VIEWS[name].about,
                "question": pictures.VIEWS[name].question,
            }
            for name in PICTURES
        },
    }
    return json.dumps(made, ensure_ascii=False).replace("<", "\\u003c")


def _question(kg: KnowledgeGraph, question: Question) -> dict[str, Any]:
    """A question with its parameters as placeholders; one that computes with its answer."""
    made: dict[str, Any] = {
        "name": question.name,
        "summary": question.summary,
        "description": question.description,
        "caveat": question.caveat,
        "tags": question.tags,
        "parameters": _parameters(question),
    }
    if question.sparql:
        from bempeg_kg.blocks import bind

        made["sparql"] = question.sparql
        made["template"] = bind(
            question,
            {parameter.name: [f"<urn:parameter:{parameter.name}>"] for parameter in question.parameters},
        )
    else:
        made["answer"] = _answer(kg, question)
    return made


def _parameters(question: Question) -> list[dict[str, Any]]:
    """Parameters with their default terms as the query writes them."""
    from bempeg_kg.blocks import declared_values

    written = declared_values(question.sparql) if question.sparql else {}
    return [{**one.to_dict(), "terms": written.get(one.name, ["UNDEF"])} for one in question.parameters]


def _answer(kg: KnowledgeGraph, question: Question) -> dict[str, Any]:
    try:
        table = json.loads(kg.answer(question, {}).to_json())
    except BempegError as error:
        return {"columns": ["why"], "rows": [{"why": {"type": "literal", "value": str(error)}}]}
    return {"columns": table["head"]["vars"], "rows": table["results"]["bindings"]}
