"""CSV tables with CSVW metadata: one row a result, contrast, set or trial; for R, pandas, a spreadsheet.

`results.csv` has `event` and `n` as R's meta wants them for proportions (metafor: `xi = event, ni = n`).
`contrasts.csv` has `TE` and `seTE` on the scale that is pooled (metafor: `yi = TE, sei = seTE`): the
logarithm for ratios, the number itself for differences. `seTE` is derived: half the interval's width on
that scale over the normal quantile of its own level, ``(upper - lower) / (2 * z((1 + level / 100) / 2))``.
"""

from __future__ import annotations

import csv
import io
import json
import math

from bempeg_kg.exports.source import Source
from bempeg_kg.rdf.names import STANDARDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_XSD = STANDARDS["xsd"]
#: Measures that are pooled on the scale of the logarithm.
RATIOS = frozenset(("hazard-ratio", "odds-ratio", "relative-risk", "risk-ratio", "rate-ratio"))

#: table -> class, and columns: (name, property path with /, datatype, what it is)
TABLES: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "results": (
        "kg:Result",
        [
            ("trial", "kg:trial/kg:acronym", "string", "trial"),
            ("nct", "kg:trial/kg:nct", "string", "number at ClinicalTrials.gov"),
            ("group", "kg:group/rdfs:label", "string", "whom the result is about"),
            ("group_iri", "kg:group", "anyURI", "the same as an IRI"),
            ("set", "kg:analysisSet/rdfs:label", "string", "the patients counted"),
            ("set_iri", "kg:analysisSet", "anyURI", "the same as an IRI"),
            ("set_kind", "kg:analysisSet/kg:setKind/rdfs:label", "string", "rule by which they are counted"),
            ("endpoint", "kg:endpoint/rdfs:label", "string", "what was measured"),
            ("good_direction", "kg:endpoint/kg:goodDirection/rdfs:label", "string", "whether more is better"),
            (
                "outcome",
                "kg:trialEndpoint/rdfs:label|kg:characteristic",
                "string",
                "the same in the words of a registry",
            ),
            ("time_frame", "kg:trialEndpoint/kg:timeFrame", "string", "when, in the words of a registry"),
            ("period", "kg:period", "string", "period of a registry's participant flow"),
            ("milestone", "kg:milestone", "string", "what a period counts"),
            ("drop_reason", "kg:dropReason", "string", "why patients left the period"),
            ("class_title", "kg:classTitle", "string", "row of a registry's table"),
            ("category_title", "kg:categoryTitle", "string", "row within it"),
            ("adverse_event", "kg:adverseEvent/rdfs:label", "string", "what happened"),
            ("grade", "kg:grade/rdfs:label", "string", "its severity"),
            ("attribution", "kg:attribution/rdfs:label", "string", "as reported"),
            ("serious", "kg:serious", "boolean", "whether only serious events are counted"),
            ("statistic", "kg:statistic/rdfs:label", "string", "the kind of number"),
            ("value", "kg:value", "decimal", "the number"),
            ("printed", "kg:printed", "string", "the number as its source prints it"),
            ("value_status", "kg:valueStatus/rdfs:label", "string", "why there is no number"),
            ("unit", "kg:unit/rdfs:label", "string", "its unit"),
            ("event", "kg:numerator", "integer", "patients (or events) counted"),
            ("event_basis", "kg:numeratorBasis/rdfs:label", "string", "derived where we computed it"),
            ("n", "kg:denominator", "integer", "patients out of whom they were counted"),
            ("n_status", "kg:denominatorStatus/rdfs:label", "string", "why there is no such number"),
            ("lower", "kg:lower", "decimal", "lower limit of the interval"),
            ("lower_status", "kg:lowerStatus/rdfs:label", "string", "why there is no lower limit"),
            ("upper", "kg:upper", "decimal", "upper limit of the interval"),
            ("upper_status", "kg:upperStatus/rdfs:label", "string", "why there is no upper limit"),
            ("level", "kg:level", "decimal", "percent confidence of the interval"),
            ("spread", "kg:dispersion", "decimal", "standard deviation or error, or other spread"),
            ("spread_type", "kg:dispersionType/rdfs:label", "string", "which of them"),
            ("set_size", "kg:analysisSet/kg:size", "integer", "patients in the set"),
            ("time_point_months", "kg:timePointMonths", "decimal", "time to which a rate refers"),
            ("threshold", "kg:threshold", "string", "the cut that defines a count"),
            ("assessor", "kg:assessor/rdfs:label", "string", "who judged"),
            ("criteria", "kg:criteria/rdfs:label", "string", "by which criteria"),
            ("follow_up_months", "kg:followUpMonths", "decimal", "median follow-up"),
            ("maturity", "kg:maturity/rdfs:label", "string", "interim or final"),
            ("data_cut", "kg:dataCut", "string", "last day of the data, in the precision that is known"),
            ("first_public", "kg:firstPublic", "string", "when first public, in the precision that is known"),
            ("conflicts_with", "kg:conflictsWith", "string", "results that say otherwise"),
            ("supersedes", "kg:supersedes", "string", "earlier results that this one replaces"),
        ],
    ),
    "contrasts": (
        "kg:Contrast",
        [
            ("trial", "kg:trial/kg:acronym", "string", "trial"),
            ("nct", "kg:trial/kg:nct", "string", "number at ClinicalTrials.gov"),
            ("compared", "kg:comparedGroup/rdfs:label", "string", "group that the estimate is for"),
            ("reference", "kg:referenceGroup/rdfs:label", "string", "group it is compared with"),
            ("set", "kg:analysisSet/rdfs:label", "string", "the patients counted"),
            ("endpoint", "kg:endpoint/rdfs:label", "string", "what was measured"),
            ("good_direction", "kg:endpoint/kg:goodDirection/rdfs:label", "string", "whether more is better"),
            ("outcome", "kg:trialEndpoint/rdfs:label", "string", "the same in the words of a registry"),
            ("time_frame", "kg:trialEndpoint/kg:timeFrame", "string", "when, in the words of a registry"),
            ("measure", "kg:measure/rdfs:label", "string", "the kind of comparison"),
            ("value", "kg:value", "decimal", "the estimate"),
            ("printed", "kg:printed", "string", "the estimate as its source prints it"),
            ("value_status", "kg:valueStatus/rdfs:label", "string", "why there is no estimate"),
            ("lower", "kg:lower", "decimal", "lower limit of the interval"),
            ("upper", "kg:upper", "decimal", "upper limit of the interval"),
            ("level", "kg:level", "decimal", "percent confidence of the interval"),
            ("p", "kg:pValue", "decimal", "p-value"),
            ("p_printed", "kg:pPrinted", "string", "p-value as printed, with its sign"),
            ("alpha", "kg:alpha", "decimal", "error rate allotted to the comparison"),
            ("assessor", "kg:assessor/rdfs:label", "string", "who judged"),
            ("follow_up_months", "kg:followUpMonths", "decimal", "median follow-up"),
            ("maturity", "kg:maturity/rdfs:label", "string", "interim or final"),
            ("first_public", "kg:firstPublic", "string", "when first public, in the precision that is known"),
            ("conclusion", "kg:outcomeText", "string", "what the source concludes"),
        ],
    ),
    "sets": (
        "kg:AnalysisSet",
        [
            ("trial", "kg:trial/kg:acronym", "string", "trial"),
            ("label", "rdfs:label", "string", "the set"),
            ("group", "kg:group/rdfs:label", "string", "group out of which it is taken"),
            ("group_iri", "kg:group", "anyURI", "the same as an IRI"),
            ("kind", "kg:setKind/rdfs:label", "string", "rule by which patients are counted"),
            ("period", "kg:period", "string", "period of a registry's participant flow"),
            ("definition", "kg:setDefinition", "string", "the rule in words"),
            ("size", "kg:size", "integer", "number of patients"),
            ("size_status", "kg:sizeStatus/rdfs:label", "string", "why there is no such number"),
            ("subset_of", "kg:subsetOf", "string", "sets that hold all its patients"),
            ("disjoint_from", "kg:disjointFromSet", "string", "sets with none of its patients"),
            ("overlaps", "kg:overlapsSet", "string", "sets with some of its patients"),
            ("may_overlap", "kg:mayOverlapSet", "string", "sets of which that is not stated"),
        ],
    ),
    "trials": (
        "kg:Trial",
        [
            ("acronym", "kg:acronym", "string", "short name"),
            ("nct", "kg:nct", "string", "number at ClinicalTrials.gov"),
            ("eudract", "kg:eudract", "string", "European registry number"),
            ("phase", "kg:phase", "string", "phase as registered"),
            ("design", "kg:design", "string", "design in words"),
            ("allocation", "kg:allocation", "string", "how patients came to their arms"),
            ("randomised", "kg:isRandomised", "boolean", "whether a published comparison is randomised"),
            ("masking", "kg:masking", "string", "who did not know the treatment"),
            ("population", "kg:population", "string", "who could take part"),
            ("condition", "kg:condition/rdfs:label", "string", "diseases"),
            ("line", "kg:treatmentLine", "string", "line of therapy"),
            ("sponsor", "kg:sponsor/rdfs:label", "string", "who is responsible"),
            ("status", "kg:status/rdfs:label", "string", "recruitment status"),
            (
                "start",
                "kg:startDate|kg:untypedStartDate",
                "string",
                "when it started, in the precision that is known",
            ),
            (
                "completion",
                "kg:completionDate|kg:untypedCompletionDate",
                "string",
                "last visit, in the precision that is known",
            ),
            ("stop", "kg:stopDate", "string", "when the stop was announced"),
            ("stop_reason", "kg:stopReason", "string", "why it stopped, in words"),
            ("stop_class", "kg:stopReasonClass/rdfs:label", "string", "why it stopped, in classes"),
        ],
    ),
}

#: Columns that stand first and last in every table.
_FIRST = [("iri", "", "anyURI", "the node in the graph"), ("id", "dcterms:identifier", "string", "accession")]
_LAST = [
    ("note", "skos:note", "string", "remarks"),
    ("basis", "kg:basis/rdfs:label", "string", "what kind of source it rests on"),
    ("verification", "kg:verification/rdfs:label", "string", "how far it was checked"),
    ("source", "kg:source/rdfs:label", "string", "the source to cite first"),
    ("source_iri", "kg:source", "anyURI", "the same as an IRI"),
    ("sources", "kg:derivedFrom", "string", "all sources"),
]
#: Columns that are computed, by table.
_COMPUTED = {
    "contrasts": [
        ("TE", "", "double", "estimate on the scale that is pooled; derived"),
        ("seTE", "", "double", "its standard error, from the interval at its own level; derived"),
    ]
}


def write(source: Source, *, licence: str, title: str) -> dict[str, bytes]:
    """A CSV file a table, and `csv-metadata.json` that describes their columns (CSV on the Web)."""
    files = {f"{table}.csv": _csv(columns(table), rows(source, table)) for table in TABLES}
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title,
        **({"dc:license": {"@id": licence}} if licence else {}),
        "dialect": {"header": True, "encoding": "utf-8"},
        "tables": [_described(source, table) for table in TABLES],
    }
    body = json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"
    return {**files, "csv-metadata.json": body.encode()}


def columns(table: str) -> list[tuple[str, str, str, str]]:
    """Columns of a table: name, property path, datatype, what it is."""
    return [*_FIRST, *TABLES[table][1], *_COMPUTED.get(table, []), *_LAST]


def rows(source: Source, table: str) -> list[dict[str, str]]:
    """Rows of a table, one a node of its class, sorted by IRI; several values are joined by `|`."""
    table_rows = []
    for iri in source.of_class(TABLES[table][0]):
        source.take(iri, "rdf:type")
        source.take(iri, "rdfs:label")
        row = {name: "|".join(_walk(source, iri, path)) for name, path, _, _ in columns(table) if path}
        row["iri"] = iri
        if table == "contrasts":
            measure = source.peek(iri, "kg:measure")
            row["TE"], row["seTE"] = pooled(row, measure[0].rpartition("/")[2] if measure else "")
        table_rows.append(row)
    return table_rows


def pooled(row: dict[str, str], measure: str) -> tuple[str, str]:
    """(estimate, standard error) on the scale that is pooled; empty where they cannot be had.

    >>> pooled({"value": "1.09", "lower": "0.88", "upper": "1.35", "level": "97"}, "hazard-ratio")
    ('0.0861777', '0.0985991')
    >>> pooled({"value": "2", "lower": "1", "upper": "3", "level": "100"}, "mean-difference")
    ('2', '')
    """
    from statistics import NormalDist

    logarithm = measure in RATIOS
    numbers = {name: float(row[name]) for name in ("value", "lower", "upper", "level") if row.get(name)}
    if "value" not in numbers or (logarithm and min(numbers.values()) <= 0):
        return "", ""
    scale = math.log if logarithm else float
    estimate = f"{scale(numbers['value']):.6g}"
    if len(numbers) < 4 or not 0 < numbers["level"] < 100:
        return estimate, ""
    quantile = NormalDist().inv_cdf((1 + numbers["level"] / 100) / 2)
    width = scale(numbers["upper"]) - scale(numbers["lower"])
    return estimate, f"{width / (2 * quantile):.6g}"


def _walk(source: Source, iri: str, path: str) -> list[str]:
    """Values at the end of a path of properties, or of several; only the first step counts as carried."""
    if "|" in path:
        return [value for one in path.split("|") for value in _walk(source, iri, one)]
    first, _, rest = path.partition("/")
    values = source.take(iri, first)
    for step in rest.split("/") if rest else []:
        values = [value for one in values for value in source.peek(one, step)]
    return values


def _csv(names: list[tuple[str, str, str, str]], table_rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [name for name, *_ in names])
    writer.writeheader()
    writer.writerows(table_rows)
    return stream.getvalue().encode()


def _described(source: Source, table: str) -> dict[str, Any]:
    listed = []
    for name, path, datatype, meaning in columns(table):
        column: dict[str, Any] = {"name": name, "titles": name, "dc:description": meaning}
        if datatype != "string":
            column["datatype"] = datatype
        if name == "iri":
            column["required"] = True
        if path and not set("/|") & set(path):
            column["propertyUrl"] = source.names.expand(path)
        listed.append(column)
    return {
        "url": f"{table}.csv",
        "dc:description": f"One row a {TABLES[table][0].removeprefix('kg:')}.",
        "tableSchema": {"columns": listed, "primaryKey": "iri", "aboutUrl": "{+iri}"},
    }
