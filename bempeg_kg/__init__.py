"""An evidence graph of a drug programme: its mechanism, trials, results, claims, and what they are worth.

>>> import bempeg_kg
>>> kg = bempeg_kg.open(engine="memory")
>>> bool(kg.query("ASK { trial:pivot-io-001 a kg:Trial }"))
True
"""

from __future__ import annotations

from bempeg_kg._version import __version__

#: The public API: name -> module. Imported when first used, as the command line needs few of them.
_DOOR = {
    "Answer": "graph.answer",
    "BempegError": "errors",
    "Content": "content.content",
    "EngineError": "errors",
    "EngineTimeout": "errors",
    "InputError": "errors",
    "KnowledgeGraph": "knowledge_graph",
    "Library": "questions.library",
    "Names": "rdf.names",
    "NoAnswer": "errors",
    "Parameter": "questions.question",
    "QueryError": "errors",
    "Question": "questions.question",
    "Table": "rdf.table",
    "UnknownName": "errors",
    "UsageError": "errors",
}

# Lazy imports: the command line needs few of these names, and each costs time at every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from bempeg_kg.content.content import Content
    from bempeg_kg.errors import (
        BempegError,
        EngineError,
        EngineTimeout,
        InputError,
        NoAnswer,
        QueryError,
        UnknownName,
        UsageError,
    )
    from bempeg_kg.graph.answer import Answer
    from bempeg_kg.knowledge_graph import KnowledgeGraph
    from bempeg_kg.questions.library import Library
    from bempeg_kg.questions.question import Parameter, Question
    from bempeg_kg.rdf.names import Names
    from bempeg_kg.rdf.table import Table

    open = KnowledgeGraph.open  # noqa: A001  bempeg_kg.open() reads well

__all__ = [
    "Answer",
    "BempegError",
    "Content",
    "EngineError",
    "EngineTimeout",
    "InputError",
    "KnowledgeGraph",
    "Library",
    "Names",
    "NoAnswer",
    "Parameter",
    "QueryError",
    "Question",
    "Table",
    "UnknownName",
    "UsageError",
    "__version__",
    "open",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "open":
        return __getattr__("KnowledgeGraph").open  # type: ignore[attr-defined]
    if name not in _DOOR:
        raise AttributeError(f"module 'bempeg_kg' has no attribute '{name}'")
    return getattr(import_module(f"bempeg_kg.{_DOOR[name]}"), name)
