"""From a cold shell to the first answer: `bempeg-kg` against doing nothing, native Oxigraph, and rdflib.

    python benchmarks/cold_start.py [--rounds 20]

Each round starts every contender once, in turn, so that a busy machine slows all alike; medians are compared.
The contenders answer the same question from the same content: `python -c pass` (the floor), `bempeg-kg ask`
and `bempeg-kg query` on their snapshot, the native `oxigraph query` on a store of the same statements, and a
script that parses the same files with rdflib. Needs the package `oxigraph`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bempeg_kg import Content
from bempeg_kg.content.load import load_quads

QUESTION = "programme-trials"
RDFLIB = """\
import sys, rdflib
graph = rdflib.Graph()
for path in sys.argv[2:]:
    graph.parse(path)
for row in graph.query(open(sys.argv[1]).read()):
    print(*row, sep="\\t")
"""
SLOWER, FASTER = 3, 15


def contenders(folder: Path) -> dict[str, list[str]]:
    """Command lines, with what they need laid out in a folder."""
    content = Content.find()
    question = next(file for file in content.queries() if file.name == f"queries/{QUESTION}.rq")
    native = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    store, dump = folder / "store", folder / "all.nq"
    dump.write_bytes("".join(f"{quad} .\n" for quad in load_quads(content)).encode())
    subprocess.run([native, "load", "-l", store, "-f", dump], check=True, capture_output=True)
    subprocess.run([native, "optimize", "-l", store], check=True, capture_output=True)
    script = folder / "with_rdflib.py"
    script.write_text(RDFLIB)
    files = [file.path for file in content.files()]
    own = shutil.which("bempeg-kg", path=str(Path(sys.executable).parent)) or "bempeg-kg"
    union = ["--union-default-graph", "--results-format", "tsv"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "oxigraph query": [native, "query", "-l", str(store), "--query-file", question.path, *union],
        "ask": [own, "ask", QUESTION, "--format", "tsv"],
        "query": [own, "query", question.path, "--format", "tsv"],
        "rdflib": [sys.executable, str(script), question.path, *files],
    }


def once(command: list[str]) -> float:
    """Seconds from start to end of a process; it must succeed and answer."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=True)
    spent = time.perf_counter() - began
    if command[1] != "-c" and done.stdout.count(b"\n") < 2:
        raise SystemExit(f"{command[0]} gave no answer")
    return spent


def main() -> None:
    """Measure, and print a table of medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start compiles the modules again
        os.environ["BEMPEG_KG_CACHE"] = str(Path(name) / "cache")
        commands = contenders(Path(name))
        times: dict[str, list[float]] = {key: [] for key in commands}
        for key in ("ask", "query", "oxigraph query"):
            once(commands[key])  # builds the snapshot, warms the file cache
        for turn in range(rounds):
            for key, command in commands.items():
                if key != "rdflib" or turn % 5 == 0:
                    times[key].append(once(command))
    medians = {key: statistics.median(values) for key, values in times.items()}
    print(f"{'contender':16} {'median ms':>10} {'/ pass':>8} {'/ native':>9} {'rdflib / it':>12}")
    floor, native, rdflib = (medians[key] for key in ("python -c pass", "oxigraph query", "rdflib"))
    for key, median in medians.items():
        ratios = f"{median / floor:8.2f} {median / native:9.2f} {rdflib / median:12.1f}"
        print(f"{key:16} {median * 1000:10.1f} {ratios}")
    for key in ("ask", "query"):
        kept = medians[key] <= SLOWER * native and rdflib >= FASTER * medians[key]
        goal = f"at most {SLOWER} x native, at least {FASTER} x faster than rdflib"
        print(f"{key}: {goal}: {'yes' if kept else 'no'}")


if __name__ == "__main__":
    main()
