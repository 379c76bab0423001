"""What the page of a trial opens with: its comparisons in a sentence, the headline strip, the flow."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
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

RATES = "response-rates"
SETS = 2
"""Analysis sets that a trial needs before its page draws their flow."""


def strip(kg: Graph, trial: NamedNode) -> list[tuple[str, str]]:
    """Primary endpoints, patients, status and why a trial ended, as far as stated."""
    query = f"""SELECT DISTINCT ?what ?value {{
        {{ ?one kg:trial {trial} ; kg:endpointRole kg:primaryEndpoint ; kg:endpoint/rdfs:label ?value
            BIND(1 AS ?what) }}
        UNION {{ ?one kg:trial {trial} ; kg:endpoint endpoint:participants ; kg:printed ?number ;
            kg:group/kg:groupKind ?all . FILTER(?all IN (kg:pooledArms, kg:wholeTrial)) BIND(2 AS ?what)
            OPTIONAL {{ ?one kg:analysisSet ?set . OPTIONAL {{ ?set kg:setKind ?of .
                OPTIONAL {{ ?of rdfs:label ?kind }} }} }}
            BIND(CONCAT(?number, IF(BOUND(?kind), CONCAT(" ", STR(?kind)), "")) AS ?value) }}
        UNION {{ {trial} kg:statusPrinted ?value BIND(3 AS ?what) }}
        UNION {{ {trial} kg:stopReason ?value BIND(4 AS ?what) }} }} ORDER BY ?what ?value"""
    names = {1: "Primary endpoints", 2: "Patients", 3: "Status", 4: "Ended"}
    values: dict[str, list[str]] = {}
    for row in kg.select(query):
        values.setdefault(names[int(row["what"])], []).append(str(row["value"]))
    values.get("Patients", []).sort(key=_number, reverse=True)
    return [(name, ", ".join(listed)) for name, listed in values.items()]


def _number(text: str) -> int:
    first = text.partition(" ")[0]
    return int(first) if first.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a trial opens with: the answer in a sentence, and the rows that it names."""

    sentence: str
    question: Question
    table: Table


def told(kg: Graph, trial: str, answer: Answerer) -> Told | None:
    """What a trial reported, primary endpoints first: comparisons, else rates, else medians; else None."""
    primary = results.roles(kg, NamedNode(trial))
    for name in ("treatment-effects", RATES, "survival-medians"):
        if name not in kg.questions or (name == RATES and primary.get("objective response rate") != 0):
            continue
        question = copy.copy(kg.questions[name])
        question.caveat = ""  # the page of the question has it
        try:
            table = answer(question, {"trial": trial})
        except BempegError:
            continue
        if table.rows:
            each = str(question.sentence.get("each", "")).replace("in {trial}, ", "", 1)
            question.sentence = {**question.sentence, "each": each}
            first = _largest(table) if name == RATES else _primary(primary, table)
            text = kg.sentence(question, first)
            return Told(text[:1].upper() + text[1:], question, first)
    return None


def ended(strip: Sequence[tuple[str, str]]) -> str:
    """The sentence of a trial without results to tell: its status, and why it ended."""
    told = dict(strip)
    status = f"Status: {told['Status']}." if "Status" in told else ""
    return " ".join(part for part in (status, f"{told['Ended']}." if "Ended" in told else "") if part)


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
