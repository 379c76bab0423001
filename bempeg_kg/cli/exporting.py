"""`export`."""

from __future__ import annotations

import argparse
import os

from bempeg_kg.cli.common import Parser, add_command, open_graph
from bempeg_kg.cli.output import chosen_format, note, write_bytes, write_text
from bempeg_kg.errors import InputError, UsageError
from bempeg_kg.exports import Exported, export, export_rdf

_FORMATS = ("ttl", "trig", "nt", "nq", "jsonld", "rdf")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the command of this module."""
    parser = add_command(
        subparsers,
        "export",
        _export,
        help="write the dataset as ttl, trig, nt, nq, jsonld or rdf, by the suffix of -o or --format, "
        "or in another format with --as",
        example="bempeg-kg export -o bempeg.trig; bempeg-kg export --as kgx -o folder",
    )
    parser.add_argument(
        "--as",
        dest="shape",
        metavar="SHAPE",
        help="csv, cx2, examples, fhir, graphml, kgx, nanopub, obograph, parquet, rocrate, sif, "
        "signals, signals-parquet or void",
    )
    parser.add_argument("--losses", metavar="FILE", help="write what the format cannot carry there, as TSV")


def _export(args: argparse.Namespace) -> int:
    if args.shape is not None:
        exported = export(open_graph(args), args.shape)
        _write_files(args, exported)
    else:
        form = chosen_format(args, _FORMATS, "")
        if not form:
            raise UsageError(
                "no format was given",
                cure="Give -o FILE.ttl (or .trig .nt .nq .jsonld .rdf), --format ttl, or --as kgx.",
            )
        exported = export_rdf(open_graph(args), form)
        write_bytes(args, next(iter(exported.files.values())))
    _report(args, exported)
    return 0


def _write_files(args: argparse.Namespace, exported: Exported) -> None:
    """One file to -o or standard output; several into the folder of -o, with the losses beside them."""
    if len(exported.files) == 1:
        write_bytes(args, next(iter(exported.files.values())))
        return
    if not args.output or args.output == "-":
        raise UsageError(f"{args.shape} writes {len(exported.files)} files", cure="Name a folder with -o.")
    try:
        os.makedirs(args.output, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create this folder: {error.strerror}", file=args.output) from None
    for name, body in {**exported.files, "losses.tsv": exported.loss_table().encode()}.items():
        write_bytes(argparse.Namespace(output=os.path.join(args.output, name)), body)


def _report(args: argparse.Namespace, exported: Exported) -> None:
    if args.losses:
        write_text(argparse.Namespace(output=args.losses), exported.loss_table())
    if exported.summary:
        more = "; --losses FILE says what" if exported.losses and not args.losses else ""
        note(exported.summary + more, quiet=args.quiet)
