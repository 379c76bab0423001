"""The opened graph: its statements, its engine, and its library of questions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pyoxigraph import Triple

from bempeg_kg.engines.engine import Answer
from bempeg_kg.errors import UsageError
from bempeg_kg.graph.about import keep_about
from bempeg_kg.graph.answer import Answer as Answered
from bempeg_kg.graph.answer import why_empty
from bempeg_kg.graph.asking import ask_sentence
from bempeg_kg.graph.binding import WORDS, bound_query, check_words, given_terms, python_values
from bempeg_kg.graph.card import card
from bempeg_kg.graph.entities import describe, find, show, stats
from bempeg_kg.graph.kept import kept
from bempeg_kg.graph.labels import label_lookup
from bempeg_kg.graph.lexicon import Lexicon, lexicon_of
from bempeg_kg.graph.links import Links
from bempeg_kg.graph.measured import MEASURED, near_endpoints
from bempeg_kg.graph.narrowing import WHOLE
from bempeg_kg.graph.opened import OpenedGraph
from bempeg_kg.graph.sentence import answer_sentence, has_order, told_order
from bempeg_kg.graph.understood import Understood, command_of
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.names import EXTERNAL, VOCAB, Names
from bempeg_kg.rdf.sparql.unknown import unknown_terms
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyoxigraph import Triple


class Graph(OpenedGraph):
    """The graph of a programme (or several), and the questions to put to it."""

    @property
    def questions(self) -> Library:
        """The library of questions."""
        if self._library is None:
            self._library = Library.read(self.content)
        return self._library

    def ask(self, name: str, **parameters: object) -> Answered:
        """The answer to a question, by name or by a sentence: an Answer, which is a Table that knows more.

        Parameters are plain values or lists of them; an IRI may be a CURIE, a bare slug or a label. An ASK
        gives one row `answer`, a CONSTRUCT the columns subject, predicate, object. Raises UnknownName for a
        question, parameter or entity that does not exist, UsageError for a value of the wrong type,
        NoAnswer for a sentence that fits nothing.
        """
        if name in self.questions or not any(char.isspace() for char in name.strip()):
            question = self.questions[name]
            answer = Answered.of_table(question, self.answer(question, parameters))
            answer.sentence = self.sentence(question, answer)
            whole = self.with_signals() if question.data == "signals" else self
            given = given_terms(whole, question, parameters)
            answer.parameters = {key: [one.value for one in terms] for key, terms in given.items()}
            answer.understood = command_of(question, answer.parameters, self.names)
            return self._labelled(answer)
        understood, table = self.ask_sentence(name, parameters)
        answer = Answered.of_table(understood.question, table)
        answer.parameters = understood.parameters
        answer.understood = understood.command(self.names)
        answer.not_used = understood.unknown
        answer.alternatives = [one.name for one in understood.alternatives]
        return self._labelled(answer)

    def _labelled(self, answer: Answered) -> Answered:
        self.name_entities(answer.question, answer)
        return answer

    def name_entities(self, question: Question, table: Table) -> None:
        """Let a table show trials, drugs, cells and their like by label; looked up when first shown."""
        if table.label_of is None:
            whole = self.with_signals() if question.data == "signals" else self
            table.label_of = label_lookup(whole.engine, table)

    @property
    def lexicon(self) -> Lexicon:
        """The names of the entities, read from the snapshot on first use."""
        if self._lexicon is None:
            self._lexicon = lexicon_of(self)
        return self._lexicon

    @property
    def vocabulary(self) -> frozenset[str]:
        """The terms of the vocabulary, without their namespace; empty where it is not loaded."""
        if self._vocabulary is None:
            self._vocabulary = frozenset(kept(self.engine, "vocabulary", self._vocabulary_terms))
        return self._vocabulary

    def _vocabulary_terms(self) -> list[str]:
        query = "SELECT DISTINCT ?t { ?t rdfs:label ?l FILTER(STRSTARTS(STR(?t), STR(kg:))) }"
        terms = self.engine.query(query)
        listed = terms.column("t") if isinstance(terms, Table) else []
        return [term.removeprefix(VOCAB) for term in listed]

    def to_mind(self, sparql: str) -> list[str]:
        """Terms of a query that the vocabulary lacks, a sentence each with the nearest term."""
        if "kg:" not in sparql and VOCAB not in sparql:
            return []
        known = self.vocabulary
        return unknown_terms(sparql, known, self.names.prefixes) if known else []

    def ask_sentence(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        answer: Callable[[Question, Mapping[str, object]], Table] | None = None,
    ) -> tuple[Understood, Table]:
        """What a sentence was understood to ask, and the answer. Parameters given by name go first.

        `answer` runs a question, in place of this graph's own engine.

        Raises NoAnswer where no question fits, or where a name in it can be neither bound nor filtered by.
        """
        return ask_sentence(self, text, parameters or {}, answer or self.answer)

    def about(self, table: Table, terms: Sequence[str]) -> None:
        """Keep the rows about each entity (CURIE, IRI, label), phase, number, or what trials share.

        The last is a word of their conditions, `children`, `industry` or a country. Of names with " or "
        between them, rows about any. Raises UnknownName.
        """
        for term in terms:
            keep_about(self, self.lexicon, table, term)

    def sentence(self, question: Question, table: Table, *, in_order: bool = False) -> str:
        """The answer of a question in a sentence, from the rows of its table.

        `in_order`: the rows stand in the order asked for.
        """
        return answer_sentence(question, table, self._labels(question, table), in_order=in_order)

    def put_in_order(self, question: Question, table: Table) -> None:
        """Put the rows of an answer in the order in which its sentence tells them."""
        table.rows = [table.rows[place] for place in self.told_order(question, table)]

    def told_order(self, question: Question, table: Table) -> list[int]:
        """The places of the rows of an answer in the order in which its sentence tells them."""
        if not (has_order(question) and table.rows):
            return list(range(len(table.rows)))
        return told_order(question, table, self._labels(question, table))

    def _labels(self, question: Question, table: Table) -> Callable[[str], str]:
        self.name_entities(question, table)
        label_of = table.label_of or self.names.shorten

        def name(iri: str) -> str:
            """The label of an entity; the identifier where the entity belongs to another resource."""
            curie = self.names.shorten(iri)
            is_outside = curie.partition(":")[0] in EXTERNAL  # there the identifier is what was asked for
            return curie if is_outside else label_of(iri) or curie

        return name

    def answer(self, question: Question, parameters: Mapping[str, object]) -> Table:
        """The answer to a question of the library; see `ask`."""
        kg = self.with_signals() if question.data == "signals" else self
        table = kg.rows(question, parameters)
        table.caveat = question.caveat
        narrowed = check_words(kg, question, parameters, has_rows=bool(table.rows))
        if not table.rows and not table.reason:
            given = {name: value for name, value in parameters.items() if name != WHOLE}
            unasked = {
                one.name: one.default
                for one in question.parameters
                if one.name in WORDS and one.type == "string" and one.default and one.name not in given
            }
            known = narrowed or MEASURED in given  # an endpoint that is bound is in the graph
            table.reason = why_empty(given, question.empty, self.names, known_words=known, defaults=unasked)
            near = near_endpoints(kg, question, given, kg.rows)
            table.reason += f"; {near}" if near else ""
        return table

    def rows(self, question: Question, parameters: Mapping[str, object]) -> Table:
        """The rows of a question of the library, without a reason where there are none."""
        if question.computed:
            return self._computed(question, python_values(self, question, parameters))
        return as_table(self.engine.query(bound_query(self, question, parameters)), self.names)

    def _computed(self, question: Question, values: Mapping[str, Any]) -> Table:
        """The answer of a question that computes; its module is imported when it is first asked."""
        module, _, name = question.computed.partition(":")
        function = getattr(import_module(module), name)
        for parameter, value in values.items():
            if isinstance(value, list) and "list[" not in str(function.__annotations__.get(parameter)):
                raise UsageError(
                    f"{question.name} takes one {parameter}, and got {len(value)}", cure="Ask once for each."
                )
        table: Table = function(self, **values)
        return table

    def find(self, text: str, *, limit: int = 20) -> Table:
        """Entities by a part of a name, accession or outside identifier, or by the beginning of a slug.

        Columns: term, label, kind, matched.
        """
        return find(self, text, limit=limit)

    def link(self, term: str) -> Table:
        """Outside identifiers of an entity, or the entities that an outside identifier stands for.

        A term is a CURIE, IRI or label of ours, or an identifier in any usual spelling. Columns: entity,
        label, match, identifier, identifierLabel, page, justification, checked, note. Raises UnknownName,
        UsageError for an identifier that cannot be right, NoAnswer if nothing is linked to it.
        """
        links = Links(self)
        return links.table(links.find(term))

    def show(self, term: str) -> Table:
        """Everything stated about an entity, in both directions, with basis and source of statement nodes.

        Columns: direction (out, in), property, value, label, basis, source. See `resolve` for what a term
        can be.
        """
        return show(self, self.resolve(term))

    def card(self, term: str, width: int = 80) -> str:
        """An entity on one screen: what it is, its role, results or claims, disputes, outside links."""
        return card(self, self.resolve(term), width)

    def describe(self, term: str) -> list[Triple]:
        """The triples that have an entity as subject or object."""
        return describe(self, self.resolve(term))

    def stats(self) -> Table:
        """Counts: columns what (statements, class, basis, source), name, count; the largest first."""
        return stats(self)


def as_table(answer: Answer, names: Names) -> Table:
    """A Table of any answer: a bool becomes one row `answer`, triples become subject, predicate, object."""
    if isinstance(answer, Table):
        return answer
    if isinstance(answer, bool):
        return Table.of(["answer"], [[answer]], names=names)
    rows = [(triple.subject, triple.predicate, triple.object) for triple in answer]
    return Table(["subject", "predicate", "object"], rows, names=names)
