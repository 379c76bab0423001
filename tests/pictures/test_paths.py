"""Signed paths: the answers that the mechanism is known to give, and those that it must not give."""

from __future__ import annotations

import random
import time
from pathlib import Path as File
from typing import Any

import networkx as nx
import pytest

from bempeg_kg import KnowledgeGraph, UnknownName, UsageError
from bempeg_kg.networks import signalling
from bempeg_kg.networks.path import DESIGNS
from bempeg_kg.networks.path_tables import (
    node_of,
    path_summary,
    path_table,
    path_text,
    route,
    step_table,
    why_none,
)
from bempeg_kg.networks.paths import by_kind, find_paths, paths_graph
from tests.pictures.conftest import step, write_programme

DRUG, RESPONSE = "drug:bempegaldesleukin", "endpoint:tumour-response"
CD8, NK, TREG = "cell:cd8-effector-t-cell", "cell:nk-cell", "cell:treg"


@pytest.fixture
def graph(views: Any) -> Any:
    return views["signalling"]


def effects(paths: list[Any]) -> set[str]:
    return {path.effect for path in paths}


@pytest.mark.parametrize("cell", [CD8, NK])
def test_within_cd8_or_nk_cells_the_drug_promotes_the_response(graph: Any, cell: str) -> None:
    paths = find_paths(graph, DRUG, RESPONSE, cell=cell)
    assert paths and effects(paths) == {"promotes"}
    assert "complex:il2r-bg-complex" in paths[0].nodes
    assert {"protein:stat5", RESPONSE} <= set(paths[0].nodes)


def test_the_shortest_way_through_cd8_cells_is_the_one_that_is_claimed(graph: Any) -> None:
    best = find_paths(graph, DRUG, RESPONSE, cell=CD8)[0]
    assert best.nodes == (
        "drug:bempegaldesleukin",
        "process:peg-release",
        "drug:bempeg-active-conjugates",
        "complex:il2r-bg-complex",
        "protein:jak1",
        "protein:stat5a",
        "protein:stat5",
        "process:cd8-t-cell-proliferation",
        "cell:cd8-effector-t-cell",
        "process:t-cell-tumour-killing",
        "cell:tumour-cell",
        "process:tumour-growth",
        "endpoint:tumour-response",
    )
    assert best.sign == 1
    assert best.steps_with("disputed") == ["step:cd8-proliferation-yields-cd8-effector-t-cell"]


def test_both_branches_come_out_for_the_receptors(graph: Any) -> None:
    for cell in (CD8, NK):
        [*paths] = find_paths(graph, "complex:il2r-bg-complex", cell)
        assert paths[0].effect == "promotes" and paths[0].cells == (frozenset({cell}),)
    [best, *_] = find_paths(graph, "protein:il2ra", TREG)
    assert best.effect == "promotes" and best.cells == (frozenset({TREG}),)
    assert best.nodes[1] == "complex:il2r-abg-complex", "CD25 acts as part of its complex"


def test_nivolumab_promotes_activation_and_pd_l1_inhibits_it(graph: Any) -> None:
    paths = find_paths(graph, "drug:nivolumab", "process:t-cell-activation", longest=9)
    assert effects(paths) == {"promotes"}
    through = {node for path in paths for node in path.nodes}
    assert {"protein:shp2", "protein:cd28", "protein:zap70"} <= through
    assert effects(find_paths(graph, "protein:pd-l1", "process:t-cell-activation", longest=9)) == {"inhibits"}


def test_aldesleukin_by_way_of_treg_inhibits_the_response(graph: Any) -> None:
    by_treg = [
        path
        for path in find_paths(graph, "drug:aldesleukin", RESPONSE, longest=9)
        if "process:treg-suppression" in path.nodes
    ]
    assert by_treg and effects(by_treg) == {"inhibits"}


@pytest.mark.parametrize(
    "where",
    [
        "protein:stat5",
        "protein:pi3k",
        "protein:akt",
        "complex:mtorc1",
        "process:cd8-t-cell-proliferation",
        RESPONSE,
    ],
)
def test_the_two_drugs_converge(graph: Any, where: str) -> None:
    for drug in (DRUG, "drug:nivolumab"):
        best = find_paths(graph, drug, where)[0]
        assert best.effect == "promotes" and best.design == "intended"


def test_a_step_claimed_for_a_cell_holds_for_its_kinds(tmp_path: File) -> None:
    turtle = "".join(f"x:{name} a kg:Protein ; rdfs:label '{name}' .\n" for name in "abcd")
    turtle += "x:wide a kg:CellType . x:narrow a kg:CellType ; skos:broader x:wide .\n"
    turtle += "x:other a kg:CellType ; skos:broader x:wide .\n"
    turtle += step("ab", "x:a", "x:b", more="; kg:contextCell x:wide")
    turtle += step("bc", "x:b", "x:c", more="; kg:contextCell x:narrow")
    turtle += step("cd", "x:c", "x:d", more="; kg:contextCell x:other")
    graph = signalling(KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory"))
    names = {data["label"]: node for node, data in graph.nodes(data=True)}
    [through] = find_paths(graph, names["a"], names["c"])
    assert len(through.cells) == 1 and next(iter(through.cells[0])).endswith("narrow")
    assert not find_paths(graph, names["a"], names["d"]), "the narrow cell is not the other one"
    assert not find_paths(graph, names["b"], names["d"])


def test_the_claim_of_the_design_is_walked_to_treg(graph: Any) -> None:
    best = find_paths(graph, "drug:peg-linker", TREG)[0]
    assert (best.effect, best.design) == ("inhibits", "sparing")
    assert best.nodes[:2] == ("drug:peg-linker", "complex:il2r-abg-complex") and best.nodes[-1] == TREG
    assert "sparing" in {path.design for path in find_paths(graph, DRUG, TREG)}


def test_paths_are_ranked_by_design_then_length(graph: Any) -> None:
    paths = find_paths(graph, DRUG, RESPONSE)
    assert (paths[0].effect, paths[0].design, len(paths[0].steps)) == ("promotes", "intended", 12)
    ranks = [(DESIGNS.index(path.design), len(path.steps)) for path in paths]
    assert ranks == sorted(ranks) and {rank for rank, _ in ranks} == {0, 1, 3}
    shortest = min(paths, key=lambda path: len(path.steps))
    assert len(shortest.steps) < 12, "length alone would rank another path first"
    for path in paths:
        assert ("complex:il2r-abg-complex" in path.nodes) == (path.design != "intended")


def test_one_cell_is_held_through_the_steps_inside_it(graph: Any) -> None:
    # the beta-gamma receptor is claimed in CD8 and NK cells, STAT5 to Treg expansion in Treg alone
    for path in find_paths(graph, DRUG, TREG):
        if "complex:il2r-bg-complex" in path.nodes:
            assert "process:treg-expansion" not in path.nodes
    # ... and the trimeric one, from the drug, in Treg alone
    for path in find_paths(graph, DRUG, CD8):
        after_receptor = (
            path.nodes[path.nodes.index("complex:il2r-abg-complex") + 1 :]
            if ("complex:il2r-abg-complex" in path.nodes)
            else ()
        )
        assert "process:cd8-t-cell-proliferation" not in after_receptor[:6]


def test_negated_shortcut_and_context_steps_are_not_walked(graph: Any) -> None:
    walked = {claim for path in find_paths(graph, DRUG, RESPONSE) for claim in path.claims}
    barred = {
        edge["step"]
        for *_, edge in graph.edges(data=True)
        if edge["negated"] or edge["use"] in ("shortcut", "context")
    }
    assert walked and barred and not walked & barred


def test_no_node_twice_and_the_sign_is_the_product(graph: Any) -> None:
    for path in find_paths(graph, DRUG, RESPONSE):
        assert len(set(path.nodes)) == len(path.nodes)
        inhibiting = sum(step["sign"] == "inhibits" for step in path.steps)
        assert path.sign == (-1) ** inhibiting


def test_same_paths_as_networkx_where_no_cell_is_claimed(tmp_path: File) -> None:
    import networkx as nx

    turtle = "".join(
        f"x:n{number} a kg:BiologicalProcess ; rdfs:label 'n{number}' .\n" for number in range(6)
    )
    pairs = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 1), (2, 4), (3, 5), (4, 3), (4, 5), (3, 0)]
    turtle += "".join(
        step(f"{a}{b}", f"x:n{a}", f"x:n{b}", "inhibits" if (a + b) % 3 == 0 else "activates")
        for a, b in pairs
    )
    graph = signalling(KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory"))
    names = {data["label"]: node for node, data in graph.nodes(data=True)}
    mine = {path.nodes for path in find_paths(graph, names["n0"], names["n5"])}
    assert mine == set(map(tuple, nx.all_simple_paths(nx.DiGraph(graph), names["n0"], names["n5"])))
    short = find_paths(graph, names["n0"], names["n5"], longest=3)
    assert {len(path.steps) for path in short} == {3}


def test_every_path_is_counted_with_its_kind(graph: Any) -> None:
    for start in (DRUG, "drug:nivolumab", "drug:bempeg-nivolumab-combination"):
        paths = find_paths(graph, start, RESPONSE)
        kinds = by_kind(paths)
        assert sum(count for _, count in kinds) == len(paths) and kinds[0][0] is paths[0]
        assert effects([path for path, _ in kinds]) == effects(paths)


def test_both_drugs_of_the_combination_are_among_the_kinds(graph: Any) -> None:
    kinds = by_kind(find_paths(graph, "drug:bempeg-nivolumab-combination", RESPONSE))
    seconds = {(path.nodes[1], path.design, path.effect) for path, _ in kinds}
    assert {("drug:nivolumab", "intended", "promotes"), (DRUG, "intended", "promotes")} <= seconds
    assert {(DRUG, "sparing", "promotes"), (DRUG, "spared", "inhibits")} <= seconds


def test_the_summary_counts_paths_and_kinds(graph: Any) -> None:
    paths = find_paths(graph, DRUG, RESPONSE)
    kinds = by_kind(paths)
    summary = path_summary([path for path, _ in kinds], [count for _, count in kinds])
    promoting = sum(path.effect == "promotes" for path, _ in kinds)
    opening = f"{len(paths):,} paths of {len(kinds)} kinds: {promoting} promote, "
    opening += f"{len(kinds) - promoting} inhibit."
    assert summary.startswith(opening) and "weakens" in summary
    every = path_summary(paths, [1] * len(paths))
    assert every.startswith(f"{len(paths):,} paths: ") and " promote, " in every
    assert path_summary(paths[:1], [1]) == "1 path, which promotes."
    assert path_summary(paths[:1], [3]).startswith("3 paths of 1 kind, which promotes.")


def test_tables_and_text_say_the_same(kg: KnowledgeGraph, graph: Any) -> None:
    paths = find_paths(graph, "drug:nivolumab", "process:t-cell-activation", longest=9)
    rows = list(path_table(kg, graph, paths))
    steps = list(step_table(kg, graph, paths))
    assert len(rows) == len(paths) == 9
    assert rows[0]["route"] == "nivolumab ⊣ PD-1/PD-L1 → PD-1 signalling ⊣ T cell activation"
    assert rows[0]["route"] == route(graph, paths[0])
    assert [row["so_far"] for row in steps if row["path"] == 1] == ["-", "-", "+"]
    assert sum(row["steps"] for row in rows) == len(steps)
    text = path_text(graph, paths, [1] * len(paths), 400)
    assert all(row["route"] in text for row in rows)
    assert all(step["source"].removeprefix("source:") in text for step in steps if step["source"])
    assert set(paths_graph(graph, paths).edges(keys=True)) <= set(graph.edges(keys=True))


def test_why_there_is_no_path(graph: Any) -> None:
    assert "step:orr-about-tumour-response" in why_none(graph, DRUG, "endpoint:orr").cure
    assert "the other way" in why_none(graph, RESPONSE, DRUG).cure
    assert "Without that limit" in why_none(graph, DRUG, RESPONSE, longest=3).cure
    assert why_none(graph, DRUG, DRUG).cure == "Both ends are the same thing."
    assert why_none(graph, DRUG, DRUG).exit_code == 1


def test_terms_by_any_name(kg: KnowledgeGraph, graph: Any) -> None:
    assert node_of(kg, graph, "CD122") == "protein:il2rb"
    assert node_of(kg, graph, "NKTR-214") == DRUG
    with pytest.raises(UsageError, match="not in the signalling graph"):
        node_of(kg, graph, "trial:pivot-02")
    with pytest.raises(UnknownName):
        find_paths(graph, "drug:unknown", RESPONSE)


def test_a_step_claimed_in_no_cell_keeps_the_cell(tmp_path: File) -> None:
    turtle = "".join(f"x:{name} a kg:Protein ; rdfs:label '{name}' .\n" for name in "abcd")
    turtle += "x:one a kg:CellType . x:two a kg:CellType .\n"
    turtle += step("ab", "x:a", "x:b", more="; kg:contextCell x:one")
    turtle += step("bc", "x:b", "x:c")
    turtle += step("cd", "x:c", "x:d", more="; kg:contextCell x:two")
    graph = signalling(KnowledgeGraph.open(write_programme(tmp_path, turtle), engine="memory"))
    names = {data["label"]: node for node, data in graph.nodes(data=True)}
    assert find_paths(graph, names["a"], names["c"])
    assert not find_paths(graph, names["a"], names["d"])
    assert find_paths(graph, names["b"], names["d"])


def test_a_large_graph_is_searched_within_bounds() -> None:
    rng = random.Random(1)
    graph: Any = nx.MultiDiGraph(view="signalling")
    facts = {"kind": "protein", "label": "protein", "short": "protein"}
    graph.add_nodes_from(range(2000), **facts)
    for number in range(8000):
        edge = {"step": f"s{number}", "walked": True, "factor": 1, "predicate": "RO:0002213", "use": "causal"}
        graph.add_edge(rng.randrange(2000), rng.randrange(2000), key=f"s{number}", **edge)
    began = time.monotonic()
    paths = find_paths(graph, 0, 1)
    assert time.monotonic() - began < 30
    assert paths and not paths.complete
    assert len(paths[0].steps) == nx.shortest_path_length(graph, 0, 1)
