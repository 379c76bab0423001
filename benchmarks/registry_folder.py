"""What a folder of registry records costs: import, size, opening, questions, plots, pages and search.

    python benchmarks/registry_folder.py RECORDS [--processes 2]
    python benchmarks/registry_folder.py --folder PROGRAMME

RECORDS is what `bempeg-kg import` takes; --folder measures one that is imported already, in the usual cache.
Prints seconds on the wall and of processor, bytes and peak memory; each step runs in a process of its own,
and the peak is the largest of the steps so far.
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
_QUESTIONS = (
    "results", "adverse-events", "treatment-effects", "exact-intervals", "agreement", "how-certain",
    "impossible-numbers", "doses",
)  # fmt: skip
#: The commands of docs/registry.md on many trials.
_MANY = (
    ("ask", "randomised-responses", "--condition", "neoplasms"),
    ("ask", "futility-or-safety-stops"),
    ("ask", "hazard-ratios", "--measured", "os"),
    ("ask", "candidate-signal-pairs"),
    ("ask", "reporting-delays"),
)
#: A page, and a search for a word that is known and for one that is not.
_PAGES = """
import sys, time
from bempeg_kg import KnowledgeGraph
from bempeg_kg.web.pages.pages import Pages
kg = KnowledgeGraph.open(sys.argv[1])
pages = Pages(kg, content="measured")
for slug in sys.argv[2:]:
    began = time.perf_counter()
    page = pages.entity(kg.resolve(slug))
    print(f"page of {slug}: {time.perf_counter() - began:.1f} s, {len(page.html) / 1000:.0f} kB")
for words in ("melanoma", "unheard"):
    began = time.perf_counter()
    pages.search(words, pages.finder.find(words))
    print(f"search for {words}: {time.perf_counter() - began:.1f} s")
"""
_LARGEST = "SELECT ?t (COUNT(?r) AS ?n) {?r kg:trial ?t ; a kg:Result} GROUP BY ?t ORDER BY ?n"


def run(*arguments: str, cache: str, code: int = 0) -> tuple[float, float, float, str]:
    """Seconds on the wall, of processor, peak MB of a command, and its output. Raises RuntimeError.

    `code` is the exit code that it is to have.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    start = [] if arguments[0] == "-c" else ["-m", "bempeg_kg"]
    done = subprocess.run(
        [sys.executable, *start, *arguments], capture_output=True, text=True,
        env={**os.environ, **({"BEMPEG_KG_CACHE": cache} if cache else {})},
    )  # fmt: skip
    if done.returncode != code:
        raise RuntimeError(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, after.ru_maxrss / 1024, done.stdout


def size_of(path: Path) -> float:
    """Megabytes of a file or of all files in a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files) / 1e6


def step(name: str, *arguments: str, cache: str, written: Path | None = None, code: int = 0) -> str:
    """Run a command, print a line on it, and return its output."""
    wall, used, peak, out = run(*arguments, cache=cache, code=code)
    size = f", {size_of(written):.0f} MB written" if written else ""
    print(
        f"{name}: {wall:.1f} s, {used:.1f} s of processor, largest peak so far {peak:.0f} MB{size}",
        flush=True,
    )
    return out


def imported(records: str, processes: str, folder: Path) -> tuple[str, str]:
    """Import records and open them; the programme's folder and its cache."""
    programme, nquads, cache = folder / "p", folder / "x.nq", str(folder / "cache")
    run(*_PROGRAMME[:1], str(programme), *_PROGRAMME[1:], cache=cache)
    data = ("--data", str(programme))
    trials = programme / "data" / "trials"
    common = (*data, "import", records, "--processes", processes)
    step("import to N-Quads", *common, "-o", str(nquads), cache=cache, written=nquads)
    nquads.unlink()
    step("import to a folder", *common, "-o", f"{trials}/", cache=cache, written=trials)
    step("first opening", *data, "stats", cache=cache)
    step("next opening", *data, "ask", "stopped-trials", cache=cache, written=Path(cache))
    return str(programme), cache


def asked(folder: str, cache: str) -> None:
    """Questions, plots and pages of an imported folder."""
    data = ("--data", folder)
    listed = step("largest trial", *data, "query", _LARGEST, "--format", "tsv", cache=cache).splitlines()[1:]
    trials = {
        name: line.split("\t")[0].strip("<>").rpartition("/")[2]
        for name, line in (("median", listed[len(listed) // 2]), ("largest", listed[-1]))
    }
    for name, trial in trials.items():
        for question in _QUESTIONS:
            ask = (*data, "ask", question, "--trial", trial, "--format", "tsv")
            step(f"{question} of the {name} trial", *ask, cache=cache)
    step(
        "plot safety of the largest trial", *data, "plot", "safety", "--trial", trials["largest"], cache=cache
    )
    for command in _MANY:
        step(" ".join(command), *data, *command, cache=cache)
    step("adverse-events of all trials, refused", *data, "ask", "adverse-events", cache=cache, code=2)
    print(step("pages", "-c", _PAGES, folder, *trials.values(), cache=cache), end="")


def main() -> None:
    """Print one line a step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="?")
    parser.add_argument("--processes", default="2")
    parser.add_argument("--folder", help="a programme with imported trials, in place of RECORDS")
    args = parser.parse_args()
    if args.folder:
        asked(args.folder, "")
    elif args.records:
        with tempfile.TemporaryDirectory() as folder:
            asked(*imported(args.records, args.processes, Path(folder)))
    else:
        parser.error("give RECORDS or --folder")


if __name__ == "__main__":
    main()
