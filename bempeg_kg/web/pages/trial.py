"""What the page of a trial opens with: its comparisons in a sentence, the headline strip, the flow."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import NamedNode

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.flow import participant_flow
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.pages import results
from bempeg_kg.web.pages.figures import Drawn, inline

Answerer = Callable[[Question, Mapping[str, object]], Table]

SETS = 2
"""Analysis sets that a trial needs before its page draws their flow."""


def strip(kg: Graph, trial: NamedNode) -> list[tuple[str, str]]:
    """Primary endpoints, patients, status and why a trial ended, as far as stated."""
    query = f"""SELECT DISTINCT ?what ?value {{
        {{ ?one kg:trial {trial} ; kg:endpointRole kg:primaryEndpoint ; kg:endpoint/rdfs:label ?value
            BIND(1 AS ?what) }}
        UNION {{ ?one kg:trial {trial} ; kg:endpoint endpoint:participants ; kg:printed ?value ;
            kg:group/kg:groupKind ?all . FILTER(?all IN (kg:pooledArms, kg:wholeTrial)) BIND(2 AS ?what) }}
        UNION {{ {trial} kg:statusPrinted ?value BIND(3 AS ?what) }}
        UNION {{ {trial} kg:stopReason ?value BIND(4 AS ?what) }} }} ORDER BY ?what ?value"""
    names = {1: "Primary endpoints", 2: "Patients", 3: "Status", 4: "Ended"}
    values: dict[str, list[str]] = {}
    for row in kg.select(query):
        values.setdefault(names[int(row["what"])], []).append(str(row["value"]))
    return [(name, ", ".join(listed)) for name, listed in values.items()]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a trial opens with: the answer in a sentence, and the rows that it names."""

    sentence: str
    question: Question
    table: Table


def told(kg: Graph, trial: str, answer: Answerer) -> Told | None:
    """What a trial reported, primary endpoints first: its comparisons, else its medians; else None."""
    for name in ("treatment-effects", "survival-medians"):
        if name not in kg.questions:
            continue
        question = copy.copy(kg.questions[name])
        question.caveat = ""  # the page of the question has it
        try:
            table = answer(question, {"trial": trial})
        except BempegError:
            continue
        if table.rows:
            each = str(question.sentence.get("each", "")).replace("in {trial}, ", "", 1)
            question.sentence = {**question.sentence, "each": each, "lead": ""}
            first = _primary(kg, trial, table)
            text = kg.sentence(question, first)
            return Told(text[:1].upper() + text[1:], question, first)
    return None


def _primary(kg: Graph, trial: str, table: Table) -> Table:
    """The rows of primary endpoints where the trial has such, else all rows."""
    roles = results.roles(kg, NamedNode(trial))
    at = table.columns.index("endpoint")
    first = [row for row in table.rows if roles.get(getattr(row[at], "value", ""), 9) == 0]
    return Table(table.columns, first or list(table.rows), names=table.names)


def flow(kg: Graph, trial: str) -> Drawn | None:
    """The flow of patients to stand in the page; None where fewer than ``SETS`` sets are known."""
    count = kg.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a kg:AnalysisSet ; kg:trial <{trial}> }}")
    if "picture-flow" not in kg.questions or int(count[0]["n"]) < SETS:
        return None
    try:
        wide, narrow = (participant_flow(kg, trial, shape) for shape in ("wide", "narrow"))
    except BempegError:
        return None
    return Drawn(Markup(wide.to_bytes("svg").decode()), inline(narrow, "phone"))
