"""What a folder of registry records costs: import, opening, questions, plots, pages, check and server.

    python benchmarks/registry_folder.py RECORDS [--processes 2]
    python benchmarks/registry_folder.py --folder PROGRAMME

RECORDS is what `bempeg-kg import` takes; --folder measures one that is imported already, in the usual cache.
Prints rows of a Markdown table: seconds on the wall, seconds of processor, peak memory in MB. Each command
runs in a process of its own. The figures of docs/performance.md are from here.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from http_server import free_port, tree

_PROGRAMME = ["new", "--base", "https://example.org/measured/"]
_QUESTIONS = (
    "results", "adverse-events", "treatment-effects", "single-source-facts", "exact-intervals", "agreement",
    "how-certain", "impossible-numbers", "event-differences", "safety-intervals",
)  # fmt: skip
#: The commands of docs/registry.md on many trials, and others without a trial.
_MANY = (
    ("ask", "randomised-responses", "--condition", "neoplasms"),
    ("ask", "futility-or-safety-stops"),
    ("ask", "hazard-ratios", "--measured", "os"),
    ("ask", "hazard-ratios", "--condition", "heart failure"),
    ("ask", "primary-results", "--condition", "diabetes"),
    ("ask", "candidate-signal-pairs"),
    ("ask", "reporting-delays"),
    ("plot", "responses", "--condition", "neoplasms"),
    ("plot", "hazard-ratios", "--measured", "os"),
    ("report", "coverage"),
)
_LARGEST = "SELECT ?t (COUNT(?r) AS ?n) {?r kg:trial ?t ; a kg:Result} GROUP BY ?t ORDER BY ?n ?t"


def step(name: str, *arguments: str, cache: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run a command, print a row on it, and return its output. Raises RuntimeError for another exit code."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "bempeg_kg", *arguments], stdout=out, stderr=errors,
            env={**os.environ, **({"BEMPEG_KG_CACHE": cache} if cache else {})},
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in codes:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {process.returncode}\n{errors.read()}")
        row(name, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
        return out.read()


def row(name: str, wall: float, processor: float | None, memory: float | None) -> None:
    """Print a row of the table."""
    cells = (f"{wall:.1f}", "" if processor is None else f"{processor:.1f}", f"{memory or 0:.0f}")
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def imported(records: str, processes: str, folder: Path) -> tuple[str, str]:
    """Import records and open them; the programme's folder and its cache."""
    programme, cache = folder / "p", str(folder / "cache")
    data = ("--data", str(programme))
    step("new programme", *_PROGRAMME[:1], str(programme), *_PROGRAMME[1:], cache=cache)
    trials = f"{programme / 'data' / 'trials'}/"
    step("import", *data, "import", records, "--processes", processes, "-o", trials, cache=cache)
    step("first opening", *data, "query", "ASK { ?s a kg:Trial }", cache=cache)
    return str(programme), cache


def asked(folder: str, cache: str) -> None:
    """Questions, plots, check and server of an imported folder."""
    data = ("--data", folder)
    step("second opening", *data, "query", "ASK { ?s a kg:Trial }", cache=cache)
    listed = step("results by trial", *data, "query", _LARGEST, "--format", "tsv", cache=cache)
    slugs = [line.split("\t")[0].strip("<>").rpartition("/")[2] for line in listed.splitlines()[1:]]
    trials = {"median": slugs[len(slugs) // 2], "largest": slugs[-1]}
    for name, trial in trials.items():
        step(f"`show`, the {name} trial", *data, "show", f"trial:{trial}", cache=cache)
        for question in _QUESTIONS:
            ask = (*data, "ask", question, "--trial", trial)
            step(f"`{question}`, the {name} trial", *ask, cache=cache, codes=(0, 1))
        plot = (*data, "plot", "safety", "--trial", trial)
        step(f"`plot safety`, the {name} trial", *plot, cache=cache, codes=(0, 1, 2))
    for command in _MANY:
        step(f"`{' '.join(command)}`", *data, *command, cache=cache, codes=(0, 1))
    for command in (("results", "--trial", "nct0"), ("treatment-effects",), ("single-source-facts",)):
        step(f"`ask {' '.join(command)}`, refused", *data, "ask", *command, cache=cache, codes=(2,))
    step("`check`", *data, "check", cache=cache, codes=(0, 1))
    served(data, list(trials.values()), cache)


def served(data: tuple[str, ...], trials: list[str], cache: str) -> None:
    """Time until a server answers, its pages twice, and its largest process."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bempeg_kg", *data, "serve", "--port", str(port), "--no-log"],
        env={**os.environ, **({"BEMPEG_KG_CACHE": cache} if cache else {})},
    )  # fmt: skip
    try:
        while True:
            try:
                read(f"{address}/healthz")
                break
            except OSError:
                time.sleep(0.1)
        row("`serve`, ready", time.perf_counter() - began, None, largest(process.pid))
        for path in ("", *(f"trial/{trial}" for trial in trials), *(f"trial/{trial}" for trial in trials)):
            began = time.perf_counter()
            read(f"{address}/{path}")
            row(f"page `/{path}`", time.perf_counter() - began, None, largest(process.pid))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def read(address: str) -> bytes:
    """The body behind an address. Raises OSError."""
    with urllib.request.urlopen(address, timeout=120) as answer:
        body: bytes = answer.read()
        return body


def largest(process: int) -> float:
    """MB of the largest process of a server."""
    used = [0]
    for one in tree(process):
        with suppress(OSError, IndexError):  # it has ended
            status = Path(f"/proc/{one}/status").read_text()
            used.append(int(status.partition("VmRSS:")[2].split()[0]))
    return max(used) / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="?")
    parser.add_argument("--processes", default="2")
    parser.add_argument("--folder", help="a programme with imported trials, in place of RECORDS")
    args = parser.parse_args()
    if not (args.folder or args.records):
        parser.error("give RECORDS or --folder")
    print(f"Load at the start: {os.getloadavg()[0]:.1f}\n")
    print("| step | s | s of processor | MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        asked(*((args.folder, "") if args.folder else imported(args.records, args.processes, Path(folder))))


if __name__ == "__main__":
    main()
