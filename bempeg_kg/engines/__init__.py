"""Engines that answer SPARQL over the graph, behind one small protocol.

`Embedded` is Oxigraph in memory or on a read-only snapshot on disk; `Rdflib` is the second opinion;
`Remote` speaks SPARQL 1.1 over HTTP to whatever store is there. In each the default graph is the union of
all graphs.
"""
