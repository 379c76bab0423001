"""What the page of a trial has beside its tables: the headline strip and the flow of patients."""

from __future__ import annotations

from markupsafe import Markup
from pyoxigraph import NamedNode

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.pictures.flow import participant_flows
from bempeg_kg.web.pages.figures import Drawn, inline

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


def unsaid(strip: list[tuple[str, str]], sentence: str) -> list[tuple[str, str]]:
    """A strip without the status and the reason that the sentence above it holds."""
    return [one for one in strip if one[0] not in ("Status", "Ended") or one[1] not in sentence]


def _number(text: str) -> int:
    first = text.partition(" ")[0]
    return int(first) if first.isdigit() else 0


def flow(kg: Graph, trial: str) -> Drawn | None:
    """The flow of patients to stand in the page; None where fewer than ``SETS`` sets are known."""
    count = kg.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a kg:AnalysisSet ; kg:trial <{trial}> }}")
    if "picture-flow" not in kg.questions or int(count[0]["n"]) < SETS:
        return None
    try:
        wide, narrow = participant_flows(kg, trial, ("wide", "narrow"))
    except BempegError:
        return None
    return Drawn(Markup(wide.to_bytes("svg").decode()), inline(narrow, "phone"))
