"""The columns of a table of one's own: names, other names, what stands in them; and a template to fill in."""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Column(NamedTuple):
    """A column: its name, other names it goes by, what stands in it, and three example cells."""

    name: str
    aliases: tuple[str, ...]
    meaning: str
    examples: tuple[str, str, str] = ("", "", "")


COLUMNS = (
    Column("id", ("row",), "name of the row; the line number if it is left out"),
    Column("trial", ("study", "paper"), "name of the trial", ("Trial 1", "Trial 1", "Trial 1")),
    Column(
        "arm",
        ("group", "cohort", "cohort_or_arm", "treatment", "intervention"),
        "arm or group",
        ("A", "B", "A"),
    ),
    Column("set", ("population", "analysis set"), "analysis set, if an arm has several"),
    Column(
        "endpoint",
        ("outcome", "measure", "variable", "event"),
        "what was measured",
        ("Response", "Response", "Overall survival"),
    ),
    Column("time", ("time point", "timepoint", "month"), "time point of a rate, in one unit throughout"),
    Column("category", ("class",), "category of patients, such as a best response"),
    Column(
        "value",
        (
            "printed", "estimate", "result", "percentage", "percent", "rate", "%", "n (%)", "n/N",
            "n/N (%)", "events/total", "events/total (%)", "events (%)",
        ),
        "the number as printed: 52.6 %; 20/38 (52.6 %); 0.75 (0.62 to 0.92)",
        ("52.6", "36.8", "0.75 (0.62 to 0.92)"),
    ),
    Column("unit", ("units",), "percent, months, ratio, participants", ("percent", "percent", "ratio")),
    Column("statistic", ("stat", "type"), "see the statistics below", ("proportion", "proportion", "HR")),
    Column(
        "n", ("events", "count", "responders", "numerator", "cases"), "patients counted", ("20", "14", "")
    ),
    Column(
        "N",
        ("total", "patients", "denominator", "sample size", "size", "analysed", "evaluable"),
        "patients in all",
        ("38", "38", ""),
    ),
    Column("lower", ("ci_low", "ci low", "lower limit", "lcl", "lower ci"), "lower limit of the interval"),
    Column("upper", ("ci_high", "ci high", "upper limit", "ucl", "upper ci"), "upper limit of the interval"),
    Column(
        "CI",
        ("confidence interval", "interval", "95 % ci"),
        "both limits in one cell: 0.62 to 0.92; a level in the name of the column counts",
    ),
    Column(
        "level",
        ("ci_level", "ci level", "confidence level"),
        "level of the interval in percent",
        ("", "", "95"),
    ),
    Column("SD", ("sd", "standard deviation", "spread"), "standard deviation of a mean"),
    Column("items", (), "number of whole-numbered items that a mean is the mean of; 1 if left out"),
    Column("data", ("scale",), "whole if a mean is of whole numbers, binary if of 0 and 1"),
    Column("p", ("p_value", "p value", "p-value", "pvalue"), "p-value as printed", ("", "", "0.0055")),
    Column("sides", ("p_sides", "tails"), "1 or 2 sides of the p-value"),
    Column("method", ("test", "model"), "test or model", ("", "", "Cox")),
    Column("hypothesis", ("hypothesis type",), "superiority, non-inferiority, equivalence"),
    Column("margin", (), "margin of a non-inferiority or equivalence test"),
    Column("df", ("df1", "degrees of freedom"), "degrees of freedom of t, F, chi2 or r; the first of F"),
    Column("df2", (), "second degrees of freedom of F"),
    Column("comparator", ("reference", "control", "versus"), "the arm compared with", ("", "", "B")),
    Column("registered", ("registration", "registration date"), "day of registration of the trial"),
    Column("start", ("start date",), "first day of the trial"),
    Column("completion", ("completion date", "end date", "end"), "last day of the trial"),
    Column("note", ("notes", "comment", "comments"), "words of the source that matter"),
    Column("source", ("source_ids", "reference id", "citation"), "where it is printed"),
)  # fmt: skip
#: Statistics by what people call them.
STATISTICS = {
    "hr": "hazard-ratio",
    "hazard ratio": "hazard-ratio",
    "or": "odds-ratio",
    "odds ratio": "odds-ratio",
    "rr": "relative-risk",
    "risk ratio": "relative-risk",
    "relative risk": "relative-risk",
    "rd": "risk-difference",
    "risk difference": "risk-difference",
    "mean difference": "mean-difference",
    "km rate": "kaplan-meier-rate",
    "kaplan-meier rate": "kaplan-meier-rate",
    "survival rate": "kaplan-meier-rate",
    "km median": "kaplan-meier-median",
    "kaplan-meier median": "kaplan-meier-median",
    "median survival": "kaplan-meier-median",
    "percentage": "proportion",
    "percent": "proportion",
    "share": "proportion",
    "orr": "proportion",
}
#: Statistics that compare two arms.
COMPARISONS = ("hazard-ratio", "odds-ratio", "relative-risk", "risk-difference", "mean-difference")
#: Test statistics that are checked against their p-value.
TEST_STATISTICS = ("t", "f", "chi2", "r", "z")
_LEVEL_OF_NAME = re.compile(r"(\d{2}(?:[.,]\d+)?)\s*%?\s*-?\s*(?:ci|conf)", re.IGNORECASE).search
_NAMED = re.compile(r"(hr|or|rr|rd|hazard ratio|odds ratio|risk ratio|relative risk|risk difference)\b").match


class Header(NamedTuple):
    """A header: place of each known column, and what the names of columns say of all rows."""

    places: dict[str, int]
    #: level of the intervals
    level: str = ""
    #: statistic of the values
    statistic: str = ""


def folded(name: str) -> str:
    """A column name without case, underscores, signs and double spaces.

    >>> folded(" CI_low "), folded("P-value")
    ('ci low', 'p value')
    """
    return " ".join(re.sub(r"[_\-.:]+", " ", name.replace("\ufeff", "")).split()).casefold()


def read_header(header: Sequence[str]) -> Header:
    """Where the known columns of a header stand.

    ``n`` and ``N`` differ by their case; all other names do not. A name such as `95 % CI` gives the level,
    one such as `HR (95 % CI)` the statistic too.

    >>> read_header(["95 % CI", "Arm", "Events", "Total"])
    Header(places={'CI': 0, 'arm': 1, 'n': 2, 'N': 3}, level='95', statistic='')
    >>> read_header(["Endpoint", "HR (95% CI)"])
    Header(places={'value': 1, 'endpoint': 0}, level='95', statistic='hazard-ratio')
    """
    places: dict[str, int] = {}
    level = statistic = ""
    names = [name.replace("\ufeff", "").strip() for name in header]
    for place, name in enumerate(names):
        printed, named = _LEVEL_OF_NAME(name), _NAMED(folded(name))
        level = printed[1] if printed else level
        if named:
            places["value"], statistic = place, STATISTICS.get(named[1], named[1])
        elif printed and printed.start() == 0:
            places["CI"] = place
    for column in COLUMNS:
        if column.name in places:
            continue
        if column.name in names:
            places[column.name] = names.index(column.name)
            continue
        wanted = {folded(alias) for alias in column.aliases}
        if column.name not in ("n", "N"):
            wanted.add(folded(column.name))
        other = next((i for i, name in enumerate(names) if folded(name) in wanted), None)
        if other is not None and other not in places.values():
            places[column.name] = other
    return Header(places, level, statistic)


def template() -> str:
    """A table to fill in: the columns, tab-separated, with three rows as examples."""
    rows = [[column.name for column in COLUMNS]]
    rows += [[column.examples[i] for column in COLUMNS] for i in range(3)]
    return "".join("\t".join(row) + "\n" for row in rows)
