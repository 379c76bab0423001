"""One HTML file with the graph, its questions and a SPARQL engine, for a laptop that reaches nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import partial
from typing import Any

import pyoxigraph as ox
from markupsafe import Markup

from bempeg_kg._version import __version__
from bempeg_kg.errors import BempegError, UsageError
from bempeg_kg.graph.binding import FORMS, NAMED, is_foreign
from bempeg_kg.graph.entities import NAMING, PARTS
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.name_words import BETWEEN, NOT, NUMBERED, ROMAN, words_of
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.questions.blocks import bind, declared_values
from bempeg_kg.questions.question import Parameter, Question
from bempeg_kg.rdf.canonical import dataset_hash
from bempeg_kg.rdf.names import KINDS, SYNONYMS
from bempeg_kg.rdf.telling import VALUES
from bempeg_kg.rdf.units import SHOWN_UNITS
from bempeg_kg.web.pages import assets, column_order, home, pictures
from bempeg_kg.web.pages.cells import BASES, Terms, heading
from bempeg_kg.web.pages.completion import completion_terms
from bempeg_kg.web.pages.query_form import EXAMPLE
from bempeg_kg.web.site import search_index
from bempeg_kg.web.site.cards import Cards, is_held
from bempeg_kg.web.site.shared import Shared

BUNDLES = ("explorer.js", "oxigraph.wasm")
MENU = {"signalling": "Mechanism", "timeline": "Timeline"}
"""Pictures that the head of the page leads to; those lead to the others."""
BUILD = (
    "This copy of bempeg-kg lacks them, because Node was missing when it was installed. Install a released\n"
    "wheel, or build them: install Node, then run `npm ci && npm run build` in the folder bempeg_kg/web/src."
)
EARLY = "if (location.hash.length > 2) document.documentElement.dataset.elsewhere = '';"
"""Run before the home page shows, which whoever opens another page need not see."""
_HOLE = "<urn:parameter:%s>"


def write_explorer(kg: Graph) -> bytes:
    """The file. Raises UsageError where the front end was not built."""
    missing = [name for name in BUNDLES if assets.read(name) is None]
    if missing:
        raise UsageError(
            f"the parts that run in the browser were never built ({' and '.join(missing)})", cure=BUILD
        )
    scripts = [_script(name) for name in ("page.js", "ranked.js", "explorer.js")]
    style = _style()
    kg = kg.in_memory()
    pages = Shared(kg).pages(layout="card.html")
    terms = pages.terms
    made = Cards(kg, pages)
    drawings = {name: drawn for name in pictures.VIEWS if (drawn := _drawing(kg, made, name))}
    index = search_index.index(kg, pages, search_index.named(kg, pages), made.address)
    text = pages.templates.get_template("explorer.html").render(
        title=home.graph_title(kg),
        brand="bempeg-kg",
        release=__version__,
        version=dataset_hash(kg.quads())[:12],
        scripts=list(map(Markup, scripts)),
        early=Markup(EARLY),
        early_hash=_source(EARLY),
        script_hashes=list(map(_source, scripts)),
        style=Markup(style),
        style_hash=_source(style),
        menu={name: short for name, short in MENU.items() if name in drawings},
        drawings=drawings,
        home=made.inside(pages.home().html),
        content=Markup(_content(kg, terms, drawings)),
        wasm=_packed(assets.read("oxigraph.wasm") or b""),
        quads=_packed(_quads(kg)),
        index=Markup(index),
        cards=_packed(made.packed()),
    )
    return text.encode()


def _script(name: str) -> str:
    """A script that stands in the page, so that nothing in it ends its element."""
    return (assets.read(name) or b"").decode().replace("</script", "<\\/script")


def _style() -> str:
    """The style sheet with its fonts inside, for a file that fetches nothing."""

    def inside(match: re.Match[str]) -> str:
        """A font of a style sheet as data in the sheet itself."""
        return f"url(data:font/woff2;base64,{base64.b64encode(assets.read(match[1]) or b'').decode()})"

    return re.sub(r'url\("([\w.-]+\.woff2)"\)', inside, (assets.read("style.css") or b"").decode())


def _drawing(kg: Graph, made: Cards, name: str) -> Markup:
    """A graph whose boxes lead to views in this file, or a chart as an image; empty for nothing to draw."""
    try:
        if pictures.VIEWS[name].graph:
            graph = made.inside(pictures.graph_svg(kg, name))
            return graph + _phone(kg, name) if pictures.VIEWS[name].narrow else graph
        chart = pictures.charted(kg, name, "")
    except BempegError:
        return Markup()
    return Markup('<img src="%s" alt="%s">') % (_data_address(chart.svg), chart.words)


def _phone(kg: Graph, name: str) -> Markup:
    """A graph in the shape for a phone, as an image that the style sheet shows there alone."""
    view, svg = pictures.VIEWS[name], pictures.graph_svg(kg, name, "narrow").encode()
    image = Markup('<img class="phone" src="%s" alt="%s" loading="lazy">')
    return image % (_data_address(svg), f"{view.title}. {view.about}")


def _data_address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _source(text: str) -> str:
    """The hash by which a content security policy allows an inline script or style."""
    return Markup("'sha256-%s'") % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _quads(kg: Graph) -> bytes:
    """The statements as they were loaded, derived ones among them, in a fixed order."""
    lines = ox.serialize(kg.quads(), format=ox.RdfFormat.N_QUADS) or b""
    return b"\n".join(sorted(set(lines.splitlines()))) + b"\n"


def _content(kg: Graph, terms: Terms, drawings: dict[str, Markup]) -> str:
    """Questions, terms and pictures as JSON that cannot end a script element."""
    asked = [_question(kg, question) for question in kg.questions if is_held(question)]
    known = json.loads(completion_terms(kg))
    labels = {
        curie: label for name, listed in known.items() if name != "prefixes" for curie, label, *_ in listed
    }
    content: dict[str, Any] = {
        "title": home.graph_title(kg),
        "terms": known,
        "questions": asked,
        "live": [{"name": one.name, "summary": one.summary} for one in kg.questions if one.live],
        "example": EXAMPLE,
        "pictures": {
            name: {"title": view.title, "about": view.about, "question": view.question}
            for name, view in pictures.VIEWS.items()
            if name in drawings
        },
        "base": terms.base,
        "kinds": KINDS,
        "parts": sorted(PARTS),
        "naming": NAMING,
        "synonyms": SYNONYMS,
        "spelled": _spellings(kg),
        "forms": FORMS,
        "named": {kind: _named(kg, kind) for kind in NAMED},
        "spelling": {"numbered": NUMBERED, "roman": ROMAN, "between": BETWEEN, "not": NOT},
        "short": _short_names(kg, terms, labels),
        "headings": _headings(asked),
        "columns": columns_told(),
    }
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")


def columns_told() -> dict[str, Any]:
    """Which columns belong together and how units are written, for the script that follows column_order."""
    return {
        "with_unit": column_order.WITH_UNIT,
        "measured": column_order.MEASURED,
        "values": VALUES,
        "belonging": sorted(column_order.BELONGING),
        "source": column_order.SOURCE,
        "units": SHOWN_UNITS,
        "bases": BASES,
    }


def _spellings(kg: Graph) -> dict[str, str]:
    """Key of a name whatever its spelling, see ``key_of`` -> the entity that it names first."""
    named = {key: [iri for iri in iris if "//" in iri] for key, iris in kg.lexicon.keys.items()}
    return {key: kg.names.shorten(iris[0]) for key, iris in named.items() if iris}


def _named(kg: Graph, kind: str) -> list[list[list[str]]]:
    """The conditions or drugs by which trials are found: names, the words of each, and trials."""
    return [
        [names, [" ".join(sorted(words_of(name, widened=True))) for name in names], trials]
        for names, trials in named_trials(kg, kind).entries
    ]


def _short_names(kg: Graph, terms: Terms, labels: dict[str, str]) -> dict[str, str]:
    """CURIE -> what a cell of an answer says, where that is not the label that the file has already."""
    reasons = kg.select("SELECT DISTINCT ?why { ?mapping sssom:mapping_justification ?why }").column("why")
    iris = sorted({*terms.entities, *terms.labels, *reasons})
    texts = {kg.names.shorten(iri): terms.cell(ox.NamedNode(iri), "term").text for iri in iris}
    return {curie: text for curie, text in texts.items() if text not in (curie, labels.get(curie))}


def _headings(asked: list[dict[str, Any]]) -> dict[str, str]:
    """Column -> its heading, for every word that stands as a variable in a query or heads a stored answer."""
    names = {name for one in asked for name in re.findall(r"[?$](\w+)", one.get("sparql", ""))}
    names |= {name for one in asked for name in one.get("answer", {}).get("columns", ())}
    names |= {name.removesuffix("lower") + "interval" for name in names if name.endswith("lower")}
    return {name: heading(name) for name in sorted(names) if heading(name) != name}


def _question(kg: Graph, question: Question) -> dict[str, Any]:
    """A question with its parameters as placeholders; one that no query here answers, with its answer."""
    entry: dict[str, Any] = {
        "name": question.name,
        "summary": question.summary,
        "description": question.description,
        "caveat": question.caveat,
        "empty": question.empty,
        "tags": question.tags,
        "narrow": bool(question.narrow),
        "parameters": list(map(partial(_parameter, kg, question), question.parameters)),
    }
    if question.sparql and not question.data:  # else the file does not hold what it asks
        entry["sparql"] = question.sparql
        entry["template"] = bind(
            question, {parameter.name: [_HOLE % parameter.name] for parameter in question.parameters}
        )
    else:
        entry |= _answer(kg, question)
    return entry


def _parameter(kg: Graph, question: Question, parameter: Parameter) -> dict[str, Any]:
    """A parameter, the terms that its query writes for it, and whether they are of a programme not loaded."""
    written = declared_values(question.sparql) if question.sparql else {}
    foreign = parameter.type == "iri" and not kg.content.has_shipped and is_foreign(kg, parameter.default)
    return {**parameter.to_dict(), "terms": written.get(parameter.name, ["UNDEF"]), "foreign": foreign}


def _answer(kg: Graph, question: Question) -> dict[str, Any]:
    """The answer of a question that computes, or why there is none."""
    try:
        answer = kg.answer(question, {})
    except BempegError as error:
        return {"problem": str(error)}
    table = json.loads(answer.to_json())
    rows = {"columns": table["head"]["vars"], "rows": table["results"]["bindings"], "reason": answer.reason}
    return {"answer": rows}
