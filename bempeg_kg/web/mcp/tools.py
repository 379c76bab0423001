"""What the tools for language models do, apart from the protocol.

Every answer names the sources and the basis of what it says, and is cut where it is long, with a word on how
to get the rest.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from bempeg_kg.errors import NoAnswer, QueryError, UsageError
from bempeg_kg.graph.asking import NOT_IN_DATA
from bempeg_kg.graph.binding import bound_query, check_words
from bempeg_kg.graph.entities import PARTS
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.measured import near_endpoints
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.endpoint import mistakes
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.mcp.shown import TooMany, details, limited, plain, telling
from bempeg_kg.web.pages import computing
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.pool import Pool

ROWS = 200
"""Rows of an answer to a question or a query."""

PAGE = 50
"""Statements of one property that a description shows at a time."""

FOUND = 30
"""Terms that a search shows."""

DETAILED = 8
"""Questions that are listed with all their details."""


class Tools:
    """The tools over a graph; queries run in ``pool``, questions that compute in ``computers``."""

    def __init__(self, kg: Graph, pool: Pool, computers: Pool) -> None:
        self.kg = kg
        self.pool = pool
        self.computers = computers

    def list_questions(self, words: str = "") -> dict[str, Any]:
        """All questions, a line each; with words those that fit, the best with their parameters."""
        shown = [question for question in self.kg.questions if not question.live]
        if not words.strip():
            return {
                "questions": [{"name": one.name, "question": one.summary} for one in shown],
                "note": "Give words, or a name, for descriptions and parameters.",
            }
        named = [one for one in shown if one.name == words.strip()]
        matches = named or [one for _, one in self.kg.questions.search(words) if not one.live]
        listing: dict[str, Any] = {"questions": [details(match) for match in matches[:DETAILED]]}
        if len(matches) > DETAILED:
            listing["also"] = [match.name for match in matches[DETAILED:]]
        if not matches:
            listing["note"] = "No question has these words; without words all are listed."
        return listing

    async def ask(
        self, name: str, parameters: dict[str, Any] | None = None, offset: int = 0
    ) -> dict[str, Any]:
        """The answer to a question, by its name or by a sentence."""
        name = name.strip()
        if name not in self.kg.questions and len(name.split()) > 1:
            return await self._ask_sentence(name, parameters, offset)
        question = self.kg.questions[name]
        if question.live:
            raise UsageError(f"{question.name} asks outside services, which these tools do not")
        if question.computed or question.data:  # what needs more data than the store holds is opened there
            task = computing.answer_task(question.name, parameters or {})
            try:
                body = await self.computers.body(task)
            except PoolError as error:
                raise UsageError(str(error)) from None
            table = computing.read_answer(body, self.kg.names)
        else:
            text = await asyncio.to_thread(bound_query, self.kg, question, parameters or {})
            table = await self._run(text)
            has_rows = bool(table.rows)
            await asyncio.to_thread(check_words, self.kg, question, parameters or {}, has_rows=has_rows)
            if not has_rows:
                near = await asyncio.to_thread(
                    near_endpoints, self.kg, question, parameters or {}, self.kg.rows
                )
                table.reason = "; ".join(filter(None, (question.empty, near)))
        answer: dict[str, Any] = {"name": question.name, "question": question.summary}
        table.sentence = await asyncio.to_thread(self.kg.sentence, question, table)
        return answer | await self._with_rows(question, table, offset)

    async def _ask_sentence(
        self, sentence: str, parameters: dict[str, Any] | None, offset: int
    ) -> dict[str, Any]:
        """The answer to a sentence, with what it was understood to ask, or that it is not in the data."""
        try:
            understood, table = await asyncio.to_thread(self.kg.ask_sentence, sentence, parameters)
        except NoAnswer as error:
            if not error.message.startswith(NOT_IN_DATA):
                raise
            return {"status": NOT_IN_DATA, "reason": error.message, "rows": []}
        question = understood.question
        answer: dict[str, Any] = {"name": question.name, "question": question.summary}
        answer["understood"] = understood.command(self.kg.names)
        answer["parameters"] = {
            name: [self.kg.names.shorten(value) for value in values]
            for name, values in understood.parameters.items()
        }
        answer["about"] = [one.text for one in understood.filters]
        if understood.unknown:
            answer["not_used"] = understood.unknown
        if understood.alternatives:
            answer["near"] = [
                {"name": alternative.name, "question": alternative.summary}
                for alternative in understood.alternatives
            ]
        return answer | await self._with_rows(question, table, offset)

    async def _with_rows(self, question: Question, table: Table, offset: int) -> dict[str, Any]:
        """The answer first, then its rows, then the caveat."""
        answer: dict[str, Any] = {"status": "answered" if table.rows else NOT_IN_DATA}
        answer |= {"answer": table.sentence} if table.sentence else {}
        answer |= await asyncio.to_thread(self._answer, table, first=offset)
        if question.caveat:
            answer["caveat"] = question.caveat
        if not table.rows:
            answer["reason"] = table.reason or question.empty or "nothing in the graph matches"
        return answer

    async def query(self, sparql: str) -> dict[str, Any]:
        """The answer to a read-only query, the first rows where there are too many."""
        more = f"LIMIT {ROWS} OFFSET {ROWS} behind an ORDER BY gives the next."
        try:
            answer = await asyncio.to_thread(self._answer, await self._run(sparql), more=more)
        except TooMany as error:
            try:
                table = await self._run(limited(sparql, ROWS))
            except UsageError:
                raise UsageError(str(error), cure=f"Add ORDER BY and LIMIT {ROWS}.") from None
            answer = await asyncio.to_thread(self._answer, table)
            most = f"more than {len(answer['rows'])}"
            answer |= {"count": most, "cut": f"the first {len(answer['rows'])} of {most} rows; {more}"}
        unknown = await asyncio.to_thread(mistakes.strangers, sparql, self.kg)
        return {**answer, "mind": unknown} if unknown else answer

    async def describe(self, term: str, prop: str = "", offset: int = 0) -> dict[str, Any]:
        """What is stated about an entity: a digest, or all of one property."""
        iri = await asyncio.to_thread(self.kg.resolve, term)
        table = await asyncio.to_thread(self.kg.show, iri)
        description: dict[str, Any] = {"term": self.kg.names.shorten(iri), "iri": iri}
        if prop:
            wanted = NamedNode(self.kg.names.expand(prop))
            table.rows = [row for row in table.rows if row[1] == wanted]
            return description | await asyncio.to_thread(self._answer, table, [iri], first=offset, size=PAGE)
        counts = Counter((str(row[0].value), row[1].value) for row in table.rows)  # type: ignore[union-attr]
        chosen = telling(table.rows)
        description["statements"] = [
            {"direction": way, "property": self.kg.names.shorten(one), "count": count}
            for (way, one), count in counts.most_common()
        ]
        shown = Table(table.columns, chosen, names=table.names)
        description |= await asyncio.to_thread(self._answer, shown, [iri])
        description["count"] = len(table.rows)
        if len(chosen) < len(table.rows):
            description["cut"] = (
                f"{len(chosen)} of {len(table.rows)} statements; a property of the list gives all of that, "
                f"{PAGE} at a time from an offset"
            )
        return description

    def find_terms(self, words: str) -> dict[str, Any]:
        """Entities whose names hold the words: our own first, and of these the things before statements."""
        table = self.kg.find(words, limit=1000)
        names = self.kg.names

        def rank(row: tuple[Any, ...]) -> int:
            """Entities come before their parts, terms without a kind last."""
            kind = names.kind_of(row[0].value)
            return 3 if kind is None else 1 if kind in PARTS else 0

        table.rows.sort(key=rank)
        return self._answer(table, size=FOUND, more="More words find fewer.")

    def schema(self) -> dict[str, Any]:
        """Classes and properties in use with their counts, and the prefixes that need no declaration."""
        counted = {
            "classes": "SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(DISTINCT ?s) AS ?n) { ?s a ?t . "
            "?t rdfs:label ?l "
            "FILTER(STRSTARTS(STR(?t), STR(kg:))) } GROUP BY ?t ORDER BY DESC(?n) ?t",
            "properties": "SELECT ?t (SAMPLE(?l) AS ?label) (COUNT(*) AS ?n) { ?s ?t ?o . ?t rdfs:label ?l "
            "FILTER(STRSTARTS(STR(?t), STR(kg:))) } GROUP BY ?t ORDER BY DESC(?n) ?t",
        }
        schema: dict[str, Any] = {
            name: [[self.kg.names.shorten(row["t"]), row["label"], row["n"]] for row in self.kg.select(query)]
            for name, query in counted.items()
        }
        schema["prefixes"] = dict(self.kg.names.prefixes)
        schema["note"] = (
            "Each result, comparison, step and claim is a node with kg:source, kg:derivedFrom, kg:basis."
        )
        return schema

    async def _run(self, sparql: str) -> Table:
        try:
            text = guard.examine(sparql)
            asked = frames.Request(sparql, graph="application/n-triples", has_dataset=text.has_dataset)
            body = await self.pool.body(asked)
        except QueryError as error:
            raise UsageError(str(error)) from None
        except PoolError as error:
            kind = TooMany if error.kind == "size" else UsageError
            raise kind(mistakes.error_text(error, sparql, self.kg.names.prefixes)) from None
        if body.startswith(b"{"):
            return read_table(body, self.kg.names)
        triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        rows = [(triple.subject, triple.predicate, triple.object) for triple in triples]
        return Table(["subject", "predicate", "object"], rows, names=self.kg.names)

    def _answer(
        self, table: Table, about: Iterable[str] = (), *, first: int = 0, size: int = ROWS, more: str = ""
    ) -> dict[str, Any]:
        """The rows from ``first`` on, at most ``size``, and the sources they rest on."""
        first = max(0, first)
        shown = table.rows[first : first + size]
        rows = [
            {
                name: plain(self.kg, term)
                for name, term in zip(table.columns, row, strict=True)
                if term is not None
            }
            for row in shown
        ]
        iris = dict.fromkeys(
            [*about, *(term.value for row in shown for term in row if isinstance(term, NamedNode))]
        )
        answer: dict[str, Any] = {"rows": rows, "count": len(table.rows), **self._grounds(list(iris))}
        last = first + len(shown)
        if len(shown) < len(table.rows):
            rest = more or (
                f"offset {last} gives the next" if last < len(table.rows) else "these are the last"
            )
            answer["cut"] = f"rows {first + 1} to {last} of {len(table.rows)}; {rest}"
        return answer

    def _grounds(self, iris: list[str]) -> dict[str, Any]:
        """Sources behind the things named, with title, year and address, and the bases that occur."""
        own = [iri for iri in iris if iri.startswith(self.kg.names.base)][:1000]
        if not own:
            return {"sources": [], "basis": []}
        values = " ".join(str(NamedNode(iri)) for iri in own)
        rows = self.kg.select(
            f"""SELECT DISTINCT ?source ?title ?year ?doi ?url {{ VALUES ?x {{ {values} }}
            {{ ?x kg:derivedFrom ?source }} UNION {{ ?x kg:sourceType ?t BIND(?x AS ?source) }}
            ?source rdfs:label ?title OPTIONAL {{ ?source kg:year ?year }} OPTIONAL {{ ?source kg:doi ?doi }}
            OPTIONAL {{ ?source kg:url ?url }} }} ORDER BY ?source"""
        )
        bases = self.kg.select(
            f"SELECT DISTINCT ?basis {{ VALUES ?x {{ {values} }} ?x kg:basis/rdfs:label ?basis }} "
            "ORDER BY ?basis"
        )
        sources = [
            {
                key: str(value)
                for key, value in {**row, "source": self.kg.names.shorten(row["source"])}.items()
                if value
            }
            for row in rows
        ]
        return {"sources": sources, "basis": bases.column("basis")}
