"""The lineage view: trials and cohorts, what was read out, and what was decided after it."""

from __future__ import annotations

from bempeg_kg.errors import InputError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.plain import curie, new_graph, part_of, plain, shortest_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from networkx import MultiDiGraph

_REGISTRY = "https://clinicaltrials.gov/study/"


def lineage(kg: Graph) -> MultiDiGraph:
    """The programme: its trials, cohorts, read-outs, decisions and the other events that touch one of them.

    Nodes: iri, label, short, kind, basis, cited; for a trial phase, patients, patients_are (enrolled or
    planned), population, status, start, completion, stop, ending, result; for an event date. Edges:
    relation (led to, has cohort, read out, event, led to decision, affects), and between trials ground
    (stated or inferred) and reason. Raises InputError, naming the trials, if one led to itself.
    """
    graph = new_graph("lineage", kg)
    _add_trials(graph, kg)
    _add_cohorts(graph, kg)
    _add_events(graph, kg)
    for row in kg.ask("picture-lineage-links"):
        ends = [kg.names.shorten(row["from"]), kg.names.shorten(row["to"])]
        if all(end in graph for end in ends):
            attributes = {"relation": "led to", "ground": row["ground"], "reason": row["reason"]}
            attributes |= {"basis": row["basis"], "cited": curie(kg, row["source"])}
            graph.add_edge(*ends, key=kg.names.shorten(row["link"]), **plain(attributes))
    _refuse_circle(graph)
    return graph


def decisive(graph: MultiDiGraph) -> MultiDiGraph:
    """Trials that led to another or came from one, with the read-outs and the decisions that touched them."""
    pairs = [*_pairs(graph, "led to"), *_pairs(graph, "led to decision"), *_pairs(graph, "affects")]
    kept = {node for pair in pairs for node in pair}
    kept |= {trial for trial, event in _pairs(graph, "read out") if event in kept}
    return part_of(graph, kept)


def _pairs(graph: MultiDiGraph, relation: str) -> list[tuple[str, str]]:
    return [(start, end) for start, end, named in graph.edges(data="relation") if named == relation]


def _add_trials(graph: MultiDiGraph, kg: Graph) -> None:
    responses, contrasts = list(kg.ask("picture-responses")), list(kg.ask("picture-hazard-ratios"))
    results = _results(responses, contrasts)
    reported, ratios = _by_trial(responses), _by_trial(contrasts)
    for row in kg.ask("picture-lineage-trials"):
        trial = kg.names.shorten(row["trial"])
        if trial in graph:
            continue
        attributes = {
            "iri": row["trial"],
            "label": row["name"],
            "short": row["name"],
            "kind": "trial",
            "phase": row["phase"],
            "population": row["population"],
            "patients": row["patients"],
            "patients_are": row["patientsAre"],
            "randomised": row["randomised"],
            "status": row["status"],
            "start": row["start"],
            "completion": row["completion"] or row["primaryCompletion"],
            "stop": row["stop"],
            "ending": row["ending"],
            "definition": row["stopReason"],
            "result": "; ".join(results.get(row["trial"], [])),
            "outcome": "; ".join(_outcome(reported.get(row["trial"], []), ratios.get(row["trial"], []), row)),
            "nct": row["nct"],
            "links": _REGISTRY + row["nct"] if row["nct"] else None,
            "basis": row["basis"],
            "cited": curie(kg, row["source"]),
        }
        graph.add_node(trial, **plain(attributes))


def _by_trial(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_trial: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_trial.setdefault(row["trial"], []).append(row)
    return by_trial


def _outcome(rates: list[dict[str, Any]], ratios: list[dict[str, Any]], trial: dict[str, Any]) -> list[str]:
    """The final response rates and hazard ratios of a trial, short enough for its box.

    Rates of a randomised trial stand against each other if there are two, both of one kind of set; those
    of cohorts as a range. Interim rates, and rates of parts of cohorts, are left out.
    """
    final = {row["group"]: row for row in rates if row["maturity"] == "final" and row["unit"] == "percent"}
    lines = []
    kinds = {(row["groupKind"], row["setKind"]) for row in final.values()}
    if trial["randomised"] and len(final) == 2 and len(kinds) == 1:
        lines.append(f"response {' v '.join(row['printed'] for row in final.values())} %")
    elif not trial["randomised"]:
        whole = [row for row in final.values() if row["groupKind"] in ("whole cohort", "one arm")]
        shown = sorted((row["printed"] for row in whole), key=float)
        if len(shown) == 1:
            lines.append(f"response {shown[0]} %")
        elif shown:
            lines.append(f"response {shown[0]} to {shown[-1]} %, {len(shown)} cohorts")
    for row in ratios:
        if row["printed"] is not None and not row["supersededBy"]:
            lines.append(f"{row['endpointName']} HR {row['printed']}")
    return list(dict.fromkeys(lines))


def _results(responses: list[dict[str, Any]], contrasts: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Trial -> its published hazard ratios and the response rates of its arms, each as a phrase."""
    phrases: dict[str, list[str]] = {}
    for row in responses:
        if row["groupKind"] == "one arm" and row["printed"] is not None:
            phrase = f"objective response {row['printed']} % ({row['groupName']})"
            phrases.setdefault(row["trial"], []).append(phrase)
    for row in contrasts:
        if row["printed"] is not None:
            phrase = f"{row['endpointName']}: hazard ratio {row['printed']}"
            if row["lowerPrinted"] and row["upperPrinted"] and row["level"] is not None:
                level = shortest_text(row["level"])
                phrase += f" ({level} % interval {row['lowerPrinted']} to {row['upperPrinted']})"
            phrases.setdefault(row["trial"], []).append(phrase)
    return phrases


def _add_cohorts(graph: MultiDiGraph, kg: Graph) -> None:
    reported: dict[str, list[str]] = {}
    rows = list(kg.ask("picture-lineage-cohorts"))
    for row in rows:
        if row["printed"] is not None:
            known = row["responders"] is not None and row["patients"] is not None
            counted = f" ({row['responders']} of {row['patients']})" if known else ""
            phrase = (
                f"objective response {row['printed']} %{counted}, {row['maturity'] or 'maturity not said'}"
            )
            reported.setdefault(row["cohort"], []).append(phrase)
    for row in rows:
        cohort, trial = kg.names.shorten(row["cohort"]), kg.names.shorten(row["trial"])
        if cohort in graph or trial not in graph:
            continue
        attributes = {
            "iri": row["cohort"],
            "label": row["label"],
            "short": row["label"],
            "kind": "cohort",
            "result": "; ".join(dict.fromkeys(reported.get(row["cohort"], []))),
            "basis": row["basis"],
            "cited": curie(kg, row["source"]),
        }
        graph.add_node(cohort, **plain(attributes))
        graph.add_edge(trial, cohort, key=f"{cohort}#trial", relation="has cohort")


def _add_events(graph: MultiDiGraph, kg: Graph) -> None:
    """Events with a link to a trial or cohort, or to another such event."""
    rows = list(kg.ask("picture-lineage-events"))
    for row in rows:
        attributes = {
            "iri": row["event"],
            "label": row["label"],
            "short": row["label"],
            "kind": row["type"] if row["class"] == "event" else row["class"],
            "type": row["type"],
            "date": row["date"],
            "basis": row["basis"],
            "cited": curie(kg, row["source"]),
        }
        graph.add_node(kg.names.shorten(row["event"]), **plain(attributes))
    affected = {(row["event"], row["term"]) for row in rows if row["how"] == "affects"}
    for row in rows:
        if row["term"] is None or (row["how"] == "concerns" and (row["event"], row["term"]) in affected):
            continue
        event, term = kg.names.shorten(row["event"]), kg.names.shorten(row["term"])
        if term in graph:
            relation, forward = _relation(row)
            ends = (event, term) if forward else (term, event)
            graph.add_edge(*ends, key=f"{event}#{row['how']} {term}", relation=relation)
    events = [node for node, kind in graph.nodes(data="type") if kind]
    graph.remove_nodes_from([node for node in events if not graph.degree(node)])


def _relation(row: dict[str, Any]) -> tuple[str, bool]:
    """What an edge between an event and a term is called, and whether it runs from the event."""
    if row["how"] == "affects":
        return "affects", True
    if row["how"] == "follows from":
        return "led to decision", False
    return ("read out" if row["type"] == "read-out" else "event"), False


def _refuse_circle(graph: MultiDiGraph) -> None:
    from networkx import DiGraph, NetworkXNoCycle, find_cycle

    led = _pairs(graph, "led to")
    try:
        circle = find_cycle(DiGraph(led))
    except NetworkXNoCycle:
        return
    names = [graph.nodes[start]["label"] for start, _ in circle]
    links = [key for pair in circle for key, edge in graph.get_edge_data(*pair).items() if "ground" in edge]
    raise InputError(
        f"the lineage runs in a circle: {' led to '.join([*names, names[0]])}",
        cure=f"One of these links is wrong: {', '.join(links)}.",
    )
