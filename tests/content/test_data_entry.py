"""Data entry, checked against the tables that the data were entered from, where they lie beside the checkout.

The tables are no part of the package. Without them these tests are skipped.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[2]

#: Steps that say something else than the table on purpose, and what differs.
CORRECTED = {
    "M009": "subject of the hindrance is the trimeric receptor, not its subunit",
    "M018": "a CD8+ T cell, not an effector cell alone",
    **dict.fromkeys(("M029", "M030", "M043", "M044", "M046", "M049", "M050"), "member of, not part of"),
    "M074": "the response is about growth; growth does not cause it",
    **dict.fromkeys(("M076", "M077"), "about progression and death, not about response"),
    **dict.fromkeys((f"M{number}" for number in range(176, 183)), "retired: the mapping says the same"),
}
#: Steps that rest on a better source than the one in the table.
BETTER_SOURCE = {"M154", *(f"M{number}" for number in range(156, 163))}
#: Facts of the second table -> first-public date, and the source that says it.
FIRST_PUBLIC = {
    "F019": "ctgov-nct03635983-results",
    "F020": "ctgov-nct02983045-record",
    "F021": "ctgov-nct03729245-results",
    "F022": "meddatax-nct03785925",
    "F023": "ctgov-nct03138889",
    "F024": "ctgov-nct04969861",
    "F026": "diab2023-jco",
    "F027": "siefker2022-eururo",
    "F028": "diab2021-jco",
    "F029": "diab2020-cd",
    "F031": "pivot10-design",
}
#: Facts of the second table -> entities that hold the texts after them.
TEXTS = {
    "F003": ("result:pivot-02-enrolled-machine-reading", "kg:printed", "557"),
    "F011": ("fact:pivot-02-start-date-2019", "kg:printed", "October 2016"),
    "F033": ("trial:pivot-09", "kg:otherIdentifier", "17-214-09"),
    "F034": ("fact:pivot-10-protocol-codes", "kg:printed", "18-214-10"),
    "F035": ("trial:covid-19-study", "kg:startDate", "2020-11-13"),
    "F036": ("fact:propel-planned-cohorts", "kg:statement", "about 58"),
    "F038": ("fact:short-seller-forecast", "kg:statement", "epacadostat"),
}
#: Dose groups of F041 -> the set that has their size.
DOSES = {
    "0.003 q3w": "excel-0-003-q3w-safety-interim",
    "0.006 q3w": "excel-0-006-q3w-safety-interim",
    "0.006 q2w": "excel-0-006-q2w-safety-interim",
    "0.009 q3w": "excel-0-009-q3w-safety-interim",
    "0.012 q3w": "excel-0-012-q3w-safety-interim",
}
#: Facts of the second table -> the result that holds their counts.
COUNTS = {
    "F001": "pivot-02-doublet-expansion-orr-machine-reading",
    "F002": "pivot-02-triplet-orr-machine-reading",
    "F042": "checkmate-067-nivolumab-orr-counts",
    "F045": "keynote-006-pembrolizumab-orr",
    "F046": "keynote-006-ipilimumab-orr",
    "F047": "relativity-047-nivolumab-orr-19-months",
    "F048": "relativity-047-relatlimab-nivolumab-orr-19-months",
}


def _folder() -> Path | None:
    """The folder with the tables, beside the checkout or beside the folder of several checkouts."""
    for above in ROOT.parents[:2]:
        for folder in sorted(above.iterdir()):
            if (folder / "evidence" / "clinical.tsv").is_file():
                return folder
    return None


FOLDER = _folder()
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the tables are not beside the checkout")


def rows(name: str) -> Iterator[dict[str, str]]:
    assert FOLDER is not None
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def test_results_say_what_the_tables_say(kg: KnowledgeGraph) -> None:
    query = """SELECT ?id ?value ?lower ?upper ?level ?n ?N ?p ?followUp {
        ?r dcterms:identifier ?id ; kg:endpoint ?e FILTER(REGEX(?id, "^[BC][0-9]"))
        { ?r kg:value ?value } UNION { ?r kg:alpha ?value } UNION { ?r kg:valueStatus ?status }
        OPTIONAL { ?r kg:lower ?lower }
        OPTIONAL { ?r kg:upper ?upper } OPTIONAL { ?r kg:level ?level }
        OPTIONAL { ?r kg:numerator ?n } OPTIONAL { ?r kg:denominator ?N }
        OPTIONAL { ?r (^kg:comparedResult|^kg:referenceResult)?/kg:pValue ?p }
        OPTIONAL { ?r kg:followUpMonths ?followUp } }"""
    graph: dict[str, list[Any]] = {}
    for entered in kg.select(query):
        graph.setdefault(str(entered["id"]), []).append(entered)
    columns = {"value": "value", "ci_low": "lower", "ci_high": "upper", "ci_level": "level"}
    columns |= {"n": "n", "N": "N", "p_value": "p", "follow_up_months": "followUp"}
    wrong, compared = [], 0
    for row in [*rows("evidence/clinical.tsv"), *rows("evidence/benchmarks.tsv")]:
        for column, name in columns.items():
            wanted = number(row[column])
            # a number of one row of the table may stand on a contrast and on the endpoint that was planned
            got = [Decimal(str(one[name])) for one in graph[row["id"]] if one[name] is not None]
            compared += wanted is not None
            if wanted is not None and wanted not in got:
                wrong.append(f"{row['id']} {column}: {got} instead of {row[column]}")
    assert not wrong and compared > 300


def test_results_rest_on_the_sources_of_the_tables(kg: KnowledgeGraph) -> None:
    sources = _sources(kg, "^[BC][0-9]")
    replaced = _replaced(kg)
    wrong = [
        f"{row['id']}: {source} is missing"
        for row in [*rows("evidence/clinical.tsv"), *rows("evidence/benchmarks.tsv")]
        for source in row["source_ids"].split(";")
        if replaced.get(source, source) not in sources[row["id"]]
    ]
    assert not wrong


def _sources(kg: KnowledgeGraph, pattern: str) -> dict[str, set[str]]:
    """Identifier -> slugs of the sources of what has it."""
    collected: dict[str, set[str]] = {}
    for row in kg.select(
        f"""SELECT ?id ?s {{ ?r dcterms:identifier ?id ; kg:derivedFrom ?s
            FILTER(REGEX(?id, "{pattern}")) }}"""
    ):
        collected.setdefault(str(row["id"]), set()).add(str(row["s"]).rpartition("/")[2])
    return collected


def _replaced(kg: KnowledgeGraph) -> dict[str, str]:
    """Slugs of retired IRIs -> slugs of what replaced them."""
    pairs = kg.select("SELECT ?old ?new { ?old owl:deprecated true ; kg:retiredBy ?new }")
    return {str(row["old"]).rpartition("/")[2]: str(row["new"]).rpartition("/")[2] for row in pairs}


def test_steps_say_what_the_table_says(kg: KnowledgeGraph) -> None:
    query = """SELECT ?id ?subject ?predicate ?object ?sign ?negated {
        ?step a kg:MechanismAssociation ; dcterms:identifier ?id ; kg:subject ?subject ; kg:object ?object ;
            kg:predicate ?predicate ; kg:sign ?sign ; kg:negated ?negated }"""
    graph = {str(row["id"]): row for row in kg.select(query)}
    wrong, compared = [], 0
    for row in rows("ontology/mechanism.tsv"):
        identifier = row["assertion_id"]
        if identifier in CORRECTED:
            continue
        entered = graph[identifier]
        said = [str(entered[name]).rpartition("/")[2] for name in ("subject", "object")]
        wanted = [_slug(row[name]) for name in ("subject_key", "object_key")]
        predicate = re.split("[/#]", str(entered["predicate"]))[-1]
        said += [predicate, str(entered["sign"]).rpartition("#")[2], str(entered["negated"]).lower()]
        relation = row["predicate_ro"] or row["predicate_biolink"]
        wanted += [relation.replace(":", "_", 1), row["sign"], row["negated"]]
        wanted[2] = {"biolink_subclass_of": "subClassOf"}.get(wanted[2], wanted[2].removeprefix("biolink_"))
        compared += 1
        if said != wanted:
            wrong.append(f"{identifier}: {said} instead of {wanted}")
    assert not wrong and compared > 150


def _slug(key: str) -> str:
    return key.removeprefix("ae_").removeprefix("pw_").replace("_", "-").lower()


def test_steps_rest_on_the_papers_of_the_table(kg: KnowledgeGraph) -> None:
    query = """SELECT ?id ?number { ?step a kg:MechanismAssociation ; dcterms:identifier ?id ;
        kg:derivedFrom ?s . ?s kg:doi|kg:pmid|kg:pmcid ?number }"""
    numbers: dict[str, set[str]] = {}
    for row in kg.select(query):
        numbers.setdefault(str(row["id"]), set()).add(str(row["number"]).lower())
    wrong = []
    for row in rows("ontology/mechanism.tsv"):
        identifier = row["assertion_id"]
        if identifier in BETTER_SOURCE or CORRECTED.get(identifier, "").startswith("retired"):
            continue
        for doi in filter(None, row["doi"].split("|")):
            if doi.lower() not in numbers.get(identifier, ()):
                wrong.append(f"{identifier}: {doi} is missing")
    assert not wrong


def facts() -> dict[str, dict[str, str]]:
    return {row["fact_id"]: row for row in rows("evidence/facts-2.tsv")}


@pytest.mark.parametrize("fact", FIRST_PUBLIC)
def test_first_public_dates_are_those_of_the_table(kg: KnowledgeGraph, fact: str) -> None:
    match = re.search(r"\d{4}-\d\d-\d\d", facts()[fact]["value"])
    assert match
    source = f"source:{FIRST_PUBLIC[fact]}"
    dates = kg.select(
        f"SELECT DISTINCT ?d {{ ?r kg:firstPublicSource {source} ; kg:firstPublic ?d }}"
    ).column("d")
    assert [str(date) for date in dates] == [match[0]]


@pytest.mark.parametrize("fact", COUNTS)
def test_counts_are_those_of_the_table(kg: KnowledgeGraph, fact: str) -> None:
    row = facts()[fact]
    query = f"""SELECT ?n ?N ?basis {{ result:{COUNTS[fact]}
        kg:numerator ?n ; kg:denominator ?N ; kg:basis ?basis }}"""
    [entered] = kg.select(query)
    assert (str(entered["n"]), str(entered["N"])) == (row["n"], row["N"])
    assert fact in ("F047", "F048") or str(entered["basis"]).endswith("#secondary")


@pytest.mark.parametrize("fact", TEXTS)
def test_texts_and_identifiers_are_those_of_the_table(kg: KnowledgeGraph, fact: str) -> None:
    subject, predicate, text = TEXTS[fact]
    assert text in facts()[fact]["value"]
    values = kg.select(f"SELECT ?v {{ {subject} {predicate} ?v }}").column("v")
    assert any(text in str(value) for value in values)


def test_sizes_of_dose_groups_are_those_of_the_table(kg: KnowledgeGraph) -> None:
    printed = dict(re.findall(r"([\d.]+ q\dw) n=(\d+)", facts()["F041"]["value"]))
    sizes = {
        dose: str(kg.select(f"SELECT ?n {{ set:{slug} kg:size ?n }}").column("n")[0])
        for dose, slug in DOSES.items()
    }
    assert sizes == printed
    assert sum(map(int, sizes.values())) == int(facts()["F041"]["N"])


def test_the_label_of_a_denied_step_denies_it(kg: KnowledgeGraph) -> None:
    steps = kg.select("SELECT ?step ?l { ?step kg:negated true ; rdfs:label ?l } ORDER BY ?step")
    assert len(steps) == 6
    assert [row["l"] for row in steps if " not " not in row["l"]] == []
