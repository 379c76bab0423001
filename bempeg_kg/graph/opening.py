"""What the page and the card of a trial open with: its finding, then its status and why it ended."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.primary import primary_finding
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table

Answerer = Callable[[Question, Mapping[str, object]], Table]

RATES = "response-rates"
_EFFECTS = "treatment-effects"
_ROLES = """SELECT ?endpoint ?role { ?one a kg:TrialEndpoint ; kg:trial <%s> ; kg:endpoint/rdfs:label ?e ;
  kg:endpointRole ?r . BIND(STR(?e) AS ?endpoint)
  BIND(IF(?r = kg:primaryEndpoint, 0, IF(?r = kg:secondaryEndpoint, 1, 2)) AS ?role) }"""
_STATE = """SELECT DISTINCT ?status ?reason ?posted ?enrolled { VALUES ?trial { <%s> }
  OPTIONAL { ?trial kg:statusPrinted ?status } OPTIONAL { ?trial kg:stopReason ?reason }
  OPTIONAL { ?record kg:reportsOn ?trial ; kg:hasResults ?posted }
  OPTIONAL { ?set kg:trial ?trial ; kg:setKind kg:enrolled ; kg:size ?enrolled FILTER(?enrolled = 0) } }
  ORDER BY ?status ?reason"""


class Telling(Asked, Protocol):
    """A graph with a library of questions; `Graph` has it."""

    @property
    def questions(self) -> Library:
        """The library of questions."""
        ...

    def answer(self, question: Question, parameters: Mapping[str, object]) -> Table:
        """The answer to a question of the library."""
        ...

    def sentence(self, question: Question, table: Table, *, in_order: bool = False) -> str:
        """The answer in a sentence."""
        ...


class Opening(NamedTuple):
    """What a trial opens with, and the rows that it tells: none where there is no result to tell."""

    sentence: str
    question: Question | None = None
    table: Table | None = None


def opening(kg: Telling, trial: str, answer: Answerer | None = None) -> Opening:
    """What a trial found, else that no results are posted; then its status and why it ended.

    ``answer`` runs a question of the library, in place of this graph's own engine.
    """
    state = list(kg.select(_STATE % trial))
    found = primary_finding(kg, trial)
    if found:
        is_shown = found.table.rows and _EFFECTS in kg.questions
        question = _without_caveat(kg.questions[_EFFECTS]) if is_shown else None
        return Opening(f"{found.sentence} {_ended(state)}".strip(), question, found.table)
    is_empty = any(row["posted"] is False for row in state)
    told = _told(kg, trial, answer or kg.answer)  # a paper can have results that the registry lacks
    return told or Opening(f"{'No results posted. ' if is_empty else ''}{_ended(state)}".strip())


def _ended(state: Sequence[Mapping[str, object]]) -> str:
    """The status of a trial as printed, whether nobody was enrolled, and why it ended."""
    first = state[0] if state else {}
    status = f"Status: {first['status']}" if first.get("status") else ""
    nobody = ", no patient enrolled" if status and any(row["enrolled"] == 0 for row in state) else ""
    reasons = dict.fromkeys(str(row["reason"]).rstrip(".") for row in state if row["reason"])
    return " ".join(f"{part}." for part in (status + nobody, *reasons) if part)


def _without_caveat(question: Question) -> Question:
    question = copy.copy(question)
    question.caveat = ""  # the page of the question has it
    return question


def _told(kg: Telling, trial: str, answer: Answerer) -> Opening | None:
    """What a trial reported, primary endpoints first: comparisons, else rates, else medians; else None."""
    primary = roles(kg, trial)
    for name in (_EFFECTS, RATES, "survival-medians"):
        if name not in kg.questions or (name == RATES and primary.get("objective response rate") != 0):
            continue
        question = _without_caveat(kg.questions[name])
        try:
            table = answer(question, {"trial": trial})
        except BempegError:
            continue
        if table.rows:
            each = str(question.sentence.get("each", "")).replace("in {trial}, ", "", 1)
            question.sentence = {**question.sentence, "each": each}
            first = _largest(table) if name == RATES else _primary(primary, table)
            text = kg.sentence(question, first)
            return Opening(text[:1].upper() + text[1:], question, first)
    return None


def roles(kg: Asked, trial: str) -> dict[str, int]:
    """Endpoint -> 0 if it is primary in the trial, 1 if secondary, 2 if neither."""
    by_endpoint: dict[str, int] = {}
    for row in kg.select(_ROLES % trial):
        by_endpoint[row["endpoint"]] = min(by_endpoint.get(row["endpoint"], 9), int(row["role"]))
    return by_endpoint


def _largest(table: Table) -> Table:
    """Final rates before those of a read-out in between, the largest group first."""
    maturity, total = (table.columns.index(name) for name in ("maturity", "N"))

    def rank(row: Sequence[object]) -> tuple[bool, int]:
        """Final results come first, then the larger group."""
        count = str(getattr(row[total], "value", ""))
        return getattr(row[maturity], "value", "") != "final", -int(count) if count.isdigit() else 0

    return Table(table.columns, sorted(table.rows, key=rank), names=table.names)


def _primary(roles: Mapping[str, int], table: Table) -> Table:
    """The rows of primary endpoints where the trial has such, else all rows."""
    at = table.columns.index("endpoint")
    first = [row for row in table.rows if roles.get(getattr(row[at], "value", ""), 9) == 0]
    return Table(table.columns, first or list(table.rows), names=table.names)
