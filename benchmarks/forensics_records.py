"""How fast a bulk file of registry records is judged, and in how much memory.

    python benchmarks/forensics_records.py FILE

Runs `bempeg-kg forensics FILE` in a process of its own; prints records a second and the most memory it held.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from time import perf_counter


def main() -> None:
    """Print the figures."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    start = perf_counter()
    command = [sys.executable, "-m", "bempeg_kg", "forensics", sys.argv[1]]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = perf_counter() - start
    first = made.stdout.partition("\n")[0]
    records = int((re.findall(r"(\d+) registry records", first) or ["0"])[0])
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(first)
    print(f"{records} records in {seconds:.1f} s, {records / seconds:.1f} a second, at most {most:.0f} MB")


if __name__ == "__main__":
    main()
