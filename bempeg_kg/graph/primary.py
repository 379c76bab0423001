"""What the primary endpoints of a registry's trial showed: comparisons, else the values of each group."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.primary_words import chief_title, comparison, natural, pair_of, test_of, value_of
from bempeg_kg.rdf.table import Table

#: Characters of a finding, comparisons of one endpoint, and groups of one value that it tells at most.
LONGEST, _COMPARISONS, _GROUPS = 480, 3, 4
#: Primary endpoints without a comparison whose values are read.
_ENDPOINTS = 3
#: Comparisons and results that are read to choose among.
_READ = 300
_PRIMARY = """SELECT DISTINCT ?e ?words ?status ?s ?compares ?place {
    ?e kg:trial <%s> ; kg:endpointRole kg:primaryEndpoint ; rdfs:label ?words
    OPTIONAL { ?e kg:reportingStatus/rdfs:label ?status }
    OPTIONAL { ?e kg:orderInRecord ?listed } BIND(COALESCE(?listed, 0) AS ?place)
    OPTIONAL { ?s kg:trialEndpoint ?e BIND(EXISTS { ?s a kg:Contrast } AS ?compares) } }
    ORDER BY ?place ?words ?e ?s"""
_CONTRASTS = """SELECT ?contrast ?e ?compared ?reference ?groups ?measure ?value ?unit ?first ?second
    ?valueUnit ?level ?lower ?upper ?p ?pKind ?method ?hypothesis ?comment ?source ?basis {
    VALUES ?contrast { %s } ?contrast kg:trialEndpoint ?e .
    OPTIONAL { ?contrast kg:comparedGroup/kg:shortLabel ?compared }
    OPTIONAL { ?contrast kg:referenceGroup/kg:shortLabel ?reference }
    OPTIONAL { ?contrast kg:comparedResult/kg:printed ?first }
    OPTIONAL { ?contrast kg:referenceResult/kg:printed ?second }
    OPTIONAL { ?contrast kg:referenceResult/kg:unit/rdfs:label ?valueUnit }
    OPTIONAL { ?contrast kg:groupsPrinted ?groups } OPTIONAL { ?contrast kg:printed ?value }
    OPTIONAL { ?contrast kg:measure/rdfs:label ?measure } OPTIONAL { ?contrast kg:unit/rdfs:label ?unit }
    OPTIONAL { ?contrast kg:level ?l BIND(STR(?l) AS ?level) }
    OPTIONAL { ?contrast kg:lowerPrinted ?lower } OPTIONAL { ?contrast kg:upperPrinted ?upper }
    OPTIONAL { ?contrast kg:pPrinted ?p } OPTIONAL { ?contrast kg:pKind/rdfs:label ?pKind }
    OPTIONAL { ?contrast kg:method ?method } OPTIONAL { ?contrast kg:comment ?comment }
    OPTIONAL { ?contrast kg:hypothesisType/rdfs:label ?hypothesis }
    OPTIONAL { ?contrast kg:source ?source } OPTIONAL { ?contrast kg:basis/rdfs:label ?basis } }
    ORDER BY ?contrast ?compared ?first"""
_RESULTS = """SELECT ?result ?group ?class ?category ?statistic ?value ?number ?status ?comment ?unit ?n ?N
    ?size ?spreadType ?spread ?from ?to ?level ?lower ?upper ?source ?basis {
    VALUES ?result { %s } OPTIONAL { ?result kg:group ?g OPTIONAL { ?g kg:shortLabel ?group } }
    OPTIONAL { ?result kg:value ?number FILTER(ISNUMERIC(?number)) }
    OPTIONAL { ?result kg:classTitle ?class } OPTIONAL { ?result kg:categoryTitle ?category }
    OPTIONAL { ?result kg:statistic/rdfs:label ?statistic } OPTIONAL { ?result kg:unit/rdfs:label ?unit }
    OPTIONAL { ?result kg:printed ?value } OPTIONAL { ?result kg:valueStatus/rdfs:label ?status }
    OPTIONAL { ?result kg:comment ?comment } OPTIONAL { ?result kg:numerator ?n }
    OPTIONAL { ?result kg:denominatorShown ?N } OPTIONAL { ?result kg:analysisSet/kg:size ?size }
    OPTIONAL { ?result kg:dispersionTypePrinted ?spreadType }
    OPTIONAL { ?result kg:dispersionPrinted ?spread }
    OPTIONAL { ?result kg:rangeLowerPrinted ?from } OPTIONAL { ?result kg:rangeUpperPrinted ?to }
    OPTIONAL { ?result kg:level ?l BIND(STR(?l) AS ?level) }
    OPTIONAL { ?result kg:lowerPrinted ?lower } OPTIONAL { ?result kg:upperPrinted ?upper }
    OPTIONAL { ?result kg:source ?source } OPTIONAL { ?result kg:basis/rdfs:label ?basis } }
    ORDER BY ?group ?class ?category ?result"""
_NONE = "no results posted"


class Endpoint:
    """A primary endpoint in the words of its record, and what the record posts for it."""

    __slots__ = ("compared", "iri", "measured", "status", "words")

    def __init__(self, iri: str, words: str, status: str) -> None:
        self.iri = iri
        self.words = words
        #: whether and how it was reported
        self.status = status
        self.compared: list[str] = []
        self.measured: list[str] = []


class Finding(NamedTuple):
    """What the primary endpoints of a trial showed, and the statements that it tells."""

    sentence: str
    #: column `contrast` or `result`, then source and basis; no rows where nothing was posted
    table: Table


def primary_finding(kg: Asked, trial: str) -> Finding | None:
    """What the primary endpoints of a trial showed, as its record posts it.

    None for a trial whose results do not name the outcome of a record, and for one without any.
    """
    endpoints = _endpoints(kg, trial)
    reported = [one for one in endpoints if one.status not in ("", _NONE)]
    if any(one.compared for one in endpoints):
        return _comparisons(kg, [one for one in endpoints if one.compared], len(endpoints))
    if any(one.measured for one in endpoints):
        return _values(kg, [one for one in endpoints if one.measured], len(endpoints))
    if not reported:
        return None
    first = f"{_lead(len(endpoints))}, {reported[0].words}: {reported[0].status}."
    return Finding(first, Table([], [], names=kg.names))


def _endpoints(kg: Asked, trial: str) -> list[Endpoint]:
    """The primary endpoints of a trial as its record lists them, else by their words."""
    found: dict[str, Endpoint] = {}
    for row in kg.select(_PRIMARY % trial):
        words = re.sub(r", NCT\d{8}(?: \(\d+\))?$", "", str(row["words"])).rstrip(".")
        one = found.setdefault(row["e"], Endpoint(row["e"], words, str(row["status"] or "")))
        if row["s"]:
            (one.compared if row["compares"] else one.measured).append(row["s"])
    return list(found.values())


def _lead(count: int) -> str:
    return "Primary endpoint" if count == 1 else f"One of {count} primary endpoints"


def _read(kg: Asked, query: str, iris: Sequence[str]) -> Table:
    return kg.select(query % " ".join(f"<{iri}>" for iri in iris[:_READ]))


def _comparisons(kg: Asked, endpoints: Sequence[Endpoint], count: int) -> Finding:
    """The comparisons of the primary endpoints that have such, those with an estimate first."""
    table = _read(kg, _CONTRASTS, [iri for one in endpoints for iri in one.compared])
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for row in table:
        kept = rows.setdefault(row["e"], {}).setdefault(row["contrast"], {**row, "several": {}})
        kept["several"][row["compared"]] = None
        kept["compared"] = " and ".join(filter(None, kept["several"]))
        if row["first"] != kept["first"]:  # it has several compared results, and none is that of all
            kept["first"] = None
    told = [(one, _merged(rows.get(one.iri, {}).values())) for one in endpoints]
    told.sort(key=lambda item: min(map(_rank, item[1]), default=9))
    parts = (f"{one.words}: {_compared(one, merged)}" for one, merged in told)
    return Finding(_joined(parts, count), table.picked(["contrast", "source", "basis"]))


def _joined(parts: Iterable[str], count: int) -> str:
    """What endpoints showed, as many as there is room for, and at least one."""
    sentences: list[str] = []
    for part in parts:
        lead = "Another" if sentences else _lead(count)
        if sentences and sum(map(len, sentences)) + len(part) > LONGEST:
            break
        sentences.append(f"{lead}, {part}.")
    return " ".join(sentences)


def _compared(endpoint: Endpoint, rows: Sequence[Mapping[str, Any]]) -> str:
    """The comparisons of an endpoint, and how many more there are; p-values alone only beside no estimate."""
    shown = [row for row in rows if row["value"] or not rows[0]["value"]][:_COMPARISONS]
    left = len(endpoint.compared) - sum(len(row["tests"]) for row in shown)
    pairs = Counter(map(pair_of, shown))
    told = [comparison(row, pairs[pair_of(row)] > 1) for row in shown]
    clauses = [*told, *([f"and {_number(left, 'more comparison')}"] if left else [])]
    return "; ".join(clauses)


def _rank(row: Mapping[str, Any]) -> int:
    """Comparisons with an estimate come before those with a p-value alone."""
    return 0 if row["value"] else 1 if row["p"] else 2


def _merged(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The comparisons of an endpoint, once each where several tests were made of one estimate."""
    merged: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        same = [row[name] for name in ("reference", "groups", "measure", "value", "lower", "upper")]
        pair = row["compared"] if row["reference"] else ""
        kept = merged.setdefault(
            (pair, *same, None if row["value"] else row["contrast"]), {**row, "tests": []}
        )
        kept["tests"].append(test_of(row))
    return sorted(merged.values(), key=_rank)


def _values(kg: Asked, endpoints: Sequence[Endpoint], count: int) -> Finding:
    """The values of each group for the first primary endpoints."""
    tables = [_read(kg, _RESULTS, one.measured) for one in endpoints[:_ENDPOINTS]]
    parts = (_measured(one, table) for one, table in zip(endpoints, tables, strict=False))
    told = tables[0].picked(["result", "source", "basis"])
    told.rows = [row for table in tables for row in table.picked(told.columns).rows]
    return Finding(_joined(parts, count), told)


def _measured(endpoint: Endpoint, table: Table) -> str:
    """The values of each group in one class and category of an endpoint's table."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in {row["result"]: row for row in table}.values():
        rows.setdefault((str(row["class"] or ""), str(row["category"] or "")), []).append(row)
    title = chief_title(rows)
    groups = sorted(rows[title], key=lambda row: natural(str(row["group"])))
    clauses = [f"{row['group'] or 'group not stated'} {value_of(row)}" for row in groups[:_GROUPS]]
    left, others = len(groups) - len(clauses), len(endpoint.measured) - len(groups)
    clauses += [f"and {_number(left, 'more group')}"] if left else []
    more = f" ({_number(others, 'more value')} of it)" if others else ""
    where = ", ".join(part for part in title if part)
    return f"{endpoint.words}{f', {where}' if where else ''}: {'; '.join(clauses)}{more}"


def _number(count: int, words: str) -> str:
    return f"{count:,} {words}{'' if count == 1 else 's'}"
