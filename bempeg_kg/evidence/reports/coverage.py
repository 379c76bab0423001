"""What the graph covers and what it lacks: by kind, source, date, and verdict on the numbers."""

from __future__ import annotations

from bempeg_kg.evidence.forensics.examine import examine_graph
from bempeg_kg.evidence.forensics.verdicts import as_table, summary
from bempeg_kg.evidence.reports.page import Block, Page, Section, chosen, where
from bempeg_kg.graph.graph import Graph
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def page(kg: Graph) -> Page:
    """The page for a graph."""
    opening = [
        "What is in the graph, on what it rests, and what is missing. Every table is a question's answer."
    ]
    if kg.cut is not None:
        opening.append(kg.cut.summary() + ".")
    sections = [_contents(kg), _grounds(kg), _gaps(kg), _links(kg), _dates(kg), _numbers(kg)]
    if kg.content.is_large:
        for block in (block for section in sections for block in section.blocks):
            _shorten(block)
    return Page("Coverage", opening, sections)


#: Rows of a table that are shown of a large content, which has one a trial or entity.
_MOST = 100


def _shorten(block: Block) -> None:
    table = block.table
    if table is not None and len(table) > _MOST:
        block.caption += f", the first {_MOST} of {len(table):,} rows"
        block.table = Table(table.columns, table.rows[:_MOST], names=table.names)


def _ask(kg: Graph, caption: str, question: str, columns: Sequence[str], **asked: object) -> Block:
    return Block(caption, f"question {question}", chosen(kg.ask(question, **asked), columns))


def _contents(kg: Graph) -> Section:
    counts = kg.stats()
    own = [name for name in map(str, counts.column("name")) if kg.names.shorten(name).startswith("kg:")]
    counted = Block("Counts", "bempeg-kg stats", where(counts, "name", "None", *own))
    return Section("What is in it", [f"{len(kg.questions)} questions can be asked of it."], [counted])


def _grounds(kg: Graph) -> Section:
    blocks = [
        _ask(kg, "Results by basis", "results-by-basis", ["acronym", "basis", "facts"]),
        _ask(kg, "Only in the audited guide", "seed-only-facts", ["fact", "what", "printed", "source"]),
    ]
    if kg.content.is_large:  # to list those of all trials takes a minute
        told = "`bempeg-kg ask single-source-facts --trial TRIAL` lists results of one source."
    else:
        told = f"{len(kg.ask('single-source-facts'))} results rest on one source alone."
    return Section("On what it rests", [told], blocks)


def _gaps(kg: Graph) -> Section:
    from collections import Counter

    missing = kg.ask("missing-values")
    counted = Counter((str(row["property"]), str(row["absence"])) for row in missing)
    table = Table.of(
        ["property", "absence", "count"],
        [[name, absence, count] for (name, absence), count in sorted(counted.items())],
        names=kg.names,
    )
    return Section(
        "What it lacks",
        ["A missing value has a stated reason."],
        [Block("Absent values", "question missing-values", table)],
    )


def _links(kg: Graph) -> Section:
    shares, resources = kg.ask("linked-share"), kg.ask("links-by-ontology")
    exact, all_ = sum(shares.column("exact")), sum(shares.column("entities"))
    links = sum(resources.column("links"))
    told = [
        f"{exact} of {all_} entities have an exact match outside; {links} links lead to {len(resources)} "
        "ontologies and databases."
    ]
    blocks = [
        Block("Exact matches by kind", "question linked-share", shares),
        Block("Links by ontology", "question links-by-ontology", resources),
    ]
    if kg.content.is_large:  # most things of a registry have none
        told.append("`bempeg-kg ask unlinked-entities` lists those without an exact match.")
    else:
        columns = ["kind", "label", "otherLinks", "note"]
        blocks.append(_ask(kg, "Without an exact match", "unlinked-entities", columns))
    return Section("What it links to", told, blocks)


def _dates(kg: Graph) -> Section:
    block = _ask(kg, "Dated and undated", "undated-results", ["acronym", "dated", "undated", "basis"])
    return Section(
        "What is dated", ["An unknown date stays unknown and drops out of answers as of a day."], [block]
    )


def _numbers(kg: Graph) -> Section:
    if kg.content.is_large:  # to read the results of all trials takes minutes
        told = "`bempeg-kg check` judges the printed numbers of a folder as large as this."
        return Section("Whether its numbers can be true", [told], [])
    verdicts = examine_graph(kg.engine)
    wrong = [verdict for verdict in verdicts if verdict.verdict in ("impossible", "inconsistent")]
    table = chosen(as_table(wrong, kg.names), ["verdict", "rule", "statement", "inputs", "working", "source"])
    return Section(
        "Whether its numbers can be true",
        [f"Of the printed numbers that were judged: {summary(verdicts)}."],
        [Block("Impossible or inconsistent", "bempeg-kg forensics", table)],
    )
