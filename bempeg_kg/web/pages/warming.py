"""Pages prepared after the start of a server: the menu and what home leads to, then every question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from bempeg_kg.content.memory import return_memory
from bempeg_kg.errors import BempegError
from bempeg_kg.web.pages import pictures
from bempeg_kg.web.pages.kept import KeptPages, Key
from bempeg_kg.web.pages.pages import Page, Pages

Make = Callable[[], Page | None]

QUESTIONS = ("treatment-effects", "what-was-known", "hazard-ratios", "how-surprising", "signal-changes")
"""Questions that home, the menu and the search lead to, which are prepared before all others."""
PAUSE = 0.05
"""Seconds between two looks whether a reader still waits for a page."""
LONGEST_PAUSE = 5.0
"""Seconds after which preparing goes on beside readers."""


class Warming:
    """Prepares pages in a thread of its own, and lets requests of readers go first."""

    def __init__(self, pages: Pages, kept: KeptPages, waiting: Callable[[], int]) -> None:
        """``waiting`` is how many readers wait for a page."""
        self.pages = pages
        self.kept = kept
        self.waiting = waiting

    def start(self) -> None:
        """Begin; a server that stops waits for no page."""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Prepare the pages, their images, and what pages share."""
        if self.pages.kg.content.is_large:
            return
        with self.kept.workers.beside_readers():
            self.pages.finder.find("anything")  # reads the names that a search looks through
            pages = (partial(self.kept.prepared, key, make) for key, make in self.listed().items())
            made: list[Callable[[], object]] = [*pages, *self._images()]
            for prepare in made:
                self._pause()
                with suppress(BempegError):  # on a busy machine what computes may meet its limit
                    prepare()
        return_memory()

    def _images(self) -> list[Callable[[], object]]:
        """What makes the images for phones and the graphs to explore, which pages lead to."""
        workers, views = self.kept.workers, pictures.VIEWS
        narrow = [name + pictures.NARROW for name in views if pictures.is_drawn(name + pictures.NARROW)]
        graphs = [name for name, view in views.items() if view.graph]
        return [
            *(partial(workers.draw, name, "") for name in narrow),
            *(partial(workers.explored, name) for name in graphs),
        ]

    def listed(self) -> dict[Key, Make]:
        """Key -> what makes its page, those first that most readers open."""
        pages = self.pages
        menu: dict[Key, Make] = {
            ("home",): pages.home,
            ("questions", "", ""): pages.questions,
            ("listing", "trial"): partial(pages.listing, "trial"),
            **{("picture", name, ""): partial(pages.picture, name) for name in ("lineage", "timeline")},
            ("sparql",): pages.sparql,
            ("about",): pages.about,
        }
        if not pages.kg.content.has_shipped:
            return {**menu, ("picture", "signalling", ""): partial(pages.picture, "signalling")}
        return {
            **menu,
            ("compare", "", ""): partial(pages.compare, "", ""),
            **{("picture", name, ""): partial(pages.picture, name) for name in ("safety", "signalling")},
            ("report", "why-phase-3"): partial(pages.report, "why-phase-3"),
            **self._questions([name for name in QUESTIONS if name in pages.kg.questions]),
            ("picture", "signals", ""): partial(pages.picture, "signals"),
            **{
                ("listing", kind): partial(pages.listing, kind)
                for kind in ("claim", "drug", "cell", "protein")
            },
            **self._entities("trial"),
            ("ontology",): pages.vocabulary,
            **{("picture", name, ""): partial(pages.picture, name) for name in pictures.VIEWS},
            **self._questions([question.name for question in pages.kg.questions]),
        }

    def _questions(self, names: Iterable[str]) -> dict[Key, Make]:
        return {("question", name, "{}"): partial(self.pages.question, name, {}) for name in names}

    def _entities(self, kind: str) -> dict[Key, Make]:
        terms = self.pages.terms
        iris = sorted(terms.of_kind(self.pages.kg.names.prefixes[kind]))
        return {("entity", terms.href(iri).lstrip("/")): partial(self.pages.entity, iri) for iri in iris}

    def _pause(self) -> None:
        until = time.monotonic() + LONGEST_PAUSE
        while self.waiting() and time.monotonic() < until:
            time.sleep(PAUSE)
