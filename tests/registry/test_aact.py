"""The import has the rows of eight tables of AACT, read from the same records by a reader of their own.

AACT (Clinical Trials Transformation Initiative) is the relational form of ClinicalTrials.gov. Its models name
the field of the record behind each column; the readers below follow these and share no code with the import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from tests.registry.conftest import NUMBERS, RECORDS

Record = dict[str, Any]
Rows = Iterator[tuple[str, ...]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    home = tmp_path_factory.mktemp("aact")
    (home / "data" / "trials").mkdir(parents=True)
    base = '<> <http://rdfs.org/ns/void#uriSpace> "https://example.org/aact/" .'
    (home / "data" / "catalogue.ttl").write_text(base)
    assert main(["--data", str(home), "import", str(RECORDS), "-o", f"{home}/data/trials/", "-q"]) == 0
    return KnowledgeGraph.open(home, engine="memory")


def part(record: Record, *names: str) -> list[Record]:
    """What stands at a path of a record, as a list; empty if it is not there."""
    value: Any = record
    for name in names:
        value = (value or {}).get(name)
    return list(value or [])


def cells(one: Record, *names: str) -> tuple[str, ...]:
    return tuple(str(one.get(name) or "") for name in names)


def studies(record: Record) -> Rows:
    about = record["protocolSection"]["identificationModule"]
    why = record["protocolSection"]["statusModule"].get("whyStopped", "")
    yield (*cells(about, "nctId", "briefTitle", "officialTitle"), why)


def outcomes(record: Record) -> Rows:
    for one in part(record, "resultsSection", "outcomeMeasuresModule", "outcomeMeasures"):
        kind = one["type"].replace("_PRE_SPECIFIED", "").replace("_", "")
        yield (kind, *cells(one, "title", "timeFrame"))


def measurements(measures: list[Record]) -> Rows:
    for measure in measures:
        for group in part(measure, "classes"):
            for category in part(group, "categories"):
                for one in part(category, "measurements"):
                    numbers = cells(one, "value", "spread", "lowerLimit", "upperLimit")
                    yield (*cells(group, "title"), *cells(category, "title"), *numbers)


def outcome_measurements(record: Record) -> Rows:
    yield from measurements(part(record, "resultsSection", "outcomeMeasuresModule", "outcomeMeasures"))


def baseline_measurements(record: Record) -> Rows:
    yield from measurements(part(record, "resultsSection", "baselineCharacteristicsModule", "measures"))


def outcome_analyses(record: Record) -> Rows:
    for outcome in part(record, "resultsSection", "outcomeMeasuresModule", "outcomeMeasures"):
        for one in part(outcome, "analyses"):
            names = "paramType", "paramValue", "pValue", "ciLowerLimit", "ciUpperLimit", "statisticalMethod"
            yield cells(one, *names)


def reported_events(record: Record) -> Rows:
    for kind in ("serious", "other"):
        for event in part(record, "resultsSection", "adverseEventsModule", f"{kind}Events"):
            for one in part(event, "stats"):
                counts = (str(one.get(name, "")) for name in ("numEvents", "numAffected", "numAtRisk"))
                yield (kind, *cells(event, "term", "organSystem"), *counts)


def milestones(record: Record) -> Rows:
    for period in part(record, "resultsSection", "participantFlowModule", "periods"):
        for milestone in part(period, "milestones"):
            for one in part(milestone, "achievements"):
                yield (*cells(period, "title"), *cells(milestone, "type"), *cells(one, "numSubjects"))


def drop_withdrawals(record: Record) -> Rows:
    for period in part(record, "resultsSection", "participantFlowModule", "periods"):
        for drop in part(period, "dropWithdraws"):
            for one in part(drop, "reasons"):
                yield (*cells(period, "title"), *cells(drop, "type"), *cells(one, "numSubjects"))


_NUMBERS = """OPTIONAL { ?r kg:classTitle ?class } OPTIONAL { ?r kg:categoryTitle ?category }
    OPTIONAL { ?r kg:printed ?value } OPTIONAL { ?r kg:dispersionPrinted ?spread }
    OPTIONAL { ?r kg:lowerPrinted|kg:rangeLowerPrinted ?lower }
    OPTIONAL { ?r kg:upperPrinted|kg:rangeUpperPrinted ?upper }"""
_TRIAL = "?r kg:trial/kg:nct {nct} ."

#: The rows of each table: from a record, and from the graph.
TABLES: dict[str, tuple[Callable[[Record], Rows], str]] = {
    "studies": (
        studies,
        """SELECT ?nct ?title ?official ?why { ?r kg:nct {nct} ; kg:nct ?nct ; rdfs:label ?label
            OPTIONAL { ?r skos:altLabel ?other } BIND(COALESCE(?other, ?label) AS ?title)
            OPTIONAL { ?r kg:officialTitle ?official } OPTIONAL { ?r kg:stopReason ?why } }""",
    ),
    "outcomes": (
        outcomes,
        """SELECT ?type ?title ?frame { {trial}
            ?r a kg:TrialEndpoint ; kg:endpointRole ?role ; rdfs:label ?label ; kg:reportingStatus ?status
            FILTER(?status != kg:noResultsPosted) BIND(STRBEFORE(?label, CONCAT(", ", {nct})) AS ?title)
            BIND(REPLACE(STRAFTER(STR(?role), "#"), "Endpoint", "") AS ?type)
            OPTIONAL { ?r kg:timeFrame ?frame } }""",
    ),
    "outcome_measurements": (
        outcome_measurements,
        f"""SELECT ?class ?category ?value ?spread ?lower ?upper {{ {{trial}}
            ?r a kg:Result ; kg:trialEndpoint ?any {_NUMBERS} }}""",
    ),
    "outcome_analyses": (
        outcome_analyses,
        """SELECT ?type ?value ?p ?lower ?upper ?method { {trial} ?r a kg:Contrast
            OPTIONAL { ?r kg:measurePrinted ?type } OPTIONAL { ?r kg:printed ?value }
            OPTIONAL { ?r kg:pPrinted ?p } OPTIONAL { ?r kg:lowerPrinted ?lower }
            OPTIONAL { ?r kg:upperPrinted ?upper } OPTIONAL { ?r kg:method ?method } }""",
    ),
    "reported_events": (
        reported_events,
        """SELECT ?kind ?term ?system ?events ?affected ?risk { {trial}
            ?r a kg:AdverseEventResult ; kg:serious ?serious ; rdfs:label ?label ;
                kg:organSystem ?system ; kg:printed ?affected
            BIND(IF(?serious, "serious", "other") AS ?kind)
            BIND(STRBEFORE(?label, CONCAT(" (", ?kind)) AS ?long) BIND(CONCAT(" (", ?system, ")") AS ?where)
            BIND(IF(STRENDS(?long, ?where), STRBEFORE(?long, ?where), ?long) AS ?term)
            OPTIONAL { ?r kg:eventCount ?events } OPTIONAL { ?r kg:denominator ?risk } }""",
    ),
    "baseline_measurements": (
        baseline_measurements,
        f"""SELECT ?class ?category ?value ?spread ?lower ?upper {{ {{trial}}
            ?r a kg:BaselineMeasurement {_NUMBERS} }}""",
    ),
    "milestones": (
        milestones,
        """SELECT ?period ?milestone ?count { {trial} ?r kg:milestone ?milestone ; kg:printed ?count
            OPTIONAL { ?r kg:period ?period } FILTER NOT EXISTS { ?r kg:dropReason ?why } }""",
    ),
    "drop_withdrawals": (
        drop_withdrawals,
        """SELECT ?period ?why ?count { {trial} ?r kg:dropReason ?why ; kg:printed ?count
            OPTIONAL { ?r kg:period ?period } }""",
    ),
}


def rows_of(kg: KnowledgeGraph, table: str, nct: str) -> Counter[tuple[str, ...]]:
    query = TABLES[table][1].replace("{trial}", _TRIAL).replace("{nct}", f'"{nct}"')
    return Counter(tuple(plain(cell) for cell in row) for row in kg.select(query).cells())


def plain(text: str) -> str:
    """A text without what the import may mend: case and white space."""
    return " ".join(text.lower().split())


@pytest.mark.parametrize("table", TABLES)
def test_the_import_has_the_rows_of_a_table_of_aact(
    table: str, imported: KnowledgeGraph, records: dict[str, Record]
) -> None:
    counted = 0
    for nct in NUMBERS:
        expected = Counter(tuple(map(plain, row)) for row in TABLES[table][0](records[nct]))
        assert rows_of(imported, table, nct) == expected
        counted += expected.total()
    assert counted > 0
