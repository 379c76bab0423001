"""The options of commands that may ask outside services."""

from __future__ import annotations

from bempeg_kg.cli.common import note
from bempeg_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from bempeg_kg.knowledge_graph import KnowledgeGraph


def add_live(parser: argparse.ArgumentParser) -> None:
    """Options for SERVICE: off, unless --live is given."""
    more = parser.add_argument_group("outside services")
    more.add_argument("--live", action="store_true", help="let SERVICE ask outside services")
    more.add_argument(
        "--allow", metavar="HOST", action="append", default=[], help="a further host, or host:port, to ask"
    )
    more.add_argument(
        "--service-at",
        metavar="SERVICE=URL",
        action="append",
        default=[],
        help="ask this address instead of a service",
    )
    more.add_argument("--seconds", metavar="N", type=float, default=30.0, help="time for all of them (30)")
    more.add_argument(
        "--partial", action="store_true", help="answer without a service that fails, instead of failing"
    )


def live_graph(args: argparse.Namespace, kg: KnowledgeGraph) -> KnowledgeGraph:
    """The graph with SERVICE as the options say. Raises UsageError for one that makes no sense."""
    if not args.live:
        if args.allow or args.service_at or args.partial:
            raise UsageError("--allow, --service-at and --partial mean nothing without --live")
        return kg
    from bempeg_kg.engines.outside import Limits

    pairs = [entry.partition("=") for entry in args.service_at]
    if any(not mark or not address for _, mark, address in pairs):
        raise UsageError("--service-at takes SERVICE=URL", cure="The address of the service, =, and another.")
    if not args.seconds > 0:
        raise UsageError("--seconds takes a number above 0")
    at = {service: address for service, _, address in pairs}
    return kg.federated(allow=args.allow, at=at, limits=Limits(seconds=args.seconds), partial=args.partial)


def tell_remarks(args: argparse.Namespace, kg: KnowledgeGraph) -> None:
    """Say on standard error what was left out."""
    for remark in getattr(kg.engine, "remarks", []):
        note(remark, quiet=args.quiet)
