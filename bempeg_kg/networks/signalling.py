"""The signalling view: things of the mechanism, joined by claimed steps."""

from __future__ import annotations

from bempeg_kg.content.files import read_text
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.plain import curie, joined, local, new_graph, plain, spaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from networkx import MultiDiGraph

#: Classes of the things that the view shows, most special first, with what they are called.
KINDS = {
    "ActiveSpecies": "active species",
    "DrugComponent": "drug component",
    "DrugCombination": "drug combination",
    "DrugClass": "drug class",
    "Drug": "drug",
    "Target": "target",
    "ReceptorComplex": "receptor complex",
    "SignallingProtein": "signalling protein",
    "ProteinFamily": "protein family",
    "ProteinComplex": "protein complex",
    "Protein": "protein",
    "CellType": "cell type",
    "BiologicalProcess": "biological process",
    "Endpoint": "endpoint",
    "AdverseEventTerm": "adverse event",
}
_LONGEST_SHORT = 34


def signalling(kg: Graph) -> MultiDiGraph:
    """The mechanism: drugs, receptors, proteins, cells, processes and outcomes, joined by claimed steps.

    Nodes: iri, label, short, kind, synonyms, definition, links. Edges run as they are walked: step, label,
    relation, predicate, sign, factor (1 or -1), negated, use, walked, branch, cells, compartment, qualifier,
    note, evidence, verification, basis, cited (the source to cite first), sources, addresses, titles (of
    the sources with an address), disputed (objections to the step), animal (the species in which the source
    shows it, if not human), role (the part of the step in the design of a drug), holds_in (the cells
    and their kinds). Pathway records, diseases and places are left out. The graph attribute `layout` is the
    programme's table of places, if any.
    """
    graph = new_graph("signalling", kg)
    tables = kg.content.lanes()
    if tables:
        graph.graph["layout"] = read_text(tables[0].path)
    for node, facts in _facts_of_nodes(kg).items():
        kind = _kind(facts)
        if kind:
            attributes = {"iri": node, "kind": kind, **_node_attributes(kg, node, facts)}
            graph.add_node(kg.names.shorten(node), **plain(attributes))
    grounds, kinds = _grounds(kg), _kinds(kg)
    disputed = joined(kg, "disputed-claims", "step", "against")
    animal = joined(kg, "preclinical-claims", "step", "model")
    for row in kg.ask("picture-signalling-steps"):
        ends = [kg.names.shorten(row["subject"]), kg.names.shorten(row["object"])]
        if any(end not in graph for end in ends):
            continue
        if local(row["direction"]) == "reverse":
            ends.reverse()
        key = kg.names.shorten(row["step"])
        attributes = _step_attributes(kg, row) | grounds.get(key, {})
        attributes |= {"disputed": disputed.get(key), "animal": animal.get(key)}
        cells = str(attributes.get("cells", "")).split()
        narrower = [kind for cell in cells for kind in (cell, *kinds.get(cell, ()))]
        attributes["holds_in"] = " ".join(dict.fromkeys(narrower))
        graph.add_edge(*ends, key=key, **plain(attributes))
    graph.remove_nodes_from([node for node, degree in list(graph.degree()) if not degree])
    return graph


def _facts_of_nodes(kg: Graph) -> dict[str, dict[str, list[str]]]:
    things: dict[str, dict[str, list[str]]] = {}
    for row in kg.ask("picture-signalling-things"):
        name = row["property"].rpartition("#")[2].rpartition("/")[2]
        things.setdefault(row["thing"], {}).setdefault(name, []).append(row["value"])
    return things


def _kind(facts: dict[str, list[str]]) -> str | None:
    classes = {local(value) for value in facts.get("type", [])}
    return next((name for kind, name in KINDS.items() if kind in classes), None)


def _node_attributes(kg: Graph, iri: str, facts: dict[str, list[str]]) -> dict[str, Any]:
    label = facts.get("label", [kg.names.shorten(iri)])[0]
    synonyms = facts.get("altLabel", [])
    links = [*facts.get("exactMatch", []), *facts.get("closeMatch", [])]
    return {
        "label": label,
        "short": facts.get("shortLabel", [_short_name(label, synonyms)])[0],
        "synonyms": "; ".join(synonyms),
        "definition": " ".join([*facts.get("definition", []), *facts.get("note", [])]),
        "links": " ".join(link for link in links if link.startswith(("http://", "https://"))),
    }


def _short_name(label: str, synonyms: list[str]) -> str:
    """The label, or the shortest synonym that still says something if the label is too long for a box."""
    shorter = [name for name in synonyms if 2 < len(name) <= _LONGEST_SHORT]
    return label if len(label) <= _LONGEST_SHORT or not shorter else min(shorter, key=len)


def _step_attributes(kg: Graph, row: dict[str, Any]) -> dict[str, Any]:
    sign, use, direction = local(row["sign"]), local(row["use"]), local(row["direction"])
    walked = use in ("causal", "structural") and direction in ("forward", "reverse") and not row["negated"]
    return {
        "step": kg.names.shorten(row["step"]),
        "label": row["label"],
        "relation": row["relation"],
        "predicate": kg.names.shorten(row["predicate"]),
        "sign": sign,
        "factor": -1 if sign == "inhibits" else 1,
        "negated": row["negated"],
        "use": use,
        "role": local(row["role"]),
        "walked": walked,
        "branch": row["branch"],
        "compartment": curie(kg, row["compartment"]),
        "qualifier": row["qualifier"],
        "note": row["note"],
        "evidence": curie(kg, row["evidence"]),
        "verification": spaced(local(row["verification"])),
        "basis": local(row["basis"]),
        "cited": curie(kg, row["source"]),
    }


def _kinds(kg: Graph) -> dict[str, list[str]]:
    """Cell -> the cells that are kinds of it (CURIEs)."""
    kinds: dict[str, list[str]] = {}
    for row in kg.ask("picture-signalling-cells"):
        kinds.setdefault(kg.names.shorten(row["wider"]), []).append(kg.names.shorten(row["cell"]))
    return kinds


def _grounds(kg: Graph) -> dict[str, dict[str, str]]:
    """Step -> its context cells (CURIEs), and labels and addresses of its sources, each as one text."""
    cells: dict[str, list[str]] = {}
    sources: dict[str, dict[str, str]] = {}
    for row in kg.ask("picture-signalling-grounds"):
        step, term = kg.names.shorten(row["step"]), kg.names.shorten(row["term"])
        if row["what"] == "cell":
            cells.setdefault(step, []).append(term)
        else:
            sources.setdefault(step, {}).setdefault(row["label"] or term, _address(row))
    return {
        step: {
            "cells": " ".join(dict.fromkeys(cells.get(step, []))),
            "sources": "; ".join(sources.get(step, {})),
            "addresses": " ".join(filter(None, sources.get(step, {}).values())),
            "titles": " | ".join(title for title, address in sources.get(step, {}).items() if address),
        }
        for step in cells | sources
    }


def _address(row: dict[str, Any]) -> str:
    if row["doi"]:
        return f"https://doi.org/{row['doi']}"
    if row["pmid"]:
        return f"https://pubmed.ncbi.nlm.nih.gov/{row['pmid']}/"
    url = str(row["url"] or "")
    return url if url.startswith(("http://", "https://")) and not any(map(str.isspace, url)) else ""
