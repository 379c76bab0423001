"""Signed paths for people and programs: tables, text, one line a path, and why there is none."""

from __future__ import annotations

from bempeg_kg.errors import NoAnswer, UsageError
from bempeg_kg.graph.graph import Graph
from bempeg_kg.networks.path import Path, cells_of
from bempeg_kg.networks.paths import find_paths
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from networkx import MultiDiGraph


#: What the text says of a path's part in the design of the drug.
_DESIGN = {
    "intended": "through an intended action",
    "sparing": "through what the design adds to spare a target",
    "spared": "through an action that the design weakens",
    "": "",
}


def path_table(kg: Graph, graph: MultiDiGraph, paths: list[Path], alike: list[int] | None = None) -> Table:
    """One row a path, with its effect, what it passes through and what it rests on.

    Columns: path, effect, design, steps, alike, route, cells, branches, claims, disputed, animal, basis.
    `design` is the part of the path in the design of the drug, see `Path.design`; `alike` is how many paths
    are of this kind, see `by_kind`; `claims`, `disputed` and `animal` hold CURIEs of steps.
    """
    columns = ["path", "effect", "design", "steps", "alike", "route", "cells", "branches"]
    columns += ["claims", "disputed", "animal", "basis"]
    rows = [
        [
            number,
            path.effect,
            path.design,
            len(path.steps),
            like,
            route(graph, path),
            "; ".join(_cell_names(graph, cells) for cells in path.cells),
            "; ".join(path.branches),
            " ".join(path.claims),
            " ".join(path.steps_with("disputed")),
            " ".join(path.steps_with("animal")),
            ", ".join(sorted({step.get("basis", "unknown") for step in path.steps})),
        ]
        for number, (path, like) in enumerate(zip(paths, alike or [1] * len(paths), strict=True), 1)
    ]
    return Table.of(columns, rows, names=kg.names)


def path_text(graph: MultiDiGraph, paths: list[Path], alike: list[int], width: int) -> str:
    """The paths for people: how many, then effect, length, cells, route, sources and disputes of each."""
    from textwrap import fill

    def indented(text: str) -> str:
        """A text as lines indented by three spaces."""
        return fill(text, width, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False)

    lines: list[str] = [fill(path_summary(paths, alike), width), ""]
    for number, (path, like) in enumerate(zip(paths, alike, strict=True), 1):
        cells = "; then ".join(_cell_names(graph, cells) for cells in path.cells)
        steps = "1 step" if len(path.steps) == 1 else f"{len(path.steps)} steps"
        words = [path.effect, steps, _DESIGN[path.design], f"in {cells}" if cells else ""]
        words.append(f"{like - 1:,} more of this kind" if like > 1 else "")
        lines.append(fill(f"{number}. " + ", ".join(filter(None, words)), width, subsequent_indent="   "))
        basis = ", ".join(sorted({step.get("basis", "unknown") for step in path.steps}))
        lines += [
            indented(route(graph, path)),
            indented(f"sources: {_sources(path)} ({basis})"),
        ]
        for step in path.steps:
            if "disputed" in step:
                lines.append(indented(f"disputed: {step['label']}: {step['disputed']}"))
            if "animal" in step:
                lines.append(indented(f"shown in {step['animal']}: {step['label']}"))
        lines.append("")
    return "\n".join(lines)


def _sources(path: Path) -> str:
    """The source to cite of each step, each once, in the order of the path."""
    cited = [str(step["cited"]).removeprefix("source:") for step in path.steps if "cited" in step]
    return ", ".join(dict.fromkeys(cited)) or "none stated"


def path_summary(paths: list[Path], alike: list[int]) -> str:
    """How many paths of how many kinds there are, what they do, and how they are ranked.

    ``alike`` holds how many paths are of the kind of each. Every path is counted.
    """
    total, effects = sum(alike), [path.effect for path in paths]
    counted = [
        f"{effects.count(effect)} {effect.removesuffix('s') if effects.count(effect) > 1 else effect}"
        for effect in ("promotes", "inhibits")
        if effect in effects
    ]
    if total == 1:
        return f"1 path, which {effects[0]}."
    if len(paths) == 1:
        return f"{total:,} paths of 1 kind, which {effects[0]}. The shortest comes first."
    listed = f" of {len(paths)} kinds" if total > len(paths) else ""
    ranked = "Shorter paths come first."
    if len({path.design for path in paths}) > 1:
        ranked = (
            "Paths through an intended action of the drug come first, then those through what its design "
            "adds to spare a target, then others, and last those through an action that the design weakens; "
            "within each the shorter first."
        )
    return f"{total:,} paths{listed}: {', '.join(counted)}. {ranked}"


def step_table(kg: Graph, graph: MultiDiGraph, paths: list[Path]) -> Table:
    """One row a step of each path: what it says, the sign so far, and what it rests on.

    Columns: path, number, from, relation, to, sign, so_far, cells, step, qualifier, disputed, animal, source,
    basis.
    """
    columns = ["path", "number", "from", "relation", "to", "sign", "so_far", "cells"]
    columns += ["step", "qualifier", "disputed", "animal", "source", "basis"]
    rows: list[list[object]] = []
    for place, path in enumerate(paths, 1):
        so_far = 1
        for number, step in enumerate(path.steps, 1):
            so_far *= step["factor"]
            row: list[object] = [
                place,
                number,
                graph.nodes[path.nodes[number - 1]]["label"],
                step["relation"],
            ]
            row += [graph.nodes[path.nodes[number]]["label"], step["sign"], "+" if so_far > 0 else "-"]
            row += [
                _cell_names(graph, cells_of(step)),
                step["step"],
                step.get("qualifier"),
                step.get("disputed"),
                step.get("animal"),
            ]
            rows.append([*row, step.get("cited"), step.get("basis")])
    return Table.of(columns, rows, names=kg.names)


def route(graph: MultiDiGraph, path: Path) -> str:
    """The path as one line: → where a step promotes, ⊣ where it inhibits, – where it is neutral."""
    marks = {"activates": " → ", "inhibits": " ⊣ "}
    text = str(graph.nodes[path.nodes[0]]["short"])
    for node, step in zip(path.nodes[1:], path.steps, strict=True):
        text += marks.get(step["sign"], " – ") + graph.nodes[node]["short"]
    return text


def why_none(
    graph: MultiDiGraph, start: str, end: str, cell: str | None = None, longest: int | None = None
) -> NoAnswer:
    """The error that says that there is no path, and what there is instead."""
    names = [graph.nodes[node]["label"] for node in (start, end)]
    where = f" within {graph.nodes[cell]['label'] if cell in graph else cell}" if cell else ""
    short = f" of at most {longest} steps" if longest else ""
    problem = NoAnswer(f"there is no path{short} from {names[0]} to {names[1]}{where}")
    if start == end:
        problem.cure = "Both ends are the same thing."
    elif (cell or longest) and (others := find_paths(graph, start, end)):
        problem.cure = (
            f"Without that limit there are {len(others)}, the shortest of {len(others[0].steps)} steps."
        )
    elif find_paths(graph, end, start):
        problem.cure = f"There is one the other way, from {names[1]} to {names[0]}."
    else:
        problem.cure = _why_not_reached(graph, start, end)
    return problem


def _why_not_reached(graph: MultiDiGraph, start: str, end: str) -> str:
    """What stands at the end of a path that is not there: a net effect, steps that start there, others."""
    name = graph.nodes[end]["label"]
    into = [*graph.in_edges(end, data=True)]
    out_of = [*graph.out_edges(end, data=True)]
    if direct := sorted(edge["step"] for node, _, edge in into if node == start):
        return f"The effect as a whole is stated, in a step that no path walks: {', '.join(direct)}."
    if not any(edge["walked"] for *_, edge in into + out_of):
        steps = sorted(edge["step"] for *_, edge in into + out_of)
        return f"{name} stands only in steps that no path walks: {', '.join(steps)}."
    if not any(edge["walked"] for *_, edge in into):
        starting = sorted(edge["step"] for *_, edge in out_of if edge["walked"])
        return f"No step leads to {name}; paths start there: {', '.join(starting)}."
    return ""


def node_of(kg: Graph, graph: MultiDiGraph, term: str) -> str:
    """The node that a term names. Raises UnknownName, or UsageError if it is not in the signalling graph."""
    node = kg.names.shorten(kg.resolve(term))
    if node not in graph:
        raise UsageError(
            f"{node} is not in the signalling graph",
            cure="It holds drugs, receptors, proteins, cells, processes and outcomes.",
        )
    return node


def _cell_names(graph: MultiDiGraph, cells: frozenset[str]) -> str:
    return " or ".join(sorted(graph.nodes[cell]["short"] if cell in graph else cell for cell in cells))
