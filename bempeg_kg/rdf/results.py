"""Reading SPARQL results in JSON back into a table."""

from __future__ import annotations

import pyoxigraph as ox

from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table


def read_table(body: bytes, names: Names) -> Table:
    """The table of a SELECT, or one cell ``answer`` for an ASK."""
    results = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return Table.of(["answer"], [[bool(results)]], names=names)
    columns = [variable.value for variable in results.variables]
    return Table(columns, [tuple(solution) for solution in results], names=names)
