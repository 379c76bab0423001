"""An endpoint that no row measures: the answer names those in whose names its words stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.errors import UsageError

PREFIXES = """@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <https://w3id.org/bempeg-kg/endpoint/> .
"""


@pytest.fixture
def kg(kg: KnowledgeGraph, tmp_path: Path) -> KnowledgeGraph:
    """The shipped graph, in memory, with two endpoints more, of which one has a hazard ratio."""
    contrast = str(kg.ask("hazard-ratios", measured="pfs", trial="pivot-io-001").column("contrast")[0])
    file = tmp_path / "more.ttl"
    file.write_text(
        PREFIXES
        + 'e:cardiovascular-death a kg:Endpoint ; rdfs:label "cardiovascular death"@en .\n'
        + 'e:never a kg:Endpoint ; rdfs:label "time to cardiovascular death or stroke"@en .\n'
        + 'e:cv a kg:Endpoint ; rdfs:label "time to adjudicated CV death"@en .\n'
        + f"<{contrast}> kg:endpoint e:cv .\n"
    )
    return KnowledgeGraph.open(engine="memory").add(file)


def test_endpoints_with_the_same_words_are_named(kg: KnowledgeGraph) -> None:
    answer = kg.ask("hazard-ratios", measured="cardiovascular-death")
    assert not answer.rows
    assert answer.reason.startswith("nothing fits measured = ")
    assert "each a value of measured: endpoint:cv (1)" in answer.reason
    assert "endpoint:never" not in answer.reason  # it has no rows either
    assert kg.ask("hazard-ratios", measured="endpoint:cv").rows
    with pytest.raises(UsageError, match="endpoint:cv"):
        kg.ask("pool-results", measured="cardiovascular-death")


def test_an_endpoint_without_others_of_its_words_is_not_said_to_be_absent(kg: KnowledgeGraph) -> None:
    reason = kg.ask("hazard-ratios", measured="endpoint:never").reason
    assert reason == f"nothing fits measured = endpoint:never: {kg.questions['hazard-ratios'].empty}"
