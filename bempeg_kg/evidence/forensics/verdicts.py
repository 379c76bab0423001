"""A verdict: what a rule found about one printed number, with everything needed to check it by hand."""

from __future__ import annotations

from dataclasses import dataclass

from bempeg_kg.evidence.citing import cited
from bempeg_kg.evidence.model import AnalysisSet
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.text_table import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

IMPOSSIBLE = "impossible"
INCONSISTENT = "inconsistent"
CONSISTENT = "consistent"
CANNOT_TELL = "cannot tell"
#: All verdicts, gravest first.
VERDICTS = (IMPOSSIBLE, INCONSISTENT, CANNOT_TELL, CONSISTENT)

#: Rules by name: what each one holds, in a sentence.
RULES = {
    "number-as-printed": "A printed number can be read, and in one way only.",
    "percentage-of-whole-patients": "Some whole number of patients out of N gives the printed percentage, "
    "rounded to the nearest last place, ties either way.",
    "which-size-fits": "A percentage without N is tried on the known sizes of its group.",
    "count-matches-percentage": "n of N gives the printed percentage, and n is at most N.",
    "level-of-interval": "The level of an interval is a two-sided confidence level: from 50 to below 100 "
    "percent.",
    "interval-of-counts": "The printed interval is that of n of N by a known method at the stated level.",
    "counts-from-interval": "n and N are solved from percentage, interval and level; all solutions listed.",
    "estimate-in-interval": "An estimate lies between its limits.",
    "ratio-interval-p": "Estimate and interval give the printed p-value, allowing for rounding and for the "
    "difference of Wald and log-rank.",
    "ratio-in-the-middle": "A hazard ratio lies in the middle of its limits on the log scale.",
    "p-value-in-range": "A p-value is from 0 to 1.",
    "p-of-two-counts": "The p-value is that of the two counts, by an unstratified test.",
    "estimate-from-counts": "A ratio or a difference is that of the two counts, unless it is adjusted.",
    "arm-sizes-from-percentages": "Percentages of both arms and the p-value are solved for the arm sizes.",
    "events-from-interval": "The interval of a hazard ratio implies at least 4/SE^2 events, and no more are "
    "reported than there are patients.",
    "curve-never-rises": "A Kaplan-Meier curve never rises.",
    "median-and-rate": "Before its median a curve is at a half or above, after it at a half or below.",
    "medians-and-ratio": "Medians beside a hazard ratio: their ratio is compared with its interval.",
    "mean-of-whole-numbers": "GRIM: a mean of N whole numbers is a whole number over N.",
    "sd-of-whole-numbers": "GRIMMER: some sum of squares of whole numbers gives the standard deviation.",
    "sd-of-zeros-and-ones": "DEBIT: the standard deviation of zeros and ones follows from their mean.",
    "statistic-and-p": "A test statistic and its degrees of freedom give the printed p-value.",
    "complete-within-all-responses": "There are no more complete responses than responses.",
    "categories-sum": "Categories that exclude each other sum to the whole.",
    "treated-within-randomised": "No more patients are treated than randomised.",
    "arms-and-total": "The arms sum to the total.",
    "dates-in-order": "A trial is registered, starts and ends in this order, and its results are younger.",
    "parts-and-whole": "A part is at most its whole, and parts that make up the whole sum to it.",
    "same-size-other-set": "The same N stands for different patients.",
    "sources-disagree": "Sources give one value for one thing.",
    "claim-against-result": "A document prints the value that the source it leans on prints.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule found. `expected` is what would fit, `missing` what is needed to tell."""

    rule: str
    verdict: str
    subject: str
    about: str
    inputs: str
    working: str
    expected: str = ""
    missing: str = ""
    sources: tuple[str, ...] = ()
    basis: str = ""

    def __post_init__(self) -> None:
        if self.rule not in RULES or self.verdict not in VERDICTS:
            raise ValueError(f"{self.rule}: {self.verdict} is not a verdict of a known rule")


def in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Gravest first, then by rule and subject."""
    rules = list(RULES)
    return sorted(
        verdicts,
        key=lambda verdict: (VERDICTS.index(verdict.verdict), rules.index(verdict.rule), verdict.subject),
    )


_COLUMNS = "verdict rule statement what inputs working expected missing source all_sources basis".split()


def as_table(
    verdicts: Iterable[Verdict], names: Names, skipped: Iterable[tuple[str, str, str]] = ()
) -> Table:
    """Columns: verdict, rule, statement, what, inputs, working, expected, missing, sources, basis.

    `skipped`: (place, about, reason) of what was not judged; each is a row whose verdict is "not judged".
    """
    from pyoxigraph import NamedNode

    rows: list[list[object]] = [
        [
            verdict.verdict,
            verdict.rule,
            NamedNode(verdict.subject) if names.is_iri(verdict.subject) else verdict.subject,
            verdict.about,
            verdict.inputs,
            verdict.working,
            verdict.expected or None,
            verdict.missing or None,
            *cited(verdict.sources, names),
            verdict.basis or None,
        ]
        for verdict in verdicts
    ]
    rows += [
        ["not judged", None, place, about, None, reason, *[None] * 5] for place, about, reason in skipped
    ]
    return Table.of(_COLUMNS, rows, names=names)


def as_text(verdicts: Iterable[Verdict], names: Names, width: int | None = None) -> str:
    """Blocks for a terminal: verdict, rule, inputs, working, source; lines wrapped to `width` characters."""
    blocks = []
    for verdict in verdicts:
        head = f"{verdict.verdict.upper()}  {verdict.about}"
        lines = wrap(head, width) if width else [head]
        parts = (
            ("subject", names.shorten(verdict.subject)),
            ("rule", f"{verdict.rule}: {RULES[verdict.rule]}"),
            ("inputs", verdict.inputs),
            ("working", verdict.working),
            ("fits", verdict.expected),
            ("missing", verdict.missing),
            ("source", ", ".join(names.shorten(source) for source in verdict.sources)),
            ("basis", verdict.basis),
        )
        for name, text in parts:
            if text:
                lines += _indented(name, text, width)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _indented(name: str, text: str, width: int | None) -> list[str]:
    lines = wrap(text, max(width - 12, 20)) if width else [text]
    return [f"  {name if i == 0 else '':<9} {line}" for i, line in enumerate(lines)]


def summary(verdicts: Iterable[Verdict]) -> str:
    """How many verdicts of each kind, in one line.

    >>> summary([])
    'no printed number was judged'
    """
    counts = dict.fromkeys(VERDICTS, 0)
    for verdict in verdicts:
        counts[verdict.verdict] += 1
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    return ", ".join(parts) or "no printed number was judged"


def verdict_on_set(rule: str, verdict: str, analysis_set: AnalysisSet, inputs: str, working: str) -> Verdict:
    """A verdict on the size of an analysis set."""
    return Verdict(
        rule,
        verdict,
        analysis_set.iri,
        analysis_set.label,
        inputs,
        working,
        sources=analysis_set.sources,
        basis=analysis_set.basis,
    )
