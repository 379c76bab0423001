"""What each trial showed on its primary endpoints: comparisons, else the values of each group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.primary_words import is_number, p_is
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.units import with_unit

_COLUMNS = (
    "trial acronym nct phase endpoint timeFrame shown class category event compared reference rates measure "
    "printed unit n N lower upper level p method hypothesis maturity followUp comment set statement source "
    "locator basis"
).split()
_COMPARED, _VALUES, _NOTHING = "compared", "values of groups", "without results"
_ORDER = (_COMPARED, _VALUES, _NOTHING)
_UNSTATED = "comparison without a stated measure"
_NODES = ("trial", "set", "statement", "source")
#: Statements that are read with one query.
_AT_ONCE = 500

_TRIALS = """SELECT DISTINCT ?trial ?acronym ?nct ?phase {
    %(chosen)s ?trial a kg:Trial ; kg:acronym ?acronym .
    OPTIONAL { ?trial kg:nct ?nct } OPTIONAL { ?trial kg:phase ?phase }
    %(limits)s } ORDER BY ?acronym ?trial"""
_PHASE = "FILTER(BOUND(?phase) && (%s))"
_ENDPOINTS = """SELECT ?trial ?te ?e ?name ?words ?place ?timeFrame ?status ?source ?locator ?basis {
    VALUES ?trial { %s }
    { SELECT ?te ?trial { ?te kg:endpointRole kg:primaryEndpoint ; kg:trial ?trial } }
    ?te kg:endpoint ?e ; rdfs:label ?words .
    OPTIONAL { ?e rdfs:label ?name } OPTIONAL { ?te kg:timeFrame ?timeFrame }
    OPTIONAL { ?te kg:orderInRecord ?listed } BIND(COALESCE(?listed, 0) AS ?place)
    OPTIONAL { ?te kg:reportingStatus ?state OPTIONAL { ?state rdfs:label ?status } }
    OPTIONAL { ?te kg:source ?source } OPTIONAL { ?te kg:locator ?locator }
    OPTIONAL { ?te kg:basis ?b OPTIONAL { ?b rdfs:label ?basis } } }
    ORDER BY ?trial ?place ?words ?te ?source"""
_OF_RECORD = "SELECT ?te ?s { VALUES ?te { %s } ?s kg:trialEndpoint ?te } ORDER BY ?s"
_ALIKE = """SELECT DISTINCT ?trial ?e ?s { VALUES (?trial ?e) { %s } ?s kg:trial ?trial ; kg:endpoint ?e ;
    kg:shown ?shown FILTER NOT EXISTS { ?s kg:trialEndpoint ?other } } ORDER BY ?s"""
_STATEMENTS = """SELECT ?s ?compares ?class ?category ?event ?groups ?group ?comparedGroup ?reference ?measure
    ?printed ?unit ?first ?isOfGroup ?second ?unitOfBoth ?n ?N ?lower ?upper ?level ?p ?pKind ?method
    ?hypothesis ?maturity ?followUp ?comment ?set ?source ?locator ?basis {
    VALUES ?s { %s } ?s kg:trial ?of .
    OPTIONAL { ?s kg:measure ?compares OPTIONAL { ?compares rdfs:label ?cl } }
    OPTIONAL { ?s kg:statistic ?statistic OPTIONAL { ?statistic rdfs:label ?sl } }
    OPTIONAL { ?s kg:classTitle ?class } OPTIONAL { ?s kg:categoryTitle ?category }
    OPTIONAL { ?s kg:groupsPrinted ?groups } OPTIONAL { ?s kg:group ?g OPTIONAL { ?g kg:shortLabel ?group } }
    OPTIONAL { ?s kg:referenceGroup ?referenceGroup OPTIONAL { ?referenceGroup kg:shortLabel ?reference } }
    OPTIONAL { ?s kg:comparedGroup ?cg OPTIONAL { ?cg kg:shortLabel ?comparedGroup } }
    OPTIONAL { ?s kg:comparedResult ?cr
        OPTIONAL { ?cr kg:printed ?first } OPTIONAL { ?cr kg:group ?firstGroup } }
    OPTIONAL { ?s kg:referenceResult ?rr OPTIONAL { ?rr kg:printed ?second }
        OPTIONAL { ?rr kg:unit ?ru OPTIONAL { ?ru rdfs:label ?unitOfBoth } } }
    BIND(COALESCE(?firstGroup = ?cg, false) AS ?isOfGroup)
    OPTIONAL { ?s kg:adverseEvent ?ae OPTIONAL { ?ae rdfs:label ?event } }
    OPTIONAL { ?s kg:maturity ?mt OPTIONAL { ?mt rdfs:label ?maturity } }
    OPTIONAL { ?s kg:followUpPrinted ?followUp } OPTIONAL { ?s kg:comment ?comment }
    OPTIONAL { ?s kg:shown ?printed } OPTIONAL { ?s kg:unit ?u OPTIONAL { ?u rdfs:label ?unit } }
    OPTIONAL { ?s kg:numerator ?n } OPTIONAL { ?s kg:denominatorShown ?total }
    OPTIONAL { ?s kg:lowerPrinted ?lower } OPTIONAL { ?s kg:upperPrinted ?upper }
    OPTIONAL { ?s kg:level ?level } OPTIONAL { ?s kg:pPrinted ?p }
    OPTIONAL { ?s kg:pKind ?pk OPTIONAL { ?pk rdfs:label ?pKind } } OPTIONAL { ?s kg:method ?method }
    OPTIONAL { ?s kg:hypothesisType ?hy OPTIONAL { ?hy rdfs:label ?hypothesis } }
    OPTIONAL { ?s kg:analysisSet ?set OPTIONAL { ?set kg:size ?size } }
    # A registry gives the size of the set alone; a denominator that is said to be missing is another matter.
    OPTIONAL { ?s kg:denominatorStatus ?missing }
    BIND(COALESCE(?total, IF(BOUND(?missing) || BOUND(?compares), ?none, STR(?size))) AS ?N)
    OPTIONAL { ?s kg:source ?source } OPTIONAL { ?s kg:locator ?locator }
    OPTIONAL { ?s kg:basis ?b OPTIONAL { ?b rdfs:label ?basis } }
    BIND(STR(COALESCE(?cl, ?sl)) AS ?measure) } ORDER BY ?s ?comparedGroup ?source DESC(?isOfGroup) ?first"""
_AFTER_TITLE = re.compile(r", NCT\d{8}(?: \(\d+\))?$")

Row = dict[str, Any]


def primary_results(
    kg: Graph,
    trial: str | list[str] | None = None,
    condition: str | list[str] | None = None,
    phase: str | list[str] | None = None,
    drug: str | list[str] | None = None,
) -> Table:
    """Comparisons of the primary endpoints, values by group where there is none, and what has no results.

    Columns: trial, acronym, nct, phase, endpoint (in the words of a record), timeFrame, shown (compared,
    values of groups, without results), class, category, event, compared (the group), reference, rates (values
    of both groups), measure (or statistic), printed, unit, n, N (or the size of the set), lower and upper
    (as printed), level (percent), p, method, hypothesis, maturity, followUp, comment, set, statement, source,
    locator, basis. Comparisons come first, then values, then endpoints without results; those of a trial as
    its record lists its endpoints. Several values of a parameter mean any of them.
    """
    trials = _trials(kg, _listed(trial), _listed(condition), _listed(phase), _listed(drug))
    endpoints = _endpoints(kg, trials)
    statements = _described(kg, {iri for one in endpoints for iri in one["statements"]})
    rows = [
        {**trials[one["trial"]], "timeFrame": one["timeFrame"], "place": one["place"], **row}
        for one in endpoints
        for row in _rows(one, str(trials[one["trial"]]["acronym"]), statements)
    ]
    order = {iri: place for place, iri in enumerate(trials)}
    rows.sort(
        key=lambda row: (
            _ORDER.index(row["shown"]),
            order[row["trial"]],
            row["place"],
            row["endpoint"],
            _is_interim(row),
        )
    )
    cells = [tuple(_cell(name, row.get(name)) for name in _COLUMNS) for row in rows]
    # A comparison without a reference has several compared groups and is one row.
    return Table.of(_COLUMNS, dict.fromkeys(cells), names=kg.names)


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value or ())


def _trials(
    kg: Graph, trials: list[str], conditions: list[str], phases: list[str], drugs: list[str]
) -> dict[str, Row]:
    """The properties of each trial that is asked for, by acronym."""
    chosen = set(trials) if trials else None
    for kind, texts in (("condition", conditions), ("drug", drugs)):
        if texts:
            named = {trial for text in texts for trial in named_trials(kg, kind).trials(text)}
            chosen = named if chosen is None else chosen & named
    listed = " ".join(f"<{iri}>" for iri in sorted(chosen or ()))
    numbers = " || ".join(f"CONTAINS(?phase, {Literal(phase)})" for phase in phases)
    limits = _PHASE % numbers if phases else ""
    rows: dict[str, Row] = {}
    if chosen is not None and not chosen:
        return rows
    values = "" if chosen is None else f"VALUES ?trial {{ {listed} }} "
    for row in kg.select(_TRIALS % {"chosen": values, "limits": limits}):
        rows.setdefault(row["trial"], dict(row))
    return rows


def _endpoints(kg: Graph, trials: Iterable[str]) -> list[Row]:
    """The primary endpoints of some trials with the statements of each, those of a record by its endpoint."""
    found: dict[str, Row] = {}
    for row in _each(kg, _ENDPOINTS, (f"<{trial}>" for trial in trials)):
        found.setdefault(row["te"], {**row, "statements": []})
    for row in _each(kg, _OF_RECORD, (f"<{iri}>" for iri in found)):
        found[row["te"]]["statements"].append(row["s"])
    own = {(one["trial"], one["e"]): one for one in found.values() if not one["status"]}
    for row in _each(kg, _ALIKE, (f"(<{trial}> <{endpoint}>)" for trial, endpoint in own)):
        one = own[row["trial"], row["e"]]
        one["statements"].append(row["s"])
        one["words"] = one["name"]  # two endpoints of a trial can be of one kind
    known = {id(one) for one in own.values()}
    return [
        one
        for one in found.values()
        if one["status"] or id(one) in known or not own[one["trial"], one["e"]]["statements"]
    ]


def _described(kg: Graph, statements: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of each statement: one for each compared group and source."""
    described: dict[str, dict[tuple[object, object], Row]] = {}
    for row in _each(kg, _STATEMENTS, (f"<{iri}>" for iri in sorted(statements))):
        described.setdefault(row["s"], {}).setdefault((row["comparedGroup"], row["source"]), row)
    return {iri: list(rows.values()) for iri, rows in described.items()}


def _each(kg: Graph, query: str, values: Iterable[str]) -> Iterator[Row]:
    """The rows of a query about some values, asked for some at a time."""
    listed = list(dict.fromkeys(values))
    for start in range(0, len(listed), _AT_ONCE):
        yield from map(dict, kg.select(query % " ".join(listed[start : start + _AT_ONCE])))


def _rows(endpoint: Row, acronym: str, statements: dict[str, list[Row]]) -> Iterator[Row]:
    """The comparisons of an endpoint, its values where no comparison has an estimate, or why neither."""
    words = _AFTER_TITLE.sub("", str(endpoint["words"])).removesuffix(f", {acronym}")
    words = words.removesuffix(f", {endpoint['timeFrame']}")
    rows = [row for iri in endpoint["statements"] for row in statements.get(iri, ())]
    if not rows:
        about = {name: endpoint[name] for name in ("source", "locator", "basis")}
        reason = endpoint["status"] or "no result is linked to this endpoint"
        yield {**about, "endpoint": words, "shown": _NOTHING, "printed": reason, "statement": endpoint["te"]}
    compared = [row for row in rows if row["compares"]]
    has_estimate = any(is_number(row["printed"]) for row in compared)
    for row in compared if has_estimate else rows:
        about = {"endpoint": words, "statement": row["s"], "p": _p(row)}
        yield {**row, **_groups(row), **_measure(row), **about}


def _groups(row: Row) -> Row:
    """The group of a value, or the groups that were compared and the values of both."""
    if not row["compares"]:
        return {"shown": _VALUES, "compared": row["group"]}
    if not row["reference"]:
        return {"shown": _COMPARED, "compared": row["groups"]}
    unit = "" if row["unitOfBoth"] in (None, "not stated") else str(row["unitOfBoth"])
    rates = f"{row['first']} v {with_unit(str(row['second']), unit)}"
    is_stated = row["isOfGroup"] and is_number(row["first"]) and is_number(row["second"])
    return {"shown": _COMPARED, "compared": row["comparedGroup"], "rates": rates if is_stated else None}


def _is_interim(row: Row) -> bool:
    return row.get("maturity") == "interim"


def _p(row: Row) -> str | None:
    """A p-value as printed, with what it is of where that is no test for superiority."""
    kind = p_is(row)
    return f"{row['p']} ({kind})" if row["p"] and kind else row["p"]


def _measure(row: Row) -> Row:
    """The measure and unit of a value: a ratio has no unit, and what is unstated is not named."""
    has_value = is_number(row["printed"])
    unit = row["unit"] if has_value and row["unit"] not in ("ratio", "not stated") else None
    if row["measure"] != _UNSTATED:
        return {"measure": row["measure"], "unit": unit}
    if has_value or row["p"]:
        return {"measure": "estimate" if has_value else None, "unit": unit}
    return {"measure": None, "unit": None, "printed": "no estimate or p-value"}


def _cell(name: str, value: object) -> object:
    return NamedNode(str(value)) if value and name in _NODES else value
