"""The tools for language models, through the package's own client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import pytest
from serving import ROOT

pytest.importorskip("mcp", reason="the extra mcp is not installed")

RESULT = "result:pivot-io-001-bempeg-nivolumab-orr"


def call(*calls: tuple[str, dict[str, Any]]) -> list[tuple[bool, Any]]:
    """Start the command, call tools, and give (failed, answer) for each."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def talk() -> list[tuple[bool, Any]]:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "bempeg_kg", "mcp"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        found: list[tuple[bool, Any]] = []
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            if not calls:
                return [(False, {tool.name: tool for tool in (await session.list_tools()).tools})]
            for name, arguments in calls:
                answer = await session.call_tool(name, arguments)
                text = "".join(getattr(part, "text", "") for part in answer.content)
                failed = bool(answer.is_error)
                found.append(
                    (failed, text if failed else json.loads(text) if name != "list_questions" else text)
                )
        return found

    return asyncio.run(asyncio.wait_for(talk(), 60))


def test_the_tools_are_these_and_each_says_what_it_does() -> None:
    tools = call()[0][1]
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
    assert "response-rates" in questions[1]


def test_nothing_reaches_files_network_or_updates() -> None:
    queries = [
        "DROP ALL",
        "LOAD <file:///etc/passwd>",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    ]
    for failed, answer in call(*(("query", {"sparql": query}) for query in queries)):
        assert failed or answer["rows"] == []
        assert "root:" not in str(answer)


def test_a_mistake_in_a_query_is_told_in_words() -> None:
    (failed, said), (update_failed, update) = call(
        ("query", {"sparql": "SELECT * { ?s a kgg:Trial }"}), ("query", {"sparql": "DROP ALL"})
    )
    assert failed
    assert "line 1, column 17: the prefix kgg: is not declared" in said
    assert update_failed
    assert "read-only" in update


def test_limits_hold_and_the_server_goes_on() -> None:
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
