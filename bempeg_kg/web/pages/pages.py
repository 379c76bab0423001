"""Every page by a method: a function of the graph and its parameters, which can be kept and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jinja2
from markupsafe import Markup

from bempeg_kg._version import __version__
from bempeg_kg.errors import BempegError, EngineError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.opening import opening
from bempeg_kg.rdf.canonical import dataset_hash
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.http import asgi
from bempeg_kg.web.pages import (
    answers,
    assets,
    band,
    entity,
    folding,
    home,
    listings,
    pictures,
    query_form,
    question_page,
    questions,
    reports,
    trial,
    verdicts,
    vocabulary,
)
from bempeg_kg.web.pages import compare as comparison
from bempeg_kg.web.pages.cell import Grid
from bempeg_kg.web.pages.cells import BASES, Terms, WiderTerms
from bempeg_kg.web.pages.finding import Finder, Found
from bempeg_kg.web.pages.problems import NotRunHere, problem_status, problem_text
from bempeg_kg.web.pages.trial_results import SEED_ONLY

LAYOUT = "base.html"
"""The template around every page; pages that stand in another page have another."""


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page."""

    html: str
    status: int = 200


class Pages:
    """All pages over one graph. ``answer``, ``draw``, ``report`` and ``judge`` compute; the server gives some
    that run where they can be killed.
    """

    def __init__(
        self,
        kg: Graph,
        *,
        answer: questions.Answer | None = None,
        draw: pictures.Draw | None = None,
        report: reports.Compose | None = None,
        judge: verdicts.Judge | None = None,
        content: str = "",
        static: bool = False,
        layout: str = LAYOUT,
    ) -> None:
        self.kg = kg
        self.terms = Terms(kg)
        self.finder = Finder(kg, self.terms)
        self.answer = answer or kg.answer
        self.draw = draw or partial(pictures.charted, kg)
        self.compose = report or partial(reports.composed, kg)
        self.static, self.layout = static, layout
        self.judged = band.Judged(kg, self.answer, judge or partial(verdicts.by_statement, kg))
        self.templates = jinja2.Environment(
            loader=jinja2.PackageLoader("bempeg_kg.web", "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        content = (content or dataset_hash(kg.quads()))[:12]
        #: where pages as files have the ranked search
        self.search_script = f"/assets/search.{content}.js"
        self.templates.globals.update(
            static=static,
            search_script=self.search_script if static else "",
            layout=layout,
            folded=folding.folded,
            policy=asgi.FILE_POLICY,
            style=assets.address("style.css"),
            script=assets.address("page.js"),
            version=__version__,
            content=content,
            graph_title=home.graph_title(kg),
        )

    def _page(self, template: str, status: int = 200, **values: Any) -> Page:
        return Page(self.templates.get_template(template).render(**values), status)

    def home(self) -> Page:
        """What became of the programme, the main finding with its figures, and where to go on."""
        return self._page(
            "home.html",
            finding=home.main_finding(self.kg, self.terms, self.answer),
            verdict=home.verdict(self.kg, self.terms),
            stopped=home.stopped_trials(self.kg, self.terms),
            doors=home.doors(self.kg),
            signals=pictures.VIEWS["signals"] if self.kg.content.has_shipped else None,
            counts=self._counts,
        )

    @cached_property
    def _counts(self) -> dict[str, dict[str, object]]:
        return listings.counts(self.kg)

    def report(self, name: str) -> Page | None:
        """A composed report: its answer, then the sections with their tables and curves."""
        if name not in reports.SHOWN:
            return None
        report = self.compose(name)
        sections = [
            (section, [(block, self._block_grid(block), Markup(block.svg)) for block in section.blocks])
            for section in report.sections
        ]
        return self._page("report.html", report=report, sections=sections)

    def _block_grid(self, block: reports.Block) -> Grid | None:
        return None if block.table is None else self.terms.grid(block.table, block.caption)

    @cached_property
    def _without_answer(self) -> frozenset[str]:
        return questions.without_answer(self.kg, self.answer)

    def questions(self, words: str = "", tag: str = "") -> Page:
        """The library, searched by words or held to a tag."""
        common, rare = questions.tags(self.kg.questions)
        listed = questions.listed(self.kg.questions, words, tag)
        return self._page(
            "questions.html",
            groups=[("", listed)] if listed and words.strip() else questions.grouped(listed),
            empty=self._without_answer,
            words=words,
            tag=tag,
            common=common,
            rare=rare,
        )

    def question(self, name: str, given: Mapping[str, str]) -> Page:
        """A question with its form, answer, picture and SPARQL."""
        question = self.kg.questions[name]
        wider = question.data == "signals" and self.kg.content.has_shipped
        terms = self._signal_terms if wider else self.terms
        values = question_page.values(self.kg, terms, question, given, self.answer, self.judged)
        drawn = values["figure"] and question.data != "signals"
        whole = not (values["suffix"] or values["problem"] or drawn)
        drawing = pictures.of_question(question, self.draw) if whole else None
        values["grid"] = pictures.named_as_drawn(self.kg, values["grid"], values["picture"])
        values["sentence"] = pictures.said_as_drawn(self.kg, values["sentence"], values["picture"])
        first = drawing is not None and name in pictures.QUESTIONS and not values["figure"]
        if self.layout != LAYOUT:  # the explorer puts the picture there that it holds
            values["picture"], drawing = values["picture"] if drawing else "", None
        return self._page("question.html", values.pop("status"), drawing=drawing, first=first, **values)

    @cached_property
    def _signal_terms(self) -> Terms:
        return WiderTerms(self.kg, self.kg.with_signals())

    def answer_table(self, name: str, given: Mapping[str, str]) -> Table:
        """The answer alone, for the links to JSON, CSV and TSV. Raises NotRunHere for a live question."""
        question = self.kg.questions[name]
        if question.live:
            raise NotRunHere(
                f"{name} asks an outside service, so it is not run here",
                cure=f"The command `bempeg-kg ask {name} --live` runs it.",
            )
        questions.refuse_unknown(question, given)
        table = self.answer(question, questions.filled(question, given))
        table.sentence, table.caveat = self.kg.sentence(question, table), question.caveat
        return table

    def entity(self, iri: str) -> Page | None:
        """An entity's page; None when nothing is stated about it."""
        shown = entity.describe(self.kg, self.terms, iri, self.verdicts(iri))
        if shown is None:
            return None
        kind = self.kg.names.kind_of(iri) or ""
        told = opening(self.kg, iri, self.answer) if kind == "trial" else None
        has_choice = told and not self.kg.content.is_large
        return self._page(
            "entity.html",
            entity=shown,
            sentence=told.sentence if told else shown.sentence,
            strip=trial.unsaid(shown.strip, told.sentence if told else ""),
            chips=band.of_trial(iri, told, self.terms, self.judged) if told else shown.chips,
            flow=trial.flow(self.kg, iri) if told else None,
            folded=SEED_ONLY,
            kind=kind,
            bases=BASES,
            path=self.terms.href(iri),
            others=listings.choices(self.kg, self.terms, kind) if has_choice else [],
        )

    def verdicts(self, iri: str) -> Table | None:
        """What forensics says about a statement; the first call looks at all of them."""
        return self.judged.of(iri)

    def listing(self, kind: str) -> Page | None:
        """All entities of a kind."""
        prefix = self.kg.names.prefixes.get(kind, "")
        if not prefix.startswith(self.terms.base) or not listings.choices(self.kg, self.terms, kind):
            return None
        title = listings.title(kind)
        grid, matrix = listings.table(self.kg, self.terms, kind, title)
        nodes = (self.terms.node(iri) for iri in sorted(self.terms.of_kind(prefix)))
        items = sorted(nodes, key=lambda cell: cell.title.lower())
        return self._page("listing.html", title=title, items=items, grid=grid, kind=kind, matrix=matrix)

    def compare(self, first: str, second: str) -> Page:
        """Two trials side by side, property by property, with what is known of how they differ."""
        trials = listings.choices(self.kg, self.terms, "trial")
        slugs = [curie.partition(":")[2] for curie, _ in trials]
        pair = comparison.pair(slugs, (first, second))
        unknown = comparison.proposals(slugs, pair)
        compared = None if unknown else comparison.compare(self.kg, self.terms, pair, self.answer)
        shown = {"trials": trials, "pair": pair, "unknown": unknown, "compared": compared}
        return self._page("compare.html", 404 if unknown else 200, **shown)

    def search(self, words: str, matches: Found) -> Page:
        """What the words ask, with the answer; the questions that they fit; and what has them in its name."""
        asked_for = self.understood(words) if words else None
        grid = self.terms.grid(matches.table, "Found by name") if matches.table.rows else None
        name, library = asked_for.name if asked_for else "", self.kg.questions
        asked = questions.further(library, name) if name else questions.nearest(library, words)
        return self._page(
            "search.html",
            words=words,
            understood=asked_for,
            grid=grid,
            questions=asked[:8],
            suggestions=matches.corrections(words, answered=asked_for is not None and not asked_for.refusal),
        )

    def understood(self, words: str) -> answers.Asked | None:
        """What the words ask; None where the answer takes too long: the names are shown all the same."""
        try:
            return answers.understood(self.kg, words, self.answer, self.compose)
        except EngineError:
            return None

    def suggested(self, words: str) -> list[tuple[str, str, str]]:
        """What words that are being typed may mean: text, address and kind, questions first."""
        if len(words) < 2:
            return []
        asked = answers.suggested(self.kg, words)
        return asked + self.finder.starting(words, 10 - len(asked))

    def picture(self, name: str, as_of: str = "") -> Page | None:
        """A picture, as of a day where one is given, with the same content as a table beside it."""
        view = pictures.VIEWS.get(name)
        if view is None:
            return None
        problem, status, drawing, table = "", 200, None, None
        try:
            drawing = pictures.drawing(name, self.draw, as_of)
            table = drawing.table
            if table is None and view.question in self.kg.questions:
                table = self.answer(self.kg.questions[view.question], {})
        except BempegError as error:
            problem, status = problem_text(error), problem_status(error)
        grid = self.terms.grid(table, view.title) if table is not None else None
        return self._page(
            "picture.html", status,
            name=name, view=view, drawing=drawing, as_of=as_of, problem=problem, views=pictures.VIEWS,
            grid=pictures.named_as_drawn(self.kg, grid, name),
        )  # fmt: skip

    def vocabulary(self) -> Page:
        """The terms of the ontology, one after the other, so that their IRIs lead somewhere."""
        return self._page("vocabulary.html", terms=vocabulary.terms(self.kg))

    def sparql(self, query: str = "", **results: Any) -> Page:
        """The query page: a plain text box, which the editor replaces where script runs."""
        values = query_form.values(self.kg, query, results)
        return self._page("sparql.html", int(values.pop("status")), **values)

    def about(self) -> Page:
        """How to read the pages: bases, verdicts, printed numbers, licences."""
        return self._page("about.html", bases=vocabulary.bases(self.kg))

    def problem(self, status: int, message: str) -> Page:
        """A page that says what went wrong."""
        return self._page("problem.html", status, code=status, message=message)
