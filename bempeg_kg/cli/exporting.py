"""`export`."""

from __future__ import annotations

from bempeg_kg.cli.common import Parser, add_command, chosen_format, open_graph, write_bytes
from bempeg_kg.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_FORMATS = ("ttl", "trig", "nt", "nq", "jsonld", "rdf")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    add_command(
        subparsers,
        "export",
        _export,
        help="write the dataset as ttl, trig, nt, nq, jsonld or rdf, by the suffix of -o or --format",
        example="bempeg-kg export -o bempeg.ttl",
    )


def _export(args: argparse.Namespace) -> int:
    from bempeg_kg.dump import dump

    form = chosen_format(args, _FORMATS, "")
    if not form:
        raise UsageError(
            "in which format?", cure="Give -o FILE.ttl (or .trig .nt .nq .jsonld .rdf), or --format ttl."
        )
    kg = open_graph(args)
    write_bytes(args, dump(kg.quads(), form, kg.names))
    return 0
