"""A new programme into which records are imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.scaffold import write_programme
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.run import import_records


def programme_of(records: list[dict[str, Any]], folder: Path) -> KnowledgeGraph:
    """Import records into a new programme in a folder, without its example trial, and open it."""
    data = folder / "programme"
    write_programme(str(data), "https://example.org/p/")
    (data / "data" / "trials" / "first.ttl").unlink()
    source = folder / "records.json"
    source.write_text(json.dumps(records), "utf-8")
    empty = KnowledgeGraph.open(data, engine="memory")
    found = Joins.of_engine(empty.engine, empty.names.base)
    joins = Joins(found.base, found.trials, found.names, found.papers, f"{found.base}programme/programme")
    landed = import_records([str(source)], f"{data / 'data' / 'trials'}/", "folder", joins).landed
    assert landed == len(records)
    return KnowledgeGraph.open(data, engine="memory")
