"""What the search goes by where no server answers: the static site and the explorer rank questions with it.

The script ``ranked.js`` follows ``bempeg_kg.questions.likeness`` and ``synonyms``, whose weights it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from urllib.parse import parse_qsl

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions import synonyms
from bempeg_kg.web.pages import Page, Pages, answers, assets, names, questions
from bempeg_kg.web.site.shared import OMITTED

LISTED = 8
"""Further questions that a search lists."""


def named(kg: Graph, pages: Pages) -> dict[str, answers.Asked]:
    """Name of a disease or endpoint -> the question about it, and the answer; of names of one disease one
    address.
    """
    by_disease: dict[str, answers.Asked | None] = {}
    found: dict[str, answers.Asked] = {}
    for name in pages.finder.diseases:
        try:
            iri = kg.resolve(name)
        except BempegError:
            continue
        if iri not in by_disease:
            by_disease[iri] = answers.in_disease(kg, name, pages.answer)
        if asked := by_disease[iri]:
            found[name] = asked
    return found | _endpoints(pages)


def _endpoints(pages: Pages) -> dict[str, answers.Asked]:
    """Name of an endpoint -> the question about it, and the answer."""
    asked = {name: pages.understood(name) for name in pages.finder.endpoints}
    return {name: one for name, one in asked.items() if one and not one.refusal}


def index(
    kg: Graph, pages: Pages, diseases: Mapping[str, answers.Asked], address: Callable[[str], str]
) -> str:
    """Weights, questions with their answers, what is meant as a whole, and names, as JSON.

    It can stand in a page or a script. ``address`` turns a path of the server into one of the files.
    """

    def said(asked: answers.Asked) -> dict[str, object]:
        """An answer as the index holds it, with the questions that go further."""
        further = [one.name for one in questions.further(kg.questions, asked.name) if not one.live]
        kind = asked.href.split("/")[1]
        return {**asdict(asked), "href": address(asked.href), "kind": kind, "further": further[:LISTED]}

    data = {
        "stemming": synonyms.to_data(),
        "phrases": kg.questions.phrases.to_data(),
        "near": questions.NEAR,
        "questions": {
            question.name: said(_answered(kg, pages, f"question/{question.name}"))
            for question in kg.questions
            if not question.live
        },
        "named": {name: said(asked) for name, asked in diseases.items()},
        "intents": [
            [pattern.pattern, said(_answered(kg, pages, path))]
            for pattern, path in answers.INTENTS
            if answers.is_here(kg, path)
        ],
        "diseases": [
            [name, address(diseases[name].href)] for name in pages.finder.classes if name in diseases
        ],
        "names": [[name, address(href), kind] for name, href, kind in pages.finder.suggestible()],
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def searched(kg: Graph, pages: Pages, diseases: Mapping[str, answers.Asked]) -> Iterator[tuple[str, Page]]:
    """The page that the search box of the files leads to, and pages of questions that it leads to."""
    for href in sorted({asked.href for asked in diseases.values() if "?" in asked.href}):
        path, _, given = href.partition("?")
        yield href, pages.question(path.rpartition("/")[2], dict(parse_qsl(given)))
    shown = {
        "questions": names.questions(kg),
        "kinds": names.entities(kg, pages.terms, OMITTED),
        "scripts": [pages.search_script, assets.address("find.js")],
    }
    yield "/search", Page(pages.templates.get_template("names.html").render(**shown))


def script(
    kg: Graph, pages: Pages, diseases: Mapping[str, answers.Asked], address: Callable[[str], str]
) -> str:
    """The ranked search with its index, which a page loads when somebody types into its search box."""
    ranked = (assets.read("ranked.js") or b"").decode()
    return f"{ranked}globalThis.bempegIndex = {index(kg, pages, diseases, address)};\n"


def _answered(kg: Graph, pages: Pages, path: str) -> answers.Asked:
    try:
        return answers.told(kg, path, pages.answer, pages.compose)
    except BempegError:  # another programme may lack what it asks about
        name = path.partition("/")[2]
        return answers.Asked(kg.questions[name].summary, f"/{path}", "", "")
