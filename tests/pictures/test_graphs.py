"""The networkx views, and the files that other tools read them from."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pydot
import pytest

from bempeg_kg import InputError, KnowledgeGraph, NoAnswer, UnknownName
from bempeg_kg.networks import lineage, main_part, signalling, view
from bempeg_kg.networks.files import FORMATS, graph_bytes
from bempeg_kg.pictures.tables import edge_facts, node_facts
from tests.pictures.conftest import HOSTILE, step, write_programme

LIFE = ("drug:bempegaldesleukin", "drug:bempeg-active-conjugates", "complex:il2r-bg-complex", "protein:jak1")


def test_signalling_holds_every_step_between_nodes_of_its_kinds(kg: KnowledgeGraph, views: Any) -> None:
    steps = kg.select(
        """SELECT ?step { ?step a kg:MechanismAssociation ; kg:subject ?s ; kg:object ?o . FILTER NOT EXISTS {
        VALUES ?k { kg:Pathway kg:Disease kg:Compartment } { ?s a ?k } UNION { ?o a ?k } } }"""
    )
    wanted = {kg.names.shorten(iri) for iri in steps.column("step")}
    assert {key for *_, key in views["signalling"].edges(keys=True)} == wanted
    assert set(LIFE) <= set(views["signalling"])


def test_a_step_carries_sign_cells_evidence_and_disputes(views: Any) -> None:
    between = views["signalling"]["process:cd8-t-cell-proliferation"]["cell:cd8-effector-t-cell"]
    edge = between["step:cd8-proliferation-yields-cd8-effector-t-cell"]
    assert (edge["sign"], edge["factor"], edge["cells"]) == ("activates", 1, "cell:cd8-effector-t-cell")
    assert "biomarkers in the tumour" in edge["disputed"]
    assert edge["evidence"] == "author statement used in manual assertion"
    mouse = views["signalling"]["protein:ifng"]["cell:treg"]["step:ifng-lowers-number-of-treg"]
    assert mouse["animal"] == "mouse"


def test_a_step_walked_backwards_runs_backwards(views: Any) -> None:
    # "complete response subclass of tumour response" is walked from the response to its kind
    between = views["signalling"]["endpoint:tumour-response"]["endpoint:complete-response"]
    assert "step:complete-response-is-a-tumour-response" in between


def test_lineage_says_stated_or_inferred(kg: KnowledgeGraph, views: Any) -> None:
    links = {key: data for *_, key, data in views["lineage"].edges(keys=True, data=True) if "ground" in data}
    assert links["lineage:pivot-02-to-pivot-io-001"]["ground"] == "stated"
    assert {data["ground"] for data in links.values()} == {"stated", "inferred"}
    assert len(links) == len(kg.ask("trial-lineage"))


def test_a_trial_carries_phase_size_status_dates_and_result(views: Any) -> None:
    trial = views["lineage"].nodes["trial:pivot-io-001"]
    assert (trial["phase"], trial["patients"], trial["patients_are"]) == ("Phase 3", 783, "enrolled")
    assert (trial["start"], trial["stop"]) == ("2018-09-21", "2022-03-14")
    assert "hazard ratio 1.09 (97 % interval 0.88 to 1.35)" in trial["result"]


def test_decisions_stand_between_what_was_read_out_and_the_trials_they_touched(views: Any) -> None:
    graph = views["lineage"]
    decided = list(graph["event:pivot-io-001-read-out"])
    assert "event:pivot-12-stopped" in decided
    assert [edge["relation"] for edge in graph["event:pivot-12-stopped"]["trial:pivot-12"].values()] == [
        "affects"
    ]


def test_same_view_on_another_engine(rdflib_kg: KnowledgeGraph, views: Any) -> None:
    # the questions behind the other view are held to the same answer on every engine by their golden answers
    other = view(rdflib_kg, "lineage")
    assert dict(other.nodes(data=True)) == dict(views["lineage"].nodes(data=True))
    assert list(other.edges(keys=True, data=True)) == list(views["lineage"].edges(keys=True, data=True))


@pytest.mark.parametrize("name", ["signalling", "lineage"])
def test_attributes_are_plain(name: str, views: Any) -> None:
    graph = views[name]
    values = [value for _, data in graph.nodes(data=True) for value in data.values()]
    values += [value for *_, data in graph.edges(data=True) for value in data.values()]
    assert {type(value) for value in values} <= {str, int, float, bool}


def test_main_part_says_what_it_leaves_out(views: Any) -> None:
    whole, part = views["signalling"], views["signalling-main"]
    said = f"{len(whole) - len(part)} nodes and {whole.number_of_edges() - part.number_of_edges()} links"
    assert part.graph["left_out"].startswith(said)
    for thing in ("protein:pd1", "protein:il2ra", "protein:stat5", "cell:nk-cell", "cell:treg"):
        assert thing in part
    assert "left_out" not in whole.graph, "a whole view leaves nothing out"


def read_back(form: str, body: bytes) -> Any:
    if form == "graphml":
        return nx.parse_graphml(body.decode(), force_multigraph=True)
    if form == "gexf":
        return nx.read_gexf(io.BytesIO(body))
    if form == "json":
        return nx.node_link_graph(json.loads(body), edges="edges")
    if form == "cyjs":
        return nx.cytoscape_graph(json.loads(body), name="short")
    graph = nx.MultiDiGraph()
    [parsed] = pydot.graph_from_dot_data(body.decode())
    plain = [one for one in parsed.get_nodes() if one.get_name() not in ("node", "edge", "graph")]
    graph.add_nodes_from((unquoted(one.get_name()), dot_attributes(one)) for one in plain)
    graph.add_edges_from(
        (unquoted(one.get_source()), unquoted(one.get_destination()), dot_attributes(one))
        for one in parsed.get_edges()
    )
    return graph


def unquoted(text: str) -> str:
    return text.removeprefix('"').removesuffix('"').replace('\\"', '"').replace("\\\\", "\\")


def dot_attributes(one: Any) -> dict[str, str]:
    return {name: unquoted(value) for name, value in one.get_attributes().items()}


@pytest.mark.thorough
@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("name", ["signalling", "lineage"])
def test_read_back_by_other_tools(name: str, form: str, views: Any) -> None:
    graph = views[f"{name}-main" if form == "dot" else name]  # pydot takes ten seconds for the whole
    back = read_back(form, graph_bytes(graph, form))
    assert set(back) == set(graph)
    assert sorted(map(str, back.edges())) == sorted(map(str, graph.edges()))
    for node, data in graph.nodes(data=True):
        assert str(back.nodes[node]["kind"]) == data["kind"]
    wanted = sorted(str(data["relation"]) for *_, data in graph.edges(data=True))
    assert sorted(str(data["relation"]) for *_, data in back.edges(data=True)) == wanted


@pytest.mark.parametrize("form", ["graphml", "json"])
def test_nothing_is_lost_on_the_way(form: str, views: Any) -> None:
    graph = views["signalling"]
    back = read_back(form, graph_bytes(graph, form))
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    for start, end, key, data in graph.edges(keys=True, data=True):
        got = {name: value for name, value in back[start][end][key].items() if name != "id"}
        assert got == data


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_hostile_labels_survive_as_text(form: str, hostile_kg: KnowledgeGraph) -> None:
    back = read_back(form, graph_bytes(signalling(hostile_kg), form))
    key = "full_label" if form == "dot" else "label"
    assert {data[key] for _, data in back.nodes(data=True)} == set(HOSTILE)


def test_characters_that_xml_cannot_hold_are_replaced(tmp_path: Path) -> None:
    thing = '<https://example.org/other/p> a kg:BiologicalProcess ; rdfs:label "a\\u0001b" .\n'
    folder = write_programme(
        tmp_path, thing + step("s", "<https://example.org/other/p>", "x:q") + "x:q a kg:Protein ."
    )
    graph = signalling(KnowledgeGraph.open(folder, engine="memory"))
    assert graph.nodes["https://example.org/other/p"]["label"] == "a\ufffdb"
    assert "a\ufffdb" in graph_bytes(graph, "graphml").decode()


def test_unknown_view_and_format(kg: KnowledgeGraph, views: Any) -> None:
    with pytest.raises(UnknownName, match="signaling"):
        view(kg, "signaling")
    with pytest.raises(UnknownName, match="graph format"):
        graph_bytes(views["lineage"], "xlsx")


def test_an_empty_view_is_reported(programme: Path) -> None:
    other = KnowledgeGraph.open(programme, engine="memory")
    with pytest.raises(NoAnswer, match="the view signalling is empty"):
        view(other, "signalling")


def test_a_lineage_in_a_circle_is_named(tmp_path: Path) -> None:
    turtle = ""
    for number, after in ((1, 2), (2, 3), (3, 1)):
        trial = f"<https://example.org/other/trial/t{number}>"
        turtle += f'{trial} a kg:Trial ; rdfs:label "T{number}" ; kg:programme x:p .\n'
        turtle += f"<https://example.org/other/lineage/l{number}> a kg:LineageLink ; kg:fromTrial {trial} ;"
        turtle += f" kg:toTrial <https://example.org/other/trial/t{after}> ; kg:lineageBasis kg:stated .\n"
    other = KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory")
    with pytest.raises(InputError, match="T1 led to T2 led to T3 led to T1") as raised:
        lineage(other)
    assert "lineage:l1, lineage:l2, lineage:l3" in raised.value.cure


def test_a_view_without_main_part_is_shown_whole(hostile_kg: KnowledgeGraph) -> None:
    graph = signalling(hostile_kg)
    assert main_part(graph) is graph


def test_cards_name_sources_by_their_titles(views: Any) -> None:
    graph = views["signalling-main"]
    start, end, key = (
        "drug:bempeg-active-conjugates",
        "complex:il2r-bg-complex",
        "step:active-conjugates-agonist-of-il2r-bg-complex",
    )
    edge = graph[start][end][key]
    ((_, links),) = edge_facts(graph, start, end, key, edge)["lists"]  # type: ignore[misc]
    assert [address for address, _ in links] == edge["addresses"].split()
    assert all(text and "doi" not in text for _, text in links)
    assert {text for _, text in links} <= set(edge["sources"].split("; "))
    sources = dict(node_facts(graph, start)["lists"])["Sources of its links"]  # type: ignore[call-overload]
    assert len(sources) == len({tuple(one) for one in sources})


def test_a_box_of_a_trial_shows_its_final_results(views: Any) -> None:
    trials = dict(views["lineage"].nodes(data="outcome"))
    assert trials["trial:pivot-io-001"].split("; ") == [
        "response 27.7 v 36.0 %",
        "overall survival HR 0.94",
        "progression-free survival HR 1.09",
    ]
    assert trials["trial:pivot-02"] == "response 34.7 to 52.6 %, 3 cohorts"
    assert not trials["trial:pivot-12"]
