"""The pages of the server as parts of the explorer, their links leading to views of its file."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

from markupsafe import Markup

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Question
from bempeg_kg.web.pages import Page, Pages, pictures, reports
from bempeg_kg.web.site.shared import OMITTED

FIXED = ("about", "compare", "ontology")
"""Pages that take nothing, beside the lists and reports."""


def is_held(question: Question) -> bool:
    """Whether the file has the page of a question: it asks no service."""
    return not question.live


class Cards:
    """Pages by their path without the first slash; an entity's path is the end of its IRI."""

    def __init__(self, kg: Graph, pages: Pages) -> None:
        self.kg = kg
        self.pages = pages
        self.terms = pages.terms

    @cached_property
    def lists(self) -> frozenset[str]:
        """Kinds of which there is a list."""
        kinds = {self.kg.names.kind_of(iri) or "" for iri in self.terms.entities} - {"", *OMITTED}
        return frozenset(kinds)

    @cached_property
    def places(self) -> dict[str, str]:
        """Path of a page that is neither of an entity nor of a question -> its view in the file."""
        reported = [f"report/{name}" for name in reports.SHOWN if self.kg.content.has_shipped]
        views = {path: f"#/p/{path}" for path in (*FIXED, *reported, *self.lists)}
        return {**views, "": "#/", "questions": "#/questions"}

    def packed(self) -> bytes:
        """Path -> page, as JSON."""
        cards = {path: self.inside(page.html) for path, page in self._made() if page is not None}
        return json.dumps(cards, ensure_ascii=False).encode()

    def _made(self) -> Iterator[tuple[str, Page | None]]:
        for iri in sorted(self.terms.entities):
            if self.kg.names.kind_of(iri) not in (None, *OMITTED):
                yield iri.removeprefix(self.terms.base), self.pages.entity(iri)
        for question in filter(is_held, self.kg.questions):
            yield f"question/{question.name}", self.pages.question(question.name, {})
        for path in self.places:
            if path:
                yield path, self._listed(path)

    def _listed(self, path: str) -> Page | None:
        kind, _, name = path.partition("/")
        try:
            if kind == "report":
                return self.pages.report(name)
            if path == "compare":
                return self.pages.compare("", "")
        except BempegError:  # another programme may lack what it sets side by side
            return None
        if path == "about":
            return self.pages.about()
        if path == "questions":
            return self.pages.questions()
        return self.pages.vocabulary() if path == "ontology" else self.pages.listing(path)

    def inside(self, markup: str) -> Markup:
        """Markup of a page whose links lead to views of the file; others lose their address."""
        return Markup(re.sub(r'\b(href|src)="(/[^"]*)"', self._turned, markup))

    def _turned(self, match: re.Match[str]) -> str:
        address = "" if match[1] == "src" else self.address(html.unescape(match[2]))
        return f'href="{html.escape(address)}"' if address else ""

    def address(self, path: str) -> str:
        """The view of a page of the server; empty for none."""
        whole = path.lstrip("/")
        path = whole.partition("#")[0]
        kind, _, name = path.partition("/")
        if self.terms.base + whole in self.terms.entities:
            return f"#/e/{quote(self.terms.base + whole, safe='')}"
        if path in self.places:
            return self.places[path]
        if kind.startswith("compare") and "how-trials-differ" in self.kg.questions:
            return "#/q/how-trials-differ"
        if kind == "question" and self._is_asked(name.partition("?")[0]):
            return f"#/q/{name}"
        return f"#/g/{name}" if kind == "picture" and name in pictures.VIEWS else ""

    def _is_asked(self, name: str) -> bool:
        return name in self.kg.questions and "." not in name
