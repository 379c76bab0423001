"""The tools for language models, through the package's own client."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from typing import Any

import pytest

from bempeg_kg._version import __version__
from bempeg_kg.errors import EngineError
from bempeg_kg.web.limits import PoolError
from bempeg_kg.web.mcp import server
from bempeg_kg.web.workers.children import Spawner
from bempeg_kg.web.workers.pool import Pool
from tests.web.serving import ROOT, SMALL

#: they start processes and watch the clock, so they run alone
pytestmark = pytest.mark.server

pytest.importorskip("mcp", reason="the extra mcp is not installed")

RESULT = "result:pivot-io-001-bempeg-nivolumab-orr"


def call(*calls: tuple[str, dict[str, Any]]) -> list[tuple[bool, Any]]:
    """Start the command, call tools, and give (failed, answer) for each."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def talk() -> list[tuple[bool, Any]]:
        launched = StdioServerParameters(
            command=sys.executable,
            args=["-m", "bempeg_kg", "mcp"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        collected: list[tuple[bool, Any]] = []
        async with stdio_client(launched) as (read, write), ClientSession(read, write) as session:
            begun = await session.initialize()
            if not calls:
                tools = {tool.name: tool for tool in (await session.list_tools()).tools}
                return [(False, tools), (False, begun.server_info.version)]
            for name, arguments in calls:
                answer = await session.call_tool(name, arguments)
                text = "".join(getattr(part, "text", "") for part in answer.content)
                failed = bool(answer.is_error)
                collected.append((failed, text if failed else json.loads(text)))
        return collected

    return asyncio.run(asyncio.wait_for(talk(), 60))


def test_the_tools_are_these_and_each_says_what_it_does() -> None:
    (_, tools), (_, version) = call()
    assert version == __version__
    assert set(tools) == {"list_questions", "ask", "find_terms", "describe", "schema", "query"}
    assert all(tool.description for tool in tools.values())


def test_answers_carry_sources_and_basis() -> None:
    asked, described, queried, found = call(
        ("ask", {"name": "response-rates", "parameters": {"trial": "trial:pivot-io-001"}}),
        ("describe", {"term": RESULT}),
        ("query", {"sparql": f"SELECT ?p ?o {{ {RESULT} ?p ?o }}"}),
        ("find_terms", {"words": "bempegaldesleukin"}),
    )
    for failed, answer in (asked, described, queried):
        assert not failed, answer
        assert "primary" in answer["basis"]
        assert any(source["source"] == "source:diab2023-jco" for source in answer["sources"])
    assert {row["printed"] for row in asked[1]["rows"]} == {"27.7", "36.0"}
    assert asked[1]["caveat"]
    assert "drug:bempegaldesleukin" in {row["term"] for row in found[1]["rows"]}


def test_schema_and_questions() -> None:
    schema, questions = call(("schema", {}), ("list_questions", {"words": "response rate"}))
    assert "kg:Result" in {row[0] for row in schema[1]["classes"]}
    assert questions[1]["questions"][0]["name"] == "response-rates"


def test_nothing_reaches_files_network_or_updates() -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        service = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"
        queries = [
            count,
            "DROP ALL",
            "LOAD <file:///etc/passwd>",
            f"SELECT * {{ SERVICE {service} {{ ?s ?p ?o }} }}",
            "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
            count,
        ]
        before, *refused, outside, after = call(*(("query", {"sparql": query}) for query in queries))
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert before[1]["rows"] == after[1]["rows"] != [{"n": "0"}]
    assert outside == (False, {**outside[1], "rows": []}), "a graph that is not loaded has no rows"
    expected = ["read-only", "read-only", "SERVICE is off"]
    for (failed, said), part in zip(refused, expected, strict=True):
        assert failed and part in said, said


def test_tools_whose_worker_does_not_start_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    async def start(pool: Pool) -> None:
        raise PoolError("crash", "no worker could be started")

    async def talk() -> None:
        async with server.opened([str(SMALL)]):
            pass

    monkeypatch.setattr(Pool, "start", start)
    monkeypatch.setattr(Spawner, "close", lambda spawner: closed.append(spawner))
    with pytest.raises(EngineError, match="no worker could be started"):
        asyncio.run(talk())
    assert len(closed) == 1


def test_a_query_error_is_explained() -> None:
    (failed, said), (update_failed, update) = call(
        ("query", {"sparql": "SELECT * { ?s a kgg:Trial }"}), ("query", {"sparql": "DROP ALL"})
    )
    assert failed
    assert "line 1, column 17: the prefix kgg: is not declared" in said
    assert update_failed
    assert "read-only" in update


def test_limits_hold_and_the_server_continues() -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    stopped, many, alive, wrong = call(
        ("query", {"sparql": runaway}),
        ("query", {"sparql": "SELECT * { ?s ?p ?o } LIMIT 1000"}),
        ("query", {"sparql": "ASK { ?s a kg:Trial }"}),
        ("ask", {"name": "no-such-question"}),
    )
    assert stopped[0]
    assert "stopped after" in stopped[1]
    assert len(many[1]["rows"]) == 200
    assert many[1]["cut"]
    assert alive[1]["rows"] == [{"answer": True}]
    assert wrong[0]
    assert "no-such-question" in wrong[1]


def size(answer: Any) -> int:
    return len(json.dumps(answer))


def test_questions_are_a_line_each_until_words_ask_for_more() -> None:
    listed, found, named, none = call(
        ("list_questions", {}),
        ("list_questions", {"words": "response rate"}),
        ("list_questions", {"words": "response-rates"}),
        ("list_questions", {"words": "qqqq"}),
    )
    assert len(listed[1]["questions"]) > 50
    assert set(listed[1]["questions"][0]) == {"name", "question"}
    assert size(listed[1]) < 12_000
    assert found[1]["questions"][0]["parameters"][0]["name"] == "trial"
    assert found[1]["also"]
    assert size(found[1]) < 12_000
    assert [one["name"] for one in named[1]["questions"]] == ["response-rates"]
    assert none[1] == {"questions": [], "note": "No question has these words; without words all are listed."}


def test_a_description_is_a_digest_and_pages_through_one_property() -> None:
    digest, first, last, short = call(
        ("describe", {"term": "trial:pivot-02"}),
        ("describe", {"term": "trial:pivot-02", "property": "kg:trial"}),
        ("describe", {"term": "trial:pivot-02", "property": "kg:trial", "offset": 150}),
        ("describe", {"term": RESULT}),
    )
    made = digest[1]
    assert size(made) < 20_000
    assert sum(one["count"] for one in made["statements"]) == made["count"] > len(made["rows"])
    assert {"direction": "in", "property": "kg:trial", "count": first[1]["count"]} in made["statements"]
    assert {row["property"] for row in made["rows"]} >= {"kg:phase", "kg:nct", "kg:trial", "kg:concerns"}
    assert made["sources"]
    assert made["basis"]
    assert "a property of the list" in made["cut"]
    assert len(first[1]["rows"]) == 50
    assert "offset 50 gives the next" in first[1]["cut"]
    assert len(last[1]["rows"]) == first[1]["count"] - 150
    assert "these are the last" in last[1]["cut"]
    assert "cut" not in short[1]


def test_too_many_rows_are_the_first_of_them_with_a_note() -> None:
    kinds = "SELECT ?s ?p { VALUES ?p { rdfs:label rdf:type } ?s ?p ?o FILTER(isIRI(?s)) } ORDER BY ?s ?p"
    many, page, high, values, triples, described = call(
        ("query", {"sparql": kinds}),
        ("query", {"sparql": f"{kinds} LIMIT 200"}),
        ("query", {"sparql": f"{kinds} LIMIT 90000 # LIMIT 3"}),
        ("query", {"sparql": f"{kinds} VALUES ?p {{ rdfs:label rdf:type }}"}),
        ("query", {"sparql": "CONSTRUCT WHERE { ?a ?p ?b }"}),
        ("query", {"sparql": "DESCRIBE trial:pivot-io-001"}),
    )
    for failed, answer in (many, high, triples):
        assert not failed
        assert len(answer["rows"]) == 200
        assert answer["cut"].startswith("the first 200 of more than 200 rows; LIMIT 200 OFFSET 200")
    assert many[1]["rows"] == high[1]["rows"] == page[1]["rows"]
    assert values[0]
    assert "LIMIT" in values[1]
    phase = {"subject": "trial:pivot-io-001", "predicate": "kg:phase", "object": "Phase 3"}
    assert phase in described[1]["rows"]
    assert described[1]["sources"]


def test_errors_name_the_tools() -> None:
    answers = call(
        ("ask", {"name": "how do I bake bread"}),
        ("ask", {"name": "response-rates", "parameters": {"trial": "nope"}}),
        ("ask", {"name": "surprise", "parameters": {"no-such": 1}}),
        ("describe", {"term": "nope"}),
        ("describe", {"term": "trial:pivot-2"}),
        ("describe", {"term": "trail:pivot-02"}),
        ("query", {"sparql": "SELECT * { ?x kg:phase ?b FILTR(?x) }"}),
    )
    assert all(failed for failed, _ in answers)
    said = [text for _, text in answers]
    assert not [text for text in said if "bempeg-kg" in text or "--" in text]
    assert "list_questions" in said[0]
    assert "PROPEL" not in said[3]
    assert "syncope" not in said[3]
    assert "find_terms" in said[3]
    assert "'trial:pivot-02'" in said[4]
    assert "'trial'" in said[5]
    assert "FILTR is not a SPARQL keyword" in said[6]
    assert "Did you mean FILTER?" in said[6]


def test_a_sentence_is_answered_by_the_question_that_fits_best() -> None:
    fitting, plain, unknown, found = call(
        ("ask", {"name": "response rates of the cohorts"}),
        ("ask", {"name": "response-rates", "offset": 5}),
        ("query", {"sparql": "SELECT * { ?x kg:phse ?b }"}),
        ("find_terms", {"words": "melanoma"}),
    )
    assert fitting[1]["name"] == "response-rates"
    assert fitting[1]["near"][0]["name"]
    assert "near" not in plain[1]
    assert fitting[1]["understood"].startswith("response-rates")
    results = {row["result"] for row in fitting[1]["rows"]}
    assert {row["result"] for row in plain[1]["rows"]} <= results
    assert unknown[1]["mind"] == ["nothing in the graph is called kg:phse; did you mean kg:phase?"]
    terms = [row["term"] for row in found[1]["rows"]]
    assert terms[0] == "disease:melanoma"
    assert "rows 1 to 30" in found[1]["cut"]
