"""What the pages and the language-model tools say of a query that could not be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bempeg_kg.engines.problems import query_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bempeg_kg.web.workers.limits import PoolError


def told(error: PoolError, query: str, prefixes: Mapping[str, str]) -> str:
    """The words of an error; a parser's message as the command line tells it, with line, column and cure."""
    if error.kind != "syntax":
        return str(error)
    problem = query_problem(str(error), query, prefixes)
    said = f"{problem.where}: {problem.message}" if problem.where else problem.message
    return f"{said}\n{problem.hint}" if problem.hint else said
