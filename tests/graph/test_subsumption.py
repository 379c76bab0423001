"""Questions by outside classes: what they answer, and that data without the closure would have missed it."""

from __future__ import annotations

from functools import cache

import pytest

from bempeg_kg import KnowledgeGraph

DIRECT = "skos:exactMatch|skos:broadMatch"


@cache
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open(engine="memory")


def kinds(iri: str, path: str = "kg:kindOf") -> set[str]:
    table = graph().select(f"SELECT DISTINCT ?e {{ ?e {path} {iri} }}")
    return {graph().names.shorten(entity) for entity in table.column("e")}


@pytest.mark.parametrize(
    ("question", "column", "found", "direct"),
    [
        (
            "expanded-lymphocytes",
            "cell",
            {"cell:cd8-effector-t-cell", "cell:nk-cell", "cell:til"},
            {"cell:til"},
        ),
        (
            "cytokine-receptors",
            "entity",
            {
                *("protein:il2ra", "protein:il2rb", "protein:il2rg", "protein:il2r-family"),
                *("complex:il2r-bg-complex", "complex:il2r-abg-complex"),
            },
            set(),
        ),
    ],
)
def test_asserted_links_alone_miss_the_answer(
    question: str, column: str, found: set[str], direct: set[str]
) -> None:
    kg = graph()
    assert {kg.names.shorten(iri) for iri in kg.ask(question).column(column)} == found
    asserted = kg.questions[question].sparql.replace("kg:kindOf", DIRECT)
    assert {kg.names.shorten(iri) for iri in kg.select(asserted).column(column)} == direct


def test_no_cohort_is_linked_to_carcinoma_itself() -> None:
    kg = graph()
    answer = kg.ask("cohorts-by-disease-class")
    trials = {kg.names.shorten(iri) for iri in answer.column("trial")}
    assert {"trial:pivot-02", "trial:pivot-09", "trial:pivot-10"} <= trials
    assert not any("melanoma" in name for name in answer.column("disease"))
    asserted = kg.questions["cohorts-by-disease-class"].sparql.replace("kg:kindOf", DIRECT)
    assert kg.select(asserted).rows == []


def test_the_closure_is_what_the_property_path_gives() -> None:
    kg = graph()
    path = kg.select(f"SELECT DISTINCT ?e ?c {{ ?e {DIRECT} ?d . ?d rdfs:subClassOf* ?c }}")
    stored = kg.select("SELECT DISTINCT ?e ?c { ?e kg:kindOf ?c }")
    assert set(path.rows) == set(stored.rows)
    assert len(stored.rows) > 2000


def test_tumours_hang_below_neoplasm_and_melanoma_not_below_cancer() -> None:
    tumours = kinds("MONDO:0005070")
    assert {"disease:melanoma", "disease:rcc", "disease:sarcoma", "disease:solid-tumour"} <= tumours
    assert "disease:covid-19" not in tumours
    assert "disease:melanoma" not in kinds("MONDO:0004992")


def test_a_close_match_proves_no_membership() -> None:
    """Interleukin-2 is a close match of a MeSH heading only, so nothing above that heading subsumes it."""
    assert graph().query("ASK { protein:il2 skos:closeMatch mesh:D007376 }")
    assert not graph().query("ASK { protein:il2 kg:kindOf mesh:D007376 }")


def test_relations_answer_by_their_superproperties() -> None:
    """`increases by expression quantity of` is one way of `indirectly positively regulates quantity of`."""
    assert graph().query("ASK { RO:0011008 rdfs:subPropertyOf+ RO:0011024 }")
