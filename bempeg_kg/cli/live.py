"""The options of commands that may ask outside services."""

from __future__ import annotations

from bempeg_kg.cli.common import command_module
from bempeg_kg.cli.output import note
from bempeg_kg.errors import UsageError
from bempeg_kg.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_live(parser: argparse.ArgumentParser) -> None:
    """Options for SERVICE: off, unless --live is given."""
    more = parser.add_argument_group("outside services")
    more.add_argument("--live", action="store_true", help="let SERVICE ask outside services")
    more.add_argument(
        "--allow", metavar="HOST", action="append", default=[], help="another allowed host, or host:port"
    )
    more.add_argument(
        "--service-at",
        metavar="SERVICE=URL",
        action="append",
        default=[],
        help="use this address in place of the service",
    )
    more.add_argument("--seconds", metavar="N", type=float, default=30.0, help="time for all of them (30)")
    more.add_argument(
        "--partial", action="store_true", help="answer without a service that fails, instead of failing"
    )


def live_graph(args: argparse.Namespace, kg: Graph) -> Graph:
    """The graph with SERVICE as the options say. Raises UsageError for options that need --live."""
    if args.live:
        live: Graph = command_module("outside").federated_graph(args, kg)
        return live
    if args.allow or args.service_at or args.partial:
        raise UsageError("--allow, --service-at and --partial need --live")
    return kg


def tell_remarks(args: argparse.Namespace, kg: Graph) -> None:
    """Report on standard error what was left out."""
    for remark in getattr(kg.engine, "remarks", []):
        note(remark, quiet=args.quiet)
