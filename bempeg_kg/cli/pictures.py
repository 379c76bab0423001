"""`graph`, `plot` and `path`."""

from __future__ import annotations

import os

from bempeg_kg.cli.common import Parser, add_command, cut_graph, open_graph
from bempeg_kg.cli.output import (
    TABLE_FORMATS,
    chosen_format,
    note,
    width,
    write_bytes,
    write_table,
    write_text,
)
from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.networks import main_part, view
from bempeg_kg.networks.files import graph_bytes
from bempeg_kg.networks.path import Path
from bempeg_kg.networks.path_tables import node_of, path_table, path_text, step_table, why_none
from bempeg_kg.networks.paths import by_kind, find_paths, paths_graph
from bempeg_kg.pictures import graph_picture, plot
from bempeg_kg.pictures.drawing import drawn_part
from bempeg_kg.pictures.layout import fitting_part
from bempeg_kg.pictures.tables import link_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from networkx import MultiDiGraph

_VIEWS = ("signalling", "lineage")
_PLOTS = ("responses", "hazard-ratios", "timeline", "safety", "signals", "flow", "surprise")
_SHAPES = ("wide", "narrow")
#: What narrows a plot.
_CHOICES = {
    "trial": "this trial",
    "condition": "trials of a condition with all these words in one of its names",
    "phase": "trials whose phase holds this number",
    "drug": "trials of a drug with all these words in one of its names",
    "measured": "this endpoint, of hazard ratios",
    "early": "the curve of this early result, of surprise",
}
_PICTURES = ("svg", "png", "pdf", "html")
_EXPORTS = ("graphml", "gexf", "json", "cyjs", "dot")
_TWINS = ("table", "tsv", "csv", "md")


def register(subparsers: argparse._SubParsersAction[Parser]) -> None:
    """Add the commands of this module."""
    graph = add_command(
        subparsers,
        "graph",
        _graph,
        help="draw or export a view of the graph, by the suffix of -o; without -o a table of its links",
        example="bempeg-kg graph signalling -o signalling.html",
        takes_as_of=True,
    )
    graph.add_argument("view", metavar="VIEW", help=f"{' or '.join(_VIEWS)}")
    graph.add_argument("--all", action="store_true", help="draw everything, not the main part alone")
    _add_shape(graph)
    graph.description = (
        f"{graph.description} Pictures: {', '.join(_PICTURES)}. For other tools, always whole: "
        f"{', '.join(_EXPORTS)}. The same content as a table: {', '.join(_TWINS)}."
    )
    plot = add_command(
        subparsers,
        "plot",
        _plot,
        help="plot the evidence as svg, png or pdf, by the suffix of -o; without -o the same as a table",
        example="bempeg-kg plot timeline --as-of 2018-09-21 -o then.svg",
        takes_as_of=True,
    )
    plot.add_argument("name", metavar="NAME", help=", ".join(_PLOTS))
    for name, shown in _CHOICES.items():
        plot.add_argument(f"--{name}", metavar=name.upper(), help=f"only {shown}")
    _add_shape(plot)
    _register_path(subparsers)


def _register_path(subparsers: argparse._SubParsersAction[Parser]) -> None:
    path = add_command(
        subparsers,
        "path",
        _path,
        help="find signed paths: does A raise or lower B, and which source says so",
        example='bempeg-kg path bempegaldesleukin "tumour response to treatment"',
        takes_as_of=True,
    )
    path.add_argument("start", metavar="FROM", help="a drug, protein, cell or process: CURIE, IRI or name")
    path.add_argument("end", metavar="TO", help="what it may act on")
    path.add_argument("--cell", metavar="CELL", help="only through steps that hold in this cell")
    path.add_argument("--longest", metavar="N", type=int, help="paths of at most N steps")
    path.add_argument("--all", action="store_true", help="every path, not the first of each kind")
    path.add_argument("--steps", action="store_true", help="the steps of the paths, with their sources")


def _add_shape(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--shape", choices=_SHAPES, default="wide", help="wide for a page or print, narrow for a phone"
    )


def _form(args: argparse.Namespace, formats: tuple[str, ...]) -> str:
    """The format that is asked for. Raises UsageError for a file whose name does not say whether to draw."""
    name = args.output
    bare = name and name != "-" and args.format is None and not os.path.splitext(name)[1]
    if bare and (os.path.isfile(name) or not os.path.exists(name)):  # not a device, such as /dev/stdout
        cure = f"Add a suffix, or name the format with --format: {', '.join(formats)}."
        raise UsageError(f"the name {name} has no suffix that says the format", cure=cure)
    return chosen_format(args, formats, "table")


def _graph(args: argparse.Namespace) -> int:
    if args.view not in _VIEWS:
        raise UnknownName("view", args.view, _VIEWS, cure=f"Available: {', '.join(_VIEWS)}.")
    form = _form(args, (*_PICTURES, *_EXPORTS, *_TWINS))
    kg = cut_graph(args, open_graph(args))
    graph = view(kg, args.view)
    if form in _EXPORTS:
        write_bytes(args, graph_bytes(graph, form))
        note(f"{len(graph)} nodes and {graph.number_of_edges()} links", quiet=args.quiet)
        return 0
    graph = graph if args.all else main_part(graph)
    if form in _TWINS:
        write_table(args, link_table(graph, kg.names))
    else:
        _write_picture(args, graph, form, args.shape)
        return 0
    if "left_out" in graph.graph:
        note(f"{graph.graph['left_out']} Use --all to show them.", quiet=args.quiet)
    return 0


def _write_picture(args: argparse.Namespace, graph: MultiDiGraph, form: str, shape: str = "wide") -> None:
    shown = fitting_part(graph) if form == "html" else drawn_part(graph)
    write_bytes(args, graph_picture(graph, form, shape=shape))
    counted = f"{len(shown)} nodes and {shown.number_of_edges()} links are drawn"
    left_out = shown.graph.get("left_out", "nothing is left out.")
    more = " With --all they are drawn." if "left_out" in graph.graph and not args.all else ""
    note(f"{counted}; {left_out}{more}", quiet=args.quiet)


def _plot(args: argparse.Namespace) -> int:
    if args.name not in _PLOTS:
        raise UnknownName("plot", args.name, _PLOTS, cure=f"Available: {', '.join(_PLOTS)}.")
    form = _form(args, ("svg", "png", "pdf", *TABLE_FORMATS))
    chosen = {name: value for name in _CHOICES if (value := getattr(args, name)) is not None}
    chart = plot(cut_graph(args, open_graph(args)), args.name, shape=args.shape, **chosen)
    if form in TABLE_FORMATS:
        write_table(args, chart.table)
    else:
        write_bytes(args, chart.to_bytes(form))
        note(chart.summary, quiet=args.quiet)
    return 0


def _path(args: argparse.Namespace) -> int:
    form = _form(args, (*TABLE_FORMATS, "svg", "png", "pdf"))
    if args.longest is not None and args.longest < 1:
        raise UsageError("--longest takes a number of steps, at least 1")
    kg = cut_graph(args, open_graph(args))
    graph = view(kg, "signalling")
    start, end = node_of(kg, graph, args.start), node_of(kg, graph, args.end)
    cell = kg.names.shorten(kg.resolve(args.cell)) if args.cell else None
    paths = find_paths(graph, start, end, cell=cell, longest=args.longest)
    if not paths:
        raise why_none(graph, start, end, cell, args.longest)
    listed, alike = _listed(args, paths)
    if form not in TABLE_FORMATS:
        _write_picture(args, paths_graph(graph, [path for path in paths if args.all or path in listed]), form)
        return 0
    if args.steps:
        write_table(args, step_table(kg, graph, listed))
    elif form == "table":
        write_text(args, path_text(graph, listed, alike, width()))
    else:
        write_table(args, path_table(kg, graph, listed, alike))
    if not paths.complete:
        note("the search stopped before all paths were found; the shortest are listed", quiet=args.quiet)
    if len(listed) < len(paths):
        kinds = "listed is the first of each kind: same effect, part in the design, branches and cells"
        note(f"{len(paths):,} paths in all; {kinds}. --all lists every path.", quiet=args.quiet)
    return 0


def _listed(args: argparse.Namespace, paths: list[Path]) -> tuple[list[Path], list[int]]:
    """The paths to list, and for each how many are of its kind."""
    if args.all:
        return paths, [1] * len(paths)
    chosen = by_kind(paths)
    return [path for path, _ in chosen], [count for _, count in chosen]
