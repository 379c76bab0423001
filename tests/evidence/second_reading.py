"""Draw values of the signal pairs for a second reader: `python -m tests.evidence.second_reading SEED COUNT`.

Prints entity, number, counts, limits and source as a table; docs/signals-second-reading.tsv is what a reader
made of the first draw, seed 20261128, 40 values.
"""

from __future__ import annotations

import csv
import random
import sys

from bempeg_kg import KnowledgeGraph

#: the values that the answers about pairs rest on: both ends, the later control, the later comparisons
DRAWN = """
SELECT DISTINCT ?entity ?printed ?n ?total ?lower ?upper ?url WHERE {
  ?pair a kg:SignalPair ; ?end ?entity .
  FILTER(?end IN (kg:earlyResult, kg:lateResult, kg:lateControlResult, kg:lateContrast))
  ?entity kg:printed ?printed ; kg:source ?source .
  FILTER NOT EXISTS { ?entity kg:percentBasis kg:derived }
  OPTIONAL { ?source kg:url ?url }
  OPTIONAL { ?entity kg:numerator ?n } OPTIONAL { ?entity kg:denominator ?total }
  OPTIONAL { ?entity kg:lowerPrinted ?lower ; kg:upperPrinted ?upper }
} ORDER BY ?entity ?url
"""
COLUMNS = ("entity", "printed", "n", "N", "lower", "upper", "source")


def values(kg: KnowledgeGraph) -> dict[str, list[str]]:
    """The row of each entity, by its short IRI."""
    rows: dict[str, list[str]] = {}
    for row in kg.select(DRAWN):
        cells = [row[name] for name in ("printed", "n", "total", "lower", "upper", "url")]
        entity = kg.names.shorten(str(row["entity"]))
        rows.setdefault(entity, ["" if cell is None else str(cell) for cell in cells])
    return rows


def main(seed: int, count: int) -> None:
    rows = values(KnowledgeGraph.open(signals=True))
    write = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n").writerow
    write(COLUMNS)
    for entity in random.Random(seed).sample(sorted(rows), count):
        write([entity, *rows[entity]])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
