"""The same graph in rdflib, as N-Quads, and one answer as a pandas table where pandas is installed."""

from importlib.util import find_spec

import bempeg_kg
from bempeg_kg.rdf.dump import dump

kg = bempeg_kg.open()
dataset = kg.to_rdflib()
print(len(dataset), "statements in rdflib")
print(dump(kg.quads(), "nq", kg.names).decode().split("\n", 1)[0])
if find_spec("pandas"):
    print(kg.ask("programme-trials").to_pandas().head())
