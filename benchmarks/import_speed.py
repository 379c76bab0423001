"""How fast records become statements: the importer against parsing alone, and against plain rdflib.

    python benchmarks/import_speed.py [--sizes 10 100 1000 10000] [--rounds 3]

For each number of made-up records (`registry_records.py`) all contenders run in turn within each round, so
that a busy machine slows all alike; the best round of each is compared. The floor is `orjson.loads` over the
same lines, and `json.loads` beside it. `rdflib` builds a graph of the same triples and writes N-Quads; it
stops at 1,000 records. Processor time is given besides, for it depends less on what else the machine does.
Memory is the peak of the largest process, disk the output.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import orjson
from registry_records import lines

from bempeg_kg.registry import Joins, map_record
from bempeg_kg.registry.run import import_records

RDFLIB_LIMIT = 1_000
_HEADS = (
    "records", "MB in", "json", "orjson", "1 process", "2 processes", "orjson / 2 processes",
    "CPU, 1 process / orjson", "CPU, rdflib / 1 process", "statements a second, 2 processes",
    "MB out", "peak MB",
)  # fmt: skip


class Taken(NamedTuple):
    """Seconds on the wall, and seconds of processor in this process and its children."""

    wall: float
    cpu: float


def processor() -> float:
    """Seconds of processor so far, of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def taken(work: Callable[[], object]) -> Taken:
    """Time of one call."""
    began, before = time.perf_counter(), processor()
    work()
    return Taken(time.perf_counter() - began, processor() - before)


def parse_all(module: object, path: Path) -> None:
    """Parse each line and drop it."""
    loads = module.loads  # type: ignore[attr-defined]
    with path.open("rb") as stream:
        for line in stream:
            loads(line)


def with_rdflib(path: Path, output: Path) -> None:
    """Build the same triples as rdflib terms and write them; the mapping itself is not counted twice."""
    import rdflib

    dataset = rdflib.Dataset()
    with path.open("rb") as stream:
        for line in stream:
            dataset.parse(data=map_record(orjson.loads(line)).body, format="nquads")
    dataset.serialize(str(output), format="nquads")


# The peak of the process itself is read from /proc: what getrusage says outlives the exec of a large parent.
_PEAK = """\
import resource, sys
from bempeg_kg.registry import Joins
from bempeg_kg.registry.run import import_records
import_records([sys.argv[1]], sys.argv[2], "nq", Joins(), processes=2)
own = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def peak_memory(path: Path, output: Path) -> float:
    """Megabytes of the largest process of an import with two workers."""
    command = [sys.executable, "-c", _PEAK, str(path), str(output)]
    return int(subprocess.run(command, check=True, capture_output=True).stdout) / 1024


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    print(f"| {' | '.join(_HEADS)} |\n|" + " --- |" * len(_HEADS))
    with tempfile.TemporaryDirectory() as folder:
        for size in args.sizes:
            print(row(Path(folder), size, args.rounds), flush=True)


def row(folder: Path, size: int, rounds: int) -> str:
    """One line of the table."""
    path, output = folder / "in.jsonl", folder / "out.nq"
    with path.open("wb") as stream:
        stream.writelines(lines(size))
    statements = 0

    def ours(processes: int) -> None:
        nonlocal statements
        report = import_records([str(path)], str(output), "nq", Joins(), processes=processes)
        statements = report.statements

    work: dict[str, Callable[[], object]] = {
        "json": lambda: parse_all(json, path),
        "orjson": lambda: parse_all(orjson, path),
        "one": lambda: ours(1),
        "two": lambda: ours(2),
    }
    if size <= RDFLIB_LIMIT:
        work["rdflib"] = lambda: with_rdflib(path, output)
    best = dict.fromkeys(work, Taken(float("inf"), float("inf")))
    for _ in range(rounds):
        for name, contender in work.items():
            now = taken(contender)
            best[name] = Taken(min(best[name].wall, now.wall), min(best[name].cpu, now.cpu))
    ours(2)
    floor, one, two = best["orjson"], best["one"], best["two"]
    cells = [
        f"{size:,}", f"{path.stat().st_size / 1e6:.1f}",
        f"{best['json'].wall:.3f} s", f"{floor.wall:.3f} s", f"{one.wall:.3f} s", f"{two.wall:.3f} s",
        f"{floor.wall / two.wall:.2f}", f"{one.cpu / floor.cpu:.1f}",
        f"{best['rdflib'].cpu / one.cpu:.1f}" if "rdflib" in best else "", f"{statements / two.wall:,.0f}",
        f"{os.path.getsize(output) / 1e6:.1f}", f"{peak_memory(path, output):.0f}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
