"""Composed reports as data: what a worker sends to the server, and what a page shows of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bempeg_kg.evidence.reports import compose
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.results import read_table
from bempeg_kg.rdf.table import Table

#: Reports that have a page -> what the menu calls them.
SHOWN = {"why-phase-3": "Why phase 3 did not confirm phase 2"}

Compose = Callable[[str], "Report"]


@dataclass(slots=True)
class Block:
    """A table or the drawing of a curve, with its caption and where it comes from."""

    caption: str
    origin: str
    table: Table | None = None
    svg: str = ""


@dataclass(slots=True)
class Section:
    """A heading, sentences, blocks."""

    title: str
    sentences: list[str]
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """A titled report that opens with its answer."""

    title: str
    opening: list[str]
    sections: list[Section]


def composed(kg: Graph, name: str) -> Report:
    """A report over a graph. Raises UnknownName, and UsageError where the graph lacks what it is about."""
    return read(as_data(kg, name), kg.names)


def as_data(kg: Graph, name: str) -> dict[str, Any]:
    """A report as JSON data: title, opening, and sections with sentences and blocks."""
    page = compose(kg, name)
    return {
        "title": page.title,
        "opening": page.opening,
        "sections": [
            {
                "title": section.title,
                "sentences": section.sentences,
                "blocks": [
                    {
                        "caption": block.caption,
                        "origin": block.origin,
                        "table": None if block.table is None else json.loads(block.table.to_json()),
                        "reason": "" if block.table is None else block.table.reason,
                        "svg": "" if block.curve is None else block.curve.to_svg(),
                    }
                    for block in section.blocks
                ],
            }
            for section in page.sections
        ],
    }


def read(data: Mapping[str, Any], names: Names) -> Report:
    """The report that `as_data` made."""
    return Report(
        data["title"],
        data["opening"],
        [
            Section(one["title"], one["sentences"], [_block(block, names) for block in one["blocks"]])
            for one in data["sections"]
        ],
    )


def _block(data: Mapping[str, Any], names: Names) -> Block:
    table = None
    if data["table"] is not None:
        table = read_table(json.dumps(data["table"]).encode(), names)
        table.reason = data["reason"]
    return Block(data["caption"], data["origin"], table, data["svg"])
