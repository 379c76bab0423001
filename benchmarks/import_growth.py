"""Loading and asking as the number of imported trials grows: which questions stay flat, which grow.

    python benchmarks/import_growth.py [--sizes 10 100 1000 10000] [--rounds 5]

For each size made-up records are imported beside the shipped graph, loaded into a store on disk by this
package and by the native `oxigraph load` (the same file, in turn), and every shipped question is asked: those
that take a trial are asked for one imported trial. Tables give the load of both, the size on disk, and the
median time of each question at each size with its growth from the smallest. Needs the package `oxigraph`.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyoxigraph import RdfFormat, Store
from registry_records import lines

from bempeg_kg import KnowledgeGraph
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import EngineError
from bempeg_kg.registry import Joins
from bempeg_kg.registry.run import import_records

TRIAL = "trial:nct90000006"  # one with results, present at every size
LONGEST = 60.0


def load_ours(path: Path, target: Path) -> float:
    """Seconds to load a file of N-Quads into a new store on disk."""
    began = time.perf_counter()
    store = Store(str(target))
    store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)
    store.flush()
    return time.perf_counter() - began


def load_native(path: Path, target: Path) -> float:
    """The same with the native command line."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    began = time.perf_counter()
    command = [program, "load", "--location", str(target), "--file", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def ask_all(kg: KnowledgeGraph, rounds: int) -> dict[str, float]:
    """Median milliseconds of each question; those that took too long once are not asked again."""
    found = {}
    for question in kg.questions:
        if question.computed or question.live:
            continue
        parameters = {"trial": TRIAL} if any(one.name == "trial" for one in question.parameters) else {}
        taken: list[float] = []
        for _ in range(rounds):
            began = time.perf_counter()
            try:
                kg.ask(question.name, **parameters)
            except EngineError:
                break
            taken.append((time.perf_counter() - began) * 1000)
            if taken[-1] > LONGEST * 1000:
                break
        found[question.name + (" (one trial)" if parameters else "")] = statistics.median(
            taken or [float("nan")]
        )
    return found


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    shipped = KnowledgeGraph.open(engine="memory")
    times: dict[str, list[float]] = {}
    print("| trials | statements | ours | native | native / ours | MB on disk |\n|" + " --- |" * 6)
    for size in args.sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, taken in one_size(Path(folder), size, args.rounds, shipped).items():
                times.setdefault(name, []).append(taken)
    heads = " | ".join(f"{size:,} trials" for size in args.sizes)
    print(f"\n| question, ms | {heads} | growth |\n|" + " --- |" * (len(args.sizes) + 2))
    for name, found in sorted(times.items(), key=lambda item: -item[1][-1] / item[1][0]):
        cells = " | ".join(f"{one:.1f}" for one in found)
        print(f"| {name} | {cells} | {found[-1] / found[0]:.1f} |")


def one_size(folder: Path, size: int, rounds: int, shipped: KnowledgeGraph) -> dict[str, float]:
    """Import, load twice, ask."""
    source, nquads = folder / "in.jsonl", folder / "out.nq"
    with source.open("wb") as stream:
        stream.writelines(lines(size))
    joins = Joins.of_engine(shipped.engine, shipped.names.base)
    report = import_records([str(source)], str(nquads), "nq", joins, processes=2)
    source.unlink()
    native, ours = load_native(nquads, folder / "native"), load_ours(nquads, folder / "ours")
    shutil.rmtree(folder / "native")
    disk = sum(path.stat().st_size for path in (folder / "ours").rglob("*")) / 1e6
    cells = (
        f"{size:,}",
        f"{report.statements:,}",
        f"{ours:.2f} s",
        f"{native:.2f} s",
        f"{native / ours:.2f}",
    )
    print(f"| {' | '.join(cells)} | {disk:.0f} |", flush=True)
    store = Store(str(folder / "ours"))
    store.bulk_extend(shipped.quads())
    store.flush()
    del store
    store = Store.read_only(str(folder / "ours"))
    return ask_all(KnowledgeGraph(shipped.content, Embedded(store, shipped.names)), rounds)


if __name__ == "__main__":
    main()
