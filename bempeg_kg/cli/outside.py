"""Graphs that reach outside: behind an endpoint, or with SERVICE allowed."""

from __future__ import annotations

import argparse

from bempeg_kg.engines.outside import Limits
from bempeg_kg.errors import UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.knowledge_graph import KnowledgeGraph


def remote_graph(args: argparse.Namespace) -> KnowledgeGraph:
    """The graph behind --endpoint."""
    return KnowledgeGraph.open(args.data, endpoint=args.endpoint)


def federated_graph(args: argparse.Namespace, kg: Graph) -> KnowledgeGraph:
    """The graph with SERVICE as the options say. Raises UsageError for an invalid one."""
    pairs = [entry.partition("=") for entry in args.service_at]
    if any(not mark or not address for _, mark, address in pairs):
        raise UsageError("--service-at takes SERVICE=URL", cure="The address of the service, =, and another.")
    if not args.seconds > 0:
        raise UsageError("--seconds takes a number above 0")
    at = {service: address for service, _, address in pairs}
    opened = KnowledgeGraph(kg.content, kg.engine, kg.questions)
    return opened.federated(
        allow=args.allow, at=at, limits=Limits(seconds=args.seconds), partial=args.partial
    )
