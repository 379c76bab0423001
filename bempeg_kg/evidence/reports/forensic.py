"""The report of the forensics: counts first, then what is wrong, with each working, then what is left."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.judgement import Judgement
from bempeg_kg.evidence.forensics.verdicts import (
    CANNOT_TELL,
    CONSISTENT,
    IMPOSSIBLE,
    INCONSISTENT,
    RULES,
    VERDICTS,
    Verdict,
    as_text,
)
from bempeg_kg.evidence.reports.page import Block, Page, Section
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.text_table import wrap

_TITLES = {
    IMPOSSIBLE: "Impossible",
    INCONSISTENT: "Inconsistent",
    CANNOT_TELL: "Cannot tell",
    CONSISTENT: "Consistent",
}
_MEANING = {
    IMPOSSIBLE: "No data give these numbers as they are printed.",
    INCONSISTENT: "Two printed numbers do not fit each other, or only by an odd rounding.",
    CANNOT_TELL: "The numbers need not be wrong; what is missing to tell stands beside each.",
    CONSISTENT: "The numbers fit each other. That does not make them true.",
}
_LISTED = 50


def forensic_text(judgement: Judgement, names: Names, width: int | None = None) -> str:
    """For a terminal: counts, counts by rule, the verdicts that are kept, what was not judged."""
    parts = [judgement.summary() + "\n"]
    if judgement.counts:
        parts.append(_counts(judgement, names).to_text(width))
    shown = as_text(judgement.verdicts, names, width)
    parts.append(shown or _nothing(judgement) + "\n")
    if judgement.skipped:
        lines = [str(skipped_row) for skipped_row in judgement.skipped[:_LISTED]]
        more = len(judgement.skipped) - _LISTED
        lines += [f"and {more} more: --format tsv lists them all"] if more > 0 else []
        head = f"NOT JUDGED  {len(judgement.skipped)}"
        parts.append("\n".join([head, *(_wrapped(line, width) for line in lines)]) + "\n")
    left = sum(judgement.counts.values()) - len(judgement.verdicts)
    if left:
        parts.append(f"{left} more verdicts: --full\n")
    return "\n".join(parts)


def _nothing(judgement: Judgement) -> str:
    if not judgement.counts:
        return "Nothing could be judged."
    return "No number is " + " or ".join(verdict for verdict in VERDICTS if verdict in judgement.keep) + "."


def _wrapped(line: str, width: int | None) -> str:
    return "\n".join(f"  {part}" for part in (wrap(line, width - 2) if width else [line]))


def _counts(judgement: Judgement, names: Names) -> Table:
    rows = [[rule, *counts] for rule, counts in judgement.by_rule()]
    return Table.of(["rule", *VERDICTS], rows, names=names)


def forensic_page(judgement: Judgement, names: Names) -> Page:
    """The same as a page, each verdict with its working, each rule with what it holds."""
    opening = [f"{judgement.summary()}.", "Each verdict shows the numbers as printed and the working."]
    sections = [Section("Counts", [], [Block("Verdicts by rule", "forensics", _counts(judgement, names))])]
    for verdict in VERDICTS:
        chosen = [one for one in judgement.verdicts if one.verdict == verdict]
        if chosen:
            block = Block(f"{len(chosen)} verdicts", "forensics", _workings(chosen, names))
            sections.append(Section(_TITLES[verdict], [_MEANING[verdict]], [block]))
    if judgement.skipped:
        table = Table.of(["place", "about", "reason"], judgement.skipped, names=names)
        sections.append(Section("Not judged", [], [Block("Rows", "forensics", table)]))
    rules = [[rule, RULES[rule]] for rule, _ in judgement.by_rule()]
    block = Block("Rules", "docs/forensics.md", Table.of(["rule", "what it holds"], rules, names=names))
    sections.append(Section("Rules", [], [block]))
    return Page("Can the printed numbers be true?", opening, sections)


def _workings(verdicts: list[Verdict], names: Names) -> Table:
    columns = ["about", "rule", "as printed", "working", "fits", "missing", "source"]
    rows = [
        [
            verdict.about or names.shorten(verdict.subject),
            verdict.rule,
            verdict.inputs,
            verdict.working,
            verdict.expected or None,
            verdict.missing or None,
            ", ".join(names.shorten(source) for source in verdict.sources) or None,
        ]
        for verdict in verdicts
    ]
    filled = [i for i in range(len(columns)) if any(row[i] is not None for row in rows)]
    return Table.of([columns[i] for i in filled], [[row[i] for i in filled] for row in rows], names=names)
