"""Is a class above an entity better walked or written down? Run: python benchmarks/closure.py [NUMBER]

Asks the engine on disk, read-only, which entities a class subsumes, by the property path and by `kg:kindOf`,
alone and joined with what trials recruit for; then the same with NUMBER statements more about trials.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from pyoxigraph import Literal, NamedNode, Quad, Store

from bempeg_kg import KnowledgeGraph
from bempeg_kg.engines.embedded import Embedded

PATH = "?entity skos:exactMatch|skos:broadMatch ?linked . ?linked rdfs:subClassOf* {}"
WRITTEN = "?entity kg:kindOf {}"
ALONE = "SELECT DISTINCT ?entity {{ {} }}"
JOINED = "SELECT (COUNT(*) AS ?n) {{ ?trial kg:condition ?entity . {} }}"
CLASSES = ("CL:0000542", "MONDO:0005070", "MONDO:0004993", "mesh:D018121", "GO:0008150")


def more(kg: KnowledgeGraph, number: int) -> Iterator[Quad]:
    """Statements about made-up trials that recruit for the diseases of the graph, ten each."""
    diseases = [NamedNode(row["d"]) for row in kg.select("SELECT ?d { ?d a kg:Disease } ORDER BY ?d")]
    condition = NamedNode(kg.names.expand("kg:condition"))
    for trial in range(number // 10):
        node = NamedNode(f"https://example.org/trial/{trial}")
        yield Quad(node, condition, diseases[trial % len(diseases)])
        for place in range(9):
            yield Quad(node, NamedNode(f"https://example.org/p{place}"), Literal(trial + place))


def timed(engine: Embedded, query: str, times: int) -> float:
    """Median of some runs, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = perf_counter()
        engine.query(query)
        taken.append(1000 * (perf_counter() - begun))
    return median(taken)


def main(number: int) -> None:
    """Print one line a class and form of question."""
    kg = KnowledgeGraph.open(engine="memory")
    for added in (0, number) if number else (0,):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(folder)
            store.bulk_extend(kg.quads())
            store.bulk_extend(more(kg, added))
            store.optimize()
            del store
            engine = Embedded(Store.read_only(folder), kg.names)
            for name in CLASSES:
                for form, times in ((ALONE, 15), (JOINED, 3)):
                    if form is JOINED and not name.startswith("MONDO"):
                        continue
                    walked = timed(engine, form.format(PATH.format(name)), times)
                    written = timed(engine, form.format(WRITTEN.format(name)), times)
                    what = "joined" if form is JOINED else "alone"
                    print(
                        f"+{added:>9,}  {name:15} {what:6}  path {walked:10.2f} ms  kindOf {written:8.2f} ms"
                    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
