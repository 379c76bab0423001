"""What a folder of registry records costs: import, size, opening, and questions on one trial.

    python benchmarks/registry_folder.py RECORDS [--processes 2]

RECORDS is what `bempeg-kg import` takes. Prints seconds on the wall and of processor, bytes and peak memory;
each step runs in a process of its own, so that the peak is that of the step.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PROGRAMME = ["new", "--base", "https://example.org/measured/"]
_QUESTIONS = ("results", "adverse-events", "treatment-effects", "exact-intervals", "doses")
_LARGEST = "SELECT ?t (COUNT(?r) AS ?n) {?r kg:trial ?t ; a kg:Result} GROUP BY ?t ORDER BY ?n"


def run(*arguments: str, cache: str) -> tuple[float, float, float, str]:
    """Seconds on the wall, of processor, peak MB of a command, and its output. Raises CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bempeg_kg", *arguments],
        check=True, capture_output=True, text=True, env={**os.environ, "BEMPEG_KG_CACHE": cache},
    )  # fmt: skip
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, after.ru_maxrss / 1024, done.stdout


def size_of(path: Path) -> float:
    """Megabytes of a file or of all files in a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files) / 1e6


def main() -> None:
    """Print one line a step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records")
    parser.add_argument("--processes", default="2")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        programme, nquads, cache = Path(folder) / "p", Path(folder) / "x.nq", str(Path(folder) / "cache")
        run(*_PROGRAMME[:1], str(programme), *_PROGRAMME[1:], cache=cache)
        data = ("--data", str(programme))
        trials = programme / "data" / "trials"
        common = ("import", args.records, "--processes", args.processes)

        def step(name: str, *arguments: str, written: Path | None = None) -> str:
            wall, used, peak, out = run(*arguments, cache=cache)
            size = f", {size_of(written):.0f} MB written" if written else ""
            print(f"{name}: {wall:.1f} s, {used:.1f} s of processor, largest peak so far {peak:.0f} MB{size}")
            return out

        step("import to N-Quads", *data, *common, "-o", str(nquads), written=nquads)
        nquads.unlink()
        step("import to a folder", *data, *common, "-o", f"{trials}/", written=trials)
        step("first opening", *data, "stats")
        step("next opening", *data, "ask", "stopped-trials", written=Path(cache))
        listed = step("largest trial", *data, "query", _LARGEST, "--format", "tsv").splitlines()[1:]
        for name, line in (("median", listed[len(listed) // 2]), ("largest", listed[-1])):
            trial = line.split("\t")[0].strip("<>")
            for question in _QUESTIONS:
                step(
                    f"{question} of the {name} trial",
                    *data,
                    "ask",
                    question,
                    "--trial",
                    trial,
                    "--format",
                    "tsv",
                )


if __name__ == "__main__":
    main()
