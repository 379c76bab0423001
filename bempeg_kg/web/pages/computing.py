"""A worker that runs our own code: questions that no SPARQL query can answer, and charts.

Their time depends on what a reader puts in, and they hold the interpreter's lock, so they run where they can
be killed and are in nobody's way. A request is JSON; so is an answer, with the error where there is one.
"""

from __future__ import annotations

import json
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bempeg_kg import errors
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.config import Config
from bempeg_kg.web.opened import open_graph
from bempeg_kg.web.pages import pictures, reports, verdicts
from bempeg_kg.web.pages.pictures import Charted, charted
from bempeg_kg.web.pages.reports import Report
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.process import confine


class Task:
    """What a computing worker is asked; ``query`` is its name among those that met a limit."""

    def __init__(self, **asked: Any) -> None:
        self.query = json.dumps(asked, sort_keys=True, default=str)
        self.wire = self.query.encode()


def answer_task(question: str, given: Mapping[str, object]) -> Task:
    """A question with its parameters."""
    return Task(question=question, given=dict(given))


def chart_task(picture: str, as_of: str) -> Task:
    """A picture, as of a day where that is not empty."""
    return Task(picture=picture, as_of=as_of)


def interactive_task(name: str) -> Task:
    """A graph as an HTML document of its own."""
    return Task(interactive=name)


def verdicts_task() -> Task:
    """What forensics says of every statement."""
    return Task(verdicts=True)


def report_task(name: str) -> Task:
    """A composed report."""
    return Task(report=name)


def read_report(body: bytes, names: Names) -> Report:
    """What a worker composed for a :func:`report_task`. Raises the BempegError that it met."""
    return reports.read(_checked(body), names)


def read_answer(body: bytes, names: Names) -> Table:
    """The table that a worker made of an :func:`answer_task`. Raises the BempegError that it met."""
    result = _checked(body)
    table = read_table(json.dumps(result["table"]).encode(), names)
    table.reason = result["reason"]
    return table


def read_chart(body: bytes, names: Names) -> Charted:
    """What a worker drew for a :func:`chart_task`. Raises the BempegError that it met."""
    result = _checked(body)
    table = None if result["table"] is None else read_table(json.dumps(result["table"]).encode(), names)
    return Charted(result["svg"].encode(), result["words"], table)


def read_verdicts(body: bytes, names: Names) -> dict[str, Table]:
    """The verdicts that a worker made for a :func:`verdicts_task`, by statement. Raises the BempegError that
    it met.
    """
    return {subject: verdicts.table(rows, names) for subject, rows in _checked(body)["verdicts"].items()}


def _checked(body: bytes) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(body)
    if "error" in result:
        kind: type[errors.BempegError] = getattr(errors, result["error"], errors.BempegError)
        error = kind.__new__(kind)
        errors.BempegError.__init__(error, result["message"], where=result["where"], cure=result["cure"])
        raise error
    return result


def run(files: list[int], settings_text: str) -> int:
    """Be a worker: ``files`` is the socket to the server, the settings are those of the server."""
    link = socket.socket(fileno=files[0])
    config = Config.from_json(settings_text)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    kg = open_graph(config)
    if sys.platform == "linux":
        confine(config.limits.memory, files=True)  # nobody's query runs here
    frames.send(link, frames.READY, b"")
    with suppress(BrokenPipeError, ConnectionResetError):
        while (wire := frames.receive(link)) is not None:
            signal.setitimer(signal.ITIMER_REAL, config.limits.seconds)
            body = json.dumps(_result(kg, json.loads(wire))).encode()
            signal.setitimer(signal.ITIMER_REAL, 0)
            frames.send(link, frames.WHOLE, b"application/json".ljust(frames.TYPE_WIDTH) + body)
    return 0


def _result(kg: Graph, task: dict[str, Any]) -> dict[str, Any]:
    try:
        if "picture" in task:
            drawn = charted(kg, task["picture"], task["as_of"])
            rows = None if drawn.table is None else json.loads(drawn.table.to_json())
            return {"svg": drawn.svg.decode(), "words": drawn.words, "table": rows}
        if "interactive" in task:
            return {"svg": pictures.interactive(kg, task["interactive"]), "words": "", "table": None}
        if "verdicts" in task:
            return {"verdicts": verdicts.rows_by_statement(kg)}
        if "report" in task:
            return reports.as_data(kg, task["report"])
        table = kg.answer(kg.questions[task["question"]], task["given"])
        return {"table": json.loads(table.to_json()), "reason": table.reason}
    except errors.BempegError as error:
        name = type(error).__name__
        return {"error": name, "message": error.message, "where": error.where, "cure": error.cure}
