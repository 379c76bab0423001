"""What the pages and the language-model tools say of a query that could not be run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bempeg_kg.errors import BempegError
from bempeg_kg.graph.entities import in_graph, slugs
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import VOCAB
from bempeg_kg.rdf.sparql.lexer import tokens
from bempeg_kg.rdf.sparql.mistakes import LONGEST, nearest
from bempeg_kg.rdf.sparql.problems import query_problem
from bempeg_kg.rdf.sparql.text import declared
from bempeg_kg.web.limits import PoolError

if TYPE_CHECKING:
    from collections.abc import Mapping


def error_text(error: PoolError, query: str, prefixes: Mapping[str, str]) -> str:
    """The words of an error; a parser's message as the command line tells it, with line, column and cure."""
    if error.kind != "syntax":
        return str(error)
    problem = query_problem(str(error), query, prefixes)
    text = f"{problem.where}: {problem.message}" if problem.where else problem.message
    return f"{text}\n{problem.hint}" if problem.hint else text


OWN_WORDS = (
    ("`bempeg-kg questions` lists", "list_questions lists"),
    ("`bempeg-kg query` or `show WORDS` finds by label", "find_terms finds things by a part of their name"),
    ("`bempeg-kg stats` lists the kinds", "schema lists the prefixes"),
)
"""What the command line advises, and what a tool can do instead."""


def tool_error_text(error: BempegError) -> str:
    """An error in words that fit the tools: their names and parameters, and only near suggestions."""
    text, suggestions = str(error), getattr(error, "suggestions", [])
    if suggestions:
        near = [
            suggestion for suggestion in suggestions if nearest(str(getattr(error, "name", "")), [suggestion])
        ]
        meant = " or ".join(f"'{suggestion}'" for suggestion in suggestions)
        instead = f"Did you mean {' or '.join(repr(one) for one in near)}?" if near else ""
        text = re.sub(r"\n +", "\n", text.replace(f"Did you mean {meant}?", instead)).strip()
        if not near and "\n" not in text:
            text += "\nfind_terms finds things by a part of their name; list_questions lists the questions."
    for theirs, ours in OWN_WORDS:
        text = text.replace(theirs, ours)
    return re.sub(r"(?<!\S)--([a-z][a-z-]*)", lambda match: match[1].replace("-", "_"), text)


def strangers(query: str, kg: Graph) -> list[str]:
    """Notes on names in a query that nothing in the graph has; such a name is no error."""
    if len(query) > LONGEST:
        return []
    own = declared(query)
    notes = kg.to_mind(query)
    names = dict.fromkeys(token.text for token in tokens(query) if token.kind == "name")
    for prefix, _, local in (written.partition(":") for written in names):
        iri = kg.names.prefixes.get(prefix, "") + local
        name = f"{prefix}:{local}"
        if not local or prefix in own or not iri.startswith(kg.names.base) or iri.startswith(VOCAB):
            continue
        if in_graph(kg, iri):
            continue
        near = nearest(name, slugs(kg, prefix))
        notes.append(f"nothing in the graph is called {name}" + (f"; did you mean {near}?" if near else ""))
    return notes
