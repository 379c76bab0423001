"""The band under a question's title: how certain its rows are, and what there is to doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from bempeg_kg.errors import BempegError, EngineTimeout
from bempeg_kg.evidence.forensics.verdicts import VERDICTS
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.opening import Opening
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.pages.verdicts import Judge, of_statement

QUESTION = "how-certain"
GRADES = ("very low", "low", "moderate", "high")
COMPARED = ("result", "contrast", "printed", "percent", "rating", "lateResult", "early")
"""Columns of which one is there where rows of several trials stand beside each other to be compared."""
WRONG = ("impossible", "inconsistent")
DIFFERENCES = """SELECT ?first ?second (COUNT(DISTINCT ?d) AS ?n) {
  ?d a kg:DesignDifference ; kg:firstTrial ?first ; kg:secondTrial ?second }
  GROUP BY ?first ?second ORDER BY ?first ?second"""


@dataclass(frozen=True, slots=True)
class Chip:
    """A short statement about an answer, and where it is explained; ``tone`` is ``sure`` or ``doubt``."""

    text: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Rating:
    """How certain a result or comparison is, by the rules of ``how-certain``."""

    text: str
    design: str


class Judged:
    """What is known about the certainty of a graph's statements, each part worked out when first needed."""

    def __init__(
        self, kg: Graph, answer: Callable[[Question, Mapping[str, object]], Table], judge: Judge
    ) -> None:
        self.kg = kg
        self.answer = answer
        self.judge = judge

    @cached_property
    def ratings(self) -> dict[str, Rating]:
        """IRI of a result or comparison -> its rating; empty where the graph cannot rate them."""
        if QUESTION not in self.kg.questions or self.kg.content.is_large:
            return {}
        try:
            table = self.answer(self.kg.questions[QUESTION], {})
        except BempegError:
            return {}
        return {str(row["statement"]): Rating(str(row["rating"]), str(row["design"])) for row in table}

    @cached_property
    def differences(self) -> dict[frozenset[str], int]:
        """Two trials -> how many differences of design between them are recorded."""
        rows = self.kg.select(DIFFERENCES)
        return {frozenset((row["first"], row["second"])): int(row["n"]) for row in rows}

    @cached_property
    def verdicts(self) -> dict[str, Table]:
        """Statement IRI -> what forensics says of its printed numbers; nothing for a large graph."""
        if self.kg.content.is_large:
            return {}
        try:
            return self.judge()
        except EngineTimeout:  # a graph too large to be judged within the limit
            return {}

    def of(self, iri: str) -> Table | None:
        """What forensics says of one statement; in a large graph only its trial is judged."""
        return of_statement(self.kg, iri) if self.kg.content.is_large else self.verdicts.get(iri)

    def verdict(self, row: Sequence[object]) -> str:
        """The gravest verdict on the statements of a row, with its rule; empty for none."""
        ranked = [
            (VERDICTS.index(str(verdict["verdict"])), f"{verdict['verdict']}: {verdict['rule']}")
            for iri in dict.fromkeys(_iris(row))
            for verdict in self.verdicts.get(iri, ())
        ]
        return min(ranked)[1] if ranked else ""


def chips(question: Question, table: Table, terms: Terms, judged: Judged) -> list[Chip]:
    """How certain the rows of an answer are, and what there is to doubt."""
    sure = certainty(question, table, judged.ratings)
    doubt = doubts(question, table, terms, judged.differences, map(judged.verdict, table.rows))
    return [*([sure] if sure else []), *doubt]


def certainty(question: Question, table: Table, rated: Mapping[str, Rating]) -> Chip | None:
    """What the rows rest on: their rating where there is one, else kinds of source; None for neither."""
    ratings = [rated[iri] for row in table.rows for iri in dict.fromkeys(_iris(row)) if iri in rated]
    if ratings:
        return Chip(f"Certainty {_grades_text(ratings, table)}", f"/question/{QUESTION}", "sure")
    bases = Counter(str(value) for value in _column(table, "basis"))
    if bases:
        parts = [f"{number} {name}" for name, number in bases.most_common()]
        return Chip(f"Basis: {', '.join(parts)}", "/about", "sure")
    if question.computed and table.rows:
        return Chip("Computed from the graph", "/about", "sure")
    sources = set(map(str, _column(table, "source")))
    return (
        Chip(f"From {len(sources)} source{'s'[: len(sources) != 1]}", "#table", "sure") if sources else None
    )


def _grades_text(ratings: Sequence[Rating], table: Table) -> str:
    grades = {one.text for one in ratings}
    designs = {one.design for one in ratings}
    if len(grades) > 1:
        low, *_, high = sorted(grades, key=lambda text: GRADES.index(text.removeprefix("at most ")))
        return f"{low} to {high.removeprefix('at most ')}: {len(ratings)} of {len(table.rows)} rows rated"
    sizes = set(map(str, _column(table, "N" if "N" in table.columns else "denominator")))
    patients = f", {sizes.pop()} patients" if len(sizes) == 1 and next(iter(sizes)).isdigit() else ""
    return f"{grades.pop()}: {' and '.join(sorted(designs))}{patients}"


def doubts(
    question: Question,
    table: Table,
    terms: Terms,
    different: Mapping[frozenset[str], int],
    verdicts: Iterable[str],
) -> list[Chip]:
    """At most two caveats about the rows; else the note of the question."""
    chips = []
    trials = dict.fromkeys(iri for row in table.rows for iri in _iris(row) if "/trial/" in iri)
    compared = any(name in table.columns for name in COMPARED)
    for pair, number in sorted(different.items(), key=lambda one: -one[1]):
        if compared and pair <= trials.keys() and len(pair) == 2:
            first, second = (iri for iri in trials if iri in pair)
            chips.append(_differing(first, second, number, terms))
    wrong = sum(verdict.startswith(WRONG) for verdict in verdicts)
    if wrong:
        text = f"{_number(wrong, 'printed number')} questioned"
        chips.insert(0, Chip(text, "/question/impossible-numbers", "doubt"))
    for column, address in (("disputedBy", "/question/disputed-claims"), ("disputed", "")):
        if number := sum(1 for _ in _column(table, column)):
            chips.append(Chip(f"{_number(number, 'row')} disputed", address or "#table", "doubt"))
    if seed := sum(value == "seed" for value in _column(table, "basis")):
        text = f"{_number(seed, 'row')} from the audited guide only"
        chips.append(Chip(text, "/question/seed-only-facts", "doubt"))
    if not chips and question.caveat:
        chips.append(Chip("A note on these numbers" if table.rows else "A note", "#doubt", "doubt"))
    return chips[:2]


def of_trial(trial: str, told: Opening, terms: Terms, judged: Judged) -> list[Chip]:
    """How certain a trial's comparisons are, and how it differs from the one that it is compared with."""
    if told.question is None or told.table is None:
        return []
    pairs = sorted(judged.differences.items(), key=lambda one: -one[1])
    others = [(other, number) for pair, number in pairs if trial in pair for other in pair - {trial}]
    differing = [_differing(trial, other, number, terms) for other, number in others[:1]]
    return [*chips(told.question, told.table, terms, judged), *differing]


def _differing(first: str, second: str, number: int, terms: Terms) -> Chip:
    slugs = [iri.rpartition("/")[2] for iri in (first, second)]
    names = f"{terms.label(first)} and {terms.label(second)}"
    address = "/compare?" + urlencode(dict(zip("ab", slugs, strict=True)))
    return Chip(f"{_number(number, 'difference')} between {names}", address, "doubt")


def _number(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _column(table: Table, name: str) -> list[object]:
    """The values of a column that are there; none where there is no such column."""
    if name not in table.columns:
        return []
    at = table.columns.index(name)
    return [getattr(row[at], "value", row[at]) for row in table.rows if row[at] is not None]


def _iris(row: Sequence[object]) -> list[str]:
    return [term.value for term in row if isinstance(term, NamedNode)]
